//! Steps: on disk before they are acknowledged, sent twice, out of order, or not fit to be steps at all.

use serde_json::{Value, json};

use crate::{stage::Stage, stories};

stories! {
    a_step_is_on_disk_when_it_is_acknowledged,
    sent_again_and_out_of_order_changes_nothing,
    a_number_used_again_for_something_else_is_refused_and_the_first_stands,
    what_cannot_be_an_answer_is_rejected_alone_and_leaves_no_gap,
    numbers_outside_any_block_are_refused,
    an_answer_taken_back_is_gone,
    every_kind_comes_back_as_it_was_sent,
}

async fn a_step_is_on_disk_when_it_is_acknowledged(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    for place in 1..=3 {
        let step = sitting.step(
            place,
            place,
            &stage.right_answers(&sitting).await[place as usize - 1],
        );
        let body = li.send_steps(&sitting, &[step]).await.expect(200).json();
        assert_eq!(body["acknowledged"], sitting.last_seq + place);
        let on_disk = stage.steps_on_disk(&sitting.attempt).await;
        assert_eq!(on_disk.len() as i64, place);
        let last = on_disk.last().expect("a step");
        assert_eq!(
            (last.seq, i64::from(last.number)),
            (sitting.last_seq + place, place)
        );
        assert_eq!(last.at_ms, stage.clock.now_ms());
        assert_eq!(last.elapsed_ms, Some(place * 1000));
        assert!(last.answer.is_some() && !last.late);
    }
}

async fn sent_again_and_out_of_order_changes_nothing(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let number = sitting.number_of("single");
    let [first, second, third] = [(1, "A"), (2, "B"), (3, "C")]
        .map(|(place, letter)| sitting.step(place, number, &json!(letter)));

    li.send_steps(&sitting, std::slice::from_ref(&third))
        .await
        .expect(200);
    let body = li
        .send_steps(&sitting, &[second.clone(), first.clone(), second.clone()])
        .await
        .expect(200)
        .json();
    assert_eq!(body["acknowledged"], sitting.last_seq + 2);
    assert_eq!(body["rejected"], json!([]));
    let body = li
        .send_steps(&sitting, &[first, second, third])
        .await
        .expect(200)
        .json();
    assert_eq!(body["acknowledged"], sitting.last_seq + 3);
    assert_eq!(body["rejected"], json!([]));

    assert_eq!(stage.steps_on_disk(&sitting.attempt).await.len(), 3);
    let again = li.start(&round).await;
    assert_eq!(
        again.reply["answers"][number.to_string()],
        "C",
        "the highest number stands"
    );
}

async fn a_number_used_again_for_something_else_is_refused_and_the_first_stands(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let number = sitting.number_of("single");
    let body = li
        .send_steps(
            &sitting,
            &[
                sitting.step(1, number, &json!("A")),
                sitting.step(1, number, &json!("B")),
            ],
        )
        .await
        .expect(200)
        .json();
    let reused = json!([{ "seq": sitting.last_seq + 1, "code": "seq-reused" }]);
    assert_eq!(body["rejected"], reused);
    let body = li
        .send_steps(
            &sitting,
            &[
                sitting.step(1, number, &json!("C")),
                sitting.step(2, 2, &json!("A")),
            ],
        )
        .await
        .expect(200)
        .json();
    assert_eq!(body["rejected"], reused);
    assert_eq!(body["acknowledged"], sitting.last_seq + 2);
    assert_eq!(
        li.start(&round).await.reply["answers"][number.to_string()],
        "A"
    );
}

