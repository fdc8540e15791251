//! Every place in a text that may stand for an element: the decisive words of one of its sayings, close together, denied
//! where the saying denies them and nowhere else.

use crate::{
    bank::question::{Element, Saying},
    grading::recall::{
        likeness, polarity,
        spoken::{self, Word},
    },
};

/// Word ranges taken for the decisive words, ascending, never empty, without overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) taken: Vec<(usize, usize)>,
}

impl Candidate {
    pub(super) fn first(&self) -> usize {
        self.taken[0].0
    }

    /// The last word, included.
    pub(super) fn last(&self) -> usize {
        self.taken[self.taken.len() - 1].1 - 1
    }

    /// How many words it takes.
    pub(super) fn words(&self) -> usize {
        self.taken.iter().map(|(start, end)| end - start).sum()
    }

    pub(super) fn clashes(&self, other: &Candidate) -> bool {
        self.taken
            .iter()
            .any(|a| other.taken.iter().any(|b| overlap(*a, *b)))
    }
}

/// A saying made ready: its decisive words, and which of them it denies itself.
struct Keyed {
    decisive: Vec<Vec<Word>>,
    denied: Vec<bool>,
    /// The longest stretch of said words that may hold them all.
    stretch: usize,
}

/// Per decisive word of a saying, every range of words where it was said.
type Occurrences = Vec<Vec<(usize, usize)>>;

/// Places at most looked at per decisive word and kept per element: nobody says one thing more often, and a text of one
/// word a thousand times over must not hold up the grader.
const KEPT: usize = 64;

pub(super) fn of_elements(elements: &[Element], said: &[Word]) -> Vec<Vec<Candidate>> {
    let keyed: Vec<Vec<Keyed>> = elements
        .iter()
        .map(|element| element.sayings.iter().map(Keyed::of).collect())
        .collect();
    let occurrences: Vec<Vec<Occurrences>> = keyed
        .iter()
        .map(|sayings| {
            sayings
                .iter()
                .map(|saying| saying.occurrences(said))
                .collect()
        })
        .collect();
    (0..elements.len())
        .map(|element| {
            // A denial does not reach across what another element may claim.
            let mut others: Vec<(usize, usize)> = occurrences
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != element)
                .flat_map(|(_, sayings)| sayings.iter().flatten().flatten().copied())
                .collect();
            others.sort_unstable();
            let mut candidates: Vec<Candidate> = vec![];
            for (saying, occurrences) in keyed[element].iter().zip(&occurrences[element]) {
                for candidate in saying.places(occurrences) {
                    if saying.agrees(&candidate, said, &others) {
                        candidates.push(Candidate::sorted(candidate));
                    }
                }
            }
            candidates.sort_by(|a, b| a.taken.cmp(&b.taken));
            candidates.dedup();
            candidates.truncate(KEPT);
            candidates
        })
        .collect()
}

impl Candidate {
    fn sorted(mut taken: Vec<(usize, usize)>) -> Candidate {
        taken.sort_unstable();
        Candidate { taken }
    }
}

impl Keyed {
    fn of(saying: &Saying) -> Keyed {
        let whole = spoken::words(&saying.text);
        let mut decisive: Vec<Vec<Word>> = saying
            .decisive
            .iter()
            .map(|text| spoken::words(text))
            .filter(|words| !words.is_empty())
            .collect();
        if decisive.is_empty() && !whole.is_empty() {
            decisive.push(whole.clone());
        }
        // Where each stands in the saying, one after the other: that decides what the saying denies.
        let mut denied = Vec::with_capacity(decisive.len());
        let mut from = 0;
        for words in &decisive {
            let place = (from..whole.len())
                .find_map(|at| Some((at, at + likeness::taken_for(&whole[at..], words)?)));
            denied.push(place.is_some_and(|(start, end)| {
                let answer = polarity::denied(&whole, start, end, from, whole.len());
                from = end;
                answer
            }));
        }
        Keyed {
            stretch: 2 * whole.len() + 10,
            decisive,
            denied,
        }
    }

    /// Per decisive word, where it was said.
    fn occurrences(&self, said: &[Word]) -> Occurrences {
        let places = |keyed: &Vec<Word>| {
            (0..said.len())
                .filter_map(|at| Some((at, at + likeness::taken_for(&said[at..], keyed)?)))
                .take(KEPT)
                .collect()
        };
        self.decisive.iter().map(places).collect()
    }

    /// From every occurrence on, the nearest ones of all the others; per decisive word, in the saying's order.
    fn places(&self, occurrences: &[Vec<(usize, usize)>]) -> Vec<Vec<(usize, usize)>> {
        let mut starts: Vec<usize> = occurrences.iter().flatten().map(|place| place.0).collect();
        starts.sort_unstable();
        starts.dedup();
        // Long words choose first, so that 农村 does not take the place of 农村集体.
        let mut order: Vec<usize> = (0..self.decisive.len()).collect();
        order.sort_by_key(|&word| std::cmp::Reverse(self.decisive[word].len()));
        starts
            .into_iter()
            .filter_map(|start| {
                let mut taken = vec![None; self.decisive.len()];
                for &word in &order {
                    let free = |place: &&(usize, usize)| {
                        place.0 >= start
                            && !taken.iter().flatten().any(|other| overlap(**place, *other))
                    };
                    taken[word] = Some(*occurrences[word].iter().find(free)?);
                }
                let taken: Vec<(usize, usize)> = taken.into_iter().flatten().collect();
                let end = taken.iter().map(|place| place.1).max()?;
                (end - start <= self.stretch).then_some(taken)
            })
            .collect()
    }

    /// Whether every decisive word stands denied exactly where the saying denies it. A denial that is asked for may be
    /// shared with another element (不得收费、摊派); one that is not asked for is not taken from across another element.
    fn agrees(&self, taken: &[(usize, usize)], said: &[Word], others: &[(usize, usize)]) -> bool {
        taken
            .iter()
            .zip(&self.denied)
            .all(|(&(start, end), &denied)| {
                let across: &[(usize, usize)] = if denied { &[] } else { others };
                let from = taken.iter().chain(across).map(|place| place.1);
                let from = from.filter(|&end| end <= start).max();
                let to = taken.iter().chain(others).map(|place| place.0);
                let to = to.filter(|&start| start >= end).min();
                let (from, to) = (from.unwrap_or(0), to.unwrap_or(said.len()));
                polarity::denied(said, start, end, from, to) == denied
            })
    }
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 < b.1 && b.0 < a.1
}
