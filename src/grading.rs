//! Score points in whole hundredths: one file per question kind, one per rule. Knows no database, no clock, no page.

use serde::{Deserialize, Serialize};

use crate::bank::points::Points;

/// A graded attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub points: Points,
    pub total: Points,
    /// One per question of the paper, in its order.
    pub grades: Vec<QuestionGrade>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionGrade {
    pub number: u32,
    /// May be negative where a rule deducts; the section's floor shows only in `Outcome::points`.
    pub points: Points,
    pub verdict: Verdict,
    /// Blanks and recall: what was found part by part (blank or element), else empty.
    pub parts: Vec<PartGrade>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    Partial,
    Wrong,
    Unanswered,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartGrade {
    pub found: Found,
    /// Recall: the words taken for it, byte range in the said text, so that it can be disputed.
    pub taken: Option<(usize, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    Yes,
    No,
}
