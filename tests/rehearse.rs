//! `yikouqing rehearse` as somebody runs it: on both databases, against a server elsewhere, and what it refuses.

mod support;

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use support::{
    postgres,
    township::{HOUR_MS, Township},
};
use tokio::sync::watch;
use yikouqing::{
    contest::round::Release,
    store::Tx,
    web::{server, state::Demonstration},
};

/// Exit code, standard output, standard error.
fn rehearse(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_yikouqing"))
        .arg("rehearse")
        .args(arguments)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn phase<'a>(report: &'a Value, name: &str) -> &'a Value {
    let phases = report["phases"].as_array().expect("phases");
    let found = phases.iter().find(|phase| phase["phase"] == name);
    found.unwrap_or_else(|| panic!("no phase {name}"))
}

fn read(arguments: &[&str]) -> Value {
    let (code, told, said) = rehearse(arguments);
    assert_eq!(code, Some(0), "{said}\n{told}");
    serde_json::from_str(&told).expect("JSON")
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").next().is_none()
}

/// Twenty people, three steps each, two spectators: everything is there, checked, and swept away.
fn a_whole_rehearsal(database: &[&str], name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let usual = [
        "--candidates",
        "20",
        "--steps",
        "3",
        "--format",
        "json",
        "--data",
        data,
    ];
    let report = read(&[&usual, database].concat());
    assert_eq!(report["database"], name);
    assert_eq!((&report["errors"], &report["lost"]), (&0.into(), &0.into()));
    for (name, requests) in [
        ("sign_in", 40),
        ("start", 20),
        ("page", 20),
        ("steps", 60),
        ("hand_in", 20),
        ("outcome", 20),
        ("board", 20),
    ] {
        let phase = phase(&report, name);
        assert_eq!(phase["requests"], requests, "{phase}");
        assert!(
            phase["bytes_down"].as_u64() > Some(requests * 100),
            "{phase}"
        );
        assert!(
            phase["p50_ms"].as_f64() <= phase["max_ms"].as_f64(),
            "{phase}"
        );
    }
    let spectators = &report["spectators"];
    assert_eq!(
        (&spectators["watching"], &spectators["saw_the_last"]),
        (&2.into(), &2.into())
    );
    let checks = report["checks"].as_array().expect("checks");
    let checked = |name: &str| {
        let check = checks
            .iter()
            .find(|check| check["name"].as_str().is_some_and(|n| n.contains(name)));
        check.expect("such a check")["checked"].clone()
    };
    assert_eq!(checked("说已保存的都在库里"), 60);
    assert_eq!(checked("考生看到的成绩"), 20);
    assert_eq!(checked("重新阅卷"), 20);
    // Twenty people and two villages.
    assert_eq!(checked("看到的成绩榜"), 22);
    for check in checks {
        assert_eq!(
            (&check["off"], &check["unchecked"]),
            (&0.into(), &Value::Null),
            "{check}"
        );
    }
    assert!(
        report["words"][0]
            .as_str()
            .is_some_and(|words| words.contains("20 人同一刻开考"))
    );
    assert!(is_empty(folder.path()));
}

#[test]
fn on_a_file() {
    a_whole_rehearsal(&[], "sqlite");
}

#[tokio::test]
async fn on_postgres_beside_other_data() {
    let schema = postgres::schema().await;
    let other_data = Township::on(schema.url()).await;
    a_whole_rehearsal(&["--database", schema.url()], "postgres");
    // Its own schema is gone, and what was there before is as it was.
    let left = match &mut other_data.app.store.read().await.expect("a snapshot") {
        Tx::Postgres(tx) => {
            let sql = r"SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'rehearsal\_%'";
            let left = sqlx::query_scalar::<_, String>(sql)
                .fetch_all(&mut **tx)
                .await;
            left.expect("PostgreSQL lists its schemas")
        }
        Tx::Sqlite(_) => unreachable!("it is a PostgreSQL"),
    };
    assert_eq!(left, [""; 0]);
    assert!(other_data.app.rounds().await.expect("rounds").is_empty());
    other_data.app.store.close().await;
}

