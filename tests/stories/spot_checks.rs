//! 抽问: an examiner draws, hears, ticks; online or not, with script or without it, and only whom they may examine.

use serde_json::{Value, json};
use yikouqing::people::Role;

use crate::{
    stage::{ACTOR, Stage, TOWNSHIP, cadre::Cadre},
    stories,
};

stories! {
    a_trial_is_asked_ticked_and_kept_on_its_sheet,
    steps_come_twice_out_of_order_and_count_once,
    nobody_examines_beyond_their_grant,
    who_sits_a_paper_draws_no_questions,
    plain_forms_do_the_same,
    a_session_outlives_its_bank_and_the_program,
}

pub(crate) async fn unit_id(stage: &Stage, name: &str) -> String {
    let (units, _) = stage.app.people().await.expect("units");
    let unit = units.into_iter().find(|unit| unit.name == name);
    unit.expect("a unit").id
}

pub(crate) async fn person_id(stage: &Stage, name: &str) -> String {
    let (_, persons) = stage.app.people().await.expect("people");
    let person = persons.into_iter().find(|person| person.name == name);
    person.expect("a person").id
}

pub(crate) async fn order(stage: &Stage, unit: &str, names: &[&str], event: Option<&str>) -> Value {
    let mut people = Vec::new();
    for name in names {
        people.push(person_id(stage, name).await);
    }
    json!({ "unit": unit_id(stage, unit).await, "people": people, "event": event, "questions": 2, "sorts": ["recall"] })
}

/// Begins a trial, or a session of the event: the desk as the phone gets it.
pub(crate) async fn begin(
    stage: &Stage,
    who: &Cadre,
    names: &[&str],
    event: Option<&str>,
) -> Value {
    let order = order(stage, TOWNSHIP, names, event).await;
    who.post("/api/v1/spot-checks", &order)
        .await
        .expect(201)
        .json()
}

pub(crate) fn path(desk: &Value) -> String {
    let id = desk["check"].as_str().expect("an id");
    format!("/api/v1/spot-checks/{id}")
}

pub(crate) fn page(desk: &Value, rest: &str) -> String {
    let id = desk["check"].as_str().expect("an id");
    format!("/spot-checks/{id}{rest}")
}

pub(crate) fn step(seq: i64, person: i64, number: i64, said: &[usize]) -> Value {
    json!({ "seq": seq, "person": person, "number": number, "mark": { "said": said, "comment": "" } })
}

/// Ticks everything of two questions of these many people, and ends.
pub(crate) async fn ask_all(who: &Cadre, desk: &Value, people: i64) {
    let steps: Vec<Value> = (0..people * 2)
        .map(|place| step(place + 1, place / 2 + 1, place % 2 + 1, &[0, 1, 2]))
        .collect();
    let steps = json!({ "steps": steps });
    who.post(&format!("{}/steps", path(desk)), &steps)
        .await
        .expect(200);
    who.post(&format!("{}/finish", path(desk)), &json!({}))
        .await
        .expect(200);
}

pub(crate) async fn judge(stage: &Stage, name: &str, unit: &str) -> Cadre {
    let granted = stage.app.grant(ACTOR, name, Role::Judge, unit);
    granted.await.expect("a grant");
    stage.cadre(name).await
}

async fn a_trial_is_asked_ticked_and_kept_on_its_sheet(stage: Stage) {
    let judge = judge(&stage, "张国庆", "桃源村").await;
    let village = order(&stage, "桃源村", &["李建国", "王秀兰"], None).await;
    let desk = judge
        .post("/api/v1/spot-checks", &village)
        .await
        .expect(201)
        .json();
    assert_eq!(desk["people"][0]["name"], "李建国");
    let asked = &desk["people"][0]["questions"][0];
    assert_eq!(asked["word"], "口答");
    assert_eq!(asked["parts"].as_array().expect("elements").len(), 3);
    assert!(
        asked["parts"][0]["html"]
            .as_str()
            .expect("html")
            .contains("<strong>暗语")
    );
    let comment = json!({ "seq": 3, "person": 1, "number": 1, "mark": { "said": [0, 2], "comment": "第二句要背熟" } });
    let steps = json!({ "steps": [step(1, 1, 1, &[0]), step(2, 1, 2, &[]), comment] });
    let kept = judge
        .post(&format!("{}/steps", path(&desk)), &steps)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&kept["acknowledged"], &kept["rejected"]),
        (&json!(3), &json!([]))
    );
    judge
        .post(&format!("{}/finish", path(&desk)), &json!({}))
        .await
        .expect(200);
    let sheet = judge.get(&page(&desk, "/sheet")).await.expect(200).text;
    assert!(
        sheet.contains("抽问情况表") && sheet.contains("试抽，不打分"),
        "{sheet}"
    );
    assert!(
        sheet.contains("✓ 暗语早查")
            && sheet.contains("✗ 暗语勤修")
            && sheet.contains("✓ 暗语细记")
    );
    assert!(sheet.contains("第二句要背熟") && sheet.contains("没问") && sheet.contains("请看："));
    assert!(!sheet.contains("得分"), "a trial carries no points");
    let acts = stage
        .texts("SELECT act FROM acts WHERE act LIKE '%spot-check' ORDER BY act")
        .await;
    assert_eq!(acts, ["finish-spot-check", "start-spot-check"]);
    assert_eq!(stage.count("acts WHERE act = 'look-at-keys'").await, 0);
    assert_eq!(stage.count("spot_entries").await, 0);
}

