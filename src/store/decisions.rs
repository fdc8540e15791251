//! What organizers decide on record about entrants and attempts, and the monitor that shows them what to decide.

use crate::{
    error::Result,
    grading::Outcome,
    store::{Tx, attempts, execute, on, to_json},
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
    attempts::moved(tx, attempt_id).await?;
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
    attempts::moved(tx, attempt_id).await?;
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
    attempts::moved(tx, attempt_id).await?;
    Ok(touched == 1)
}
