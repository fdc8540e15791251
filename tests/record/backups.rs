//! Backups taken while serving, restored; databases of other versions upgraded or refused.

use std::path::Path;

use yikouqing::{
    app::App,
    clock::Clock,
    contest::round::Papers,
    store::{
        Store,
        backup::{self, Replace},
    },
};

use crate::{
    refusal,
    township::{self, Township},
};

#[tokio::test]
async fn a_backup_taken_while_serving_comes_back_and_the_old_file_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (live, copy) = (folder.path().join("live.db"), folder.path().join("copy.db"));
    let url = format!("sqlite:{}", live.display());
    let town = Township::open(&url).await;
    let round = town.contest("笔试", Papers::Each).await;
    backup::backup(&live, &copy)
        .await
        .expect("a backup beside the running program");
    assert!(backup::backup(&live, &live).await.is_err());

    let busy = backup::restore(&copy, &live, Replace::KeepAside).await;
    assert!(refusal(busy).contains("请先停止"));
    town.open_round("第二场", Papers::Each, |_| {}).await;
    town.app.store.close().await;
    let refused = backup::restore(&copy, &live, Replace::Never).await;
    assert!(refusal(refused).contains("--replace"));
    let aside = backup::restore(&copy, &live, Replace::KeepAside)
        .await
        .unwrap();
    assert_eq!(rounds_in(&live).await, [round.as_str()]);
    assert_eq!(rounds_in(&aside.expect("kept aside")).await.len(), 2);

    let elsewhere = folder.path().join("new/place.db");
    assert_eq!(
        backup::restore(&copy, &elsewhere, Replace::Never)
            .await
            .unwrap(),
        None
    );
    assert_eq!(rounds_in(&elsewhere).await, [round]);
    let text = folder.path().join("text.db");
    std::fs::write(&text, "no database").unwrap();
    assert!(
        refusal(backup::restore(&text, &elsewhere, Replace::KeepAside).await).contains("不是备份")
    );
    assert!(refusal(backup::backup(&live, &text).await).contains("不能覆盖"));
}

async fn rounds_in(path: &Path) -> Vec<String> {
    let store = Store::open(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    let app = App::open(store, Clock::System, String::new());
    let rounds = app.rounds().await.unwrap();
    app.store.close().await;
    rounds.into_iter().map(|round| round.id).collect()
}

/// A database as the first version left it: its rows are still there afterwards, and a copy of it beside it.
#[tokio::test]
async fn a_database_of_the_first_version_is_copied_and_upgraded() {
    use sqlx::{SqlitePool, migrate::Migrator, sqlite::SqliteConnectOptions};
    let folder = tempfile::tempdir().unwrap();
    let ground = folder.path().join("first");
    std::fs::create_dir(&ground).unwrap();
    std::fs::copy("migrations/0001_ground.sql", ground.join("0001_ground.sql")).unwrap();
    let path = folder.path().join("old.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    Migrator::new(ground)
        .await
        .unwrap()
        .run(&pool)
        .await
        .unwrap();
    for row in township::ROWS_OF_THE_FIRST_VERSION {
        sqlx::query(*row).execute(&pool).await.unwrap();
    }
    pool.close().await;

    let url = format!("sqlite:{}", path.display());
    let app = App::open(
        Store::open(&url).await.unwrap(),
        Clock::System,
        String::new(),
    );
    assert_eq!(app.rounds().await.unwrap().len(), 1);
    let (units, persons) = app.people().await.unwrap();
    assert_eq!((units.len(), persons.len()), (1, 1));
    assert_eq!(persons[0].name, "李建国");
    app.store.close().await;
    let kept: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("old.db.") && name.contains(".bak"))
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
}

/// A database that a newer program wrote is left alone, on both.
#[tokio::test]
async fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let schema = crate::support::postgres::schema().await;
    let path = folder.path().join("new.db");
    for url in [
        format!("sqlite:{}", path.display()),
        schema.url().to_owned(),
    ] {
        Store::open(&url).await.unwrap().close().await;
        township::pretend_newer(&url).await;
        let refused = Store::open(&url).await.map(|_| ());
        assert!(refusal(refused).contains("更新版本的程序"));
    }
}
