//! One-time links that carry a session's person into another browser.

use crate::{
    error::Result,
    store::{Tx, execute, on},
};

/// A link that was not used yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LinkRow {
    pub person_id: String,
    pub hash: String,
    /// The session that made it.
    pub session_hash: String,
    pub expires_at_ms: i64,
}

/// Takes the place of the person's link before.
pub async fn put(tx: &mut Tx, link: &LinkRow) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO sign_in_links (person_id, hash, session_hash, expires_at_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, session_hash = excluded.session_hash,
                    expires_at_ms = excluded.expires_at_ms"
        )
        .bind(&link.person_id)
        .bind(&link.hash)
        .bind(&link.session_hash)
        .bind(link.expires_at_ms)
    )?;
    Ok(())
}

/// The link by its hash, where it has not expired.
pub async fn find(tx: &mut Tx, hash: &str, now_ms: i64) -> Result<Option<LinkRow>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT person_id, hash, session_hash, expires_at_ms FROM sign_in_links
         WHERE hash = $1 AND expires_at_ms > $2"
    ).bind(hash).bind(now_ms).fetch_optional(db).await)?)
}

/// Says whether it was this call that used it up.
pub async fn use_up(tx: &mut Tx, hash: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query("DELETE FROM sign_in_links WHERE hash = $1").bind(hash)
    )?;
    Ok(touched == 1)
}
