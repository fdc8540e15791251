//! Whether a word stands denied: 不得收费 is not 收费. Asked of the key and of what was said, and the answers must agree.

use crate::grading::recall::{
    lexicon::{Denial, joins},
    spoken::Word,
};

/// After these a denial before them no longer holds: 不是甲，而是乙; 不得收费但可以….
const RESETS: [&str; 12] = [
    "而是", "而要", "必须", "应当", "应该", "可以", "但", "还要", "都要", "就要", "才", "则",
];
/// Said of what is forbidden, these turn the answer round: 可以建房.
const PERMITS: [&str; 9] = [
    "可以", "允许", "准许", "容许", "能够", "鼓励", "照样", "照常", "随便",
];
/// Said after a word, these take it back: 收费是错误, 大病保险可有可无.
const TAKES_BACK: [&str; 6] = ["错", "错误", "可有可无", "无所谓", "看情况", "随便"];
/// 没有责任 denies what has none.
const SHARES: [&str; 6] = ["责任", "资格", "义务", "权利", "关系", "份"];
/// Denials of belonging: what follows is what the words are not.
const IS_NONE: [&str; 4] = ["不属于", "不算", "不作为", "不归"];
/// A clause of its own that speaks of the one before: 恐吓没有动手，不算家暴.
const BACK: [&str; 6] = ["不算", "不属于", "不行", "不可以", "不对", "不包括在内"];
const FAR_REACH: usize = 8;
const NEAR_REACH: usize = 3;
/// Of 收费没有效力 the 效力: what may follow a lack that comes after.
const AFTER_REACH: usize = 3;

/// Where to look for denials of the words `start..end`.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) words: &'a [Word],
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words before it belong to something else.
    pub(super) from: usize,
    /// What something else may claim.
    pub(super) claimed: &'a [(usize, usize)],
    /// Where it, or another way of saying the same, was heard.
    pub(super) own: &'a [(usize, usize)],
    /// Words that may come between it and a denial behind it: they go on with the saying or repeat the stem.
    pub(super) goes_on: &'a dyn Fn(&Word) -> bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    No,
    /// Perhaps only a condition: 没有遗嘱就….
    Mildly,
    Firmly,
}

