//! Whether the database keeps what it says it has kept: where it does not, nothing is served.

use sqlx::{Executor, PgConnection, PgPool, SqlitePool};

use crate::error::{Code, Error, Result};

/// What PostgreSQL goes by, as its settings' texts have it: `on`, `off`, `remote_write` …
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Settings {
    fsync: String,
    full_page_writes: String,
    synchronous_commit: String,
    synchronous_standby_names: String,
}

const SETTINGS: &str = "
    SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
           current_setting('synchronous_commit') AS synchronous_commit,
           current_setting('synchronous_standby_names') AS synchronous_standby_names";

/// Every connection waits for its commits, whatever the role or the database was set to: this setting is a session's own.
/// What is stronger than `off` is left as whoever runs the database chose it.
pub(in crate::store) async fn wait_for_commits(connection: &mut PgConnection) -> sqlx::Result<()> {
    const TEXT: &str = "SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off'";
    connection.execute(TEXT).await.map(drop)
}

/// Refuses a server that may lose what it has committed when the power goes; warns where a second machine would help.
pub(in crate::store) async fn check_postgres(pool: &PgPool) -> Result<()> {
    let settings: Settings = sqlx::query_as(SETTINGS).fetch_one(pool).await?;
    if let Some(refusal) = settings.refusal() {
        return Err(Error::refused(Code::Conflict, refusal));
    }
    if let Some(warning) = settings.warning() {
        tracing::warn!("{warning}");
    }
    Ok(())
}

impl Settings {
    fn refusal(&self) -> Option<String> {
        let weak: Vec<&str> = [
            ("fsync", &self.fsync),
            ("full_page_writes", &self.full_page_writes),
            ("synchronous_commit", &self.synchronous_commit),
        ]
        .into_iter()
        .filter(|(_, value)| *value == "off")
        .map(|(name, _)| name)
        .collect();
        let cures: Vec<String> = weak
            .iter()
            .map(|name| format!("ALTER SYSTEM SET {name} = on;"))
            .collect();
        (!weak.is_empty()).then(|| {
            format!(
                "这个 PostgreSQL 不能保证“存上了就不丢”：{} 是 off，一停电就可能丢掉已保存的答案。\
                 请用管理员账号执行 {} SELECT pg_reload_conf(); 再启动",
                weak.join("、"),
                cures.join(" ")
            )
        })
    }

    fn warning(&self) -> Option<String> {
        if self.synchronous_standby_names.trim().is_empty() {
            let alone = "PostgreSQL 没有同步备库：停电不丢，但这台机器的磁盘坏了，已保存的答案就没有了（见 docs/deploy.md）";
            return Some(alone.into());
        }
        let weaker = matches!(self.synchronous_commit.as_str(), "local" | "remote_write");
        weaker.then(|| {
            format!(
                "synchronous_commit 是 {}：不等备库落盘就确认，主库坏掉时会丢掉最后一小段已保存的答案；要改成 on",
                self.synchronous_commit
            )
        })
    }
}

/// A write-ahead log, and every commit on disk before it is answered: `Store::open` asks for both, and this looks whether
/// the file system and the build gave them.
pub(in crate::store) async fn check_sqlite(writer: &SqlitePool) -> Result<()> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(writer)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(writer)
        .await?;
    if journal == "wal" && synchronous >= 2 {
        return Ok(());
    }
    let found = format!("journal_mode={journal}, synchronous={synchronous}");
    Err(Error::internal(
        "这个数据库文件不能保证“存上了就不丢”（要 WAL 日志和 synchronous=FULL），请放到本机磁盘上",
        found,
    ))
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    };

    use super::*;

    fn settings(values: [&str; 4]) -> Settings {
        let [fsync, full_page_writes, synchronous_commit, standbys] = values.map(str::to_owned);
        Settings {
            fsync,
            full_page_writes,
            synchronous_commit,
            synchronous_standby_names: standbys,
        }
    }

    #[test]
    fn each_weak_setting_is_refused_by_its_name_with_its_cure() {
        assert_eq!(settings(["on", "on", "on", "ANY 1 (b)"]).refusal(), None);
        for (values, names) in [
            (["off", "on", "on", ""], vec!["fsync"]),
            (["on", "off", "local", ""], vec!["full_page_writes"]),
            (["on", "on", "off", ""], vec!["synchronous_commit"]),
            (["off", "off", "on", "*"], vec!["fsync", "full_page_writes"]),
        ] {
            let refusal = settings(values).refusal().expect("a refusal");
            for name in ["fsync", "full_page_writes", "synchronous_commit"] {
                let cure = format!("ALTER SYSTEM SET {name} = on;");
                assert_eq!(refusal.contains(&cure), names.contains(&name), "{refusal}");
            }
        }
    }

    #[test]
    fn a_lone_server_and_a_hasty_one_are_warned_of() {
        let warning = |values| settings(values).warning().unwrap_or_default();
        assert!(warning(["on", "on", "on", " "]).contains("没有同步备库"));
        assert!(warning(["on", "on", "local", "*"]).contains("local"));
        assert!(warning(["on", "on", "remote_write", "*"]).contains("remote_write"));
        assert_eq!(warning(["on", "on", "on", "*"]), "");
        assert_eq!(warning(["on", "on", "remote_apply", "*"]), "");
    }

    #[tokio::test]
    async fn a_file_without_a_log_or_without_waiting_for_the_disk_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (place, (journal, synchronous, sound)) in [
            (SqliteJournalMode::Wal, SqliteSynchronous::Full, true),
            (SqliteJournalMode::Wal, SqliteSynchronous::Normal, false),
            (SqliteJournalMode::Wal, SqliteSynchronous::Off, false),
            (SqliteJournalMode::Delete, SqliteSynchronous::Full, false),
        ]
        .into_iter()
        .enumerate()
        {
            let options = SqliteConnectOptions::new()
                .filename(folder.path().join(format!("{place}.db")))
                .create_if_missing(true)
                .journal_mode(journal)
                .synchronous(synchronous);
            let pool = SqlitePoolOptions::new().connect_with(options).await;
            let checked = check_sqlite(&pool.unwrap()).await;
            assert_eq!(checked.is_ok(), sound, "{journal:?} {synchronous:?}");
        }
    }
}
