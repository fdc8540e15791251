//! Text → questions, materials, blueprints and posts, with faults: the only place that knows Markdown.
//!
//! What a question is follows from its shape; one file per shape. Nothing here fails: what cannot be read is noted.

mod attributes;
mod blanks;
pub(in crate::bank) mod blueprint;
mod blueprint_cures;
mod blueprint_head;
mod boxes;
mod choices;
mod file;
pub(in crate::bank) mod front_matter;
mod guesses;
pub(in crate::bank) mod ids;
mod judgement;
mod marks;
mod material;
mod mended;
mod options;
mod pictures;
pub(in crate::bank) mod posts;
mod question;
mod rationale;
mod raw_html;
mod recall;
mod render;
mod scoring;
mod sections;
pub(in crate::bank) mod sheet;
mod stem;
pub(in crate::bank) mod synonyms;
mod table;
pub(in crate::bank) mod tidy;
mod typed;
pub(in crate::bank) mod values;

pub(in crate::bank) use file::{FileReading, Named, read_questions};
pub(in crate::bank) use pictures::Gallery;

use crate::bank::{
    dialect::sheet::{Note, Sheet},
    posts::Posts,
    question::Picture,
};

/// What reading one file needs and gathers.
#[derive(Debug)]
pub(in crate::bank) struct Reader<'a> {
    pub(in crate::bank) sheet: &'a Sheet<'a>,
    pub(in crate::bank) posts: &'a Posts,
    pub(in crate::bank) gallery: &'a Gallery<'a>,
    pub(in crate::bank) notes: Vec<Note>,
    pub(in crate::bank) pictures: Vec<Picture>,
}

impl Reader<'_> {
    /// Whether an error was noted since.
    pub(in crate::bank) fn failed_since(&self, mark: usize) -> bool {
        self.notes[mark..].iter().any(Note::is_error)
    }
}
