//! What is said of an element after it: up to the next element that was heard, nothing may take it back.
//!
//! 村霸嘛，人家镇得住场面，可以当: what decides stands clauses behind the name. A clause that says another element, or begins
//! the next thing, ends the territory; a list shares what is said of its last member.

use std::ops::Range;

use crate::grading::{
    numbers::Token,
    recall::{
        candidates::{Candidate, Heard},
        key::KeyedElement,
        lexicon::{Denial, joins},
        phrases::{Does, Phrases},
        polarity::says,
        spoken::Word,
        stem::{Asks, Stem},
    },
};

/// Clauses behind its own that may still speak of an element.
const FOLLOWING: usize = 2;
/// What is left of a name behind its decisive words has at most so many.
const NAME: usize = 4;
/// A clause that denies more than this of its own speaks of something else: 不能等房子盖好了才去管.
const FOREIGN: usize = 2;
/// A clause that begins so is about what is left.
const REST: [&str; 16] = [
    "后面", "后头", "其他", "其它", "其余", "别的", "剩下", "剩余", "另外", "还有", "还剩", "至于",
    "前面", "前头", "下面", "最后",
];
/// Words of a clause that are nobody's own.
const NOBODYS: &str = "是都也就这那些个我看觉得反正全部统一律根本其实倒压完则还又早已嘛通事步条项点样搞做要管算用行办提讲有谈虑需必了的去到在内里面数说什么可啦成事它他着过吧呢啊人家给拿来会能法律规定回次年今现头上面下边件文";

/// What follows these is said of everything before.
const ALL: [&str; 10] = [
    "都", "全都", "通通", "统统", "一概", "一律", "均", "这些", "那些", "皆",
];

/// What the elements of one answer were taken for.
pub(super) struct Territory<'a> {
    pub(super) elements: &'a [KeyedElement],
    pub(super) heard: &'a [Heard],
    pub(super) chosen: &'a [Option<&'a Candidate>],
    pub(super) stem: &'a Stem,
    pub(super) phrases: &'a Phrases,
    pub(super) said: &'a [Word],
}

/// What goes on with a list: an element that is said, or one that is turned round by what stands from there on.
#[derive(Clone, Copy)]
enum Next {
    Said(usize),
    TurnedRound(usize),
}

/// How names follow each other: by 、 or 和, or bare.
#[derive(Clone, Copy)]
enum Joined {
    Listed,
    Bare,
}

impl Joined {
    fn and(self, other: Joined) -> Joined {
        match (self, other) {
            (Joined::Listed, Joined::Listed) => Joined::Listed,
            _ => Joined::Bare,
        }
    }
}

