//! 成绩榜: from entrants and graded attempts to the standings of people and units. The same for the live board and for
//! whoever checks it afterwards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bank::{blueprint::Blueprint, points::Points},
    contest::{
        counting::{AttemptResult, counted},
        ranking::{self, Row, Standing},
        round::{Entrant, Rules},
        units::{self, UnitStanding},
    },
    grading::rulings::Ruled,
};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Division → everybody in it, those who have not sat at the end without a rank.
    pub people: BTreeMap<String, Vec<Standing>>,
    pub units: Vec<UnitStanding>,
}

/// A graded attempt without the total of its paper, which the blueprint of the entrant's post gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    pub number: u32,
    pub points: Points,
    pub started_at_ms: i64,
    pub finished_at_ms: i64,
    /// Time the round stood still meanwhile, which nobody used.
    pub paused_ms: i64,
    /// What of its points comes from rulings.
    pub ruled: Ruled,
}

/// One row per entrant who is not on leave, with what counts of the attempts that are graded; by person.
pub fn rows<'e>(
    entrants: impl Iterator<Item = &'e Entrant>,
    rules: &Rules,
    blueprints: &[Blueprint],
    graded: &BTreeMap<String, Vec<Graded>>,
) -> Vec<Row> {
    let mut rows: Vec<Row> = entrants
        .filter(|entrant| !entrant.on_leave)
        .map(|entrant| {
            let name = rules.blueprint_for(&entrant.post);
            let blueprint = blueprints.iter().find(|each| each.name == name);
            let total = blueprint.map_or(Points::ZERO, Blueprint::total);
            let mine = graded
                .get(&entrant.person_id)
                .map_or(&[][..], Vec::as_slice);
            row(entrant, total, mine, rules)
        })
        .collect();
    rows.sort_by(|one, other| one.person.cmp(&other.person));
    rows
}

fn row(entrant: &Entrant, total: Points, mine: &[Graded], rules: &Rules) -> Row {
    let results: Vec<AttemptResult> = mine
        .iter()
        .map(|graded| AttemptResult {
            number: graded.number,
            points: graded.points,
            total,
            time_used_ms: graded.finished_at_ms - graded.started_at_ms - graded.paused_ms,
            finished_at_ms: graded.finished_at_ms,
            ruled: graded.ruled,
        })
        .collect();
    let counts = counted(&results, rules.counts);
    Row {
        person: entrant.person_id.clone(),
        name: entrant.name.clone(),
        unit: entrant.unit_name.clone(),
        division: entrant.division.clone(),
        points: counts.as_ref().map(|counts| counts.points),
        total,
        time_used_ms: counts.as_ref().map_or(0, |counts| counts.time_used_ms),
        finished_at_ms: counts.as_ref().map_or(0, |counts| counts.finished_at_ms),
        ruled: counts.map_or_else(Ruled::default, |counts| counts.ruled),
    }
}

/// The board of these rows, by the rules declared at sealing.
pub fn board(rows: &[Row], rules: &Rules) -> Board {
    let mut divisions: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        divisions
            .entry(row.division.clone())
            .or_default()
            .push(row.clone());
    }
    Board {
        people: divisions
            .into_iter()
            .map(|(division, rows)| (division, ranking::rank_people(&rows, &rules.tie_keys)))
            .collect(),
        units: units::rank_units(rows, rules.unit_rule, rules.unit_entrants_min),
    }
}
