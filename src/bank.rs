//! What trainers write: questions, materials, blueprints and posts, read from Markdown, with faults beside them.
//!
//! Parsing never fails: a file gives questions *and* faults. Nothing here draws, grades or stores.

pub mod question;
pub mod posts;
pub mod synonyms;
pub mod blueprint;
pub mod points;
pub mod fault;
pub mod html;
pub mod census;
pub mod tidy;
pub mod read;
mod judge;
mod decode;
mod dialect;
mod standard;
mod fill;
mod lint;
mod revision;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::bank::{
    blueprint::Blueprint,
    fault::{Fault, Severity},
    posts::Posts,
    question::{Picture, Question, QuestionId, Revision},
    read::Reading,
    synonyms::Synonyms,
};

/// Everything one or several folders of Markdown say, and what is wrong with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bank {
    /// Only sound questions: an error keeps its question out, a warning does not. In order of file, then line.
    /// Shared with whoever keeps them at hand in another order.
    pub questions: Vec<Arc<Question>>,
    pub blueprints: Vec<Blueprint>,
    pub posts: Posts,
    pub synonyms: Synonyms,
    pub pictures: Vec<Picture>,
    pub faults: Vec<Fault>,
}

/// A file of a bank, Markdown or picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative, `/`-separated.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl Bank {
    /// Reads whole banks. Never fails: what is wrong stands in `faults`. Dates in force are judged by `as_of`;
    /// questions out of force on that day stay, with a warning.
    pub fn read(files: &[SourceFile], as_of: NaiveDate) -> Bank {
        Reading::of(files, as_of).judged()
    }

    /// The hash over question revisions, topics, difficulties, posts, dates and blueprints.
    pub fn revision(&self) -> Revision {
        revision::of_bank(self)
    }

    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        let mut questions = self.questions.iter();
        questions
            .find(|question| question.id == *id)
            .map(Arc::as_ref)
    }

    pub fn blueprint(&self, name: &str) -> Option<&Blueprint> {
        self.blueprints
            .iter()
            .find(|blueprint| blueprint.name == name)
    }

    /// Whether an error in these files keeps this question, which an earlier reading had, out: one of its own, or one
    /// of its whole file. Not where its author took it away.
    pub fn keeps_out(&self, earlier: &Question) -> bool {
        let errors = self
            .faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error);
        let mut named = errors.filter(|fault| match &fault.question {
            Some(id) => *id == earlier.id.0,
            None => fault.file == earlier.place.file,
        });
        named.next().is_some() && self.question(&earlier.id).is_none()
    }

    pub fn has_errors(&self) -> bool {
        self.faults
            .iter()
            .any(|fault| fault.severity == Severity::Error)
    }
}
