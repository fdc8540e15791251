//! Whatever is sent, the answer has the right status, says in Chinese what is wrong, and nothing is half-done.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{
    stage::{Stage, cadre::Cadre},
    stories,
};

stories! {
    malformed_json_is_refused_and_nothing_kept,
    unknown_fields_are_ignored,
    what_is_too_large_is_refused,
    unknown_addresses_ids_and_methods,
    round_forms_with_nonsense_say_what_is_wrong,
    answer_forms_with_nonsense,
    every_page_and_reply_is_guarded,
}

async fn malformed_json_is_refused_and_nothing_kept(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let path = sitting.steps_address();
    for body in [
        "",
        "{",
        "null",
        "[]",
        "3",
        "{}",
        r#"{"steps": null}"#,
        r#"{"steps": [{}]}"#,
        r#"{"steps": [{"seq": "1000001", "number": 1}]}"#,
        r#"{"steps": [{"seq": 1000001.5, "number": 1}]}"#,
        r#"{"steps": [{"seq": 99999999999999999999, "number": 1}]}"#,
        r#"{"steps": [{"seq": 1000001, "number": -1}]}"#,
        r#"{"steps": [{"seq": 1000001, "number": 1, "elapsed_ms": "soon"}]}"#,
        "{\"steps\": [{\"seq\": 1000001, \"number\": 1, \"answer\": \"\u{1}\"}]}",
    ] {
        li.post_text(&path, "application/json", body)
            .await
            .problem(400, "bad-request");
    }
    let not_text =
        b"{\"steps\": [{\"seq\": 1000001, \"number\": 1, \"answer\": \"\xff\"}]}".to_vec();
    li.post_text(&path, "application/json", not_text)
        .await
        .problem(400, "bad-request");
    let good = json!({ "steps": [sitting.step(1, 1, &Value::Null)] }).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ] {
        li.post_text(&path, kind, good.clone())
            .await
            .problem(415, "wrong-type");
    }
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await, vec![]);
    li.post_text(&path, "application/json; charset=utf-8", good)
        .await
        .expect(200);
}

async fn unknown_fields_are_ignored(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let mut step = sitting.step(1, sitting.number_of("single"), &json!("A"));
    step["points"] = json!(100);
    step["at_ms"] = json!(0);
    let body = json!({ "steps": [step], "state": "handed_in" });
    li.post(&sitting.steps_address(), &body).await.expect(200);
    let on_disk = stage.steps_on_disk(&sitting.attempt).await;
    assert_eq!((on_disk.len(), on_disk[0].at_ms), (1, stage.clock.now_ms()));
    let missing = json!({ "steps": [{ "seq": sitting.last_seq + 2, "number": 1 }] });
    let body = li
        .post(&sitting.steps_address(), &missing)
        .await
        .expect(200)
        .json();
    assert_eq!(body["rejected"], json!([]), "no answer takes one back");
    let claims = [i64::MIN, -1, i64::MAX]
        .map(|claim| json!({ "seq": sitting.last_seq + 3, "number": 1, "elapsed_ms": claim }));
    for claim in claims {
        li.post(&sitting.steps_address(), &json!({ "steps": [claim] }))
            .await
            .expect(200);
    }
}

async fn what_is_too_large_is_refused(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, organizer) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    let sitting = li.start(&round).await;
    let path = sitting.steps_address();
    let steps: Vec<Value> = (1..=501)
        .map(|place| sitting.step(place, 1, &Value::Null))
        .collect();
    li.send_steps(&sitting, &steps)
        .await
        .problem(413, "too-large");
    li.send_steps(&sitting, &steps[..500]).await.expect(200);
    for megabytes in [5, 12] {
        let body = format!(
            "{{\"steps\": [], \"x\": \"{}\"}}",
            "x".repeat(megabytes << 20)
        );
        li.post_text(&path, "application/json", body.clone())
            .await
            .problem(413, "too-large");
        let submit = format!("/api/v1/attempts/{}/submit", sitting.attempt);
        li.post_text(&submit, "application/json", body.clone())
            .await
            .problem(413, "too-large");
        // As a browser sends a file: the length said beforehand.
        let length = body.len().to_string();
        let request = li
            .request(Method::POST, &path)
            .header("content-type", "application/json");
        let request = request
            .header("content-length", length)
            .body(Body::from(body));
        stage
            .door
            .send(request.expect("a request"))
            .await
            .problem(413, "too-large");
    }
    let form = format!("name={}", "x".repeat(12 << 20));
    organizer.form("/rounds", &form).await.page(413);
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await.len(), 500);
    assert_eq!(stage.text("SELECT state FROM attempts").await, "open");
}

