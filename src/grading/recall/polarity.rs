//! Whether a word stands denied: 不得收费 is not 收费. Asked of the key and of what was said, and the answers must agree.

use crate::grading::{
    numbers::Token,
    recall::{lexicon::Denial, spoken::Word},
};

/// After these a denial before them no longer holds: 不是甲，而是乙; 不得收费但可以….
const RESETS: [&str; 10] = [
    "而是", "而要", "必须", "应当", "应该", "可以", "但", "还要", "都要", "就要",
];
/// Said of what is forbidden, these turn the answer round: 可以建房.
const PERMITS: [&str; 8] = ["可以", "允许", "准许", "容许", "能够", "鼓励", "应当", "应该"];
/// Denials that come after: 收费是错误.
const WRONG: [&str; 2] = ["错", "错误"];
const FAR_REACH: usize = 8;
const NEAR_REACH: usize = 3;
/// Of 收费也不可以用 the 用: what may follow a denial that comes after.
const AFTER_REACH: usize = 3;

/// Where to look for denials of the words `start..end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words before `from` and from `to` on belong to something else.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Whether they stand denied within their clause. `claimed` are the words that something else may claim.
pub(super) fn denied(words: &[Word], around: Around, claimed: &[(usize, usize)]) -> bool {
    let before = clause_start(words, around);
    let denials = (before..around.start)
        .filter(|&at| {
            let Some(denial) = words[at].denial else {
                return false;
            };
            let between = &words[at + 1..around.start];
            let listed = words[at + 1..=around.start].iter().any(|word| word.listed);
            let reached = match denial {
                Denial::Ban | Denial::Lack => between.len() <= FAR_REACH,
                Denial::Not | Denial::Without => between.len() <= NEAR_REACH && !listed,
            };
            reached && !resets(between)
        })
        .count();
    (denials + usize::from(denied_after(words, around, claimed))) % 2 == 1
}

/// Whether what stands just before allows or demands them.
pub(super) fn permitted(words: &[Word], around: Around) -> bool {
    let before = clause_start(words, around);
    (before..around.start).any(|at| {
        around.start - at <= FAR_REACH && PERMITS.iter().any(|word| says(&words[at..around.start], word))
    })
}

fn clause_start(words: &[Word], around: Around) -> usize {
    (around.from..=around.start)
        .rev()
        .find(|&at| words[at].opens)
        .unwrap_or(around.from)
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

/// A denial right behind, with which the clause ends or nearly does: 是不对的, 也不可以用, 被禁止.
fn denied_after(words: &[Word], around: Around, claimed: &[(usize, usize)]) -> bool {
    let clause_end = (around.end..around.to).find(|&at| words[at].opens);
    let clause_end = clause_end.unwrap_or(around.to);
    let mut at = around.end;
    while at < clause_end && matches!(words[at].token, Token::Char(c) if "是都也就被则还才一律会绝对可".contains(c)) {
        at += 1;
    }
    let rest = &words[at..clause_end];
    let Some(first) = rest.first() else {
        return false;
    };
    if WRONG.iter().any(|word| word.chars().count() == rest.len() && says(rest, word)) {
        return true;
    }
    let Some(denial) = first.denial else {
        return false;
    };
    // What is denied there is something else's: 收费不得摊派.
    if claimed.iter().any(|&(start, _)| (at..=at + NEAR_REACH).contains(&start)) {
        return false;
    }
    // 失联没有消息 says more of 失联; 收费没有 denies it.
    let most = match denial {
        Denial::Ban | Denial::Not => 1 + AFTER_REACH,
        Denial::Lack | Denial::Without => 1,
    };
    !first.listed && rest.len() <= most
}

fn says(words: &[Word], text: &str) -> bool {
    let mut length = 0;
    text.chars().all(|c| {
        length += 1;
        words.get(length - 1).is_some_and(|word| word.is(c))
    })
}
