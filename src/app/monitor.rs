//! The monitor: who has not started, who sits, who handed in, and when each phone was last heard of.

pub mod evidence;

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    app::{App, recorder::conflicts::Conflict},
    contest::round::{Entrant, Round, State as RoundState},
    error::{Error, Result},
    store::{
        decisions::{self, Watched},
        rounds,
    },
};

/// A round as its organizer watches it.
#[derive(Debug)]
pub struct Monitor {
    pub round: Round,
    /// Who sits first, then who has not started, then the rest.
    pub rows: Vec<Seat>,
    pub now_ms: i64,
}

/// How many are where, who is on leave apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub sitting: u32,
    pub not_started: u32,
    pub handed_in: u32,
    pub timed_out: u32,
    pub void: u32,
    pub on_leave: u32,
}

/// One entrant with the own attempts, the last one last.
#[derive(Debug, Clone)]
pub struct Seat {
    pub entrant: Entrant,
    pub attempts: Vec<Watched>,
    /// Questions of the last attempt that stand answered.
    pub answered: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    Sitting,
    NotStarted,
    TimedOut,
    HandedIn,
    Void,
    OnLeave,
}

impl SeatState {
    /// Of an attempt in this state, as the store names it.
    pub fn of(attempt: &str) -> SeatState {
        match attempt {
            "open" => SeatState::Sitting,
            "timed_out" => SeatState::TimedOut,
            "void" => SeatState::Void,
            _ => SeatState::HandedIn,
        }
    }
}

impl Seat {
    pub fn state(&self) -> SeatState {
        match self.attempts.last() {
            None if self.entrant.on_leave => SeatState::OnLeave,
            None => SeatState::NotStarted,
            Some(last) => SeatState::of(&last.state),
        }
    }

    /// When something was last heard of this person's phone in this round.
    pub fn last_seen_at_ms(&self) -> Option<i64> {
        let last = self.attempts.last()?;
        Some(last.last_step_at_ms.unwrap_or(0).max(last.started_at_ms))
    }
}

impl Monitor {
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for seat in &self.rows {
            let place = match seat.state() {
                SeatState::Sitting => &mut totals.sitting,
                SeatState::NotStarted => &mut totals.not_started,
                SeatState::HandedIn => &mut totals.handed_in,
                SeatState::TimedOut => &mut totals.timed_out,
                SeatState::Void => &mut totals.void,
                SeatState::OnLeave => &mut totals.on_leave,
            };
            *place += 1;
        }
        totals
    }
}

impl App {
    /// Staff who sit in this round themselves, for those who run it.
    pub async fn conflicts_in(&self, actor: &str, round_id: &str) -> Result<Vec<Conflict>> {
        let mut tx = self.store.read().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        let entrants = rounds::entrants(&mut tx, round_id).await?;
        self.conflicts(&mut tx, &round, &entrants).await
    }

    pub async fn monitor(&self, actor: &str, round_id: &str) -> Result<Monitor> {
        let mut tx = self.store.read().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if round.state == RoundState::Draft {
            return Err(Error::NotFound("这一场的名单：封存以后才有".into()));
        }
        let watched = decisions::watch(&mut tx, round_id).await?;
        let answered = decisions::answered(&mut tx, round_id).await?;
        let mut rows: Vec<Seat> = rounds::entrants(&mut tx, round_id)
            .await?
            .into_iter()
            .map(|entrant| seat(entrant, &watched, &answered))
            .collect();
        rows.sort_by(|one, other| {
            let key = |seat: &Seat| (seat.state(), seat.entrant.unit_name.clone());
            key(one).cmp(&key(other))
        });
        Ok(Monitor {
            round,
            rows,
            now_ms: self.clock.now_ms(),
        })
    }
}

fn seat(entrant: Entrant, watched: &[Watched], answered: &HashMap<String, i64>) -> Seat {
    let attempts = of_person(watched, &entrant.person_id);
    let last = attempts.last().and_then(|last| answered.get(&last.id));
    Seat {
        answered: last.copied().unwrap_or(0),
        attempts,
        entrant,
    }
}

/// They come sorted by person.
fn of_person(watched: &[Watched], person_id: &str) -> Vec<Watched> {
    let from = watched.partition_point(|each| each.person_id.as_str() < person_id);
    watched[from..]
        .iter()
        .take_while(|each| each.person_id == person_id)
        .cloned()
        .collect()
}
