//! Somebody puts the server's clock to another time while people sit: nothing that was saved is lost, no deadline moves,
//! nothing is graded twice; when nobody sits any more, the machine's time is taken over.

use serde_json::json;

use crate::{
    stage::{HOUR_MS, LIMIT_MS, MINUTE_MS, Stage, cadre::Sitting},
    stories,
};

stories! {
    an_hour_forward_closes_nobody_early,
    an_hour_back_gives_nobody_more_time,
    a_tenth_of_a_second_is_not_worth_a_leap,
}

async fn an_hour_forward_closes_nobody_early(stage: Stage) {
    turned_while_somebody_sits(stage, HOUR_MS).await;
}

async fn an_hour_back_gives_nobody_more_time(stage: Stage) {
    turned_while_somebody_sits(stage, -HOUR_MS).await;
}

async fn turned_while_somebody_sits(stage: Stage, by_ms: i64) {
    let round = stage.round(|_| {}).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let (his, hers) = (li.start(&round).await, wang.start(&round).await);
    let answers = stage.right_answers(&his).await;
    li.send_steps(&his, &[his.step(1, 1, &answers[0])])
        .await
        .expect(200);
    stage.clock.advance(10 * MINUTE_MS);

    stage.clock.turn_machine(by_ms);
    stage.app.follow_clock().await.expect("a look");
    stage.tick().await;
    assert_eq!(stage.count("attempts WHERE state = 'open'").await, 2);
    let kept = li.send_steps(&his, &[his.step(2, 2, &answers[1])]).await;
    assert_eq!(kept.expect(200).json()["deadline"], his.reply["deadline"]);
    stage.clock.advance(10 * MINUTE_MS);
    wang.submit(&hers, &json!({})).await.expect(200);

    stage.clock.advance(LIMIT_MS - 20 * MINUTE_MS);
    stage.app.follow_clock().await.expect("a look");
    li.send_steps(&his, &[his.step(3, 3, &answers[2])])
        .await
        .expect(200);
    stage.clock.advance(1);
    let late = li.send_steps(&his, &[his.step(4, 4, &answers[3])]).await;
    late.problem(409, "attempt-closed");
    assert_in_order(&stage, &his).await;
    stage.clock.advance(999);
    stage.tick().await;
    let path = format!("/api/v1/attempts/{}", his.attempt);
    let shown = li.get(&path).await.expect(200).json();
    assert_eq!(shown["state"], "timed_out");
    assert_eq!(shown["finished"], his.reply["deadline"]);
    assert_eq!(stage.points(&his.attempt).await, 600, "all three of them");

    let (before_ms, graded) = (stage.clock.now_ms(), graded_at(&stage).await);
    stage.app.follow_clock().await.expect("a look");
    assert_eq!(stage.clock.now_ms(), before_ms + by_ms, "nobody sits");
    assert_eq!(stage.clock.jump_ms(), 0);
    stage.tick().await;
    assert_eq!(graded_at(&stage).await, graded, "nothing is graded again");
    assert_eq!(stage.count("attempts WHERE state = 'open'").await, 0);
}

/// As they came: none of them older than the one before it.
async fn assert_in_order(stage: &Stage, sitting: &Sitting) {
    let on_disk = stage.steps_on_disk(&sitting.attempt).await;
    let late: Vec<bool> = on_disk.iter().map(|step| step.late).collect();
    assert_eq!(late, [false, false, false, true]);
    assert!(on_disk.is_sorted_by_key(|step| step.at_ms), "{on_disk:?}");
}

/// With which change of the boards each outcome came.
async fn graded_at(stage: &Stage) -> Vec<String> {
    stage
        .texts("SELECT id || CAST(board_number AS TEXT) || outcome FROM attempts ORDER BY id")
        .await
}

async fn a_tenth_of_a_second_is_not_worth_a_leap(stage: Stage) {
    let before_ms = stage.clock.now_ms();
    for by_ms in [100, -200] {
        stage.clock.turn_machine(by_ms);
        stage.app.follow_clock().await.expect("a look");
        assert_eq!(stage.clock.now_ms(), before_ms);
    }
    stage.clock.turn_machine(-1);
    stage.app.follow_clock().await.expect("a look");
    assert_eq!(stage.clock.now_ms(), before_ms - 101);
}
