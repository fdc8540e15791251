//! 口答: which elements were said, and where. Points per element; what was taken for each is kept, so that it can be disputed.
//!
//! An element counts as said when all decisive words of one of its sayings stand within one stretch of the text, with the
//! numbers and the polarity of the saying. A stretch serves one element. Who says an element and its opposite, or two
//! numbers for one thing, has not said it. Likeness of words is decided in one place (`likeness`).

mod asked;
mod assignment;
mod candidates;
mod doubt;
mod ears;
mod figures;
mod key;
mod letters;
mod lexicon;
mod likeness;
mod opposites;
mod phrases;
mod polarity;
mod rhetoric;
mod sound;
mod spoken;
mod stance;
mod stem;
mod territory;
pub mod trial;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    bank::{
        blueprint::Scoring,
        points::Points,
        question::{Body, Question, Recall},
    },
    grading::{
        Found, Graded, PartGrade,
        recall::{
            candidates::Candidate,
            key::{KeyedElement, KeyedSaying},
            phrases::Phrases,
            spoken::Word,
            stem::Stem,
            territory::Territory,
        },
        rules,
    },
};

/// What became of one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub said: bool,
    /// Said: the words taken for it, as byte ranges of the answer, ascending. Not said: the words that speak against it, if
    /// any do.
    pub spans: Vec<Range<usize>>,
    /// Not said: the decisive words that were not heard, of the way to say it that came nearest.
    pub missing: Vec<String>,
    /// Why words that were heard do not count.
    pub doubt: Option<Doubt>,
}

/// Why an element is not taken as said although its words were heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The opposite was said: 可以收费 for 不得收费.
    Opposite,
    /// It and its opposite were said.
    Contradicted,
    /// Two numbers were said for one thing.
    TwoNumbers,
    /// The answer is a heap of words.
    Heap,
}

/// Listens to one answer. Element by element, in the question's order; empty when the question is none to be spoken.
pub fn hear(question: &Question, text: &str) -> Vec<Heard> {
    match &question.body {
        Body::Recall(key) => ears::of(question, key).hear(text),
        _ => Vec::new(),
    }
}

/// A question made ready to listen to many answers.
#[derive(Debug)]
pub struct Ear {
    elements: Vec<KeyedElement>,
    ordered: bool,
    stem: Stem,
}

impl Ear {
    /// None when the question is none to be spoken.
    pub fn of(question: &Question) -> Option<Ear> {
        match &question.body {
            Body::Recall(key) => Some(Ear::of_key(key, &question.stem_text)),
            _ => None,
        }
    }

    pub(super) fn of_key(key: &Recall, stem: &str) -> Ear {
        Ear {
            elements: key::of(&key.elements, stem),
            ordered: key.ordered,
            stem: Stem::of(stem),
        }
    }

    /// As many elements as possible are found.
    pub fn hear(&self, text: &str) -> Vec<Heard> {
        let words = spoken::words(text);
        let heard = candidates::of_elements(&self.elements, &self.stem, &words);
        let chosen = if self.ordered {
            assignment::in_order(&heard)
        } else {
            assignment::in_any_order(&heard)
        };
        let heaps = doubt::heaps(text, &words, &self.elements, &self.stem, &heard, &chosen);
        let phrases = Phrases::of(text);
        let territory = Territory {
            elements: &self.elements,
            heard: &heard,
            chosen: &chosen,
            stem: &self.stem,
            phrases: &phrases,
            said: &words,
        };
        (0..self.elements.len())
            .map(|at| {
                let element = &self.elements[at];
                let doubt = doubt::of(element, at, &heard, &chosen, &words).or_else(|| {
                    let taken_back = territory.taken_back(at);
                    taken_back.then(|| Some((Doubt::Opposite, chosen[at]?.clone())))?
                });
                match (chosen[at], doubt) {
                    (Some(candidate), None) if heaps.iter().any(|heap| candidate.meets(*heap)) => {
                        Heard {
                            said: false,
                            spans: spans(candidate, &words),
                            missing: vec![],
                            doubt: Some(Doubt::Heap),
                        }
                    }
                    (Some(candidate), None) => Heard {
                        said: true,
                        spans: spans(candidate, &words),
                        missing: vec![],
                        doubt: None,
                    },
                    (_, Some((doubt, candidate))) => Heard {
                        said: false,
                        spans: spans(&candidate, &words),
                        missing: vec![],
                        doubt: Some(doubt),
                    },
                    (None, None) => Heard {
                        said: false,
                        spans: vec![],
                        missing: missing(&element.sayings, &heard[at].places),
                        doubt: None,
                    },
                }
            })
            .collect()
    }
}

fn spans(candidate: &Candidate, words: &[Word]) -> Vec<Range<usize>> {
    let ranges = candidate.taken.iter();
    ranges
        .map(|&(start, end)| words[start].start..words[end - 1].end)
        .collect()
}

/// Of the saying of which most was heard, what was not.
fn missing(sayings: &[KeyedSaying], places: &[Vec<Vec<likeness::Place>>]) -> Vec<String> {
    let lacking = |(saying, places): (&KeyedSaying, &Vec<Vec<likeness::Place>>)| -> Vec<String> {
        let words = saying.decisive.iter().zip(places);
        words
            .filter(|(_, places)| places.is_empty())
            .map(|(word, _)| word.text.clone())
            .collect()
    };
    let all: Vec<Vec<String>> = sayings.iter().zip(places).map(lacking).collect();
    let partly = all
        .iter()
        .zip(sayings)
        .filter(|(lacking, saying)| lacking.len() < saying.decisive.len())
        .min_by_key(|(lacking, _)| lacking.len());
    let nearest = partly.map(|(lacking, _)| lacking);
    let nearest = nearest
        .filter(|lacking| !lacking.is_empty())
        .or(all.first());
    nearest.cloned().unwrap_or_default()
}

pub(super) fn grade(
    question: &Question,
    key: &Recall,
    said: &str,
    full: Points,
    scoring: Scoring,
) -> Graded {
    let parts = parts(ears::of(question, key).hear(said));
    let found = parts.iter().filter(|part| part.found == Found::Yes).count();
    let points = rules::parts_found(scoring, full, found, parts.len());
    Graded::of_parts(points, parts)
}

/// Element by element, whether it was said, and the stretch from the first to the last word taken for it.
pub fn find(key: &Recall, stem: &str, said: &str) -> Vec<PartGrade> {
    parts(Ear::of_key(key, stem).hear(said))
}

fn parts(heard: Vec<Heard>) -> Vec<PartGrade> {
    let part = |heard: Heard| {
        let stretch = heard.spans.first().zip(heard.spans.last());
        let taken = stretch.map(|(first, last)| (first.start, last.end));
        if heard.said {
            PartGrade {
                found: Found::Yes,
                taken,
            }
        } else {
            PartGrade {
                found: Found::No,
                taken: None,
            }
        }
    };
    heard.into_iter().map(part).collect()
}

#[cfg(test)]
mod tests;
