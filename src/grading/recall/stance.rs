//! Whether words taken for a saying say it: denied where it denies them and nowhere else, with its numbers and no others,
//! and not strewn among the words of other elements.

use crate::grading::{
    numbers::Token,
    recall::{
        candidates::overlap,
        figures,
        key::{Decisive, KeyedElement, KeyedSaying},
        lexicon::joins,
        likeness::{Cost, Place},
        opposites,
        polarity::{Around, Denied},
        spoken::Word,
        stem::{Asks, Stem},
    },
};

/// Words of other elements that may stand between two of one.
const STREWN: usize = 1;

/// A word that costs less sounds just like the key's.
const CLEAR: Cost = 30;

/// What words taken for a saying say of it.
pub(super) enum Stance {
    Agrees,
    Opposed,
    Denied,
    OtherNumber,
}

pub(super) struct Context<'a> {
    pub(super) said: &'a [Word],
    /// What other elements may claim, ascending.
    pub(super) claimed: &'a [(usize, usize)],
    /// That, and where another element is only named in part.
    pub(super) named: &'a [(usize, usize)],
    /// Of those what was heard clearly, in no order.
    pub(super) exact: &'a [(usize, usize)],
    pub(super) stem: &'a Stem,
    pub(super) own: &'a [(usize, usize)],
    pub(super) goes_on: &'a dyn Fn(&Word) -> bool,
}

