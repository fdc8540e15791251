//! 查政策: a villager's question in everyday words finds the sentences of the bank that answer it, best first.
//!
//! An index over the questions in force on a day, small enough to go to a phone whole: `assets/lookup.js` does there
//! what `index`, `query` and `words` do here, with the same figures. 比武 questions are never in it.

pub mod entry;
pub mod index;
pub mod measure;
pub mod pack;
pub mod query;
pub mod sound;
pub mod words;
