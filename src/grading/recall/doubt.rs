//! What speaks against an element although its words were heard: its opposite was said too, or another number for the same
//! thing. Saying everything that comes to mind is not rewarded.

use crate::grading::{
    numbers::Token,
    recall::{
        Doubt,
        candidates::{self, Candidate, Heard, overlap},
        key::{Decisive, KeyedElement},
        likeness::{self, Against, Figures, Place},
        spoken::Word,
        stem::Stem,
    },
};

/// What small words and marks there are between the words of anybody who says something.
const JOINTS: &str = "，。；：、,;的了和把对就都在";
/// A shorter answer is no heap.
const HEAP: usize = 12;
/// So many elements in a clause without a small word are a list of words.
const MANY: usize = 3;
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
    let of_many = |clause: &(usize, usize)| {
        let inside = |place: &Place| clause.0 <= place.start && place.end <= clause.1;
        let named = |heard: &&Heard| heard.places.iter().flatten().flatten().any(inside);
        heard.iter().filter(named).count() >= MANY
    };
    let opens = (0..said.len()).filter(|&at| at == 0 || said[at].opens);
    let starts: Vec<usize> = opens.chain([said.len()]).collect();
    let clauses = starts.windows(2).map(|pair| (pair[0], pair[1]));
    clauses
        .filter(|clause| {
            let words = &said[clause.0..clause.1];
            words.len() >= HEAP && !words.iter().any(|word| word.traits.light)
        })
        .filter(|clause| of_many(clause) && hearing.is_heap(*clause))
        .collect()
}

struct Hearing<'a> {
    text: &'a str,
    said: &'a [Word],
    elements: &'a [KeyedElement],
    repeated: Vec<(usize, usize)>,
    chosen: &'a [Option<&'a Candidate>],
}

impl Hearing<'_> {
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
        10 * joints < words.len()
            && rest >= HEAP
            && 5 * taken < 2 * rest
            && 4 * (taken + in_runs(words, self.elements)) < 3 * rest
    }
}

/// How many words stand in runs that sound like a saying of the key.
fn in_runs(said: &[Word], elements: &[KeyedElement]) -> usize {
    let sayings = || elements.iter().flat_map(|element| &element.sayings);
    let mut count = 0;
    let mut at = 0;
    while at < said.len() {
        let runs = sayings().flat_map(|saying| {
            (0..saying.words.len()).map(|from| likeness::run(&said[at..], &saying.words[from..]))
        });
        let longest = runs.max().unwrap_or(0);
        if longest >= RUN {
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
    saying
        .decisive
        .iter()
        .enumerate()
        .find_map(|(word, decisive)| {
            if !decisive.has_figure() || decisive.words.len() < 2 {
                return None;
            }
            candidates::heard(decisive, said, against)
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
                    && said[clause.0..place.start].iter().all(|word| word.denial.is_none())
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
