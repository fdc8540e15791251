//! Attempts of many people at once. What comes back is one row an attempt, its steps as one text: with SQLite each row is
//! a message between threads, which costs more than the row.

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    attempt::steps::Step,
    error::{Error, Result},
    store::{
        Tx,
        attempts::{Attempt, AttemptRow, Facts, FactsRow, facts_of},
        from_json, on, to_json,
    },
};

/// Everything of an attempt that can change.
#[derive(Debug, Clone)]
pub struct OnDesk {
    pub facts: Facts,
    pub steps: Vec<Step>,
}

/// seq, number, answer (JSON text), elapsed, at, late.
type StepTuple = (i64, u32, Option<String>, Option<i64>, i64, i64);

fn steps(text: &str) -> Result<Vec<Step>> {
    let tuples: Vec<StepTuple> = from_json("作答步骤", text)?;
    let mut steps = tuples
        .into_iter()
        .map(|(seq, number, answer, elapsed_ms, at_ms, late)| {
            Ok(Step {
                seq,
                number,
                answer: answer.map(|text| from_json("作答", &text)).transpose()?,
                elapsed_ms,
                at_ms,
                late: late != 0,
            })
        })
        .collect::<Result<Vec<Step>>>()?;
    steps.sort_unstable_by_key(|step| step.seq);
    Ok(steps)
}

const STEPS_SQLITE: &str = "
    SELECT j.value, (SELECT json_group_array(json_array(s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms,
                                                        s.late AND s.accepted_at_ms IS NULL))
                     FROM steps s WHERE s.attempt_id = j.value)
    FROM json_each($1) j";
const STEPS_POSTGRES: &str = "
    SELECT j.id, (SELECT COALESCE(json_agg(json_build_array(s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms,
                                           CAST(s.late AND s.accepted_at_ms IS NULL AS INTEGER))), '[]')::text
                  FROM steps s WHERE s.attempt_id = j.id)
    FROM json_array_elements_text($1::json) AS j(id)";

/// The steps of many attempts, each in the order of their numbers.
pub async fn steps_of<S: AsRef<str> + Serialize>(
    tx: &mut Tx,
    ids: &[S],
) -> Result<HashMap<String, Vec<Step>>> {
    let text = match tx {
        Tx::Sqlite(_) => STEPS_SQLITE,
        Tx::Postgres(_) => STEPS_POSTGRES,
    };
    let rows: Vec<(String, String)> =
        on!(tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(id, text)| Ok((id, steps(&text)?)))
        .collect()
}

const ON_DESKS_SQLITE: &str = "
    SELECT a.id, a.state, a.deadline_at_ms, a.seq_reserved, a.finished_at_ms, a.receipt, a.outcome, a.paused_ms,
           (SELECT json_group_array(json_array(s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms,
                                               s.late AND s.accepted_at_ms IS NULL))
            FROM steps s WHERE s.attempt_id = a.id) AS steps
    FROM attempts a WHERE a.id IN (SELECT value FROM json_each($1))";
const ON_DESKS_POSTGRES: &str = "
    SELECT a.id, a.state, a.deadline_at_ms, a.seq_reserved, a.finished_at_ms, a.receipt, a.outcome, a.paused_ms,
           (SELECT COALESCE(json_agg(json_build_array(s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms,
                                     CAST(s.late AND s.accepted_at_ms IS NULL AS INTEGER))), '[]')::text
            FROM steps s WHERE s.attempt_id = a.id) AS steps
    FROM attempts a WHERE a.id IN (SELECT json_array_elements_text($1::json))";

#[derive(sqlx::FromRow)]
struct OnDeskRow {
    id: String,
    #[sqlx(flatten)]
    facts: FactsRow,
    steps: String,
}

/// Those of these attempts that there are.
pub async fn on_desks(tx: &mut Tx, ids: &[String]) -> Result<HashMap<String, OnDesk>> {
    let text = match tx {
        Tx::Sqlite(_) => ON_DESKS_SQLITE,
        Tx::Postgres(_) => ON_DESKS_POSTGRES,
    };
    let rows: Vec<OnDeskRow> =
        on!(tx, db => sqlx::query_as(text).bind(to_json(&ids)).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| {
            let on_desk = OnDesk {
                facts: facts_of(row.facts)?,
                steps: steps(&row.steps)?,
            };
            Ok((row.id, on_desk))
        })
        .collect()
}

const OF_PERSONS_SQLITE: &str = "
    SELECT a.id, a.round_id, a.person_id, a.number, a.state, a.paper, a.started_at_ms, a.deadline_at_ms, a.seq_reserved,
           a.finished_at_ms, a.receipt, a.outcome, a.paused_ms
    FROM json_each($1) j JOIN attempts a ON a.round_id = j.value->>0 AND a.person_id = j.value->>1
    ORDER BY a.number";
const OF_PERSONS_POSTGRES: &str = "
    SELECT a.id, a.round_id, a.person_id, a.number, a.state, a.paper, a.started_at_ms, a.deadline_at_ms, a.seq_reserved,
           a.finished_at_ms, a.receipt, a.outcome, a.paused_ms
    FROM json_array_elements($1::json) AS j(entry)
    JOIN attempts a ON a.round_id = j.entry->>0 AND a.person_id = j.entry->>1
    ORDER BY a.number";

/// The attempts of these people in these rounds (round, person), each person's by number; nothing for who has none.
pub async fn of_persons(
    tx: &mut Tx,
    entries: &[(String, String)],
) -> Result<HashMap<(String, String), Vec<Attempt>>> {
    let text = match tx {
        Tx::Sqlite(_) => OF_PERSONS_SQLITE,
        Tx::Postgres(_) => OF_PERSONS_POSTGRES,
    };
    let rows: Vec<AttemptRow> =
        on!(tx, db => sqlx::query_as(text).bind(to_json(&entries)).fetch_all(db).await)?;
    let mut found: HashMap<(String, String), Vec<Attempt>> = HashMap::new();
    for row in rows {
        let attempt = row.read()?;
        let entry = (attempt.round_id.clone(), attempt.person_id.clone());
        found.entry(entry).or_default().push(attempt);
    }
    Ok(found)
}

impl OnDesk {
    /// The same as `NotFound` where there is no such attempt.
    pub fn there(found: Option<OnDesk>) -> Result<OnDesk> {
        found.ok_or_else(|| Error::NotFound("这次作答".into()))
    }
}
