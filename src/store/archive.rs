//! Whole rounds in and out of the archive: every attempt with its steps for an export, and what a purge takes away.

use std::collections::HashMap;

use crate::{
    attempt::steps::Step,
    error::Result,
    store::{
        Tx,
        attempts::{self, StepRow},
        execute, on, practice,
    },
};

/// What `attempts::Attempt` leaves out: how the paper was drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub seed: String,
    /// As `paper::drawn_with` packs it.
    pub drawn_with: String,
}

/// Every attempt of a round, void ones too, by id.
pub async fn attempts_of(tx: &mut Tx, round_id: &str) -> Result<Vec<(attempts::Attempt, Drawn)>> {
    let rows: Vec<(String, String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT id, seed, drawn_with FROM attempts WHERE round_id = $1 ORDER BY id"
    ).bind(round_id).fetch_all(db).await)?;
    let mut all = Vec::with_capacity(rows.len());
    for (id, seed, drawn_with) in rows {
        if let Some(attempt) = attempts::find(tx, &id).await? {
            all.push((attempt, Drawn { seed, drawn_with }));
        }
    }
    Ok(all)
}

/// A step as it came, late or not, and when it was accepted where it was.
pub type AsItCame = (Step, Option<i64>);

#[derive(sqlx::FromRow)]
struct CameRow {
    #[sqlx(flatten)]
    step: StepRow,
    accepted_at_ms: Option<i64>,
}

/// All steps of a round by attempt, in their order.
pub async fn steps_of(tx: &mut Tx, round_id: &str) -> Result<HashMap<String, Vec<AsItCame>>> {
    let rows: Vec<CameRow> = on!(tx, db => sqlx::query_as(
        "SELECT s.attempt_id, s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, s.late, s.accepted_at_ms
         FROM steps s JOIN attempts a ON a.id = s.attempt_id WHERE a.round_id = $1 ORDER BY s.attempt_id, s.seq"
    ).bind(round_id).fetch_all(db).await)?;
    let mut steps: HashMap<String, Vec<AsItCame>> = HashMap::new();
    for row in rows {
        let (attempt_id, step) = row.step.read()?;
        let came = (step, row.accepted_at_ms);
        steps.entry(attempt_id).or_default().push(came);
    }
    Ok(steps)
}

/// The steps of one attempt, in their order.
pub async fn steps_of_attempt(tx: &mut Tx, attempt_id: &str) -> Result<Vec<AsItCame>> {
    let rows: Vec<CameRow> = on!(tx, db => sqlx::query_as(
        "SELECT attempt_id, seq, number, answer, elapsed_ms, at_ms, late, accepted_at_ms
         FROM steps WHERE attempt_id = $1 ORDER BY seq"
    ).bind(attempt_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| Ok((row.step.read()?.1, row.accepted_at_ms)))
        .collect()
}

/// The round's entrants under pseudonyms, in the order given: person → pseudonym.
pub async fn rename_entrants(
    tx: &mut Tx,
    round_id: &str,
    names: &[(String, String)],
) -> Result<()> {
    for (person_id, name) in names {
        execute!(
            tx,
            sqlx::query("UPDATE entrants SET name = $3 WHERE round_id = $1 AND person_id = $2")
                .bind(round_id)
                .bind(person_id)
                .bind(name)
        )?;
    }
    Ok(())
}

/// Takes away what people said; that they said something stays. Says how many steps.
pub async fn forget_said(tx: &mut Tx, round_id: &str) -> Result<u64> {
    Ok(execute!(
        tx,
        sqlx::query(
            "UPDATE steps SET answer = '{\"said\":\"\"}'
             WHERE attempt_id IN (SELECT id FROM attempts WHERE round_id = $1) AND answer LIKE '{\"said\":%'"
        )
        .bind(round_id)
    )?)
}

/// Entrants of the round whom nothing else needs: no grant, and no other round whose data is still kept.
pub async fn needed_nowhere_else(tx: &mut Tx, round_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT e.person_id FROM entrants e WHERE e.round_id = $1
           AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.person_id = e.person_id)
           AND NOT EXISTS (SELECT 1 FROM entrants o WHERE o.person_id = e.person_id AND o.round_id <> $1
             AND NOT EXISTS (SELECT 1 FROM acts a WHERE a.subject = o.round_id AND a.act = 'purge-round'))
         ORDER BY e.person_id"
    ).bind(round_id).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A person without name and phone, who can no longer sign in. The id stays: attempts hang on it.
pub async fn forget_person(tx: &mut Tx, person_id: &str) -> Result<()> {
    // Nameless people of one unit are told apart by what stands for the phone, which is never shown.
    execute!(
        tx,
        sqlx::query("UPDATE persons SET name = '', phone = 'purged:' || id WHERE id = $1")
            .bind(person_id)
    )?;
    execute!(
        tx,
        sqlx::query("DELETE FROM tickets WHERE person_id = $1").bind(person_id)
    )?;
    execute!(
        tx,
        sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(person_id)
    )?;
    practice::forget(tx, person_id).await
}
