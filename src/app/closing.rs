//! What the program does when nobody asks: close what is over, and see to it that what has ended is graded.

use std::time::Duration;

use futures::future::join_all;

use crate::{
    app::App,
    error::Result,
    store::{
        attempts::{self, Attempt},
        record::{self, Act},
        rounds, versions,
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
        self.grader.graded(attempt.id.clone()).await;
        Ok(())
    }

    /// After a window was ended by hand: whoever ended it is to see it closed, also where somebody still sat.
    pub(in crate::app) async fn close_after_the_bell(&self, round_id: &str) -> Result<()> {
        if attempts::somebody_sits(&mut self.store.read().await?, round_id).await? {
            tokio::time::sleep(Duration::from_millis(GRACE_MS as u64)).await;
        }
        self.close_what_is_over().await
    }

    /// Closes attempts past their deadline and rounds past their window, and grades what has ended.
    pub async fn close_what_is_over(&self) -> Result<()> {
        self.close_overdue().await?;
        self.grade_leftovers().await
    }

    /// Closes attempts past their deadline and rounds past their window, and leaves the grades to the grader.
    pub(in crate::app) async fn close_overdue(&self) -> Result<()> {
        let now_ms = self.clock.now_ms();
        loop {
            let mut tx = self.store.read().await?;
            let overdue = attempts::overdue(&mut tx, now_ms - GRACE_MS).await?;
            drop(tx);
            // All at once, so that they are one batch. Another copy may have been there first: then it grades.
            let closed = join_all(overdue.into_iter().map(|id| async {
                match self.queue.close(id.clone(), now_ms).await {
                    Ok(true) => {
                        self.grader.want(id);
                        Ok(1)
                    }
                    Ok(false) => Ok(0),
                    Err(error) => Err(error),
                }
            }));
            let closed: Result<Vec<usize>> = closed.await.into_iter().collect();
            if closed?.into_iter().sum::<usize>() == 0 {
                break;
            }
        }
        self.close_rounds(now_ms).await
    }

    /// A round is closed when its window is over and nobody sits any more; until then keys wait.
    async fn close_rounds(&self, now_ms: i64) -> Result<()> {
        let over = rounds::to_close(&mut self.store.read().await?, now_ms).await?;
        for id in over {
            let mut tx = self.store.write().await?;
            let round = rounds::find(&mut tx, &id).await?;
            if rounds::close(&mut tx, &id, now_ms).await? {
                let act = Act {
                    id: crate::clock::fresh_id(now_ms),
                    at_ms: now_ms,
                    actor: "program",
                    act: "close-round",
                    subject: &id,
                    detail: serde_json::json!({
                        "window_ended_at_ms": round.window_ends_at_ms(now_ms),
                        "before": { "state": round.state.text() }, "after": { "state": "closed" },
                    }),
                };
                record::append(&mut tx, act).await?;
                versions::raise_rounds(&mut tx, &id).await?;
                tx.commit().await?;
                self.forget_round(&id);
                self.boards.mark(&id);
            }
        }
        Ok(())
    }
}
