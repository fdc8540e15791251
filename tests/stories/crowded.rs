//! More than the program can take at once: who must wait is told so and loses nothing, and who watches never keeps out who
//! sits.

use axum::{
    body::Body,
    http::{Method, Request},
};
use serde_json::Value;
use yikouqing::{
    app::App,
    contest::round::Audience,
    store::Tx,
    web::{limits::Streams, server, state::Demonstration},
};

use crate::{
    stage::{Stage, cadre::Cadre},
    stories,
};

stories! {
    a_full_queue_says_when_to_come_again_and_loses_nothing,
    who_watches_leaves_room_for_who_sits,
}

/// Keeps the writer from the attempts for as long as it is held.
async fn hold_attempts(stage: &Stage) -> Tx {
    let mut held = stage.app.store.write().await.expect("a transaction");
    // On SQLite the one connection for writing is taken already.
    if let Tx::Postgres(tx) = &mut held {
        let taken = sqlx::query("SELECT id FROM attempts FOR UPDATE");
        taken.execute(&mut **tx).await.expect("taken");
    }
    held
}

async fn a_full_queue_says_when_to_come_again_and_loses_nothing(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let store = stage.app.store.clone();
    let narrow = App::open_with_queue(store, stage.clock.clone(), String::new(), 2);
    stage
        .door
        .replace(server::router(narrow.clone(), Demonstration::No));
    let send = |place: i64| {
        let (li, sitting) = (li.clone(), sitting.clone());
        async move {
            let step = sitting.step(place, place, &Value::Null);
            li.send_steps(&sitting, &[step]).await
        }
    };
    li.get("/api/v1/rounds").await.expect(200);

    let held = hold_attempts(&stage).await;
    let mut waiting = vec![tokio::spawn(send(1))];
    let batches = &narrow.queue.counters.batches;
    while batches.load(std::sync::atomic::Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    waiting.extend([tokio::spawn(send(2)), tokio::spawn(send(3))]);
    while narrow.queue.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    let let_in = async {
        while narrow.queue.waiting() <= 2 {
            tokio::task::yield_now().await;
        }
    };
    let refused = tokio::select! {
        reply = send(4) => reply,
        () = let_in => panic!("a third one waits"),
    };
    let seconds: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&seconds));
    assert!(refused.problem(503, "busy").contains("自动重试"));

    drop(held);
    for one in waiting {
        one.await.expect("answered").expect(200);
    }
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await.len(), 3);
    send(4).await.expect(200);
    assert_eq!(stage.steps_on_disk(&sitting.attempt).await.len(), 4);
}

async fn who_watches_leaves_room_for_who_sits(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.audience = Audience::Public)
        .await;
    let few = Streams::of(4);
    let router = server::router_with(stage.app.clone(), Demonstration::No, few);
    stage.door.replace(router);
    let path = format!("/api/v1/rounds/{}/board/events", round.id);
    let ask = |cadre: &Cadre| -> Request<Body> {
        let request = cadre.request(Method::GET, &path).body(Body::empty());
        request.expect("a request")
    };
    let (nobody, li) = (Cadre::nobody(&stage.door), stage.cadre("李建国").await);
    let one = stage.door.open(ask(&nobody)).await;
    let two = stage.door.open(ask(&nobody)).await;
    assert_eq!((one.status().as_u16(), two.status().as_u16()), (200, 200));
    // Looked at first: a stream that was opened has no end to wait for.
    assert_eq!(stage.door.open(ask(&nobody)).await.status(), 503);
    let refused = nobody.get(&path).await;
    assert!(!refused.header("retry-after").is_empty());
    assert!(refused.problem(503, "busy").contains("看榜的人太多"));
    // The board itself is a page, and it is still there.
    let page = nobody.get(&format!("/rounds/{}/board", round.id)).await;
    page.expect(200);

    let sitting = li.start(&round).await;
    let step = sitting.step(1, 1, &Value::Null);
    li.send_steps(&sitting, &[step]).await.expect(200);
    let own = stage.door.open(ask(&li)).await;
    assert_eq!(own.status(), 200, "the other half is for those who sit");
    drop(one);
    assert_eq!(stage.door.open(ask(&nobody)).await.status(), 200);
    drop((two, own));
}
