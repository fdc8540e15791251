//! The organizer: set a round up, seal it, and lead it to its end. Every act is on record.

mod running;
mod sealing;

use serde_json::json;

use crate::{
    app::{
        App,
        organizer::sealing::{check_papers, entrants_of, proof_sheet, unknown_blueprint},
    },
    clock::{fresh, fresh_id},
    contest::round::{Papers, Release, Round, Rules, State},
    error::{Code, Error, Result},
    paper::seal::{Secret, published_hash},
    people::{Role, Unit},
    store::{
        Tx, people,
        record::{self, Act},
        rounds::{self, Seal},
        versions,
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
        let faults = draft_faults(&draft);
        if !faults.is_empty() {
            return Err(Error::refused(Code::BadRequest, faults.join("；")));
        }
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
            name: called(&draft),
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
        self.forget_round(&round.id);
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
        self.forget_round(round_id);
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
        versions::raise_rounds(tx, subject).await
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Back,
    Reveal,
}

/// A rehearsal says so wherever its name stands: on every page, ticket and board.
fn called(draft: &Draft) -> String {
    let name = draft.name.trim();
    if draft.rules.rehearsal && !name.contains("演练") {
        format!("{name}（演练）")
    } else {
        name.to_owned()
    }
}

/// What is wrong with a draft in itself, each in Chinese; without a bank or people.
pub fn draft_faults(draft: &Draft) -> Vec<&'static str> {
    let rules = &draft.rules;
    let name = draft.name.trim().chars().count();
    let hour_ms = 3_600_000;
    let limit = |limit: i64| !(10_000..=24 * hour_ms).contains(&limit);
    let same = rules.papers == Papers::Same;
    let faults = [
        (!(1..=60).contains(&name), "场次名称要有 1 到 60 个字"),
        (
            draft.closes_at_ms <= draft.opens_at_ms,
            "截止时间要晚于开始时间",
        ),
        (
            draft.limit_ms.is_some_and(limit),
            "作答时长要在 10 秒到 24 小时之间",
        ),
        (
            !(1..=100).contains(&rules.attempts),
            "作答次数要在 1 到 100 之间",
        ),
        (
            rules
                .attempts_per_day
                .is_some_and(|most| !(1..=100).contains(&most)),
            "每天的作答次数要在 1 到 100 之间",
        ),
        (
            same && rules.attempts > 1,
            "同卷异序只能作答一次：第二次就是同一份卷子了",
        ),
        (
            same && rules.release == Release::HandIn,
            "同卷异序不能一交卷就看分：先交的人会说出去，请选“收卷后公布”",
        ),
        (
            !(1..=1000).contains(&rules.unit_entrants_min),
            "单位排名的最少人数要在 1 到 1000 之间",
        ),
    ];
    let wrong = faults.into_iter().filter(|(wrong, _)| *wrong);
    wrong.map(|(_, fault)| fault).collect()
}

/// The unit of that name, path (`桃源村/一组`) or id among these, or their top one where none is named.
pub fn find_unit<'a>(units: &'a [Unit], name: &str) -> Result<&'a Unit> {
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
            .find(|unit| unit.id == name)
            .map_or_else(|| named(units, name), |unit| Ok(Some(unit)))?
    };
    found.ok_or_else(|| match name {
        "" => Error::refused(Code::Conflict, "还没有单位，请先导入花名册"),
        name => Error::NotFound(format!("单位“{name}”")),
    })
}

/// The one unit of this name, or of this path: every village has its 一组, which is 桃源村/一组.
fn named<'a>(units: &'a [Unit], path: &str) -> Result<Option<&'a Unit>> {
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent_fits = |unit: &&Unit| {
        let parent = units
            .iter()
            .find(|parent| Some(&parent.id) == unit.parent_id.as_ref());
        above.is_empty() || parent.is_some_and(|parent| parent.name == above)
    };
    let mut found = units
        .iter()
        .filter(|unit| unit.name == name)
        .filter(parent_fits);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Error::refused(
            Code::BadRequest,
            format!("叫“{name}”的单位不止一个，请带上上级单位，写成“桃源村/{name}”这样"),
        )),
        (found, _) => Ok(found),
    }
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
