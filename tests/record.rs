//! What a round leaves behind: its log, its export, what a stranger can check of it, what a purge takes away, and the
//! backups of all of it. Everything that touches SQL runs on both databases.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "support/mod.rs"]
mod support;
#[path = "record/backups.rs"]
mod backups;
#[path = "record/tamper.rs"]
mod tamper;
#[path = "record/township.rs"]
mod township;

use calamine::Reader;
use serde_json::json;
use yikouqing::{
    app::{archivist::Purge, auditor, organizer::Hold, recorder::Question, registrar::SignedIn},
    contest::round::Papers,
    error::Error,
    exchange::{
        board_table,
        round_file::{People, RoundFile},
    },
    people::Role,
    store::people,
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
                group: String::new(),
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
