//! Durable steps a second over HTTP, beside a bare axum handler that parses the same JSON and answers.

use std::time::{Duration, Instant};

use crate::{
    client::Client,
    floor::{self, Pages},
    ground::{Ground, Server},
};

const FOR: Duration = Duration::from_secs(6);

/// Where one connection sends its steps.
#[derive(Clone)]
struct Desk {
    cookie: String,
    attempt: String,
    last_seq: i64,
    number: u32,
}

pub async fn measure() {
    for connections in [256, 1_000] {
        let ground = Ground::sqlite(connections).await;
        let desks = desks(&ground, connections).await;
        let ours = rate(&ground.serve(), &desks).await;
        let floor = floor_rate(&desks).await;
        println!(
            "SQLite, {connections} connections: {ours:.0} durable steps/s; floor {floor:.0}/s; {:.2} of it",
            ours / floor
        );
        if let Some(server) = postgres() {
            let schema = yikouqing::store::scratch::Schema::make(&server)
                .await
                .expect("a schema");
            let folder = tempfile::tempdir_in("target").expect("a folder");
            let ground = Ground::at(schema.url.clone(), connections, folder).await;
            let desks = self::desks(&ground, connections).await;
            let served = ground.serve();
            let ours = rate(&served, &desks).await;
            drop(served);
            schema.remove().await.expect("the schema goes");
            println!(
                "PostgreSQL, {connections} connections: {ours:.0} durable steps/s; {:.2} of the floor",
                ours / floor
            );
        }
    }
    if postgres().is_none() {
        println!("PostgreSQL: not measured (scripts/test.sh cargo bench … gives one)");
    }
}

/// The one that `scripts/test.sh` started.
#[expect(
    clippy::disallowed_methods,
    reason = "set by scripts/test.sh, not by config.rs"
)]
fn postgres() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok()
}

async fn desks(ground: &Ground, count: usize) -> Vec<Desk> {
    let app = ground.open().await;
    let mut desks = Vec::new();
    for (cookie, person) in ground.sessions(&app, count).await {
        let desk = app
            .start_attempt(&ground.round, &person)
            .await
            .expect("a paper");
        let questions = &desk.attempt.paper.questions;
        let judged = questions.iter().find(|asked| asked.order.is_empty());
        desks.push(Desk {
            cookie,
            number: judged.unwrap_or(&questions[0]).number,
            last_seq: desk.last_seq,
            attempt: desk.attempt.id,
        });
    }
    app.store.close().await;
    desks
}

async fn floor_rate(desks: &[Desk]) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = Pages {
        exam: vec![],
        outcome: vec![],
        submitted: vec![],
    };
    rate(&floor::start(&pages, folder.path()), desks).await
}

/// Every connection sends one step after the other; the first second is not counted, nor the first step of all, which
/// reads the bank.
async fn rate(server: &Server, desks: &[Desk]) -> f64 {
    let now = Instant::now();
    let mut desks = desks.to_vec();
    send_steps(
        &server.host,
        desks[0].clone(),
        now,
        now + Duration::from_millis(1),
    )
    .await;
    // Its numbers are used.
    desks[0].last_seq += 100_000;
    let from = Instant::now() + Duration::from_secs(1);
    let until = from + FOR;
    let tasks: Vec<_> = desks
        .into_iter()
        .map(|desk| {
            let host = server.host.clone();
            tokio::spawn(async move { send_steps(&host, desk, from, until).await })
        })
        .collect();
    let mut kept = 0;
    for task in tasks {
        kept += task.await.expect("a candidate");
    }
    kept as f64 / FOR.as_secs_f64()
}

async fn send_steps(host: &str, mut desk: Desk, from: Instant, until: Instant) -> u64 {
    let mut client = Client::connect(host, &desk.cookie).await;
    let path = format!("/api/v1/attempts/{}/steps", desk.attempt);
    let mut kept = 0;
    while Instant::now() < until {
        desk.last_seq += 1;
        let letter = if desk.last_seq % 2 == 0 { "A" } else { "B" };
        let step = format!(
            r#"{{"steps":[{{"seq":{},"number":{},"answer":"{letter}","elapsed_ms":1000}}]}}"#,
            desk.last_seq, desk.number
        );
        let reply = client.ask("POST", &path, Some(&step)).await;
        assert_eq!(
            reply.status,
            200,
            "{}",
            String::from_utf8_lossy(&reply.body)
        );
        kept += u64::from(Instant::now() >= from && Instant::now() < until);
    }
    kept
}
