//! 练习包: the page that works without signal, its service worker, the pack itself, and the link into the phone's own browser.

mod link;
mod pack;

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, header},
    response::{Html, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::coach::PACK,
    error::Error,
    web::{
        assets,
        doors::Body,
        error::WebError,
        offline::{
            link::{enter_by_link, make_link, show_link},
            pack::pack_json,
        },
        page::render,
        pages::offline::OfflinePage,
        revalidate::unless_known,
        state::{Member, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/sw.js", get(show_worker))
        .route("/practice/offline", get(show_page))
        .route("/practice/offline/link", post(make_link))
        .route("/enter/{token}", get(show_link).post(enter_by_link))
        .route("/api/v1/practice/packs", post(begin_pack))
}

/// At the root, so that its two scopes may be `/practice/offline` and `/lookup`. No other page is in a scope of it, so no
/// other page can come from a cache.
async fn show_worker(asked: HeaderMap) -> Result<Response, WebError> {
    let url = assets::url("sw.js");
    let path = url.strip_prefix("/assets/").unwrap_or_default();
    let asset = assets::find(path).ok_or_else(|| Error::NotFound("这个文件".into()))?;
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    let reply = (headers, asset.bytes.clone());
    Ok(unless_known(&asked, &asset.etag, reply))
}

async fn show_page(
    State(web): State<Web>,
    Member(member): Member,
    headers: HeaderMap,
) -> Result<Html<String>, WebError> {
    let shelf = web.app.shelf(&member.person).await?;
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    Ok(Html(render(&OfflinePage {
        topics: shelf.topics().into_keys().map(str::to_owned).collect(),
        most: PACK,
        wechat: agent.is_some_and(|agent| agent.contains("MicroMessenger")),
        https: web.app.public_url.starts_with("https://"),
    })))
}

#[derive(Debug, Deserialize)]
struct PackBody {
    /// None: the own posts'.
    #[serde(default)]
    topics: Vec<String>,
}

async fn begin_pack(
    State(web): State<Web>,
    Member(member): Member,
    Body(body): Body<PackBody>,
) -> Result<Json<Value>, WebError> {
    let book = web.app.open_book(&member.person.id).await?;
    let (go, publication) = web.app.begin_pack(&member.person, &body.topics).await?;
    let lookup = crate::web::lookup::pack_address(&book.version());
    Ok(Json(pack_json(&go, &publication, &body.topics, &lookup)))
}
