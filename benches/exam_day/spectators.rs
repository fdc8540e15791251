//! Ten thousand spectators, one change: when all have been told, and what each costs in memory.

use std::time::Instant;

use futures::{StreamExt, future::join_all, stream};

use crate::{client::Client, ground::Ground};

const PEOPLE: usize = 1_000;

pub async fn measure(watching: usize) {
    let ground = Ground::sqlite(PEOPLE).await;
    let app = ground.open().await;
    let sessions = ground.sessions(&app, PEOPLE).await;
    app.store.close().await;
    let server = ground.serve();
    let first = &sessions[0].0;
    let mut phone = Client::connect(&server.host, first).await;
    let start = format!("/rounds/{}/start", ground.round);
    let begun = phone.ask("POST", &start, None).await;
    assert_eq!(begun.status, 303);
    let submit = format!("/api/v1{}/submit", begun.headers["location"]);
    // A board that stands in memory already, so that its own size is not counted as the spectators'.
    let events = format!("/api/v1/rounds/{}/board/events?of=people", ground.round);
    drop(open(&server.host, first, &events).await);
    let before = server.memory();
    let mut seats: Vec<Client> = stream::iter(0..watching)
        // Strangers may fill half the places; these have come with a ticket.
        .map(|place| open(&server.host, &sessions[place % PEOPLE].0, &events))
        .buffer_unordered(64)
        .collect()
        .await;
    let seated = server.memory();
    let begun = Instant::now();
    let told = join_all(seats.iter_mut().map(async |seat| {
        seat.event("\"handed_in\":1,").await;
        begun.elapsed()
    }));
    let (handed_in, told) = tokio::join!(phone.ask("POST", &submit, Some("{}")), told);
    assert_eq!(handed_in.status, 200);
    let after = server.memory();
    let mut millis: Vec<u128> = told.iter().map(std::time::Duration::as_millis).collect();
    millis.sort_unstable();
    let kilobytes = |memory: u64| memory.saturating_sub(before) as f64 / 1024.0 / watching as f64;
    println!(
        "{watching} spectators, one change: half told after {} ms, all after {} ms from the hand-in's request; {:.1} KB each while they wait, {:.1} KB after",
        millis[watching / 2],
        millis[watching - 1],
        kilobytes(seated),
        kilobytes(after)
    );
}

/// A stream that has shown its first board.
async fn open(host: &str, cookie: &str, events: &str) -> Client {
    let mut seat = Client::connect(host, cookie).await;
    seat.send("GET", events, None).await;
    seat.event("\"handed_in\":0,").await;
    seat
}
