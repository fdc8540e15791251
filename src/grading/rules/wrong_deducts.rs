//! 答错扣 c 分: a wrong judgement costs points; the section's floor at 0 is kept by `grade_paper`.

use crate::bank::{blueprint::Scoring, points::Points};

/// What a wrong answer gives under this rule: below 0, or nothing where the rule does not deduct.
pub(in crate::grading) fn points(scoring: Scoring) -> Points {
    match scoring {
        Scoring::WrongDeducts(points) => Points::ZERO - points,
        Scoring::AllOrNothing
        | Scoring::PartialProportional
        | Scoring::PartialHalf
        | Scoring::PartialEach(_)
        | Scoring::PartialFixed(_)
        | Scoring::PerBlank
        | Scoring::AllBlanks
        | Scoring::PerElement => Points::ZERO,
    }
}
