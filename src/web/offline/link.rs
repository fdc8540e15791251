//! From the browser inside a chat to the phone's own: a link that signs the same person in, once.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::{
    error::Error,
    people::masked,
    web::{
        candidate::who,
        error::WebError,
        limits::Asks,
        page::render,
        pages::offline::{BadLink, EnterPage, LinkPage},
        signing::{Session, enter},
        state::{Member, Web},
    },
};

/// Where the link leads: the pack is what it was asked for.
const TO: &str = "/practice/offline";

pub(super) async fn make_link(
    State(web): State<Web>,
    Member(member): Member,
    Session(session): Session,
) -> Result<Html<String>, WebError> {
    web.limit(Asks::SignIn, &member.person.id)?;
    let made = web.app.make_link(&member.person.id, &session).await?;
    Ok(Html(render(&LinkPage {
        link: made.link,
        until_at_ms: made.expires_at_ms,
        https: web.app.public_url.starts_with("https://"),
    })))
}

/// Says whose it is; a preview of the link in a chat uses nothing up.
pub(super) async fn show_link(
    State(web): State<Web>,
    Path(token): Path<String>,
    signed_in: Option<Member>,
) -> Result<Response, WebError> {
    web.limit(Asks::SignIn, &token)?;
    let holder = match web.app.look_at_link(&token).await {
        Ok(holder) => holder,
        Err(Error::Refused(_)) => return Ok(bad_link()),
        Err(error) => return Err(error.into()),
    };
    let instead_of = signed_in
        .filter(|Member(who)| who.person.id != holder.person.id)
        .map(|Member(who)| masked(&who.person.name));
    let mut who = who(&holder);
    who.name = masked(&holder.person.name);
    let page = EnterPage {
        token,
        who,
        instead_of,
    };
    Ok(Html(render(&page)).into_response())
}

pub(super) async fn enter_by_link(
    State(web): State<Web>,
    Path(token): Path<String>,
    Session(before): Session,
) -> Result<Response, WebError> {
    web.limit(Asks::SignIn, &token)?;
    match web.app.enter_by_link(&token).await {
        Ok(session) => enter(&web, &before, &session, TO).await,
        Err(Error::Refused(_)) => Ok(bad_link()),
        Err(error) => Err(error.into()),
    }
}

fn bad_link() -> Response {
    (StatusCode::UNAUTHORIZED, Html(render(&BadLink {}))).into_response()
}
