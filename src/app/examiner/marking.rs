//! While a session runs: what was ticked is kept, step by step; it ends, and may be opened again.

use serde_json::json;

use crate::{
    app::{
        App,
        examiner::{View, conflict, scored},
    },
    contest::spot_check::{self, Step},
    error::{Code, Error, Result},
    store::{
        spot_checks::{self, Kept, State},
        spot_events,
    },
};

/// The most steps of one request, and the longest comment in characters.
pub const STEPS_MAX: usize = 500;
pub const COMMENT_MAX: usize = 500;
const SEQ_MAX: i64 = 1_000_000_000_000;

/// What became of steps that were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Acknowledged {
    /// Every step of the request up to here is on disk, except those rejected.
    pub acknowledged: i64,
    pub rejected: Vec<Rejected>,
    /// The highest number in use: a step whose number was taken goes above it.
    pub highest: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rejected {
    pub seq: i64,
    pub code: &'static str,
}

impl App {
    /// Keeps what was ticked. The same step twice is harmless; when this returns, it is on disk.
    pub async fn keep_marks(&self, actor: &str, id: &str, steps: &[Step]) -> Result<Acknowledged> {
        if steps.len() > STEPS_MAX {
            let detail = format!("一次最多发 {STEPS_MAX} 步");
            return Err(Error::refused(Code::TooLarge, detail));
        }
        let view = self.own_spot_check(actor, id).await?;
        let mut kept = Acknowledged {
            highest: view.last_seq,
            ..Acknowledged::default()
        };
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let stays = (State::Open, State::Open);
        if !spot_checks::change_state(&mut tx, id, stays, None).await? {
            let detail = "这次抽问已经结束，没有记上。要补记，请在情况表上点“接着抽问”";
            return Err(Error::refused(Code::AttemptClosed, detail));
        }
        for step in steps {
            let code = match (fault(&view, step), step) {
                (Some(code), _) => Some(code),
                (None, step) => match spot_checks::add_step(&mut tx, id, step, now_ms).await? {
                    Kept::Yes => None,
                    Kept::SeqReused => Some(Code::SeqReused),
                },
            };
            match code {
                Some(code) => kept.rejected.push(Rejected {
                    seq: step.seq,
                    code: code.text(),
                }),
                None => kept.highest = kept.highest.max(step.seq),
            }
            kept.acknowledged = kept.acknowledged.max(step.seq);
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Ends a session; ending it again is harmless.
    pub async fn finish_spot_check(&self, actor: &str, id: &str) -> Result<()> {
        let view = self.own_spot_check(actor, id).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let ends = (State::Open, State::Finished);
        if spot_checks::change_state(&mut tx, id, ends, Some(now_ms)).await? {
            let detail = json!({ "spot_check": id, "spot_event": view.check.event_id, "asked": view.marks.len() });
            self.log(
                &mut tx,
                actor,
                "finish-spot-check",
                &view.check.unit_id,
                detail,
            )
            .await?;
        }
        tx.commit().await
    }

    /// Opens a session again that was ended too early; not once its points count.
    pub async fn resume_spot_check(&self, actor: &str, id: &str) -> Result<()> {
        let view = self.own_spot_check(actor, id).await?;
        let mut tx = self.store.write().await?;
        if let Some(event) = &view.check.event_id {
            spot_events::lock(&mut tx, event).await?;
        }
        if scored::is_entered(&mut tx, &view.check).await? {
            return Err(conflict(
                "成绩已经计入，不能再改。要改，请主办单位先撤销计入",
            ));
        }
        let again = (State::Finished, State::Open);
        if spot_checks::change_state(&mut tx, id, again, None).await? {
            let detail = json!({ "spot_check": id, "spot_event": view.check.event_id });
            self.log(
                &mut tx,
                actor,
                "resume-spot-check",
                &view.check.unit_id,
                detail,
            )
            .await?;
        }
        tx.commit().await
    }
}

/// What is wrong with a step, if anything.
fn fault(view: &View, step: &Step) -> Option<Code> {
    let Some(question) = view.question(step.person, step.number) else {
        return Some(Code::BadStep);
    };
    let parts = spot_check::parts(question);
    let mark_fits = step.mark.as_ref().is_none_or(|mark| {
        let short = mark.comment.chars().count() <= COMMENT_MAX;
        short && !mark.comment.contains('\0') && mark.said.iter().all(|part| *part < parts)
    });
    (!mark_fits || !(1..=SEQ_MAX).contains(&step.seq)).then_some(Code::BadStep)
}
