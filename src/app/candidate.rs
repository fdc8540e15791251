//! What a candidate may look at: the own rounds, the own attempts, and of these what the release rule allows.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    app::{App, memory::Hall},
    attempt::{answer::Answer, deadline::standing_deadline, steps::standing},
    contest::round::{Phase, Shown, State as RoundState},
    error::{Error, Result},
    store::{
        attempts::{self, Attempt, State},
        rounds,
    },
};

/// A round as one of its entrants meets it now.
#[derive(Debug)]
pub struct Mine {
    pub hall: Arc<Hall>,
    pub phase: Phase,
    pub attempts: Vec<Attempt>,
    pub attempts_left: u32,
    pub open_attempt: Option<String>,
    pub now_ms: i64,
}

/// An ended attempt with what was given and how much of it may be shown.
#[derive(Debug)]
pub struct AttemptView {
    pub attempt: Attempt,
    pub hall: Arc<Hall>,
    pub given: BTreeMap<u32, Answer>,
    pub shown: Shown,
    pub now_ms: i64,
}

impl AttemptView {
    /// Its time is over, though nobody has closed it yet.
    pub fn is_over(&self) -> bool {
        let paused_at_ms = self.hall.round.paused_at_ms;
        let deadline_at_ms =
            standing_deadline(self.attempt.deadline_at_ms, paused_at_ms, self.now_ms);
        self.attempt.state == State::Open && self.now_ms > deadline_at_ms
    }
}

impl App {
    /// The sealed rounds this person is an entrant of, what can be done now first.
    pub async fn rounds_of(&self, person_id: &str) -> Result<Vec<Mine>> {
        let now_ms = self.clock.now_ms();
        let rounds = rounds::all(&mut self.store.read().await?).await?;
        let mut mine = Vec::new();
        for round in rounds
            .iter()
            .filter(|round| round.state != RoundState::Draft)
        {
            let hall = self.hall(&round.id).await?;
            if hall.entrants.contains_key(person_id) {
                mine.push(self.mine(hall, person_id, now_ms).await?);
            }
        }
        mine.sort_by_key(|mine| match mine.phase {
            Phase::Open | Phase::Paused => (0, mine.hall.round.closes_at_ms),
            Phase::Upcoming | Phase::Draft => (1, mine.hall.round.opens_at_ms),
            Phase::Closed | Phase::Announced => (2, -mine.hall.round.closes_at_ms),
        });
        Ok(mine)
    }

    /// One round as this entrant meets it.
    pub async fn round_of(&self, round_id: &str, person_id: &str) -> Result<Mine> {
        let hall = self.hall(round_id).await?;
        if !hall.entrants.contains_key(person_id) {
            return Err(Error::NotFound("这个场次".into()));
        }
        self.mine(hall, person_id, self.clock.now_ms()).await
    }

    async fn mine(&self, hall: Arc<Hall>, person_id: &str, now_ms: i64) -> Result<Mine> {
        let mut tx = self.store.read().await?;
        let attempts = attempts::of_person(&mut tx, &hall.round.id, person_id).await?;
        let open = attempts.iter().find(|attempt| attempt.state == State::Open);
        let taken = attempts.iter().filter(|each| each.state != State::Void);
        Ok(Mine {
            phase: hall.round.phase(now_ms),
            attempts_left: hall
                .round
                .rules
                .attempts
                .saturating_sub(taken.count() as u32),
            open_attempt: open.map(|attempt| attempt.id.clone()),
            attempts,
            hall,
            now_ms,
        })
    }

    /// The own attempt, graded or not; `NotFound` too when it is somebody else's.
    pub async fn attempt_view(&self, attempt_id: &str, person_id: &str) -> Result<AttemptView> {
        let sitting = self.sitting(attempt_id, person_id).await?;
        let hall = self.hall(&sitting.round_id).await?;
        let mut tx = self.store.read().await?;
        let facts = attempts::facts(&mut tx, attempt_id)
            .await?
            .ok_or_else(|| Error::NotFound("这次作答".into()))?;
        let steps = attempts::steps(&mut tx, attempt_id).await?;
        drop(tx);
        let attempt = sitting.attempt(facts);
        let given = standing(&steps)
            .into_iter()
            .map(|(number, answer)| (number, answer.clone()))
            .collect();
        let shown = if attempt.state == State::Open {
            Shown::Nothing
        } else {
            hall.round.shown()
        };
        Ok(AttemptView {
            attempt,
            hall,
            given,
            shown,
            now_ms: self.clock.now_ms(),
        })
    }
}
