//! What organizers decide on record, person by person: late entrants, leave, late steps, void and reopened attempts.

use serde_json::json;

use crate::{
    app::{App, memory::assembler_for, registrar::find_person},
    attempt::steps::standing,
    contest::round::{Entrant, Release, Round, Shown, State as RoundState},
    error::{Code, Error, Result},
    grading::grade_paper,
    people::{Person, Role, Unit, competes_for},
    store::{
        Tx,
        attempts::{self, Attempt, State},
        decisions, people, rounds,
    },
};

/// 请假, or back from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Approved,
    TakenBack,
}

/// The most time one reopening may give.
const REOPEN_MS_MAX: i64 = 4 * 3_600_000;

impl App {
    /// Adds somebody after sealing. `who` is an id, a name, or `单位/姓名`.
    pub async fn add_late_entrant(
        &self,
        actor: &str,
        round_id: &str,
        who: &str,
        reason: &str,
    ) -> Result<Entrant> {
        let reason = stated(reason)?;
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if round.state != RoundState::Sealed {
            return Err(refused(
                "封存以后、收卷以前才能补进名单；草稿场次封存时会自动带上所有人",
            ));
        }
        let units = self.reach(&mut tx, actor, Role::Organizer).await?;
        let mut persons = people::persons(&mut tx).await?;
        persons.retain(|person| units.iter().any(|unit| unit.id == person.unit_id));
        let person = find_person(&units, &persons, who.trim())?;
        let publication = self.publication(&mut tx, &round.publication_id).await?;
        let division = publication.bank.posts.find(person.main_post());
        let division = division.map_or_else(|| "其他".to_owned(), |post| post.division.clone());
        let entrant = late_entrant(&round, &person, &units, division);
        let name = round.rules.blueprint_for(&entrant.post);
        assembler_for(&publication.bank, name, &entrant.post, &round)?;
        let before = rounds::entrants(&mut tx, round_id).await?;
        if before
            .iter()
            .any(|each| each.person_id == entrant.person_id)
        {
            return Err(refused(format!("{}已经在名单里了", entrant.name)));
        }
        rounds::add_entrant(&mut tx, round_id, &entrant).await?;
        let detail = json!({
            "person": entrant.person_id, "reason": reason,
            "before": { "entrants": before.len() }, "after": { "entrants": before.len() + 1 },
        });
        self.decided(tx, actor, "add-late-entrant", &round, detail)
            .await?;
        Ok(entrant)
    }

    /// Approved leave leaves the number of entrants; who has begun a paper has no leave.
    pub async fn set_leave(
        &self,
        actor: &str,
        round_id: &str,
        person_id: &str,
        leave: Leave,
        reason: &str,
    ) -> Result<()> {
        let reason = stated(reason)?;
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        if !matches!(round.state, RoundState::Sealed | RoundState::Closed) {
            return Err(refused("封存以后、公布以前才能登记请假"));
        }
        must_be_entrant(&mut tx, round_id, person_id).await?;
        let begun = attempts::of_person(&mut tx, round_id, person_id).await?;
        if leave == Leave::Approved && begun.iter().any(|each| each.state != State::Void) {
            return Err(refused(
                "这个人已经作答了，不能登记请假。要取消成绩请用“作废”",
            ));
        }
        let on_leave = leave == Leave::Approved;
        if !decisions::set_leave(&mut tx, round_id, person_id, on_leave).await? {
            return Err(refused("已经是这样登记的了"));
        }
        let detail = json!({
            "person": person_id, "reason": reason,
            "before": { "on_leave": !on_leave }, "after": { "on_leave": on_leave },
        });
        self.decided(tx, actor, "set-leave", &round, detail).await
    }

    /// Late steps count, on record: the outcome is computed anew, the one before stays in the log. Steps that came when
    /// the keys could be read already never count.
    pub async fn accept_late_steps(
        &self,
        actor: &str,
        attempt_id: &str,
        reason: &str,
    ) -> Result<()> {
        let reason = stated(reason)?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let (round, attempt) = self.attempt_run_by(&mut tx, actor, attempt_id).await?;
        if !matches!(attempt.state, State::HandedIn | State::TimedOut) {
            return Err(refused("只有已经交卷或到时收卷的作答才有迟到的答案"));
        }
        let until_ms = keys_shown_at(&mut tx, &round).await?.unwrap_or(i64::MAX);
        let seqs = decisions::accept_late(&mut tx, attempt_id, until_ms, now_ms).await?;
        if seqs.is_empty() {
            return Err(refused(
                "没有可以采纳的迟到答案（公布答案以后才到的不能算）",
            ));
        }
        let steps = attempts::steps(&mut tx, attempt_id).await?;
        let publication = self.publication(&mut tx, &round.publication_id).await?;
        let outcome = grade_paper(&attempt.paper, &publication.by_revision, &standing(&steps));
        decisions::replace_outcome(&mut tx, attempt_id, &outcome).await?;
        let detail = json!({
            "attempt": attempt_id, "person": attempt.person_id, "reason": reason, "steps": seqs,
            "before": { "outcome": attempt.outcome }, "after": { "points": outcome.points },
        });
        self.decided(tx, actor, "accept-late-steps", &round, detail)
            .await
    }

