//! Attempts and their steps, as read; what is written on exam day goes through the queue.

mod together;

pub use self::together::{OnDesk, of_persons, on_desks, steps_of};
use crate::{
    attempt::{answer::Answer, steps::Step},
    error::{Error, Result},
    grading::Outcome,
    paper::Paper,
    store::{Tx, execute, from_json, on},
};

/// open → handed in or timed out; void by a recorded decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Open,
    HandedIn,
    TimedOut,
    Void,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            State::Open => "open",
            State::HandedIn => "handed_in",
            State::TimedOut => "timed_out",
            State::Void => "void",
        }
    }

    pub(in crate::store) fn parse(text: &str) -> Result<State> {
        [State::Open, State::HandedIn, State::TimedOut, State::Void]
            .into_iter()
            .find(|state| state.text() == text)
            .ok_or_else(|| Error::internal("数据库里的作答状态读不懂", text.to_owned()))
    }
}

/// Everything of an attempt but its steps.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub id: String,
    pub round_id: String,
    pub person_id: String,
    /// From 1.
    pub number: u32,
    pub state: State,
    pub paper: Paper,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
    pub seq_reserved: i64,
    pub finished_at_ms: Option<i64>,
    pub receipt: Option<String>,
    pub outcome: Option<Outcome>,
    /// How long the round stood still while it was open.
    pub paused_ms: i64,
}

impl Attempt {
    /// From the start to this instant, without the time the round stood still.
    pub fn time_used_ms(&self, until_ms: i64) -> i64 {
        until_ms - self.started_at_ms - self.paused_ms
    }
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: String,
    round_id: String,
    person_id: String,
    number: i64,
    state: String,
    paper: String,
    started_at_ms: i64,
    deadline_at_ms: i64,
    seq_reserved: i64,
    finished_at_ms: Option<i64>,
    receipt: Option<String>,
    outcome: Option<String>,
    paused_ms: i64,
}

impl AttemptRow {
    fn read(self) -> Result<Attempt> {
        Ok(Attempt {
            state: State::parse(&self.state)?,
            paper: from_json("试卷", &self.paper)?,
            outcome: self
                .outcome
                .as_deref()
                .map(|text| from_json("成绩", text))
                .transpose()?,
            id: self.id,
            round_id: self.round_id,
            person_id: self.person_id,
            number: self.number as u32,
            started_at_ms: self.started_at_ms,
            deadline_at_ms: self.deadline_at_ms,
            seq_reserved: self.seq_reserved,
            finished_at_ms: self.finished_at_ms,
            receipt: self.receipt,
            paused_ms: self.paused_ms,
        })
    }
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Attempt>> {
    let row: Option<AttemptRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, round_id, person_id, number, state, paper, started_at_ms, deadline_at_ms, seq_reserved,
                finished_at_ms, receipt, outcome, paused_ms
         FROM attempts WHERE id = $1"
    ).bind(id).fetch_optional(db).await)?;
    row.map(AttemptRow::read).transpose()
}

/// One person's attempts of a round, by number.
pub async fn of_person(tx: &mut Tx, round_id: &str, person_id: &str) -> Result<Vec<Attempt>> {
    let rows: Vec<AttemptRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, round_id, person_id, number, state, paper, started_at_ms, deadline_at_ms, seq_reserved,
                finished_at_ms, receipt, outcome, paused_ms
         FROM attempts WHERE round_id = $1 AND person_id = $2 ORDER BY number"
    ).bind(round_id).bind(person_id).fetch_all(db).await)?;
    rows.into_iter().map(AttemptRow::read).collect()
}

/// Everything of an attempt but its paper, which never changes and is at hand where it was read once.
#[derive(Debug, Clone)]
pub struct Facts {
    pub state: State,
    pub deadline_at_ms: i64,
    pub seq_reserved: i64,
    pub finished_at_ms: Option<i64>,
    pub receipt: Option<String>,
    pub outcome: Option<Outcome>,
    pub paused_ms: i64,
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    state: String,
    deadline_at_ms: i64,
    seq_reserved: i64,
    finished_at_ms: Option<i64>,
    receipt: Option<String>,
    outcome: Option<String>,
    paused_ms: i64,
}

fn facts_of(row: FactsRow) -> Result<Facts> {
    Ok(Facts {
        state: State::parse(&row.state)?,
        outcome: row
            .outcome
            .as_deref()
            .map(|text| from_json("成绩", text))
            .transpose()?,
        deadline_at_ms: row.deadline_at_ms,
        seq_reserved: row.seq_reserved,
        finished_at_ms: row.finished_at_ms,
        receipt: row.receipt,
        paused_ms: row.paused_ms,
    })
}

/// One of somebody's attempts, as much as a list of rounds shows.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Own {
    pub id: String,
    pub round_id: String,
    pub number: i64,
    pub state: String,
}

/// All attempts of one person, by round and number.
pub async fn own(tx: &mut Tx, person_id: &str) -> Result<Vec<Own>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT id, round_id, number, state FROM attempts WHERE person_id = $1 ORDER BY round_id, number"
    ).bind(person_id).fetch_all(db).await)?)
}

/// The newest papers of a round with what they were drawn with (JSON), at most twenty: how often each question was used
/// stands in them.
pub async fn newest_drawn(tx: &mut Tx, round_id: &str) -> Result<Vec<(String, Paper)>> {
    let rows: Vec<(String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT drawn_with, paper FROM attempts WHERE round_id = $1 ORDER BY id DESC LIMIT 20"
    ).bind(round_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(drawn_with, paper)| Ok((drawn_with, from_json("试卷", &paper)?)))
        .collect()
}

