//! Whether a word stands denied: 不得收费 is not 收费. Asked of the key and of what was said, and the answers must agree.
//!
//! Every denial in the clause of a word is taken to mean it, unless grammar says what else it means: it belongs to another
//! element or to a decisive word itself, what it denies is over before the word begins (不是甲而是乙, 没意见了再公示), or it
//! only describes (不行的调整).

use crate::grading::recall::{
    lexicon::{Denial, joins},
    spoken::Word,
};

/// After these a denial before them no longer holds: 不是甲，而是乙; 不得收费但可以….
const RESETS: [&str; 22] = [
    "而是", "而要", "必须", "应当", "应该", "可以", "但", "还要", "都要", "就要", "才", "则", "再",
    "以后", "改为", "改成", "都有", "里头", "里面", "在内", "之内", "关键",
];
/// What stands between 不 and 的 only strengthens: 没有真正的民主协商.
const DEGREES: [&str; 12] = [
    "真正", "任何", "什么", "必要", "严格", "充分", "那么", "所谓", "具体", "相应", "一点", "那种",
];
/// A clause of a denial and nothing else speaks of the one before it.
const SMALL: &str =
    "是都也就这那些个我看觉得反正全部统一律根本其实倒压完则还又早已嘛根全通通事步条项点样";
const EMPTY: &str = "搞做要管算用行办提讲有谈虑需必了的去到在内里面数重视以说什么可啦嘛成事它他着过吧呢啊这那一个步条项";
const FAR_REACH: usize = 14;
const NEAR_REACH: usize = 4;
/// Words of something else between a word and a denial behind it.
const AFTER_REACH: usize = 10;
/// How far before a word of another element a denial stands that means that one.
const OTHERS_REACH: usize = 1;

/// Where to look for denials of the words `start..end`.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) words: &'a [Word],
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words before it belong to something else.
    pub(super) from: usize,
    /// What something else may claim, ascending.
    pub(super) claimed: &'a [(usize, usize)],
    /// Where it, or another way of saying the same, was heard.
    pub(super) own: &'a [(usize, usize)],
    /// Words of its own sayings or of the stem.
    pub(super) goes_on: &'a dyn Fn(&Word) -> bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    No,
    /// Perhaps only a condition: 没有遗嘱就….
    Mildly,
    Firmly,
    /// 谁说不准收费.
    Asked,
    /// Twice: nothing is left of what was meant.
    Twice,
}

