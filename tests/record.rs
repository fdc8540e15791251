//! What a round leaves behind: its log, its export, what a stranger can check of it, what a purge takes away, and the
//! backups of all of it. Everything that touches SQL runs on both databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "support/mod.rs"]
mod support;
#[path = "record/township.rs"]
mod township;

use std::path::Path;

use calamine::Reader;
use proptest::prelude::{Strategy, prop_assert, prop_assume, proptest};
use serde_json::{Value, json};
use yikouqing::{
    app::{
        App, archivist::Purge, auditor, organizer::Hold, recorder::Question, registrar::SignedIn,
    },
    clock::Clock,
    contest::round::Papers,
    error::Error,
    exchange::{
        board_table,
        round_file::{People, RoundFile},
    },
    people::Role,
    store::{
        Store,
        backup::{self, Replace},
        people,
    },
};

use township::{Township, steps_of};

/// Runs a story on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($name:ident) => {
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                let folder = tempfile::tempdir().expect("a folder");
                let url = format!("sqlite:{}", folder.path().join("test.db").display());
                super::stories::$name(&url).await;
            }

            #[tokio::test]
            async fn postgres() {
                let schema = super::support::postgres::schema().await;
                super::stories::$name(&schema).await;
            }
        }
    };
}

on_both!(an_exported_round_verifies);
on_both!(one_paper_in_different_orders_verifies);
on_both!(nothing_is_exported_early_and_the_secret_waits_for_release);
on_both!(a_purge_waits_for_an_export_and_takes_names_phones_and_words);
on_both!(people_another_round_needs_keep_their_names);
on_both!(an_organizer_reads_the_acts_of_the_own_units);

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.detail,
        other => panic!("should have been refused: {other:?}"),
    }
}

fn reread(file: &RoundFile) -> RoundFile {
    let mut bytes = Vec::new();
    file.write(&mut bytes).expect("it writes");
    RoundFile::read(&bytes).expect("it reads")
}

mod stories {
    use super::*;

    pub(super) async fn an_exported_round_verifies(url: &str) {
        let town = Township::open(url).await;
        let round = town.contest("笔试", Papers::Each).await;
        let file = town.app.export_round("x", &round, People::Named).await;
        let file = reread(&file.expect("it exports"));
        let audit = auditor::verify(&file);
        assert_eq!(audit.deviations, Vec::<String>::new());
        assert!(audit.checks.iter().all(|check| check.unchecked.is_none()));
        let checked = |name: &str| {
            audit
                .checks
                .iter()
                .find(|c| c.name == name)
                .unwrap()
                .checked
        };
        assert_eq!(checked("试卷重抽"), file.attempts.len());
        assert_eq!(checked("重新阅卷"), file.attempts.len());
        assert!(file.attempts.len() > town.people.len() - 2);
        // What the file calls the board is what the program shows.
        let shown = town.app.standings(&round).await.expect("a board");
        assert_eq!(file.board.people, shown.people);
        assert_eq!(file.board.units, shown.units);

        let masked = town.app.export_round("x", &round, People::Masked).await;
        let masked = masked.expect("it exports");
        let text = serde_json::to_string(&masked).unwrap();
        for (id, name) in &town.people {
            assert!(!text.contains(id.as_str()) && !text.contains(name.as_str()));
        }
        let audit = auditor::verify(&reread(&masked));
        assert_eq!(audit.deviations, Vec::<String>::new());
        let unchecked: Vec<_> = audit
            .checks
            .iter()
            .filter(|c| c.unchecked.is_some())
            .collect();
        assert_eq!(
            unchecked.len(),
            1,
            "only the way from the secret to the seeds"
        );
    }

    pub(super) async fn one_paper_in_different_orders_verifies(url: &str) {
        let town = Township::open(url).await;
        let round = town.contest("同卷", Papers::Same).await;
        let file = town.app.export_round("x", &round, People::Named).await;
        let mut file = reread(&file.expect("it exports"));
        assert_eq!(auditor::verify(&file).deviations, Vec::<String>::new());
        file.attempts[0].paper.questions.swap(0, 1);
        assert!(!auditor::verify(&file).holds());
    }

