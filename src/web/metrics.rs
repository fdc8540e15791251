//! `/metrics` for Prometheus: figures of this copy, for programs on the same machine or with the token.

use std::{
    net::SocketAddr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

use crate::{
    error::Error,
    web::{error::WebError, state::Web},
};

pub fn routes() -> Router<Web> {
    Router::new().route("/metrics", get(show_metrics))
}

async fn show_metrics(State(web): State<Web>, request: Request) -> Result<Response, WebError> {
    if !is_near(&request) && !has_token(&request) {
        return Err(Error::NotFound("这一页".into()).into());
    }
    let app = &web.app;
    let counters = &app.queue.counters;
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as i64;
    let figures = [
        ("queue_jobs_total", "counter", count(&counters.jobs)),
        ("queue_batches_total", "counter", count(&counters.batches)),
        ("queue_waiting", "gauge", app.queue.waiting() as i64),
        ("graded_total", "counter", count(&app.grader.graded)),
        ("grading_waiting", "gauge", app.grader.waiting() as i64),
        ("board_spectators", "gauge", app.boards.spectators() as i64),
        (
            "sessions_at_hand",
            "gauge",
            app.memory.sessions.len() as i64,
        ),
        ("clock_jump_milliseconds", "gauge", app.clock.jump_ms()),
        ("stopping", "gauge", i64::from(*app.stopping.borrow())),
    ];
    let offset = app
        .clock_offset
        .ms()
        .map(|offset| ("clock_offset_milliseconds", "gauge", offset));
    let text: String = figures
        .into_iter()
        .chain(offset)
        .map(|(name, kind, value)| {
            format!("# TYPE yikouqing_{name} {kind}\nyikouqing_{name} {value}\n")
        })
        .collect();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// From this machine itself. A proxy on this machine speaks for strangers.
fn is_near(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let forwarded = ["forwarded", "x-forwarded-for"]
        .iter()
        .any(|name| request.headers().contains_key(*name));
    !forwarded && peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback())
}

/// `Authorization: Bearer …` with the token that `serve` was given. Compared by hashes, which tell nothing of it.
fn has_token(request: &Request) -> bool {
    let Some(token) = TOKEN.get() else {
        return false;
    };
    let given = request.headers().get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(token))
}

static TOKEN: OnceLock<String> = OnceLock::new();

/// Lets whoever knows this token read the figures from another machine. The first call counts.
pub fn allow(token: String) {
    let _ = TOKEN.set(token);
}
