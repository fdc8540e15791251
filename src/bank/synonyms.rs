//! 别的说法: what people at the door say, and the words that policies use for it.

use serde::{Deserialize, Serialize};

/// The table of `synonyms.md`, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Synonyms {
    pub rows: Vec<Synonym>,
}

/// Whoever says one of `said` means any of `official`; not the other way round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    pub said: Vec<String>,
    pub official: Vec<String>,
}

impl Synonyms {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
