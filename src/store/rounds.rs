//! Rounds and their entrants.

use crate::{
    contest::round::{Entrant, Round, Rules, State},
    error::{Error, Result},
    store::{Tx, execute, from_json, on, to_json},
};

#[derive(sqlx::FromRow)]
struct RoundRow {
    id: String,
    name: String,
    unit_id: String,
    state: String,
    opens_at_ms: i64,
    closes_at_ms: i64,
    limit_ms: i64,
    rules: String,
    publication_id: Option<String>,
    secret: Option<String>,
    secret_hash: Option<String>,
    proof: Option<String>,
    paused_at_ms: Option<i64>,
    paused_total_ms: i64,
    extension_ms: i64,
    board_held: bool,
    released_at_ms: Option<i64>,
}

impl RoundRow {
    fn read(self) -> Result<Round> {
        let rules: Rules = from_json("场次规则", &self.rules)?;
        Ok(Round {
            id: self.id,
            name: self.name,
            unit_id: self.unit_id,
            state: State::parse(&self.state)
                .ok_or_else(|| Error::internal("数据库里的场次状态读不懂", self.state))?,
            opens_at_ms: self.opens_at_ms,
            closes_at_ms: self.closes_at_ms,
            limit_ms: self.limit_ms,
            rules,
            publication_id: self.publication_id.unwrap_or_default(),
            secret: self.secret,
            secret_hash: self.secret_hash.unwrap_or_default(),
            proof: self.proof,
            paused_at_ms: self.paused_at_ms,
            paused_total_ms: self.paused_total_ms,
            extension_ms: self.extension_ms,
            board_held: self.board_held,
            released_at_ms: self.released_at_ms,
        })
    }
}

pub async fn add(tx: &mut Tx, round: &Round, at_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO rounds (id, name, unit_id, state, opens_at_ms, closes_at_ms, limit_ms, rules, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&round.id)
        .bind(&round.name)
        .bind(&round.unit_id)
        .bind(round.state.text())
        .bind(round.opens_at_ms)
        .bind(round.closes_at_ms)
        .bind(round.limit_ms)
        .bind(to_json(&round.rules))
        .bind(at_ms)
    )?;
    Ok(())
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Round>> {
    let rows: Vec<RoundRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, name, unit_id, state, opens_at_ms, closes_at_ms, limit_ms, rules, publication_id, secret, secret_hash,
                proof, paused_at_ms, paused_total_ms, extension_ms, board_held, released_at_ms
         FROM rounds ORDER BY opens_at_ms, id"
    ).fetch_all(db).await)?;
    rows.into_iter().map(RoundRow::read).collect()
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Round> {
    let row: Option<RoundRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, name, unit_id, state, opens_at_ms, closes_at_ms, limit_ms, rules, publication_id, secret, secret_hash,
                proof, paused_at_ms, paused_total_ms, extension_ms, board_held, released_at_ms
         FROM rounds WHERE id = $1"
    ).bind(id).fetch_optional(db).await)?;
    row.map(RoundRow::read)
        .transpose()?
        .ok_or_else(|| Error::NotFound("这个场次".into()))
}

/// What sealing freezes, beside the entrants. Says whether the round was still a draft.
#[derive(Debug)]
pub struct Seal<'a> {
    pub publication_id: &'a str,
    /// Hex.
    pub secret: &'a str,
    pub secret_hash: &'a str,
    /// JSON: the proof sheet.
    pub proof: &'a str,
    pub at_ms: i64,
}

pub async fn seal(tx: &mut Tx, id: &str, seal: Seal<'_>) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE rounds SET state = 'sealed', publication_id = $2, secret = $3, secret_hash = $4, proof = $5, sealed_at_ms = $6
             WHERE id = $1 AND state = 'draft'"
        )
        .bind(id)
        .bind(seal.publication_id)
        .bind(seal.secret)
        .bind(seal.secret_hash)
        .bind(seal.proof)
        .bind(seal.at_ms)
    )?;
    Ok(touched == 1)
}

/// sealed → closed; says whether it was this call.
pub async fn close(tx: &mut Tx, id: &str, at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query("UPDATE rounds SET state = 'closed', closed_at_ms = $2 WHERE id = $1 AND state = 'sealed'")
            .bind(id)
            .bind(at_ms)
    )?;
    Ok(touched == 1)
}

