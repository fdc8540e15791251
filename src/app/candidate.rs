//! What a candidate may look at: the own rounds, the own attempts, and of these what the release rule allows.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    app::{App, memory::Hall},
    attempt::{answer::Answer, deadline::standing_deadline, steps::standing},
    contest::round::{Phase, Shown},
    error::{Error, Result},
    store::{
        attempts::{self, Attempt, OnDesk, Own, State},
        rounds,
    },
};

/// A round as one of its entrants meets it now.
#[derive(Debug)]
pub struct Mine {
    pub hall: Arc<Hall>,
    pub phase: Phase,
    /// By number.
    pub attempts: Vec<Own>,
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
        let mut tx = self.store.read().await?;
        let rounds = rounds::of_entrant(&mut tx, person_id).await?;
        let own = attempts::own(&mut tx, person_id).await?;
        drop(tx);
        let mut mine = Vec::new();
        for round_id in rounds {
            let hall = self.hall(&round_id).await?;
            mine.push(meet(hall, &own, now_ms));
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
        let own = attempts::own(&mut self.store.read().await?, person_id).await?;
        Ok(meet(hall, &own, self.clock.now_ms()))
    }

    /// The own attempt, graded or not; `NotFound` too when it is somebody else's.
    pub async fn attempt_view(&self, attempt_id: &str, person_id: &str) -> Result<AttemptView> {
        let sitting = self.sitting(attempt_id, person_id).await?;
        let hall = self.hall(&sitting.round_id).await?;
        let OnDesk { facts, steps } = self.on_desk(attempt_id).await?;
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

/// `own`: all attempts of somebody, of which those of this round are taken.
fn meet(hall: Arc<Hall>, own: &[Own], now_ms: i64) -> Mine {
    let here = own.iter().filter(|each| each.round_id == hall.round.id);
    let attempts: Vec<Own> = here.cloned().collect();
    let open = attempts
        .iter()
        .find(|attempt| attempt.state == State::Open.text());
    // A void attempt takes no chance away.
    let taken = attempts
        .iter()
        .filter(|attempt| attempt.state != State::Void.text());
    let most = hall.round.rules.attempts;
    Mine {
        phase: hall.round.phase(now_ms),
        attempts_left: most.saturating_sub(taken.count() as u32),
        open_attempt: open.map(|attempt| attempt.id.clone()),
        attempts,
        hall,
        now_ms,
    }
}
