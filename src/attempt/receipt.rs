//! 交卷凭证: a short code over paper, answers and server time, the same however often it is asked for.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::{attempt::answer::Answer, paper::Paper};

/// Twelve characters of Crockford's base 32 in groups of four, as `7K2M-Q0XD-93FA`: can be read out and written down.
pub fn receipt(
    attempt: &str,
    paper: &Paper,
    answers: &BTreeMap<u32, &Answer>,
    finished_at_ms: i64,
) -> String {
    let facts = serde_json::to_vec(&(attempt, paper, answers, finished_at_ms))
        .expect("papers and answers are plain data");
    let digest = Sha256::digest(facts);
    let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let letters = digest
        .iter()
        .take(12)
        .map(|byte| char::from(alphabet[usize::from(byte % 32)]))
        .collect::<Vec<_>>();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}
