//! The live board: by division and by unit, shared ranks, and why.

use serde_json::{Value, json};
use yikouqing::{
    app::organizer::Hold,
    contest::round::{Audience, Release},
};

use crate::{
    stage::{ACTOR, Stage, cadre::Cadre},
    stories,
};

stories! {
    people_rank_within_their_division_and_equal_points_share_a_rank,
    units_count_everybody_who_was_to_come,
    a_board_held_back_is_held_for_everybody_but_the_organizer,
    the_public_sees_a_public_board_only,
    leaders_rank_among_themselves,
    the_board_moves_with_the_hand_ins,
    what_the_form_declares_is_what_the_board_does,
}

fn rows<'a>(board: &'a Value, keys: &[&str]) -> Vec<Vec<&'a Value>> {
    let standings = board["standings"].as_array().expect("standings");
    standings
        .iter()
        .map(|row| keys.iter().map(|key| &row[*key]).collect())
        .collect()
}

async fn people_rank_within_their_division_and_equal_points_share_a_rank(stage: Stage) {
    let round = stage.round(|_| {}).await;
    for (name, right) in [
        ("王秀兰", 8),
        ("张国庆", 3),
        ("刘桂香", 3),
        ("吴玉珍", 1),
        ("李建国", 0),
    ] {
        stage.cadre(name).await.sit(&stage, &round, right).await;
    }
    stage.take_in(&round).await;
    let wang = stage.cadre("王秀兰").await;
    let board = wang.board(&round, "division=村两委组").await;
    let mut told = rows(&board, &["rank", "points", "mine"]);
    assert_eq!(told.remove(0), [&json!(1), &json!(18), &json!(true)]);
    assert_eq!(
        told,
        [
            [&json!(2), &json!(6), &json!(false)],
            [&json!(2), &json!(6), &json!(false)],
            [&json!(4), &json!(2), &json!(false)],
        ]
    );
    for row in board["standings"].as_array().expect("standings") {
        assert!(!row["why"].as_array().expect("why").is_empty(), "{row}");
    }
    let shared = board["standings"][1]["why"][0].as_str().expect("a reason");
    assert!(shared.contains('同') || shared.contains("并列"), "{shared}");
    assert_eq!(board["handed_in"], 5);
    let all = wang.board(&round, "").await;
    assert_eq!(
        rows(&all, &["name"]).len(),
        5,
        "every division that may be seen"
    );
    let absent = all["standings"]
        .as_array()
        .expect("standings")
        .iter()
        .any(|row| row["name"] == "陈永福");
    assert!(!absent, "who has not sat has no row");
    wang.get(&format!(
        "/api/v1/rounds/{}/board?division=nobody",
        round.id
    ))
    .await
    .problem(404, "not-found");
    wang.get(&format!("/api/v1/rounds/{}/board?of=cats", round.id))
        .await
        .problem(400, "bad-request");
    wang.get("/api/v1/rounds/nowhere/board")
        .await
        .problem(404, "not-found");
}

async fn units_count_everybody_who_was_to_come(stage: Stage) {
    let round = stage.round(|_| {}).await;
    for name in ["李建国", "王秀兰"] {
        stage.cadre(name).await.sit(&stage, &round, 8).await;
    }
    stage.cadre("孙德明").await.sit(&stage, &round, 8).await;
    stage.take_in(&round).await;
    let board = stage.cadre("李建国").await.board(&round, "of=units").await;
    let told = rows(&board, &["name", "rank", "points", "sat", "entrants"]);
    let row = |name: &str| {
        told.iter()
            .find(|row| row[0] == name)
            .expect("the unit")
            .clone()
    };
    assert_eq!(
        row("桃源村")[1..],
        [&json!(1), &json!(7.2), &json!(2), &json!(5)],
        "36 points over five"
    );
    assert_eq!(
        row("石桥村")[1..],
        [&Value::Null, &json!(9), &json!(1), &json!(2)],
        "too few to be ranked"
    );
    for row in board["standings"].as_array().expect("standings") {
        assert!(!row["why"].as_array().expect("why").is_empty(), "{row}");
    }
    let page = stage
        .cadre("李建国")
        .await
        .get(&format!("/rounds/{}/board?of=units", round.id))
        .await;
    assert!(page.expect(200).text.contains("桃源村"));
}

async fn a_board_held_back_is_held_for_everybody_but_the_organizer(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let (li, organizer) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    li.sit(&stage, &round, 8).await;
    stage
        .app
        .hold_board(ACTOR, &round.id, Hold::Back)
        .await
        .expect("held");
    stage.tick().await;
    for query in ["", "of=units"] {
        let board = li.board(&round, query).await;
        assert_eq!(
            (&board["live"], &board["standings"]),
            (&json!("held"), &json!([]))
        );
    }
    let page = li
        .get(&format!("/rounds/{}/board", round.id))
        .await
        .expect(200);
    assert!(!page.text.contains("李建国"));
    assert_eq!(
        organizer.board(&round, "").await["standings"][0]["name"],
        "李建国"
    );
    let hall = organizer
        .get(&format!("/rounds/{}/projector", round.id))
        .await
        .expect(200);
    assert!(
        !hall.text.contains("李建国"),
        "a projector is not the organizer's own eyes"
    );
    stage
        .app
        .hold_board(ACTOR, &round.id, Hold::Reveal)
        .await
        .expect("revealed");
    stage.tick().await;
    assert_eq!(li.board(&round, "").await["standings"][0]["name"], "李建国");
}

