//! 练习包 and the link into the phone's own browser: keys only where practice would tell them; one use, one person.

use serde_json::{Value, json};
use yikouqing::contest::round::Release;

use crate::{
    practice::DAY_MS,
    stage::{HOUR_MS, MINUTE_MS, Stage, cadre::Cadre},
    stories,
};

stories! {
    a_pack_holds_what_may_be_practised_and_takes_answers_once,
    what_is_ticked_on_the_phone_is_what_counts,
    who_sits_a_paper_gets_no_pack_and_its_questions_wait_for_the_keys,
    a_link_signs_the_same_person_in_once,
    a_link_dies_with_its_time_its_session_and_the_next_link,
}

const PACKS: &str = "/api/v1/practice/packs";

async fn pack(cadre: &Cadre, topics: &[&str]) -> Value {
    let body = json!({ "topics": topics });
    cadre.post(PACKS, &body).await.expect(200).json()
}

fn stems(pack: &Value) -> Vec<String> {
    let questions = pack["questions"].as_array().expect("questions");
    let stem = |question: &Value| question["stem"].as_str().expect("a stem").to_owned();
    questions.iter().map(stem).collect()
}

/// What the pack's own key says, as a phone would send it.
fn by_key(seq: i64, question: &Value) -> Value {
    let mut step = json!({ "seq": seq, "number": question["number"], "answer": null });
    if let Some(elements) = question["elements"].as_array() {
        step["ticked"] = (0..elements.len()).collect();
    } else {
        step["answer"] = answer_by_key(question);
    }
    step
}

fn answer_by_key(question: &Value) -> Value {
    match question["kind"].as_str().expect("a kind") {
        "single" | "judgement" => question["key"][0].clone(),
        "multiple" => question["key"].clone(),
        _ => {
            let accepted = question["accepted"].as_array().expect("blanks");
            accepted.iter().map(|ways| ways[0].clone()).collect()
        }
    }
}

async fn a_pack_holds_what_may_be_practised_and_takes_answers_once(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let made = pack(&li, &[]).await;
    let questions = made["questions"].as_array().expect("questions");
    assert!(questions.len() > 10, "{}", questions.len());
    let keep: Vec<&str> = made["keep"]
        .as_array()
        .expect("addresses")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for address in &keep {
        li.get(address).await.expect(200);
    }
    assert!(keep.contains(&"/practice/offline") && keep.contains(&"/lookup"));

    let id = made["id"].as_str().expect("an id");
    let path = format!("/api/v1/practice/{id}/steps");
    let steps: Vec<Value> = questions
        .iter()
        .zip(1001..)
        .map(|(question, seq)| by_key(seq, question))
        .collect();
    for _ in 0..2 {
        let reply = li.post(&path, &json!({ "steps": steps })).await;
        assert_eq!(reply.expect(200).json()["rejected"], json!([]));
    }
    let mut tx = stage.app.store.read().await.expect("a snapshot");
    let person = stage.person("李建国").await;
    let told = yikouqing::store::practice::told_to(&mut tx, &person.id)
        .await
        .expect("answers");
    drop(tx);
    assert_eq!(told.len(), questions.len(), "each once");
    for each in &told {
        assert_eq!(
            each.held.text(),
            "right",
            "{}: the pack's key is the key",
            each.question.0
        );
    }
    assert!(
        !li.get("/practice").await.text.contains("接着练"),
        "a pack goes on on the phone"
    );

    let of = questions[0]["topic"].as_str().expect("a topic");
    let one = pack(&li, &[of]).await;
    let topics = one["questions"].as_array().expect("questions").iter();
    assert!(topics.clone().count() > 0);
    assert!(topics.into_iter().all(|question| question["topic"] == of));
    li.post(PACKS, &json!({ "topics": ["没有这个专题"] }))
        .await
        .problem(409, "conflict");
    li.post(PACKS, &json!({ "topics": 1 }))
        .await
        .problem(400, "bad-request");
}

async fn who_sits_a_paper_gets_no_pack_and_its_questions_wait_for_the_keys(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::Close)
        .await;
    let li = stage.cadre("李建国").await;
    let before = stems(&pack(&li, &[]).await);
    let sitting = li.start(&round).await;
    li.post(PACKS, &json!({})).await.problem(409, "conflict");
    li.get("/practice/offline").await.expect(409);
    li.submit(&sitting, &json!({})).await.expect(200);
    let desk_stems: Vec<String> = sitting
        .questions()
        .iter()
        .map(|question| question["stem_html"].as_str().expect("a stem").to_owned())
        .collect();
    let during = stems(&pack(&li, &[]).await);
    let under_seal = |stems: &[String]| {
        let sealed = desk_stems.iter();
        sealed.filter(|stem| stems.contains(stem)).count()
    };
    assert!(under_seal(&before) > 0, "the paper is of the open bank");
    assert_eq!(under_seal(&during), 0);
    stage.clock.advance(3 * HOUR_MS);
    stage.tick().await;
    assert!(
        under_seal(&stems(&pack(&li, &[]).await)) > 0,
        "the keys are out"
    );
}

