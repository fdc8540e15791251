//! 抽问: sessions with their people and drawn questions, and what the examiner ticked, step by step.

use crate::{
    bank::points::Points,
    contest::spot_check::{Drawn, Mark, Step},
    error::{Error, Result},
    store::{Tx, execute, from_json, on, to_json},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotCheck {
    pub id: String,
    /// Where it counts; `None` is a trial.
    pub event_id: Option<String>,
    pub examiner_id: String,
    pub unit_id: String,
    /// The bank as it was at the drawing.
    pub publication_id: String,
    /// Hex: who was to be asked what follows from it.
    pub seed: String,
    pub state: State,
    /// Full points of a question; zero in a trial.
    pub points: Points,
    pub started_at_ms: i64,
    pub finished_at_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Open,
    Finished,
    /// Taken back by an organizer: its people may be examined anew.
    Void,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Finished => "finished",
            State::Void => "void",
        }
    }

    fn parse(text: &str) -> Result<State> {
        [State::Open, State::Finished, State::Void]
            .into_iter()
            .find(|state| state.text() == text)
            .ok_or_else(|| Error::internal("数据库里的抽问状态读不懂", text.to_owned()))
    }
}

/// Somebody examined, with unit and post of that day and the questions drawn for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examinee {
    pub person_id: String,
    /// Of today: a purge takes it away.
    pub name: String,
    pub unit_id: String,
    pub unit_name: String,
    pub post: String,
    pub questions: Vec<Drawn>,
}

#[derive(sqlx::FromRow)]
struct CheckRow {
    id: String,
    event_id: Option<String>,
    examiner_id: String,
    unit_id: String,
    publication_id: String,
    seed: String,
    state: String,
    points_each: i64,
    started_at_ms: i64,
    finished_at_ms: Option<i64>,
}

impl CheckRow {
    fn read(self) -> Result<SpotCheck> {
        Ok(SpotCheck {
            state: State::parse(&self.state)?,
            points: Points(self.points_each),
            id: self.id,
            event_id: self.event_id,
            examiner_id: self.examiner_id,
            unit_id: self.unit_id,
            publication_id: self.publication_id,
            seed: self.seed,
            started_at_ms: self.started_at_ms,
            finished_at_ms: self.finished_at_ms,
        })
    }
}

/// Writes a session with its people. False: somebody of them is examined in this event already; then drop the
/// transaction.
pub async fn add(tx: &mut Tx, check: &SpotCheck, people: &[Examinee]) -> Result<bool> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO spot_checks (id, event_id, examiner_id, unit_id, publication_id, seed, state, points_each, started_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&check.id)
        .bind(&check.event_id)
        .bind(&check.examiner_id)
        .bind(&check.unit_id)
        .bind(&check.publication_id)
        .bind(&check.seed)
        .bind(check.state.text())
        .bind(check.points.0)
        .bind(check.started_at_ms)
    )?;
    for (place, person) in (1_i64..).zip(people) {
        let added = execute!(
            tx,
            sqlx::query(
                "INSERT INTO spot_check_persons (check_id, place, person_id, unit_id, post, questions, claimed_event_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
            )
            .bind(&check.id)
            .bind(place)
            .bind(&person.person_id)
            .bind(&person.unit_id)
            .bind(&person.post)
            .bind(to_json(&person.questions))
            .bind(&check.event_id)
        )?;
        if added == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<SpotCheck>> {
    let row: Option<CheckRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, event_id, examiner_id, unit_id, publication_id, seed, state, points_each, started_at_ms, finished_at_ms
         FROM spot_checks WHERE id = $1"
    ).bind(id).fetch_optional(db).await)?;
    row.map(CheckRow::read).transpose()
}

/// What this examiner began, newest first.
pub async fn of_examiner(tx: &mut Tx, person_id: &str) -> Result<Vec<SpotCheck>> {
    let rows: Vec<CheckRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, event_id, examiner_id, unit_id, publication_id, seed, state, points_each, started_at_ms, finished_at_ms
         FROM spot_checks WHERE examiner_id = $1 ORDER BY started_at_ms DESC, id DESC LIMIT 100"
    ).bind(person_id).fetch_all(db).await)?;
    rows.into_iter().map(CheckRow::read).collect()
}

/// The sessions of an event, oldest first.
pub async fn of_event(tx: &mut Tx, event_id: &str) -> Result<Vec<SpotCheck>> {
    let rows: Vec<CheckRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, event_id, examiner_id, unit_id, publication_id, seed, state, points_each, started_at_ms, finished_at_ms
         FROM spot_checks WHERE event_id = $1 ORDER BY started_at_ms, id"
    ).bind(event_id).fetch_all(db).await)?;
    rows.into_iter().map(CheckRow::read).collect()
}

/// In the order they are examined.
pub async fn people(tx: &mut Tx, check_id: &str) -> Result<Vec<Examinee>> {
    let rows: Vec<(String, String, String, String, String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT c.person_id, p.name, c.unit_id, u.name, c.post, c.questions
         FROM spot_check_persons c JOIN persons p ON p.id = c.person_id JOIN units u ON u.id = c.unit_id
         WHERE c.check_id = $1 ORDER BY c.place"
    ).bind(check_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(person_id, name, unit_id, unit_name, post, questions)| {
            Ok(Examinee {
                person_id,
                name,
                unit_id,
                unit_name,
                post,
                questions: from_json("抽到的题", &questions)?,
            })
        })
        .collect()
}

