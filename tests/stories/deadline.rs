//! The server's clock decides: what is in time counts to the last millisecond, what is late is kept, closing needs no phone.

use serde_json::{Value, json};

use crate::{
    stage::{ACTOR, HOUR_MS, LIMIT_MS, MINUTE_MS, Stage},
    stories,
};

stories! {
    a_step_at_the_deadline_counts_and_one_a_millisecond_later_is_kept_late,
    the_server_closes_by_itself_and_the_deadline_is_the_finish_time,
    it_closes_after_a_restart_as_well,
    the_window_cuts_the_last_attempts_short,
    handing_in_too_late_grades_what_was_there,
    a_plain_form_that_comes_late_is_kept_late,
    more_time_for_all_moves_window_and_deadlines,
    more_time_for_one_moves_only_theirs,
    taking_in_ends_everybodys_time,
}

async fn a_step_at_the_deadline_counts_and_one_a_millisecond_later_is_kept_late(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    stage.clock.advance(LIMIT_MS);
    let last = sitting.step(1, 1, &answers[0]);
    li.send_steps(&sitting, std::slice::from_ref(&last))
        .await
        .expect(200);
    stage.clock.advance(1);
    let late = sitting.step(2, 2, &answers[1]);
    let detail = li
        .send_steps(&sitting, &[late])
        .await
        .problem(409, "attempt-closed");
    assert!(detail.contains("留存"), "{detail}");

    let on_disk = stage.steps_on_disk(&sitting.attempt).await;
    let facts: Vec<(u32, bool)> = on_disk
        .iter()
        .map(|step| (step.number, step.late))
        .collect();
    assert_eq!(facts, [(1, false), (2, true)]);
    stage.clock.advance(999);
    stage.tick().await;
    assert_eq!(
        stage.points(&sitting.attempt).await,
        200,
        "the late one does not count"
    );
    // Also what was in time and is sent again is late now, and changes nothing.
    li.send_steps(&sitting, &[last])
        .await
        .problem(409, "attempt-closed");
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await, on_disk);
}

async fn the_server_closes_by_itself_and_the_deadline_is_the_finish_time(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let path = format!("/api/v1/attempts/{}", sitting.attempt);
    stage.clock.advance(LIMIT_MS + 999);
    stage.tick().await;
    assert_eq!(
        li.get(&path).await.json()["state"],
        "open",
        "a step in time may still be on its way"
    );
    stage.clock.advance(1);
    stage.tick().await;
    let shown = li.get(&path).await.expect(200).json();
    assert_eq!(shown["state"], "timed_out");
    assert_eq!(shown["finished"], "2026-03-02T10:40:00.000+08:00");
    assert!(shown["receipt"].is_string());
    assert_eq!(stage.points(&sitting.attempt).await, 0);
    let page = li
        .get(&format!("/attempts/{}", sitting.attempt))
        .await
        .expect(200);
    assert!(page.text.contains("时间到"));
}

async fn it_closes_after_a_restart_as_well(mut stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    li.send_steps(&sitting, &[sitting.step(1, 1, &answers[0])])
        .await
        .expect(200);
    stage.restart().await;
    li.send_steps(&sitting, &[sitting.step(2, 2, &answers[1])])
        .await
        .expect(200);
    stage.clock.advance(3 * HOUR_MS);
    stage.restart().await;
    stage.tick().await;
    let shown = li
        .get(&format!("/api/v1/attempts/{}", sitting.attempt))
        .await
        .json();
    assert_eq!(shown["state"], "timed_out");
    assert_eq!(shown["finished"], "2026-03-02T10:40:00.000+08:00");
    assert_eq!(stage.points(&sitting.attempt).await, 400);
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["state"], "closed");
    assert_eq!(stage.text("SELECT state FROM rounds").await, "closed");
}

async fn the_window_cuts_the_last_attempts_short(stage: Stage) {
    let round = stage
        .round(|draft| draft.closes_at_ms = draft.opens_at_ms + HOUR_MS)
        .await;
    stage.clock.advance(45 * MINUTE_MS);
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    assert_eq!(sitting.reply["deadline"], "2026-03-02T11:00:00.000+08:00");
    stage.clock.advance(15 * MINUTE_MS);
    li.send_steps(&sitting, &[sitting.step(1, 1, &Value::Null)])
        .await
        .expect(200);
    stage
        .cadre("王秀兰")
        .await
        .try_start(&round)
        .await
        .problem(409, "round-not-open");
    stage.clock.advance(1_000);
    stage.tick().await;
    assert_eq!(stage.text("SELECT state FROM attempts").await, "timed_out");
    assert_eq!(stage.text("SELECT state FROM rounds").await, "closed");
}

