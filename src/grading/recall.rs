//! 口答: which elements were said, and where. Points per element; what was taken for each is kept, so that it can be disputed.
//!
//! An element counts as said when all decisive words of one of its sayings stand within one stretch of the text, with the
//! numbers and the polarity of the saying. A stretch serves one element. Likeness of words is decided in one place
//! (`likeness`): there a tolerance for speech recognition belongs, and nowhere else.

mod assignment;
mod candidates;
mod likeness;
mod polarity;
mod spoken;

use crate::{
    bank::{blueprint::Scoring, points::Points, question::Recall},
    grading::{Found, Graded, PartGrade, rules},
};

pub(super) fn grade(key: &Recall, said: &str, full: Points, scoring: Scoring) -> Graded {
    let parts = find(key, said);
    let found = parts.iter().filter(|part| part.found == Found::Yes).count();
    let points = rules::parts_found(scoring, full, found, parts.len());
    Graded::of_parts(points, parts)
}

/// Element by element, whether and where it was said. As many elements as possible are found.
pub fn find(key: &Recall, said: &str) -> Vec<PartGrade> {
    let words = spoken::words(said);
    let candidates = candidates::of_elements(&key.elements, &words);
    let chosen = if key.ordered {
        assignment::in_order(&candidates)
    } else {
        assignment::in_any_order(&candidates)
    };
    chosen
        .into_iter()
        .map(|candidate| match candidate {
            Some(candidate) => PartGrade {
                found: Found::Yes,
                taken: Some((words[candidate.first()].start, words[candidate.last()].end)),
            },
            None => PartGrade {
                found: Found::No,
                taken: None,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests;
