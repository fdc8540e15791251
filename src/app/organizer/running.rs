//! Leading a sealed round to its end: pauses, extensions, the close, the announcement, the board held back.

use serde_json::json;

use crate::{
    app::{App, decisions::stated, organizer::Hold},
    contest::round::{Phase, Shown, State},
    error::{Code, Error, Result},
    store::{
        attempts, decisions,
        rounds::{self},
    },
};

impl App {
    /// Ends the window now: who still sits is closed within two seconds, and the round when nobody does.
    pub async fn close_round(&self, actor: &str, round_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if !matches!(
            round.phase(now_ms),
            Phase::Open | Phase::Paused | Phase::Upcoming
        ) {
            return Err(Error::refused(
                Code::Conflict,
                "只有封存了、还没结束的场次可以收卷",
            ));
        }
        if let Some(since_ms) = round.paused_at_ms {
            let paused_ms = (now_ms - since_ms).max(0);
            attempts::end_pause(&mut tx, round_id, since_ms, paused_ms).await?;
            rounds::resume(&mut tx, round_id, since_ms, paused_ms).await?;
        }
        rounds::end_window(&mut tx, round_id, now_ms).await?;
        attempts::end_by(&mut tx, round_id, now_ms).await?;
        self.log(
            &mut tx,
            actor,
            "end-window",
            round_id,
            json!({
                "before": { "window_ends_at_ms": round.window_ends_at_ms(now_ms) },
                "after": { "window_ends_at_ms": now_ms },
            }),
        )
        .await?;
        tx.commit().await?;
        self.forget_round(round_id);
        self.close_after_the_bell(round_id).await
    }

    pub async fn announce_round(&self, actor: &str, round_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if !rounds::announce(&mut tx, round_id, now_ms).await? {
            return Err(Error::refused(Code::Conflict, "收卷以后才能公布成绩"));
        }
        let detail = json!({
            "before": { "state": round.state.text(), "keys_shown": round.shown() == Shown::Keys },
            "after": { "state": State::Announced.text(), "keys_shown": true },
        });
        self.log(&mut tx, actor, "announce-round", round_id, detail)
            .await?;
        tx.commit().await?;
        self.forget_round(round_id);
        Ok(())
    }

    /// Stops the clock of a round for everybody.
    pub async fn pause_round(&self, actor: &str, round_id: &str, reason: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        self.must_run(&mut tx, actor, round_id).await?;
        if !rounds::pause(&mut tx, round_id, now_ms).await? {
            return Err(Error::refused(Code::Conflict, "只有正在进行的场次可以暂停"));
        }
        self.log(
            &mut tx,
            actor,
            "pause-round",
            round_id,
            json!({
                "reason": reason.trim(), "before": { "paused": false }, "after": { "paused": true },
            }),
        )
        .await?;
        tx.commit().await?;
        self.forget_round(round_id);
        Ok(())
    }

    /// Lets it go on: window and deadlines move by as long as it stood still.
    pub async fn resume_round(&self, actor: &str, round_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        let since_ms = round
            .paused_at_ms
            .ok_or_else(|| Error::refused(Code::Conflict, "这一场没有暂停"))?;
        let paused_ms = (now_ms - since_ms).max(0);
        attempts::end_pause(&mut tx, round_id, since_ms, paused_ms).await?;
        if !rounds::resume(&mut tx, round_id, since_ms, paused_ms).await? {
            return Err(Error::refused(Code::Conflict, "这一场已经恢复了"));
        }
        let ends_at_ms = round.window_ends_at_ms(since_ms);
        let detail = json!({
            "paused_ms": paused_ms,
            "before": { "paused": true, "window_ends_at_ms": ends_at_ms },
            "after": { "paused": false, "window_ends_at_ms": ends_at_ms + paused_ms },
        });
        self.log(&mut tx, actor, "resume-round", round_id, detail)
            .await?;
        tx.commit().await?;
        self.forget_round(round_id);
        Ok(())
    }

    /// More time for one entrant or, without a name, for all; with a reason.
    pub async fn extend_round(
        &self,
        actor: &str,
        round_id: &str,
        person_id: Option<&str>,
        by_ms: i64,
        reason: &str,
    ) -> Result<()> {
        if !(1..=24 * 3_600_000).contains(&by_ms) {
            return Err(Error::refused(
                Code::BadRequest,
                "延长的时间要在 1 秒到 24 小时之间",
            ));
        }
        let reason = stated(reason)?;
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        match person_id {
            Some(person_id) => {
                let sits = attempts::shift_deadline(&mut tx, round_id, person_id, by_ms).await?;
                if !sits && round.state != State::Sealed {
                    let detail = "这一场已经收卷。要让一个人接着答，请用“重开”";
                    return Err(Error::refused(Code::Conflict, detail));
                }
                // Who does not sit now gets it at the start.
                if !sits && !decisions::extend_entrant(&mut tx, round_id, person_id, by_ms).await? {
                    return Err(Error::NotFound("这一场的这个参赛人".into()));
                }
            }
            None => {
                if !rounds::extend(&mut tx, round_id, by_ms).await? {
                    return Err(Error::refused(
                        Code::Conflict,
                        "只有封存了、还没结束的场次可以延时",
                    ));
                }
                attempts::shift_deadlines(&mut tx, round_id, by_ms).await?;
            }
        }
        let detail = json!({
            "person": person_id, "by_ms": by_ms, "reason": reason,
            "before": { "extension_ms": round.extension_ms },
            "after": { "extension_ms": round.extension_ms + person_id.map_or(by_ms, |_| 0) },
        });
        self.log(&mut tx, actor, "extend-round", round_id, detail)
            .await?;
        tx.commit().await?;
        self.forget_round(round_id);
        Ok(())
    }

    /// Holds a board back (暂停公布), or reveals it (现场揭晓).
    pub async fn hold_board(&self, actor: &str, round_id: &str, hold: Hold) -> Result<()> {
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        rounds::hold_board(&mut tx, round_id, hold == Hold::Back).await?;
        let act = if hold == Hold::Back {
            "hold-board"
        } else {
            "reveal-board"
        };
        let detail = json!({ "before": { "held": round.board_held }, "after": { "held": hold == Hold::Back } });
        self.log(&mut tx, actor, act, round_id, detail).await?;
        tx.commit().await?;
        self.forget_round(round_id);
        self.boards.mark(round_id);
        Ok(())
    }
}
