//! Handing in: gaps are asked for, the receipt stays the same, grading happens once.

use serde_json::{Value, json};

use crate::{stage::Stage, stories};

stories! {
    a_gap_is_named_and_once_filled_the_hand_in_is_taken,
    the_same_again_gives_the_same_receipt,
    steps_that_come_with_the_hand_in_count,
    grading_happens_once_and_is_made_up_for_at_the_next_start,
    nonsense_instead_of_a_hand_in_is_refused_and_the_attempt_stays_open,
}

async fn a_gap_is_named_and_once_filled_the_hand_in_is_taken(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let steps = [1, 2, 3, 4, 5].map(|place| sitting.step(place, place, &Value::Null));
    for kept in [0, 2, 4] {
        li.send_steps(&sitting, &steps[kept..=kept])
            .await
            .expect(200);
    }
    let last_seq = json!({ "last_seq": sitting.last_seq + 5 });
    let detail = li
        .submit(&sitting, &last_seq)
        .await
        .problem(409, "steps-missing");
    for missing in [2, 4] {
        assert!(
            detail.contains(&(sitting.last_seq + missing).to_string()),
            "{detail}"
        );
    }
    for here in [1, 3, 5] {
        assert!(
            !detail.contains(&(sitting.last_seq + here).to_string()),
            "{detail}"
        );
    }
    assert_eq!(
        li.start(&round).await.attempt,
        sitting.attempt,
        "still open"
    );
    li.send_steps(&sitting, &[steps[1].clone()])
        .await
        .expect(200);
    // What is missing may come with the hand-in itself.
    let rest = json!({ "last_seq": sitting.last_seq + 5, "steps": [steps[3]] });
    li.submit(&sitting, &rest).await.expect(200);
}

async fn the_same_again_gives_the_same_receipt(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    stage.clock.advance(61_000);
    let first = li.submit(&sitting, &json!({})).await.expect(200).json();
    stage.clock.advance(5_000);
    let path = format!("/api/v1/attempts/{}/submit", sitting.attempt);
    let empty = li
        .post_text(&path, "application/json", "")
        .await
        .expect(200);
    assert_eq!(empty.json(), first);
    let with_gap = json!({ "last_seq": sitting.last_seq + 7 });
    assert_eq!(
        li.submit(&sitting, &with_gap).await.expect(200).json(),
        first
    );
    let shown = li
        .get(&format!("/api/v1/attempts/{}", sitting.attempt))
        .await
        .expect(200)
        .json();
    assert_eq!(shown["receipt"], first["receipt"]);
    assert_eq!(shown["state"], "handed_in");
    assert_eq!(shown["finished"], "2026-03-02T10:01:01.000+08:00");

    let other = stage.cadre("王秀兰").await.sit(&stage, &round, 0).await;
    let theirs = stage
        .text(&format!(
            "SELECT receipt FROM attempts WHERE id = '{}'",
            other.attempt
        ))
        .await;
    assert_ne!(first["receipt"], theirs.as_str());
}

async fn steps_that_come_with_the_hand_in_count(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.sit(&stage, &round, 8).await;
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await.len(), 8);
    assert_eq!(stage.points(&sitting.attempt).await, 1800);
}

async fn grading_happens_once_and_is_made_up_for_at_the_next_start(mut stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.sit(&stage, &round, 5).await;
    let id = sitting.attempt.clone();
    let (outcome, points) = (stage.outcome_text(&id).await, stage.points(&id).await);
    assert!(points > 0 && points < 1800);
    stage.app.grade(&id).await.expect("grading");
    stage.app.grade_leftovers().await.expect("grading");
    assert_eq!(stage.outcome_text(&id).await, outcome);

    // As if the program had died between the commit and the grading.
    stage
        .execute(&format!(
            "UPDATE attempts SET outcome = NULL, points = NULL WHERE id = '{id}'"
        ))
        .await;
    stage.restart().await;
    stage.tick().await;
    assert_eq!(stage.outcome_text(&id).await, outcome);
    assert_eq!(stage.points(&id).await, points);
}

async fn nonsense_instead_of_a_hand_in_is_refused_and_the_attempt_stays_open(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let path = format!("/api/v1/attempts/{}/submit", sitting.attempt);
    for body in [
        "{",
        "[]",
        "3",
        r#"{"last_seq": "三"}"#,
        r#"{"last_seq": 1.5}"#,
        r#"{"steps": [{}]}"#,
    ] {
        let reply = li.post_text(&path, "application/json", body).await;
        reply.problem(400, "bad-request");
    }
    li.post_text(&path, "text/plain", "{}")
        .await
        .problem(415, "wrong-type");
    for last_seq in [-1, i64::MAX] {
        let body = json!({ "last_seq": last_seq });
        li.submit(&sitting, &body).await.problem(400, "bad-step");
    }
    let far = json!({ "last_seq": 999_999_999_999_i64 });
    li.submit(&sitting, &far)
        .await
        .problem(409, "steps-missing");
    assert_eq!(
        li.start(&round).await.attempt,
        sitting.attempt,
        "still open"
    );
}
