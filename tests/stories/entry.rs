//! Who may start, when, and how often.

use std::collections::HashMap;

use serde_json::{Value, json};
use yikouqing::{
    bank::question::QuestionId,
    contest::{counting::Counts, round::State},
};

use crate::{
    stage::{HOUR_MS, MINUTE_MS, Stage, cadre::Cadre},
    stories,
};

stories! {
    before_the_bell_and_after_the_window_nobody_starts,
    only_entrants_may_start,
    somebody_who_came_after_the_seal_is_not_an_entrant,
    attempts_are_used_up,
    attempts_of_a_day_are_used_up_until_midnight_in_china,
    a_second_attempt_asks_what_was_not_seen_yet,
    nobody_signed_in_gets_in_nowhere,
}

async fn before_the_bell_and_after_the_window_nobody_starts(stage: Stage) {
    let round = stage
        .round(|draft| draft.opens_at_ms += 30 * MINUTE_MS)
        .await;
    let li = stage.cadre("李建国").await;
    assert_eq!(
        li.get("/api/v1/rounds").await.json()[0]["state"],
        "upcoming"
    );
    let detail = li.try_start(&round).await.problem(409, "round-not-open");
    assert!(detail.contains("3月2日10:30"), "{detail}");
    stage.clock.advance(30 * MINUTE_MS - 1);
    li.try_start(&round).await.problem(409, "round-not-open");
    stage.clock.advance(1);
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["state"], "open");
    li.start(&round).await;
    stage.clock.advance(90 * MINUTE_MS);
    let wang = stage.cadre("王秀兰").await;
    wang.try_start(&round).await.problem(409, "round-not-open");
    assert_eq!(
        wang.get("/api/v1/rounds").await.json()[0]["state"],
        "closed"
    );
    let nowhere = wang
        .post("/api/v1/rounds/nowhere/attempts", &Value::Null)
        .await;
    nowhere.problem(404, "not-found");
}

async fn only_entrants_may_start(stage: Stage) {
    let round = stage.round(|draft| draft.unit = "桃源村".into()).await;
    let li = stage.cadre("李建国").await;
    assert!(li.start(&round).await.fresh);
    let sun = stage.cadre("孙德明").await;
    sun.try_start(&round).await.problem(403, "not-entitled");
    assert_eq!(sun.get("/api/v1/rounds").await.json(), json!([]));
    sun.get(&format!("/rounds/{}/start", round.id))
        .await
        .page(404);
    sun.get(&format!("/api/v1/rounds/{}/board", round.id))
        .await
        .problem(404, "not-found");
    // A draft is nobody's business yet.
    let draft = stage
        .app
        .create_round("story", stage.draft(round.rules.clone()))
        .await
        .expect("a draft");
    assert_eq!(draft.state, State::Draft);
    li.try_start(&draft).await.problem(404, "not-found");
    assert_eq!(
        li.get("/api/v1/rounds")
            .await
            .json()
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

async fn somebody_who_came_after_the_seal_is_not_an_entrant(mut stage: Stage) {
    let round = stage.round(|_| {}).await;
    let sheet = format!(
        "{}钱新来,桃源村,文书,13900000099\n",
        crate::stage::ROSTER.replace("李建国,桃源村,村书记", "李建国,桃源村,文书")
    );
    assert_eq!(stage.import(&sheet).await.faults, vec![]);
    stage.issue_tickets().await;
    let newcomer = stage.cadre("钱新来").await;
    newcomer
        .try_start(&round)
        .await
        .problem(403, "not-entitled");
    // Whose post changed since competes where the seal found them.
    let li = stage.cadre("李建国").await;
    li.sit(&stage, &round, 8).await;
    stage
        .app
        .close_round("story", &round.id)
        .await
        .expect("the close");
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(board["standings"][0]["name"], "李建国");
    assert_eq!(board["entrants"], 10);
    let next = stage.round(|_| {}).await;
    assert!(newcomer.start(&next).await.fresh);
}

async fn attempts_are_used_up(stage: Stage) {
    let round = stage
        .round(|draft| {
            draft.rules.attempts = 2;
            draft.rules.counts = Counts::Last;
        })
        .await;
    let li = stage.cadre("李建国").await;
    let first = li.sit(&stage, &round, 8).await;
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["attempts_left"], 1);
    let second = li.sit(&stage, &round, 1).await;
    assert_ne!(first.attempt, second.attempt);
    li.try_start(&round).await.problem(409, "attempts-used-up");
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["attempts_left"], 0);
    stage
        .app
        .close_round("story", &round.id)
        .await
        .expect("the close");
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(
        board["standings"][0]["points"],
        json!(2),
        "the last one counts"
    );
}