async fn the_public_sees_a_public_board_only(stage: Stage) {
    let declare = |audience| {
        move |draft: &mut yikouqing::app::organizer::Draft| {
            draft.rules.audience = audience;
            draft.rules.release = Release::HandIn;
        }
    };
    let open = stage.round(declare(Audience::Public)).await;
    let closed = stage.round(declare(Audience::Entrants)).await;
    stage.cadre("李建国").await.sit(&stage, &open, 8).await;
    let nobody = Cadre::nobody(&stage.door);
    let board = nobody.board(&open, "").await;
    assert_eq!(board["standings"][0]["name"], "李建国");
    assert!(board["masking"].is_string());
    nobody
        .get(&format!("/rounds/{}/board", open.id))
        .await
        .expect(200);
    nobody
        .get(&format!("/rounds/{}/board", closed.id))
        .await
        .page(401);
    for path in ["board", "board/events"] {
        let reply = nobody
            .get(&format!("/api/v1/rounds/{}/{path}", closed.id))
            .await;
        reply.problem(401, "not-signed-in");
    }
}

async fn leaders_rank_among_themselves(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let (leader, li) = (stage.cadre("赵镇长").await, stage.cadre("李建国").await);
    leader.sit(&stage, &round, 8).await;
    let own = leader.board(&round, "division=镇领导组").await;
    assert_eq!(own["standings"][0]["name"], "赵镇长");
    let board = li.board(&round, "").await;
    assert!(!board.to_string().contains("赵镇长") && !board.to_string().contains("镇领导组"));
    li.get(&format!(
        "/api/v1/rounds/{}/board?division=镇领导组",
        round.id
    ))
    .await
    .problem(404, "not-found");
}

async fn the_board_moves_with_the_hand_ins(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let li = stage.cadre("李建国").await;
    let mut followed = stage
        .app
        .follow_standings(&round.id)
        .await
        .expect("a board");
    assert_eq!(followed.borrow_and_update().handed_in, 0);
    li.sit(&stage, &round, 8).await;
    stage.tick().await;
    assert!(followed.has_changed().expect("it lives"));
    assert_eq!(followed.borrow_and_update().handed_in, 1);
    assert_eq!(
        li.board(&round, "").await["standings"][0]["points"],
        json!(18)
    );
    // Another copy of the program over the same database hears of it by the version row.
    let other = stage.another_app().await;
    let mut there = other.follow_standings(&round.id).await.expect("a board");
    assert_eq!(there.borrow_and_update().handed_in, 1);
    other.poll_versions().await.expect("a poll");
    other.refresh_boards().await.expect("the boards");
    there.borrow_and_update();
    stage.cadre("王秀兰").await.sit(&stage, &round, 8).await;
    other.poll_versions().await.expect("a poll");
    other.refresh_boards().await.expect("the boards");
    assert_eq!(there.borrow_and_update().handed_in, 2);
    other.store.close().await;
}

async fn what_the_form_declares_is_what_the_board_does(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let form = "name=甲&blueprint=小卷&tier=village&attempts=2&release=handin&showing=after-close&audience=public\
        &ties=time&unit_rule=top&unit_top=1&unit_min=2&opens=2026-03-02T10:00&closes=2026-03-02T12:00&unit=";
    let made = organizer.form("/rounds", form).await.expect(303);
    let page = made.header("location").to_owned();
    let told = organizer.get(&page).await.expect(200).text;
    for rule in [
        "同分看用时",
        "前 1 名均分",
        "参赛 2 人以上的单位",
        "所有人看，收卷后",
    ] {
        assert!(told.contains(rule), "{rule}: {told}");
    }
    organizer
        .form(&format!("{page}/seal"), "")
        .await
        .expect(303);
    let round = page.trim_start_matches("/rounds/");
    let round = stage.app.round(round).await.expect("the round");
    let (wang, zhang) = (stage.cadre("王秀兰").await, stage.cadre("张国庆").await);
    let slow = wang.start(&round).await;
    zhang.sit(&stage, &round, 8).await;
    stage.clock.advance(12_000);
    let answers = stage.right_answers(&slow).await;
    let steps: Vec<Value> = (1..)
        .zip(&answers)
        .map(|(number, answer)| slow.step(number, number, answer))
        .collect();
    wang.submit(&slow, &json!({ "steps": steps }))
        .await
        .expect(200);
    stage.tick().await;
    // Points may be seen at the hand-in; the board waits all the same.
    assert_eq!(wang.outcome(&slow).await["points"], json!(18));
    let board = wang.board(&round, "division=村两委组").await;
    assert_eq!(
        (&board["live"], &board["standings"]),
        (&json!("waiting"), &json!([]))
    );
    stage.take_in(&round).await;
    stage.tick().await;
    let board = Cadre::nobody(&stage.door)
        .board(&round, "division=村两委组")
        .await;
    let told = rows(&board, &["rank", "name"]);
    assert_eq!(
        told,
        [[&json!(1), &json!("张国庆")], [&json!(2), &json!("王秀兰")]]
    );
    let why = board["standings"][1]["why"][0].as_str().unwrap_or_default();
    assert!(why.contains("用时多 12 秒"), "{why}");
    let units = wang.board(&round, "of=units").await;
    assert_eq!(
        rows(&units, &["name", "points"])[0],
        [&json!("桃源村"), &json!(18)]
    );
}
