//! Score points in whole hundredths: one file per question kind, one per rule. Knows no database, no clock, no page.

pub mod blanks;
pub mod choices;
pub mod judgement;
pub mod disputes;
pub mod numbers;
pub mod recall;
mod rules;
pub mod rulings;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    attempt::answer::Answer,
    bank::{
        blueprint::Scoring,
        points::Points,
        question::{Body, Kind, Question, Revision},
    },
    paper::{Paper, Questions},
};

/// Raised whenever the same answer to the same question would be given other points than before: by a rule, by the
/// matcher of spoken answers, by what counts as the same text or number. Each outcome keeps the version it came from; a
/// golden test notices where it was forgotten.
pub const GRADING_VERSION: u32 = 2;

/// Grades a whole paper: the sum per section (all questions of one kind), no section below 0.
///
/// # Panics
/// When `questions` lacks a revision of the paper: published revisions are kept for ever, and half a grade would be a
/// wrong one. `missing` says so beforehand.
pub fn grade_paper(
    paper: &Paper,
    questions: &Questions,
    answers: &BTreeMap<u32, &Answer>,
) -> Outcome {
    let mut grades = Vec::with_capacity(paper.questions.len());
    for asked in &paper.questions {
        let question = questions
            .get(&asked.revision)
            .expect("every revision on a paper is kept for ever");
        let answer = answers.get(&asked.number).copied();
        grades.push(grade_question(
            question,
            answer,
            asked.points,
            asked.scoring,
            asked.number,
        ));
    }
    Outcome {
        points: total_of(paper, questions, &grades),
        total: paper.total,
        grades,
        grading_version: GRADING_VERSION,
        rulings: String::new(),
    }
}

/// The sum of these grades, no section below 0. What is not on the paper counts nothing.
pub fn total_of(paper: &Paper, questions: &Questions, grades: &[QuestionGrade]) -> Points {
    let mut sections: BTreeMap<Kind, Points> = BTreeMap::new();
    for asked in &paper.questions {
        let grade = grades.iter().find(|grade| grade.number == asked.number);
        if let Some((grade, question)) = grade.zip(questions.get(&asked.revision)) {
            let section = sections.entry(question.kind()).or_default();
            *section = *section + grade.points;
        }
    }
    let floored = sections
        .into_values()
        .map(|points| points.max(Points::ZERO));
    floored.sum()
}

/// The revisions a paper needs that `questions` lacks.
pub fn missing(paper: &Paper, questions: &Questions) -> Vec<Revision> {
    paper
        .questions
        .iter()
        .filter(|asked| !questions.contains_key(&asked.revision))
        .map(|asked| asked.revision.clone())
        .collect()
}

/// Grades one question. An answer of another shape than the question's counts as none.
pub fn grade_question(
    question: &Question,
    answer: Option<&Answer>,
    points: Points,
    scoring: Scoring,
    number: u32,
) -> QuestionGrade {
    let answer = answer.filter(|answer| !answer.is_empty());
    let grade = match (&question.body, answer) {
        (Body::Choices(key), Some(Answer::Chosen(chosen))) => {
            choices::grade(key, chosen, points, scoring)
        }
        (Body::Judgement { truth }, Some(Answer::Chosen(chosen))) => {
            judgement::grade(*truth, chosen, points, scoring)
        }
        (Body::Blanks(key), Some(Answer::Filled(texts))) => {
            blanks::grade(key, texts, points, scoring)
        }
        (Body::Recall(key), Some(Answer::Said(said))) => {
            recall::grade(question, key, said, points, scoring)
        }
        (body, _) => Graded::unanswered(parts_of(body)),
    };
    QuestionGrade {
        number,
        points: grade.points,
        verdict: grade.verdict,
        parts: grade.parts,
    }
}

/// A grade before it has a number.
struct Graded {
    points: Points,
    verdict: Verdict,
    parts: Vec<PartGrade>,
}

impl Graded {
    fn unanswered(parts: usize) -> Graded {
        let none = PartGrade {
            found: Found::No,
            taken: None,
        };
        Graded {
            points: Points::ZERO,
            verdict: Verdict::Unanswered,
            parts: vec![none; parts],
        }
    }

    /// Of something made of parts: right with all, wrong with none.
    fn of_parts(points: Points, parts: Vec<PartGrade>) -> Graded {
        let found = parts.iter().filter(|part| part.found == Found::Yes).count();
        let verdict = match found {
            0 => Verdict::Wrong,
            all if all == parts.len() => Verdict::Right,
            _ => Verdict::Partial,
        };
        Graded {
            points,
            verdict,
            parts,
        }
    }
}

fn parts_of(body: &Body) -> usize {
    match body {
        Body::Choices(_) | Body::Judgement { .. } => 0,
        Body::Blanks(blanks) => blanks.accepted.len(),
        Body::Recall(recall) => recall.elements.len(),
    }
}

/// A graded attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub points: Points,
    pub total: Points,
    /// One per question of the paper, in its order.
    pub grades: Vec<QuestionGrade>,
    /// The `GRADING_VERSION` it came from; outcomes that do not say are of the first.
    #[serde(default = "first_version")]
    pub grading_version: u32,
    /// `rulings::digest` of the rulings that are in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rulings: String,
}

fn first_version() -> u32 {
    1
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

#[cfg(test)]
mod tests;