impl Around<'_> {
    /// The stretch around them that speaks of nothing else: their clause up to what other elements claim.
    pub(super) fn territory(&self) -> (usize, usize) {
        let (mut start, mut end) = (self.clause_start(0), self.clause_end());
        for &(from, to) in self.claimed {
            if to <= self.start && self.another(from).is_some() {
                start = start.max(to);
            } else if from >= self.end && from < end && self.another(from).is_some() {
                end = from;
            }
        }
        (start, end)
    }

    /// Whether the words stand denied.
    pub(super) fn denied(&self) -> Denied {
        let denials = self.denials();
        match denials[..] {
            [] => Denied::No,
            [Denial::Ban | Denial::Release | Denial::Wave | Denial::Question] => Denied::Firmly,
            [_] => Denied::Mildly,
            _ if denials.contains(&Denial::Question) => Denied::Asked,
            _ => Denied::Twice,
        }
    }

    /// Every denial that means them.
    pub(super) fn denials(&self) -> Vec<Denial> {
        let mut found = vec![];
        if let Some(at) = self.before() {
            found.extend(self.words[at].denial);
            // 不得不收费, 不用禁止.
            let previous = at.checked_sub(1).filter(|_| !self.words[at].opens);
            found.extend(previous.and_then(|previous| self.words[previous].denial));
        }
        found.extend(self.after());
        found
    }

    fn before(&self) -> Option<usize> {
        let clause = self.clause_start(self.from);
        let whole = self.clause_start(0);
        // 谁说要珍惜土地、合理利用土地: asked at the start, it is asked of all that follows.
        if whole < self.start
            && self.words[whole].denial == Some(Denial::Question)
            && self.reaches(whole, Denial::Question)
        {
            return Some(whole);
        }
        (clause..self.start).rev().find(|&at| {
            self.words[at]
                .denial
                .is_some_and(|denial| !self.is_spoken_for(at) && self.reaches(at, denial))
        })
    }

    /// It is part of what decides some element: of 不愁吃, and of no word that only ends with it.
    pub(super) fn is_spoken_for(&self, at: usize) -> bool {
        let within = |range: &(usize, usize)| range.0 <= at && at + 1 < range.1;
        self.claimed.iter().any(within) || self.own.iter().any(within)
    }

    /// Whether the denial at `at` still holds where the words begin.
    fn reaches(&self, at: usize, denial: Denial) -> bool {
        if denial == Denial::Wave {
            return false;
        }
        // 不在里头的是大病保险.
        if self.words[at + 1..self.start]
            .iter()
            .any(|word| word.described && word.is('是'))
        {
            return true;
        }
        let between = &self.words[at + 1..self.start];
        let after = &self.words[at + 1..=self.start];
        let far = !matches!(denial, Denial::Not | Denial::Without);
        let most = match denial {
            Denial::Question => usize::MAX,
            _ if far => FAR_REACH,
            _ => NEAR_REACH,
        };
        let listed = after.iter().any(|word| word.listed);
        // 不能撤、不摘帮扶: it has its own denial.
        let own = listed && self.words[self.start].denial.is_some();
        // Words of its own do not part it from its denial.
        let foreign = between.iter().filter(|word| !(self.goes_on)(word)).count();
        foreign <= most
            && !own
            && (far || !listed)
            && !resets(between, denial)
            && !describes(after, denial)
    }

    pub(super) fn clause_start(&self, from: usize) -> usize {
        let mut before = (from..=self.start).rev();
        before.find(|&at| self.words[at].opens).unwrap_or(from)
    }

    pub(super) fn clause_end(&self) -> usize {
        self.end_from(self.end)
    }

    fn end_from(&self, from: usize) -> usize {
        let mut after = from..self.words.len();
        let end = after.find(|&at| self.words[at].opens);
        end.unwrap_or(self.words.len())
    }

    /// A denial behind them: 是不对的, 也不可以用, 被禁止; of a list the last one's holds for all.
    fn after(&self) -> Option<Denial> {
        self.denial_after().and_then(|at| self.words[at].denial)
    }

    /// Where it stands.
    pub(super) fn denial_after(&self) -> Option<usize> {
        let clause_end = self.clause_end();
        let mut at = self.end;
        let mut foreign = 0;
        while at < clause_end && foreign <= AFTER_REACH {
            if let Some(end) = self.another(at) {
                if !self.one_list(at) {
                    return None;
                }
                // What was claimed may reach into the next clause; the denial that is looked for does not.
                at = end.clamp(at + 1, clause_end);
                continue;
            }
            // 除了 leaves out what follows it.
            if self.words[at].written == "除了" {
                return None;
            }
            if self.words[at].denial.is_some() && !self.is_spoken_for(at) {
                let pauses = self.words.get(at + 1).is_some_and(|next| next.apart);
                // 就不归专项救助管: said of what stands before.
                let spoken_of = foreign <= 1
                    && at > self.end
                    && self.words[at - 1]
                        .char()
                        .is_some_and(|c| "就也都却倒".contains(c));
                let near = !pauses
                    && !spoken_of
                    && self.words[at].denial != Some(Denial::Wave)
                    && (at + 1..clause_end.min(at + 1 + OTHERS_REACH))
                        .any(|next| self.another(next).is_some_and(|end| end <= clause_end));
                return (!near && !self.words[at].listed).then_some(at);
            }
            foreign += usize::from(!(self.goes_on)(&self.words[at]));
            at += 1;
        }
        if at < clause_end {
            return None;
        }
        self.taken_back_next(clause_end)
    }

    /// Where what another element claims ends, if it begins here. Words that this one has too claim nothing.
    fn another(&self, at: usize) -> Option<usize> {
        let from = self.claimed.partition_point(|range| range.0 < at);
        let here = self.claimed[from..]
            .iter()
            .take_while(|range| range.0 == at);
        here.filter(|range| {
            !self.words[range.0..range.1]
                .iter()
                .all(|word| (self.goes_on)(word))
        })
        .map(|range| range.1)
        .max()
    }

    /// The next clause is a denial with nothing of its own: 公示，这个就不用搞了.
    fn taken_back_next(&self, next: usize) -> Option<usize> {
        let end = self.end_from(next + 1);
        let clause = self.words.get(next..end)?;
        if clause.first()?.anew {
            return None;
        }
        let claims = self
            .claimed
            .iter()
            .any(|range| next <= range.0 && range.0 < end);
        if claims {
            return None;
        }
        let small = |word: &&Word| {
            let small = word.char().is_some_and(|c| SMALL.contains(c));
            word.denial.is_none() && (small || (self.goes_on)(word))
        };
        let at = clause.iter().take_while(small).count();
        if clause.get(at)?.denial? == Denial::Lack || self.is_spoken_for(next + at) {
            return None;
        }
        let small = |word: &Word| word.char().is_some_and(|c| EMPTY.contains(c));
        let rest = clause.get(at + 1..)?;
        let own = rest.iter().filter(|word| !small(word)).count();
        let empty = |word: &Word| {
            word.denial.is_none() && (small(word) || (own >= 2 && (self.goes_on)(word)))
        };
        rest.iter().all(empty).then_some(next + at)
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
    // What follows the denial at once belongs to it: 不可以再.
    (1..between.len()).any(|at| {
        let rest = &between[at..];
        // 没有协议的按遗嘱: a condition, and what follows from it; 不是甲是乙.
        if denial == Denial::Lack && (says(rest, "按") || says(rest, "是")) {
            return true;
        }
        // 两不愁是不愁吃; but 不都是.
        let before = between[at - 1].char();
        if denial == Denial::Not
            && says(rest, "是")
            && !before.is_some_and(|c| "都全会该就能".contains(c))
        {
            return true;
        }
        RESETS.iter().any(|word| says(rest, word)) || demands(between, at) || then(rest)
    })
}

/// What was denied only describes what follows: 不行的调整, 没有生活来源的老人.
fn describes(after: &[Word], denial: Denial) -> bool {
    let Some(end) = after.iter().position(|word| word.described) else {
        return false;
    };
    let degree = (0..end).any(|at| DEGREES.iter().any(|word| says(&after[at..end], word)));
    match denial {
        Denial::Ban | Denial::Release | Denial::Wave | Denial::Question => end == 0,
        Denial::Lack | Denial::Not | Denial::Without => (1..=4).contains(&end) && !degree,
    }
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

pub(super) fn says(words: &[Word], text: &str) -> bool {
    let mut length = 0;
    text.chars().all(|c| {
        length += 1;
        words.get(length - 1).is_some_and(|word| word.is(c))
    })
}
