//! Ways to sign in beside tickets: codes that an organizer shows, passwords, the link of the first organizer.

use crate::{
    error::Result,
    store::{
        Tx, execute, on,
        versions::{self, Subject},
    },
};

/// A shown code, hashed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CodeRow {
    pub person_id: String,
    pub hash: String,
    pub expires_at_ms: i64,
    pub tries: i64,
    pub shown_by: String,
}

/// A new code in place of the one before.
pub async fn show_code(tx: &mut Tx, code: &CodeRow) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO sign_in_codes (person_id, hash, expires_at_ms, tries, shown_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, expires_at_ms = excluded.expires_at_ms,
                tries = excluded.tries, shown_by = excluded.shown_by"
        )
        .bind(&code.person_id)
        .bind(&code.hash)
        .bind(code.expires_at_ms)
        .bind(code.tries)
        .bind(&code.shown_by)
    )?;
    Ok(())
}

/// The codes that live under a phone number: two persons may share one.
pub async fn codes_of_phone(tx: &mut Tx, phone: &str, now_ms: i64) -> Result<Vec<CodeRow>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT c.person_id, c.hash, c.expires_at_ms, c.tries, c.shown_by
         FROM sign_in_codes c JOIN persons p ON p.id = c.person_id
         WHERE p.phone = $1 AND c.expires_at_ms > $2 ORDER BY c.person_id"
    ).bind(phone).bind(now_ms).fetch_all(db).await)?)
}

/// Counts a try on this very code; says whether one was left.
pub async fn count_code_try(tx: &mut Tx, code: &CodeRow, most: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE sign_in_codes SET tries = tries + 1 WHERE person_id = $1 AND hash = $2 AND tries < $3"
        )
        .bind(&code.person_id)
        .bind(&code.hash)
        .bind(most)
    )?;
    Ok(touched == 1)
}

/// A code signs in once; says whether it was still there.
pub async fn use_up_code(tx: &mut Tx, person_id: &str, hash: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query("DELETE FROM sign_in_codes WHERE person_id = $1 AND hash = $2")
            .bind(person_id)
            .bind(hash)
    )?;
    Ok(touched == 1)
}

/// Somebody's password, hashed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PasswordRow {
    pub person_id: String,
    pub hash: String,
    pub tries: i64,
    pub locked_until_ms: i64,
}

pub async fn set_password(tx: &mut Tx, person_id: &str, hash: &str, now_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO passwords (person_id, hash, tries, locked_until_ms, set_at_ms) VALUES ($1, $2, 0, 0, $3)
             ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, tries = 0, locked_until_ms = 0,
                set_at_ms = excluded.set_at_ms"
        )
        .bind(person_id)
        .bind(hash)
        .bind(now_ms)
    )?;
    Ok(())
}

pub async fn passwords_of_phone(tx: &mut Tx, phone: &str) -> Result<Vec<PasswordRow>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT w.person_id, w.hash, w.tries, w.locked_until_ms
         FROM passwords w JOIN persons p ON p.id = w.person_id WHERE p.phone = $1 ORDER BY w.person_id"
    ).bind(phone).fetch_all(db).await)?)
}

/// Since when this person has a password.
pub async fn password_set_at(tx: &mut Tx, person_id: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = on!(tx, db => sqlx::query_as(
        "SELECT set_at_ms FROM passwords WHERE person_id = $1"
    ).bind(person_id).fetch_optional(db).await)?;
    Ok(row.map(|(set_at_ms,)| set_at_ms))
}

/// Counts a wrong try; the `most`th locks until `locked_until_ms` and starts counting anew.
pub async fn count_password_try(
    tx: &mut Tx,
    person_id: &str,
    most: i64,
    locked_until_ms: i64,
) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE passwords SET locked_until_ms = CASE WHEN tries + 1 >= $2 THEN $3 ELSE locked_until_ms END,
                    tries = CASE WHEN tries + 1 >= $2 THEN 0 ELSE tries + 1 END
             WHERE person_id = $1"
        )
        .bind(person_id)
        .bind(most)
        .bind(locked_until_ms)
    )?;
    Ok(())
}

pub async fn forget_password_tries(tx: &mut Tx, person_id: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE passwords SET tries = 0 WHERE person_id = $1").bind(person_id)
    )?;
    Ok(())
}

/// A session that lives.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    pub hash: String,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
}

pub async fn sessions_of(tx: &mut Tx, person_id: &str, now_ms: i64) -> Result<Vec<SessionRow>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT hash, created_at_ms, expires_at_ms FROM sessions
         WHERE person_id = $1 AND ended_at_ms IS NULL AND expires_at_ms > $2 ORDER BY created_at_ms DESC, hash"
    ).bind(person_id).bind(now_ms).fetch_all(db).await)?)
}

/// Ends all sessions of a person but the one under `except`.
pub async fn end_sessions(tx: &mut Tx, person_id: &str, except: &str, now_ms: i64) -> Result<u64> {
    let ended = execute!(
        tx,
        sqlx::query(
            "UPDATE sessions SET ended_at_ms = $3 WHERE person_id = $1 AND hash <> $2 AND ended_at_ms IS NULL"
        )
        .bind(person_id)
        .bind(except)
        .bind(now_ms)
    )?;
    if ended > 0 {
        versions::raise(tx, Subject::Sessions).await?;
    }
    Ok(ended)
}

pub async fn tickets_alive(tx: &mut Tx, person_id: &str) -> Result<i64> {
    let (count,): (i64,) = on!(tx, db => sqlx::query_as(
        "SELECT COUNT(*) FROM tickets WHERE person_id = $1 AND revoked_at_ms IS NULL"
    ).bind(person_id).fetch_one(db).await)?;
    Ok(count)
}

pub async fn has_organizer(tx: &mut Tx) -> Result<bool> {
    let (count,): (i64,) = on!(tx, db => sqlx::query_as(
        "SELECT COUNT(*) FROM grants WHERE role = 'organizer'"
    ).fetch_one(db).await)?;
    Ok(count > 0)
}

/// The newest link is the only one.
pub async fn replace_setup_link(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE setup_links SET used_at_ms = $1 WHERE used_at_ms IS NULL").bind(now_ms)
    )?;
    execute!(
        tx,
        sqlx::query("INSERT INTO setup_links (hash, created_at_ms) VALUES ($1, $2)")
            .bind(hash)
            .bind(now_ms)
    )?;
    Ok(())
}

pub async fn setup_link_lives(tx: &mut Tx, hash: &str) -> Result<bool> {
    let (count,): (i64,) = on!(tx, db => sqlx::query_as(
        "SELECT COUNT(*) FROM setup_links WHERE hash = $1 AND used_at_ms IS NULL"
    ).bind(hash).fetch_one(db).await)?;
    Ok(count > 0)
}

/// Says whether it was this call that used it.
pub async fn use_setup_link(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE setup_links SET used_at_ms = $2 WHERE hash = $1 AND used_at_ms IS NULL"
        )
        .bind(hash)
        .bind(now_ms)
    )?;
    Ok(touched == 1)
}