/// Sealed rounds whose window is over by `now_ms` and where nobody sits any more.
pub async fn to_close(tx: &mut Tx, now_ms: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT id FROM rounds WHERE state = 'sealed' AND paused_at_ms IS NULL
            AND closes_at_ms + extension_ms + paused_total_ms <= $1
            AND NOT EXISTS (SELECT 1 FROM attempts WHERE attempts.round_id = rounds.id AND attempts.state = 'open')
         ORDER BY id"
    ).bind(now_ms).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// closed → announced; says whether it was this call.
pub async fn announce(tx: &mut Tx, id: &str, at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE rounds SET state = 'announced', announced_at_ms = $2, released_at_ms = COALESCE(released_at_ms, $2)
             WHERE id = $1 AND state = 'closed'"
        )
        .bind(id)
        .bind(at_ms)
    )?;
    Ok(touched == 1)
}

/// Stops the round's clock; says whether it was running.
pub async fn pause(tx: &mut Tx, id: &str, at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query("UPDATE rounds SET paused_at_ms = $2 WHERE id = $1 AND state = 'sealed' AND paused_at_ms IS NULL")
            .bind(id)
            .bind(at_ms)
    )?;
    Ok(touched == 1)
}

/// Lets the round's clock go on; says whether it stood still since `since_ms`.
pub async fn resume(tx: &mut Tx, id: &str, since_ms: i64, paused_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE rounds SET paused_at_ms = NULL, paused_total_ms = paused_total_ms + $3
             WHERE id = $1 AND paused_at_ms = $2"
        )
        .bind(id)
        .bind(since_ms)
        .bind(paused_ms)
    )?;
    Ok(touched == 1)
}

pub async fn extend(tx: &mut Tx, id: &str, by_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE rounds SET extension_ms = extension_ms + $2 WHERE id = $1 AND state = 'sealed'"
        )
        .bind(id)
        .bind(by_ms)
    )?;
    Ok(touched == 1)
}

/// Moves the window's end to `at_ms`.
pub async fn end_window(tx: &mut Tx, id: &str, at_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE rounds SET closes_at_ms = $2 - extension_ms - paused_total_ms WHERE id = $1 AND state = 'sealed'"
        )
        .bind(id)
        .bind(at_ms)
    )?;
    Ok(())
}

/// Holds the board back, or shows it again.
pub async fn hold_board(tx: &mut Tx, id: &str, held: bool) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE rounds SET board_held = $2 WHERE id = $1")
            .bind(id)
            .bind(held)
    )?;
    Ok(())
}

pub async fn add_entrant(tx: &mut Tx, round_id: &str, entrant: &Entrant) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO entrants (round_id, person_id, name, unit_id, unit_name, post, division, on_leave, late, extension_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
        )
        .bind(round_id)
        .bind(&entrant.person_id)
        .bind(&entrant.name)
        .bind(&entrant.unit_id)
        .bind(&entrant.unit_name)
        .bind(&entrant.post)
        .bind(&entrant.division)
        .bind(entrant.on_leave)
        .bind(entrant.late)
        .bind(entrant.extension_ms)
    )?;
    Ok(())
}

pub async fn entrants(tx: &mut Tx, round_id: &str) -> Result<Vec<Entrant>> {
    let rows: Vec<EntrantRow> = on!(tx, db => sqlx::query_as(
        "SELECT person_id, name, unit_id, unit_name, post, division, on_leave, late, extension_ms
         FROM entrants WHERE round_id = $1 ORDER BY person_id"
    ).bind(round_id).fetch_all(db).await)?;
    Ok(rows.into_iter().map(EntrantRow::read).collect())
}

#[derive(sqlx::FromRow)]
struct EntrantRow {
    person_id: String,
    name: String,
    unit_id: String,
    unit_name: String,
    post: String,
    division: String,
    on_leave: bool,
    late: bool,
    extension_ms: i64,
}

impl EntrantRow {
    fn read(self) -> Entrant {
        Entrant {
            person_id: self.person_id,
            name: self.name,
            unit_id: self.unit_id,
            unit_name: self.unit_name,
            post: self.post,
            division: self.division,
            on_leave: self.on_leave,
            late: self.late,
            extension_ms: self.extension_ms,
        }
    }
}
