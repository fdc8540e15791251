//! What moves a board: whose attempts began, were graded or were decided on since somebody last looked.

use crate::{
    error::Result,
    store::{
        Tx,
        attempts::AttemptResult,
        execute, on, rulings, to_json,
        versions::{self, Subject},
    },
};

/// Whose attempts were graded or decided on under a board's number above `since`, or have an id after `floor`.
pub async fn moved_since(
    tx: &mut Tx,
    round_id: &str,
    since: i64,
    floor: &str,
) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT person_id FROM attempts WHERE round_id = $1 AND board_number > $2
         UNION SELECT person_id FROM attempts WHERE round_id = $1 AND id > $3"
    ).bind(round_id).bind(since).bind(floor).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(person_id,)| person_id).collect())
}

const RESULTS_OF_SQLITE: &str = "
    SELECT person_id, number, state, started_at_ms, finished_at_ms, points, paused_ms FROM attempts
    WHERE round_id = $1 AND person_id IN (SELECT value FROM json_each($2)) AND state <> 'void'
    ORDER BY person_id, number";
const RESULTS_OF_POSTGRES: &str = "
    SELECT person_id, number, state, started_at_ms, finished_at_ms, points, paused_ms FROM attempts
    WHERE round_id = $1 AND person_id IN (SELECT json_array_elements_text($2::json)) AND state <> 'void'
    ORDER BY person_id, number";

/// The attempts of these people in a round.
pub async fn results_of(
    tx: &mut Tx,
    round_id: &str,
    persons: &[String],
) -> Result<Vec<AttemptResult>> {
    let text = match tx {
        Tx::Sqlite(_) => RESULTS_OF_SQLITE,
        Tx::Postgres(_) => RESULTS_OF_POSTGRES,
    };
    let mut results: Vec<AttemptResult> = on!(tx, db => sqlx::query_as(text)
        .bind(round_id).bind(to_json(&persons)).fetch_all(db).await)?;
    rulings::mark(tx, round_id, &mut results).await?;
    Ok(results)
}

/// Boards hear that this attempt was decided on. After the change itself, so that locks are taken in one order.
pub(in crate::store) async fn moved(tx: &mut Tx, id: &str) -> Result<()> {
    let number = versions::raise(tx, Subject::Boards).await?;
    execute!(
        tx,
        sqlx::query("UPDATE attempts SET board_number = $2 WHERE id = $1")
            .bind(id)
            .bind(number)
    )?;
    Ok(())
}