async fn handing_in_too_late_grades_what_was_there(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    li.send_steps(&sitting, &[sitting.step(1, 1, &answers[0])])
        .await
        .expect(200);
    stage.clock.advance(LIMIT_MS + 1);
    let body =
        json!({ "last_seq": sitting.last_seq + 3, "steps": [sitting.step(2, 2, &answers[1])] });
    let first = li.submit(&sitting, &body).await.expect(200).json();
    assert!(first["receipt"].is_string());
    assert_eq!(stage.points(&sitting.attempt).await, 200);
    assert_eq!(stage.text("SELECT state FROM attempts").await, "timed_out");
    assert_eq!(
        stage.steps_on_disk(&sitting.attempt).await.len(),
        2,
        "the late one is kept"
    );
    stage.clock.advance(5_000);
    stage.tick().await;
    assert_eq!(
        li.submit(&sitting, &json!({})).await.expect(200).json(),
        first
    );
}

async fn a_plain_form_that_comes_late_is_kept_late(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(LIMIT_MS + 5_000);
    stage.tick().await;
    let path = format!("/attempts/{}/answer", sitting.attempt);
    for _ in 0..2 {
        li.form(&path, "number=1&answer=A&go=next")
            .await
            .expect(303);
    }
    let on_disk = stage.steps_on_disk(&sitting.attempt).await;
    assert_eq!(on_disk.len(), 2);
    assert!(
        on_disk
            .iter()
            .all(|step| step.late && step.answer.is_some())
    );
    let shown = li
        .get(&format!("/api/v1/attempts/{}", sitting.attempt))
        .await
        .json();
    assert_eq!(shown["finished"], "2026-03-02T10:40:00.000+08:00");
}

async fn more_time_for_all_moves_window_and_deadlines(stage: Stage) {
    let round = stage
        .round(|draft| draft.closes_at_ms = draft.opens_at_ms + HOUR_MS)
        .await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage
        .app
        .extend_round(ACTOR, &round.id, None, 10 * MINUTE_MS, "停电")
        .await
        .expect("more time");
    let rounds = li.get("/api/v1/rounds").await.json();
    assert_eq!(rounds[0]["closes"], "2026-03-02T11:10:00.000+08:00");
    stage.clock.advance(LIMIT_MS + 10 * MINUTE_MS);
    let body = li
        .send_steps(&sitting, &[sitting.step(1, 1, &Value::Null)])
        .await
        .expect(200)
        .json();
    assert_eq!(body["deadline"], "2026-03-02T10:50:00.000+08:00");
    // Whoever starts now has until the new end of the window.
    let late = stage.cadre("王秀兰").await.start(&round).await;
    assert_eq!(late.reply["deadline"], "2026-03-02T11:10:00.000+08:00");
    let acts = "acts WHERE act = 'extend-round' AND detail LIKE '%停电%'";
    assert_eq!(stage.count(acts).await, 1, "with its reason on record");
    for nonsense in [0, -1, 25 * HOUR_MS] {
        assert!(
            stage
                .app
                .extend_round(ACTOR, &round.id, None, nonsense, "停电")
                .await
                .is_err()
        );
    }
}

async fn more_time_for_one_moves_only_theirs(stage: Stage) {
    let round = stage
        .round(|draft| draft.closes_at_ms = draft.opens_at_ms + LIMIT_MS)
        .await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let (his, hers) = (li.start(&round).await, wang.start(&round).await);
    let li_id = stage
        .text("SELECT id FROM persons WHERE name = '李建国'")
        .await;
    stage
        .app
        .extend_round(ACTOR, &round.id, Some(&li_id), 5 * MINUTE_MS, "手机坏了")
        .await
        .expect("more time");
    stage.clock.advance(LIMIT_MS + 2_000);
    stage.tick().await;
    li.send_steps(&his, &[his.step(1, 1, &Value::Null)])
        .await
        .expect(200);
    wang.send_steps(&hers, &[hers.step(1, 1, &Value::Null)])
        .await
        .problem(409, "attempt-closed");
    assert_eq!(
        stage.text("SELECT state FROM rounds").await,
        "sealed",
        "somebody still sits: keys wait"
    );
    let shown = wang
        .get(&format!("/api/v1/attempts/{}", hers.attempt))
        .await
        .json();
    assert_eq!(shown["outcome"], Value::Null);
    stage.clock.advance(5 * MINUTE_MS);
    stage.tick().await;
    assert_eq!(stage.text("SELECT state FROM rounds").await, "closed");
    let unknown = stage
        .app
        .extend_round(ACTOR, &round.id, Some("nobody"), MINUTE_MS, "停电")
        .await;
    assert!(unknown.is_err());
}

async fn taking_in_ends_everybodys_time(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(10 * MINUTE_MS);
    stage.take_in(&round).await;
    stage.clock.advance(1_000);
    stage.tick().await;
    let shown = li
        .get(&format!("/api/v1/attempts/{}", sitting.attempt))
        .await
        .json();
    assert_eq!(shown["state"], "timed_out");
    assert_eq!(shown["finished"], "2026-03-02T10:10:00.000+08:00");
    stage
        .cadre("王秀兰")
        .await
        .try_start(&round)
        .await
        .problem(409, "round-not-open");
    assert!(
        stage.app.close_round(ACTOR, &round.id).await.is_err(),
        "once"
    );
}
