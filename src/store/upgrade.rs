//! From the structure a database has to the one this program knows. Looks first: a database of a newer program is left
//! alone, and an SQLite file is copied aside before anything in it changes.

use std::path::{Path, PathBuf};

use sqlx::{
    PgPool, SqlitePool,
    migrate::{MigrateError, Migrator},
};

use crate::{
    clock::{Clock, civil},
    error::{Code, Error, Result},
    store::backup,
};

static MIGRATOR: Migrator = sqlx::migrate!();

pub(in crate::store) async fn postgres(pool: &PgPool) -> Result<()> {
    MIGRATOR.run(pool).await.map_err(failed)
}

pub(in crate::store) async fn sqlite(pool: &SqlitePool, path: &Path) -> Result<()> {
    upgrade(&MIGRATOR, pool, path).await
}

/// The version a file was left at and whether this program knows all of it.
pub(in crate::store) async fn refuse_newer(pool: &SqlitePool) -> Result<()> {
    refuse_unknown(&MIGRATOR, &applied(pool).await?)
}

async fn upgrade(migrator: &Migrator, pool: &SqlitePool, path: &Path) -> Result<()> {
    let applied = applied(pool).await?;
    refuse_unknown(migrator, &applied)?;
    let pending = migrator
        .iter()
        .any(|migration| !applied.contains(&migration.version));
    if pending && !applied.is_empty() {
        let aside = beside(path, Clock::System.now_ms(), "bak");
        backup::copy(pool, &aside).await?;
        tracing::warn!(backup = %aside.display(), "数据库要升级，已先备份");
    }
    migrator.run(pool).await.map_err(failed)
}

/// Empty for a database that was never migrated.
async fn applied(pool: &SqlitePool) -> Result<Vec<i64>> {
    let known: Option<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_optional(pool)
            .await?;
    if known.is_none() {
        return Ok(vec![]);
    }
    Ok(
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_all(pool)
            .await?,
    )
}

fn refuse_unknown(migrator: &Migrator, applied: &[i64]) -> Result<()> {
    let unknown = applied
        .iter()
        .find(|version| !migrator.version_exists(**version));
    unknown.map_or(Ok(()), |version| Err(newer(*version)))
}

fn newer(version: i64) -> Error {
    Error::refused(
        Code::Conflict,
        format!(
            "这个数据库是更新版本的程序写的（结构版本 {version}，本程序不认识）。请换用新版程序；要退回旧版，用升级前自动留下的备份"
        ),
    )
}

fn failed(source: MigrateError) -> Error {
    match source {
        MigrateError::VersionMissing(version) => newer(version),
        source => Error::internal("数据库的结构升级不了，数据没有动", source),
    }
}

/// `yikouqing.db` → `yikouqing.db.20260218-103000.bak`, or the next free name beside it.
pub(in crate::store) fn beside(path: &Path, at_ms: i64, ending: &str) -> PathBuf {
    let stamp = civil(at_ms).format("%Y%m%d-%H%M%S").to_string();
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut place = path.with_file_name(format!("{name}.{stamp}.{ending}"));
    let mut number = 2;
    while place.exists() {
        place = path.with_file_name(format!("{name}.{stamp}-{number}.{ending}"));
        number += 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;

    async fn open(path: &Path) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true);
        SqlitePool::connect_with(options).await.unwrap()
    }

    /// Migrations of a folder, as a program of another age has them.
    async fn aged(folder: &Path, texts: &[&str]) -> Migrator {
        std::fs::create_dir_all(folder).unwrap();
        for (place, text) in texts.iter().enumerate() {
            let name = format!("{:04}_step.sql", place + 1);
            std::fs::write(folder.join(name), text).unwrap();
        }
        Migrator::new(folder).await.unwrap()
    }

    fn backups(folder: &Path) -> Vec<PathBuf> {
        let files = std::fs::read_dir(folder).unwrap();
        let mut found: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        found.retain(|path| path.extension().is_some_and(|ending| ending == "bak"));
        found
    }

    #[tokio::test]
    async fn a_copy_is_kept_before_the_structure_changes_and_only_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let steps = [
            "CREATE TABLE things (name TEXT); INSERT INTO things VALUES ('a');",
            "ALTER TABLE things ADD COLUMN age BIGINT;",
        ];
        let old = aged(&folder.path().join("old"), &steps[..1]).await;
        let new = aged(&folder.path().join("new"), &steps).await;
        let pool = open(&path).await;
        upgrade(&old, &pool, &path).await.unwrap();
        upgrade(&old, &pool, &path).await.unwrap();
        assert_eq!(
            backups(folder.path()).len(),
            0,
            "nothing was there or nothing changed"
        );

        upgrade(&new, &pool, &path).await.unwrap();
        let kept = backups(folder.path());
        assert_eq!(kept.len(), 1);
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM things")
            .fetch_all(&open(&kept[0]).await)
            .await
            .unwrap();
        assert_eq!(names, ["a"]);

        let refused = upgrade(&old, &pool, &path).await.unwrap_err().to_string();
        assert!(refused.contains("更新版本的程序"), "{refused}");
        assert_eq!(backups(folder.path()).len(), 1);
    }
}
