//! What speaks against an element although its words were heard: its opposite was said too, or another number for the same
//! thing. Saying everything that comes to mind is not rewarded.

use crate::grading::{
    numbers::Token,
    recall::{
        Doubt,
        candidates::{self, Candidate, Heard, overlap},
        key::{Decisive, KeyedElement},
        likeness::{self, Against, Figures, Place},
        sound::Present,
        spoken::Word,
        stem::Stem,
    },
};

/// What small words and marks there are between the words of anybody who says something.
const JOINTS: &str = "，。；：、,;？！的了和把对就都在是给让叫被由也还才做要去这那他们你我说看再呢吧啊嘛跟与嗯呃该着过些么吗没得能";
/// Nobody who tells off names says these; whoever says them says something of what is named.
const STATES: &str = "是给让叫被由把也还才都不先再我他";
/// A shorter answer is no heap.
const HEAP: usize = 12;
/// So many words of which few are elements are everything that comes to mind.
const FLOOD: usize = 240;
/// A clause of so many words without a small one is a list of words.
const LONG: usize = 18;
/// So many elements in a clause without a small word are a list of words.
const MANY: usize = 3;
/// An item of a list has at most so many words.
const ITEM: usize = 8;
/// So many words in a row that sound like the key are something said.
const RUN: usize = 4;

/// Stretches of the text that are a heap of words rather than something said: all of it, or single clauses.
pub(super) fn heaps(
    text: &str,
    said: &[Word],
    elements: &[KeyedElement],
    stem: &Stem,
    heard: &[Heard],
    chosen: &[Option<&Candidate>],
) -> Vec<(usize, usize)> {
    let hearing = Hearing {
        text,
        said,
        elements,
        repeated: stem.repeated(said),
        chosen,
    };
    let whole = (0, said.len());
    if hearing.is_heap(whole) {
        return vec![whole];
    }
    let mut heaps = hearing.foreign_lists();
    let of_many = |clause: &(usize, usize)| {
        let inside = |place: &Place| clause.0 <= place.start && place.end <= clause.1;
        let named = |heard: &&Heard| heard.places.iter().flatten().flatten().any(inside);
        heard.iter().filter(named).count() >= MANY
    };
    let opens = (0..said.len()).filter(|&at| at == 0 || said[at].opens);
    let starts: Vec<usize> = opens.chain([said.len()]).collect();
    let clauses = starts.windows(2).map(|pair| (pair[0], pair[1]));
    let of_words = clauses
        .filter(|clause| {
            let words = &said[clause.0..clause.1];
            words.len() >= HEAP && !words.iter().any(|word| word.traits.light)
        })
        .filter(|clause| clause.1 - clause.0 >= LONG || of_many(clause))
        .filter(|clause| hearing.is_heap(*clause));
    heaps.extend(of_words);
    heaps
}

struct Hearing<'a> {
    text: &'a str,
    said: &'a [Word],
    elements: &'a [KeyedElement],
    repeated: Vec<(usize, usize)>,
    chosen: &'a [Option<&'a Candidate>],
}