/// Who is examined in this event already.
pub async fn claimed(tx: &mut Tx, event_id: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT person_id FROM spot_check_persons WHERE claimed_event_id = $1"
    ).bind(event_id).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Moves a session on, if it still is where it was thought to be. On PostgreSQL its row is locked from here on.
pub async fn change_state(
    tx: &mut Tx,
    id: &str,
    (from, to): (State, State),
    finished_at_ms: Option<i64>,
) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE spot_checks SET state = $3, finished_at_ms = $4 WHERE id = $1 AND state = $2"
        )
        .bind(id)
        .bind(from.text())
        .bind(to.text())
        .bind(finished_at_ms)
    )?;
    Ok(touched == 1)
}

/// Lets the people of a session that is void be examined anew.
pub async fn release_claims(tx: &mut Tx, id: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE spot_check_persons SET claimed_event_id = NULL WHERE check_id = $1")
            .bind(id)
    )?;
    Ok(())
}

/// What became of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is on disk; perhaps it was before.
    Yes,
    /// Another one has its number.
    SeqReused,
}

/// Appends a step of a session that is open (`change_state` from open to open says so, and locks it).
pub async fn add_step(tx: &mut Tx, check_id: &str, step: &Step, at_ms: i64) -> Result<Kept> {
    let mark = to_json(&step.mark);
    let added = execute!(
        tx,
        sqlx::query(
            "INSERT INTO spot_check_steps (check_id, seq, person, number, mark, at_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
        )
        .bind(check_id)
        .bind(step.seq)
        .bind(i64::from(step.person))
        .bind(i64::from(step.number))
        .bind(&mark)
        .bind(at_ms)
    )?;
    if added == 1 {
        return Ok(Kept::Yes);
    }
    let there: Option<(i64, i64, String)> = on!(tx, db => sqlx::query_as(
        "SELECT person, number, mark FROM spot_check_steps WHERE check_id = $1 AND seq = $2"
    ).bind(check_id).bind(step.seq).fetch_optional(db).await)?;
    let same = there == Some((i64::from(step.person), i64::from(step.number), mark));
    Ok(if same { Kept::Yes } else { Kept::SeqReused })
}

/// All steps, in the order of their numbers.
pub async fn steps(tx: &mut Tx, check_id: &str) -> Result<Vec<Step>> {
    let rows: Vec<(i64, i64, i64, String)> = on!(tx, db => sqlx::query_as(
        "SELECT seq, person, number, mark FROM spot_check_steps WHERE check_id = $1 ORDER BY seq"
    ).bind(check_id).fetch_all(db).await)?;
    rows.into_iter()
        .map(|(seq, person, number, mark)| {
            let mark: Option<Mark> = from_json("抽问记录", &mark)?;
            Ok(Step {
                seq,
                person: person as u32,
                number: number as u32,
                mark,
            })
        })
        .collect()
}

/// A step with what was set down: session, number, mark as JSON.
type Commented = (String, i64, String);

/// Takes what examiners wrote about this person; the ticks stay. Says how many steps lost a comment.
pub async fn forget_comments_on(tx: &mut Tx, person_id: &str) -> Result<u64> {
    let rows: Vec<Commented> = on!(tx, db => sqlx::query_as(
        "SELECT s.check_id, s.seq, s.mark FROM spot_check_steps s
         JOIN spot_check_persons p ON p.check_id = s.check_id AND p.place = s.person WHERE p.person_id = $1"
    ).bind(person_id).fetch_all(db).await)?;
    forget_comments(tx, rows).await
}

/// The same for everybody, in sessions that ended before that instant and whose event, if any, has ended.
pub async fn forget_comments_before(tx: &mut Tx, before_ms: i64) -> Result<u64> {
    let rows: Vec<Commented> = on!(tx, db => sqlx::query_as(
        "SELECT s.check_id, s.seq, s.mark FROM spot_check_steps s
         JOIN spot_checks c ON c.id = s.check_id LEFT JOIN spot_events v ON v.id = c.event_id
         WHERE c.finished_at_ms < $1 AND (c.event_id IS NULL OR v.closed_at_ms IS NOT NULL)"
    ).bind(before_ms).fetch_all(db).await)?;
    forget_comments(tx, rows).await
}

async fn forget_comments(tx: &mut Tx, rows: Vec<Commented>) -> Result<u64> {
    let mut forgotten = 0;
    for (check_id, seq, mark) in rows {
        let mark: Option<Mark> = from_json("抽问记录", &mark)?;
        let Some(mut mark) = mark.filter(|mark| !mark.comment.is_empty()) else {
            continue;
        };
        mark.comment.clear();
        forgotten += execute!(
            tx,
            sqlx::query("UPDATE spot_check_steps SET mark = $3 WHERE check_id = $1 AND seq = $2")
                .bind(&check_id)
                .bind(seq)
                .bind(to_json(&Some(mark)))
        )?;
    }
    Ok(forgotten)
}
