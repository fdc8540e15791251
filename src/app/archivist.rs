//! The archivist: a finished round goes out as one file that a stranger can check, and then its personal data can go.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    app::{App, auditor, memory::ids_of},
    bank::question::QuestionId,
    clock::{fresh, rfc3339},
    contest::round::{Entrant, Round, Shown, State as RoundState},
    error::{Code, Error, Result},
    exchange::round_file::{
        FORMAT, FiledAttempt, FiledConflict, FiledStep, People, RoundFacts, RoundFile, Seal,
        VERSION,
    },
    paper::drawn_with,
    store::{
        Tx, archive,
        attempts::State,
        banks, people,
        record::{self, Entry},
        rounds,
        versions::{self, Subject},
    },
};

/// What a purge took away, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Purged {
    pub round: String,
    pub name: String,
    /// Entrants who now stand under pseudonyms.
    pub entrants: usize,
    /// People whose name and phone are gone from the roster too.
    pub persons: usize,
    /// Spoken answers whose text is gone.
    pub steps: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// Says what it would take away.
    DryRun,
    ForReal,
}

impl App {
    /// Everything of an ended round that `auditor::verify` needs. On record.
    pub async fn export_round(
        &self,
        actor: &str,
        round_id: &str,
        people: People,
    ) -> Result<RoundFile> {
        self.grade_leftovers().await?;
        let mut tx = self.store.read().await?;
        let round = rounds::find(&mut tx, round_id).await?;
        if !matches!(round.state, RoundState::Closed | RoundState::Announced) {
            return Err(Error::refused(
                Code::Conflict,
                "这一场还没有收卷，收卷以后才能导出",
            ));
        }
        if was_purged(&record::acts_on(&mut tx, round_id).await?) {
            return Err(Error::refused(
                Code::Conflict,
                "这一场的个人信息已经清除，不能再导出完整的文件，请用清除以前导出的那一份",
            ));
        }
        let mut file = self.round_file(&mut tx, &round).await?;
        drop(tx);
        if people == People::Masked {
            mask(&mut file);
        }
        file.board = auditor::board_of(&file);
        let detail = json!({
            "masked": people == People::Masked, "attempts": file.attempts.len(), "secret": file.seal.secret.is_some(),
        });
        self.note_look(actor, "export-round", round_id, detail)
            .await?;
        Ok(file)
    }

    async fn round_file(&self, tx: &mut Tx, round: &Round) -> Result<RoundFile> {
        let units = people::units(tx).await?;
        let unit = units.iter().find(|unit| unit.id == round.unit_id);
        let proof = round.proof.as_deref().unwrap_or("null");
        let proof = serde_json::from_str(proof)
            .map_err(|source| Error::internal("数据库里的封卷证明读不懂", source))?;
        let bank = banks::load(tx, &round.publication_id).await?;
        let attempts = filed_attempts(tx, &round.id, &ids_of(&bank)).await?;
        let entrants = rounds::entrants(tx, &round.id).await?;
        let released = round.shown() == Shown::Keys;
        Ok(RoundFile {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            exported_at: rfc3339(self.clock.now_ms()),
            people: People::Named,
            round: RoundFacts {
                id: round.id.clone(),
                name: round.name.clone(),
                unit: unit.map_or_else(String::new, |unit| unit.name.clone()),
                state: round.state.text().to_owned(),
                opens_at_ms: round.opens_at_ms,
                closes_at_ms: round.closes_at_ms,
                limit_ms: round.limit_ms,
                extension_ms: round.extension_ms,
                paused_total_ms: round.paused_total_ms,
                rules: round.rules.clone(),
            },
            seal: Seal {
                publication: round.publication_id.clone(),
                secret_hash: round.secret_hash.clone(),
                secret: round.secret.clone().filter(|_| released),
                proof,
            },
            bank: bank.into(),
            conflicts: self.filed_conflicts(tx, round, &entrants).await?,
            entrants,
            attempts,
            board: crate::contest::board::Board::default(),
        })
    }

    async fn filed_conflicts(
        &self,
        tx: &mut Tx,
        round: &Round,
        entrants: &[Entrant],
    ) -> Result<Vec<FiledConflict>> {
        let conflicts = self.conflicts(tx, round, entrants).await?;
        let filed = conflicts.into_iter().map(|conflict| FiledConflict {
            person: conflict.person_id,
            roles: conflict.roles,
            looks: conflict.looks.len(),
        });
        Ok(filed.collect())
    }

    /// Announced rounds whose window ended before that instant and whose data is still kept.
    pub async fn rounds_to_purge(&self, before_ms: i64) -> Result<Vec<Round>> {
        let mut tx = self.store.read().await?;
        let now_ms = self.clock.now_ms();
        let mut found = Vec::new();
        for round in rounds::all(&mut tx).await? {
            let over =
                round.state == RoundState::Announced && round.window_ends_at_ms(now_ms) < before_ms;
            if over && !was_purged(&record::acts_on(&mut tx, &round.id).await?) {
                found.push(round);
            }
        }
        Ok(found)
    }

