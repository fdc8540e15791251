//! SQLite files in and out as wholes: a consistent copy while the program serves, and back again with the old file kept.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{
    clock::Clock,
    error::{Code, Error, Result},
    store::upgrade,
};

/// Whether a database that holds data may give way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    Never,
    /// The old one is kept aside.
    KeepAside,
}

/// The file behind `sqlite:PATH`; `None` for PostgreSQL.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    (!postgres).then(|| PathBuf::from(path.trim_start_matches("//")))
}

/// Copies a database, also while it is written to, into `target`, which is whole or not there. A backup that stands
/// there gives way; anything else does not.
pub async fn backup(database: &Path, target: &Path) -> Result<()> {
    if !database.is_file() {
        return Err(Error::NotFound(format!("数据库 {}", database.display())));
    }
    if same_file(database, target) {
        return Err(refused("备份不能写到正在用的数据库上，请换个文件名"));
    }
    if target.exists() && !is_sqlite(target) {
        return Err(refused(format!(
            "{} 不是备份文件，不能覆盖，请换个文件名",
            target.display()
        )));
    }
    let pool = open(database).await?;
    let copied = copy(&pool, target).await;
    pool.close().await;
    copied
}

/// The copy is made beside the target, checked, written through to the disk, and only then given its name.
pub(in crate::store) async fn copy(pool: &SqlitePool, target: &Path) -> Result<()> {
    let unfinished = beside(target, "unfinished");
    if unfinished.exists() {
        fs::remove_file(&unfinished)?;
    }
    sqlx::query("VACUUM INTO $1")
        .bind(unfinished.to_string_lossy().into_owned())
        .execute(pool)
        .await
        .map_err(|source| Error::internal(format!("备份写不到 {}", target.display()), source))?;
    check(&unfinished).await?;
    // Names and phones are in it.
    fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o600))?;
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, target)?;
    sync_folder_of(target)
}

/// Puts a backup where the database stands. Says where the old file went, where there was one.
pub async fn restore(source: &Path, database: &Path, replace: Replace) -> Result<Option<PathBuf>> {
    if !source.is_file() {
        return Err(Error::NotFound(format!("备份文件 {}", source.display())));
    }
    if same_file(source, database) {
        return Err(refused("备份文件就是正在用的数据库，不用恢复"));
    }
    if !is_sqlite(source) {
        return Err(refused(format!("{} 不是备份文件", source.display())));
    }
    let pool = open(source).await?;
    let checked = ours(&pool).await;
    let fresh = beside(database, "restoring");
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder)?;
    }
    let copied = match checked {
        Ok(()) => copy(&pool, &fresh).await,
        Err(error) => Err(error),
    };
    pool.close().await;
    copied?;
    let aside = put_aside(database, replace).await;
    if aside.is_err() {
        fs::remove_file(&fresh)?;
    }
    let aside = aside?;
    fs::rename(&fresh, database)?;
    sync_folder_of(database)?;
    Ok(aside)
}

async fn put_aside(database: &Path, replace: Replace) -> Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    if replace == Replace::Never && holds_data(database).await {
        return Err(refused(format!(
            "{} 里已经有数据，没有恢复。确定要换掉它，请加 --replace（原来的会改名留着）",
            database.display()
        )));
    }
    gather(database).await?;
    let aside = upgrade::beside(database, Clock::System.now_ms(), "replaced");
    fs::rename(database, &aside)?;
    Ok(Some(aside))
}

/// What cannot be read may well be data.
async fn holds_data(database: &Path) -> bool {
    let count = async {
        let pool = open(database).await?;
        let count: Result<i64, sqlx::Error> = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM persons) + (SELECT COUNT(*) FROM rounds)",
        )
        .fetch_one(&pool)
        .await;
        pool.close().await;
        Ok::<i64, Error>(count?)
    };
    let empty = fs::metadata(database).is_ok_and(|file| file.len() == 0);
    !empty && !matches!(count.await, Ok(0))
}

/// Brings everything of a database into its one file. Only possible while nobody else has it open.
async fn gather(database: &Path) -> Result<()> {
    if !is_sqlite(database) {
        return Ok(());
    }
    let pool = open(database).await?;
    let mode: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&pool)
        .await;
    pool.close().await;
    match mode.as_deref() {
        Ok("delete") => Ok(()),
        Ok(_) | Err(_) => Err(refused(
            "数据库正在被使用。请先停止 serve（或 demo），再恢复",
        )),
    }
}

/// A whole database, of this program, and not of a newer one.
async fn ours(pool: &SqlitePool) -> Result<()> {
    let tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('_sqlx_migrations', 'rounds', 'acts')",
    )
    .fetch_one(pool)
    .await
    .map_err(|source| Error::internal("备份文件已经损坏，读不了", source))?;
    if tables < 3 {
        return Err(refused("这个文件不是政策一口清的备份"));
    }
    upgrade::refuse_newer(pool).await
}

async fn check(path: &Path) -> Result<()> {
    let pool = open(path).await?;
    let answer: Result<String, sqlx::Error> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&pool)
        .await;
    pool.close().await;
    match answer.as_deref() {
        Ok("ok") => Ok(()),
        Ok(fault) => Err(Error::internal("数据库已经损坏", fault.to_owned())),
        Err(_) => Err(Error::internal("备份读不回来", path.display().to_string())),
    }
}

async fn open(path: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(3));
    SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(|source| Error::internal(format!("打不开数据库文件 {}", path.display()), source))
}

fn is_sqlite(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 16];
    fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut head).is_ok())
        && head == *b"SQLite format 3\0"
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// A rename is only safe from a power cut once its folder is on disk.
fn sync_folder_of(path: &Path) -> Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    Ok(fs::File::open(folder)?.sync_all()?)
}

fn refused(detail: impl Into<String>) -> Error {
    Error::refused(Code::Conflict, detail)
}