impl Hearing<'_> {
    /// Items of bare lists of which few are elements: another policy's list, or the words of a theme told off one by one. A
    /// name that only begins like an element is none in such company (留守儿童 for 留守老人); in a long one nothing is.
    fn foreign_lists(&self) -> Vec<(usize, usize)> {
        let spaced = |at: usize| {
            let between = self.text.get(self.said[at - 1].end..self.said[at].start);
            between.is_some_and(|between| between.contains(' '))
        };
        let starts = (0..self.said.len())
            .filter(|&at| at == 0 || self.said[at].opens || self.said[at].listed || spaced(at));
        let starts: Vec<usize> = starts.chain([self.said.len()]).collect();
        let items: Vec<(usize, usize)> = starts.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let again = |at: usize| {
            let next = items.get(at + 1);
            next.is_some_and(|next| self.says_again(items[at], *next))
        };
        let items: Vec<(usize, usize)> = (0..items.len())
            .filter(|&at| !again(at))
            .map(|at| items[at])
            .collect();
        let lists = items.split(|item| self.states(*item));
        lists.flat_map(|list| self.foreign(list)).collect()
    }

    /// 政府，政府肯定有: what is begun and then said whole is one item.
    fn says_again(&self, item: (usize, usize), next: (usize, usize)) -> bool {
        let (begun, whole) = (&self.said[item.0..item.1], &self.said[next.0..next.1]);
        let mut heads = whole.windows(begun.len().max(1));
        heads.any(|head| head.iter().zip(begun).all(|(a, b)| a.token == b.token))
    }

    /// More than a name stands there.
    fn states(&self, (start, end): (usize, usize)) -> bool {
        let words = &self.said[start..end];
        let verb =
            |word: &Word| word.denial.is_some() || word.char().is_some_and(|c| STATES.contains(c));
        words.len() > ITEM
            || words.iter().any(|word| word.denial.is_some())
            || (words.len() > 2 && words.iter().any(verb))
            || words.first().is_some_and(|word| word.is('要'))
    }

    fn foreign(&self, list: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let taken = || {
            let chosen = self.chosen.iter().flatten();
            chosen.flat_map(|candidate| &candidate.taken)
        };
        let named = |item: &&(usize, usize)| taken().any(|range| overlap(*range, **item));
        let repeats =
            |item: &&(usize, usize)| self.repeated.iter().any(|range| overlap(*range, **item));
        let of_key = |item: &&(usize, usize)| {
            let length = item.1 - item.0;
            in_runs(&self.said[item.0..item.1], self.elements, length.min(2)) >= length
        };
        let elements: Vec<(usize, usize)> = list.iter().filter(named).copied().collect();
        let others = list.iter().filter(|item| !named(item) && !repeats(item));
        let chosen = self.chosen.iter().flatten();
        let inside = chosen.filter(|candidate| elements.iter().any(|item| candidate.meets(*item)));
        let strangers = others.clone();
        let others = others.count();
        if others < 2 || elements.is_empty() {
            return vec![];
        }
        let strange = match others {
            5.. => strangers.filter(|item| !of_key(item)).count(),
            _ => 0,
        };
        if strange >= 3 && strange > 2 * inside.clone().count() {
            return elements;
        }
        // Words of one element told off one by one among many.
        let bare = |range: &(usize, usize)| list.contains(range);
        let told_off = inside.filter(|candidate| {
            list.len() >= 5
                && others >= 2
                && candidate.taken.len() > 1
                && candidate.taken.iter().all(bare)
        });
        let mut heaps: Vec<(usize, usize)> = told_off
            .map(|candidate| (candidate.first(), candidate.last() + 1))
            .collect();
        if others >= 2 && others > elements.len() {
            let partly = |item: &(usize, usize)| {
                let bare = (item.0..item.1)
                    .filter(|&at| !taken().any(|range| range.0 <= at && at < range.1));
                let mut own = self.elements.iter().zip(self.chosen);
                let element =
                    own.find(|(_, chosen)| chosen.is_some_and(|chosen| chosen.meets(*item)));
                let foreign = |at: &usize| {
                    let c = self.said[*at].char();
                    c.is_some_and(|c| !element.is_some_and(|(element, _)| element.own.contain(c)))
                };
                bare.clone().count() >= 2 && bare.filter(foreign).count() >= 1
            };
            heaps.extend(elements.into_iter().filter(partly));
        }
        heaps
    }

    /// Hardly a small word or mark, and most of it neither an element nor like the key.
    fn is_heap(&self, (start, end): (usize, usize)) -> bool {
        let words = &self.said[start..end];
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return false;
        };
        let text = if words.len() == self.said.len() {
            self.text
        } else {
            &self.text[first.start..last.end]
        };
        let joints = text.chars().filter(|c| JOINTS.contains(*c)).count();
        let repeated = self.repeated.iter();
        let repeated: usize = repeated
            .map(|range| range.1.min(end).saturating_sub(range.0.max(start)))
            .sum();
        let rest = words.len() - repeated;
        let taken = self.chosen.iter().flatten();
        let taken: usize = taken
            .filter(|candidate| start <= candidate.first() && candidate.last() < end)
            .map(|candidate| candidate.words())
            .sum();
        // Of everything that could be said at once nothing is said.
        let flood = rest >= FLOOD && 6 * taken < rest;
        if flood {
            return true;
        }
        10 * joints < words.len()
            && rest >= HEAP
            && 5 * taken < 2 * rest
            && 4 * (taken + in_runs(words, self.elements, RUN)) < 3 * rest
    }
}

