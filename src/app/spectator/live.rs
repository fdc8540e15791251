//! One round's board in memory: what it was made of, and how news moves it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    app::{
        memory::Hall,
        spectator::{Change, Standings},
    },
    bank::points::Points,
    clock::id_floor,
    contest::{
        board::{self, Board, Graded},
        ranking::Row,
        round::Entrant,
        standings::Standings as Kept,
    },
    error::Result,
    store::{
        Tx,
        attempts::{AttemptResult, State},
        boards,
        versions::{self, Subject},
    },
};

/// Ids sort by when they were made, not by when they came to be seen: what began is looked for from this long ago.
const LOOK_BACK_MS: i64 = 3_000;

/// A round's standings as they are now, with what they were made of.
#[derive(Debug)]
pub struct LiveBoard {
    pub hall: Arc<Hall>,
    pub standings: Kept,
    pub change: Change,
    /// By person, each in the order of numbers.
    results: HashMap<String, Vec<AttemptResult>>,
    /// The version row's number up to which outcomes are in.
    seen: i64,
    looked_at_ms: i64,
}

/// Whose attempts began, were graded or were decided on since, with all that is true of them now.
#[derive(Debug)]
pub(super) struct News {
    persons: Vec<String>,
    results: HashMap<String, Vec<AttemptResult>>,
    seen: i64,
}

impl News {
    pub(super) async fn read(
        tx: &mut Tx,
        round_id: &str,
        seen: i64,
        looked_at_ms: i64,
    ) -> Result<News> {
        let now_seen = versions::number(tx, Subject::Boards).await?;
        let floor = id_floor(looked_at_ms - LOOK_BACK_MS);
        let persons = boards::moved_since(tx, round_id, seen, &floor).await?;
        let results = if persons.is_empty() {
            vec![]
        } else {
            boards::results_of(tx, round_id, &persons).await?
        };
        Ok(News {
            persons,
            results: by_person(results),
            seen: now_seen,
        })
    }
}

pub(super) fn by_person(results: Vec<AttemptResult>) -> HashMap<String, Vec<AttemptResult>> {
    let mut by_person: HashMap<String, Vec<AttemptResult>> = HashMap::new();
    for result in results {
        by_person
            .entry(result.person_id.clone())
            .or_default()
            .push(result);
    }
    by_person
}

impl LiveBoard {
    pub(super) fn of(
        hall: Arc<Hall>,
        results: HashMap<String, Vec<AttemptResult>>,
        seen: i64,
        now_ms: i64,
    ) -> LiveBoard {
        let rows = rows_of(&hall, hall.entrants.values(), &results);
        let standings = Kept::new(rows, &hall.round.rules);
        let mut live = LiveBoard {
            change: Change {
                number: 0,
                handed_in: 0,
                sitting: 0,
                entrants: standings.entrants(),
            },
            standings,
            hall,
            results,
            seen,
            looked_at_ms: now_ms,
        };
        live.count_all();
        live
    }

    pub(super) fn seen(&self) -> (i64, i64) {
        (self.seen, self.looked_at_ms)
    }

    pub(super) fn take_in(&mut self, news: News, hall: Arc<Hall>, now_ms: i64) {
        let News {
            persons,
            mut results,
            seen,
        } = news;
        let mut moved = false;
        for person in persons {
            let now = results.remove(&person).unwrap_or_default();
            if self.results.get(&person).map_or(&[][..], Vec::as_slice) != now {
                self.put(person, now);
                moved = true;
            }
        }
        let sealed_anew = !Arc::ptr_eq(&self.hall, &hall);
        if sealed_anew {
            let same =
                self.hall.entrants == hall.entrants && self.hall.round.rules == hall.round.rules;
            self.hall = hall;
            if !same {
                let rows = rows_of(&self.hall, self.hall.entrants.values(), &self.results);
                self.standings = Kept::new(rows, &self.hall.round.rules);
                self.count_all();
            }
        }
        (self.seen, self.looked_at_ms) = (seen, now_ms);
        if moved || sealed_anew {
            self.change.number += 1;
        }
    }

    /// One person's attempts as they are now.
    fn put(&mut self, person: String, now: Vec<AttemptResult>) {
        let hall = self.hall.clone();
        let entrant = hall.entrants.get(&person);
        let before = self.results.remove(&person).unwrap_or_default();
        if entrant.is_some() {
            let (was, is) = (Seat::of(&before), Seat::of(&now));
            self.change.count(was, u32::wrapping_sub);
            self.change.count(is, u32::wrapping_add);
        }
        if !now.is_empty() {
            self.results.insert(person, now);
        }
        if let Some(entrant) = entrant {
            for row in rows_of(&hall, std::iter::once(entrant), &self.results) {
                self.standings.set(&row);
            }
        }
    }

    fn count_all(&mut self) {
        let change = &mut self.change;
        (change.handed_in, change.sitting) = (0, 0);
        change.entrants = self.standings.entrants();
        for (person, results) in &self.results {
            if self.hall.entrants.contains_key(person) {
                change.count(Seat::of(results), u32::wrapping_add);
            }
        }
    }

    /// The board from the same attempts, computed from nothing.
    pub(super) fn recomputed(&self) -> Board {
        let rows = rows_of(&self.hall, self.hall.entrants.values(), &self.results);
        board::board(&rows, &self.hall.round.rules)
    }

    pub(super) fn whole(&self, Board { people, units }: Board) -> Standings {
        let last = |results: &Vec<AttemptResult>| results.last().map(|last| last.state.clone());
        let states = self.results.iter();
        Standings {
            hall: self.hall.clone(),
            people,
            units,
            handed_in: self.change.handed_in,
            sitting: self.change.sitting,
            entrants: self.change.entrants,
            states: states
                .filter_map(|(person, results)| Some((person.clone(), last(results)?)))
                .collect(),
            computed_at_ms: self.looked_at_ms,
        }
    }
}

/// Where somebody is with the last attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seat {
    Empty,
    Sitting,
    Left,
}

impl Seat {
    fn of(results: &[AttemptResult]) -> Seat {
        match results.last() {
            None => Seat::Empty,
            Some(last) if last.state == State::Open.text() => Seat::Sitting,
            Some(_) => Seat::Left,
        }
    }
}

impl Change {
    fn count(&mut self, seat: Seat, by: fn(u32, u32) -> u32) {
        match seat {
            Seat::Empty => {}
            Seat::Sitting => self.sitting = by(self.sitting, 1),
            Seat::Left => self.handed_in = by(self.handed_in, 1),
        }
    }
}

/// One row for each of these who is not on leave, with what counts of the attempts that are graded.
fn rows_of<'e>(
    hall: &Hall,
    entrants: impl Iterator<Item = &'e Entrant> + Clone,
    results: &HashMap<String, Vec<AttemptResult>>,
) -> Vec<Row> {
    let graded: BTreeMap<String, Vec<Graded>> = entrants
        .clone()
        .filter_map(|entrant| results.get_key_value(&entrant.person_id))
        .map(|(person, all)| {
            let graded = all.iter().filter_map(|result| {
                Some(Graded {
                    number: result.number as u32,
                    points: Points(result.points?),
                    started_at_ms: result.started_at_ms,
                    finished_at_ms: result.finished_at_ms?,
                    paused_ms: result.paused_ms,
                    ruled: result.ruled,
                })
            });
            (person.clone(), graded.collect())
        })
        .collect();
    let blueprints = &hall.publication.bank.blueprints;
    board::rows(entrants, &hall.round.rules, blueprints, &graded)
}
