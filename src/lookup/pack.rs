//! What a phone keeps to look things up without a network: the entries, and all that ranks them.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::{
    bank::{question::QuestionId, synonyms::Synonyms},
    lookup::{
        entry::Entry,
        index::Index,
        words::{ASKING, WEIGHTS, Weights},
    },
};

/// As JSON; `assets/ranking.js` reads it.
#[derive(Debug, Serialize)]
pub struct Pack<'a> {
    pub weights: &'static Weights,
    pub asking: &'static [&'static str],
    pub synonyms: &'a Synonyms,
    /// Reading → characters read so first, a comma, characters that can be.
    pub sounds: BTreeMap<&'a str, String>,
    pub entries: Vec<Entry>,
}

impl Index {
    /// Everything but these questions.
    pub fn pack<'a>(&'a self, synonyms: &'a Synonyms, without: &HashSet<QuestionId>) -> Pack<'a> {
        let open = self
            .entries
            .iter()
            .filter(|entry| !without.contains(&entry.id));
        Pack {
            weights: &WEIGHTS,
            asking: ASKING,
            synonyms,
            sounds: self.reader.sounds.table(),
            entries: open.map(|entry| entry.clone().without(without)).collect(),
        }
    }
}
