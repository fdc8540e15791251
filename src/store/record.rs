//! The append-only log of acts: who, when, what, and the facts of it.

use serde::Serialize;

use crate::{
    error::Result,
    store::{Tx, execute, to_json},
};

/// One act. `actor` is a person's id, or `command-line` or `program`.
#[derive(Debug)]
pub struct Act<'a, D: Serialize> {
    pub id: String,
    pub at_ms: i64,
    pub actor: &'a str,
    /// verb-noun: `seal-round`, `import-roster`.
    pub act: &'a str,
    pub subject: &'a str,
    pub detail: D,
}

pub async fn append<D: Serialize>(tx: &mut Tx, act: Act<'_, D>) -> Result<()> {
    execute!(
        tx,
        sqlx::query("INSERT INTO acts (id, at_ms, actor, act, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(act.id)
            .bind(act.at_ms)
            .bind(act.actor)
            .bind(act.act)
            .bind(act.subject)
            .bind(to_json(&act.detail))
    )?;
    Ok(())
}
