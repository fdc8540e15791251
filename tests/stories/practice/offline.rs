//! Answers given without a network and sent later: in the order given, exactly once, on the day they were given.

use serde_json::{Value, json};

use crate::{practice::DAY_MS, stage::Stage, stories};

stories! {
    a_batch_counts_once_however_often_it_is_sent,
    an_answer_counts_on_the_day_it_was_given_but_never_tomorrow,
}

async fn a_batch_counts_once_however_often_it_is_sent(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let go = li.practise("wish=ten").await;
    let view = stage.go("李建国", &go).await;
    let path = format!("/api/v1/practice/{go}/steps");
    let step = |seq: i64, number: u32, answer: Value| json!({ "seq": seq, "number": number, "answer": answer });
    let wrong = step(1, 1, Value::Null);
    let right = step(2, 1, Stage::right_in(&view, 1));
    let batch = json!({ "steps": [wrong, right, step(3, 2, json!(42))] });
    for _ in 0..3 {
        let reply = li.post(&path, &batch).await.expect(200).json();
        assert_eq!(reply["acknowledged"], 2);
        assert_eq!(reply["rejected"], json!([{ "seq": 3, "code": "bad-step" }]));
    }
    let other = json!({ "steps": [step(2, 2, Value::Null), step(0, 1, Value::Null), step(9, 99, Value::Null)] });
    let reply = li.post(&path, &other).await.expect(200).json();
    let codes: Vec<&Value> = reply["rejected"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|each| &each["code"])
        .collect();
    assert_eq!(codes, ["seq-reused", "bad-step", "bad-step"]);
    let mut tx = stage.app.store.read().await.expect("a snapshot");
    let person = stage.person("李建国").await;
    let told = yikouqing::store::practice::told_to(&mut tx, &person.id)
        .await
        .expect("answers");
    let held: Vec<&str> = told.iter().map(|each| each.held.text()).collect();
    assert_eq!(held, ["wrong", "right"], "both, in their order, once");
    drop(tx);
    let wang = stage.cadre("王秀兰").await;
    wang.post(&path, &batch).await.problem(404, "not-found");
    li.post(&path, &json!({ "steps": 1 }))
        .await
        .problem(400, "bad-request");
    let many: Vec<Value> = (1..=501).map(|seq| step(seq, 1, Value::Null)).collect();
    li.post(&path, &json!({ "steps": many }))
        .await
        .problem(413, "too-large");
}

async fn an_answer_counts_on_the_day_it_was_given_but_never_tomorrow(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let go = li.practise("wish=ten").await;
    let view = stage.go("李建国", &go).await;
    let path = format!("/api/v1/practice/{go}/steps");
    stage.clock.advance(3 * DAY_MS);
    let step = |seq: i64, answer: Value, at: &str| json!({ "seq": seq, "number": 1, "answer": answer, "at": at });
    let right = || Stage::right_in(&view, 1);
    // Wrong on Monday, right on Tuesday and on what the phone says is next year: two days, so it leaves the book.
    let steps = [
        step(1, Value::Null, "2026-03-02T23:00:00+08:00"),
        step(2, right(), "2026-03-03T07:00:00+08:00"),
        step(3, right(), "2027-01-01T00:00:00+08:00"),
    ];
    li.post(&path, &json!({ "steps": steps })).await.expect(200);
    let mut tx = stage.app.store.read().await.expect("a snapshot");
    let person = stage.person("李建国").await;
    let told = yikouqing::store::practice::told_to(&mut tx, &person.id)
        .await
        .expect("answers");
    drop(tx);
    let times: Vec<i64> = told.iter().map(|each| each.given_at_ms).collect();
    let now_ms = stage.clock.now_ms();
    assert_eq!(
        times,
        [
            now_ms - 3 * DAY_MS + 13 * crate::stage::HOUR_MS,
            now_ms - 2 * DAY_MS - 3 * crate::stage::HOUR_MS,
            now_ms
        ]
    );
    assert!(
        li.get("/practice/mistakes")
            .await
            .text
            .contains("错题本是空的")
    );
}