async fn steps_come_twice_out_of_order_and_count_once(stage: Stage) {
    let judge = judge(&stage, "张国庆", TOWNSHIP).await;
    let desk = begin(&stage, &judge, &["李建国"], None).await;
    let steps = format!("{}/steps", path(&desk));
    let late = json!({ "steps": [step(9, 1, 1, &[0, 1])] });
    judge.post(&steps, &late).await.expect(200);
    let early = json!({ "steps": [step(2, 1, 1, &[2]), step(9, 1, 1, &[0, 1])] });
    let kept = judge.post(&steps, &early).await.expect(200).json();
    assert_eq!(
        kept["rejected"],
        json!([]),
        "the same step again is harmless"
    );
    assert_eq!(stage.count("spot_check_steps").await, 2);
    // Another content under a number that is taken; a question, a part and a number that there are not.
    let wrong = json!({ "steps": [step(9, 1, 1, &[]), step(10, 1, 3, &[]), step(11, 1, 1, &[3]), step(0, 1, 1, &[])] });
    let kept = judge.post(&steps, &wrong).await.expect(200).json();
    let codes: Vec<&Value> = kept["rejected"]
        .as_array()
        .expect("four")
        .iter()
        .map(|each| &each["code"])
        .collect();
    assert_eq!(codes, ["seq-reused", "bad-step", "bad-step", "bad-step"]);
    assert_eq!(kept["highest"], 9);
    let desk = judge.get(&path(&desk)).await.expect(200).json();
    assert_eq!(
        desk["marks"],
        json!([{ "person": 1, "number": 1, "mark": { "said": [0, 1], "comment": "" } }])
    );
    // 没问, after all.
    let back = json!({ "steps": [{ "seq": 12, "person": 1, "number": 1, "mark": null }] });
    judge.post(&steps, &back).await.expect(200);
    assert_eq!(judge.get(&path(&desk)).await.json()["marks"], json!([]));
    judge
        .post(&format!("{}/finish", path(&desk)), &json!({}))
        .await
        .expect(200);
    let closed = judge
        .post(&steps, &json!({ "steps": [step(13, 1, 1, &[])] }))
        .await;
    closed.problem(409, "attempt-closed");
    judge.form(&page(&desk, "/resume"), "").await.expect(303);
    judge
        .post(&steps, &json!({ "steps": [step(13, 1, 1, &[])] }))
        .await
        .expect(200);
}

async fn nobody_examines_beyond_their_grant(stage: Stage) {
    let judge = judge(&stage, "张国庆", "桃源村").await;
    let beyond = order(&stage, "石桥村", &["孙德明"], None).await;
    judge
        .post("/api/v1/spot-checks", &beyond)
        .await
        .problem(404, "not-found");
    let smuggled = order(&stage, "桃源村", &["孙德明"], None).await;
    judge
        .post("/api/v1/spot-checks", &smuggled)
        .await
        .problem(404, "not-found");
    let list = judge.get("/spot-checks/new").await.expect(200).text;
    assert!(list.contains("桃源村") && !list.contains("石桥村"));
    let cadre = stage.cadre("李建国").await;
    cadre.get("/spot-checks").await.page(403);
    cadre
        .post("/api/v1/spot-checks", &smuggled)
        .await
        .problem(403, "not-allowed");
    // Another examiner's session is nobody else's.
    let village = order(&stage, "桃源村", &["李建国"], None).await;
    let desk = judge
        .post("/api/v1/spot-checks", &village)
        .await
        .expect(201)
        .json();
    let trainer = stage.cadre("何静").await;
    trainer.get(&path(&desk)).await.problem(404, "not-found");
    let organizer = stage.cadre("周敏").await;
    organizer.get(&page(&desk, "/sheet")).await.expect(200);
    organizer.get(&path(&desk)).await.problem(404, "not-found");
}