async fn attempts_of_a_day_are_used_up_until_midnight_in_china(stage: Stage) {
    let round = stage
        .round(|draft| {
            draft.rules.attempts = 5;
            draft.rules.attempts_per_day = Some(1);
            draft.closes_at_ms += 72 * HOUR_MS;
        })
        .await;
    let li = stage.cadre("李建国").await;
    li.sit(&stage, &round, 0).await;
    let detail = li.try_start(&round).await.problem(409, "attempts-used-up");
    assert!(detail.contains("明天"), "{detail}");
    stage.clock.advance(14 * HOUR_MS - 1);
    li.try_start(&round).await.problem(409, "attempts-used-up");
    stage.clock.advance(1);
    assert!(li.start(&round).await.fresh);
}

async fn a_second_attempt_asks_what_was_not_seen_yet(stage: Stage) {
    let round = stage.round(|draft| draft.rules.attempts = 2).await;
    let li = stage.cadre("李建国").await;
    let stems = |sitting: &crate::stage::cadre::Sitting| -> Vec<String> {
        let stem = |each: &Value| each["stem_html"].as_str().unwrap_or_default().to_owned();
        sitting.questions().iter().map(stem).collect()
    };
    let first = stems(&li.sit(&stage, &round, 0).await);
    // As if everybody else had been asked the others many times: what somebody has seen weighs more than even use.
    let hall = stage.app.hall(&round.id).await.expect("the round");
    let turn = |used: &mut HashMap<QuestionId, u32>| {
        for question in &hall.publication.bank.questions {
            let count = used.entry(question.id.clone()).or_insert(0);
            *count = if *count == 0 { 9 } else { 0 };
        }
    };
    stage.app.with_used(&hall, turn).await.expect("counts");
    let second = stems(&li.start(&round).await);
    let again = second.iter().filter(|stem| first.contains(stem)).count();
    assert_eq!(again, 0, "the bank has twice as many of every kind");
}

async fn nobody_signed_in_gets_in_nowhere(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let nobody = Cadre::nobody(&stage.door);
    let sitting = stage.cadre("李建国").await.start(&round).await;
    nobody
        .get("/api/v1/rounds")
        .await
        .problem(401, "not-signed-in");
    nobody.try_start(&round).await.problem(401, "not-signed-in");
    nobody
        .send_steps(&sitting, &[])
        .await
        .problem(401, "not-signed-in");
    nobody
        .submit(&sitting, &json!({}))
        .await
        .problem(401, "not-signed-in");
    nobody
        .get(&format!("/api/v1/rounds/{}/board", round.id))
        .await
        .problem(401, "not-signed-in");
    let pages = [
        "/",
        "/rounds",
        "/rounds/new",
        "/roster",
        "/bank",
        "/bank/topics/救助政策",
    ];
    for page in pages {
        nobody
            .get(&page.replace("救助政策", "%E6%95%91"))
            .await
            .page(401);
    }
    nobody
        .get(&format!("/attempts/{}", sitting.attempt))
        .await
        .page(401);
    nobody
        .get(&format!("/rounds/{}/start", round.id))
        .await
        .page(401);
    // A cadre has no business at the desks either.
    let wang = stage.cadre("王秀兰").await;
    for page in ["/rounds", "/rounds/new", "/roster", "/bank"] {
        wang.get(page).await.page(403);
    }
    for action in ["seal", "close", "announce", "pause", "resume", "extend"] {
        wang.form(&format!("/rounds/{}/{action}", round.id), "")
            .await
            .page(403);
    }
    wang.form("/roster/tickets", "").await.page(403);
    let organizer = stage.cadre("周敏").await;
    organizer.get("/bank").await.page(403);
    stage.cadre("何静").await.get("/rounds").await.page(403);
}
