//! Practice: goes, their steps, marks. All of it belongs to its person, who may take it away.

use std::collections::HashMap;

use crate::{
    attempt::{answer::Answer, behaviour::Behaviour},
    bank::question::QuestionId,
    error::{Error, Result},
    paper::Paper,
    practice::card::Held,
    store::{Tx, execute, from_json, on, to_json},
};

/// One go at a paper without a round.
#[derive(Debug, Clone)]
pub struct Go {
    pub id: String,
    pub person_id: String,
    pub behaviour: Behaviour,
    pub title: String,
    /// The publication whose questions the paper names.
    pub publication_id: String,
    pub paper: Paper,
    /// Question → why it was chosen, in Chinese; empty where nobody chose.
    pub reasons: HashMap<QuestionId, String>,
    pub started_at_ms: i64,
    /// Mock papers only.
    pub deadline_at_ms: Option<i64>,
    pub finished_at_ms: Option<i64>,
}

/// One appended answer.
#[derive(Debug, Clone, PartialEq)]
pub struct GoStep {
    pub seq: i64,
    pub number: u32,
    pub question: QuestionId,
    pub answer: Option<Answer>,
    /// When it was given, as the phone says, never after `at_ms`.
    pub given_at_ms: i64,
    /// When it arrived.
    pub at_ms: i64,
    /// `None` until it has been told.
    pub held: Option<Held>,
}

#[derive(sqlx::FromRow)]
struct GoRow {
    id: String,
    person_id: String,
    behaviour: String,
    title: String,
    publication_id: String,
    paper: String,
    reasons: String,
    started_at_ms: i64,
    deadline_at_ms: Option<i64>,
    finished_at_ms: Option<i64>,
}

impl GoRow {
    fn read(self) -> Result<Go> {
        Ok(Go {
            behaviour: Behaviour::parse(&self.behaviour)
                .ok_or_else(|| Error::internal("数据库里的练习方式读不懂", self.behaviour))?,
            paper: from_json("练习的题", &self.paper)?,
            reasons: from_json("选题理由", &self.reasons)?,
            id: self.id,
            person_id: self.person_id,
            title: self.title,
            publication_id: self.publication_id,
            started_at_ms: self.started_at_ms,
            deadline_at_ms: self.deadline_at_ms,
            finished_at_ms: self.finished_at_ms,
        })
    }
}

pub async fn add(tx: &mut Tx, go: &Go) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO practice_attempts (id, person_id, behaviour, title, publication_id, paper, reasons,
                    started_at_ms, deadline_at_ms, finished_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(&go.id)
        .bind(&go.person_id)
        .bind(go.behaviour.text())
        .bind(&go.title)
        .bind(&go.publication_id)
        .bind(to_json(&go.paper))
        .bind(to_json(&go.reasons))
        .bind(go.started_at_ms)
        .bind(go.deadline_at_ms)
        .bind(go.finished_at_ms)
    )?;
    Ok(())
}

/// The own go; somebody else's is not found.
pub async fn find(tx: &mut Tx, id: &str, person_id: &str) -> Result<Go> {
    let row: Option<GoRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, person_id, behaviour, title, publication_id, paper, reasons, started_at_ms, deadline_at_ms,
                finished_at_ms
         FROM practice_attempts WHERE id = $1 AND person_id = $2"
    ).bind(id).bind(person_id).fetch_optional(db).await)?;
    row.ok_or_else(|| Error::NotFound("这组练习".into()))?
        .read()
}

/// The newest go that is not finished, with its behaviour: where somebody left off.
pub async fn unfinished(tx: &mut Tx, person_id: &str) -> Result<Option<(String, String)>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT id, title FROM practice_attempts WHERE person_id = $1 AND finished_at_ms IS NULL
         ORDER BY started_at_ms DESC, id DESC LIMIT 1"
    ).bind(person_id).fetch_optional(db).await)?)
}

/// Ends a go once; says whether this was the time.
pub async fn finish(tx: &mut Tx, id: &str, at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE practice_attempts SET finished_at_ms = $2 WHERE id = $1 AND finished_at_ms IS NULL"
        )
        .bind(id)
        .bind(at_ms)
    )?;
    Ok(touched == 1)
}

#[derive(sqlx::FromRow)]
struct StepRow {
    seq: i64,
    number: i64,
    question_id: String,
    answer: Option<String>,
    given_at_ms: i64,
    at_ms: i64,
    held: Option<String>,
}

