//! All SQL, one text for both databases; functions over `&mut Tx`. Knows no rule and no page.

pub mod archive;
pub mod attempts;
pub mod backup;
pub mod banks;
pub mod boards;
pub mod decisions;
mod durability;
pub mod gather;
pub mod links;
pub mod outcomes;
pub mod people;
pub mod practice;
pub mod queue;
pub mod record;
pub mod rounds;
pub mod scratch;
pub mod signing;
pub mod spot_checks;
pub mod spot_events;
pub mod tokens;
mod upgrade;
pub mod versions;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::error::{Error, Result};

/// One embedded SQLite file (one writer, several readers) or one PostgreSQL.
#[derive(Debug, Clone)]
pub enum Store {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction on whichever database it is. Dropped without `commit`, it never happened.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one query on whichever database the transaction belongs to.
macro_rules! on {
    ($tx:expr, $db:ident => $query:expr) => {
        match $tx {
            crate::store::Tx::Sqlite(tx) => {
                let $db = &mut **tx;
                $query
            }
            crate::store::Tx::Postgres(tx) => {
                let $db = &mut **tx;
                $query
            }
        }
    };
}
pub(in crate::store) use on;

/// Runs a statement for its effect: how many rows it touched.
macro_rules! execute {
    ($tx:expr, $query:expr) => {
        crate::store::on!($tx, db => $query.execute(db).await.map(|done| done.rows_affected()))
    };
}
pub(in crate::store) use execute;

impl Store {
    /// `sqlite:PATH` (made on first use) or `postgres://…`; migrations are applied.
    pub async fn open(url: &str) -> Result<Store> {
        let store = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .after_connect(|connection, _| Box::pin(durability::wait_for_commits(connection)))
                .connect(url)
                .await
                .map_err(|source| Error::internal("连不上 PostgreSQL 数据库", source))?;
            durability::check_postgres(&pool).await?;
            upgrade::postgres(&pool).await?;
            Store::Postgres(pool)
        } else {
            Self::open_sqlite(url).await?
        };
        Ok(store)
    }

    async fn open_sqlite(url: &str) -> Result<Store> {
        let path = url
            .strip_prefix("sqlite:")
            .unwrap_or(url)
            .trim_start_matches("//");
        if let Some(folder) = std::path::Path::new(path).parent() {
            std::fs::create_dir_all(folder).map_err(|source| {
                Error::internal(format!("建不了数据文件夹 {}", folder.display()), source)
            })?;
        }
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{path}"))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("fullfsync", "1")
            .foreign_keys(true)
            // KiB a connection, taken as it is needed: on exam day the open attempts stay at hand.
            .pragma("cache_size", "-16384")
            .busy_timeout(Duration::from_secs(10));
        // On a full disk SQLite rolls back by itself, and sqlx, whose own ROLLBACK then fails, counts on: such a
        // connection refuses every transaction after. It is thrown away and another opened.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .before_acquire(|connection, _| {
                let is_free = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_free) })
            })
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await
            .map_err(|source| Error::internal(format!("打不开数据库文件 {path}"), source))?;
        durability::check_sqlite(&writer).await?;
        upgrade::sqlite(&writer, std::path::Path::new(path)).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Store::Sqlite { writer, readers })
    }

    /// The door for reading: a snapshot; writes through it are refused.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Store::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Store::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// The door for changes. SQLite takes its write lock here, so nothing fails half-way.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Store::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Store::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The database's own clock in Unix milliseconds; `None` where it has none but this machine's.
    pub async fn time_ms(&self) -> Result<Option<i64>> {
        let Store::Postgres(pool) = self else {
            return Ok(None);
        };
        let text = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        Ok(Some(sqlx::query_scalar(text).fetch_one(pool).await?))
    }

    /// Gives the connections back, so that a file can be moved or a schema dropped.
    pub async fn close(&self) {
        match self {
            Store::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Store::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// What was written as JSON by us must read as JSON; anything else is damage worth a loud error.
pub(in crate::store) fn from_json<T: serde::de::DeserializeOwned>(
    what: &str,
    text: &str,
) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|source| Error::internal(format!("数据库里的{what}读不懂"), source))
}

pub(in crate::store) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types serialize")
}
