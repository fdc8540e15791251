//! The statements of a batch: rows as one JSON parameter, two texts, one `match`.

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    attempt::steps::Step,
    error::Result,
    store::{
        Tx,
        attempts::{State, StepRow},
        execute, to_json,
    },
};

/// What a batch must know of an attempt to decide.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) state: State,
    pub(super) deadline_at_ms: i64,
    pub(super) seq_reserved: i64,
    pub(super) receipt: Option<String>,
    /// Since when it stands still, where it does.
    pub(super) paused_at_ms: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    id: String,
    round_id: Option<String>,
    state: String,
    deadline_at_ms: i64,
    seq_reserved: i64,
    receipt: Option<String>,
}

#[derive(Serialize)]
pub(super) struct StartRow<'a> {
    pub(super) id: &'a str,
    pub(super) round_id: &'a str,
    pub(super) person_id: &'a str,
    pub(super) number: u32,
    pub(super) seed: &'a str,
    pub(super) drawn_with: &'a str,
    pub(super) paper: &'a str,
    pub(super) started_at_ms: i64,
    pub(super) deadline_at_ms: i64,
    /// The first block, given with the row itself.
    pub(super) seq_reserved: i64,
}

const INSERT_STARTS_SQLITE: &str = "
    INSERT INTO attempts (id, round_id, person_id, number, state, seed, drawn_with, paper, started_at_ms, deadline_at_ms, seq_reserved)
    SELECT value->>'id', value->>'round_id', value->>'person_id', value->>'number', 'open', value->>'seed',
           value->>'drawn_with', value->>'paper', value->>'started_at_ms', value->>'deadline_at_ms', value->>'seq_reserved'
    FROM json_each($1) WHERE TRUE ON CONFLICT DO NOTHING";
const INSERT_STARTS_POSTGRES: &str = "
    INSERT INTO attempts (id, round_id, person_id, number, state, seed, drawn_with, paper, started_at_ms, deadline_at_ms, seq_reserved)
    SELECT id, round_id, person_id, number, 'open', seed, drawn_with, paper, started_at_ms, deadline_at_ms, seq_reserved
    FROM json_to_recordset($1::json) AS x(id text, round_id text, person_id text, number bigint, seed text,
         drawn_with text, paper text, started_at_ms bigint, deadline_at_ms bigint, seq_reserved bigint)
    ORDER BY round_id, person_id, number ON CONFLICT DO NOTHING";

/// In the order of the unique key, so that two copies that start the same people wait for one another in one direction.
pub(super) async fn insert_starts(tx: &mut Tx, rows: &[StartRow<'_>]) -> Result<()> {
    let text = pick(tx, INSERT_STARTS_SQLITE, INSERT_STARTS_POSTGRES);
    execute!(tx, sqlx::query(text).bind(to_json(&rows)))?;
    Ok(())
}

const FIND_STARTED_SQLITE: &str = "
    SELECT a.id, j.value->>'id' FROM json_each($1) j JOIN attempts a
      ON a.round_id = j.value->>'round_id' AND a.person_id = j.value->>'person_id' AND a.number = j.value->>'number'";
const FIND_STARTED_POSTGRES: &str = "
    SELECT a.id, j.id FROM json_to_recordset($1::json) AS j(id text, round_id text, person_id text, number bigint)
      JOIN attempts a ON a.round_id = j.round_id AND a.person_id = j.person_id AND a.number = j.number";

/// Wanted id → the id of the attempt that stands under that round, person and number.
pub(super) async fn find_started(
    tx: &mut Tx,
    rows: &[StartRow<'_>],
) -> Result<HashMap<String, String>> {
    let text = pick(tx, FIND_STARTED_SQLITE, FIND_STARTED_POSTGRES);
    let found: Vec<(String, String)> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&rows)).fetch_all(db).await
    )?;
    Ok(found
        .into_iter()
        .map(|(standing, wanted)| (wanted, standing))
        .collect())
}

const TAKE_SQLITE: &str = "
    SELECT id, round_id, state, deadline_at_ms, seq_reserved, receipt
    FROM attempts WHERE id IN (SELECT value FROM json_each($1))";
