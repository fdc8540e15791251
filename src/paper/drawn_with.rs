//! What a paper was drawn with, as it is kept beside it so that anybody can draw it again. There is one for every attempt,
//! so the counts stand bare, in the order of the bank's ids.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{bank::question::QuestionId, paper::assemble::History};

/// As stored: JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Packed {
    seen: BTreeSet<QuestionId>,
    /// How often each question of the bank was used; those that follow the last one were not.
    counts: Vec<u32>,
}

/// The first form, with the ids written out.
#[derive(Debug, Deserialize)]
struct Named {
    seen: BTreeSet<QuestionId>,
    used: BTreeMap<QuestionId, u32>,
}

/// `ids`: of all questions of the bank that the paper was drawn from, ascending.
pub fn pack(history: &History, ids: &[QuestionId]) -> String {
    let mut counts: Vec<u32> = Vec::new();
    if !history.used.is_empty() {
        counts.extend(
            ids.iter()
                .map(|id| history.used.get(id).copied().unwrap_or(0)),
        );
        let last = counts.iter().rposition(|count| *count > 0);
        counts.truncate(last.map_or(0, |last| last + 1));
    }
    let packed = Packed {
        seen: history.seen.iter().cloned().collect(),
        counts,
    };
    serde_json::to_string(&packed).expect("ids and counts serialize")
}

/// What `pack` wrote with the same ids; `None` where the text is neither that nor of the first form.
pub fn unpack(text: &str, ids: &[QuestionId]) -> Option<History> {
    if let Ok(named) = serde_json::from_str::<Named>(text) {
        return Some(History {
            seen: named.seen.into_iter().collect(),
            used: named.used.into_iter().collect(),
        });
    }
    let packed: Packed = serde_json::from_str(text).ok()?;
    if packed.counts.len() > ids.len() {
        return None;
    }
    let used = ids.iter().cloned().zip(packed.counts);
    Some(History {
        seen: packed.seen.into_iter().collect(),
        used: used.filter(|(_, count)| *count > 0).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked_and_the_first_form_still_reads() {
        let id = |text: &str| QuestionId(text.into());
        let ids = ["a", "b", "c", "d"].map(id);
        let history = History {
            seen: [id("b")].into(),
            used: [(id("a"), 2), (id("c"), 1)].into(),
        };
        let text = pack(&history, &ids);
        assert_eq!(text, r#"{"seen":["b"],"counts":[2,0,1]}"#);
        let again = unpack(&text, &ids).expect("it reads");
        assert_eq!((again.seen, again.used), (history.seen, history.used));
        let first = unpack(r#"{"seen":["b"],"used":{"a":2}}"#, &ids).expect("it reads");
        assert_eq!(first.used[&id("a")], 2);
        assert!(unpack(r#"{"seen":[],"counts":[1,1,1,1,1]}"#, &ids).is_none());
        assert!(unpack("", &ids).is_none());
    }
}
