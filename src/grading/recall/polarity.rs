//! Whether a word stands denied: 不得收费 is not 收费. Asked of the key and of what was said, and the answers must agree.

use crate::grading::{numbers::Token, recall::spoken::Word};

/// Denials whose reach is long: 不得以任何名义向村民收费.
const FAR: [&str; 20] = [
    "不允许",
    "不可以",
    "不应该",
    "不需要",
    "不得",
    "不准",
    "不许",
    "不能",
    "不可",
    "不要",
    "不应",
    "不宜",
    "严禁",
    "禁止",
    "没有",
    "不用",
    "不必",
    "无需",
    "无须",
    "切勿",
];
const NEAR: [&str; 8] = ["不", "没", "未", "无", "非", "别", "勿", "莫"];
/// Words that deny nothing although a sign of denial is in them.
const INNOCENT: [&str; 32] = [
    "不断",
    "不仅",
    "不但",
    "不光",
    "不管",
    "不论",
    "不只",
    "不单",
    "不动产",
    "无论",
    "无人机",
    "无障碍",
    "无偿",
    "非常",
    "非遗",
    "非物质",
    "除非",
    "未来",
    "未成年",
    "特别",
    "分别",
    "区别",
    "级别",
    "个别",
    "识别",
    "类别",
    "性别",
    "差别",
    "辨别",
    "鉴别",
    "别人",
    "差不多",
];
/// After these a denial before them no longer holds: 不是甲，而是乙; 不得收费但可以….
const RESETS: [&str; 10] = [
    "而是", "而要", "必须", "应当", "应该", "可以", "但", "还要", "都要", "就要",
];
/// Denials that come after: 收费是不对的.
const AFTER: [&str; 12] = [
    "不对",
    "不行",
    "不允许",
    "不可以",
    "不应该",
    "不需要",
    "不是",
    "禁止",
    "严禁",
    "没有",
    "错",
    "错误",
];
const FAR_REACH: usize = 8;
const NEAR_REACH: usize = 3;

/// Whether the words `start..end` stand denied. Only words from `from` up to `to` are looked at, and only their clause.
pub(super) fn denied(words: &[Word], start: usize, end: usize, from: usize, to: usize) -> bool {
    let clause_start = (from..=start)
        .rev()
        .find(|&at| words[at].opens)
        .unwrap_or(from);
    let before = clause_start.max(from);
    let mut denials = 0;
    let mut at = before;
    while at < start {
        let Some((length, reach)) = denial(words, before, at, start) else {
            at += 1;
            continue;
        };
        let next = at + length;
        if start - next <= reach && !resets(&words[next..start]) {
            denials += 1;
        }
        at = next;
    }
    (denials + usize::from(denied_after(words, end, to))) % 2 == 1
}

/// Length and reach of the denial that begins at `at`, if one does and it ends before `start`.
fn denial(words: &[Word], from: usize, at: usize, start: usize) -> Option<(usize, usize)> {
    let innocent = INNOCENT.iter().any(|word| {
        let length = word.chars().count();
        (at.saturating_sub(length - 1).max(from)..=at)
            .any(|begin| begin + length <= start && says(&words[begin..start], word))
    });
    if innocent {
        return None;
    }
    let here = &words[at..start];
    let longest = |signs: &[&str]| {
        let fitting = signs.iter().filter(|sign| says(here, sign));
        fitting.map(|sign| sign.chars().count()).max()
    };
    longest(&FAR)
        .map(|length| (length, FAR_REACH))
        .or_else(|| longest(&NEAR).map(|length| (length, NEAR_REACH)))
}

fn resets(between: &[Word]) -> bool {
    (0..between.len())
        .any(|at| RESETS.iter().any(|word| says(&between[at..], word)) || demands(between, at))
}

/// 要 by itself, as in 不得收费要公开; not in 主要, 需要.
fn demands(between: &[Word], at: usize) -> bool {
    let joined = at.checked_sub(1).map(|before| &between[before].token);
    let joined =
        joined.is_some_and(|token| matches!(token, Token::Char(c) if "主重需必首只".contains(*c)));
    !joined && says(&between[at..], "要") && !says(&between[at..], "要求")
}

/// A denial right behind, with which the clause ends: 是不对的, 不行, 被禁止.
fn denied_after(words: &[Word], end: usize, to: usize) -> bool {
    let clause_end = (end..to).find(|&at| words[at].opens).unwrap_or(to);
    let mut rest = &words[end..clause_end];
    while rest
        .first()
        .is_some_and(|word| matches!(word.token, Token::Char('是' | '都' | '也' | '就' | '被')))
    {
        rest = &rest[1..];
    }
    AFTER
        .iter()
        .any(|word| word.chars().count() == rest.len() && says(rest, word))
}

fn says(words: &[Word], text: &str) -> bool {
    let mut length = 0;
    text.chars().all(|c| {
        length += 1;
        words
            .get(length - 1)
            .is_some_and(|word| word.token == Token::Char(c))
    })
}
