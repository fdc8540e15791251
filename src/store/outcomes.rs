//! Outcomes: what has ended and is not graded, and grades as they are written, many in one short transaction.

use serde::Serialize;

use crate::{
    error::Result,
    grading::Outcome,
    store::{
        Tx, execute, on, to_json,
        versions::{self, Subject},
    },
};

/// An ended attempt without an outcome.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Ungraded {
    pub id: String,
    pub round_id: String,
    /// JSON, as it is stored: one that cannot be read keeps nobody else from a grade.
    pub paper: String,
}

/// The first of those that ended and are not graded yet, at most 500.
pub async fn ungraded(tx: &mut Tx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT id FROM attempts WHERE outcome IS NULL AND state <> 'open' AND state <> 'void' ORDER BY id LIMIT 500"
    ).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

const TO_GRADE_SQLITE: &str = "
    SELECT id, round_id, paper FROM attempts WHERE id IN (SELECT value FROM json_each($1))
       AND outcome IS NULL AND state <> 'open' AND state <> 'void'";
const TO_GRADE_POSTGRES: &str = "
    SELECT id, round_id, paper FROM attempts WHERE id IN (SELECT json_array_elements_text($1::json))
       AND outcome IS NULL AND state <> 'open' AND state <> 'void'";

/// Those of `ids` that want a grade.
pub async fn to_grade(tx: &mut Tx, ids: &[String]) -> Result<Vec<Ungraded>> {
    let text = match tx {
        Tx::Sqlite(_) => TO_GRADE_SQLITE,
        Tx::Postgres(_) => TO_GRADE_POSTGRES,
    };
    Ok(on!(tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await)?)
}

#[derive(Serialize)]
struct GradeRow<'a> {
    id: &'a str,
    /// JSON text, so that both databases store the same bytes.
    outcome: String,
    points: i64,
}

const TAKE: &str = "
    SELECT id FROM attempts WHERE id IN (SELECT json_array_elements_text($1::json)) ORDER BY id FOR UPDATE";
const SAVE_SQLITE: &str = "
    UPDATE attempts SET outcome = j.value->>'outcome', points = j.value->>'points', board_number = $2
    FROM json_each($1) j
    WHERE attempts.id = j.value->>'id' AND outcome IS NULL AND state <> 'open' AND state <> 'void'";
const SAVE_POSTGRES: &str = "
    UPDATE attempts SET outcome = j.outcome, points = j.points, board_number = $2
    FROM json_to_recordset($1::json) AS j(id text, outcome text, points bigint)
    WHERE attempts.id = j.id AND attempts.outcome IS NULL AND state <> 'open' AND state <> 'void'";

/// Writes outcomes once; whoever was graded meanwhile keeps the grade. Boards hear of it by the number they came with.
/// How many were written.
pub async fn save(tx: &mut Tx, outcomes: &[(String, Outcome)]) -> Result<u64> {
    let ids: Vec<&str> = outcomes.iter().map(|(id, _)| id.as_str()).collect();
    if let Tx::Postgres(tx) = tx {
        // In id order, as the step queue takes them; and before the version row, which every copy wants.
        let taken = sqlx::query(TAKE).bind(to_json(&ids));
        taken.execute(&mut **tx).await?;
    }
    let number = versions::raise(tx, Subject::Boards).await?;
    let rows: Vec<GradeRow> = outcomes
        .iter()
        .map(|(id, outcome)| GradeRow {
            id,
            outcome: to_json(outcome),
            points: outcome.points.0,
        })
        .collect();
    let text = match tx {
        Tx::Sqlite(_) => SAVE_SQLITE,
        Tx::Postgres(_) => SAVE_POSTGRES,
    };
    Ok(execute!(
        tx,
        sqlx::query(text).bind(to_json(&rows)).bind(number)
    )?)
}
