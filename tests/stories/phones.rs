//! Two phones, one attempt: the one that resumed last wins, and nothing of the other is dropped.

use serde_json::json;

use crate::{stage::Stage, stories};

stories! {
    starting_again_gives_the_same_paper_and_a_higher_block,
    the_second_phone_takes_over_and_both_answers_are_there,
    another_persons_attempt_is_not_there,
    two_starts_at_once_make_one_attempt,
}

async fn starting_again_gives_the_same_paper_and_a_higher_block(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let first = li.start(&round).await;
    assert!(first.fresh);
    stage.clock.advance(60_000);
    let second = li.start(&round).await;
    assert!(!second.fresh);
    assert_eq!(second.attempt, first.attempt);
    assert_eq!(second.last_seq, first.last_seq + 1_000_000);
    assert_eq!(second.reply["paper"], first.reply["paper"]);
    assert_eq!(second.reply["deadline"], first.reply["deadline"]);
    assert_eq!(second.reply["server_time"], "2026-03-02T10:01:00.000+08:00");
    // The page is a resume as well.
    li.get(&format!("/attempts/{}", first.attempt))
        .await
        .expect(200);
    assert_eq!(li.start(&round).await.last_seq, second.last_seq + 2_000_000);
    let rounds = li.get("/api/v1/rounds").await.expect(200).json();
    assert_eq!(rounds[0]["attempt"], first.attempt.as_str());
}

async fn the_second_phone_takes_over_and_both_answers_are_there(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (old, new) = (stage.cadre("李建国").await, stage.cadre("李建国").await);
    let before = old.start(&round).await;
    let [shared, first, second] = [
        before.number_of("single"),
        before.number_of("recall"),
        before.number_of("judgement"),
    ];
    let body = old
        .send_steps(&before, &[before.step(1, shared, &json!("A"))])
        .await
        .expect(200)
        .json();
    assert_eq!(body["taken_over"], false);

    let after = new.start(&round).await;
    assert_eq!(after.reply["answers"], json!({ shared.to_string(): "A" }));
    let steps = [
        after.step(1, shared, &json!("B")),
        after.step(2, second, &json!("A")),
    ];
    let body = new.send_steps(&after, &steps).await.expect(200).json();
    assert_eq!(body["taken_over"], false);
    // The old phone finds the network again, later, with lower numbers.
    let steps = [
        before.step(2, shared, &json!("C")),
        before.step(3, first, &json!("旧手机的话")),
    ];
    let body = old.send_steps(&before, &steps).await.expect(200).json();
    assert_eq!(body["taken_over"], true);
    assert_eq!(body["acknowledged"], before.last_seq + 3);

    let answers = &new.start(&round).await.reply["answers"];
    let both = json!({ shared.to_string(): "B", first.to_string(): "旧手机的话", second.to_string(): "A" });
    assert_eq!(
        *answers, both,
        "the later block wins, and nothing is dropped"
    );
    assert_eq!(stage.steps_on_disk(&before.attempt).await.len(), 5);
}

async fn another_persons_attempt_is_not_there(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let organizer = stage.cadre("周敏").await;
    let sitting = li.start(&round).await;
    let path = format!("/api/v1/attempts/{}", sitting.attempt);
    for stranger in [&wang, &organizer] {
        stranger.get(&path).await.problem(404, "not-found");
        let step = sitting.step(1, 1, &json!("A"));
        stranger
            .send_steps(&sitting, &[step])
            .await
            .problem(404, "not-found");
        stranger
            .submit(&sitting, &json!({}))
            .await
            .problem(404, "not-found");
        for page in ["", "/card", "/submit"] {
            stranger
                .get(&format!("/attempts/{}{page}", sitting.attempt))
                .await
                .page(404);
        }
        stranger
            .form(
                &format!("/attempts/{}/answer", sitting.attempt),
                "number=1&answer=A",
            )
            .await
            .page(404);
        stranger
            .form(&format!("/attempts/{}/submit", sitting.attempt), "")
            .await
            .page(404);
    }
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await, vec![]);
    assert_eq!(li.get(&path).await.expect(200).json()["state"], "open");
    wang.get("/api/v1/attempts/nobody")
        .await
        .problem(404, "not-found");
}

async fn two_starts_at_once_make_one_attempt(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let starts = futures::future::join_all((0..8).map(|_| li.start(&round))).await;
    assert_eq!(starts.iter().filter(|start| start.fresh).count(), 1);
    assert!(
        starts
            .iter()
            .all(|start| start.attempt == starts[0].attempt)
    );
    let mut blocks: Vec<i64> = starts.iter().map(|start| start.last_seq).collect();
    blocks.sort_unstable();
    blocks.dedup();
    assert_eq!(blocks.len(), 8, "each page has numbers of its own");
    assert_eq!(stage.count("attempts").await, 1);
}