    /// Takes the personal data of an announced round away, once the round was exported as it stands. On record.
    pub async fn purge_round(&self, actor: &str, round_id: &str, purge: Purge) -> Result<Purged> {
        let mut tx = self.store.write().await?;
        let round = rounds::find(&mut tx, round_id).await?;
        may_purge(&round, &record::acts_on(&mut tx, round_id).await?)?;
        let names = pseudonyms(&rounds::entrants(&mut tx, round_id).await?);
        let names: Vec<(String, String)> = names.into_iter().collect();
        archive::rename_entrants(&mut tx, round_id, &names).await?;
        let steps = archive::forget_said(&mut tx, round_id).await?;
        let persons = archive::needed_nowhere_else(&mut tx, round_id).await?;
        for person_id in &persons {
            archive::forget_person(&mut tx, person_id).await?;
        }
        let purged = Purged {
            round: round.id,
            name: round.name,
            entrants: names.len(),
            persons: persons.len(),
            steps,
        };
        if purge == Purge::ForReal {
            let detail =
                json!({ "entrants": purged.entrants, "persons": purged.persons, "steps": steps });
            self.log(&mut tx, actor, "purge-round", round_id, detail)
                .await?;
            versions::raise(&mut tx, Subject::People).await?;
            tx.commit().await?;
            self.forget_round(round_id);
            self.memory.sessions.forget_people();
            self.boards.mark(round_id);
        }
        Ok(purged)
    }
}

/// `ids`: as `drawn_with` wants them.
async fn filed_attempts(
    tx: &mut Tx,
    round_id: &str,
    ids: &[QuestionId],
) -> Result<Vec<FiledAttempt>> {
    let mut steps = archive::steps_of(tx, round_id).await?;
    let mut attempts = Vec::new();
    for (attempt, drawn) in archive::attempts_of(tx, round_id).await? {
        if attempt.state == State::Open {
            return Err(Error::refused(
                Code::Conflict,
                "还有人在作答，收卷以后才能导出",
            ));
        }
        let history = drawn_with::unpack(&drawn.drawn_with, ids)
            .ok_or_else(|| Error::internal("数据库里的抽题依据读不懂", attempt.id.clone()))?;
        attempts.push(FiledAttempt {
            steps: filed_steps(steps.remove(&attempt.id).unwrap_or_default()),
            id: attempt.id,
            person: attempt.person_id,
            number: attempt.number,
            state: attempt.state.text().to_owned(),
            seed: drawn.seed,
            drawn_with: history.into(),
            paper: attempt.paper,
            started_at_ms: attempt.started_at_ms,
            paused_ms: attempt.paused_ms,
            deadline_at_ms: attempt.deadline_at_ms,
            finished_at_ms: attempt.finished_at_ms,
            receipt: attempt.receipt,
            outcome: attempt.outcome,
        });
    }
    Ok(attempts)
}

fn filed_steps(came: Vec<archive::AsItCame>) -> Vec<FiledStep> {
    let filed = |(step, accepted_at_ms)| FiledStep {
        step,
        accepted_at_ms,
    };
    came.into_iter().map(filed).collect()
}

fn was_purged(acts: &[Entry]) -> bool {
    acts.iter().any(|entry| entry.act == "purge-round")
}

/// Acts that change nothing of a round: an export before them is still the whole truth.
const LOOKS: [&str; 4] = [
    "export-round",
    "export-board",
    "look-at-keys",
    "look-at-answers",
];

fn may_purge(round: &Round, acts: &[Entry]) -> Result<()> {
    let refuse = |detail: &str| {
        let name = &round.name;
        Err(Error::refused(Code::Conflict, format!("“{name}”{detail}")))
    };
    if round.state != RoundState::Announced {
        return refuse("还没有公布成绩，公布以后才能清除个人信息");
    }
    if was_purged(acts) {
        return refuse("的个人信息已经清除过了");
    }
    let last = |wanted: &dyn Fn(&str) -> bool| {
        let times = acts.iter().filter(|entry| wanted(&entry.act));
        times.map(|entry| entry.at_ms).max()
    };
    let exported = last(&|act| act == "export-round");
    let changed = last(&|act| !LOOKS.contains(&act));
    match (exported, changed) {
        (None, _) => refuse("还没有导出过，请先用 round export 导出存档，再清除"),
        (Some(exported), Some(changed)) if exported < changed => {
            refuse("导出以后又有变动，请用 round export 重新导出，再清除")
        }
        _ => Ok(()),
    }
}

/// Person → 参赛人 001…, in an order that tells nothing of the roster's.
fn pseudonyms(entrants: &[Entrant]) -> BTreeMap<String, String> {
    let salt = fresh::<32>();
    let mut ids: Vec<&str> = entrants
        .iter()
        .map(|entrant| entrant.person_id.as_str())
        .collect();
    ids.sort_by_cached_key(|id| {
        let mut digest = Sha256::new();
        digest.update(salt);
        digest.update(id);
        digest.finalize()
    });
    ids.into_iter()
        .enumerate()
        .map(|(place, id)| (id.to_owned(), format!("参赛人 {:03}", place + 1)))
        .collect()
}

fn mask(file: &mut RoundFile) {
    let names = pseudonyms(&file.entrants);
    let mut ids = HashMap::new();
    for entrant in &mut file.entrants {
        let name = names[&entrant.person_id].clone();
        let id = name.replace("参赛人 ", "p");
        ids.insert(std::mem::replace(&mut entrant.person_id, id.clone()), id);
        entrant.name = name;
    }
    file.entrants
        .sort_by(|one, other| one.person_id.cmp(&other.person_id));
    let attempts = file.attempts.iter_mut().map(|each| &mut each.person);
    let conflicts = file.conflicts.iter_mut().map(|each| &mut each.person);
    for person in attempts.chain(conflicts) {
        if let Some(id) = ids.get(person) {
            person.clone_from(id);
        }
    }
    file.people = People::Masked;
}
