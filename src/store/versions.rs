//! Version rows: raised with every change, polled by every copy.

use std::collections::HashMap;

use sqlx::postgres::PgListener;

use crate::{
    error::Result,
    store::{Store, Tx, execute, on},
};

/// Where PostgreSQL tells of changes.
const CHANNEL: &str = "yikouqing";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    People,
    Rounds,
    Boards,
    Sessions,
}

impl Subject {
    fn text(self) -> &'static str {
        match self {
            Subject::People => "people",
            Subject::Rounds => "rounds",
            Subject::Boards => "boards",
            Subject::Sessions => "sessions",
        }
    }
}

/// The number it is raised to: whoever raises next waits for this transaction, so numbers commit in their order.
pub async fn raise(tx: &mut Tx, subject: Subject) -> Result<i64> {
    let (number,): (i64,) = on!(tx, db => sqlx::query_as(
        "UPDATE versions SET number = number + 1 WHERE name = $1 RETURNING number"
    ).bind(subject.text()).fetch_one(db).await)?;
    if let Tx::Postgres(tx) = tx {
        // Heard when this transaction commits; it only wakes the poll.
        sqlx::query("SELECT pg_notify($1, '')")
            .bind(CHANNEL)
            .execute(&mut **tx)
            .await?;
    }
    Ok(number)
}

/// Calls `heard` whenever a change is told of, for as long as the connection holds. SQLite tells nothing.
pub async fn listen(store: &Store, heard: impl Fn()) -> Result<()> {
    let Store::Postgres(pool) = store else {
        return Ok(());
    };
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        listener.recv().await?;
        heard();
    }
}

/// The number of one row now.
pub async fn number(tx: &mut Tx, subject: Subject) -> Result<i64> {
    let (number,): (i64,) = on!(tx, db => sqlx::query_as(
        "SELECT number FROM versions WHERE name = $1"
    ).bind(subject.text()).fetch_one(db).await)?;
    Ok(number)
}

/// Name → (number, value), for the poll.
pub async fn all(tx: &mut Tx) -> Result<HashMap<String, (i64, String)>> {
    let rows: Vec<(String, i64, String)> = on!(tx, db => sqlx::query_as("SELECT name, number, value FROM versions").fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|(name, number, value)| (name, (number, value)))
        .collect())
}

/// The publication that is live, empty before the first.
pub async fn live_publication(tx: &mut Tx) -> Result<String> {
    let (value,): (String,) = on!(tx, db => sqlx::query_as("SELECT value FROM versions WHERE name = 'bank'").fetch_one(db).await)?;
    Ok(value)
}

/// Compare-and-set: makes `next` live if `previous` still is; says whether it did.
pub async fn replace_live_publication(tx: &mut Tx, previous: &str, next: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE versions SET number = number + 1, value = $1 WHERE name = 'bank' AND value = $2"
        )
        .bind(next)
        .bind(previous)
    )?;
    Ok(touched == 1)
}