impl Territory<'_> {
    /// Whether what follows the chosen element `at`, up to the next one, takes it back.
    pub(super) fn taken_back(&self, at: usize) -> bool {
        self.dismissed(at, Joined::Listed)
    }

    /// The same of an element that is `joined` to another one before it, of which that is asked.
    fn dismissed(&self, at: usize, joined: Joined) -> bool {
        let Some(own) = self.chosen[at] else {
            return false;
        };
        let from = own.last() + 1;
        let next = self.another(at, from);
        let plain = matches!(self.stem.asks, Asks::Plainly | Asks::ForChoices);
        let denies = self.elements[at].sayings[own.saying].denies;
        let dismissed = |(place, (start, end)): (usize, (usize, usize))| {
            if plain && !denies {
                let denied = if place == 0 {
                    self.denies(start, end)
                } else {
                    self.denies_of(at, start, end)
                };
                denied || self.says(Does::Dismiss, start, end)
            } else if matches!(self.stem.asks, Asks::ForExempt | Asks::ForKept) {
                self.says(Does::Count, start, end)
            } else {
                self.says(Does::Let, start, end)
            }
        };
        if self
            .clauses(from, next)
            .into_iter()
            .enumerate()
            .any(dismissed)
        {
            return self.of_several(joined, from);
        }
        self.next_of_list(at, from).is_some_and(|(next, goes_on)| {
            let joined = joined.and(goes_on);
            match next {
                Next::Said(other) => self.dismissed(other, joined),
                Next::TurnedRound(end) => self.of_several(joined, end),
            }
        })
    }

    /// The element that goes on with the list that this one is of: said, or turned round behind its name.
    fn next_of_list(&self, at: usize, from: usize) -> Option<(Next, Joined)> {
        let others = self
            .heard
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        let opposed = others.flat_map(|(_, heard)| &heard.opposed);
        let opposed = opposed.map(|each| (Next::TurnedRound(each.last() + 1), each));
        let chosen = self
            .chosen
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        let chosen = chosen.filter_map(|(other, each)| Some((Next::Said(other), (*each)?)));
        let after = chosen
            .chain(opposed)
            .filter(|(_, each)| each.first() >= from);
        let (next, candidate) = after.min_by_key(|(_, each)| each.first())?;
        let between = &self.said[from..candidate.first()];
        let first = &self.said[candidate.first()];
        let own = |word: &&Word| {
            word.char()
                .is_some_and(|c| self.elements[at].own.contain(c) || self.stem.has(c))
        };
        let name = between.iter().take(NAME).take_while(own).count();
        let rest = &between[name..];
        let parted = first.opens
            || between
                .iter()
                .any(|word| word.denial.is_some() || word.opens);
        if parted {
            None
        } else if (between.len() <= NAME
            && (first.listed || between.iter().any(|word| word.char().is_some_and(joins))))
            || (!rest.is_empty()
                && (says(rest, "也好") || rest.iter().all(|word| word.char().is_some_and(joins))))
        {
            Some((next, Joined::Listed))
        } else {
            rest.is_empty().then_some((next, Joined::Bare))
        }
    }

    /// What is said from `from` on is said of all that is joined so: of names without a mark or word between them it is where
    /// it says so (都不算, 这两条就免了), or where they are a clause by themselves.
    fn of_several(&self, joined: Joined, from: usize) -> bool {
        let end = (from..self.said.len())
            .find(|&at| self.said[at].opens)
            .unwrap_or(self.said.len());
        let of_all = |at: usize| ALL.iter().any(|word| says(&self.said[at..end], word));
        let counts = |at: usize| {
            let several = matches!(&self.said[at].token, Token::Number(number) if number != "1");
            several
                && self
                    .said
                    .get(at + 1)
                    .and_then(Word::char)
                    .is_some_and(|c| "个条样项种类点".contains(c))
        };
        matches!(joined, Joined::Listed)
            || self.said.iter().skip(1).any(|word| word.opens)
            || (from..end).any(|at| of_all(at) || counts(at))
    }

    /// Where behind `from` another element begins, said or denied.
    fn another(&self, at: usize, from: usize) -> Option<usize> {
        let others = self.heard.iter().enumerate();
        let others = others.filter(|(other, _)| *other != at);
        let own = &self.elements[at].own;
        let foreign = |start: usize, end: usize| {
            let mut words = self.said[start..end].iter();
            words.any(|word| word.char().is_none_or(|c| !own.contain(c)))
                || (start..end).any(|first| self.elements[at].names_another(self.said, first))
        };
        let starts = others.flat_map(|(_, heard)| {
            let whole = heard.said.iter().chain(&heard.opposed);
            let whole = whole.map(|each| (each.first(), each.last() + 1));
            let words = heard.places.iter().flatten().flatten();
            let words = words.filter(|place| place.cost == 0 && place.end - place.start > 1);
            whole.chain(words.map(|place| (place.start, place.end)))
        });
        let behind = starts.filter(|&(start, end)| start >= from && foreign(start, end));
        let behind = behind.map(|(start, _)| start).min();
        let named = (from..self.said.len().saturating_sub(1)).find(|&first| {
            // 没有动手 names nothing that is said.
            let denied = self.said[first.saturating_sub(2)..first]
                .iter()
                .any(|word| word.denial.is_some());
            !denied && self.elements[at].names_another(self.said, first)
        });
        behind.into_iter().chain(named).min()
    }

    /// The clauses behind an element that may speak of it: the rest of its own, which may be empty, then the following ones.
    fn clauses(&self, from: usize, next: Option<usize>) -> Vec<(usize, usize)> {
        let said = self.said;
        let end = next.unwrap_or(said.len());
        // The clause that says the next element is that one's.
        let last = match next {
            Some(next) => match (from..=next).rev().find(|&at| said[at].opens) {
                Some(start) => start,
                None => self.before_next(from, next),
            },
            None => end,
        };
        let mut opens: Vec<usize> = (from..last).filter(|&at| said[at].opens).collect();
        if let Some(anew) = opens
            .iter()
            .position(|&at| said[at].anew || self.is_about_the_rest(at))
        {
            opens.truncate(anew + 1);
        } else {
            opens.push(last);
        }
        let mut start = from;
        let mut clauses = vec![];
        for end in opens.into_iter().take(FOLLOWING + 1) {
            clauses.push((start, end));
            start = end;
        }
        clauses
    }

    /// Of words between two elements of one clause the end of what may be the first one's: a denial just before the second
    /// is that one's.
    fn before_next(&self, from: usize, next: usize) -> usize {
        // 公示、不搞评议: behind a pause it begins something.
        let paused = (from..next)
            .rev()
            .find(|&at| self.said[at].denial.is_some() && self.said[at].apart);
        let just_before = (from..next).next_back().filter(|&at| {
            let word = &self.said[at];
            let over = matches!(word.denial, Some(Denial::Wave | Denial::Question))
                || word.written.ends_with('了');
            let spoken_of = at > from
                && self.said[at - 1]
                    .char()
                    .is_some_and(|c| "就也都却倒则还".contains(c));
            word.denial.is_some() && !over && !spoken_of
        });
        paused.or(just_before).unwrap_or(next)
    }

    fn is_about_the_rest(&self, at: usize) -> bool {
        REST.iter().any(|word| says(&self.said[at..], word))
    }

    fn denies(&self, start: usize, end: usize) -> bool {
        // 除了 leaves out what follows it.
        let except = (start..end).find(|&at| self.said[at].written == "除了");
        let end = except.unwrap_or(end);
        let mut denials = (start..end).filter(|&at| self.said[at].denial.is_some());
        // Nothing is left for 非 to deny at the end of a clause: 黑非 was heard of 黑飞.
        let denies = denials.any(|at| {
            self.said[at].denial != Some(Denial::Without)
                || at + 1 < end
                || self.said[at].written == "没"
        });
        denies && !self.holds(start, end)
    }

    /// A clause of its own that denies, and denies nothing else.
    fn denies_of(&self, at: usize, start: usize, end: usize) -> bool {
        let words = &self.said[start..end];
        let except = words.iter().any(|word| word.written == "除了");
        let Some(denial) = words
            .iter()
            .find_map(|word| word.denial)
            .filter(|_| !except)
        else {
            return false;
        };
        let (element, stem) = (&self.elements[at], self.stem);
        let own = |word: &Word| {
            word.char()
                .is_some_and(|c| element.own.contain(c) || stem.has(c))
        };
        let nobodys = |word: &Word| {
            word.denial.is_some()
                || word.traits.light
                || word.char().is_some_and(|c| NOBODYS.contains(c))
        };
        let foreign = words
            .iter()
            .filter(|word| !own(word) && !nobodys(word))
            .count();
        let remembers = self.phrases.any(Does::Remember, &self.bytes(start, end));
        let meant = denial == Denial::Wave || foreign <= FOREIGN;
        // 要节俭，不铺张: the opposite is denied.
        let agrees = element.contrary.iter().any(|word| {
            let mut heads = words.windows(word.len());
            heads.any(|here| here.iter().zip(word).all(|(a, b)| a.token == b.token))
        });
        meant && !agrees && !remembers && !self.holds(start, end)
    }

    fn bytes(&self, start: usize, end: usize) -> Range<usize> {
        match self.said.get(start..end) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.start..only.end,
            _ => 0..0,
        }
    }

    fn holds(&self, start: usize, end: usize) -> bool {
        self.phrases.any(Does::Hold, &self.bytes(start, end))
    }

    fn says(&self, does: Does, start: usize, end: usize) -> bool {
        self.phrases.any(does, &self.bytes(start, end)) && !self.holds(start, end)
    }
}
