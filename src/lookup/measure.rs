//! How well the search answers: queries with the questions that would do, and how high these came.

use std::collections::HashSet;

use serde::Serialize;

use crate::{bank::question::QuestionId, lookup::index::Index};

/// A query and every question that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub query: String,
    pub accepted: Vec<QuestionId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub queries: usize,
    /// Answered by the first result, and by one of the first three.
    pub first: usize,
    pub first_three: usize,
    pub misses: Vec<Miss>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    pub query: String,
    /// The first three, where an accepted one should be.
    pub found: Vec<QuestionId>,
    /// Where the first accepted one stands, from 1.
    pub place: Option<usize>,
}

/// Lines of a query, a tab, and ids parted by commas; empty lines and those that begin with `#` say nothing. A line
/// of another shape answers with its number, from 1.
pub fn cases(text: &str) -> Result<Vec<Case>, usize> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(place, line)| {
            let (query, ids) = line.split_once('\t').ok_or(place + 1)?;
            let ids = ids.split(',').map(str::trim).filter(|id| !id.is_empty());
            let accepted: Vec<QuestionId> = ids.map(|id| QuestionId(id.to_owned())).collect();
            let query = query.trim().to_owned();
            if accepted.is_empty() || query.is_empty() {
                Err(place + 1)
            } else {
                Ok(Case { query, accepted })
            }
        })
        .collect()
}

pub fn measure(index: &Index, cases: &[Case]) -> Figures {
    let mut figures = Figures {
        queries: cases.len(),
        first: 0,
        first_three: 0,
        misses: vec![],
    };
    for case in cases {
        let found = index
            .search(&case.query, &HashSet::new(), index.entries.len())
            .entries;
        let place = found
            .iter()
            .position(|entry| case.accepted.contains(&entry.id));
        figures.first += usize::from(place == Some(0));
        if place.is_some_and(|place| place < 3) {
            figures.first_three += 1;
        } else {
            figures.misses.push(Miss {
                query: case.query.clone(),
                found: found.iter().take(3).map(|entry| entry.id.clone()).collect(),
                place: place.map(|place| place + 1),
            });
        }
    }
    figures
}
