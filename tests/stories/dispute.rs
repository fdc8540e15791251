//! What is decided afterwards: void attempts take no chance away, late steps count once accepted, and all of it verifies.

use serde_json::{Value, json};
use yikouqing::{
    app::auditor,
    exchange::round_file::{People, RoundFile},
};

use crate::{
    stage::{ACTOR, LIMIT_MS, Stage, cadre::Sitting},
    stories,
};

stories! {
    a_void_attempt_takes_no_chance_away,
    late_steps_are_kept_up_to_a_bound,
    accepted_late_steps_change_the_grade_and_not_the_receipt_and_it_verifies,
    a_void_attempt_beside_a_second_one_verifies,
}

async fn a_void_attempt_takes_no_chance_away(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.attempts_per_day = Some(1))
        .await;
    let li = stage.cadre("李建国").await;
    let first = li.sit(&stage, &round, 2).await;
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["attempts_left"], 0);
    li.try_start(&round).await.problem(409, "attempts-used-up");
    stage
        .app
        .void_attempt(ACTOR, &first.attempt, "手机被别人拿去点了")
        .await
        .expect("void");
    assert_eq!(li.get("/api/v1/rounds").await.json()[0]["attempts_left"], 1);
    let second = li.sit(&stage, &round, 8).await;
    assert_ne!(second.attempt, first.attempt);
    li.try_start(&round).await.problem(409, "attempts-used-up");
}

fn many(sitting: &Sitting, from: i64, to: i64) -> Vec<Value> {
    (from..=to)
        .map(|place| sitting.step(place, place % 8 + 1, &Value::Null))
        .collect()
}

async fn late_steps_are_kept_up_to_a_bound(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    li.send_steps(&sitting, &many(&sitting, 1, 30))
        .await
        .expect(200);
    stage.clock.advance(LIMIT_MS + 2_000);
    stage.tick().await;
    li.send_steps(&sitting, &many(&sitting, 31, 180))
        .await
        .problem(409, "attempt-closed");
    let detail = li
        .send_steps(&sitting, &many(&sitting, 171, 240))
        .await
        .problem(413, "too-large");
    assert!(detail.contains("200 步"), "{detail}");
    // What is here already is not refused for coming again, nor counted twice.
    li.send_steps(&sitting, &many(&sitting, 1, 230))
        .await
        .problem(409, "attempt-closed");
    li.send_steps(&sitting, &many(&sitting, 231, 231))
        .await
        .problem(413, "too-large");
    let late = "steps WHERE late";
    assert_eq!(stage.count(late).await, 200);
    assert_eq!(stage.count("steps").await, 230);
}

/// Exports as a stranger gets it, and says what is off about it.
async fn deviations(stage: &Stage, round: &str, tamper: impl FnOnce(&mut Value)) -> Vec<String> {
    let file = stage.app.export_round(ACTOR, round, People::Named).await;
    let mut file = serde_json::to_value(file.expect("an export")).expect("JSON");
    tamper(&mut file);
    let bytes = serde_json::to_vec(&file).expect("bytes");
    let file = RoundFile::read(&bytes).expect("a file");
    auditor::verify(&file).deviations
}

async fn accepted_late_steps_change_the_grade_and_not_the_receipt_and_it_verifies(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    li.send_steps(&sitting, &[sitting.step(1, 1, &answers[0])])
        .await
        .expect(200);
    stage.clock.advance(LIMIT_MS + 2_000);
    stage.tick().await;
    let shown = async || {
        let path = format!("/api/v1/attempts/{}", sitting.attempt);
        li.get(&path).await.expect(200).json()
    };
    let receipt = shown().await["receipt"].clone();
    li.send_steps(&sitting, &[sitting.step(2, 2, &answers[1])])
        .await
        .problem(409, "attempt-closed");
    let before = stage.points(&sitting.attempt).await;
    stage
        .app
        .accept_late_steps(ACTOR, &sitting.attempt, "会场断网")
        .await
        .expect("accepted");
    stage.take_in(&round).await;
    assert!(stage.points(&sitting.attempt).await > before);
    assert_eq!(shown().await["receipt"], receipt);
    assert_eq!(shown().await["finished"], "2026-03-02T10:40:00.000+08:00");

    assert_eq!(
        deviations(&stage, &round.id, |_| {}).await,
        Vec::<String>::new()
    );
    let steps = |file: &Value| {
        file["attempts"][0]["steps"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    let late = deviations(&stage, &round.id, |file| {
        let place = steps(file)
            .iter()
            .position(|step| step["late"] == json!(true));
        let step = &mut file["attempts"][0]["steps"][place.expect("a late step")];
        assert!(step["accepted_at_ms"].is_number(), "{step}");
        step["accepted_at_ms"] = Value::Null;
    });
    assert!(!late.await.is_empty(), "an acceptance cannot be taken out");
    let punctual = deviations(&stage, &round.id, |file| {
        let step = &mut file["attempts"][0]["steps"][1];
        step["late"] = json!(false);
        step["accepted_at_ms"] = Value::Null;
    });
    assert!(!punctual.await.is_empty(), "nor can it be made punctual");
    let forged = deviations(&stage, &round.id, |file| {
        file["attempts"][0]["steps"][1]["answer"] = Value::Null;
    });
    assert!(!forged.await.is_empty(), "nor can its answer be taken away");
}

async fn a_void_attempt_beside_a_second_one_verifies(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let first = li.sit(&stage, &round, 2).await;
    stage
        .app
        .void_attempt(ACTOR, &first.attempt, "替考")
        .await
        .expect("void");
    li.sit(&stage, &round, 8).await;
    stage.take_in(&round).await;
    stage.tick().await;
    assert_eq!(
        deviations(&stage, &round.id, |_| {}).await,
        Vec::<String>::new()
    );
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(board["standings"][0]["points"], json!(18));
    let revived = deviations(&stage, &round.id, |file| {
        let attempts = file["attempts"].as_array_mut().expect("attempts");
        let void = attempts.iter_mut().find(|each| each["state"] == "void");
        void.expect("a void one")["state"] = json!("handed_in");
    });
    assert!(!revived.await.is_empty(), "one chance, not two");
}