    /// Takes an attempt out of the contest; its paper, steps and result stay.
    pub async fn void_attempt(&self, actor: &str, attempt_id: &str, reason: &str) -> Result<()> {
        let reason = stated(reason)?;
        let mut tx = self.store.write().await?;
        let (round, attempt) = self.attempt_run_by(&mut tx, actor, attempt_id).await?;
        if !decisions::void(&mut tx, attempt_id, self.clock.now_ms()).await? {
            return Err(refused("这次作答已经作废了"));
        }
        let detail = json!({
            "attempt": attempt_id, "person": attempt.person_id, "reason": reason,
            "before": result(&attempt), "after": { "state": "void" },
        });
        self.decided(tx, actor, "void-attempt", &round, detail)
            .await
    }

    /// Opens an ended attempt for `by_ms` from now, with all that was saved. Not once keys could be read.
    pub async fn reopen_attempt(
        &self,
        actor: &str,
        attempt_id: &str,
        by_ms: i64,
        reason: &str,
    ) -> Result<()> {
        let reason = stated(reason)?;
        if !(1..=REOPEN_MS_MAX).contains(&by_ms) {
            let detail = "重开的时间要在 1 秒到 4 小时之间";
            return Err(Error::refused(Code::BadRequest, detail));
        }
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let (round, attempt) = self.attempt_run_by(&mut tx, actor, attempt_id).await?;
        if round.shown() == Shown::Keys {
            return Err(refused("答案已经公布，不能再打开这份试卷"));
        }
        let all = attempts::of_person(&mut tx, &round.id, &attempt.person_id).await?;
        if all.iter().any(|each| each.state == State::Open) {
            return Err(refused("这个人正在作答，要加时间请用“延时”"));
        }
        decisions::reopen(&mut tx, attempt_id, now_ms + by_ms).await?;
        let detail = json!({
            "attempt": attempt_id, "person": attempt.person_id, "reason": reason,
            "before": result(&attempt), "after": { "state": "open", "deadline_at_ms": now_ms + by_ms },
        });
        self.decided(tx, actor, "reopen-attempt", &round, detail)
            .await
    }

    async fn attempt_run_by(
        &self,
        tx: &mut Tx,
        actor: &str,
        attempt_id: &str,
    ) -> Result<(Round, Attempt)> {
        let missing = || Error::NotFound("这次作答".into());
        let attempt = attempts::find(tx, attempt_id).await?.ok_or_else(missing)?;
        match self.must_run(tx, actor, &attempt.round_id).await {
            Ok(round) => Ok((round, attempt)),
            Err(Error::NotFound(_)) => Err(missing()),
            Err(error) => Err(error),
        }
    }

    async fn decided(
        &self,
        mut tx: Tx,
        actor: &str,
        act: &str,
        round: &Round,
        detail: serde_json::Value,
    ) -> Result<()> {
        self.log(&mut tx, actor, act, &round.id, detail).await?;
        tx.commit().await?;
        self.forget_round(&round.id);
        self.boards.mark(&round.id);
        Ok(())
    }
}

/// A decision without a reason is none.
pub(in crate::app) fn stated(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 200 {
        let detail = "请写明原因（200 字以内），它会和这次操作一起留在记录里";
        return Err(Error::refused(Code::BadRequest, detail));
    }
    Ok(reason)
}

fn refused(detail: impl Into<String>) -> Error {
    Error::refused(Code::Conflict, detail)
}

fn result(attempt: &Attempt) -> serde_json::Value {
    json!({
        "state": attempt.state.text(), "finished_at_ms": attempt.finished_at_ms,
        "receipt": attempt.receipt, "outcome": attempt.outcome,
    })
}

fn late_entrant(round: &Round, person: &Person, units: &[Unit], division: String) -> Entrant {
    let unit = competes_for(units, &person.unit_id, &round.unit_id);
    Entrant {
        person_id: person.id.clone(),
        name: person.name.clone(),
        unit_id: unit.map_or_else(|| person.unit_id.clone(), |unit| unit.id.clone()),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        post: person.main_post().to_owned(),
        division,
        on_leave: false,
        late: true,
        extension_ms: 0,
    }
}

async fn must_be_entrant(tx: &mut Tx, round_id: &str, person_id: &str) -> Result<()> {
    let entrants = rounds::entrants(tx, round_id).await?;
    if entrants
        .iter()
        .any(|entrant| entrant.person_id == person_id)
    {
        Ok(())
    } else {
        Err(Error::NotFound("这一场的这个参赛人".into()))
    }
}

/// Since when keys could be read; `None` while they cannot.
async fn keys_shown_at(tx: &mut Tx, round: &Round) -> Result<Option<i64>> {
    match round.rules.release {
        _ if round.shown() != Shown::Keys => Ok(None),
        Release::Close | Release::HandIn => decisions::closed_at(tx, &round.id).await,
        Release::Hand => Ok(round.released_at_ms),
    }
}
