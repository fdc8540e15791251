//! 查政策 over HTTP: the page, the JSON door, and what a phone keeps. What was asked goes to no log.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::header,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    lookup::index::Fit,
    web::{
        error::WebError,
        page::render,
        pages::lookup::{LookupPage, Shown, Topic},
        state::{Member, Web},
    },
};

/// As many as are read standing at a door.
const MOST: usize = 8;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/lookup", get(show_lookup))
        .route("/lookup/pack.json", get(show_pack))
        .route("/api/v1/lookup", get(look_up))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    topic: String,
}

async fn show_lookup(
    State(web): State<Web>,
    Member(who): Member,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let book = web.app.open_book(&who.person.id).await?;
    let query = asked.q.trim().to_owned();
    let mut page = LookupPage {
        query,
        topic: String::new(),
        topics: vec![],
        answers: vec![],
        nearest: false,
        pack: pack_address(&book.version()),
    };
    if !page.query.is_empty() {
        let (entries, fit) = book.search(&page.query, MOST);
        page.answers = entries.into_iter().map(Shown::from).collect();
        page.nearest = fit == Fit::Nearest;
    } else if asked.topic.is_empty() {
        let topics = book.topics().into_iter();
        page.topics = topics.map(|(name, count)| Topic { name, count }).collect();
    } else {
        page.answers = book
            .of_topic(&asked.topic)
            .into_iter()
            .map(Shown::from)
            .collect();
        page.topic = asked.topic;
    }
    Ok(Html(render(&page)))
}

/// Without `q` it says where the pack is, which is also how a page learns that it may still use the one it has.
async fn look_up(
    State(web): State<Web>,
    Member(who): Member,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, WebError> {
    let book = web.app.open_book(&who.person.id).await?;
    let (entries, fit) = book.search(asked.q.trim(), MOST);
    Ok(Json(json!({
        "pack": pack_address(&book.version()),
        "fit": fit == Fit::Good,
        "results": entries,
    })))
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    v: String,
}

async fn show_pack(
    State(web): State<Web>,
    Member(who): Member,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let book = web.app.open_book(&who.person.id).await?;
    // Kept by its name only where it is what the name says.
    let keep = if wanted.v == book.version() {
        "private, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, keep),
        (header::VARY, "cookie"),
    ];
    Ok((headers, book.pack()?).into_response())
}

pub(in crate::web) fn pack_address(version: &str) -> String {
    format!("/lookup/pack.json?v={version}")
}
