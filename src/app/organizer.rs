//! The organizer: set a round up, seal it, and lead it to its end. Every act is on record.

use serde_json::json;

use crate::{
    app::{App, memory::assembler_for},
    bank::Bank,
    clock::{fresh, fresh_id},
    contest::round::{Entrant, Papers, Phase, Release, Round, Rules, State},
    error::{Code, Error, Result},
    paper::seal::{Secret, published_hash},
    people::{Person, Role, Unit},
    store::{
        Tx, attempts, banks, decisions, people,
        record::{self, Act},
        rounds::{self, Seal},
        versions::{self, Subject},
    },
};

/// What an organizer declares.
#[derive(Debug, Clone)]
pub struct Draft {
    pub name: String,
    /// Empty: the top unit.
    pub unit: String,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    /// `None`: the blueprint's own.
    pub limit_ms: Option<i64>,
    pub rules: Rules,
}

impl App {
    /// Sets a round up as a draft. A blueprint that the bank cannot fill is refused here, never at the bell.
    pub async fn create_round(&self, actor: &str, draft: Draft) -> Result<Round> {
        let now_ms = self.clock.now_ms();
        check_draft(&draft)?;
        let live = self.live_bank().await?.ok_or_else(|| {
            Error::refused(
                Code::Conflict,
                "还没有题库。请先用 --bank 指定题库文件夹启动一次，或检查题库里的错误",
            )
        })?;
        let mut tx = self.store.write().await?;
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let units = people::units(&mut tx).await?;
        let unit = find_unit(&reach, &draft.unit)?;
        let blueprint = live
            .bank
            .blueprints
            .iter()
            .find(|each| each.name == draft.rules.blueprint)
            .ok_or_else(|| unknown_blueprint(&live.bank, &draft.rules.blueprint))?;
        let round = Round {
            id: fresh_id(now_ms),
            name: draft.name.trim().to_owned(),
            unit_id: unit.id.clone(),
            state: State::Draft,
            opens_at_ms: draft.opens_at_ms,
            closes_at_ms: draft.closes_at_ms,
            limit_ms: draft
                .limit_ms
                .unwrap_or(i64::from(blueprint.limit_seconds) * 1000),
            rules: draft.rules,
            publication_id: String::new(),
            secret: None,
            secret_hash: String::new(),
            proof: None,
            paused_at_ms: None,
            paused_total_ms: 0,
            extension_ms: 0,
            board_held: false,
            released_at_ms: None,
        };
        let entrants = entrants_of(&round, &units, &people::persons(&mut tx).await?, &live.bank);
        check_papers(&live.bank, &round, &entrants)?;
        rounds::add(&mut tx, &round, now_ms).await?;
        self.log(
            &mut tx,
            actor,
            "create-round",
            &round.id,
            json!({ "name": round.name, "rules": round.rules }),
        )
        .await?;
        tx.commit().await?;
        self.forget_rounds();
        Ok(round)
    }

