//! Being looked after: a copy that says when it should be left alone, ends well, and keeps one account from the others.

use axum::{
    body::Body,
    http::{Method, Request},
};
use futures::StreamExt;
use serde_json::json;
use tower::ServiceExt;
use yikouqing::{
    app::App,
    clock::Clock,
    store::queue::Steps,
    web::{server, state::Demonstration},
};

use crate::{
    stage::{Database, Stage},
    stories,
};

stories! {
    what_is_accepted_before_the_end_is_on_disk_after_it,
    a_stream_ends_when_the_program_does,
    one_phone_that_runs_wild_waits_and_nobody_else_does,
    events_are_the_same_bytes_for_everybody_and_the_own_row_for_each,
}

/// Only PostgreSQL has a clock of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_whose_clock_is_off_is_not_ready_and_says_why() {
    let stage = Stage::on(Database::Postgres).await;
    let nobody = crate::stage::cadre::Cadre::nobody(&stage.door);
    nobody.get("/readyz").await.expect(200);
    stage.app.measure_clock().await.expect("a measurement");
    let reply = nobody.get("/readyz").await.expect(503);
    assert!(reply.text.contains("时钟"), "{}", reply.text);
    // A copy that goes by this machine's clock, as the database does, is ready.
    let store = stage.app.store.clone();
    let other = App::open(store, Clock::System, String::new());
    other.measure_clock().await.expect("a measurement");
    assert_eq!(other.ready().await, Ok(()));
    assert!(other.clock_offset.ms().is_some(), "it was measured");
}

async fn what_is_accepted_before_the_end_is_on_disk_after_it(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let mut waiting = Vec::new();
    let mut attempts = Vec::new();
    for name in ["李建国", "王秀兰", "张国庆"] {
        let sitting = stage.cadre(name).await.start(&round).await;
        for place in 1..=50 {
            let (queue, at_ms) = (stage.app.queue.clone(), stage.clock.now_ms());
            let steps = Steps {
                attempt_id: sitting.attempt.clone(),
                steps: vec![yikouqing::attempt::steps::Step {
                    seq: sitting.last_seq + place,
                    number: 1,
                    answer: None,
                    elapsed_ms: None,
                    at_ms,
                    late: false,
                }],
                at_ms,
            };
            waiting.push(tokio::spawn(async move { queue.keep(steps).await }));
        }
        attempts.push(sitting);
    }
    stage.app.queue.drain().await;
    let mut acknowledged = 0;
    for one in waiting {
        match one.await.expect("answered") {
            Ok(_) => acknowledged += 1,
            Err(error) => assert!(error.to_string().contains("重试"), "{error}"),
        }
    }
    assert_eq!(stage.count("steps").await, acknowledged);
    let late = stage.cadre("李建国").await;
    let reply = late.send_steps(&attempts[0], &[]).await;
    assert!(!reply.header("retry-after").is_empty());
    reply.problem(503, "busy");
}

async fn a_stream_ends_when_the_program_does(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let path = format!("/api/v1/rounds/{}/board/events", round.id);
    let request = li.request(Method::GET, &path).body(Body::empty());
    let router = server::router(stage.app.clone(), Demonstration::No);
    let response = router.oneshot(request.expect("a request")).await;
    let mut events = response
        .expect("a router never fails")
        .into_body()
        .into_data_stream();
    assert!(events.next().await.is_some(), "the board as it stands");
    stage.app.stopping.send_replace(true);
    while let Some(event) = events.next().await {
        event.expect("events");
    }
    li.get("/readyz").await.expect(503);
}

async fn one_phone_that_runs_wild_waits_and_nobody_else_does(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let mut refused = None;
    for _ in 0..300 {
        let reply = li.try_start(&round).await;
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("a limit");
    let seconds: i64 = refused.header("retry-after").parse().expect("seconds");
    refused.problem(429, "too-many");
    wang.start(&round).await;
    stage.clock.advance(seconds * 1_000);
    li.start(&round).await;
}

async fn events_are_the_same_bytes_for_everybody_and_the_own_row_for_each(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = yikouqing::contest::round::Release::HandIn)
        .await;
    let names = ["李建国", "王秀兰", "孙德明"];
    for (name, right) in names.into_iter().zip([3, 8, 5]) {
        stage.cadre(name).await.sit(&stage, &round, right).await;
    }
    stage.tick().await;
    let path = format!("/api/v1/rounds/{}/board/events?of=people", round.id);
    let router = server::router(stage.app.clone(), Demonstration::No);
    let mut boards = Vec::new();
    for name in names {
        let cadre = stage.cadre(name).await;
        let request: Request<Body> = cadre
            .request(Method::GET, &path)
            .body(Body::empty())
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("a reply");
        let mut events = response.into_body().into_data_stream();
        let own = events.next().await.expect("an event").expect("bytes");
        let board = events.next().await.expect("an event").expect("bytes");
        let data = |event: &[u8]| -> serde_json::Value {
            let text = String::from_utf8_lossy(event).into_owned();
            let line = text.lines().find_map(|line| line.strip_prefix("data: "));
            serde_json::from_str(line.expect("data")).expect("JSON")
        };
        let own = data(&own);
        assert_eq!(own["row"]["name"], json!(name));
        assert_eq!(own["row"]["mine"], json!(true));
        let standings = data(&board)["standings"].clone();
        let rows = standings.as_array().expect("standings").clone();
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().any(|row| row["id"] == own["id"]));
        assert!(rows.iter().all(|row| row["mine"] == json!(false)));
        boards.push(board);
    }
    let first = boards[0].as_ptr();
    assert!(boards.iter().all(|board| board.as_ptr() == first));
}
