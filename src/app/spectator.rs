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
        board::{self, Board, Graded},
        ranking::{self, Row},
        units::UnitStanding,
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
        let rows = rows_of(&hall, &results);
        let Board { people, units } = board::board(&rows, &hall.round.rules);
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
            units,
            handed_in: begun - sitting,
            sitting,
            entrants: rows.len() as u32,
            computed_at_ms: self.clock.now_ms(),
            hall,
        })
    }
}

/// One row per entrant who is not on leave, with what counts of the attempts that are graded.
fn rows_of(hall: &Hall, results: &HashMap<String, Vec<attempts::AttemptResult>>) -> Vec<Row> {
    let graded = results
        .iter()
        .map(|(person, all)| {
            let graded = all.iter().filter_map(|result| {
                Some(Graded {
                    number: result.number as u32,
                    points: Points(result.points?),
                    started_at_ms: result.started_at_ms,
                    finished_at_ms: result.finished_at_ms?,
                    paused_ms: result.paused_ms,
                })
            });
            (person.clone(), graded.collect())
        })
        .collect();
    let blueprints = &hall.publication.bank.blueprints;
    board::rows(
        hall.entrants.values(),
        &hall.round.rules,
        blueprints,
        &graded,
    )
}