impl Around<'_> {
    /// Whether the words stand denied.
    pub(super) fn denied(&self) -> Denied {
        let before = self.clause_start(self.from);
        let nearest = (before..self.start).rev().find_map(|at| {
            let denial = self.words[at].denial?;
            let between = &self.words[at + 1..self.start];
            let listed = self.words[at + 1..=self.start]
                .iter()
                .any(|word| word.listed);
            let reached = match denial {
                Denial::Ban | Denial::Lack => between.len() <= FAR_REACH,
                Denial::Not | Denial::Without => between.len() <= NEAR_REACH && !listed,
            };
            (reached && !resets(between, denial)).then_some((at, denial))
        });
        // 不得不收费: of two denials side by side nothing is left.
        let denied = nearest.filter(|&(at, _)| at == before || self.words[at - 1].denial.is_none());
        match (denied, self.denied_after()) {
            (None, false) | (Some(_), true) => Denied::No,
            (Some((_, denial)), false) if denial != Denial::Ban => Denied::Mildly,
            _ => Denied::Firmly,
        }
    }

    /// Whether their clause, which denies nothing, allows or demands: `verbs` are what the stem denies.
    pub(super) fn permitted(&self, verbs: &[Vec<Word>], own: &[(usize, usize)]) -> bool {
        let (start, end) = (self.clause_start(0), self.clause_end());
        // 不免 where the stem asks who is exempt.
        let says_verb = |at: usize| {
            let rest = &self.words[at..end];
            verbs.iter().any(|verb| {
                rest.len() >= verb.len() && verb.iter().zip(rest).all(|(a, b)| a.token == b.token)
            })
        };
        let turned = |at: usize| self.words[at].denial.is_some() && says_verb(at);
        if (start..end).any(turned) {
            return true;
        }
        let free = |at: usize| !own.iter().any(|range| range.0 <= at && at < range.1);
        if (start..end).any(|at| self.words[at].denial.is_some() && free(at)) {
            return false;
        }
        (start..end)
            .any(|at| PERMITS.iter().any(|word| says(&self.words[at..end], word)) || says_verb(at))
    }

    fn clause_start(&self, from: usize) -> usize {
        let mut before = (from..=self.start).rev();
        before.find(|&at| self.words[at].opens).unwrap_or(from)
    }

    fn clause_end(&self) -> usize {
        let mut after = self.end..self.words.len();
        let end = after.find(|&at| self.words[at].opens);
        end.unwrap_or(self.words.len())
    }

    /// A denial behind them: 是不对的, 也不可以用, 被禁止; of a list the last one's holds for all.
    fn denied_after(&self) -> bool {
        let clause_end = self.clause_end();
        let mut at = self.end;
        while at < clause_end {
            let word = &self.words[at];
            if let Some(&(_, end)) = self
                .claimed
                .iter()
                .find(|range| range.0 == at && self.one_list(at))
            {
                at = end;
            } else if word.denial.is_none() && self.between(word) {
                at += 1;
            } else {
                break;
            }
        }
        if self.claimed.iter().any(|range| range.0 == at) {
            return false;
        }
        let rest = &self.words[at..clause_end];
        let Some(first) = rest.first() else {
            return self.taken_back_next(clause_end);
        };
        let hedged = |at: usize| TAKES_BACK.iter().any(|word| says(&rest[at..], word));
        if (0..rest.len()).any(hedged) {
            return true;
        }
        let Some(denial) = first.denial else {
            return false;
        };
        // It belongs to another way of saying the same: 失去联系、找不到人.
        if self
            .own
            .iter()
            .any(|range| self.end <= range.0 && range.0 <= at && at < range.1)
        {
            return false;
        }
        if IS_NONE.contains(&first.written) {
            return true;
        }
        // What is denied there is something else's: 收费不得摊派.
        let near = at..clause_end.min(at + NEAR_REACH + 1);
        if first.listed || self.claimed.iter().any(|range| near.contains(&range.0)) {
            return false;
        }
        match denial {
            Denial::Ban | Denial::Not => true,
            Denial::Lack => {
                let ends_so = |word: &str| {
                    let length = word.chars().count();
                    rest.len() > length && says(&rest[rest.len() - length..], word)
                };
                rest.len() <= 1 + AFTER_REACH || SHARES.iter().any(|word| ends_so(word))
            }
            Denial::Without => rest.len() == 1,
        }
    }

    /// The next clause begins with a denial that can only mean this one.
    fn taken_back_next(&self, next: usize) -> bool {
        let mut end = next + 1..self.words.len();
        let end = end
            .find(|&at| self.words[at].opens)
            .unwrap_or(self.words.len());
        let Some(first) = self.words.get(next) else {
            return false;
        };
        let back = first.denial == Some(Denial::Ban) && BACK.contains(&first.written);
        back && !self
            .claimed
            .iter()
            .any(|range| next <= range.0 && range.0 < end)
    }

    fn between(&self, word: &Word) -> bool {
        let small = word
            .char()
            .is_some_and(|c| "是都也就被则还才一律会绝对可这那些".contains(c));
        small || (self.goes_on)(word)
    }

    /// What begins at `at` goes on with a list.
    fn one_list(&self, at: usize) -> bool {
        self.words[at].listed
            || at
                .checked_sub(1)
                .is_some_and(|before| self.words[before].char().is_some_and(joins))
    }
}

fn resets(between: &[Word], denial: Denial) -> bool {
    (0..between.len()).any(|at| {
        let rest = &between[at..];
        // 没有协议的按遗嘱: a condition, and what follows from it.
        if denial == Denial::Lack && says(rest, "按") {
            return true;
        }
        RESETS.iter().any(|word| says(rest, word)) || demands(between, at) || then(rest)
    })
}

/// 就 by itself, not in 就业, 就医, 就学.
fn then(rest: &[Word]) -> bool {
    let goes_on = rest.get(1).and_then(Word::char);
    says(rest, "就") && !goes_on.is_some_and(|c| "业医学近餐读".contains(c))
}

/// 要 by itself, as in 不得收费要公开; not in 主要, 需要.
fn demands(between: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| between[before].char());
    let joined = before.is_some_and(|c| "主重需必首只".contains(c));
    !joined && says(&between[at..], "要") && !says(&between[at..], "要求")
}

fn says(words: &[Word], text: &str) -> bool {
    let mut length = 0;
    text.chars().all(|c| {
        length += 1;
        words.get(length - 1).is_some_and(|word| word.is(c))
    })
}
