//! Keys that can be guessed without knowing: nearly always the longest choice, nearly always one letter.

use crate::bank::{
    lint::Remark,
    question::{Body, Choices, Question},
};

/// Fewer questions say nothing about a habit.
const ENOUGH: usize = 10;

fn single_choices<'q>(questions: &[&'q Question]) -> Vec<&'q Choices> {
    questions
        .iter()
        .filter_map(|question| match &question.body {
            Body::Choices(choices) if !choices.multiple => Some(choices),
            _ => None,
        })
        .collect()
}

/// By chance a key is the longest in a quarter of the questions; in four of five it tells.
pub(super) fn longest(file: &str, questions: &[&Question]) -> Option<Remark> {
    let single = single_choices(questions);
    let longest = single
        .iter()
        .filter(|choices| key_is_longest(choices))
        .count();
    if single.len() < ENOUGH || longest * 5 < single.len() * 4 {
        return None;
    }
    Some(Remark::on_file(
        file,
        "longest-is-key",
        format!(
            "{} 道单选题里有 {longest} 道的正确答案是最长的选项，不懂的人也能猜对",
            single.len()
        ),
        "把一些干扰项写得和正确答案一样长，或者把正确答案写短".into(),
    ))
}

fn key_is_longest(choices: &Choices) -> bool {
    let length = |index: usize| choices.choices[index].text.chars().count();
    let key = choices.key[0];
    (0..choices.choices.len()).all(|index| index == key || length(index) < length(key))
}

/// Papers shuffle choices, but banks are also printed and read aloud.
pub(super) fn letters(file: &str, questions: &[&Question]) -> Option<Remark> {
    let single: Vec<&Choices> = single_choices(questions)
        .into_iter()
        .filter(|choices| choices.choices.len() >= 3)
        .collect();
    let mut counts = [0usize; 26];
    for choices in &single {
        counts[choices.key[0].min(25)] += 1;
    }
    let (place, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    if single.len() < ENOUGH || most * 5 < single.len() * 3 {
        return None;
    }
    let letter = char::from(b'A' + place as u8);
    Some(Remark::on_file(
        file,
        "keys-lean",
        format!(
            "{} 道单选题里有 {most} 道的正确答案都在 {letter} 的位置",
            single.len()
        ),
        "把一些题的选项换换位置，让各个位置都有正确答案".into(),
    ))
}

pub(super) fn truths(file: &str, questions: &[&Question]) -> Option<Remark> {
    let judged: Vec<bool> = questions
        .iter()
        .filter_map(|question| match question.body {
            Body::Judgement { truth } => Some(truth),
            _ => None,
        })
        .collect();
    let right = judged.iter().filter(|truth| **truth).count();
    let most = right.max(judged.len() - right);
    if judged.len() < ENOUGH || most * 20 < judged.len() * 17 {
        return None;
    }
    let word = if right == most { "正确" } else { "错误" };
    Some(Remark::on_file(
        file,
        "keys-lean",
        format!("{} 道判断题里有 {most} 道的答案都是“{word}”", judged.len()),
        "改写几道，让“正确”和“错误”差不多一样多".into(),
    ))
}
