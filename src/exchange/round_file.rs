//! An exported round: one JSON file with everything a stranger needs to draw its papers, grade its answers and rank its
//! people again. Knows the shape only; the checking is `app/auditor`'s.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    attempt::steps::Step,
    bank::{Bank, blueprint::Blueprint, posts::Posts, question::Question, synonyms::Synonyms},
    contest::{
        board::Board,
        round::{Entrant, Rules},
    },
    error::{Code, Error, Result},
    grading::{Outcome, rulings::Ruling},
    paper::{Paper, assemble::History},
    people::Role,
};

/// What the file says it is.
pub const FORMAT: &str = "yikouqing-round";
/// Raised when an older program would read the file wrongly.
pub const VERSION: u32 = 2;
/// The first, which knew no rulings, is read all the same.
const FIRST_VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundFile {
    pub format: String,
    pub version: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// RFC 3339.
    pub exported_at: String,
    pub people: People,
    pub round: RoundFacts,
    pub seal: Seal,
    pub bank: FiledBank,
    pub entrants: Vec<Entrant>,
    /// By id, which is the order they were begun in.
    pub attempts: Vec<FiledAttempt>,
    pub board: Board,
    /// Staff over the round who sat in it. What the program says of its log: nothing in the file can vouch for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FiledConflict>,
}

/// How often keys or answers came before their eyes up to the end of the own last attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledConflict {
    /// An entrant's id or pseudonym.
    pub person: String,
    pub roles: Vec<Role>,
    pub looks: usize,
}

/// Whether entrants stand under their own ids and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum People {
    Named,
    /// Under pseudonyms; units, posts and divisions stay, since papers and boards hang on them.
    Masked,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoundFacts {
    pub id: String,
    pub name: String,
    pub unit: String,
    /// `closed` or `announced`.
    pub state: String,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub limit_ms: i64,
    pub extension_ms: i64,
    pub paused_total_ms: i64,
    pub rules: Rules,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    /// Address of the frozen bank.
    pub publication: String,
    pub secret_hash: String,
    /// Hex; only after release.
    pub secret: Option<String>,
    /// The proof sheet made at sealing.
    pub proof: serde_json::Value,
}

/// The frozen bank, whole: what could have been drawn matters as much as what was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FiledBank {
    pub questions: Vec<Arc<Question>>,
    pub blueprints: Vec<Blueprint>,
    pub posts: Posts,
    /// Part of the publication's address only where there are any.
    #[serde(default, skip_serializing_if = "Synonyms::is_empty")]
    pub synonyms: Synonyms,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FiledAttempt {
    pub id: String,
    /// An entrant's id or pseudonym.
    pub person: String,
    pub number: u32,
    pub state: String,
    /// Hex.
    pub seed: String,
    pub drawn_with: DrawnWith,
    pub paper: Paper,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    /// How long the round stood still while it was open: no time used.
    #[serde(default)]
    pub paused_ms: i64,
    pub receipt: Option<String>,
    /// Says which version of the grading it came from.
    pub outcome: Option<Outcome>,
    pub steps: Vec<FiledStep>,
    /// On elements of spoken answers, in the order they were made; with pseudonyms, without their reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<Ruling>,
}

/// A step as it came, and since when it counts where it came late and an organizer accepted it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FiledStep {
    #[serde(flatten)]
    pub step: Step,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at_ms: Option<i64>,
}

impl FiledAttempt {
    /// The steps as they count at this instant; `None`: now.
    pub fn counting(&self, at_ms: Option<i64>) -> Vec<Step> {
        let counts = |filed: &FiledStep| {
            let accepted = filed.accepted_at_ms;
            accepted.is_some_and(|accepted| at_ms.is_none_or(|at_ms| accepted < at_ms))
        };
        let steps = self.steps.iter().map(|filed| Step {
            late: filed.step.late && !counts(filed),
            ..filed.step.clone()
        });
        steps.collect()
    }
}

/// The history a paper was drawn with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnWith {
    pub seen: BTreeSet<String>,
    pub used: BTreeMap<String, u32>,
}

impl From<History> for DrawnWith {
    fn from(history: History) -> DrawnWith {
        DrawnWith {
            seen: history.seen.into_iter().map(|id| id.0).collect(),
            used: history
                .used
                .into_iter()
                .map(|(id, used)| (id.0, used))
                .collect(),
        }
    }
}

impl From<Bank> for FiledBank {
    fn from(bank: Bank) -> FiledBank {
        FiledBank {
            questions: bank.questions,
            blueprints: bank.blueprints,
            posts: bank.posts,
            synonyms: bank.synonyms,
        }
    }
}

impl FiledBank {
    pub fn to_bank(&self) -> Bank {
        Bank {
            questions: self.questions.clone(),
            blueprints: self.blueprints.clone(),
            posts: self.posts.clone(),
            synonyms: self.synonyms.clone(),
            ..Bank::default()
        }
    }
}

impl RoundFile {
    pub fn read(bytes: &[u8]) -> Result<RoundFile> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let bad = |detail: String| Error::refused(Code::BadRequest, detail);
        let head: Head = serde_json::from_slice(bytes)
            .map_err(|_| bad("这不是 round export 导出的场次文件".into()))?;
        if head.format != FORMAT {
            return Err(bad("这不是 round export 导出的场次文件".into()));
        }
        if !(FIRST_VERSION..=VERSION).contains(&head.version) {
            let version = head.version;
            return Err(bad(format!(
                "这个文件是第 {version} 版格式，本程序只认第 {FIRST_VERSION} 至 {VERSION} 版，请换用相应版本的程序"
            )));
        }
        serde_json::from_slice(bytes)
            .map_err(|source| bad(format!("场次文件残缺或被改坏了，读不下去：{source}")))
    }

    pub fn write(&self, mut to: impl Write) -> Result<()> {
        serde_json::to_writer(&mut to, self)
            .map_err(|source| Error::internal("场次文件写不下去", source))?;
        to.write_all(b"\n")?;
        Ok(to.flush()?)
    }
}