async fn unknown_addresses_ids_and_methods(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, organizer) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    for path in [
        "/api/v1/nothing",
        "/api/nothing",
        "/api/v1/attempts/x",
        "/api/v1/rounds/x/board",
    ] {
        li.get(path).await.problem(404, "not-found");
    }
    for path in [
        "/nothing",
        "/attempts/x",
        "/attempts/x/card",
        "/rounds/x/start",
        "/rounds/x/board",
        "/assets/x.js",
        "/pictures/x.png",
    ] {
        li.get(path).await.page(404);
    }
    organizer.get("/rounds/x").await.page(404);
    stage
        .cadre("何静")
        .await
        .get("/bank/topics/x")
        .await
        .page(404);
    for action in [
        "seal", "close", "announce", "pause", "resume", "extend", "explode",
    ] {
        organizer
            .form(&format!("/rounds/x/{action}"), "minutes=5&reason=x")
            .await
            .page(404);
    }
    organizer
        .form(&format!("/rounds/{}/explode", round.id), "")
        .await
        .page(404);
    let asked = async |method: Method, path: &str| {
        let request = li.request(method, path).body(Body::empty());
        stage.door.send(request.expect("a request")).await
    };
    for (method, path) in [
        (Method::GET, "/api/v1/session"),
        (Method::PUT, "/api/v1/rounds"),
        (Method::DELETE, "/api/v1/rounds/x/attempts"),
        (Method::GET, "/api/v1/attempts/x/steps"),
        (Method::PATCH, "/api/v1/attempts/x/submit"),
    ] {
        let reply = asked(method, path).await;
        reply.problem(405, "method-not-allowed");
        assert_ne!(reply.header("allow"), "");
    }
    asked(Method::POST, "/").await.page(405);
    asked(Method::GET, "/attempts/x/answer").await.page(405);
    li.get("/api/v1/attempts/%FF")
        .await
        .problem(400, "bad-request");
    li.get("/attempts/%FF").await.page(400);
    let own = li.start(&round).await;
    li.get(&format!("/attempts/{}?q=x", own.attempt))
        .await
        .page(400);
    li.get(&format!("/attempts/{}?q=99", own.attempt))
        .await
        .expect(200);
    li.get(&format!("/attempts/{}?q=0", own.attempt))
        .await
        .expect(200);
}

