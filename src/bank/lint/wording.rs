//! Stems and choices whose words mislead: double negatives, 以上都对 among shuffled choices.

use crate::bank::{
    lint::Remark,
    question::{Body, Question},
};

/// Two negations in a row.
const DOUBLED: [&str; 12] = [
    "不得不",
    "不能不",
    "不可不",
    "不会不",
    "不应不",
    "不是不",
    "不是没有",
    "并非不",
    "并非没有",
    "没有不",
    "未必不",
    "不可能不",
];
/// An asking negation…
const ASKING: [&str; 6] = ["不属于", "不包括", "不符合", "不是", "不正确的", "并不"];
/// …followed by a forbidding one.
const FORBIDDING: [&str; 10] = [
    "不得", "不能", "不应", "不予", "不可", "不许", "不准", "禁止", "严禁", "没有",
];

pub(super) fn double_negative(question: &Question) -> Option<Remark> {
    let stem = &question.stem_text;
    if !stem.contains(['不', '非', '未', '没']) {
        return None;
    }
    let words = DOUBLED
        .iter()
        .find(|words| stem.contains(**words))
        .map(|words| (*words).to_owned())
        .or_else(|| doubled_asking(stem))?;
    Some(Remark::on(
        question,
        "double-negative",
        &words,
        format!("题干里有双重否定“{words}”，容易看错"),
        "改成正面的问法，例如“哪一项是允许的？”“应当……”",
    ))
}

fn doubled_asking(stem: &str) -> Option<String> {
    ASKING.iter().find_map(|asking| {
        let (_, rest) = stem.split_once(asking)?;
        let forbidding = FORBIDDING.iter().find(|words| rest.starts_with(**words))?;
        Some(format!("{asking}{forbidding}"))
    })
}

pub(super) fn all_of_the_above(question: &Question) -> Option<Remark> {
    let Body::Choices(choices) = &question.body else {
        return None;
    };
    if choices.fixed_order {
        return None;
    }
    let choice = choices
        .choices
        .iter()
        .find(|choice| leans_on_order(&choice.text))?;
    let mut remark = Remark::on(
        question,
        "needs-fixed-order",
        "",
        format!("有选项“{}”，选项打乱以后就说不通了", choice.text),
        "",
    );
    remark.help = format!(
        "在题干后的花括号里加 .固定顺序，例如 {{#{} .固定顺序 难度={}}}，并把这一项放在最后",
        question.id.0, question.difficulty
    );
    Some(remark)
}

/// `以上都对`, `上述均不正确`, `A和B`: sentences about other choices by their place.
fn leans_on_order(text: &str) -> bool {
    let text = text.trim();
    let short = text.chars().count() <= 12;
    let above = ["以上", "上述", "前三项", "前两项"]
        .iter()
        .any(|word| text.starts_with(word));
    let about = ["都", "均", "皆", "全", "不对", "不是", "没有"]
        .iter()
        .any(|word| text.contains(word));
    let mut chars = text.chars();
    let letter = chars.next().is_some_and(|c| ('A'..='F').contains(&c));
    let rest = chars.as_str();
    let joined = ["和", "与", "、", "或"].iter().any(|join| {
        rest.strip_prefix(join)
            .is_some_and(|rest| rest.starts_with(|c| ('A'..='F').contains(&c)))
    });
    short && (above && about || letter && joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_choices_about_other_choices_lean_on_order() {
        for text in [
            "以上都对",
            "以上说法都不正确",
            "上述均是",
            "A和B都对",
            "A、C",
        ] {
            assert!(leans_on_order(text), "{text}");
        }
        for text in [
            "三分之二以上都同意",
            "以上一年度收入为准",
            "全部",
            "A级",
            "以上门慰问为主的多种走访帮扶办法都可以",
        ] {
            assert!(!leans_on_order(text), "{text}");
        }
    }
}
