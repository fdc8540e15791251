//! Our own floor: a bare axum server that parses the same JSON and answers the same bytes, and does nothing else.

use std::{env, fs, process::Command};

use axum::{
    Json, Router,
    body::Bytes,
    extract::Path,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use crate::ground::Server;

/// Says that this process is to be the floor; its value is the folder with the pages to answer.
const FLOOR: &str = "YIKOUQING_BENCH_FLOOR";

#[derive(Deserialize)]
struct Steps {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed as the program parses it")]
struct Step {
    seq: i64,
    number: u32,
    answer: serde_json::Value,
    elapsed_ms: Option<i64>,
}

#[derive(Serialize)]
struct Kept {
    acknowledged: i64,
    rejected: [u8; 0],
    server_time: &'static str,
    deadline: &'static str,
    taken_over: bool,
    paused: bool,
}

/// The pages that the program answered, as they went over the wire.
pub struct Pages {
    pub exam: Vec<u8>,
    pub outcome: Vec<u8>,
    pub submitted: Vec<u8>,
}

/// Starts the floor in a process of its own.
pub fn start(pages: &Pages, folder: &std::path::Path) -> Server {
    for (name, bytes) in [
        ("exam", &pages.exam),
        ("outcome", &pages.outcome),
        ("submitted", &pages.submitted),
    ] {
        fs::write(folder.join(name), bytes).expect("a file");
    }
    let mut command = Command::new(env::current_exe().expect("a program"));
    command.env(FLOOR, folder);
    Server::start(command)
}

/// Whether this process was started to be the floor; then it serves until it is killed.
#[expect(
    clippy::disallowed_methods,
    reason = "how one bench process tells the other what to be"
)]
pub async fn serve_if_asked() -> bool {
    let Ok(folder) = env::var(FLOOR) else {
        return false;
    };
    let page = |name: &str| Bytes::from(fs::read(format!("{folder}/{name}")).unwrap_or_default());
    let (exam, outcome, submitted) = (page("exam"), page("outcome"), page("submitted"));
    let zipped = |kind: &'static str, bytes: Bytes| {
        (
            [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_ENCODING, "gzip"),
            ],
            bytes,
        )
    };
    let (html, json) = ("text/html; charset=utf-8", "application/json");
    let router = Router::new()
        .route(
            "/rounds/{round}/start",
            post(async |Path(_): Path<String>| {
                (
                    StatusCode::SEE_OTHER,
                    [(header::LOCATION, "/attempts/floor")],
                )
            }),
        )
        .route(
            "/attempts/{attempt}",
            get(async move |Path(_): Path<String>| zipped(html, exam.clone())),
        )
        .route(
            "/attempts/{attempt}/outcome",
            get(async move |Path(_): Path<String>| zipped(html, outcome.clone())),
        )
        .route("/api/v1/attempts/{attempt}/steps", post(keep))
        .route(
            "/api/v1/attempts/{attempt}/submit",
            post(
                async move |Path(_): Path<String>, Json(_): Json<serde_json::Value>| {
                    zipped(json, submitted.clone())
                },
            ),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    eprintln!("http://{}", listener.local_addr().expect("an address"));
    axum::serve(listener, router).await.expect("it serves");
    true
}

async fn keep(Path(_): Path<String>, Json(body): Json<Steps>) -> impl IntoResponse {
    Json(Kept {
        acknowledged: body.steps.iter().map(|step| step.seq).max().unwrap_or(0),
        rejected: [],
        server_time: "2026-02-18T10:30:00.000+08:00",
        deadline: "2026-02-18T11:30:00.000+08:00",
        taken_over: false,
        paused: false,
    })
}