/// A server elsewhere, with an ordinary round or one made to rehearse.
async fn a_server(
    rehearsal: Rehearsal,
) -> (Township, String, tempfile::TempDir, watch::Sender<bool>) {
    let town = Township::sqlite().await;
    let mut draft = town.draft("", "全镇笔试");
    draft.closes_at_ms += HOUR_MS;
    draft.rules.rehearsal = rehearsal == Rehearsal::Yes;
    draft.rules.release = Release::HandIn;
    let round = town.app.create_round("test", draft).await.expect("a round");
    town.app
        .seal_round("test", &round.id)
        .await
        .expect("sealed");
    let folder = tempfile::tempdir().expect("a folder");
    let tickets = town.app.issue_tickets("test", "").await.expect("tickets");
    let text = serde_json::to_string(&tickets).expect("JSON");
    fs::write(folder.path().join("tickets.json"), text).expect("a file");
    let listener = server::listen("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = watch::channel(false);
    drop(town.app.run(vec![], &stopped));
    let router = server::router(town.app.clone(), Demonstration::No);
    tokio::spawn(server::serve(listener, router, stopped));
    (town, url, folder, stop)
}

#[derive(PartialEq, Eq)]
enum Rehearsal {
    Yes,
    No,
}

#[tokio::test(flavor = "multi_thread")]
async fn elsewhere_through_its_pages_alone() {
    let (town, url, folder, _stop) = a_server(Rehearsal::Yes).await;
    let tickets = folder.path().join("tickets.json").display().to_string();
    let arguments = [
        "--candidates",
        "5",
        "--steps",
        "2",
        "--url",
        &url,
        "--tickets",
        &tickets,
        "--format",
        "json",
    ];
    let report = tokio::task::block_in_place(|| read(&arguments));
    assert_eq!(
        (&report["database"], &report["errors"]),
        (&"elsewhere".into(), &0.into())
    );
    let checks = report["checks"].as_array().expect("checks");
    let counts: Vec<(u64, u64)> = checks
        .iter()
        .map(|check| {
            (
                check["checked"].as_u64().expect("a count"),
                check["off"].as_u64().expect("a count"),
            )
        })
        .collect();
    assert_eq!(counts, [(5, 0), (10, 0), (1, 0), (0, 0)]);
    // What could not be seen from outside is said.
    assert!(
        checks[3]["unchecked"]
            .as_str()
            .is_some_and(|why| why.contains("verify"))
    );
    assert_eq!(report["server"]["cpu_seconds_per_attempt"], Value::Null);
    // The round says what it is wherever its name stands.
    let page = town.get(&town.session("李建国").await, "/").await;
    assert!(page.body.contains("全镇笔试（演练）"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_in_earnest_is_never_touched() {
    let (town, url, folder, _stop) = a_server(Rehearsal::No).await;
    let tickets = folder.path().join("tickets.json").display().to_string();
    let arguments = ["--candidates", "5", "--url", &url, "--tickets", &tickets];
    let (code, _, said) = tokio::task::block_in_place(|| rehearse(&arguments));
    assert_eq!(code, Some(1));
    assert!(said.contains("没有正在进行的演练场次"), "{said}");
    let rounds = town.app.rounds().await.expect("rounds");
    let standings = town
        .app
        .compute_standings(&rounds[0].id)
        .await
        .expect("a board");
    assert!(standings.states.is_empty());
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("few.json"), r#"[{"link": "http://kq.test/t/abc"}]"#).expect("a file");
    fs::write(path("none.json"), "[1]").expect("a file");
    let said = |arguments: &[&str]| {
        let (code, _, said) = rehearse(&[&["--candidates", "2"], arguments].concat());
        assert_eq!(code, Some(1), "{said}");
        said
    };
    assert!(said(&["--database", "sqlite:x.db"]).contains("SQLite 用临时文件"));
    assert!(
        said(&["--url", "https://kq.test", "--tickets", &path("few.json")])
            .contains("http://主机:端口")
    );
    assert!(
        said(&[
            "--url",
            "http://127.0.0.1:9",
            "--tickets",
            &path("few.json")
        ])
        .contains("只有 1 张")
    );
    assert!(
        said(&[
            "--url",
            "http://127.0.0.1:9",
            "--tickets",
            &path("none.json")
        ])
        .contains("读不懂")
    );
    assert_eq!(rehearse(&["--candidates", "0"]).0, Some(2));
    assert_eq!(
        rehearse(&["--candidates", "2", "--url", "http://127.0.0.1:9"]).0,
        Some(2)
    );
}