async fn who_sits_a_paper_draws_no_questions(stage: Stage) {
    let judge = judge(&stage, "张国庆", "").await;
    let round = stage.round(|_| {}).await;
    let sitting = judge.start(&round).await;
    let order = order(&stage, TOWNSHIP, &["李建国"], None).await;
    let detail = judge
        .post("/api/v1/spot-checks", &order)
        .await
        .problem(409, "conflict");
    assert!(detail.contains("交卷以后"), "{detail}");
    judge.submit(&sitting, &json!({})).await.expect(200);
    // The recall question of the own paper is not released yet: of three, two are left.
    let mut three = order.clone();
    three["questions"] = json!(2);
    judge
        .post("/api/v1/spot-checks", &three)
        .await
        .problem(409, "conflict");
    stage.take_in(&round).await;
    judge.post("/api/v1/spot-checks", &three).await.expect(201);
}

async fn plain_forms_do_the_same(stage: Stage) {
    let judge = judge(&stage, "张国庆", "桃源村").await;
    let village = unit_id(&stage, "桃源村").await;
    let chooser = judge
        .get(&format!("/spot-checks/new?unit={village}"))
        .await
        .expect(200)
        .text;
    assert!(chooser.contains("李建国") && !chooser.contains("value=\"张国庆\""));
    let person = person_id(&stage, "李建国").await;
    let nobody = judge
        .form(
            "/spot-checks",
            &format!("unit={village}&questions=2&sort=recall"),
        )
        .await;
    assert!(nobody.page(400).contains("请先选人"));
    let many = format!("unit={village}&person={person}&questions=9&sort=recall");
    assert!(
        judge
            .form("/spot-checks", &many)
            .await
            .page(409)
            .contains("道这样的题")
    );
    let order = format!("unit={village}&person={person}&questions=2&sort=recall");
    let begun = judge.form("/spot-checks", &order).await.expect(303);
    let at = begun.header("location").to_owned();
    assert!(judge.get(&at).await.page(200).contains("第 1 题，共 2 题"));
    let next = judge
        .form(
            &format!("{at}/mark"),
            "person=1&number=1&said=0&said=1&comment=%E5%A5%BD&go=next",
        )
        .await
        .expect(303);
    assert!(next.header("location").ends_with("?person=1&number=2"));
    // Looking back sets nothing down.
    let back = judge
        .form(&format!("{at}/mark"), "person=1&number=2&comment=&go=prev")
        .await
        .expect(303);
    assert!(back.header("location").ends_with("?person=1&number=1"));
    assert_eq!(stage.count("spot_check_steps").await, 1);
    let long = format!(
        "person=1&number=2&comment={}&go=next",
        "%E5%A5%BD".repeat(501)
    );
    assert!(
        judge
            .form(&format!("{at}/mark"), &long)
            .await
            .page(409)
            .contains("点评太长")
    );
    judge
        .form(&format!("{at}/mark"), "person=1&number=2&go=next")
        .await
        .expect(303);
    assert!(
        judge
            .get(&format!("{at}/card"))
            .await
            .page(200)
            .contains("都问完了")
    );
    let sheet = judge.form(&format!("{at}/finish"), "").await.expect(303);
    let sheet = judge.get(sheet.header("location")).await.expect(200).text;
    assert!(
        sheet.contains("✓ 暗语早查") && !sheet.contains("没问<"),
        "{sheet}"
    );
    judge.get("/spot-checks/new?unit=%00").await.page(404);
    judge.get("/spot-checks/%00").await.page(404);
    judge.get("/spot-checks/new?event=%00").await.page(404);
}

async fn a_session_outlives_its_bank_and_the_program(mut stage: Stage) {
    let judge = judge(&stage, "张国庆", "").await;
    let desk = begin(&stage, &judge, &["李建国"], None).await;
    let stem = desk["people"][0]["questions"][0]["stem_html"].clone();
    stage.edit("relief.md", "三句口诀", "三句新口诀");
    stage.app.publish(&stage.bank).await.expect("the bank");
    stage.restart().await;
    let again = judge.get(&path(&desk)).await.expect(200).json();
    assert_eq!(again["people"][0]["questions"][0]["stem_html"], stem);
    ask_all(&judge, &again, 1).await;
    let sheet = judge.get(&page(&desk, "/sheet")).await.expect(200).text;
    assert!(!sheet.contains("三句新口诀") && sheet.contains("✓ 暗语早查"));
}