async fn round_forms_with_nonsense_say_what_is_wrong(stage: Stage) {
    let organizer = stage.cadre("周敏").await;
    let good = "name=甲&blueprint=小卷&tier=township&counts=best&papers=each&release=close&attempts=1\
        &limit_minutes=&opens=2026-03-02T10:00&closes=2026-03-02T12:00&unit=";
    for (from, to, told) in [
        ("name=甲", "name=", "名称"),
        ("小卷", "没有的卷", "没有的卷"),
        ("township", "moon", "层级"),
        ("counts=best", "counts=luck", "计分"),
        ("papers=each", "papers=none", "同卷异序"),
        ("release=close", "release=never", "公布"),
        ("attempts=1", "attempts=many", "次数"),
        ("attempts=1", "attempts=0", "次数"),
        ("limit_minutes=", "limit_minutes=soon", "时长"),
        ("limit_minutes=", "limit_minutes=99999999999999", "时长"),
        ("opens=2026-03-02T10:00", "opens=tomorrow", "开始时间"),
        (
            "closes=2026-03-02T12:00",
            "closes=2026-02-30T12:00",
            "截止时间",
        ),
        (
            "closes=2026-03-02T12:00",
            "closes=2026-03-02T09:00",
            "截止时间",
        ),
        (
            "opens=2026-03-02T10:00&closes=2026-03-02T12:00",
            "opens=2026-03-01T10:00&closes=2026-03-01T12:00",
            "已经过了",
        ),
        ("&unit=", "&unit=nowhere", "nowhere"),
        ("&unit=", "&unit=&ties=luck", "同分"),
        ("&unit=", "&unit=&unit_rule=luck", "单位怎么比"),
        ("&unit=", "&unit=&unit_rule=top&unit_top=0", "前几名均分"),
        ("&unit=", "&unit=&unit_min=few", "最少人数"),
        ("&unit=", "&unit=&unit_min=0", "最少人数"),
        ("&unit=", "&unit=&attempts_per_day=0", "每天"),
        ("&unit=", "&unit=&audience=moon", "给谁看"),
        ("&unit=", "&unit=&showing=never", "什么时候看"),
        ("&unit=", "&unit=&post:村文书=没有的卷", "没有的卷"),
    ] {
        let reply = organizer.form("/rounds", &good.replace(from, to)).await;
        let page = reply.page(400);
        assert!(page.contains(told), "{to}: {page}");
    }
    // Everything that is wrong is said at once, and everything that was typed is still there.
    let page = "name=甲乙丙丁&attempts=many&unit_rule=top&unit_top=三&opens=tomorrow&closes=2026-03-02T12:00&ties=time";
    let reply = organizer.form("/rounds", page).await;
    let page = reply.page(400);
    for told in [
        "次数要写数字",
        "前几名均分",
        "开始时间要写成",
        "甲乙丙丁",
        "value=\"many\"",
        "value=\"三\"",
        "value=\"2026-03-02T12:00\"",
        "value=\"time\" selected",
        "<details class=\"card rare\" open",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    organizer.form("/rounds", "").await.page(400);
    organizer
        .post_text("/rounds", "application/json", "{}")
        .await
        .page(415);
    organizer.form("/rounds", "name=%FF%FE").await.page(400);
    assert_eq!(stage.count("rounds").await, 0);
    let made = organizer.form("/rounds", good).await.expect(303);
    let page = made.header("location").to_owned();
    assert!(organizer.get(&page).await.expect(200).text.contains("甲"));
    acts_at_the_wrong_time_are_refused_with_the_reason(&organizer, &page).await;
}

async fn acts_at_the_wrong_time_are_refused_with_the_reason(organizer: &Cadre, page: &str) {
    for action in ["pause", "resume", "announce", "close"] {
        organizer
            .form(&format!("{page}/{action}"), "reason=x")
            .await
            .page(409);
    }
    organizer
        .form(&format!("{page}/seal"), "")
        .await
        .expect(303);
    organizer.form(&format!("{page}/seal"), "").await.page(409);
    for minutes in ["0", "-5", "99999999999"] {
        let reply = organizer
            .form(
                &format!("{page}/extend"),
                &format!("minutes={minutes}&reason=x"),
            )
            .await;
        assert!(
            reply.page(reply.status).contains("延长") && (400..500).contains(&reply.status),
            "{}",
            reply.status
        );
    }
    organizer
        .form(&format!("{page}/extend"), "minutes=five")
        .await
        .page(409);
    organizer
        .form(&format!("{page}/extend"), "minutes=5&reason=x")
        .await
        .expect(303);
}

async fn answer_forms_with_nonsense(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let path = format!("/attempts/{}/answer", sitting.attempt);
    for fields in [
        "",
        "answer=A",
        "number=x&answer=A",
        "number=-1",
        "number=1&answer=%FF",
    ] {
        li.form(&path, fields).await.page(400);
    }
    let recall = sitting.number_of("recall");
    li.form(
        &path,
        &format!("number={}&answer=Z", sitting.number_of("single")),
    )
    .await
    .page(400);
    li.form(&path, "number=99&answer=A").await.page(400);
    li.form(&path, &format!("number={recall}&answer=%00"))
        .await
        .page(400);
    let long = format!("number={recall}&answer={}", "长".repeat(4_001));
    assert!(li.form(&path, &long).await.page(400).contains("太长"));
    assert_eq!(li.start(&round).await.reply["answers"], json!({}));
    let to = li
        .form(&path, &format!("number={recall}&answer=好&go=nowhere"))
        .await
        .expect(303);
    assert_eq!(
        to.header("location"),
        format!("/attempts/{}?q={recall}", sitting.attempt)
    );
    assert_eq!(
        li.start(&round).await.reply["answers"][recall.to_string()],
        "好"
    );
}

async fn every_page_and_reply_is_guarded(stage: Stage) {
    let li = stage.cadre("李建国").await;
    for path in [
        "/",
        "/about",
        "/api/v1/rounds",
        "/nothing",
        "/api/v1/nothing",
    ] {
        let reply = li.get(path).await;
        assert!(
            reply
                .header("content-security-policy")
                .contains("default-src 'self'"),
            "{path}"
        );
        assert!(
            !reply.header("content-security-policy").contains("unsafe"),
            "{path}"
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
    }
    li.get("/healthz").await.expect(200);
    li.get("/readyz").await.expect(200);
}
