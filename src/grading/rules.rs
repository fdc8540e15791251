//! 评分: what a partly right answer is worth, one rule a file. Whole hundredths, rounded down.

pub(super) mod all_or_nothing;
pub(super) mod partial_each;
pub(super) mod partial_fixed;
pub(super) mod partial_half;
pub(super) mod shares;
pub(super) mod wrong_deducts;

use crate::bank::{blueprint::Scoring, points::Points};

/// Points of a choice question for `chosen` right choices of `keyed`, none of them wrong: 0 < chosen < keyed.
pub(super) fn partly_chosen(scoring: Scoring, full: Points, chosen: usize, keyed: usize) -> Points {
    match scoring {
        Scoring::PartialProportional => shares::points(full, chosen, keyed),
        Scoring::PartialHalf => partial_half::points(full),
        Scoring::PartialEach(each) => partial_each::points(full, each, chosen),
        Scoring::PartialFixed(fixed) => partial_fixed::points(full, fixed),
        Scoring::AllOrNothing
        | Scoring::WrongDeducts(_)
        | Scoring::PerBlank
        | Scoring::AllBlanks
        | Scoring::PerElement => all_or_nothing::points(full, chosen, keyed),
    }
}

/// Points of blanks or elements, `found` of `parts`.
pub(super) fn parts_found(scoring: Scoring, full: Points, found: usize, parts: usize) -> Points {
    match scoring {
        Scoring::AllOrNothing | Scoring::AllBlanks => all_or_nothing::points(full, found, parts),
        Scoring::PerBlank
        | Scoring::PerElement
        | Scoring::PartialProportional
        | Scoring::PartialHalf
        | Scoring::PartialEach(_)
        | Scoring::PartialFixed(_)
        | Scoring::WrongDeducts(_) => shares::points(full, found, parts),
    }
}
