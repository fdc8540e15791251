//! The step log: appended, numbered, possibly out of order or sent twice; per question the highest number stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attempt::answer::Answer;

/// Each start or resume reserves the next block, so the phone that resumed last wins.
pub const BLOCK: i64 = 1_000_000;

/// One appended fact of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub seq: i64,
    /// Question number on the paper, from 1.
    pub number: u32,
    /// `None` takes the answer back.
    pub answer: Option<Answer>,
    /// The phone's own claim of time since the start; never trusted.
    pub elapsed_ms: Option<i64>,
    /// Server time at which its request was read whole, Unix milliseconds.
    pub at_ms: i64,
    /// Came after the end: kept, but counts only if an organizer accepts it.
    pub late: bool,
}

/// What stands: per question number the answer of the highest sequence number among the steps that count.
pub fn standing<'a>(steps: impl IntoIterator<Item = &'a Step>) -> BTreeMap<u32, &'a Answer> {
    standing_steps(steps)
        .into_iter()
        .filter_map(|(number, step)| step.answer.as_ref().map(|answer| (number, answer)))
        .collect()
}

/// Per question number the step with the highest sequence number among those that count; it may take the answer back.
pub fn standing_steps<'a>(steps: impl IntoIterator<Item = &'a Step>) -> BTreeMap<u32, &'a Step> {
    let mut highest: BTreeMap<u32, &Step> = BTreeMap::new();
    for step in steps.into_iter().filter(|step| !step.late) {
        let entry = highest.entry(step.number).or_insert(step);
        if step.seq > entry.seq {
            *entry = step;
        }
    }
    highest
}

/// The base of the block that comes after every number used so far.
pub fn next_block(highest_reserved: i64) -> i64 {
    (highest_reserved / BLOCK + 1) * BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(seq: i64, number: u32, chosen: Option<usize>) -> Step {
        Step {
            seq,
            number,
            answer: chosen.map(|index| Answer::Chosen(vec![index])),
            elapsed_ms: None,
            at_ms: 0,
            late: false,
        }
    }

    #[test]
    fn the_highest_number_stands_whatever_the_order_of_arrival() {
        let steps = [
            step(2_000_001, 1, Some(3)),
            step(1_000_009, 1, Some(0)),
            step(1_000_001, 2, Some(1)),
        ];
        let standing = standing(&steps);
        assert_eq!(standing[&1], &Answer::Chosen(vec![3]));
        assert_eq!(standing[&2], &Answer::Chosen(vec![1]));
    }

    #[test]
    fn an_answer_taken_back_is_gone_and_a_late_one_does_not_count() {
        let mut late = step(9, 2, Some(1));
        late.late = true;
        let steps = [step(1, 1, Some(0)), step(2, 1, None), late];
        assert!(standing(&steps).is_empty());
    }
}
