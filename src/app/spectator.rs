//! Boards: kept in memory beside the saves, computed anew when something changed, at most a few times a second.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex},
};

use tokio::sync::watch;

use crate::{
    app::{App, memory::Hall, memory::lock},
    bank::points::Points,
    contest::{
        counting::{AttemptResult, counted},
        ranking::{self, Row},
        round::Phase,
        units::{self, UnitStanding},
    },
    error::Result,
    store::attempts::{self, State},
};

/// The real board of a round; what of it may be shown to whom is the door's to ask of `Audience`.
#[derive(Debug, Clone)]
pub struct Standings {
    pub hall: Arc<Hall>,
    /// Division → everybody in it, those who have not sat at the end without a rank.
    pub people: BTreeMap<String, Vec<ranking::Standing>>,
    pub units: Vec<UnitStanding>,
    /// Entrants whose last attempt has ended.
    pub handed_in: u32,
    /// Entrants who sit now.
    pub sitting: u32,
    /// Without approved leave.
    pub entrants: u32,
    /// Person → state of the last attempt; nobody who has not started.
    pub states: HashMap<String, String>,
    pub computed_at_ms: i64,
}

/// The boards somebody has asked for.
#[derive(Debug, Default)]
pub struct Boards {
    shown: Mutex<HashMap<String, watch::Sender<Arc<Standings>>>>,
    changed: Mutex<HashSet<String>>,
}

impl Boards {
    /// Something changed that this round's board shows.
    pub fn mark(&self, round_id: &str) {
        lock(&self.changed).insert(round_id.to_owned());
    }

    pub fn mark_all(&self) {
        let rounds: Vec<String> = lock(&self.shown).keys().cloned().collect();
        lock(&self.changed).extend(rounds);
    }
}

impl App {
    /// The board as it stands.
    pub async fn standings(&self, round_id: &str) -> Result<Arc<Standings>> {
        Ok(self.follow_standings(round_id).await?.borrow().clone())
    }

    /// The board as it stands, and every change of it. Only the newest is kept for a slow reader.
    pub async fn follow_standings(
        &self,
        round_id: &str,
    ) -> Result<watch::Receiver<Arc<Standings>>> {
        if let Some(shown) = lock(&self.boards.shown).get(round_id) {
            return Ok(shown.subscribe());
        }
        let standings = Arc::new(self.compute_standings(round_id).await?);
        let mut shown = lock(&self.boards.shown);
        let sender = shown
            .entry(round_id.to_owned())
            .or_insert_with(|| watch::Sender::new(standings));
        Ok(sender.subscribe())
    }

    /// Computes anew what changed since the last time and was asked for.
    pub async fn refresh_boards(&self) -> Result<()> {
        let changed = std::mem::take(&mut *lock(&self.boards.changed));
        for round_id in changed {
            if !lock(&self.boards.shown).contains_key(&round_id) {
                continue;
            }
            let standings = Arc::new(self.compute_standings(&round_id).await?);
            if let Some(shown) = lock(&self.boards.shown).get(&round_id) {
                shown.send_replace(standings);
            }
        }
        Ok(())
    }

    /// The board from nothing but the database.
    pub async fn compute_standings(&self, round_id: &str) -> Result<Standings> {
        let hall = self.hall(round_id).await?;
        let mut results: HashMap<String, Vec<attempts::AttemptResult>> = HashMap::new();
        for result in attempts::results(&mut self.store.read().await?, round_id).await? {
            results
                .entry(result.person_id.clone())
                .or_default()
                .push(result);
        }
        let rows = rows_of(&hall, &results)?;
        let mut divisions: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in &rows {
            divisions
                .entry(row.division.clone())
                .or_default()
                .push(row.clone());
        }
        let rules = &hall.round.rules;
        let people = divisions
            .into_iter()
            .map(|(division, rows)| (division, ranking::rank_people(&rows, &rules.tie_keys)))
            .collect();
        let state_of = |person: &str, state: State| {
            results
                .get(person)
                .and_then(|all| all.last())
                .is_some_and(|last| last.state == state.text())
        };
        let sitting = hall
            .entrants
            .keys()
            .filter(|person| state_of(person, State::Open))
            .count() as u32;
        let begun = results
            .keys()
            .filter(|person| hall.entrants.contains_key(*person))
            .count() as u32;
        let states = results
            .iter()
            .filter_map(|(person, all)| all.last().map(|last| (person.clone(), last.state.clone())))
            .collect();
        Ok(Standings {
            people,
            states,
            units: units::rank_units(&rows, rules.unit_rule, rules.unit_entrants_min),
            handed_in: begun - sitting,
            sitting,
            entrants: rows.len() as u32,
            computed_at_ms: self.clock.now_ms(),
            hall,
        })
    }

    /// Whether points may stand on the board for everybody it is open to.
    pub fn board_shows_points(&self, standings: &Standings) -> bool {
        use crate::contest::round::Shown;
        standings.hall.round.shown() >= Shown::Points
    }

    pub fn phase(&self, standings: &Standings) -> Phase {
        standings.hall.round.phase(self.clock.now_ms())
    }
}

/// One row per entrant who is not on leave, with what counts of the attempts that are graded.
fn rows_of(
    hall: &Hall,
    results: &HashMap<String, Vec<attempts::AttemptResult>>,
) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(hall.entrants.len());
    let mut totals: HashMap<&str, Points> = HashMap::new();
    for entrant in hall.entrants.values().filter(|entrant| !entrant.on_leave) {
        let name = hall.round.rules.blueprint_for(&entrant.post);
        let total = *totals.entry(name).or_insert_with(|| {
            let blueprint = hall
                .publication
                .bank
                .blueprints
                .iter()
                .find(|each| each.name == name);
            blueprint.map_or(Points::ZERO, crate::bank::blueprint::Blueprint::total)
        });
        let graded: Vec<AttemptResult> = results
            .get(&entrant.person_id)
            .into_iter()
            .flatten()
            .filter_map(|result| {
                let finished_at_ms = result.finished_at_ms?;
                Some(AttemptResult {
                    number: result.number as u32,
                    points: Points(result.points?),
                    total,
                    time_used_ms: finished_at_ms - result.started_at_ms - result.paused_ms,
                    finished_at_ms,
                })
            })
            .collect();
        let counts = counted(&graded, hall.round.rules.counts);
        rows.push(Row {
            person: entrant.person_id.clone(),
            name: entrant.name.clone(),
            unit: entrant.unit_name.clone(),
            division: entrant.division.clone(),
            points: counts.as_ref().map(|counts| counts.points),
            total,
            time_used_ms: counts.as_ref().map_or(0, |counts| counts.time_used_ms),
            finished_at_ms: counts.as_ref().map_or(0, |counts| counts.finished_at_ms),
        });
    }
    rows.sort_by(|one, other| one.person.cmp(&other.person));
    Ok(rows)
}
