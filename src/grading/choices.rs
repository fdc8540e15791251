//! 单选 and 多选: any wrong choice gives 0 under every rule, the whole key gives everything, a part of it what the rule says.

use std::collections::BTreeSet;

use crate::{
    bank::{blueprint::Scoring, points::Points, question::Choices},
    grading::{Graded, Verdict, rules},
};

pub(super) fn grade(key: &Choices, chosen: &[usize], full: Points, scoring: Scoring) -> Graded {
    let keyed: BTreeSet<usize> = key.key.iter().copied().collect();
    let chosen: BTreeSet<usize> = chosen.iter().copied().collect();
    let (points, verdict) = if !chosen.is_subset(&keyed) {
        (Points::ZERO, Verdict::Wrong)
    } else if chosen == keyed {
        (full, Verdict::Right)
    } else {
        let points = rules::partly_chosen(scoring, full, chosen.len(), keyed.len());
        (points, Verdict::Partial)
    };
    Graded {
        points,
        verdict,
        parts: vec![],
    }
}