async fn what_cannot_be_an_answer_is_rejected_alone_and_leaves_no_gap(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let [single, blanks, recall] =
        ["single", "blanks", "recall"].map(|kind| sitting.number_of(kind));
    let good = (recall, json!("我先说第一句"), None);
    let sent = [
        (99, json!("A"), Some("bad-step")),
        (0, json!("A"), Some("bad-step")),
        (single, json!("Z"), Some("bad-step")),
        (single, json!(["A", "B"]), Some("bad-step")),
        (single, json!({ "letter": "A" }), Some("bad-step")),
        (single, json!(1), Some("bad-step")),
        (blanks, json!(["一", "二", "三"]), Some("bad-step")),
        (recall, json!("好\u{0}坏"), Some("bad-step")),
        (blanks, json!(["\u{0}"]), Some("bad-step")),
        (recall, json!("很".repeat(4_001)), Some("too-large")),
        (recall, json!("长".repeat(4_000)), None),
        good,
    ];
    let steps: Vec<Value> = (1..)
        .zip(&sent)
        .map(|(place, (number, answer, _))| sitting.step(place, *number, answer))
        .collect();
    let body = li.send_steps(&sitting, &steps).await.expect(200).json();
    assert_eq!(body["acknowledged"], sitting.last_seq + sent.len() as i64);
    let rejected: Vec<Value> = (1..)
        .zip(&sent)
        .filter_map(|(place, (.., code))| {
            code.map(|code| json!({ "seq": sitting.last_seq + place, "code": code }))
        })
        .collect();
    assert_eq!(body["rejected"], Value::from(rejected));

    let answers = &li.start(&round).await.reply["answers"];
    assert_eq!(*answers, json!({ recall.to_string(): "我先说第一句" }));
    let all = json!({ "last_seq": sitting.last_seq + sent.len() as i64 });
    li.submit(&sitting, &all).await.expect(200);
}

async fn numbers_outside_any_block_are_refused(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let outside = [-5, 0, 1, 1_000_000, 2_000_000_000_000_i64, i64::MAX];
    let steps: Vec<Value> = outside
        .iter()
        .map(|seq| json!({ "seq": seq, "number": 1, "answer": "A" }))
        .collect();
    let body = li.send_steps(&sitting, &steps).await.expect(200).json();
    let rejected = outside.map(|seq| json!({ "seq": seq, "code": "bad-step" }));
    assert_eq!(body["rejected"], json!(rejected));
    assert_eq!(body["acknowledged"], 0);
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await, vec![]);

    // A number of a block that nobody has been given: no later page may find its numbers taken.
    let ahead = json!({ "seq": sitting.last_seq + 1_000_001, "number": 1, "answer": "A" });
    let body = li.send_steps(&sitting, &[ahead]).await.expect(200).json();
    assert_eq!(body["rejected"][0]["code"], "bad-step", "{body}");
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await, vec![]);
}

async fn an_answer_taken_back_is_gone(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let (single, recall) = (sitting.number_of("single"), sitting.number_of("recall"));
    let steps = [
        sitting.step(1, single, &json!("A")),
        sitting.step(2, recall, &json!("话")),
        sitting.step(3, single, &Value::Null),
        sitting.step(4, recall, &json!("")),
    ];
    li.send_steps(&sitting, &steps).await.expect(200);
    assert_eq!(li.start(&round).await.reply["answers"], json!({}));
}

async fn every_kind_comes_back_as_it_was_sent(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let sent = [
        ("single", json!("D")),
        ("multiple", json!(["A", "C"])),
        ("judgement", json!("B")),
        ("blanks", json!(["一百", ""])),
        ("recall", json!("早起“看”一看 <b>&</b> 😀")),
    ];
    let steps: Vec<Value> = (1..)
        .zip(&sent)
        .map(|(place, (kind, answer))| sitting.step(place, sitting.number_of(kind), answer))
        .collect();
    let body = li.send_steps(&sitting, &steps).await.expect(200).json();
    assert_eq!(body["rejected"], json!([]));
    let answers = &li.start(&round).await.reply["answers"];
    for (kind, answer) in &sent {
        assert_eq!(
            answers[sitting.number_of(kind).to_string()],
            *answer,
            "{kind}"
        );
    }
}
