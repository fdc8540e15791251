//! From a bank and a blueprint to a paper: a pure function of (bank, blueprint, seed, day, history).

pub mod assemble;
pub mod drawn_with;
pub mod equivalence;
pub mod seal;
pub mod sheet;

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::bank::{
    blueprint::Scoring,
    points::Points,
    question::{Question, QuestionId, Revision},
};

/// The questions of papers by their exact revisions, as the bank or the store of past revisions has them.
pub type Questions = HashMap<Revision, Arc<Question>>;

/// A drawn paper. What is stored of it is the authority for ever: a later edit of the bank changes nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The blueprint's name.
    pub blueprint: String,
    /// Raised whenever the same inputs would draw another paper.
    pub assembly_version: u32,
    pub total: Points,
    /// In the order they are shown.
    pub questions: Vec<PaperQuestion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperQuestion {
    /// From 1, in the order shown.
    pub number: u32,
    pub id: QuestionId,
    pub revision: Revision,
    pub points: Points,
    pub scoring: Scoring,
    /// Place shown → index in the source: `[2, 0, 1]` shows the source's third choice as A. Empty where nothing is chosen.
    pub order: Vec<usize>,
}