/// How many words stand in runs that sound like a saying of the key.
fn in_runs(said: &[Word], elements: &[KeyedElement], least: usize) -> usize {
    let sayings = || elements.iter().flat_map(|element| &element.sayings);
    let mut count = 0;
    let mut at = 0;
    while at < said.len() {
        let runs = sayings().flat_map(|saying| {
            (0..saying.words.len()).map(|from| likeness::run(&said[at..], &saying.words[from..]))
        });
        let longest = runs.max().unwrap_or(0);
        if longest >= least {
            count += longest;
            at += longest;
        } else {
            at += 1;
        }
    }
    count
}

/// What speaks against the element `at`, and where.
pub(super) fn of(
    element: &KeyedElement,
    at: usize,
    heard: &[Heard],
    chosen: &[Option<&Candidate>],
    said: &[Word],
) -> Option<(Doubt, Candidate)> {
    let others = || chosen.iter().enumerate().filter(|(other, _)| *other != at);
    let free = |candidate: &&Candidate| {
        let mut taken = others().filter_map(|(_, chosen)| *chosen);
        !taken.any(|taken| taken.clashes(candidate))
    };
    let opposed = &heard[at].opposed;
    let Some(own) = chosen[at] else {
        let opposite = opposed.iter().find(free)?;
        return Some((Doubt::Opposite, opposite.clone()));
    };
    let denied = heard[at].denied.iter();
    let opposite = denied.filter(free).find(|opposed| !opposed.clashes(own));
    if let Some(opposite) = opposite {
        return Some((Doubt::Contradicted, opposite.clone()));
    }
    let taken: Vec<(usize, usize)> = chosen
        .iter()
        .flatten()
        .flat_map(|candidate| candidate.taken.iter().copied())
        .collect();
    let number = other_number(element, own, &heard[at], &taken, said)?;
    Some((
        Doubt::TwoNumbers,
        Candidate {
            taken: vec![(number.start, number.end)],
            saying: own.saying,
            cost: 0,
        },
    ))
}

/// The same said with another number, in a clause that says nothing else.
fn other_number(
    element: &KeyedElement,
    own: &Candidate,
    heard: &Heard,
    taken: &[(usize, usize)],
    said: &[Word],
) -> Option<Place> {
    let saying = &element.sayings[own.saying];
    let against = Against {
        others: &element.others,
        single: &element.single,
        figures: Figures::Any,
    };
    let present = Present::of(said.iter().map(|word| word.sound));
    saying
        .decisive
        .iter()
        .enumerate()
        .find_map(|(word, decisive)| {
            if !decisive.has_figure() || decisive.words.len() < 2 {
                return None;
            }
            candidates::heard(decisive, said, against, &present)
                .into_iter()
                .find(|place| {
                    let range = (place.start, place.end);
                    let clause = clause(said, place);
                    let inside = |other: &Place| clause.0 <= other.start && other.end <= clause.1;
                    let words = heard.places[own.saying].iter().enumerate();
                    let mut rest = words.filter(|(other, _)| *other != word);
                    let alone = saying.decisive.len() == 1;
                    place.cost == 0
                        && differs(place, decisive, said)
                        && !taken.iter().any(|taken| overlap(*taken, range))
                        // 不是三年，是五年 says one number only.
                    && said[clause.0..clause.1].iter().all(|word| word.denial.is_none())
                    && (alone || !heard.places[own.saying][word].iter().any(inside))
                        && rest.all(|(_, places)| places.iter().any(inside))
                })
        })
}

fn differs(place: &Place, decisive: &Decisive, said: &[Word]) -> bool {
    let tokens =
        |words: &[Word]| -> Vec<Token> { words.iter().map(|word| word.token.clone()).collect() };
    tokens(&said[place.start..place.end]) != tokens(&decisive.words)
}

/// The clause that a place stands in; it may reach into the next.
fn clause(said: &[Word], place: &Place) -> (usize, usize) {
    let start = (0..=place.start)
        .rev()
        .find(|&at| said[at].opens)
        .unwrap_or(0);
    let end = (place.end..said.len()).find(|&at| said[at].opens);
    (start, end.unwrap_or(said.len()))
}
