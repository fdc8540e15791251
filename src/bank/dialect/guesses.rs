//! What a question without an answer part was probably meant to be: elements, a judgement, a blank in brackets.

use std::ops::Range;

use crate::bank::dialect::{Reader, options, sheet::Note};

/// `1、责任落实` below each other: elements of a recall question.
pub(in crate::bank) fn elements(lines: &[(Range<usize>, &str)]) -> Option<Note> {
    let numbered: Vec<(&Range<usize>, &str)> = lines
        .iter()
        .filter_map(|(at, line)| {
            let line = line.trim_start_matches(['(', '（']);
            let rest = line
                .trim_start_matches(|c: char| c.is_numeric() || "一二三四五六七八九十".contains(c));
            let words = rest.strip_prefix(['、', '.', '．', ')', '）', '，'])?;
            (rest.len() < line.len() || line.starts_with(|c| ('①'..='⑳').contains(&c)))
                .then_some((at, words.trim()))
        })
        .collect();
    if numbered.len() < 2 {
        return None;
    }
    let rewritten: Vec<String> = numbered
        .iter()
        .zip(1..)
        .map(|((_, words), number)| format!("{number}. {words}"))
        .collect();
    Some(Note::error(
        "mistyped-element",
        numbered[0].0.clone(),
        "要点的编号写得不对",
        format!(
            "编号写成半角数字、点、空格，写成：\n{}",
            rewritten.join("\n")
        ),
    ))
}

/// `……（√）`, or `答案：错` below a statement.
pub(in crate::bank) fn judgement(
    reader: &Reader<'_>,
    heading: &Range<usize>,
    answer: Option<&str>,
) -> Option<Note> {
    let text = reader.sheet.slice(heading);
    let stem = text
        .find(['{', '｛'])
        .map_or(text, |open| &text[..open])
        .trim_end();
    let judged = stem
        .strip_suffix(['）', ')'])
        .and_then(|stem| stem.rsplit_once(['（', '(']))
        .and_then(|(_, word)| truth_of(word));
    let truth = judged.or_else(|| answer.and_then(truth_of))?;
    let (right, wrong) = if truth { ('x', ' ') } else { (' ', 'x') };
    Some(Note::error(
        "typed-judgement",
        heading.clone(),
        "判断题的对错要写成选项",
        format!("去掉写在题里的答案，在题干下面空一行，写：\n- [{right}] 正确\n- [{wrong}] 错误"),
    ))
}

fn truth_of(word: &str) -> Option<bool> {
    match word.trim() {
        "√" | "✓" | "✔" | "对" | "正确" | "是" | "T" => Some(true),
        "×" | "✗" | "错" | "错误" | "不对" | "否" | "F" => Some(false),
        _ => None,
    }
}

/// A stem with empty brackets gets its answer put into them.
pub(in crate::bank) fn bracket_help(heading: &str, answer: &str) -> String {
    let empty = heading.char_indices().find_map(|(open, c)| {
        let rest = heading[open + c.len_utf8()..].trim_start_matches([' ', '　', '\t']);
        let close = rest
            .chars()
            .next()
            .filter(|close| matches!(close, '）' | ')'))?;
        matches!(c, '（' | '(').then(|| (open, heading.len() - rest.len() + close.len_utf8()))
    });
    match empty {
        Some((open, close)) => format!(
            "填空题把答案写在两个反引号中间，删去答案那一行，写成：\n{} `{answer}` {}",
            heading[..open].trim_end(),
            heading[close..].trim()
        ),
        None => options::no_answer_help(answer),
    }
}
