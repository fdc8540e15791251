//! A PostgreSQL schema per test, on the server that `scripts/test.sh` started.

use std::{ops::Deref, process, thread};

use sqlx::{Connection, Executor, PgConnection};
use yikouqing::clock::{self, Clock};

/// Schemas older than this were left behind by a run that was killed.
const LEFT_BEHIND_MS: i64 = 60 * 60 * 1000;

/// A fresh, empty schema, dropped with this value. Derefs to its database URL.
#[derive(Debug)]
pub struct Schema {
    name: String,
    url: String,
}

/// Makes a schema that nothing else uses; every connection to its URL sees only that schema.
pub async fn schema() -> Schema {
    let server = super::environment("TEST_POSTGRES_URL");
    let now_ms = Clock::System.now_ms();
    let [a, b, c, d] = clock::fresh();
    let name = format!(
        "test_{now_ms}_{}_{a:02x}{b:02x}{c:02x}{d:02x}",
        process::id()
    );
    let mut connection = connect(&server).await;
    sweep(&mut connection, now_ms).await;
    run(&mut connection, &format!("CREATE SCHEMA {name}")).await;
    connection.close().await.expect("PostgreSQL lets go");
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options=-c%20search_path%3D{name}");
    Schema { name, url }
}

impl Schema {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for Schema {
    type Target = str;

    fn deref(&self) -> &str {
        &self.url
    }
}

impl Drop for Schema {
    /// Also when the test failed; a schema that something still holds is left to a later sweep.
    fn drop(&mut self) {
        let (url, name) = (self.url.clone(), self.name.clone());
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                let mut connection = connect(&url).await;
                run(&mut connection, "SET lock_timeout = '2s'").await;
                run(&mut connection, &format!("DROP SCHEMA {name} CASCADE")).await;
            });
        });
        if dropped.join().is_err() {
            eprintln!("schema {} is left to the next sweep", self.name);
        }
    }
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url)
        .await
        .expect("the PostgreSQL of TEST_POSTGRES_URL answers")
}

async fn run(connection: &mut PgConnection, sql: &str) {
    connection
        .execute(sqlx::AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn sweep(connection: &mut PgConnection, now_ms: i64) {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'test\\_%'")
            .fetch_all(&mut *connection)
            .await
            .expect("PostgreSQL lists its schemas");
    for name in names {
        let made_ms = name
            .split('_')
            .nth(1)
            .and_then(|made| made.parse::<i64>().ok());
        if made_ms.is_some_and(|made_ms| made_ms < now_ms - LEFT_BEHIND_MS) {
            run(connection, &format!("DROP SCHEMA IF EXISTS {name} CASCADE")).await;
        }
    }
}
