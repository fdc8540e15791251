//! What the program does when nobody asks: close what is over, grade what has ended.

use std::time::Duration;

use crate::{
    app::App,
    attempt::steps::standing,
    contest::round::{Phase, State as RoundState},
    error::{Error, Result},
    grading::{Outcome, grade_paper, missing},
    store::{
        attempts::{self, Attempt, State},
        record::{self, Act},
        rounds,
        versions::{self, Subject},
    },
};

/// Closing waits this much longer than the deadline, so that a step that was in time is never overtaken.
const GRACE_MS: i64 = 1_000;

impl App {
    /// Waits the second that closing waits, then closes and grades an attempt whose time is over: whoever asks for the
    /// result at the bell gets a result, not a page that says to ask again.
    pub async fn close_attempt(&self, attempt: &Attempt) -> Result<()> {
        let wait_ms = attempt.deadline_at_ms + GRACE_MS - self.clock.now_ms();
        tokio::time::sleep(Duration::from_millis(wait_ms.clamp(0, GRACE_MS) as u64)).await;
        self.queue
            .close(attempt.id.clone(), self.clock.now_ms())
            .await?;
        self.grade(&attempt.id).await.map(drop)
    }

    /// After a window was ended by hand: whoever ended it is to see it closed, also where somebody still sat.
    pub(in crate::app) async fn close_after_the_bell(&self, round_id: &str) -> Result<()> {
        let results = attempts::results(&mut self.store.read().await?, round_id).await?;
        if results
            .iter()
            .any(|result| result.state == State::Open.text())
        {
            tokio::time::sleep(Duration::from_millis(GRACE_MS as u64)).await;
        }
        self.close_what_is_over().await
    }

    /// Closes attempts past their deadline and rounds past their window, and grades what that leaves.
    pub async fn close_what_is_over(&self) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let overdue = attempts::overdue(&mut self.store.read().await?, now_ms - GRACE_MS).await?;
        for id in overdue {
            if self.queue.close(id.clone(), now_ms).await? {
                self.grade(&id).await?;
            }
        }
        self.close_rounds(now_ms).await
    }

    /// A round is closed when its window is over and nobody sits any more; until then keys wait.
    async fn close_rounds(&self, now_ms: i64) -> Result<()> {
        let mut tx = self.store.read().await?;
        let mut over = Vec::new();
        for round in rounds::all(&mut tx).await? {
            if round.state == RoundState::Sealed && round.phase(now_ms) == Phase::Closed {
                over.push(round);
            }
        }
        for round in over {
            let results = attempts::results(&mut tx, &round.id).await?;
            if results
                .iter()
                .any(|result| result.state == State::Open.text())
            {
                continue;
            }
            let mut write = self.store.write().await?;
            if rounds::close(&mut write, &round.id, now_ms).await? {
                let act = Act {
                    id: crate::clock::fresh_id(now_ms),
                    at_ms: now_ms,
                    actor: "program",
                    act: "close-round",
                    subject: &round.id,
                    detail: serde_json::json!({
                        "window_ended_at_ms": round.window_ends_at_ms(now_ms),
                        "before": { "state": round.state.text() }, "after": { "state": "closed" },
                    }),
                };
                record::append(&mut write, act).await?;
                versions::raise(&mut write, Subject::Rounds).await?;
                write.commit().await?;
                self.forget_rounds();
                self.boards.mark_all();
            }
        }
        Ok(())
    }

    /// Grades what ended while nobody was there to grade it.
    pub async fn grade_leftovers(&self) -> Result<()> {
        let ids = attempts::ungraded(&mut self.store.read().await?).await?;
        for id in ids {
            self.grade(&id).await?;
        }
        Ok(())
    }

    /// Grades an ended attempt once; the same again changes nothing.
    pub async fn grade(&self, attempt_id: &str) -> Result<Option<Outcome>> {
        let mut tx = self.store.read().await?;
        let Some(attempt) = attempts::find(&mut tx, attempt_id).await? else {
            return Err(Error::NotFound("这次作答".into()));
        };
        if attempt.outcome.is_some() || matches!(attempt.state, State::Open | State::Void) {
            return Ok(attempt.outcome);
        }
        let steps = attempts::steps(&mut tx, attempt_id).await?;
        drop(tx);
        let outcome = self.outcome_of(&attempt, &steps).await?;
        let mut tx = self.store.write().await?;
        if attempts::save_outcome(&mut tx, attempt_id, &outcome).await? {
            versions::raise(&mut tx, Subject::Boards).await?;
        }
        tx.commit().await?;
        self.boards.mark(&attempt.round_id);
        Ok(Some(outcome))
    }

    async fn outcome_of(
        &self,
        attempt: &Attempt,
        steps: &[crate::attempt::steps::Step],
    ) -> Result<Outcome> {
        let hall = self.hall(&attempt.round_id).await?;
        let questions = &hall.publication.by_revision;
        let missing = missing(&attempt.paper, questions);
        if !missing.is_empty() {
            return Err(Error::internal(
                "试卷上的题目不在题库里",
                format!("{missing:?}"),
            ));
        }
        let answers = standing(steps);
        Ok(grade_paper(&attempt.paper, questions, &answers))
    }
}
