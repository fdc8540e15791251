//! Where a story's data is: a temporary file, or a schema of its own; and looks past the program, straight at the rows.

use tempfile::TempDir;
use yikouqing::{
    attempt::steps::Step,
    store::{Store, attempts},
};

use crate::{
    stage::Stage,
    support::postgres::{self, Schema},
};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(super) enum Ground {
    File { folder: TempDir, url: String },
    Schema(Schema),
}

impl Ground {
    pub(super) async fn new(database: Database) -> Ground {
        match database {
            Database::Sqlite => {
                let folder = TempDir::new().expect("a folder");
                let url = format!("sqlite:{}", folder.path().join("story.db").display());
                Ground::File { folder, url }
            }
            Database::Postgres => Ground::Schema(postgres::schema().await),
        }
    }

    pub(super) fn url(&self) -> &str {
        match self {
            Ground::File { url, folder } => {
                assert!(folder.path().is_dir());
                url
            }
            Ground::Schema(schema) => schema.url(),
        }
    }
}

impl Stage {
    /// An attempt's steps as they are on disk, in the order of their numbers.
    pub(crate) async fn steps_on_disk(&self, attempt: &str) -> Vec<Step> {
        let door = self.another_door().await;
        let mut tx = door.read().await.expect("a snapshot");
        let steps = attempts::steps(&mut tx, attempt).await.expect("steps");
        drop(tx);
        steps
    }

    /// The one column of a query, as text.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let door = self.another_door().await;
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()));
        let found = match door {
            Store::Sqlite { readers, .. } => query.fetch_all(readers).await,
            Store::Postgres(pool) => {
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
                    .fetch_all(pool)
                    .await
            }
        };
        found.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub(crate) async fn text(&self, sql: &str) -> String {
        let mut found = self.texts(sql).await;
        assert_eq!(found.len(), 1, "{sql}");
        found.remove(0)
    }

    /// How many rows a table has, or those of it that a condition picks.
    pub(crate) async fn count(&self, rows: &str) -> i64 {
        self.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {rows}"))
            .await
            .parse()
            .expect("a number")
    }

    /// Hundredths, of an attempt that is graded.
    pub(crate) async fn points(&self, attempt: &str) -> i64 {
        let sql = format!("SELECT CAST(points AS TEXT) FROM attempts WHERE id = '{attempt}'");
        self.text(&sql).await.parse().expect("points")
    }

    pub(crate) async fn outcome_text(&self, attempt: &str) -> String {
        self.text(&format!(
            "SELECT outcome FROM attempts WHERE id = '{attempt}'"
        ))
        .await
    }

    /// A change behind the program's back: damage, or a program that died half-way.
    pub(crate) async fn execute(&self, sql: &str) {
        let door = self.another_door().await;
        let text = sqlx::AssertSqlSafe(sql.to_owned());
        let done = match door {
            Store::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.map(drop),
            Store::Postgres(pool) => sqlx::query(text).execute(pool).await.map(drop),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