/// What a board and a monitor need of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AttemptResult {
    pub person_id: String,
    pub number: i64,
    pub state: String,
    pub started_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    /// Hundredths, once graded.
    pub points: Option<i64>,
    pub paused_ms: i64,
}

pub async fn results(tx: &mut Tx, round_id: &str) -> Result<Vec<AttemptResult>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT person_id, number, state, started_at_ms, finished_at_ms, points, paused_ms
         FROM attempts WHERE round_id = $1 AND state <> 'void' ORDER BY person_id, number"
    ).bind(round_id).fetch_all(db).await)?)
}

pub async fn steps(tx: &mut Tx, attempt_id: &str) -> Result<Vec<Step>> {
    let rows: Vec<StepRow> = on!(tx, db => sqlx::query_as(
        "SELECT attempt_id, seq, number, answer, elapsed_ms, at_ms,
                late AND accepted_at_ms IS NULL AS late
         FROM steps WHERE attempt_id = $1 ORDER BY seq"
    ).bind(attempt_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|row| row.read().map(|(_, step)| step))
        .collect()
}

#[derive(sqlx::FromRow)]
pub(in crate::store) struct StepRow {
    attempt_id: String,
    seq: i64,
    number: i64,
    answer: Option<String>,
    elapsed_ms: Option<i64>,
    at_ms: i64,
    late: bool,
}

impl StepRow {
    pub(in crate::store) fn read(self) -> Result<(String, Step)> {
        let answer: Option<Answer> = self
            .answer
            .as_deref()
            .map(|text| from_json("作答", text))
            .transpose()?;
        let step = Step {
            seq: self.seq,
            number: self.number as u32,
            answer,
            elapsed_ms: self.elapsed_ms,
            at_ms: self.at_ms,
            late: self.late,
        };
        Ok((self.attempt_id, step))
    }
}

/// Attempts whose time is over by `now_ms`, in rounds that are not paused; the first to end first, as their index has them.
pub async fn overdue(tx: &mut Tx, now_ms: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT a.id FROM attempts a JOIN rounds r ON r.id = a.round_id
         WHERE a.state = 'open' AND a.deadline_at_ms <= $1 AND r.paused_at_ms IS NULL
         ORDER BY a.deadline_at_ms LIMIT 1000"
    ).bind(now_ms).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether anybody has an open attempt in this round.
pub async fn somebody_sits(tx: &mut Tx, round_id: &str) -> Result<bool> {
    let row: Option<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT id FROM attempts WHERE round_id = $1 AND state = 'open' LIMIT 1"
    ).bind(round_id).fetch_optional(db).await)?;
    Ok(row.is_some())
}

/// Whether anybody has an open attempt in any round.
pub async fn anybody_sits(tx: &mut Tx) -> Result<bool> {
    let row: Option<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT id FROM attempts WHERE state = 'open' LIMIT 1"
    ).fetch_optional(db).await)?;
    Ok(row.is_some())
}

/// Shifts the deadlines of all open attempts of a round: an extension for all.
pub async fn shift_deadlines(tx: &mut Tx, round_id: &str, by_ms: i64) -> Result<u64> {
    take_open(tx, round_id).await?;
    Ok(execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET deadline_at_ms = deadline_at_ms + $2 WHERE round_id = $1 AND state = 'open'"
        )
        .bind(round_id)
        .bind(by_ms)
    )?)
}

/// A pause that ended: shifts the open attempts whose time was not over when it began.
pub async fn end_pause(tx: &mut Tx, round_id: &str, since_ms: i64, paused_ms: i64) -> Result<u64> {
    take_open(tx, round_id).await?;
    Ok(execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET deadline_at_ms = deadline_at_ms + $3, paused_ms = paused_ms + $3
             WHERE round_id = $1 AND state = 'open' AND deadline_at_ms >= $2"
        )
        .bind(round_id)
        .bind(since_ms)
        .bind(paused_ms)
    )?)
}

/// Shifts one person's open attempt; says whether there was one.
pub async fn shift_deadline(
    tx: &mut Tx,
    round_id: &str,
    person_id: &str,
    by_ms: i64,
) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET deadline_at_ms = deadline_at_ms + $3
             WHERE round_id = $1 AND person_id = $2 AND state = 'open'"
        )
        .bind(round_id)
        .bind(person_id)
        .bind(by_ms)
    )?;
    Ok(touched > 0)
}

/// Ends the time of all open attempts of a round by `at_ms` at the latest.
pub async fn end_by(tx: &mut Tx, round_id: &str, at_ms: i64) -> Result<u64> {
    take_open(tx, round_id).await?;
    Ok(execute!(
        tx,
        sqlx::query(
            "UPDATE attempts SET deadline_at_ms = $2 WHERE round_id = $1 AND state = 'open' AND deadline_at_ms > $2"
        )
        .bind(round_id)
        .bind(at_ms)
    )?)
}

/// The queue takes attempts in id order; who changes many of them does so too, or the two would wait for one another.
async fn take_open(tx: &mut Tx, round_id: &str) -> Result<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query(
            "SELECT id FROM attempts WHERE round_id = $1 AND state = 'open' ORDER BY id FOR UPDATE",
        )
        .bind(round_id)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
