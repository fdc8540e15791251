//! 抽问: an examiner draws questions for a person's post, hears the answer, ticks the parts that were said.

pub mod draw;
pub mod event;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    bank::{
        points::Points,
        question::{Body, Kind, Question, QuestionId, Revision},
    },
    people::{Unit, UnitKind},
};

/// The most people of one session, and the most questions for one person.
pub const PEOPLE_MAX: usize = 10;
pub const QUESTIONS_MAX: u32 = 10;

/// What is drawn from: a question under shared material is 材料题 whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    Recall,
    Material,
    Blanks,
    Judgement,
    Single,
    Multiple,
}

impl Sort {
    pub const ALL: [Sort; 6] = [
        Sort::Recall,
        Sort::Material,
        Sort::Blanks,
        Sort::Judgement,
        Sort::Single,
        Sort::Multiple,
    ];
    /// What is above all spoken, where nothing else is chosen.
    pub const USUAL: [Sort; 2] = [Sort::Recall, Sort::Material];

    pub fn of(question: &Question) -> Sort {
        match (question.material.is_some(), question.kind()) {
            (true, _) => Sort::Material,
            (_, Kind::Recall) => Sort::Recall,
            (_, Kind::Blanks) => Sort::Blanks,
            (_, Kind::Judgement) => Sort::Judgement,
            (_, Kind::Single) => Sort::Single,
            (_, Kind::Multiple) => Sort::Multiple,
        }
    }

    /// As forms and JSON say it.
    pub fn text(self) -> &'static str {
        match self {
            Sort::Recall => "recall",
            Sort::Material => "material",
            Sort::Blanks => "blanks",
            Sort::Judgement => "judgement",
            Sort::Single => "single",
            Sort::Multiple => "multiple",
        }
    }

    pub fn parse(text: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.text() == text)
    }

    pub fn chinese(self) -> &'static str {
        match self {
            Sort::Recall => "口答",
            Sort::Material => "材料",
            Sort::Blanks => "填空",
            Sort::Judgement => "判断",
            Sort::Single => "单选",
            Sort::Multiple => "多选",
        }
    }
}

/// Whether the session's points count anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// 试抽: no points, no rank.
    Trial,
    /// 计分: belongs to an event.
    Scored,
}

/// A question as drawn for one person; the revision is what is asked for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// From 1.
    pub number: u32,
    pub id: QuestionId,
    pub revision: Revision,
}

/// What the examiner heard of one question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Which parts were said, as indexes: elements, blanks, or 0 for the one answer of the other kinds.
    pub said: BTreeSet<usize>,
    /// 点评.
    pub comment: String,
}

/// One appended fact: what the examiner set down for a person's question, or took back (`None`: 没问).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Made by the phone, rising.
    pub seq: i64,
    /// Place of the person in the session, from 1.
    pub person: u32,
    pub number: u32,
    pub mark: Option<Mark>,
}

/// Person and question number → what stands.
pub type Marks = BTreeMap<(u32, u32), Mark>;

/// What stands of these steps, whatever their order: per person and question the highest number.
pub fn standing(steps: &[Step]) -> Marks {
    let mut latest: BTreeMap<(u32, u32), &Step> = BTreeMap::new();
    for step in steps {
        let place = latest.entry((step.person, step.number)).or_insert(step);
        if step.seq > place.seq {
            *place = step;
        }
    }
    latest
        .into_iter()
        .filter_map(|(place, step)| Some((place, step.mark.clone()?)))
        .collect()
}

/// What can be ticked apart: elements, blanks, or the one answer.
pub fn parts(question: &Question) -> usize {
    match &question.body {
        Body::Recall(recall) => recall.elements.len(),
        Body::Blanks(blanks) => blanks.accepted.len(),
        Body::Choices(_) | Body::Judgement { .. } => 1,
    }
}

/// Full points × parts said ÷ parts, rounded down to a hundredth.
pub fn grade(question: &Question, mark: &Mark, full: Points) -> Points {
    let parts = parts(question);
    let said = mark.said.iter().filter(|part| **part < parts).count();
    full.share(said, parts)
}

/// 回避: whether both belong to one house. A group belongs to its village.
pub fn same_house(units: &[Unit], one: &str, other: &str) -> bool {
    house(units, one) == house(units, other)
}

fn house<'a>(units: &'a [Unit], id: &'a str) -> &'a str {
    let unit = units.iter().find(|unit| unit.id == id);
    match unit {
        Some(unit) if unit.kind == UnitKind::Group => unit.parent_id.as_deref().unwrap_or(id),
        _ => id,
    }
}

#[cfg(test)]
mod tests;
