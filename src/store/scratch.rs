//! A schema of its own on a PostgreSQL that may hold other things: made for a rehearsal, dropped after it.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{
    clock::{Clock, fresh, hex},
    error::{Error, Result},
};

/// A fresh, empty schema. Whoever connects by `url` sees nothing else of the database.
#[derive(Debug)]
pub struct Schema {
    server: String,
    name: String,
    pub url: String,
}

impl Schema {
    pub async fn make(server: &str) -> Result<Schema> {
        let name = format!(
            "rehearsal_{}_{}",
            Clock::System.now_ms(),
            hex(&fresh::<4>())
        );
        run(server, format!("CREATE SCHEMA {name}")).await?;
        let mark = if server.contains('?') { '&' } else { '?' };
        Ok(Schema {
            url: format!("{server}{mark}options=-c%20search_path%3D{name}"),
            server: server.to_owned(),
            name,
        })
    }

    /// Takes it away with all that is in it; waits a little for connections that are still ending.
    pub async fn remove(self) -> Result<()> {
        let mut tries = 0;
        loop {
            let drop = format!("SET lock_timeout = '5s'; DROP SCHEMA {} CASCADE", self.name);
            match run(&self.server, drop).await {
                Err(_) if tries < 3 => tries += 1,
                done => return done,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// `sql` holds no name but one that was made here.
async fn run(server: &str, sql: String) -> Result<()> {
    let mut connection = PgConnection::connect(server)
        .await
        .map_err(|source| Error::internal("连不上 PostgreSQL 数据库", source))?;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}
