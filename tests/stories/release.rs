//! When points and keys may be seen: at the close, at the hand-in, by hand; and by nobody before.

use serde_json::{Value, json};
use yikouqing::contest::round::{Release, Round};

use crate::{
    stage::{
        ACTOR, Stage,
        cadre::{Cadre, Sitting},
        reply::assert_no_keys,
    },
    stories,
};

stories! {
    at_the_close_everything_is_shown_and_nothing_before,
    at_the_hand_in_the_points_and_keys_at_the_close,
    by_hand_nothing_before_the_announcement,
    the_secret_is_public_only_after_release,
    an_open_attempt_shows_no_keys_even_beside_a_finished_one,
}

/// Looks at everything a cadre can reach.
async fn look_everywhere(li: &Cadre, round: &Round, sitting: &Sitting) {
    let own = &sitting.attempt;
    for path in [
        "/".to_owned(),
        format!("/attempts/{own}"),
        format!("/attempts/{own}/card"),
        format!("/api/v1/attempts/{own}"),
        "/api/v1/rounds".to_owned(),
        format!("/rounds/{}/start", round.id),
        format!("/rounds/{}/board", round.id),
        format!("/rounds/{}/projector", round.id),
        format!("/api/v1/rounds/{}/board", round.id),
        format!("/api/v1/rounds/{}/board?of=units", round.id),
    ] {
        let reply = li.get(&path).await;
        assert!(reply.status < 400, "{path}: {}", reply.text);
    }
}

/// Answers every question somehow, but never in the words of the key.
async fn sit_carelessly(li: &Cadre, round: &Round) -> Sitting {
    let sitting = li.start(round).await;
    let steps: Vec<Value> = (1..)
        .zip(sitting.questions())
        .map(|(number, asked)| {
            let answer = match asked["kind"].as_str() {
                Some("multiple") => json!(["A"]),
                Some("blanks") => json!(["七", "某局"]),
                Some("recall") => json!("想不起来"),
                _ => json!("A"),
            };
            sitting.step(number, number, &answer)
        })
        .collect();
    li.send_steps(&sitting, &steps).await.expect(200);
    look_everywhere(li, round, &sitting).await;
    li.start(round).await;
    li.submit(&sitting, &json!({})).await.expect(200);
    sitting
}

async fn all_is_shown(li: &Cadre, sitting: &Sitting) {
    let outcome = li.outcome(sitting).await;
    assert_eq!(outcome["questions"].as_array().map(Vec::len), Some(8));
    for question in outcome["questions"].as_array().expect("questions") {
        assert!(
            !question["key"].as_array().expect("a key").is_empty(),
            "{question}"
        );
        assert!(
            question["rationale_html"]
                .as_str()
                .is_some_and(|text| text.contains("暗记"))
        );
        assert!(
            question["source"]
                .as_str()
                .is_some_and(|text| text.contains("第"))
        );
    }
    let page = li
        .get(&format!("/attempts/{}", sitting.attempt))
        .await
        .expect(200);
    assert!(page.text.contains("暗记"));
}

async fn at_the_close_everything_is_shown_and_nothing_before(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = sit_carelessly(&li, &round).await;
    look_everywhere(&li, &round, &sitting).await;
    assert_no_keys(&stage.door.replies());
    assert_eq!(li.outcome(&sitting).await, Value::Null);
    assert_eq!(li.board(&round, "").await["standings"], json!([]));
    stage.take_in(&round).await;
    all_is_shown(&li, &sitting).await;
}

async fn at_the_hand_in_the_points_and_keys_at_the_close(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let li = stage.cadre("李建国").await;
    let sitting = sit_carelessly(&li, &round).await;
    look_everywhere(&li, &round, &sitting).await;
    assert_no_keys(&stage.door.replies());
    stage.tick().await;
    let outcome = li.outcome(&sitting).await;
    assert!(outcome["points"].is_number(), "{outcome}");
    assert_eq!(
        outcome["questions"][0]
            .as_object()
            .map(serde_json::Map::len),
        Some(2),
        "number and what was given: {outcome}"
    );
    let repeated = li.submit(&sitting, &json!({})).await.expect(200).json();
    assert_eq!(repeated["outcome"], outcome);
    assert_eq!(
        li.board(&round, "").await["standings"][0]["points"],
        outcome["points"]
    );
    stage.take_in(&round).await;
    all_is_shown(&li, &sitting).await;
}

async fn by_hand_nothing_before_the_announcement(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::Hand)
        .await;
    let li = stage.cadre("李建国").await;
    let sitting = sit_carelessly(&li, &round).await;
    assert!(
        stage.app.announce_round(ACTOR, &round.id).await.is_err(),
        "only what is closed"
    );
    stage.take_in(&round).await;
    look_everywhere(&li, &round, &sitting).await;
    assert_no_keys(&stage.door.replies());
    assert_eq!(li.outcome(&sitting).await, Value::Null);
    assert_eq!(li.board(&round, "").await["standings"], json!([]));
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("the announcement");
    stage.tick().await;
    all_is_shown(&li, &sitting).await;
    assert_eq!(li.board(&round, "").await["standings"][0]["name"], "李建国");
}

async fn the_secret_is_public_only_after_release(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let secret = round.secret.clone().expect("a secret");
    let organizer = stage.cadre("周敏").await;
    let li = stage.cadre("李建国").await;
    let sitting = sit_carelessly(&li, &round).await;
    look_everywhere(&li, &round, &sitting).await;
    let page = organizer
        .get(&format!("/rounds/{}", round.id))
        .await
        .expect(200);
    assert!(
        page.text.contains(&round.secret_hash),
        "its hash is published at the seal"
    );
    organizer.get("/rounds").await.expect(200);
    stage.take_in(&round).await;
    assert!(
        stage
            .door
            .replies()
            .iter()
            .all(|reply| !reply.text.contains(&secret))
    );
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("the announcement");
    let page = organizer
        .get(&format!("/rounds/{}", round.id))
        .await
        .expect(200);
    assert!(page.text.contains(&secret));
}

async fn an_open_attempt_shows_no_keys_even_beside_a_finished_one(stage: Stage) {
    let round = stage
        .round(|draft| {
            draft.rules.release = Release::HandIn;
            draft.rules.attempts = 2;
        })
        .await;
    let li = stage.cadre("李建国").await;
    let first = sit_carelessly(&li, &round).await;
    let second = li.start(&round).await;
    look_everywhere(&li, &round, &first).await;
    look_everywhere(&li, &round, &second).await;
    assert_no_keys(&stage.door.replies());
    assert_eq!(li.outcome(&second).await, Value::Null);
}
