//! Ears that were made ready, kept for the next answer: making one costs as much as hearing an answer with it.
//!
//! What is kept is only what would come out again: an ear answers for exactly the key and stem that it was made of.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use crate::{
    bank::question::{Question, Recall},
    grading::recall::Ear,
};

struct Kept {
    key: Recall,
    stem: String,
    ear: Arc<Ear>,
}

/// More questions than any bank asks at a time; then all begin anew.
const MOST: usize = 4_096;

/// By question; a later revision takes the place of the one before.
static KEPT: LazyLock<Mutex<HashMap<String, Kept>>> = LazyLock::new(Mutex::default);

/// The ear of `question`, whose key is `key`.
pub(super) fn of(question: &Question, key: &Recall) -> Arc<Ear> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |kept: &&Kept| kept.key == *key && kept.stem == question.stem_text;
    if let Some(found) = kept.get(&question.id.0).filter(same) {
        return Arc::clone(&found.ear);
    }
    if kept.len() >= MOST {
        kept.clear();
    }
    let ear = Arc::new(Ear::of_key(key, &question.stem_text));
    kept.insert(
        question.id.0.clone(),
        Kept {
            key: key.clone(),
            stem: question.stem_text.clone(),
            ear: Arc::clone(&ear),
        },
    );
    ear
}
