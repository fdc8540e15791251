//! Version rows: raised with every change, polled by every copy.

use std::collections::HashMap;

use crate::{
    error::Result,
    store::{Tx, execute, on},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    People,
    Rounds,
    Boards,
}

impl Subject {
    fn text(self) -> &'static str {
        match self {
            Subject::People => "people",
            Subject::Rounds => "rounds",
            Subject::Boards => "boards",
        }
    }
}

pub async fn raise(tx: &mut Tx, subject: Subject) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE versions SET number = number + 1 WHERE name = $1").bind(subject.text())
    )?;
    Ok(())
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