impl Context<'_> {
    /// Whether every decisive word stands denied exactly where the saying denies it.
    pub(super) fn stance(&self, saying: &KeyedSaying, taken: &[Place]) -> Stance {
        let own: Vec<(usize, usize)> = taken.iter().map(|p| (p.start, p.end)).collect();
        let mut stance = Stance::Agrees;
        let several = saying.decisive.iter().filter(|word| word.denied).count() > 1;
        for (place, decisive) in taken.iter().zip(&saying.decisive) {
            let around = self.around(place, decisive, &own);
            let denied = around.denied();
            // 是摘责任还是不摘责任 says neither.
            let mut words = place.start.max(1)..place.end;
            let asks = |at: usize| self.said[at].denial.is_some() && self.said[at - 1].is('或');
            if words.any(asks) {
                return Stance::Denied;
            }
            let agrees = if !matches!(self.stem.asks, Asks::Plainly | Asks::ForChoices)
                && !decisive.denied
            {
                !around.turned(self.stem.asks, &self.stem.verbs)
            } else if around.turned(self.stem.asks, &[]) {
                false
            } else if decisive.denied {
                !matches!(denied, Denied::No | Denied::Asked)
                    && (denied != Denied::Twice || several)
            } else {
                denied == Denied::No || decisive.shares
            };
            if !agrees && denied == Denied::Mildly {
                return Stance::Opposed;
            }
            if !agrees {
                return Stance::Denied;
            }
            if decisive.has_number() && self.goes_on(saying, place, taken) {
                stance = Stance::OtherNumber;
            }
        }
        stance
    }

    /// Whether beside what was taken something stands that turns it round, or a measure that the key does not have.
    pub(super) fn beside(&self, element: &KeyedElement, taken: &[Place]) -> Stance {
        let ranges: Vec<(usize, usize)> = taken.iter().map(|p| (p.start, p.end)).collect();
        let around = Around {
            words: self.said,
            start: ranges.iter().map(|range| range.0).min().unwrap_or(0),
            end: ranges.iter().map(|range| range.1).max().unwrap_or(0),
            from: 0,
            claimed: self.named,
            own: self.own,
            goes_on: self.goes_on,
        };
        let (from, to) = around.territory();
        // What another element measures is that one's, where this one measures nothing.
        let known = |number: &str, measure: Option<char>| {
            element.numbers.iter().any(|own| own == number)
                || self.stem.counts(number)
                || measure.is_some_and(|c| {
                    element.others_measure.contain(c) && !element.measures.contain(c)
                })
        };
        let other_rank = element.ranks.iter().next().is_some()
            && (from..to).any(|at| {
                let rank = self.said[at].char().filter(|c| "省市县".contains(*c));
                let next = self.said.get(at + 1).and_then(Word::char);
                let before = at
                    .checked_sub(1)
                    .and_then(|before| self.said[before].char());
                let free = !self
                    .claimed
                    .iter()
                    .any(|range| range.0 <= at && at < range.1);
                free && next != Some('场')
                    && before != Some('城')
                    && rank.is_some_and(|c| !element.own.contain(c) && !self.stem.has(c))
            });
        if other_rank {
            return Stance::OtherNumber;
        }
        if opposites::said_in(&element.contrary, self.said, from, to).is_some() {
            Stance::Opposed
        } else if figures::strange(self.said, (from, to), &ranges, &known).is_some() {
            Stance::OtherNumber
        } else {
            Stance::Agrees
        }
    }

    /// Another element was clearly heard there: 智力残疾 is no slip for 视力残疾, and 低保边缘家庭 does not say 低保家庭.
    pub(super) fn is_anothers(&self, taken: &[Place]) -> bool {
        self.exact.iter().any(|range| {
            let within = |place: &Place| range.0 <= place.start && place.end <= range.1;
            let slip =
                |place: &Place| place.cost >= CLEAR && overlap(*range, (place.start, place.end));
            (taken.iter().all(within) || taken.iter().any(slip))
                && !self.said[range.0..range.1].iter().all(self.goes_on)
        })
    }

    /// Words of other elements stand between those taken: what is read off word by word says none of them.
    pub(super) fn strewn(&self, taken: &[Place]) -> bool {
        let mut sorted: Vec<(usize, usize)> = taken.iter().map(|p| (p.start, p.end)).collect();
        sorted.sort_unstable();
        sorted.windows(2).any(|pair| {
            let (mut from, mut strange) = (pair[0].1, 0);
            for &(start, end) in self.claimed {
                let foreign = !self.own.iter().any(|own| overlap(*own, (start, end)));
                if start >= from && end <= pair[1].0 && foreign {
                    strange += 1;
                    from = end;
                }
            }
            strange > STREWN
        })
    }

    /// A denial that is asked for may be shared with another element (不得收费、摊派); one that is not asked for is not
    /// taken from across another element, unless both are one list.
    fn around<'b>(
        &'b self,
        place: &Place,
        decisive: &Decisive,
        own: &[(usize, usize)],
    ) -> Around<'b> {
        let own = own.iter().copied();
        let across: &[(usize, usize)] = if decisive.denied { &[] } else { self.named };
        let parted = across
            .iter()
            .filter(|range| range.1 <= place.start && !self.one_list(range.1, place.start))
            .filter(|range| {
                !self.said[range.0..range.1]
                    .iter()
                    .all(|word| (self.goes_on)(word))
            });
        let from = own.chain(parted.copied()).map(|range| range.1);
        let from = from.filter(|&end| end <= place.start).max();
        Around {
            words: self.said,
            start: place.start,
            end: place.end,
            from: from.unwrap_or(0),
            claimed: self.named,
            own: self.own,
            goes_on: self.goes_on,
        }
    }

    /// Nothing but 、 or 和 between what ends at `end` and what begins at `start`.
    fn one_list(&self, end: usize, start: usize) -> bool {
        let between = &self.said[end..start];
        // 低保户和特困户: what is left of the name does not matter.
        let rest = between.len().saturating_sub(3);
        let named = between
            .last()
            .is_some_and(|word| word.char().is_some_and(joins))
            && rest == 0
            && between
                .iter()
                .all(|word| word.denial.is_none() && !word.opens);
        let joined = named || between.iter().all(|word| word.char().is_some_and(joins));
        joined && (self.said[start].listed || !between.is_empty())
    }

    /// The number is one of a row that goes on with others: 一级、二级、三级 is not 一级.
    fn goes_on(&self, saying: &KeyedSaying, place: &Place, taken: &[Place]) -> bool {
        // 一级，一级和二级: what the key has goes on with nothing.
        let number = |at: usize| match self.said.get(at).map(|word| &word.token) {
            Some(Token::Number(number)) => !saying.numbers().any(|own| own == *number),
            _ => false,
        };
        let free = |at: usize| {
            let mut ranges = taken
                .iter()
                .map(|p| (p.start, p.end))
                .chain(self.claimed.iter().copied());
            !ranges.any(|range| range.0 <= at && at < range.1)
        };
        let joiner = |at: usize| {
            let c = self.said.get(at).and_then(Word::char);
            c.is_some_and(|c| joins(c) || c == '到' || c == '至')
        };
        let unit = self.said[place.start..place.end]
            .last()
            .and_then(Word::char);
        let ends_so = |at: usize| unit.is_some() && self.said.get(at).and_then(Word::char) == unit;
        let next = place.end + usize::from(joiner(place.end));
        // 视力残疾一级二级都算: what follows is another element's only where that goes on there.
        let after = number(next) && ends_so(next + 1) && (free(next) || free(next + 2));
        let previous = place
            .start
            .checked_sub(1 + usize::from(place.start > 0 && joiner(place.start - 1)));
        let before = previous.is_some_and(|previous| {
            let number_at = previous.checked_sub(1);
            number(place.start)
                && ends_so(previous)
                && number_at.is_some_and(|at| number(at) && free(at))
        });
        after || before
    }
}