const TAKE_POSTGRES: &str = "
    SELECT id, round_id, state, deadline_at_ms, seq_reserved, receipt
    FROM attempts WHERE id IN (SELECT json_array_elements_text($1::json)) ORDER BY id FOR UPDATE";

const STANDING_STILL_SQLITE: &str = "
    SELECT id, paused_at_ms FROM rounds
    WHERE id IN (SELECT value FROM json_each($1)) AND paused_at_ms IS NOT NULL";
const STANDING_STILL_POSTGRES: &str = "
    SELECT id, paused_at_ms FROM rounds
    WHERE id IN (SELECT json_array_elements_text($1::json)) AND paused_at_ms IS NOT NULL";

/// Takes the attempts of the batch (locked in id order where several copies write), and only then looks which of them
/// stand still: a pause that ends meanwhile has to wait for the same rows.
pub(super) async fn take(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Held>> {
    let text = pick(tx, TAKE_SQLITE, TAKE_POSTGRES);
    let rows: Vec<HeldRow> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await
    )?;
    let mut rounds: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.round_id.as_deref())
        .collect();
    rounds.sort_unstable();
    rounds.dedup();
    let text = pick(tx, STANDING_STILL_SQLITE, STANDING_STILL_POSTGRES);
    let still: Vec<(String, i64)> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&rounds)).fetch_all(db).await
    )?;
    let still: HashMap<String, i64> = still.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            let held = Held {
                state: State::parse(&row.state)?,
                deadline_at_ms: row.deadline_at_ms,
                seq_reserved: row.seq_reserved,
                receipt: row.receipt,
                paused_at_ms: row.round_id.and_then(|round| still.get(&round).copied()),
            };
            Ok((row.id, held))
        })
        .collect()
}

#[derive(Serialize)]
pub(super) struct StepInsert<'a> {
    pub(super) attempt_id: &'a str,
    pub(super) seq: i64,
    pub(super) number: u32,
    /// JSON text, so that both databases store the same bytes.
    pub(super) answer: Option<String>,
    pub(super) elapsed_ms: Option<i64>,
    pub(super) at_ms: i64,
    pub(super) late: bool,
}

const EXISTING_SQLITE: &str = "
    SELECT s.attempt_id, s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, s.late AND s.accepted_at_ms IS NULL AS late
    FROM json_each($1) j JOIN steps s ON s.attempt_id = j.value->>'attempt_id' AND s.seq = j.value->>'seq'";
const EXISTING_POSTGRES: &str = "
    SELECT s.attempt_id, s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, s.late AND s.accepted_at_ms IS NULL AS late
    FROM json_to_recordset($1::json) AS j(attempt_id text, seq bigint)
    JOIN steps s ON s.attempt_id = j.attempt_id AND s.seq = j.seq";

/// What stands under the numbers of `rows`.
pub(super) async fn existing(
    tx: &mut Tx,
    rows: &[StepInsert<'_>],
) -> Result<HashMap<(String, i64), Step>> {
    let text = pick(tx, EXISTING_SQLITE, EXISTING_POSTGRES);
    let found: Vec<StepRow> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&rows)).fetch_all(db).await
    )?;
    found
        .into_iter()
        .map(|row| {
            row.read()
                .map(|(attempt_id, step)| ((attempt_id, step.seq), step))
        })
        .collect()
}

const LATE_KEPT_SQLITE: &str = "
    SELECT attempt_id, COUNT(*) FROM steps
    WHERE late AND attempt_id IN (SELECT value FROM json_each($1)) GROUP BY attempt_id";
const LATE_KEPT_POSTGRES: &str = "
    SELECT attempt_id, COUNT(*) FROM steps
    WHERE late AND attempt_id IN (SELECT json_array_elements_text($1::json)) GROUP BY attempt_id";

/// How many late steps there are of these attempts, accepted ones too.
pub(super) async fn late_kept(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, usize>> {
    let text = pick(tx, LATE_KEPT_SQLITE, LATE_KEPT_POSTGRES);
    let rows: Vec<(String, i64)> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await
    )?;
    let count = |(id, count)| (id, usize::try_from(count).unwrap_or(usize::MAX));
    Ok(rows.into_iter().map(count).collect())
}

