//! 计分抽问: a dated event whose board is made of entries, which are added or reversed, never changed.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::{
    bank::points::Points,
    contest::{
        board::{self, Board},
        ranking::Row,
        round::{Entrant, Rules},
        spot_check::Sort,
        units::MIN_ENTRANTS,
    },
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub unit_id: String,
    pub rules: EventRules,
    pub created_at_ms: i64,
    /// From then on nobody is examined any more, and who was not is 缺考.
    pub closed_at_ms: Option<i64>,
}

/// The same for everybody: declared when the event is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRules {
    /// Questions for each.
    pub questions: u32,
    /// Full points of a question.
    pub points: Points,
    pub sorts: Vec<Sort>,
    /// Empty: all.
    pub topics: Vec<String>,
    /// Whose people are examined; empty: all.
    pub divisions: Vec<String>,
}

impl EventRules {
    /// The full points of a person.
    pub fn total(&self) -> Points {
        self.points * self.questions
    }
}

/// Points that an organizer took into the event, or took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub check_id: String,
    pub person_id: String,
    /// Negative in a reversal.
    pub points: Points,
    /// The entry that this one takes back.
    pub reverses: Option<String>,
    pub actor: String,
    pub at_ms: i64,
    pub reason: String,
}

/// The entries that count: neither reversals nor reversed; by person.
pub fn counting(entries: &[Entry]) -> BTreeMap<&str, &Entry> {
    let reversed: HashSet<&str> = entries
        .iter()
        .filter_map(|entry| entry.reverses.as_deref())
        .collect();
    entries
        .iter()
        .filter(|entry| entry.reverses.is_none() && !reversed.contains(entry.id.as_str()))
        .map(|entry| (entry.person_id.as_str(), entry))
        .collect()
}

/// People by division, equal points sharing a rank; units by sum ÷ entrants. Approved leave is left out.
pub fn board(entrants: &[Entrant], entries: &[Entry], rules: &EventRules) -> Board {
    let counting = counting(entries);
    let rows: Vec<Row> = entrants
        .iter()
        .filter(|entrant| !entrant.on_leave)
        .map(|entrant| Row {
            person: entrant.person_id.clone(),
            name: entrant.name.clone(),
            unit: entrant.unit_name.clone(),
            division: entrant.division.clone(),
            points: counting
                .get(entrant.person_id.as_str())
                .map(|entry| entry.points),
            total: rules.total(),
            time_used_ms: 0,
            finished_at_ms: 0,
            ruled: crate::grading::rulings::Ruled::default(),
        })
        .collect();
    let mut declared = Rules::usual(String::new());
    declared.unit_entrants_min = MIN_ENTRANTS;
    board::board(&rows, &declared)
}
