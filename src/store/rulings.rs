//! Rulings on elements of spoken answers: appended, and read by attempt or by round, in the order they were made.

use std::collections::HashMap;

use crate::{
    error::Result,
    grading::{
        Found,
        rulings::{Ruled, Ruling},
    },
    store::{Tx, attempts::AttemptResult, execute, on, to_json},
};

/// A ruling and who made it.
#[derive(Debug, Clone)]
pub struct Signed {
    pub ruling: Ruling,
    pub actor: String,
}

#[derive(sqlx::FromRow)]
struct RulingRow {
    attempt_id: String,
    number: i64,
    element: i64,
    seq: i64,
    said_before: bool,
    said_after: bool,
    reason: String,
    correction: bool,
    actor: String,
    at_ms: i64,
}

impl RulingRow {
    fn read(self) -> (String, Signed) {
        let found = |said| if said { Found::Yes } else { Found::No };
        let ruling = Ruling {
            number: self.number as u32,
            element: self.element as u32,
            seq: self.seq,
            before: found(self.said_before),
            after: found(self.said_after),
            reason: self.reason,
            correction: self.correction,
            at_ms: self.at_ms,
        };
        let signed = Signed {
            ruling,
            actor: self.actor,
        };
        (self.attempt_id, signed)
    }
}

/// After those the attempt has. The attempt is held by the caller, so that two do not take one place.
pub async fn append(tx: &mut Tx, round_id: &str, attempt_id: &str, signed: &Signed) -> Result<()> {
    let ruling = &signed.ruling;
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO rulings (attempt_id, place, round_id, number, element, seq, said_before, said_after, reason,
                                  correction, actor, at_ms)
             VALUES ($1, (SELECT COALESCE(MAX(place), 0) + 1 FROM rulings WHERE attempt_id = $1),
                     $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
        .bind(attempt_id)
        .bind(round_id)
        .bind(i64::from(ruling.number))
        .bind(i64::from(ruling.element))
        .bind(ruling.seq)
        .bind(ruling.before == Found::Yes)
        .bind(ruling.after == Found::Yes)
        .bind(&ruling.reason)
        .bind(ruling.correction)
        .bind(&signed.actor)
        .bind(ruling.at_ms)
    )?;
    Ok(())
}

/// All rulings of one attempt.
pub async fn of_attempt(tx: &mut Tx, attempt_id: &str) -> Result<Vec<Signed>> {
    let rows: Vec<RulingRow> = on!(tx, db => sqlx::query_as(
        "SELECT attempt_id, number, element, seq, said_before, said_after, reason, correction, actor, at_ms
         FROM rulings WHERE attempt_id = $1 ORDER BY place"
    ).bind(attempt_id).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|row| row.read().1).collect())
}

/// All rulings of a round by attempt.
pub async fn of_round(tx: &mut Tx, round_id: &str) -> Result<HashMap<String, Vec<Ruling>>> {
    let rows: Vec<RulingRow> = on!(tx, db => sqlx::query_as(
        "SELECT attempt_id, number, element, seq, said_before, said_after, reason, correction, actor, at_ms
         FROM rulings WHERE round_id = $1 ORDER BY attempt_id, place"
    ).bind(round_id).fetch_all(db).await)?;
    Ok(by_attempt(rows))
}

const OF_ATTEMPTS_SQLITE: &str = "
    SELECT attempt_id, number, element, seq, said_before, said_after, reason, correction, actor, at_ms FROM rulings
    WHERE attempt_id IN (SELECT value FROM json_each($1)) ORDER BY attempt_id, place";
const OF_ATTEMPTS_POSTGRES: &str = "
    SELECT attempt_id, number, element, seq, said_before, said_after, reason, correction, actor, at_ms FROM rulings
    WHERE attempt_id IN (SELECT json_array_elements_text($1::json)) ORDER BY attempt_id, place";

/// All rulings of these attempts.
pub async fn of_attempts(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Vec<Ruling>>> {
    let text = match tx {
        Tx::Sqlite(_) => OF_ATTEMPTS_SQLITE,
        Tx::Postgres(_) => OF_ATTEMPTS_POSTGRES,
    };
    let rows: Vec<RulingRow> =
        on!(tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await)?;
    Ok(by_attempt(rows))
}

fn by_attempt(rows: Vec<RulingRow>) -> HashMap<String, Vec<Ruling>> {
    let mut rulings: HashMap<String, Vec<Ruling>> = HashMap::new();
    for row in rows {
        let (attempt_id, signed) = row.read();
        rulings.entry(attempt_id).or_default().push(signed.ruling);
    }
    rulings
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    person_id: String,
    attempt_number: i64,
    #[sqlx(flatten)]
    row: RulingRow,
}

/// Says of these results of a round how much of each comes from rulings on words that still stand.
pub(in crate::store) async fn mark(
    tx: &mut Tx,
    round_id: &str,
    results: &mut [AttemptResult],
) -> Result<()> {
    let rows: Vec<StandingRow> = on!(tx, db => sqlx::query_as(
        "SELECT a.person_id, a.number AS attempt_number, r.attempt_id, r.number, r.element, r.seq, r.said_before,
                r.said_after, r.reason, r.correction, r.actor, r.at_ms
         FROM rulings r JOIN attempts a ON a.id = r.attempt_id
         WHERE r.round_id = $1 AND r.seq = (SELECT MAX(s.seq) FROM steps s
           WHERE s.attempt_id = r.attempt_id AND s.number = r.number AND (NOT s.late OR s.accepted_at_ms IS NOT NULL))
         ORDER BY r.attempt_id, r.place"
    ).bind(round_id).fetch_all(db).await)?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut standing: HashMap<(String, i64), Vec<Ruling>> = HashMap::new();
    for StandingRow {
        person_id,
        attempt_number,
        row,
    } in rows
    {
        let attempt = standing.entry((person_id, attempt_number)).or_default();
        attempt.push(row.read().1.ruling);
    }
    for result in results {
        let attempt = (result.person_id.clone(), result.number);
        result.ruled = standing
            .get(&attempt)
            .map_or_else(Ruled::default, Ruled::of);
    }
    Ok(())
}
