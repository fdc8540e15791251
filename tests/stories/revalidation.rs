//! What a program may keep if it asks whether it still stands: the board as JSON, and never a page of the exam.

use axum::{
    body::Body,
    http::{Method, header},
};
use yikouqing::{contest::round::Release, web::assets};

use crate::{
    stage::{Stage, cadre::Cadre, reply::Reply},
    stories,
};

stories! {
    a_board_that_did_not_change_is_not_sent_again,
    nothing_of_the_exam_may_be_kept,
}

async fn ask_again(who: &Cadre, path: &str, tag: &str) -> Reply {
    let request = who
        .request(Method::GET, path)
        .header(header::IF_NONE_MATCH, tag);
    let request = request.body(Body::empty()).expect("a request");
    who.door.send(request).await
}

async fn a_board_that_did_not_change_is_not_sent_again(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    li.sit(&stage, &round, 3).await;
    stage.tick().await;
    let path = format!("/api/v1/rounds/{}/board", round.id);
    let first = li.get(&path).await.expect(200);
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert_eq!(first.header("vary"), "cookie");
    stage.clock.advance(5_000);
    let same = ask_again(&li, &path, &tag).await.expect(304);
    assert_eq!(
        (same.text.as_str(), same.header("etag")),
        ("", tag.as_str())
    );
    assert_eq!(same.header("cache-control"), "private, no-cache");

    let hers = ask_again(&wang, &path, &tag).await.expect(200);
    assert!(hers.text.contains("\"mine\""), "another sees another board");
    wang.sit(&stage, &round, 5).await;
    stage.tick().await;
    let moved = ask_again(&li, &path, &tag).await.expect(200);
    assert_ne!(moved.header("etag"), tag);
    // The window ends: the same rows, another board.
    let tag = moved.header("etag").to_owned();
    stage.take_in(&round).await;
    ask_again(&li, &path, &tag).await.expect(200);
}

async fn nothing_of_the_exam_may_be_kept(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, organizer) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    let sitting = li.start(&round).await;
    let monitor = format!("/rounds/{}/monitor", round.id);
    for (who, path) in [
        (&li, "/".to_owned()),
        (&li, format!("/attempts/{}", sitting.attempt)),
        (&li, format!("/api/v1/attempts/{}", sitting.attempt)),
        (&organizer, "/rounds".to_owned()),
        (&organizer, monitor),
    ] {
        let reply = ask_again(who, &path, "*").await.expect(200);
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("etag"), "", "{path}");
    }
    let sheet = assets::url("app.css");
    let first = li.get(&sheet).await.expect(200);
    let again = ask_again(&li, &sheet, first.header("etag")).await;
    assert_eq!(again.expect(304).text, "");
    let worker = li.get("/sw.js").await.expect(200);
    ask_again(&li, "/sw.js", worker.header("etag"))
        .await
        .expect(304);
}