    /// Freezes bank, rules and entrants, and makes the secret whose hash is published.
    pub async fn seal_round(&self, actor: &str, round_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let live = self
            .live_bank()
            .await?
            .ok_or_else(|| Error::refused(Code::Conflict, "还没有题库"))?;
        let mut tx = self.store.write().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        let units = people::units(&mut tx).await?;
        let persons = people::persons(&mut tx).await?;
        let entrants = entrants_of(&round, &units, &persons, &live.bank);
        if entrants.is_empty() {
            return Err(Error::refused(
                Code::Conflict,
                "这个单位下面还没有人，请先导入花名册",
            ));
        }
        if round.closes_at_ms <= now_ms {
            return Err(Error::refused(
                Code::Conflict,
                "这一场的截止时间已经过了，请另建一场",
            ));
        }
        check_papers(&live.bank, &round, &entrants)?;
        let secret = Secret(fresh::<32>());
        let secret_hash = published_hash(&secret);
        let mut proof = proof_sheet(&live.bank, &round, &entrants, &secret_hash, now_ms);
        let sealer = persons.iter().find(|person| person.id == actor);
        proof["sealed_by"] = json!(sealer.map(|person| &person.name));
        let (secret, sheet) = (secret.hex(), proof.to_string());
        let seal = Seal {
            publication_id: &live.id,
            secret: &secret,
            secret_hash: &secret_hash,
            proof: &sheet,
            at_ms: now_ms,
        };
        if !rounds::seal(&mut tx, round_id, seal).await? {
            return Err(Error::refused(Code::Conflict, "这一场已经封存过了"));
        }
        for entrant in &entrants {
            rounds::add_entrant(&mut tx, round_id, entrant).await?;
        }
        self.log(&mut tx, actor, "seal-round", round_id, proof)
            .await?;
        tx.commit().await?;
        self.forget_rounds();
        Ok(())
    }

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
            json!({ "window_ended_at_ms": round.window_ends_at_ms(now_ms) }),
        )
        .await?;
        tx.commit().await?;
        self.forget_rounds();
        self.close_after_the_bell(round_id).await
    }

    pub async fn announce_round(&self, actor: &str, round_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        self.must_run(&mut tx, actor, round_id).await?;
        if !rounds::announce(&mut tx, round_id, now_ms).await? {
            return Err(Error::refused(Code::Conflict, "收卷以后才能公布成绩"));
        }
        self.log(&mut tx, actor, "announce-round", round_id, json!({}))
            .await?;
        tx.commit().await?;
        self.forget_rounds();
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
            json!({ "reason": reason }),
        )
        .await?;
        tx.commit().await?;
        self.forget_rounds();
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
        self.log(
            &mut tx,
            actor,
            "resume-round",
            round_id,
            json!({ "paused_ms": paused_ms }),
        )
        .await?;
        tx.commit().await?;
        self.forget_rounds();
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
        self.forget_rounds();
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
        self.forget_rounds();
        self.boards.mark(round_id);
        Ok(())
    }

    /// Every round there is; what of them somebody may see is `rounds_run_by`.
    pub async fn rounds(&self) -> Result<Vec<Round>> {
        rounds::all(&mut self.store.read().await?).await
    }

    pub async fn round(&self, id: &str) -> Result<Round> {
        rounds::find(&mut self.store.read().await?, id).await
    }

    /// Puts a look at keys or answers on record.
    pub async fn note_look(
        &self,
        actor: &str,
        act: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<()> {
        let at_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        record::append(
            &mut tx,
            Act {
                id: fresh_id(at_ms),
                at_ms,
                actor,
                act,
                subject,
                detail,
            },
        )
        .await?;
        tx.commit().await
    }

    pub(in crate::app) async fn log(
        &self,
        tx: &mut Tx,
        actor: &str,
        act: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<()> {
        let at_ms = self.clock.now_ms();
        record::append(
            tx,
            Act {
                id: fresh_id(at_ms),
                at_ms,
                actor,
                act,
                subject,
                detail,
            },
        )
        .await?;
        versions::raise(tx, Subject::Rounds).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Back,
    Reveal,
}

fn check_draft(draft: &Draft) -> Result<()> {
    let bad = |detail: &str| Err(Error::refused(Code::BadRequest, detail));
    if draft.name.trim().is_empty() || draft.name.chars().count() > 60 {
        return bad("场次名称要有 1 到 60 个字");
    }
    if draft.closes_at_ms <= draft.opens_at_ms {
        return bad("截止时间要晚于开始时间");
    }
    if draft
        .limit_ms
        .is_some_and(|limit| !(10_000..=24 * 3_600_000).contains(&limit))
    {
        return bad("作答时长要在 10 秒到 24 小时之间");
    }
    if !(1..=100).contains(&draft.rules.attempts) || draft.rules.attempts_per_day == Some(0) {
        return bad("作答次数要在 1 到 100 之间");
    }
    if draft.rules.papers == Papers::Same && draft.rules.attempts > 1 {
        return bad("同卷异序只能作答一次：第二次就是同一份卷子了");
    }
    if draft.rules.release == Release::HandIn && draft.rules.papers == Papers::Same {
        return bad("同卷异序不能一交卷就看分：先交的人会说出去，请选“收卷后公布”");
    }
    Ok(())
}

/// The unit of that name or id among these, or their top one where none is named.
pub(in crate::app) fn find_unit<'a>(units: &'a [Unit], name: &str) -> Result<&'a Unit> {
    let name = name.trim();
    let is_top = |unit: &&Unit| {
        let above = |parent: &String| units.iter().any(|unit| unit.id == *parent);
        !unit.parent_id.as_ref().is_some_and(above)
    };
    let found = if name.is_empty() {
        if units.iter().filter(is_top).count() > 1 {
            let detail = "有几个并列的单位，请说明是哪一个";
            return Err(Error::refused(Code::BadRequest, detail));
        }
        units.iter().find(is_top)
    } else {
        units
            .iter()
            .find(|unit| unit.name == name || unit.id == name)
    };
    found.ok_or_else(|| match name {
        "" => Error::refused(Code::Conflict, "还没有单位，请先导入花名册"),
        name => Error::NotFound(format!("单位“{name}”")),
    })
}

