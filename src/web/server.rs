//! The router, its layers, and the listening socket.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::SizeAbove},
    limit::RequestBodyLimitLayer,
    timeout::RequestBodyTimeoutLayer,
};

use crate::{
    app::App,
    error::{Error, Result},
    web::{
        assets, board, candidate, connection, desk, doors,
        error::{AsItIs, WebError, dress_error},
        examiner,
        limits::{Limits, Streams},
        lookup, metrics, offline, openapi,
        origin::refusal,
        practice,
        revalidate::unless_known,
        signing, size,
        state::{Demonstration, Site, Web},
    },
};

/// The largest upload, a roster; a hundred steps take a tenth of it.
const BODY_BYTES_MAX: usize = 9 << 20;

/// How long requests under way may take once the program is to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// Smaller replies go out as they are: a step's receipt is quicker sent than packed.
const PACKED_FROM: u64 = 1_024;

const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'; worker-src 'self'";

/// Unless the page itself says otherwise.
const FIXED: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Everything that is served.
pub fn router(app: Arc<App>, demonstration: Demonstration) -> Router {
    router_with(app, demonstration, Streams::default())
}

/// With another bound on the streams of events.
pub fn router_with(app: Arc<App>, demonstration: Demonstration, streams: Streams) -> Router {
    let web = Web::new(Site {
        app,
        demonstration,
        limits: Limits::default(),
        streams,
    });
    let packed = DefaultPredicate::new().and(SizeAbove::new(PACKED_FROM));
    let packs = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(packed);
    // One layer made of a few: the router boxes and copies each of its own for every request.
    let guarded = || {
        ServiceBuilder::new()
            .layer(from_fn(guard_and_dress))
            .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(30)))
            .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
    };
    let pages = pages().with_state(web.clone());
    let pages = pages.layer(ServiceBuilder::new().layer(packs).layer(guarded()));
    let streams = board::streams().with_state(web).layer(guarded());
    streams.merge(pages)
}

/// Everything that is answered and done.
fn pages() -> Router<Web> {
    Router::new()
        .merge(doors::routes())
        .merge(openapi::routes())
        .merge(metrics::routes())
        .merge(candidate::routes())
        .merge(lookup::routes())
        .merge(board::routes())
        .merge(desk::routes())
        .merge(examiner::routes())
        .merge(practice::routes())
        .merge(offline::routes())
        .merge(signing::routes())
        .merge(size::routes())
        .route("/assets/{name}", get(show_asset))
        .route("/pictures/{name}", get(show_picture))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(show_ready))
}

/// What every request passes: changes come from our own pages only, refusals get their body and pages their type size,
/// and what browsers are to keep to is said.
async fn guard_and_dress(request: Request, next: Next) -> Response {
    let asked = Dress::of(&request);
    let response = match refusal(&request) {
        Some(refused) => refused.into_response(),
        None => next.run(request).await,
    };
    let mut response = asked.dress(response).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What a page or an error needs to know of its request to be dressed.
struct Dress {
    is_api: bool,
    size: Option<&'static str>,
}

impl Dress {
    fn of(request: &Request) -> Dress {
        Dress {
            is_api: request.uri().path().starts_with("/api/"),
            size: size::asked_for(request.headers()),
        }
    }

    async fn dress(self, response: Response) -> Response {
        let response = dress_error(self.is_api, response);
        match self.size {
            Some(size) => size::dress(response, size).await,
            None => response,
        }
    }
}

async fn show_asset(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, WebError> {
    let asset = assets::find(&name).ok_or_else(|| Error::NotFound("这个文件".into()))?;
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    let reply = (headers, asset.bytes.clone());
    Ok(unless_known(&asked, &asset.etag, reply))
}

async fn show_picture(
    State(web): State<Web>,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let mut tx = web.app.store.read().await?;
    let picture = crate::store::banks::picture(&mut tx, &name).await?;
    let kind = match name.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, picture.bytes).into_response())
}

/// 200, or why not: whoever shares out requests leaves this copy alone.
async fn show_ready(State(web): State<Web>) -> Response {
    match web.app.ready().await {
        Ok(()) => "ready".into_response(),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Extension(AsItIs),
            reason.to_string(),
        )
            .into_response(),
    }
}

/// Binds, so that the caller knows the port before anything is served.
pub async fn listen(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|source| {
        Error::internal(format!("监听不了 {address}（可能已有程序占用）"), source)
    })
}

/// Serves until the stop signal: then takes no more connections and finishes the requests that are under way. A body that
/// never ends is left behind after `PATIENCE`.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> Result<()> {
    // Every route made ready once, not for each request.
    let router: Router = router.with_state(());
    let (under_way, mut ended) = mpsc::channel::<Infallible>(1);
    loop {
        let (stream, address) = tokio::select! {
            accepted = connection::accept(&listener) => accepted,
            // An error means that whoever could say stop is gone, which is as good as saying it.
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (under_way, stop) = (under_way.clone(), stop.clone());
        let answered = connection::answer(stream, address, router.clone(), stop);
        tokio::spawn(async move {
            answered.await;
            drop(under_way);
        });
    }
    drop((listener, under_way));
    tokio::select! {
        _ = ended.recv() => {}
        () = tokio::time::sleep(PATIENCE) => {
            tracing::warn!("some requests did not end and are left behind");
        }
    }
    Ok(())
}
