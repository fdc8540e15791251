//! A database as every earlier program left it, full of rows: today's program upgrades it, shows what was shown, and goes on.

mod aged;

use serde_json::{Value, json};
use tempfile::TempDir;
use yikouqing::{
    app::App,
    contest::round::{Release, Round},
    store::Store,
    web::{server, state::Demonstration},
};

use crate::{
    practice::Right,
    spot_checks::{ask_all, begin, judge, page},
    spot_events::event,
    stage::{
        ACTOR, Database, LIMIT_MS, Stage,
        cadre::{Cadre, Sitting},
        door::Door,
    },
    support::postgres,
    upgrades::aged::{Rows, versions},
};

/// Tables of practice and of spot checks came with these.
const PRACTICE: i64 = 7;
const SPOT_CHECKS: i64 = 8;

/// A township in which everything has happened.
struct Past {
    stage: Stage,
    round: Round,
    /// Open, one step saved.
    sitting: Sitting,
    sits: Cadre,
    /// Since which version, who, and what they look at.
    looks: Vec<(i64, Cadre, String)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_earlier_file_is_upgraded_and_goes_on() {
    let past = Past::lived().await;
    let (rows, shown) = (past.rows().await, past.shown().await);
    for version in versions() {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("old.db").display());
        aged::fill_file(&url, version, &rows).await;
        past.goes_on(&url, version, &shown).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_earlier_schema_is_upgraded_and_goes_on() {
    let past = Past::lived().await;
    let (rows, shown) = (past.rows().await, past.shown().await);
    for version in versions() {
        let schema = postgres::schema().await;
        aged::fill_schema(schema.url(), version, &rows).await;
        past.goes_on(schema.url(), version, &shown).await;
    }
}

impl Past {
    async fn lived() -> Past {
        let stage = Stage::on(Database::Sqlite).await;
        ruled_in_a_round_before(&stage).await;
        let round = stage
            .round(|draft| draft.rules.release = Release::HandIn)
            .await;
        let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
        let his = li.sit(&stage, &round, 8).await;
        let hers = wang.sit(&stage, &round, 3).await;
        let late = hers.step(9, 4, &Value::Null);
        wang.send_steps(&hers, &[late]).await;
        let mut looks = looks_of_the_exam(&stage, &round, [(li, his), (wang, hers)]).await;
        looks.extend(practised(&stage).await);
        looks.extend(examined(&stage).await);
        signed_in_by_every_way(&stage).await;
        let sits = stage.cadre("张国庆").await;
        let sitting = sits.start(&round).await;
        let answers = stage.right_answers(&sitting).await;
        let step = sitting.step(1, 1, &answers[0]);
        sits.send_steps(&sitting, &[step]).await.expect(200);
        stage.tick().await;
        Past {
            stage,
            round,
            sitting,
            sits,
            looks,
        }
    }

    /// Every table's; one without a row would be upgraded unseen.
    async fn rows(&self) -> Rows {
        let rows = aged::rows_of(&self.stage.app.store).await;
        let empty: Vec<&String> = rows
            .iter()
            .filter(|(_, table)| table.rows == "[]")
            .map(|(name, _)| name)
            .collect();
        assert!(empty.is_empty(), "nothing has happened in {empty:?}");
        rows
    }

    /// What everybody sees. Some looks go on record, so they are taken once, in their order, as in each copy later.
    async fn shown(&self) -> Vec<String> {
        let mut shown = Vec::new();
        for (_, cadre, path) in &self.looks {
            shown.push(cadre.get(path).await.expect(200).text);
        }
        shown
    }

    /// Today's program over a database of that version: what it shows, and what it does next.
    async fn goes_on(&self, url: &str, version: i64, shown: &[String]) {
        let store = Store::open(url).await.expect("an upgrade");
        let clock = yikouqing::clock::Clock::fixed(self.stage.clock.now_ms());
        let app = App::open(store, clock.clone(), "http://kq.example".into());
        let door = Door::new(server::router(app.clone(), Demonstration::No));
        let here = |cadre: &Cadre| Cadre {
            door: door.clone(),
            ..cadre.clone()
        };
        for ((since, cadre, path), before) in self.looks.iter().zip(shown) {
            if version >= *since {
                let after = here(cadre).get(path).await.expect(200);
                assert_eq!(after.text, *before, "{path} of version {version}");
            }
        }
        let (sits, sitting) = (here(&self.sits), &self.sitting);
        let step = sitting.step(2, 2, &Value::Null);
        sits.send_steps(sitting, &[step]).await.expect(200);
        clock.advance(LIMIT_MS + 1_000);
        app.close_what_is_over().await.expect("closing");
        let outcome = sits.outcome(sitting).await;
        assert_eq!(outcome["points"], json!(2), "of version {version}");
        let wu = Cadre::sign_in(&door, self.stage.ticket("吴玉珍")).await;
        let fresh = wu.start(&self.round).await;
        wu.submit(&fresh, &json!({})).await.expect(200);
        app.store.close().await;
    }
}

/// An organizer has ruled on an element of a spoken answer.
async fn ruled_in_a_round_before(stage: &Stage) {
    let round = stage.round(|_| {}).await;
    let zhang = stage.cadre("张国庆").await;
    let sitting = zhang.sit(stage, &round, 8).await;
    stage.take_in(&round).await;
    let path = format!("/rounds/{}/attempts/{}/rule", round.id, sitting.attempt);
    let number = sitting.number_of("recall");
    let form = format!("number={number}&element=1&said=no&reason=录音里没有");
    let desk = stage.cadre("周敏").await;
    desk.form(&path, &form).await.expect(303);
}

async fn looks_of_the_exam(
    stage: &Stage,
    round: &Round,
    ended: [(Cadre, Sitting); 2],
) -> Vec<(i64, Cadre, String)> {
    let organizer = stage.cadre("周敏").await;
    // The record names spot events; it comes before the looks that go on it, which share one moment here.
    let mut looks = vec![(SPOT_CHECKS, organizer.clone(), "/record".into())];
    for (cadre, sitting) in ended {
        let attempt = &sitting.attempt;
        for path in [
            format!("/api/v1/attempts/{attempt}"),
            format!("/attempts/{attempt}"),
            "/api/v1/rounds".into(),
            format!("/api/v1/rounds/{}/board", round.id),
        ] {
            looks.push((1, cadre.clone(), path));
        }
        let seen = format!("/rounds/{}/attempts/{attempt}", round.id);
        looks.push((1, organizer.clone(), seen));
    }
    for rest in ["", "/monitor", "/entrants", "/board.csv"] {
        looks.push((1, organizer.clone(), format!("/rounds/{}{rest}", round.id)));
    }
    looks.push((1, organizer, "/roster".into()));
    looks
}

async fn practised(stage: &Stage) -> Vec<(i64, Cadre, String)> {
    let name = "刘桂香";
    let liu = stage.cadre(name).await;
    liu.practise_all(stage, name, "wish=ten", Right::None).await;
    let go = liu.practise("wish=ten").await;
    let view = stage.go(name, &go).await;
    liu.say(&go, 1, &Stage::right_in(&view, 1))
        .await
        .expect(303);
    let favourite = format!("question={}&mark=keep", view.go.paper.questions[0].id.0);
    liu.form("/practice/favourites", &favourite)
        .await
        .expect(303);
    [
        "/practice".into(),
        "/practice/mistakes".into(),
        "/practice/favourites".into(),
        format!("/practice/goes/{go}?q=1"),
        format!("/practice/goes/{go}?q=2"),
    ]
    .map(|path| (PRACTICE, liu.clone(), path))
    .to_vec()
}

async fn examined(stage: &Stage) -> Vec<(i64, Cadre, String)> {
    let event = event(stage).await;
    let (judge, organizer) = (judge(stage, "孙德明", "").await, stage.cadre("周敏").await);
    let desk = begin(stage, &judge, &["陈永福"], Some(&event)).await;
    ask_all(&judge, &desk, 1).await;
    organizer
        .form(&page(&desk, "/enter"), "reason=")
        .await
        .expect(303);
    vec![
        (SPOT_CHECKS, judge.clone(), page(&desk, "/sheet")),
        (SPOT_CHECKS, judge, "/api/v1/spot-checks".into()),
        (SPOT_CHECKS, organizer, format!("/spot-events/{event}")),
    ]
}

/// A code, a password, a link from the chat, the first organizer's link; and what a roster and a bank leave behind.
async fn signed_in_by_every_way(stage: &Stage) {
    let chen = stage.person("陈永福").await;
    let shown = stage.app.show_code(ACTOR, &chen.id).await;
    shown.expect("a code");
    let phone = stage.cadre("何静").await;
    phone
        .form("/me/password", "password=correct-horse-battery")
        .await
        .expect(200);
    phone.form("/practice/offline/link", "").await.expect(200);
    for row in [
        "INSERT INTO setup_links (hash, created_at_ms, used_at_ms) VALUES ('h', 1, 2)",
        "INSERT INTO post_aliases (unit_id, alias, post) SELECT id, '文书', '村文书' FROM units LIMIT 1",
        "INSERT INTO bank_pictures (name, base64) VALUES ('p.png', 'AAAA')",
    ] {
        stage.execute(row).await;
    }
}