/// The unit and everything below it.
pub fn below<'a>(units: &'a [Unit], top: &'a str) -> Vec<&'a str> {
    let mut found = vec![top];
    let mut place = 0;
    while let Some(parent) = found.get(place).copied() {
        found.extend(
            units
                .iter()
                .filter(|unit| unit.parent_id.as_deref() == Some(parent))
                .map(|unit| unit.id.as_str()),
        );
        place += 1;
    }
    found
}

fn entrants_of(round: &Round, units: &[Unit], persons: &[Person], bank: &Bank) -> Vec<Entrant> {
    let within = below(units, &round.unit_id);
    persons
        .iter()
        // Who holds no post (the organizer of the first start) takes no part.
        .filter(|person| within.contains(&person.unit_id.as_str()) && !person.posts.is_empty())
        .map(|person| {
            let post = person.main_post();
            Entrant {
                person_id: person.id.clone(),
                name: person.name.clone(),
                unit_id: person.unit_id.clone(),
                unit_name: units
                    .iter()
                    .find(|unit| unit.id == person.unit_id)
                    .map_or_else(String::new, |unit| unit.name.clone()),
                post: post.to_owned(),
                division: bank
                    .posts
                    .find(post)
                    .map_or_else(|| "其他".to_owned(), |post| post.division.clone()),
                on_leave: false,
                late: false,
                extension_ms: 0,
            }
        })
        .collect()
}

/// Every post that will draw can draw: tried here, not at the bell.
fn check_papers(bank: &Bank, round: &Round, entrants: &[Entrant]) -> Result<()> {
    for name in round.rules.blueprints() {
        if !bank
            .blueprints
            .iter()
            .any(|blueprint| blueprint.name == name)
        {
            return Err(unknown_blueprint(bank, name));
        }
    }
    let mut posts: Vec<&str> = entrants
        .iter()
        .map(|entrant| entrant.post.as_str())
        .collect();
    posts.sort_unstable();
    posts.dedup();
    for post in posts {
        assembler_for(bank, round.rules.blueprint_for(post), post, round)?;
    }
    Ok(())
}

fn unknown_blueprint(bank: &Bank, name: &str) -> Error {
    let names: Vec<&str> = bank
        .blueprints
        .iter()
        .map(|blueprint| blueprint.name.as_str())
        .collect();
    Error::refused(
        Code::BadRequest,
        format!("没有叫“{name}”的组卷方案。现有：{}", names.join("、")),
    )
}

/// What was fixed before the bell, for anybody to check afterwards.
fn proof_sheet(
    bank: &Bank,
    round: &Round,
    entrants: &[Entrant],
    secret_hash: &str,
    sealed_at_ms: i64,
) -> serde_json::Value {
    json!({
        "round": round.id,
        "name": round.name,
        "sealed_at": crate::clock::rfc3339(sealed_at_ms),
        "opens": crate::clock::rfc3339(round.opens_at_ms),
        "closes": crate::clock::rfc3339(round.closes_at_ms),
        "limit_seconds": round.limit_ms / 1000,
        "bank_revision": bank.revision().0,
        "publication": banks::publication_id(bank),
        "rules": round.rules,
        "entrants": entrants.len(),
        "assembly_version": crate::paper::assemble::ASSEMBLY_VERSION,
        "secret_hash": secret_hash,
    })
}
