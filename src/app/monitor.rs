//! The monitor: who has not started, who sits, who handed in, and when each phone was last heard of.

use serde::Serialize;

use crate::{
    app::App,
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

/// One entrant with the own attempts, the last one last.
#[derive(Debug, Clone)]
pub struct Seat {
    pub entrant: Entrant,
    pub attempts: Vec<Watched>,
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

impl Seat {
    pub fn state(&self) -> SeatState {
        match self.attempts.last().map(|last| last.state.as_str()) {
            None if self.entrant.on_leave => SeatState::OnLeave,
            None => SeatState::NotStarted,
            Some("open") => SeatState::Sitting,
            Some("timed_out") => SeatState::TimedOut,
            Some("void") => SeatState::Void,
            Some(_) => SeatState::HandedIn,
        }
    }

    /// When something was last heard of this person's phone in this round.
    pub fn last_seen_at_ms(&self) -> Option<i64> {
        let last = self.attempts.last()?;
        Some(last.last_step_at_ms.unwrap_or(0).max(last.started_at_ms))
    }
}

impl App {
    pub async fn monitor(&self, actor: &str, round_id: &str) -> Result<Monitor> {
        let mut tx = self.store.read().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if round.state == RoundState::Draft {
            return Err(Error::NotFound("这一场的名单：封存以后才有".into()));
        }
        let watched = decisions::watch(&mut tx, round_id).await?;
        let mut rows: Vec<Seat> = rounds::entrants(&mut tx, round_id)
            .await?
            .into_iter()
            .map(|entrant| Seat {
                attempts: of_person(&watched, &entrant.person_id),
                entrant,
            })
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

/// They come sorted by person.
fn of_person(watched: &[Watched], person_id: &str) -> Vec<Watched> {
    let from = watched.partition_point(|each| each.person_id.as_str() < person_id);
    watched[from..]
        .iter()
        .take_while(|each| each.person_id == person_id)
        .cloned()
        .collect()
}
