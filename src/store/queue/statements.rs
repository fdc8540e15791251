//! The statements of a batch: rows as one JSON parameter, two texts, one `match`.

use std::collections::HashMap;

use serde::{Serialize, Serializer, de::DeserializeOwned};

use crate::{
    attempt::steps::Step,
    error::Result,
    store::{
        Tx,
        attempts::{State, StepRow},
        execute, from_json, to_json,
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

/// id, round, state, deadline, numbers reserved, receipt.
type HeldRow = (String, Option<String>, String, i64, i64, Option<String>);

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

/// What a start is known by; its paper is long and is sent once only.
#[derive(Serialize)]
struct StartKey<'a> {
    id: &'a str,
    round_id: &'a str,
    person_id: &'a str,
    number: u32,
}

impl StartKey<'_> {
    fn of<'a>(row: &StartRow<'a>) -> StartKey<'a> {
        StartKey {
            id: row.id,
            round_id: row.round_id,
            person_id: row.person_id,
            number: row.number,
        }
    }
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
    SELECT json_group_array(json_array(j.value->>'id', a.id)) FROM json_each($1) j JOIN attempts a
      ON a.round_id = j.value->>'round_id' AND a.person_id = j.value->>'person_id' AND a.number = j.value->>'number'";
const FIND_STARTED_POSTGRES: &str = "
    SELECT COALESCE(json_agg(json_build_array(j.id, a.id)), '[]')::text FROM json_to_recordset($1::json) AS j(id text, round_id text, person_id text, number bigint)
      JOIN attempts a ON a.round_id = j.round_id AND a.person_id = j.person_id AND a.number = j.number";

/// Wanted id → the id of the attempt that stands under that round, person and number.
pub(super) async fn find_started(
    tx: &mut Tx,
    rows: &[StartRow<'_>],
) -> Result<HashMap<String, String>> {
    let text = pick(tx, FIND_STARTED_SQLITE, FIND_STARTED_POSTGRES);
    let keys: Vec<StartKey<'_>> = rows.iter().map(StartKey::of).collect();
    let found: Vec<(String, String)> = table(tx, text, to_json(&keys)).await?;
    Ok(found.into_iter().collect())
}

const TAKE_SQLITE: &str = "
    SELECT json_group_array(json_array(id, round_id, state, deadline_at_ms, seq_reserved, receipt))
    FROM attempts WHERE id IN (SELECT value FROM json_each($1))";
const TAKE_POSTGRES: &str = "
    SELECT COALESCE(json_agg(json_build_array(id, round_id, state, deadline_at_ms, seq_reserved, receipt)), '[]')::text
    FROM (SELECT id, round_id, state, deadline_at_ms, seq_reserved, receipt FROM attempts
          WHERE id IN (SELECT json_array_elements_text($1::json)) ORDER BY id FOR UPDATE) AS taken";

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
    let rows: Vec<HeldRow> = table(tx, text, to_json(&ids)).await?;
    let mut rounds: Vec<&str> = rows.iter().filter_map(|row| row.1.as_deref()).collect();
    rounds.sort_unstable();
    rounds.dedup();
    let text = pick(tx, STANDING_STILL_SQLITE, STANDING_STILL_POSTGRES);
    let still: Vec<(String, i64)> = crate::store::on!(
        tx, db => sqlx::query_as(text).bind(to_json(&rounds)).fetch_all(db).await
    )?;
    let still: HashMap<String, i64> = still.into_iter().collect();
    rows.into_iter()
        .map(
            |(id, round, state, deadline_at_ms, seq_reserved, receipt)| {
                let held = Held {
                    state: State::parse(&state)?,
                    deadline_at_ms,
                    seq_reserved,
                    receipt,
                    paused_at_ms: round.and_then(|round| still.get(&round).copied()),
                };
                Ok((id, held))
            },
        )
        .collect()
}

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

/// By place, not by name: half as long, and read twice as fast.
impl Serialize for StepInsert<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let StepInsert {
            attempt_id,
            seq,
            number,
            answer,
            elapsed_ms,
            at_ms,
            late,
        } = self;
        (attempt_id, seq, number, answer, elapsed_ms, at_ms, late).serialize(serializer)
    }
}

const EXISTING_SQLITE: &str = "
    SELECT s.attempt_id, s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, s.late AND s.accepted_at_ms IS NULL AS late
    FROM json_each($1) j JOIN steps s ON s.attempt_id = j.value->>0 AND s.seq = j.value->>1";
const EXISTING_POSTGRES: &str = "
    SELECT s.attempt_id, s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, s.late AND s.accepted_at_ms IS NULL AS late
    FROM json_array_elements($1::json) AS j(entry)
    JOIN steps s ON s.attempt_id = j.entry->>0 AND s.seq = CAST(j.entry->>1 AS BIGINT)";

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
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6
    FROM json_each($1) WHERE TRUE ON CONFLICT DO NOTHING";
const INSERT_STEPS_POSTGRES: &str = "
    INSERT INTO steps (attempt_id, seq, number, answer, elapsed_ms, at_ms, late)
    SELECT entry->>0, CAST(entry->>1 AS BIGINT), CAST(entry->>2 AS BIGINT), entry->>3, CAST(entry->>4 AS BIGINT),
           CAST(entry->>5 AS BIGINT), CAST(entry->>6 AS BOOLEAN)
    FROM json_array_elements($1::json) AS j(entry)
    ON CONFLICT DO NOTHING";

/// How many of the rows were new.
pub(super) async fn insert_steps(tx: &mut Tx, rows: &[StepInsert<'_>]) -> Result<u64> {
    let text = pick(tx, INSERT_STEPS_SQLITE, INSERT_STEPS_POSTGRES);
    Ok(execute!(tx, sqlx::query(text).bind(to_json(&rows)))?)
}

const PAPERS_SQLITE: &str = "
    SELECT json_group_array(json_array(id, paper)) FROM attempts WHERE id IN (SELECT value FROM json_each($1))";
const PAPERS_POSTGRES: &str = "
    SELECT COALESCE(json_agg(json_build_array(id, paper)), '[]')::text
    FROM attempts WHERE id IN (SELECT json_array_elements_text($1::json))";

/// The papers of the attempts that are about to end, as JSON: a receipt is over them.
pub(super) async fn papers(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, String>> {
    let text = pick(tx, PAPERS_SQLITE, PAPERS_POSTGRES);
    let rows: Vec<(String, String)> = table(tx, text, to_json(&ids)).await?;
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

/// What a statement gives as one JSON text: with SQLite each row is a message between threads, which costs more than the
/// row itself.
async fn table<T: DeserializeOwned>(
    tx: &mut Tx,
    text: &'static str,
    rows: String,
) -> Result<Vec<T>> {
    let found: String = crate::store::on!(
        tx, db => sqlx::query_scalar(text).bind(rows).fetch_one(db).await
    )?;
    from_json("批次", &found)
}

fn pick(tx: &Tx, sqlite: &'static str, postgres: &'static str) -> &'static str {
    match tx {
        Tx::Sqlite(_) => sqlite,
        Tx::Postgres(_) => postgres,
    }
}
