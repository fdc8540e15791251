//! 裁定: what organizers decide of elements of spoken answers. Appended, never changed: of an element the newest stands,
//! and only for the very words it was made about.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    attempt::steps::{Step, standing_steps},
    bank::question::Body,
    grading::{Found, Graded, Outcome, Verdict, rules, total_of},
    paper::{Paper, PaperQuestion, Questions},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Question number on the paper, from 1.
    pub number: u32,
    /// Place among the question's elements, from 1.
    pub element: u32,
    /// The step whose words were ruled on: of other words it says nothing.
    pub seq: i64,
    /// What counted until then.
    pub before: Found,
    pub after: Found,
    pub reason: String,
    /// Made when the results had been announced already.
    pub correction: bool,
    pub at_ms: i64,
}

/// What stands of the rulings on one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands<'r> {
    /// As it was graded without any ruling.
    pub graded: Found,
    pub newest: &'r Ruling,
}

/// How many elements count, or do not, by a ruling that says otherwise than the grading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    pub counted: u32,
    pub left_out: u32,
}

impl Ruled {
    pub fn is_none(&self) -> bool {
        *self == Ruled::default()
    }

    /// Of rulings that were made about the words that stand, in the order they were made.
    pub fn of<'r>(rulings: impl IntoIterator<Item = &'r Ruling>) -> Ruled {
        let mut ruled = Ruled::default();
        for stands in newest(rulings).into_values() {
            match (stands.graded, stands.newest.after) {
                (Found::No, Found::Yes) => ruled.counted += 1,
                (Found::Yes, Found::No) => ruled.left_out += 1,
                (Found::Yes, Found::Yes) | (Found::No, Found::No) => {}
            }
        }
        ruled
    }

    /// `2 个口答要点经裁定计入`; `None` where no ruling changed anything.
    pub fn chinese(self) -> Option<String> {
        let counted = (self.counted > 0).then(|| format!("{} 个口答要点经裁定计入", self.counted));
        let left_out =
            (self.left_out > 0).then(|| format!("{} 个口答要点经裁定不计", self.left_out));
        match (counted, left_out) {
            (Some(counted), Some(left_out)) => Some(format!("{counted}，{left_out}")),
            (one, other) => one.or(other),
        }
    }
}

impl std::ops::Add for Ruled {
    type Output = Ruled;
    fn add(self, other: Ruled) -> Ruled {
        Ruled {
            counted: self.counted + other.counted,
            left_out: self.left_out + other.left_out,
        }
    }
}

/// Those made about words that still stand, in their order.
pub fn on_standing_words<'r>(rulings: &'r [Ruling], steps: &[Step]) -> Vec<&'r Ruling> {
    let standing = standing_steps(steps);
    let stands = |ruling: &&Ruling| {
        standing
            .get(&ruling.number)
            .is_some_and(|step| step.seq == ruling.seq)
    };
    rulings.iter().filter(stands).collect()
}

/// By question number and element: the newest of rulings given in the order they were made.
pub fn newest<'r>(
    rulings: impl IntoIterator<Item = &'r Ruling>,
) -> BTreeMap<(u32, u32), Stands<'r>> {
    let mut newest: BTreeMap<(u32, u32), Stands<'r>> = BTreeMap::new();
    for ruling in rulings {
        newest
            .entry((ruling.number, ruling.element))
            .and_modify(|stands| stands.newest = ruling)
            .or_insert(Stands {
                graded: ruling.before,
                newest: ruling,
            });
    }
    newest
}

/// 32 hex digits over all rulings of an attempt, in their order; empty without any.
pub fn digest(rulings: &[Ruling]) -> String {
    if rulings.is_empty() {
        return String::new();
    }
    let facts = serde_json::to_vec(rulings).expect("rulings are plain data");
    let digest = Sha256::digest(facts);
    digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Outcome {
    /// With all rulings of the attempt, in their order: those on words that still stand decide their elements. Touches
    /// nothing else, so an outcome of another version of the grading stays what it was but for what was ruled.
    #[must_use]
    pub fn ruled(
        mut self,
        paper: &Paper,
        questions: &Questions,
        rulings: &[Ruling],
        steps: &[Step],
    ) -> Outcome {
        let standing = newest(on_standing_words(rulings, steps));
        let mut touched = BTreeSet::new();
        for ((number, element), stands) in &standing {
            let mut grades = self.grades.iter_mut();
            let grade = grades.find(|grade| grade.number == *number && may_be_ruled(grade.verdict));
            let place = (*element as usize).checked_sub(1);
            let part = grade
                .zip(place)
                .and_then(|(grade, place)| grade.parts.get_mut(place));
            if let Some(part) = part {
                part.found = stands.newest.after;
                touched.insert(*number);
            }
        }
        for number in touched {
            self.sum_up_question(paper, questions, number);
        }
        self.points = total_of(paper, questions, &self.grades);
        self.rulings = digest(rulings);
        self
    }

    fn sum_up_question(&mut self, paper: &Paper, questions: &Questions, number: u32) {
        let asked = paper.questions.iter().find(|asked| asked.number == number);
        let grade = self.grades.iter_mut().find(|grade| grade.number == number);
        let (Some(asked), Some(grade)) = (asked, grade) else {
            return;
        };
        if is_spoken(asked, questions) {
            let parts = std::mem::take(&mut grade.parts);
            let found = parts.iter().filter(|part| part.found == Found::Yes).count();
            let points = rules::parts_found(asked.scoring, asked.points, found, parts.len());
            let graded = Graded::of_parts(points, parts);
            (grade.points, grade.verdict, grade.parts) =
                (graded.points, graded.verdict, graded.parts);
        }
    }
}

/// Where nothing was said there is nothing to rule on.
fn may_be_ruled(verdict: Verdict) -> bool {
    verdict != Verdict::Unanswered
}

fn is_spoken(asked: &PaperQuestion, questions: &Questions) -> bool {
    let question = questions.get(&asked.revision);
    question.is_some_and(|question| matches!(question.body, Body::Recall(_)))
}

#[cfg(test)]
mod tests;