impl StepRow {
    fn read(self) -> Result<GoStep> {
        let answer = self.answer.as_deref();
        Ok(GoStep {
            seq: self.seq,
            number: self.number as u32,
            question: QuestionId(self.question_id),
            answer: answer.map(|text| from_json("作答", text)).transpose()?,
            given_at_ms: self.given_at_ms,
            at_ms: self.at_ms,
            held: self.held.as_deref().map(held).transpose()?,
        })
    }
}

fn held(text: &str) -> Result<Held> {
    Held::parse(text).ok_or_else(|| Error::internal("数据库里的对错读不懂", text.to_owned()))
}

/// The steps of a go, by number of the step.
pub async fn steps(tx: &mut Tx, attempt_id: &str) -> Result<Vec<GoStep>> {
    let rows: Vec<StepRow> = on!(tx, db => sqlx::query_as(
        "SELECT seq, number, question_id, answer, given_at_ms, at_ms, held
         FROM practice_steps WHERE attempt_id = $1 ORDER BY seq"
    ).bind(attempt_id).fetch_all(db).await)?;
    rows.into_iter().map(StepRow::read).collect()
}

/// Appends a step; says whether its number was free. What stands under a number stays.
pub async fn add_step(tx: &mut Tx, go: &Go, step: &GoStep) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "INSERT INTO practice_steps (attempt_id, seq, person_id, number, question_id, answer, given_at_ms, at_ms, held)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
        )
        .bind(&go.id)
        .bind(step.seq)
        .bind(&go.person_id)
        .bind(i64::from(step.number))
        .bind(&step.question.0)
        .bind(step.answer.as_ref().map(to_json))
        .bind(step.given_at_ms)
        .bind(step.at_ms)
        .bind(step.held.map(Held::text))
    )?;
    Ok(touched == 1)
}

/// Writes down how a step was graded: when a mock paper ends, and when a miss is overruled.
pub async fn set_held(tx: &mut Tx, attempt_id: &str, seq: i64, held: Held) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE practice_steps SET held = $3 WHERE attempt_id = $1 AND seq = $2")
            .bind(attempt_id)
            .bind(seq)
            .bind(held.text())
    )?;
    Ok(())
}

/// A told answer, for folding.
#[derive(Debug, Clone)]
pub struct Told {
    pub person_id: String,
    pub question: QuestionId,
    pub held: Held,
    pub given_at_ms: i64,
}

fn told(rows: Vec<(String, String, String, i64)>) -> Result<Vec<Told>> {
    rows.into_iter()
        .map(|(person_id, question, text, given_at_ms)| {
            Ok(Told {
                person_id,
                question: QuestionId(question),
                held: held(&text)?,
                given_at_ms,
            })
        })
        .collect()
}

/// Everything one person was told, in the order it was answered.
pub async fn told_to(tx: &mut Tx, person_id: &str) -> Result<Vec<Told>> {
    told(on!(tx, db => sqlx::query_as(
        "SELECT person_id, question_id, held, given_at_ms FROM practice_steps
         WHERE person_id = $1 AND held IS NOT NULL ORDER BY given_at_ms, attempt_id, seq"
    ).bind(person_id).fetch_all(db).await)?)
}

/// What everybody was told about one question, in the order it was answered.
pub async fn told_about(tx: &mut Tx, question: &QuestionId) -> Result<Vec<Told>> {
    told(on!(tx, db => sqlx::query_as(
        "SELECT person_id, question_id, held, given_at_ms FROM practice_steps
         WHERE question_id = $1 AND held IS NOT NULL ORDER BY given_at_ms, attempt_id, seq"
    ).bind(&question.0).fetch_all(db).await)?)
}

/// What the people of these units were told, in the order it was answered.
pub async fn told_in(tx: &mut Tx, unit_ids: &[String]) -> Result<Vec<Told>> {
    const SQLITE: &str = "
        SELECT s.person_id, s.question_id, s.held, s.given_at_ms
        FROM practice_steps s JOIN persons p ON p.id = s.person_id
        WHERE s.held IS NOT NULL AND p.unit_id IN (SELECT value FROM json_each($1))
        ORDER BY s.given_at_ms, s.attempt_id, s.seq";
    const POSTGRES: &str = "
        SELECT s.person_id, s.question_id, s.held, s.given_at_ms
        FROM practice_steps s JOIN persons p ON p.id = s.person_id
        WHERE s.held IS NOT NULL AND p.unit_id IN (SELECT json_array_elements_text($1::json))
        ORDER BY s.given_at_ms, s.attempt_id, s.seq";
    let text = match tx {
        Tx::Sqlite(_) => SQLITE,
        Tx::Postgres(_) => POSTGRES,
    };
    told(on!(tx, db => sqlx::query_as(text).bind(to_json(&unit_ids)).fetch_all(db).await)?)
}

