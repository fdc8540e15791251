//! 判断: 0 is 正确, 1 is 错误; a wrong one may cost points where the blueprint says so.

use crate::{
    bank::{blueprint::Scoring, points::Points},
    grading::{Graded, Verdict, rules},
};

pub(super) fn grade(truth: bool, chosen: &[usize], full: Points, scoring: Scoring) -> Graded {
    let right = usize::from(!truth);
    let (points, verdict) = if chosen == [right] {
        (full, Verdict::Right)
    } else {
        (rules::wrong_deducts::points(scoring), Verdict::Wrong)
    };
    Graded {
        points,
        verdict,
        parts: vec![],
    }
}
