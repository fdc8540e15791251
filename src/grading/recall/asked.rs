//! What the stem makes of a denial: where it asks for what is forbidden or left out, 不得 agrees with it, and 可以, 不用 and
//! the bare verb turn it round.

use std::ops::Range;

use crate::grading::recall::{
    lexicon::Denial,
    polarity::{Around, says},
    spoken::Word,
    stem::Asks,
};

/// Said of what is forbidden, these turn the answer round: 可以建房.
const PERMITS: [&str; 9] = [
    "可以", "允许", "准许", "容许", "能够", "鼓励", "照样", "照常", "任由",
];
/// Who takes either has named none: 乡镇定也行，县里定也行.
const EITHER: [&str; 8] = [
    "也行",
    "也成",
    "都行",
    "都成",
    "都一样",
    "也好",
    "也罢",
    "可以不",
];
/// Not to do this to what is forbidden is to let it pass: 不查, 不防.
const GUARDS: [&str; 7] = ["防", "查", "管", "禁", "避", "限", "审"];
/// Not one of what is asked for.
const OUTSIDE: [&str; 7] = ["不属于", "不包括", "不包含", "不在", "不归", "除外", "例外"];

impl Around<'_> {
    /// Whether their clause turns round what the stem asks for: it allows what the stem forbids, or says that what the stem
    /// leaves out is in. `verbs` are what the stem denies.
    pub(super) fn turned(&self, asks: Asks, verbs: &[Vec<Word>]) -> bool {
        let (from, to) = self.territory();
        let clause = from..to;
        // 社会救助款物哪能不算呢.
        let asked = |at: usize| self.words[at].denial == Some(Denial::Question);
        let forbids = !matches!(asks, Asks::ForChoices | Asks::Plainly);
        if forbids && (self.end..to).any(asked) {
            return true;
        }
        match asks {
            Asks::ForChoices => false,
            Asks::Plainly => clause
                .into_iter()
                .any(|at| EITHER.iter().any(|word| says(&self.words[at..], word))),
            Asks::ForForbidden => {
                // 没受过处罚的人 for 受过处罚的人.
                let before = self
                    .start
                    .checked_sub(1)
                    .filter(|_| !self.words[self.start].opens);
                let lacks = before.is_some_and(|at| {
                    matches!(self.words[at].denial, Some(Denial::Lack | Denial::Without))
                        && !self.is_spoken_for(at)
                });
                lacks || self.allowed(clause)
            }
            Asks::ForExempt => self.not_exempt(clause, verbs),
            Asks::ForKept => self.lost(clause.clone(), verbs) || self.not_exempt(clause, verbs),
        }
    }

    fn allowed(&self, mut clause: Range<usize>) -> bool {
        let end = clause.end;
        let lets_off = |at: usize| match self.words[at].denial {
            Some(Denial::Release | Denial::Wave | Denial::Question) => !self.is_spoken_for(at),
            Some(Denial::Lack) => self.words[at].written == "不是" && at >= self.end,
            Some(Denial::Not) => GUARDS
                .iter()
                .any(|word| says(&self.words[at + 1..end], word)),
            _ => false,
        };
        let permits = |at: usize| {
            let said = PERMITS.iter().any(|word| says(&self.words[at..end], word));
            said && !self.denied_just_before(at)
        };
        clause.any(|at| lets_off(at) || permits(at))
    }

    /// What is denied of it is not the loss: 离婚的就不是成员了.
    fn lost(&self, clause: Range<usize>, verbs: &[Vec<Word>]) -> bool {
        let end = clause.end;
        let loss = |at: usize| {
            let rest = &self.words[at..end];
            let mut said = verbs.iter().filter(|verb| rest.len() >= verb.len());
            said.any(|verb| verb.iter().zip(rest).all(|(a, b)| a.token == b.token))
        };
        let free = |at: &usize| self.words[*at].denial.is_some() && !self.is_spoken_for(*at);
        (self.end..end)
            .filter(free)
            .any(|at| !(at + 1..end).any(loss))
    }

    fn not_exempt(&self, mut clause: Range<usize>, verbs: &[Vec<Word>]) -> bool {
        let end = clause.end;
        let own = |at: usize| {
            let mut own = self.own.iter();
            (self.start <= at && at < self.end) || own.any(|range| range.0 <= at && at < range.1)
        };
        let says_verb = |at: usize| {
            let rest = &self.words[at..end];
            let said = |verb: &Vec<Word>| {
                rest.len() >= verb.len() && verb.iter().zip(rest).all(|(a, b)| a.token == b.token)
            };
            let twice = |verb: &Vec<Word>| verb[0].denial.is_some();
            verbs
                .iter()
                .any(|verb| said(verb) && !own(at) && (twice(verb) || !self.denied_before(at)))
        };
        let outside = |at: usize| {
            let word = &self.words[at];
            at >= self.end && OUTSIDE.contains(&word.written) && !self.is_spoken_for(at)
        };
        clause.any(|at| outside(at) || says_verb(at))
    }

    /// Something before it in its clause denies, and has not been said already.
    fn denied_before(&self, at: usize) -> bool {
        let start = self.clause_start(0);
        let free =
            |before: usize| self.words[before].denial.is_some() && !self.is_spoken_for(before);
        (start..at).any(|before| self.words[before].is('免') || free(before))
    }

    fn denied_just_before(&self, at: usize) -> bool {
        let start = self.clause_start(0).max(at.saturating_sub(4));
        (start..at).any(|before| {
            let word = &self.words[before];
            word.is('免') || (word.denial.is_some() && !self.is_spoken_for(before))
        })
    }
}
