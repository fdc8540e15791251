//! A question: what is asked, what is right, where it stands in the law, and for whom.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::bank::html::Html;

/// The author's `#id`: lower-case letters, digits and hyphens; unique in the bank, for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(pub String);

/// 32 hex digits: the hash of what is asked and graded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Single,
    Multiple,
    Judgement,
    Blanks,
    Recall,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Single,
        Kind::Multiple,
        Kind::Judgement,
        Kind::Blanks,
        Kind::Recall,
    ];

    pub fn chinese(self) -> &'static str {
        match self {
            Kind::Single => "单选",
            Kind::Multiple => "多选",
            Kind::Judgement => "判断",
            Kind::Blanks => "填空",
            Kind::Recall => "口答",
        }
    }
}

/// 用途. A contest question never appears in practice before its round is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Practice,
    Contest,
    #[default]
    General,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub revision: Revision,
    /// Changes when only the explanation does; no paper depends on it.
    pub rationale_revision: Revision,
    /// 专题 of its file.
    pub topic: String,
    /// The file's folder below the bank, `/`-separated; empty for the bank's own folder.
    pub folder: String,
    /// 岗位 by their names in `posts.md`; empty means everybody.
    pub posts: Vec<String>,
    /// 1–5.
    pub difficulty: u8,
    pub purpose: Purpose,
    pub source: Source,
    pub in_force: InForce,
    /// 取代: the question whose answer was right before this one's became so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<QuestionId>,
    /// The shared text it stands under; questions of one material keep together.
    pub material: Option<Material>,
    pub stem: Html,
    /// The stem as plain text, a blank shown as `____`.
    pub stem_text: String,
    pub body: Body,
    pub rationale: Html,
    pub place: Place,
}

impl Question {
    pub fn kind(&self) -> Kind {
        match &self.body {
            Body::Choices(choices) if choices.multiple => Kind::Multiple,
            Body::Choices(_) => Kind::Single,
            Body::Judgement { .. } => Kind::Judgement,
            Body::Blanks(_) => Kind::Blanks,
            Body::Recall(_) => Kind::Recall,
        }
    }

    pub fn fits_post(&self, post: &str) -> bool {
        self.posts.is_empty() || self.posts.iter().any(|each| each == post)
    }
}

/// The answer part: what is offered, and the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    Choices(Choices),
    /// Shown as A 正确, B 错误.
    Judgement {
        truth: bool,
    },
    Blanks(Blanks),
    Recall(Recall),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// In the source's order: answers are stored as indexes into it.
    pub choices: Vec<Choice>,
    /// Indexes of the right ones, ascending, at least one.
    pub key: Vec<usize>,
    pub multiple: bool,
    /// `.固定顺序`: not shuffled.
    pub fixed_order: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub html: Html,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blanks {
    /// Per blank the accepted texts, the first one shown as the key.
    pub accepted: Vec<Vec<String>>,
    pub any_order: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    pub elements: Vec<Element>,
    /// `.按序`: the order counts.
    pub ordered: bool,
}

/// 要点: one thing to be said, in any of its ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Element {
    pub html: Html,
    /// At least one; parted by `|` in the source.
    pub sayings: Vec<Saying>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    pub text: String,
    /// The bold words; the whole text where nothing is bold.
    pub decisive: Vec<String>,
}

/// Shared material (材料): a text with questions under it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    pub id: QuestionId,
    pub title: String,
    pub html: Html,
}

/// 依据: the policy document with its number, and the clause where there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    pub document: String,
    pub clause: String,
}

/// 施行 and 失效, both inclusive: in force from the first day to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InForce {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl InForce {
    pub fn on(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Where it stands, for faults and for the trainer's page. `file` is relative to its bank's folder; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    pub line: usize,
}

/// A local picture of a stem, choice or material, served as `/pictures/{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// 32 hex digits of its bytes, a dot, and its ending (png, jpg, jpeg, gif, webp).
    pub name: String,
    pub bytes: Vec<u8>,
}