const INSERT_STEPS_SQLITE: &str = "
    INSERT INTO steps (attempt_id, seq, number, answer, elapsed_ms, at_ms, late)
    SELECT value->>'attempt_id', value->>'seq', value->>'number', value->>'answer', value->>'elapsed_ms',
           value->>'at_ms', value->>'late'
    FROM json_each($1) WHERE TRUE ON CONFLICT DO NOTHING";
const INSERT_STEPS_POSTGRES: &str = "
    INSERT INTO steps (attempt_id, seq, number, answer, elapsed_ms, at_ms, late)
    SELECT attempt_id, seq, number, answer, elapsed_ms, at_ms, late
    FROM json_to_recordset($1::json) AS x(attempt_id text, seq bigint, number bigint, answer text,
         elapsed_ms bigint, at_ms bigint, late boolean)
    ON CONFLICT DO NOTHING";

/// How many of the rows were new.
pub(super) async fn insert_steps(tx: &mut Tx, rows: &[StepInsert<'_>]) -> Result<u64> {
    let text = pick(tx, INSERT_STEPS_SQLITE, INSERT_STEPS_POSTGRES);
    Ok(execute!(tx, sqlx::query(text).bind(to_json(&rows)))?)
}

const PAPERS_SQLITE: &str =
    "SELECT id, paper FROM attempts WHERE id IN (SELECT value FROM json_each($1))";
const PAPERS_POSTGRES: &str =
    "SELECT id, paper FROM attempts WHERE id IN (SELECT json_array_elements_text($1::json))";

/// The papers of the attempts that are about to end, as JSON: a receipt is over them.
pub(super) async fn papers(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, String>> {
    let text = pick(tx, PAPERS_SQLITE, PAPERS_POSTGRES);
    let rows: Vec<(String, String)> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await
    )?;
    Ok(rows.into_iter().collect())
}

#[derive(Serialize)]
pub(super) struct AttemptUpdate<'a> {
    pub(super) id: &'a str,
    pub(super) state: &'a str,
    pub(super) seq_reserved: i64,
    pub(super) finished_at_ms: Option<i64>,
    pub(super) paused_ms: i64,
    pub(super) receipt: Option<String>,
}

const UPDATE_SQLITE: &str = "
    UPDATE attempts SET state = j.value->>'state', seq_reserved = j.value->>'seq_reserved',
           finished_at_ms = COALESCE(finished_at_ms, j.value->>'finished_at_ms'), receipt = j.value->>'receipt',
           paused_ms = paused_ms + (j.value->>'paused_ms')
    FROM json_each($1) j
    WHERE attempts.id = j.value->>'id' AND (attempts.state = 'open' OR attempts.state = j.value->>'state')";
const UPDATE_POSTGRES: &str = "
    UPDATE attempts SET state = j.state, seq_reserved = j.seq_reserved,
           finished_at_ms = COALESCE(attempts.finished_at_ms, j.finished_at_ms), receipt = j.receipt,
           paused_ms = attempts.paused_ms + j.paused_ms
    FROM json_to_recordset($1::json) AS j(id text, state text, seq_reserved bigint, finished_at_ms bigint, receipt text,
         paused_ms bigint)
    WHERE attempts.id = j.id AND (attempts.state = 'open' OR attempts.state = j.state)";

/// Ends attempts that are still open, and no others; one that has ended only gives out further numbers, for late steps.
pub(super) async fn update(tx: &mut Tx, rows: &[AttemptUpdate<'_>]) -> Result<()> {
    let text = pick(tx, UPDATE_SQLITE, UPDATE_POSTGRES);
    execute!(tx, sqlx::query(text).bind(to_json(&rows)))?;
    Ok(())
}

fn pick(tx: &Tx, sqlite: &'static str, postgres: &'static str) -> &'static str {
    match tx {
        Tx::Sqlite(_) => sqlite,
        Tx::Postgres(_) => postgres,
    }
}
