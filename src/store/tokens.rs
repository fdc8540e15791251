//! Tickets and sessions: long random tokens, of which only hashes are kept.

use crate::{
    error::Result,
    store::{
        Tx, execute, on,
        versions::{self, Subject},
    },
};

pub async fn add_ticket(tx: &mut Tx, hash: &str, person_id: &str, at_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query("INSERT INTO tickets (hash, person_id, created_at_ms) VALUES ($1, $2, $3)")
            .bind(hash)
            .bind(person_id)
            .bind(at_ms)
    )?;
    Ok(())
}

/// Whose ticket it is, while it is not revoked.
pub async fn ticket_person(tx: &mut Tx, hash: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT person_id FROM tickets WHERE hash = $1 AND revoked_at_ms IS NULL"
    ).bind(hash).fetch_optional(db).await)?;
    Ok(row.map(|(person_id,)| person_id))
}

/// Everybody who holds a ticket that signs in.
pub async fn ticket_holders(tx: &mut Tx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT DISTINCT person_id FROM tickets WHERE revoked_at_ms IS NULL ORDER BY person_id"
    ).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(person_id,)| person_id).collect())
}

pub async fn revoke_tickets(tx: &mut Tx, person_id: &str, at_ms: i64) -> Result<u64> {
    Ok(execute!(
        tx,
        sqlx::query(
            "UPDATE tickets SET revoked_at_ms = $2 WHERE person_id = $1 AND revoked_at_ms IS NULL"
        )
        .bind(person_id)
        .bind(at_ms)
    )?)
}

pub async fn add_session(
    tx: &mut Tx,
    hash: &str,
    person_id: &str,
    at_ms: i64,
    expires_at_ms: i64,
) -> Result<()> {
    execute!(
        tx,
        sqlx::query("INSERT INTO sessions (hash, person_id, created_at_ms, expires_at_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash)
            .bind(person_id)
            .bind(at_ms)
            .bind(expires_at_ms)
    )?;
    Ok(())
}

/// Who is signed in under this token now, and until when at most.
pub async fn session_person(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<(String, i64)>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT person_id, expires_at_ms FROM sessions
         WHERE hash = $1 AND ended_at_ms IS NULL AND expires_at_ms > $2"
    ).bind(hash).bind(now_ms).fetch_optional(db).await)?)
}

/// The hashes of sessions that ended after `since_ms`.
pub async fn sessions_ended_since(tx: &mut Tx, since_ms: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT hash FROM sessions WHERE ended_at_ms > $1"
    ).bind(since_ms).fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

pub async fn end_session(tx: &mut Tx, hash: &str, at_ms: i64) -> Result<()> {
    let ended = execute!(
        tx,
        sqlx::query("UPDATE sessions SET ended_at_ms = $2 WHERE hash = $1 AND ended_at_ms IS NULL")
            .bind(hash)
            .bind(at_ms)
    )?;
    if ended > 0 {
        versions::raise(tx, Subject::Sessions).await?;
    }
    Ok(())
}
