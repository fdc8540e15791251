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
    Boards,
    Sessions,
}

impl Subject {
    fn text(self) -> &'static str {
        match self {
            Subject::People => "people",
            Subject::Boards => "boards",
            Subject::Sessions => "sessions",
        }
    }
}

/// The rounds' row tells what its newest changes were about, in so many characters: the last seventy or so.
const TOLD_CHARS: i32 = 2_000;

/// The number it is raised to: whoever raises next waits for this transaction, so numbers commit in their order.
pub async fn raise(tx: &mut Tx, subject: Subject) -> Result<i64> {
    let (number,): (i64,) = on!(tx, db => sqlx::query_as(
        "UPDATE versions SET number = number + 1 WHERE name = $1 RETURNING number"
    ).bind(subject.text()).fetch_one(db).await)?;
    tell(tx).await?;
    Ok(number)
}

/// Raises the rounds' row and says there what this change was about: a round's id, or whatever an act was about.
pub async fn raise_rounds(tx: &mut Tx, about: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "UPDATE versions SET number = number + 1,
                 value = SUBSTR(CAST(number + 1 AS TEXT) || ':' || CAST($1 AS TEXT) || ' ' || value, 1, $2)
             WHERE name = 'rounds'"
        )
        .bind(about)
        .bind(TOLD_CHARS)
    )?;
    tell(tx).await
}

/// What the changes after `seen` up to `number` were about, where the rounds' row tells of every one of them: it forgets
/// old ones, and a program before this one said nothing there.
pub fn changed_since(value: &str, seen: i64, number: i64) -> Option<Vec<&str>> {
    let changes = usize::try_from(number - seen).ok()?;
    let mut told: Vec<&str> = value.split(' ').collect();
    // The oldest may be cut short.
    told.pop();
    let told: Vec<&str> = told
        .into_iter()
        .zip((seen + 1..=number).rev())
        .map_while(|(change, expected)| {
            let (number, about) = change.split_once(':')?;
            (number.parse() == Ok(expected)).then_some(about)
        })
        .collect();
    (told.len() == changes).then_some(told)
}

/// Heard when this transaction commits; it only wakes the poll.
async fn tell(tx: &mut Tx) -> Result<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT pg_notify($1, '')")
            .bind(CHANNEL)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::changed_since;

    #[test]
    fn a_change_that_is_not_told_of_is_no_change_of_something_else() {
        let value = "9:c 8:b 7:a 6:cut";
        assert_eq!(changed_since(value, 9, 9), Some(vec![]));
        assert_eq!(changed_since(value, 8, 9), Some(vec!["c"]));
        assert_eq!(changed_since(value, 6, 9), Some(vec!["c", "b", "a"]));
        assert_eq!(changed_since(value, 5, 9), None, "too long ago");
        assert_eq!(
            changed_since(value, 8, 10),
            None,
            "10 was raised without a word"
        );
        assert_eq!(changed_since("10:d 8:b ", 8, 10), None, "and 9");
        assert_eq!(changed_since("", 3, 4), None);
        assert_eq!(changed_since("4:a ", 3, 4), Some(vec!["a"]));
        assert_eq!(changed_since("4: ", 3, 4), Some(vec![""]));
    }
}