/// The path of a fresh link.
async fn link(cadre: &Cadre) -> String {
    let page = cadre.form("/practice/offline/link", "").await.expect(200);
    let found = page.text.split("value=\"http").nth(1).expect("a link");
    let link = found.split('"').next().unwrap_or_default();
    let link = link.replace("&#x2f;", "/");
    let (_, path) = link.split_once("kq.example").expect("our address");
    path.to_owned()
}

async fn a_link_signs_the_same_person_in_once(stage: Stage) {
    let li = stage.cadre("李建国").await;
    stage.clock.advance(DAY_MS);
    let path = link(&li).await;
    let browser = Cadre::nobody(&stage.door);
    for _ in 0..2 {
        let page = browser.get(&path).await.expect(200);
        assert!(page.text.contains("李**") && !page.text.contains("李建国"));
        assert!(
            !page.headers.contains_key("set-cookie"),
            "a look signs nobody in"
        );
    }
    let entered = browser.form(&path, "enter=yes").await.expect(303);
    assert_eq!(entered.header("location"), "/practice/offline");
    let cookie = entered.header("set-cookie").split(';').next();
    let other = Cadre {
        door: stage.door.clone(),
        cookie: cookie.expect("a cookie").to_owned(),
    };
    assert!(other.get("/").await.expect(200).text.contains("李建国"));
    browser.form(&path, "enter=yes").await.expect(401);
    browser.get(&path).await.expect(401);
    // Both sessions end sixty days after the ticket was shown, not after the link was used.
    stage.clock.advance(58 * DAY_MS);
    other.get("/me").await.expect(200);
    stage.clock.advance(DAY_MS);
    other.get("/me").await.expect(401);
}

async fn a_link_dies_with_its_time_its_session_and_the_next_link(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let nobody = Cadre::nobody(&stage.door);
    let (first, second) = (link(&li).await, link(&li).await);
    nobody.get(&first).await.expect(401);
    nobody.get(&second).await.expect(200);
    stage.clock.advance(10 * MINUTE_MS);
    nobody.form(&second, "").await.expect(401);
    let third = link(&li).await;
    li.form("/sign-out", "").await.expect(303);
    nobody.get(&third).await.expect(401);
    nobody.form(&third, "").await.expect(401);
}

/// 口答 without signal: the elements ticked are those that count, whatever their words sound like; each sending once.
/// (The questions on the stage have three elements.)
async fn what_is_ticked_on_the_phone_is_what_counts(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let made = pack(&li, &[]).await;
    let questions = made["questions"].as_array().expect("questions");
    let spoken = questions.iter().find(|each| each["kind"] == "recall");
    let spoken = spoken.expect("a spoken question");
    let elements = spoken["elements"].as_array().expect("elements").len();
    let other = questions.iter().find(|each| each["kind"] != "recall");
    let id = made["id"].as_str().expect("an id");
    let path = format!("/api/v1/practice/{id}/steps");
    let step = |seq: i64, question: &Value, ticked: Value| json!({ "seq": seq, "number": question["number"], "answer": null, "ticked": ticked });
    let bad = [
        step(1001, spoken, json!([elements])),
        step(1002, spoken, json!(vec![0; elements + 1])),
        step(1003, other.expect("another kind"), json!([0])),
    ];
    let reply = li.post(&path, &json!({ "steps": bad })).await;
    let rejected = reply.expect(200).json()["rejected"].clone();
    assert_eq!(rejected.as_array().map(Vec::len), Some(3), "{rejected}");
    let good = [step(1004, spoken, json!([0, elements - 1]))];
    for _ in 0..2 {
        let reply = li.post(&path, &json!({ "steps": good })).await;
        assert_eq!(reply.expect(200).json()["rejected"], json!([]));
    }
    assert_eq!(
        stage.count("practice_marks WHERE mark = 'overrule'").await,
        2
    );
    let held = stage.texts("SELECT held FROM practice_steps").await;
    assert_eq!(held, ["partly"]);
    let number = &spoken["number"];
    let told = li.get(&format!("/practice/goes/{id}?q={number}")).await;
    let told = told.expect(200).text;
    assert_eq!(told.matches("你说说到了").count(), 2, "{told}");
    assert_eq!(told.matches("✗ 没说到").count(), elements - 2, "{told}");
}
