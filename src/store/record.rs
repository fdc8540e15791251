//! The append-only log of acts: who, when, what, and the facts of it.

use serde::Serialize;

use crate::{
    error::Result,
    store::{Tx, execute, from_json, on, to_json},
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

/// An act as it was written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub id: String,
    pub at_ms: i64,
    pub actor: String,
    pub act: String,
    pub subject: String,
    pub detail: serde_json::Value,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: String,
    at_ms: i64,
    actor: String,
    act: String,
    subject: String,
    detail: String,
}

impl EntryRow {
    fn read(self) -> Result<Entry> {
        Ok(Entry {
            detail: from_json("操作记录", &self.detail)?,
            id: self.id,
            at_ms: self.at_ms,
            actor: self.actor,
            act: self.act,
            subject: self.subject,
        })
    }
}

/// What to look for. `None` is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub act: Option<String>,
    /// Any of these.
    pub actors: Option<Vec<String>>,
    pub from_ms: Option<i64>,
    /// Exclusive.
    pub until_ms: Option<i64>,
    /// Older than this act.
    pub before: Option<String>,
}

const SELECT_SQLITE: &str = "
    SELECT id, at_ms, actor, act, subject, detail FROM acts
    WHERE ($1 IS NULL OR act = $1) AND ($2 IS NULL OR actor IN (SELECT value FROM json_each($2)))
      AND at_ms >= $3 AND at_ms < $4 AND ($5 IS NULL OR id < $5) ORDER BY id DESC LIMIT $6";
const SELECT_POSTGRES: &str = r#"
    SELECT id, at_ms, actor, act, subject, detail FROM acts
    WHERE ($1::text IS NULL OR act = $1) AND ($2::text IS NULL OR actor IN (SELECT json_array_elements_text($2::json)))
      AND at_ms >= $3 AND at_ms < $4 AND ($5::text IS NULL OR id COLLATE "C" < $5) ORDER BY id COLLATE "C" DESC LIMIT $6"#;

/// The newest `most` acts that the filter lets through, newest first.
pub async fn acts(tx: &mut Tx, filter: &Filter, most: usize) -> Result<Vec<Entry>> {
    let text = match tx {
        Tx::Sqlite(_) => SELECT_SQLITE,
        Tx::Postgres(_) => SELECT_POSTGRES,
    };
    let rows: Vec<EntryRow> = on!(tx, db => sqlx::query_as(text)
        .bind(&filter.act)
        .bind(filter.actors.as_ref().map(to_json))
        .bind(filter.from_ms.unwrap_or(i64::MIN))
        .bind(filter.until_ms.unwrap_or(i64::MAX))
        .bind(&filter.before)
        .bind(most as i64)
        .fetch_all(db).await)?;
    rows.into_iter().map(EntryRow::read).collect()
}

/// Every act about one subject, oldest first.
pub async fn acts_on(tx: &mut Tx, subject: &str) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, at_ms, actor, act, subject, detail FROM acts WHERE subject = $1 ORDER BY at_ms, id"
    ).bind(subject).fetch_all(db).await)?;
    rows.into_iter().map(EntryRow::read).collect()
}
