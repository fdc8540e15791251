//! A PostgreSQL that may lose what it has committed: the program does not serve from it, and says what to change.

use std::sync::Arc;

use yikouqing::store::Store;

use crate::{cluster::Cluster, ground};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weak_settings_of_postgres_are_refused_or_mended() {
    let cluster = Arc::new(Cluster::start(&[]));
    for name in ["fsync", "full_page_writes"] {
        set(&cluster, name, "off").await;
        let url = cluster.url();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--database", &url];
        let said = ground::refused(&serve).await;
        let cure = format!("ALTER SYSTEM SET {name} = on;");
        assert!(said.contains("错误：") && said.contains(&cure), "{said}");
        let changed = Store::open(&url).await.is_ok();
        assert!(!changed, "no command works on it either");
        set(&cluster, name, "on").await;
    }

    // This one every connection sets for itself.
    for (server, ours) in [("off", "on"), ("local", "local"), ("on", "on")] {
        set(&cluster, "synchronous_commit", server).await;
        let store = Store::open(&cluster.url()).await.expect("a sound server");
        let Store::Postgres(pool) = &store else {
            panic!("PostgreSQL");
        };
        let here: String = sqlx::query_scalar("SHOW synchronous_commit")
            .fetch_one(pool)
            .await
            .expect("a setting");
        assert_eq!(here, ours, "where the server says {server}");
        store.close().await;
    }
}

/// For the whole server, after its restart.
async fn set(cluster: &Arc<Cluster>, name: &str, value: &str) {
    let pool = sqlx::PgPool::connect(&cluster.url())
        .await
        .expect("a server");
    let text = format!("ALTER SYSTEM SET {name} = {value}");
    let set = sqlx::query(sqlx::AssertSqlSafe(text)).execute(&pool).await;
    set.expect("a superuser");
    pool.close().await;
    let cluster = cluster.clone();
    tokio::task::spawn_blocking(move || cluster.crash_and_start())
        .await
        .expect("it comes back");
}
