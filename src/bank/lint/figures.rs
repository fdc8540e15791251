//! Figures that hold for one year only, asked without saying which.

use crate::bank::{
    lint::Remark,
    question::{Body, Question},
};

/// What means another year every January.
const DRIFTING: [&str; 3] = ["今年", "去年", "明年"];
/// What a year's word must go with: 今年满18周岁 tells a story, 今年的标准 asks for a figure.
const DATED: [&str; 4] = ["标准", "一号文件", "目标", "指标"];
/// What is set anew nearly every year, in 元.
const YEARLY: [&str; 10] = [
    "个人缴费标准",
    "财政补助标准",
    "筹资标准",
    "缴费标准",
    "监测范围",
    "监测线",
    "低保标准",
    "保障标准",
    "基础养老金",
    "最低收购价",
];

pub(super) fn yearless(question: &Question) -> Option<Remark> {
    let stem = &question.stem_text;
    if has_year(stem)
        || question
            .material
            .as_ref()
            .is_some_and(|material| has_year(material.html.as_str()))
    {
        return None;
    }
    let dated = || DATED.iter().any(|word| stem.contains(*word)) || asks_for_money(question);
    let drifting = DRIFTING
        .iter()
        .find(|word| stem.contains(**word))
        .filter(|_| dated());
    let words = match drifting {
        Some(word) => *word,
        None => YEARLY
            .iter()
            .find(|word| stem.contains(**word))
            .filter(|_| asks_for_money(question))?,
    };
    Some(Remark::on(
        question,
        "year-missing",
        words,
        format!("“{words}”每年会变，题干没有说是哪一年的"),
        "在题干里写明年份，例如“2025年”；过了这一年还要用，就改数字和年份",
    ))
}

/// `2025年`, in either width of digits.
fn has_year(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' | '０'..='９' => digits += 1,
            '年' if digits == 4 => return true,
            _ => digits = 0,
        }
    }
    text.contains("“十四五”") || text.contains("“十五五”")
}

/// Whether a sum in 元 stands in the stem or is the key.
fn asks_for_money(question: &Question) -> bool {
    let money = |text: &str| {
        text.split('元').rev().skip(1).any(|before| {
            before
                .trim_end_matches([' ', '万', '百', '千', '亿'])
                .ends_with(|c: char| c.is_ascii_digit() || c == '_')
        })
    };
    let keyed = match &question.body {
        Body::Choices(choices) => choices
            .key
            .iter()
            .any(|index| money(&choices.choices[*index].text)),
        _ => false,
    };
    keyed || money(&question.stem_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_four_digits_and_its_word() {
        for text in ["2025年", "到２０２５年底"] {
            assert!(has_year(text), "{text}");
        }
        for text in ["30年", "2025", "12025年", "每年"] {
            assert!(!has_year(text), "{text}");
        }
    }
}