/// An appended fact beside the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Keep,
    Drop,
    /// Element of a spoken answer, from 0, that was said although it was not heard.
    Overrule {
        attempt_id: String,
        seq: i64,
        element: u32,
    },
}

pub async fn add_mark(
    tx: &mut Tx,
    id: &str,
    person_id: &str,
    question: &QuestionId,
    mark: &Mark,
    at_ms: i64,
) -> Result<()> {
    let (text, attempt_id, seq, element) = match mark {
        Mark::Keep => ("keep", None, None, None),
        Mark::Drop => ("drop", None, None, None),
        Mark::Overrule {
            attempt_id,
            seq,
            element,
        } => (
            "overrule",
            Some(attempt_id.as_str()),
            Some(*seq),
            Some(i64::from(*element)),
        ),
    };
    // Of two marks the later one stands, also where both came within one millisecond.
    let (last,): (Option<i64>,) = on!(tx, db => sqlx::query_as(
        "SELECT MAX(at_ms) FROM practice_marks WHERE person_id = $1 AND question_id = $2"
    ).bind(person_id).bind(&question.0).fetch_one(db).await)?;
    let at_ms = last.map_or(at_ms, |last| at_ms.max(last + 1));
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO practice_marks (id, person_id, mark, question_id, attempt_id, seq, element, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(id)
        .bind(person_id)
        .bind(text)
        .bind(&question.0)
        .bind(attempt_id)
        .bind(seq)
        .bind(element)
        .bind(at_ms)
    )?;
    Ok(())
}

/// The questions somebody keeps, the newest first: of every question the last mark stands.
pub async fn favourites(tx: &mut Tx, person_id: &str) -> Result<Vec<QuestionId>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT m.question_id FROM practice_marks m
         WHERE m.person_id = $1 AND m.mark = 'keep' AND NOT EXISTS (
           SELECT 1 FROM practice_marks n WHERE n.person_id = m.person_id AND n.question_id = m.question_id
             AND n.mark IN ('keep', 'drop') AND (n.at_ms > m.at_ms OR n.at_ms = m.at_ms AND n.id > m.id))
         ORDER BY m.at_ms DESC, m.id DESC"
    ).bind(person_id).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| QuestionId(id)).collect())
}

/// Overruled elements of a go: step → elements.
pub async fn overruled(tx: &mut Tx, attempt_id: &str) -> Result<HashMap<i64, Vec<u32>>> {
    let rows: Vec<(i64, i64)> = on!(tx, db => sqlx::query_as(
        "SELECT seq, element FROM practice_marks WHERE attempt_id = $1 AND mark = 'overrule' ORDER BY id"
    ).bind(attempt_id).fetch_all(db).await)?;
    let mut found: HashMap<i64, Vec<u32>> = HashMap::new();
    for (seq, element) in rows {
        found.entry(seq).or_default().push(element as u32);
    }
    Ok(found)
}

/// Takes away everything of somebody's practice.
pub async fn forget(tx: &mut Tx, person_id: &str) -> Result<()> {
    for text in [
        "DELETE FROM practice_marks WHERE person_id = $1",
        "DELETE FROM practice_steps WHERE person_id = $1",
        "DELETE FROM practice_attempts WHERE person_id = $1",
    ] {
        execute!(tx, sqlx::query(text).bind(person_id))?;
    }
    Ok(())
}

/// Own exam attempts, for what may not be practised: round, state, paper.
pub async fn sat(tx: &mut Tx, person_id: &str) -> Result<Vec<(String, String, Paper)>> {
    let rows: Vec<(String, String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT round_id, state, paper FROM attempts WHERE person_id = $1"
    ).bind(person_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(round_id, state, paper)| Ok((round_id, state, from_json("试卷", &paper)?)))
        .collect()
}
