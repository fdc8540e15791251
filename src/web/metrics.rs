//! `/metrics` for Prometheus: figures of this copy, only for programs on the same machine.

use std::{net::SocketAddr, sync::atomic::Ordering};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    error::Error,
    web::{error::WebError, state::Web},
};

pub fn routes() -> Router<Web> {
    Router::new().route("/metrics", get(show_metrics))
}

async fn show_metrics(State(web): State<Web>, request: Request) -> Result<Response, WebError> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // A proxy on this machine speaks for strangers.
    let forwarded = ["forwarded", "x-forwarded-for"]
        .iter()
        .any(|name| request.headers().contains_key(*name));
    if forwarded || peer.is_none_or(|ConnectInfo(peer)| !peer.ip().is_loopback()) {
        return Err(Error::NotFound("这一页".into()).into());
    }
    let queue = &web.app.queue;
    let (jobs, batches) = (&queue.counters.jobs, &queue.counters.batches);
    let figures = [
        ("queue_jobs_total", "counter", jobs.load(Ordering::Relaxed)),
        (
            "queue_batches_total",
            "counter",
            batches.load(Ordering::Relaxed),
        ),
        ("queue_waiting", "gauge", queue.waiting() as u64),
    ];
    let text: String = figures
        .iter()
        .map(|(name, kind, value)| {
            format!("# TYPE yikouqing_{name} {kind}\nyikouqing_{name} {value}\n")
        })
        .collect();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}
