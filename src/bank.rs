//! What trainers write: questions, materials, blueprints and posts, read from Markdown, with faults beside them.
//!
//! Parsing never fails: a file gives questions *and* faults. Nothing here draws, grades or stores.

pub mod blueprint;
pub mod fault;
pub mod html;
pub mod points;
pub mod posts;
pub mod question;

use crate::bank::{
    blueprint::Blueprint, fault::Fault, posts::Posts, question::Picture, question::Question,
};

/// Everything one or several folders of Markdown say, and what is wrong with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bank {
    /// Only sound questions: an error keeps its question out, a warning does not. In order of file, then line.
    pub questions: Vec<Question>,
    pub blueprints: Vec<Blueprint>,
    pub posts: Posts,
    pub pictures: Vec<Picture>,
    pub faults: Vec<Fault>,
}