    pub(super) async fn nothing_is_exported_early_and_the_secret_waits_for_release(url: &str) {
        let town = Township::open(url).await;
        let round = town.open_round("笔试", Papers::Each, |rules| {
            rules.release = yikouqing::contest::round::Release::Hand;
        });
        let round = round.await;
        let early = town.app.export_round("x", &round, People::Named).await;
        assert!(refusal(early).contains("还没有收卷"));
        town.sit(&round, 0).await;
        town.app.close_round("x", &round).await.unwrap();
        let file = town
            .app
            .export_round("x", &round, People::Named)
            .await
            .unwrap();
        assert_eq!(file.seal.secret, None);
        let audit = auditor::verify(&file);
        assert!(audit.holds(), "{:?}", audit.deviations);
        assert!(
            audit.checks[0]
                .unchecked
                .is_some_and(|why| why.contains("没有公布"))
        );
        town.app.announce_round("x", &round).await.unwrap();
        let file = town
            .app
            .export_round("x", &round, People::Named)
            .await
            .unwrap();
        assert!(file.seal.secret.is_some() && auditor::verify(&file).holds());
    }

    pub(super) async fn a_purge_waits_for_an_export_and_takes_names_phones_and_words(url: &str) {
        let town = Township::open(url).await;
        let round = town.contest("笔试", Papers::Each).await;
        let purge = async || town.app.purge_round("x", &round, Purge::ForReal).await;
        assert!(refusal(purge().await).contains("还没有公布"));
        town.app.announce_round("x", &round).await.unwrap();
        assert!(refusal(purge().await).contains("还没有导出"));
        town.app
            .export_round("x", &round, People::Named)
            .await
            .unwrap();
        town.clock.advance(1_000);
        town.app.hold_board("x", &round, Hold::Back).await.unwrap();
        assert!(refusal(purge().await).contains("重新导出"));
        town.app
            .export_round("x", &round, People::Named)
            .await
            .unwrap();
        let (organizer, _) = &town.people[0];
        town.app
            .grant("x", organizer, Role::Organizer, "")
            .await
            .unwrap();

        let dry = town
            .app
            .purge_round("x", &round, Purge::DryRun)
            .await
            .unwrap();
        let purged = purge().await.unwrap();
        assert_eq!(dry, purged);
        assert_eq!(purged.entrants, town.people.len());
        assert_eq!(
            purged.persons,
            town.people.len() - 1,
            "who holds a grant stays"
        );
        assert!(purged.steps > 0);
        assert!(refusal(purge().await).contains("已经清除"));
        let again = town.app.export_round("x", &round, People::Named).await;
        assert!(refusal(again).contains("已经清除"));

        let (_, persons) = town.app.people().await.unwrap();
        assert_eq!(persons.len(), 1);
        assert_eq!(&persons[0].id, organizer);
        let board = town.app.compute_standings(&round).await.unwrap();
        let rows: Vec<_> = board.people.values().flatten().collect();
        assert_eq!(rows.len(), town.people.len());
        assert!(rows.iter().all(|row| row.row.name.starts_with("参赛人 ")));
        assert!(rows.iter().any(|row| row.rank == Some(1)), "points stay");
        let said = steps_of(&town.app, &round).await;
        assert!(said.iter().all(|text| !text.contains(township::SAID)));
    }

