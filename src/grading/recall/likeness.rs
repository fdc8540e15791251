//! When something said is taken for a word of the key. Today: the same characters, and numbers of the same value.

use crate::grading::recall::spoken::Word;

/// How many words at the start of `said` stand for the whole of `keyed`; a number only ever stands for its equal.
pub(super) fn taken_for(said: &[Word], keyed: &[Word]) -> Option<usize> {
    let here = said.len() >= keyed.len()
        && keyed
            .iter()
            .zip(said)
            .all(|(keyed, said)| keyed.token == said.token);
    (here && !keyed.is_empty()).then_some(keyed.len())
}
