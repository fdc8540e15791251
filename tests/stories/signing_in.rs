//! Tickets and sessions: looking signs nobody in, handing a phone over leaves nothing, foreign pages move nothing.

use axum::{body::Body, http::Method};
use serde_json::json;

use crate::{
    stage::{HOUR_MS, Stage, cadre::Cadre},
    stories,
};

stories! {
    a_link_preview_signs_nobody_in,
    a_wrong_ticket_is_refused,
    signing_out_ends_the_session,
    the_next_one_on_a_shared_phone_is_somebody_else,
    a_session_ends_after_its_time,
    only_hashes_of_tokens_are_kept,
    changes_come_from_our_own_pages_only,
}

async fn a_link_preview_signs_nobody_in(stage: Stage) {
    let preview = Cadre::nobody(&stage.door);
    let link = format!("/t/{}", stage.ticket("李建国"));
    for method in [Method::GET, Method::HEAD] {
        let request = preview
            .request(method, &link)
            .body(Body::empty())
            .expect("a request");
        let reply = stage.door.send(request).await.expect(200);
        assert_eq!(reply.header("set-cookie"), "");
    }
    assert_eq!(stage.count("sessions").await, 0);
    let signed_in = preview.form(&link, "").await.expect(303);
    assert!(
        signed_in
            .header("set-cookie")
            .starts_with("yikouqing_session=")
    );
    assert_eq!(stage.count("sessions").await, 1);
}

async fn a_wrong_ticket_is_refused(stage: Stage) {
    let nobody = Cadre::nobody(&stage.door);
    for ticket in ["", "x", "../../etc/passwd", &"长".repeat(3000), "\u{0}"] {
        let reply = nobody
            .post("/api/v1/session", &json!({ "ticket": ticket }))
            .await;
        reply.problem(401, "not-signed-in");
        assert_eq!(reply.header("set-cookie"), "");
    }
    for method in [Method::GET, Method::POST] {
        let request = nobody
            .request(method, "/t/no-such-ticket")
            .body(Body::empty())
            .expect("a request");
        let reply = stage.door.send(request).await;
        reply.page(401);
        assert_eq!(reply.header("set-cookie"), "");
    }
    for body in ["", "{", "{}", r#"{"ticket": 3}"#, r#"["x"]"#] {
        nobody
            .post_text("/api/v1/session", "application/json", body)
            .await
            .problem(400, "bad-request");
    }
}

async fn signing_out_ends_the_session(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let same = li.clone();
    li.get("/api/v1/rounds").await.expect(200);
    let request = li
        .request(Method::DELETE, "/api/v1/session")
        .body(Body::empty())
        .expect("a request");
    let reply = stage.door.send(request).await.expect(204);
    assert!(reply.header("set-cookie").contains("Max-Age=0"));
    same.get("/api/v1/rounds")
        .await
        .problem(401, "not-signed-in");

    let wang = stage.cadre("王秀兰").await;
    wang.form("/sign-out", "").await.expect(303);
    wang.get("/").await.page(401);
    Cadre::nobody(&stage.door)
        .form("/sign-out", "")
        .await
        .expect(303);
}

async fn the_next_one_on_a_shared_phone_is_somebody_else(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let ticket = format!("/t/{}", stage.ticket("王秀兰"));
    let asked = li.get(&ticket).await.expect(200);
    assert!(
        asked.text.contains("王**") && asked.text.contains("李**"),
        "says who is signed in now"
    );
    // The own ticket once more: answers that wait on the phone stay there.
    let again = stage.cadre("李建国").await;
    let own = format!("/t/{}", stage.ticket("李建国"));
    let entered = again.form(&own, "").await.expect(303);
    assert_eq!(entered.header("clear-site-data"), "");
    assert!(
        asked.text.contains("data-sign-out"),
        "the page's own storage is emptied too"
    );
    let entered = li.form(&ticket, "").await.expect(303);
    assert_eq!(entered.header("clear-site-data"), "\"storage\"");
    li.get("/api/v1/rounds").await.problem(401, "not-signed-in");
    let wang = stage.cadre("王秀兰").await;
    wang.get(&format!("/attempts/{}", sitting.attempt))
        .await
        .page(404);
}

async fn a_session_ends_after_its_time(stage: Stage) {
    let li = stage.cadre("李建国").await;
    stage.clock.advance(60 * 24 * HOUR_MS - 1);
    li.get("/api/v1/rounds").await.expect(200);
    stage.clock.advance(1);
    li.get("/api/v1/rounds").await.problem(401, "not-signed-in");
    stage
        .cadre("李建国")
        .await
        .get("/api/v1/rounds")
        .await
        .expect(200);
}

async fn only_hashes_of_tokens_are_kept(stage: Stage) {
    stage.cadre("李建国").await;
    let ticket = stage.ticket("李建国");
    assert_eq!(
        stage
            .count(&format!("tickets WHERE hash = '{ticket}'"))
            .await,
        0
    );
    assert_eq!(stage.count("tickets").await, 10);
    assert_eq!(
        stage
            .count(&format!("acts WHERE detail LIKE '%{ticket}%'"))
            .await,
        0
    );
}

async fn changes_come_from_our_own_pages_only(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let path = format!("/api/v1/rounds/{}/attempts", round.id);
    let asked = async |path: &str, headers: &[(&str, &str)]| {
        let mut request = li.request(Method::POST, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        stage
            .door
            .send(request.body(Body::empty()).expect("a request"))
            .await
    };
    let foreign: [&[(&str, &str)]; 8] = [
        &[("sec-fetch-site", "cross-site")],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://kq.example"),
        ],
        &[("sec-fetch-site", "none"), ("origin", "null")],
        &[("origin", "null")],
        &[("origin", "http://evil.example")],
        &[("origin", "http://kq.example.evil.example")],
        &[("origin", "http://kq.example:8080")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://kq.example"),
        ],
    ];
    for headers in foreign {
        asked(&path, headers).await.problem(403, "cross-site");
        asked(&format!("/rounds/{}/start", round.id), headers)
            .await
            .page(403);
    }
    assert_eq!(stage.count("attempts").await, 0);
    let own: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", "http://kq.example")],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
    ];
    for headers in own {
        let reply = asked(&path, headers).await;
        assert!(reply.status < 300, "{headers:?}: {}", reply.text);
    }
    let request = li
        .request(Method::GET, "/")
        .header("sec-fetch-site", "cross-site");
    stage
        .door
        .send(request.body(Body::empty()).expect("a request"))
        .await
        .expect(200);
}
