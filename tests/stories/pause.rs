//! 暂停: the power fails in the hall. The clock stands still for everybody, and nothing that comes in is lost.

use serde_json::{Value, json};

use crate::{
    stage::{ACTOR, HOUR_MS, LIMIT_MS, MINUTE_MS, Stage},
    stories,
};

stories! {
    a_pause_shifts_deadlines_and_window_and_keeps_what_comes_in,
    a_pause_refuses_starts_but_not_coming_back,
    nothing_is_closed_while_the_round_stands_still,
    who_was_too_late_before_the_pause_stays_too_late,
    taking_in_during_a_pause_ends_it,
    a_pause_does_not_count_as_time_used,
}

async fn a_pause_shifts_deadlines_and_window_and_keeps_what_comes_in(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(30 * MINUTE_MS);
    stage.pause(&round).await;
    stage.clock.advance(20 * MINUTE_MS);
    let body = li
        .send_steps(&sitting, &[sitting.step(1, 1, &Value::Null)])
        .await
        .expect(200)
        .json();
    assert_eq!(
        body["deadline"], "2026-03-02T11:00:00.000+08:00",
        "it moves on with the clock"
    );
    assert!(!stage.steps_on_disk(&sitting.attempt).await[0].late);
    stage.resume(&round).await;
    let rounds = li.get("/api/v1/rounds").await.json();
    assert_eq!(rounds[0]["state"], "open");
    assert_eq!(rounds[0]["closes"], "2026-03-02T12:20:00.000+08:00");
    stage.clock.advance(10 * MINUTE_MS);
    let body = li
        .send_steps(&sitting, &[sitting.step(2, 2, &Value::Null)])
        .await
        .expect(200)
        .json();
    assert_eq!(body["deadline"], "2026-03-02T11:00:00.000+08:00");
    stage.clock.advance(1);
    let late = li
        .send_steps(&sitting, &[sitting.step(3, 3, &Value::Null)])
        .await;
    late.problem(409, "attempt-closed");
}

async fn a_pause_refuses_starts_but_not_coming_back(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let sitting = li.start(&round).await;
    stage.pause(&round).await;
    wang.try_start(&round).await.problem(409, "round-paused");
    wang.form(&format!("/rounds/{}/start", round.id), "")
        .await
        .page(409);
    assert_eq!(
        wang.get("/api/v1/rounds").await.json()[0]["state"],
        "paused"
    );
    // Longer than the whole limit: the deadline stands where it was, and moves with the clock.
    stage.clock.advance(LIMIT_MS + HOUR_MS);
    let again = li.start(&round).await;
    assert_eq!((again.fresh, &again.attempt), (false, &sitting.attempt));
    assert_eq!(again.reply["deadline"], "2026-03-02T12:20:00.000+08:00");
    let page = li
        .get(&format!("/attempts/{}", sitting.attempt))
        .await
        .expect(200);
    assert!(page.text.contains("暂停"), "{}", page.text);
    stage.resume(&round).await;
    assert!(wang.start(&round).await.fresh);
    assert!(
        stage.app.resume_round(ACTOR, &round.id).await.is_err(),
        "once"
    );
}

async fn nothing_is_closed_while_the_round_stands_still(mut stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.pause(&round).await;
    stage.clock.advance(24 * HOUR_MS);
    stage.restart().await;
    stage.tick().await;
    assert_eq!(stage.text("SELECT state FROM attempts").await, "open");
    assert_eq!(stage.text("SELECT state FROM rounds").await, "sealed");
    stage.resume(&round).await;
    stage.tick().await;
    stage.clock.advance(LIMIT_MS);
    li.send_steps(&sitting, &[sitting.step(1, 1, &Value::Null)])
        .await
        .expect(200);
}

async fn who_was_too_late_before_the_pause_stays_too_late(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(LIMIT_MS + 500);
    stage.pause(&round).await;
    stage.clock.advance(HOUR_MS);
    let late = li
        .send_steps(&sitting, &[sitting.step(1, 1, &Value::Null)])
        .await;
    late.problem(409, "attempt-closed");
    stage.resume(&round).await;
    stage.tick().await;
    let shown = li
        .get(&format!("/api/v1/attempts/{}", sitting.attempt))
        .await
        .json();
    assert_eq!(shown["finished"], "2026-03-02T10:40:00.000+08:00");
}

async fn taking_in_during_a_pause_ends_it(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(10 * MINUTE_MS);
    stage.pause(&round).await;
    stage.clock.advance(HOUR_MS);
    let answers = stage.right_answers(&sitting).await;
    li.send_steps(&sitting, &[sitting.step(1, 1, &answers[0])])
        .await
        .expect(200);
    stage.take_in(&round).await;
    stage.clock.advance(1_000);
    stage.tick().await;
    assert_eq!(stage.text("SELECT state FROM attempts").await, "timed_out");
    assert_eq!(stage.points(&sitting.attempt).await, 200);
    assert_eq!(stage.text("SELECT state FROM rounds").await, "closed");
}

async fn a_pause_does_not_count_as_time_used(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(5 * MINUTE_MS);
    stage.pause(&round).await;
    stage.clock.advance(HOUR_MS);
    stage.resume(&round).await;
    stage.clock.advance(MINUTE_MS);
    li.submit(&sitting, &json!({})).await.expect(200);
    stage.take_in(&round).await;
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(
        board["standings"][0]["used_ms"],
        json!(6 * MINUTE_MS),
        "{board}"
    );
}
