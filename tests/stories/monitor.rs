//! 监考 and 作答核对: who is where, live; what a rank rests on; staff who sit themselves; what is written down of it all.

use axum::{body::Body, http::Method};
use futures::StreamExt;
use serde_json::{Value, json};
use yikouqing::{
    app::auditor,
    contest::round::{Release, Round},
    exchange::round_file::People,
};

use crate::{
    stage::{ACTOR, HOUR_MS, MINUTE_MS, Stage, cadre::Cadre},
    stories,
};

stories! {
    the_monitor_tells_who_is_where_and_how_far,
    events_tell_what_changed,
    more_time_wants_a_reason_and_every_act_says_before_and_after,
    a_rank_is_followed_down_to_the_answer,
    staff_who_sit_themselves_are_flagged_with_what_they_looked_at,
    the_own_row_leads_to_the_attempt_that_counts,
}

async fn id_of(stage: &Stage, name: &str) -> String {
    let sql = format!("SELECT id FROM persons WHERE name = '{name}'");
    stage.text(&sql).await
}

async fn the_monitor_tells_who_is_where_and_how_far(stage: Stage) {
    let round = stage.round(|draft| draft.unit = "桃源村".into()).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let his = li.start(&round).await;
    let answers = stage.right_answers(&his).await;
    let steps = [
        his.step(1, 1, &answers[0]),
        his.step(2, 2, &answers[1]),
        his.step(3, 3, &answers[2]),
        // Changed and taken back: only what stands is counted.
        his.step(4, 1, &answers[0]),
        his.step(5, 3, &Value::Null),
    ];
    stage.clock.advance(MINUTE_MS);
    li.send_steps(&his, &steps).await.expect(200);
    wang.sit(&stage, &round, 8).await;
    stage.clock.advance(42_000);
    let organizer = stage.cadre("周敏").await;
    let page = organizer
        .get(&format!("/rounds/{}/monitor", round.id))
        .await
        .expect(200)
        .text;
    for told in [
        "data-total=\"sitting\">1</dd>",
        "data-total=\"handed_in\">1</dd>",
        "data-total=\"not_started\">3</dd>",
        ">2 题</td>",
        ">8 题</td>",
        "42 秒前",
        "<noscript><meta http-equiv=\"refresh\"",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

/// Reads one event after another, as an `EventSource` does.
async fn events(organizer: &Cadre, stage: &Stage, round: &Round) -> impl AsyncFnMut() -> Value {
    let path = format!("/rounds/{}/monitor/events", round.id);
    let request = organizer.request(Method::GET, &path).body(Body::empty());
    let response = stage.door.open(request.expect("a request")).await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body().into_data_stream();
    async move || {
        let bytes = body.next().await.expect("an event").expect("bytes");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let data = text.trim().strip_prefix("data: ").expect("data");
        serde_json::from_str(data).expect("JSON")
    }
}

async fn events_tell_what_changed(stage: Stage) {
    let round = stage.round(|draft| draft.unit = "桃源村".into()).await;
    let organizer = stage.cadre("周敏").await;
    let mut next = events(&organizer, &stage, &round).await;
    let first = next().await;
    assert_eq!(first["totals"]["not_started"], 5);
    assert_eq!(first["seats"].as_array().map(Vec::len), Some(5));
    assert_eq!(first["state"], "open");
    stage.cadre("李建国").await.start(&round).await;
    let second = next().await;
    assert_eq!(second["totals"]["sitting"], 1);
    let changed = second["seats"].as_array().expect("seats");
    assert_eq!(changed.len(), 1, "only what changed");
    assert_eq!(
        (
            &changed[0]["name"],
            &changed[0]["state"],
            &changed[0]["deadline"]
        ),
        (&json!("李建国"), &json!("sitting"), &json!("10:40"))
    );
}

async fn more_time_wants_a_reason_and_every_act_says_before_and_after(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let organizer = stage.cadre("周敏").await;
    let page = format!("/rounds/{}", round.id);
    let act = async |action: &str, fields: &str| {
        organizer.form(&format!("{page}/{action}"), fields).await
    };
    let refused = act("extend", "minutes=5&reason=++").await;
    assert!(refused.page(409).contains("请写明原因"));
    assert!(
        act("extend", "minutes=five&reason=x")
            .await
            .page(409)
            .contains("延长的时间")
    );
    let li = id_of(&stage, "李建国").await;
    let extend = format!("/rounds/{}/entrants/{li}/extend", round.id);
    let refused = organizer.form(&extend, "minutes=5&reason=").await;
    assert!(refused.page(409).contains("请写明原因"));
    let to = act("extend", "minutes=5&reason=网络中断&back=monitor")
        .await
        .expect(303);
    assert_eq!(
        to.header("location"),
        format!("{page}/monitor"),
        "back to where the form stands"
    );
    act("pause", "reason=停电").await.expect(303);
    stage.clock.advance(MINUTE_MS);
    act("resume", "").await.expect(303);
    act("close", "sure=yes").await.expect(303);
    act("announce", "").await.expect(303);
    for (name, key, before, after) in [
        (
            "extend-round",
            "extension_ms",
            json!(0),
            json!(5 * MINUTE_MS),
        ),
        ("pause-round", "paused", json!(false), json!(true)),
        ("resume-round", "paused", json!(true), json!(false)),
        (
            "announce-round",
            "state",
            json!("closed"),
            json!("announced"),
        ),
        ("close-round", "state", json!("sealed"), json!("closed")),
        ("announce-round", "keys_shown", json!(true), json!(true)),
    ] {
        let sql = format!("SELECT detail FROM acts WHERE act = '{name}'");
        let detail: Value = serde_json::from_str(&stage.text(&sql).await).expect("JSON");
        assert_eq!(
            (&detail["before"][key], &detail["after"][key]),
            (&before, &after),
            "{name}: {detail}"
        );
    }
    let resumed = stage
        .text("SELECT detail FROM acts WHERE act = 'resume-round'")
        .await;
    let resumed: Value = serde_json::from_str(&resumed).expect("JSON");
    let ends = |when: &str| {
        resumed[when]["window_ends_at_ms"]
            .as_i64()
            .expect("an instant")
    };
    assert_eq!(ends("after") - ends("before"), MINUTE_MS);
    let ended = stage
        .text("SELECT detail FROM acts WHERE act = 'end-window'")
        .await;
    let ended: Value = serde_json::from_str(&ended).expect("JSON");
    let planned = round.closes_at_ms + 6 * MINUTE_MS;
    assert_eq!(ended["before"]["window_ends_at_ms"], planned);
    assert_eq!(
        ended["after"]["window_ends_at_ms"],
        planned - 2 * HOUR_MS - 5 * MINUTE_MS
    );
}

async fn a_rank_is_followed_down_to_the_answer(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::Hand)
        .await;
    let (li, organizer) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    let sitting = li.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    li.send_steps(
        &sitting,
        &[
            sitting.step(1, 1, &Value::Null),
            sitting.step(2, 1, &answers[0]),
        ],
    )
    .await
    .expect(200);
    let path = format!("/rounds/{}/attempts/{}", round.id, sitting.attempt);
    let looks = async |act: &str| stage.count(&format!("acts WHERE act = '{act}'")).await;
    let open = organizer.get(&path).await.expect(200);
    assert_eq!(open.key_material(), Vec::<&str>::new(), "not while it runs");
    for told in [
        format!("{}", sitting.last_seq + 2),
        "清空".into(),
        "算数的一步".into(),
        "还没有收卷".into(),
    ] {
        assert!(open.text.contains(&told), "{told}: {}", open.text);
    }
    assert_eq!(
        (looks("look-at-answers").await, looks("look-at-keys").await),
        (1, 0)
    );

    li.submit(&sitting, &json!({})).await.expect(200);
    stage.take_in(&round).await;
    stage.tick().await;
    let closed = organizer.get(&path).await.expect(200).text;
    for told in [
        "最高分",
        "第 1 名",
        "✓ 选对",
        "答对",
        "正确答案",
        "交卷凭证",
        "依据：",
    ] {
        assert!(closed.contains(told), "{told}: {closed}");
    }
    assert_eq!(
        (looks("look-at-answers").await, looks("look-at-keys").await),
        (1, 1)
    );
    let board = organizer.board(&round, "division=村党组织书记组").await;
    let entrant = board["standings"][0]["details"]
        .as_str()
        .expect("an address");
    let page = organizer.get(entrant).await.expect(200).text;
    assert!(
        page.contains(&path),
        "from the row to the person to the attempt: {page}"
    );
    // Nobody else comes this way, and the keys of a round released by hand are still nobody else's.
    li.get(&path).await.page(403);
    let other = stage.round(|_| {}).await;
    let crossed = format!("/rounds/{}/attempts/{}", other.id, sitting.attempt);
    organizer.get(&crossed).await.page(404);
    // A look changes nothing: the round's export stays the whole truth.
    let log = organizer
        .get("/record?act=look-at-keys")
        .await
        .expect(200)
        .text;
    assert!(
        log.contains("镇内赛·笔试") && log.contains("李建国"),
        "{log}"
    );
}

async fn staff_who_sit_themselves_are_flagged_with_what_they_looked_at(stage: Stage) {
    let (he, organizer) = (stage.cadre("何静").await, stage.cadre("周敏").await);
    he.get("/bank/topics/救助政策").await.expect(200);
    stage.clock.advance(MINUTE_MS);
    let round = stage.round(|_| {}).await;
    let path = format!("/rounds/{}/monitor", round.id);
    let page = organizer.get(&path).await.expect(200).text;
    let flagged = page
        .split("自己也参赛的")
        .nth(1)
        .expect("a list")
        .split("</section>")
        .next();
    let flagged = flagged.expect("the list");
    for told in [
        "何静",
        "命题人员",
        "看过 1 次",
        "看题目答案",
        "救助政策",
        "周敏",
        "没有看过答案",
    ] {
        assert!(flagged.contains(told), "{told}: {flagged}");
    }
    assert!(!flagged.contains("李建国"));
    // What is looked at after the own attempt has ended could not help any more.
    he.sit(&stage, &round, 1).await;
    stage.clock.advance(MINUTE_MS);
    he.get("/bank/topics/救助政策").await.expect(200);
    assert!(
        organizer
            .get(&path)
            .await
            .expect(200)
            .text
            .contains("看过 1 次")
    );
    let log = organizer
        .get("/record?act=look-at-keys")
        .await
        .expect(200)
        .text;
    assert_eq!(log.matches("本人也参赛").count(), 2, "{log}");
    stage.take_in(&round).await;
    let person = id_of(&stage, "何静").await;
    for people in [People::Named, People::Masked] {
        let file = stage
            .app
            .export_round(ACTOR, &round.id, people)
            .await
            .expect("a file");
        let looks: Vec<usize> = file.conflicts.iter().map(|each| each.looks).collect();
        assert_eq!(looks.iter().sum::<usize>(), 1, "{:?}", file.conflicts);
        let named = file.conflicts.iter().any(|each| each.person == person);
        assert_eq!(named, people == People::Named);
        assert!(auditor::verify(&file).holds());
    }
    let page = organizer
        .get(&format!("/rounds/{}/entrants/{person}", round.id))
        .await;
    assert!(page.expect(200).text.contains("这个人也是命题人员"));
}

async fn the_own_row_leads_to_the_attempt_that_counts(stage: Stage) {
    let round = stage.round(|draft| draft.rules.attempts = 3).await;
    let li = stage.cadre("李建国").await;
    let own = format!("/rounds/{}/board/mine", round.id);
    li.get(&own).await.page(404);
    li.sit(&stage, &round, 1).await;
    let best = li.sit(&stage, &round, 8).await;
    li.sit(&stage, &round, 2).await;
    stage.take_in(&round).await;
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(board["standings"][0]["details"], own.as_str());
    let to = li.get(&own).await.expect(303);
    assert_eq!(to.header("location"), format!("/attempts/{}", best.attempt));
    let wang = stage.cadre("王秀兰").await;
    let board = wang.board(&round, "division=村党组织书记组").await;
    assert_eq!(
        board["standings"][0]["details"],
        Value::Null,
        "others' answers are theirs"
    );
}