    pub(super) async fn people_another_round_needs_keep_their_names(url: &str) {
        let town = Township::open(url).await;
        let first = town.contest("第一场", Papers::Each).await;
        let second = town.contest("第二场", Papers::Each).await;
        for round in [&first, &second] {
            town.app.announce_round("x", round).await.unwrap();
            town.app
                .export_round("x", round, People::Named)
                .await
                .unwrap();
        }
        let purged = town
            .app
            .purge_round("x", &first, Purge::ForReal)
            .await
            .unwrap();
        assert_eq!(purged.persons, 0);
        assert_eq!(town.app.people().await.unwrap().1.len(), town.people.len());
        let due = town.app.rounds_to_purge(i64::MAX).await.unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].id, second);
        let purged = town
            .app
            .purge_round("x", &second, Purge::ForReal)
            .await
            .unwrap();
        assert_eq!(purged.persons, town.people.len());
    }

    pub(super) async fn an_organizer_reads_the_acts_of_the_own_units(url: &str) {
        let town = Township::open(url).await;
        let whole = town.contest("镇内赛", Papers::Each).await;
        let own = town.open_round("村内比", Papers::Each, |_| {}).await;
        let (township, village) = (&town.units[0].0, &town.units[1].0);
        let organizer = async |unit: &str, who: usize| {
            let id = &town.people[who].0;
            town.app
                .grant("x", id, Role::Organizer, unit)
                .await
                .unwrap();
            let mut tx = town.app.store.read().await.unwrap();
            let person = people::find_person(&mut tx, id).await.unwrap();
            let units = people::units(&mut tx).await.unwrap();
            SignedIn {
                unit: units
                    .into_iter()
                    .find(|each| each.id == person.unit_id)
                    .unwrap(),
                grants: people::grants_of(&mut tx, id).await.unwrap(),
                person,
            }
        };
        let top = organizer(township, 0).await;
        let low = organizer(village, 1).await;
        let read = async |who: &SignedIn, question: Question| {
            town.app.log_for(who, &question).await.unwrap()
        };
        let all = read(&top, Question::default()).await;
        let times: Vec<i64> = all.entries.iter().map(|entry| entry.at_ms).collect();
        assert!(
            times.windows(2).all(|pair| pair[0] >= pair[1]),
            "newest first"
        );
        for wanted in ["seal-round", "publish-bank", "close-round", "grant"] {
            assert!(
                all.entries.iter().any(|entry| entry.act == wanted),
                "{wanted}"
            );
        }
        let seals = Question {
            act: Some("seal-round".into()),
            ..Question::default()
        };
        let sealed = read(&top, seals.clone()).await.entries;
        assert_eq!(sealed.len(), 2);
        assert!(sealed.iter().any(|entry| entry.subject == whole));
        let seen = read(&low, seals).await.entries;
        assert!(
            seen.is_empty(),
            "both rounds are the township's: {seen:?} {own}"
        );
        let seen = read(&low, Question::default()).await.entries;
        assert_eq!(
            seen.len(),
            1,
            "the grant of somebody of the own village: {seen:?}"
        );

        // Pages follow on one another without a gap or a double.
        for count in 0..120 {
            let detail = json!({ "count": count });
            town.app
                .note_look("program", "look-at-keys", &whole, detail)
                .await
                .unwrap();
        }
        let mut question = Question {
            act: Some("look-at-keys".into()),
            ..Question::default()
        };
        let mut found = Vec::new();
        loop {
            let page = read(&top, question.clone()).await;
            question.before = page.entries.last().map(|entry| entry.id.clone());
            found.extend(page.entries.iter().map(|entry| entry.id.clone()));
            if !page.more {
                break;
            }
        }
        assert_eq!(found.len(), 120);
        found.dedup();
        assert_eq!(found.len(), 120);
    }
}

/// Leaves of the file that nothing in it can vouch for: when and with what it was written, what only the clock needed.
const FREE: [&str; 15] = [
    // Sealed to the second.
    "/round/limit_ms",
    "/exported_at",
    "/program",
    "/round/unit",
    "/round/state",
    "/round/closes_at_ms",
    "/round/extension_ms",
    "/round/paused_total_ms",
    "/seal/proof/closes",
    "/seal/proof/sealed_at",
    "/deadline_at_ms",
    "/elapsed_ms",
    "/unit_id",
    "/state",
    // Counts that draw the same paper all the same.
    "/drawn_with/used",
];

fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                leaves(value, &format!("{path}/{}", key.replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}/{place}"), found);
            }
        }
        Value::Null => {}
        _ => found.push(path.to_owned()),
    }
}

fn tampered(leaf: &Value) -> Value {
    match leaf {
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => json!(whole + 1),
            None => json!(number.as_f64().unwrap_or(0.0) + 0.5),
        },
        Value::String(text) => {
            let last = if text.ends_with('0') { "1" } else { "0" };
            let kept: String = text
                .chars()
                .take(text.chars().count().saturating_sub(1))
                .collect();
            json!(kept + last)
        }
        other => other.clone(),
    }
}

