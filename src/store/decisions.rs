//! What organizers decide on record about entrants and attempts, and the monitor that shows them what to decide.

use std::collections::HashMap;

use crate::{
    error::Result,
    grading::Outcome,
    people::Role,
    store::{Tx, boards, execute, on, to_json},
};

/// An attempt as the monitor shows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Watched {
    pub id: String,
    pub person_id: String,
    pub number: i64,
    pub state: String,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    /// Hundredths, once graded.
    pub points: Option<i64>,
    /// When its phone was last heard of with a step.
    pub last_step_at_ms: Option<i64>,
    /// Steps that came after the end and are not accepted.
    pub late_steps: i64,
    pub last_late_at_ms: Option<i64>,
}

/// All attempts of a round, void ones too, by person and number.
pub async fn watch(tx: &mut Tx, round_id: &str) -> Result<Vec<Watched>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT a.id, a.person_id, a.number, a.state, a.started_at_ms, a.deadline_at_ms, a.finished_at_ms, a.points,
                (SELECT MAX(s.at_ms) FROM steps s WHERE s.attempt_id = a.id) AS last_step_at_ms,
                (SELECT COUNT(*) FROM steps s
                 WHERE s.attempt_id = a.id AND s.late AND s.accepted_at_ms IS NULL) AS late_steps,
                (SELECT MAX(s.at_ms) FROM steps s
                 WHERE s.attempt_id = a.id AND s.late AND s.accepted_at_ms IS NULL) AS last_late_at_ms
         FROM attempts a WHERE a.round_id = $1 ORDER BY a.person_id, a.number"
    ).bind(round_id).fetch_all(db).await)?)
}

/// Attempt → questions that stand answered now; attempts without any are left out.
pub async fn answered(tx: &mut Tx, round_id: &str) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = on!(tx, db => sqlx::query_as(
        "SELECT attempt_id, COUNT(*) FROM (
           SELECT s.attempt_id, s.answer,
                  ROW_NUMBER() OVER (PARTITION BY s.attempt_id, s.number ORDER BY s.seq DESC) AS place
           FROM steps s JOIN attempts a ON a.id = s.attempt_id
           WHERE a.round_id = $1 AND s.number > 0 AND (NOT s.late OR s.accepted_at_ms IS NOT NULL)
         ) AS latest WHERE place = 1 AND answer IS NOT NULL GROUP BY attempt_id"
    ).bind(round_id).fetch_all(db).await)?;
    Ok(rows.into_iter().collect())
}

/// Entrants of the round with a grant as organizer or trainer, and over which unit.
pub async fn staff_among(tx: &mut Tx, round_id: &str) -> Result<Vec<(String, Role, String)>> {
    let rows: Vec<(String, String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT g.person_id, g.role, g.unit_id FROM grants g JOIN entrants e ON e.person_id = g.person_id
         WHERE e.round_id = $1 AND g.role IN ('organizer', 'trainer') ORDER BY g.person_id, g.role, g.unit_id"
    ).bind(round_id).fetch_all(db).await)?;
    let read = |(person, role, unit): (String, String, String)| {
        Role::parse(&role).map(|role| (person, role, unit))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

const ROUNDS_OF_SQLITE: &str = "
    SELECT person_id, round_id FROM entrants WHERE person_id IN (SELECT value FROM json_each($1))";
const ROUNDS_OF_POSTGRES: &str = "
    SELECT person_id, round_id FROM entrants WHERE person_id IN (SELECT json_array_elements_text($1::json))";

/// Person and round of every entry of these people, sorted.
pub async fn rounds_of(tx: &mut Tx, persons: &[&str]) -> Result<Vec<(String, String)>> {
    let text = match tx {
        Tx::Sqlite(_) => ROUNDS_OF_SQLITE,
        Tx::Postgres(_) => ROUNDS_OF_POSTGRES,
    };
    let mut rows: Vec<(String, String)> = on!(tx, db => sqlx::query_as(text)
        .bind(to_json(&persons)).fetch_all(db).await)?;
    rows.sort_unstable();
    Ok(rows)
}

/// Says whether it changed anything.
pub async fn set_leave(
    tx: &mut Tx,
    round_id: &str,
    person_id: &str,
    on_leave: bool,
) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE entrants SET on_leave = $3 WHERE round_id = $1 AND person_id = $2 AND on_leave <> $3"
        )
        .bind(round_id)
        .bind(person_id)
        .bind(on_leave)
    )?;
    Ok(touched == 1)
}

/// More time for what this entrant begins later; says whether there is such an entrant.
pub async fn extend_entrant(
    tx: &mut Tx,
    round_id: &str,
    person_id: &str,
    by_ms: i64,
) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE entrants SET extension_ms = extension_ms + $3 WHERE round_id = $1 AND person_id = $2"
        )
        .bind(round_id)
        .bind(person_id)
        .bind(by_ms)
    )?;
    Ok(touched == 1)
}

/// When a round was closed, once it was.
pub async fn closed_at(tx: &mut Tx, round_id: &str) -> Result<Option<i64>> {
    let row: Option<(Option<i64>,)> = on!(tx, db => sqlx::query_as(
        "SELECT closed_at_ms FROM rounds WHERE id = $1"
    ).bind(round_id).fetch_optional(db).await)?;
    Ok(row.and_then(|(closed_at_ms,)| closed_at_ms))
}

/// Late steps that came by `until_ms` count from now on: their numbers.
pub async fn accept_late(
    tx: &mut Tx,
    attempt_id: &str,
    until_ms: i64,
    now_ms: i64,
) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = on!(tx, db => sqlx::query_as(
        "UPDATE steps SET accepted_at_ms = $3
         WHERE attempt_id = $1 AND late AND accepted_at_ms IS NULL AND at_ms <= $2 RETURNING seq"
    ).bind(attempt_id).bind(until_ms).bind(now_ms).fetch_all(db).await)?;
    let mut seqs: Vec<i64> = rows.into_iter().map(|(seq,)| seq).collect();
    seqs.sort_unstable();
    Ok(seqs)
}

/// A new outcome in place of the one before, which is the log's to keep.
pub async fn replace_outcome(tx: &mut Tx, attempt_id: &str, outcome: &Outcome) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET outcome = $2, points = $3 WHERE id = $1 AND state IN ('handed_in', 'timed_out')"
        )
        .bind(attempt_id)
        .bind(to_json(outcome))
        .bind(outcome.points.0)
    )?;
    boards::moved(tx, attempt_id).await?;
    Ok(touched == 1)
}

/// Says whether it was not void already.
pub async fn void(tx: &mut Tx, attempt_id: &str, now_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET state = 'void', finished_at_ms = COALESCE(finished_at_ms, $2)
             WHERE id = $1 AND state <> 'void'"
        )
        .bind(attempt_id)
        .bind(now_ms)
    )?;
    boards::moved(tx, attempt_id).await?;
    Ok(touched == 1)
}

/// Opens an ended attempt again until `deadline_at_ms`; says whether it had ended.
pub async fn reopen(tx: &mut Tx, attempt_id: &str, deadline_at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET state = 'open', deadline_at_ms = $2, finished_at_ms = NULL, receipt = NULL,
                    outcome = NULL, points = NULL
             WHERE id = $1 AND state <> 'open'"
        )
        .bind(attempt_id)
        .bind(deadline_at_ms)
    )?;
    boards::moved(tx, attempt_id).await?;
    Ok(touched == 1)
}