fn holds(file: &Value) -> bool {
    let bytes = serde_json::to_vec(file).unwrap();
    RoundFile::read(&bytes).is_ok_and(|file| auditor::verify(&file).holds())
}

#[test]
fn flipping_any_field_that_matters_is_found() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let file = runtime.block_on(async {
        let town = Township::open(&url).await;
        let round = town.contest("笔试", Papers::Each).await;
        town.app
            .export_round("x", &round, People::Named)
            .await
            .unwrap()
    });
    let whole = serde_json::to_value(&file).unwrap();
    assert!(holds(&whole));
    for (path, value) in [
        ("/seal/secret", json!("00".repeat(32))),
        ("/attempts/0/outcome/points", json!(99.5)),
        ("/board/people/村干部组/0/rank", json!(7)),
        ("/board/units/0/rank", json!(7)),
        ("/attempts/0/paper/questions/0/order", json!([1, 0, 2, 3])),
        ("/round/rules/counts", json!("last")),
        ("/round/limit_ms", json!(3_600_000)),
        ("/entrants/0/on_leave", json!(true)),
        ("/attempts/2/state", json!("void")),
        ("/attempts/0/steps", json!([])),
    ] {
        let mut changed = whole.clone();
        *changed
            .pointer_mut(path)
            .unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!holds(&changed), "{path} could be changed");
    }
    let mut fewer = whole.clone();
    fewer["attempts"].as_array_mut().unwrap().pop();
    assert!(!holds(&fewer), "an attempt could be taken out");

    let mut paths = Vec::new();
    leaves(&whole, "", &mut paths);
    paths.retain(|path| {
        let step = path.contains("/steps/") && !path.contains("/answer");
        !step
            && !FREE
                .iter()
                .any(|free| path.ends_with(free) || path.contains(&format!("{free}/")))
            && !path.ends_with("/post")
    });
    // Questions are most of the file; every field of the rest is tried, and some of them.
    let (bank, rest): (Vec<_>, Vec<_>) = paths.into_iter().partition(|p| p.starts_with("/bank/"));
    let changed = |path: &str| {
        let mut changed = whole.clone();
        let leaf = changed.pointer_mut(path).unwrap();
        *leaf = tampered(leaf);
        changed
    };
    for path in rest
        .iter()
        .filter(|path| !path.starts_with("/attempts/") || path.starts_with("/attempts/1/"))
    {
        assert!(!holds(&changed(path)), "{path} could be changed");
    }
    proptest!(|(place in (0..bank.len()).prop_map(|place| place))| {
        let path = &bank[place];
        prop_assume!(!path.ends_with("/place/line") || path.contains("questions"));
        prop_assert!(!holds(&changed(path)), "{} could be changed", path);
    });
}

#[tokio::test]
async fn a_board_file_holds_text_where_a_name_looks_like_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let town = Township::open(&url).await;
    let round = town.contest("笔试", Papers::Each).await;
    let mut file = town
        .app
        .export_round("x", &round, People::Named)
        .await
        .unwrap();
    let standings = file.board.people.values_mut().next().unwrap();
    standings[0].row.name = "=HYPERLINK(\"http://x\")".into();
    let table = board_table::people(&file.board);
    let csv = String::from_utf8(board_table::csv(&table).unwrap()).unwrap();
    assert!(csv.starts_with("\u{feff}组别,名次,姓名"), "{csv}");
    assert!(csv.contains("\"'=HYPERLINK"), "{csv}");
    assert!(csv.contains("缺考"));

    let bytes = board_table::xlsx(&[table, board_table::units(&file.board)]).unwrap();
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["个人", "单位"]);
    let sheet = book.worksheet_range("个人").unwrap();
    let cell = sheet.get_value((1, 2)).unwrap().to_string();
    assert!(cell.starts_with("'="), "{cell}");
    assert_eq!(sheet.height(), town.people.len() + 1);
    assert!(matches!(
        sheet.get_value((1, 4)),
        Some(calamine::Data::Float(_))
    ));
}

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
    let app = App::open(store, Clock::System, String::new())
        .await
        .unwrap();
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
    )
    .await
    .unwrap();
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
    let schema = support::postgres::schema().await;
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
