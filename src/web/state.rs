//! What every handler may ask for: the use cases, and who is signed in.

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    app::{App, registrar::SignedIn},
    error::{Code, Error},
    people::Role,
    web::{
        error::WebError,
        limits::{Asks, Limits, Streams},
    },
};

/// The session's cookie. `__Host-` would need https, which a hall without internet does not have.
pub const COOKIE: &str = "yikouqing_session";

/// What is served, and to whom how much of it.
#[derive(Debug)]
pub struct Site {
    pub app: Arc<App>,
    pub demonstration: Demonstration,
    pub limits: Limits,
    pub streams: Streams,
}

/// The site as every request holds it: copied several times for each, so it is one count and no more.
#[derive(Debug, Clone)]
pub struct Web(Arc<Site>);

impl Deref for Web {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.0
    }
}

impl Web {
    pub fn new(site: Site) -> Web {
        Web(Arc::new(site))
    }

    /// Takes one of an account's measure, or says to wait.
    pub fn limit(&self, asks: Asks, account: &str) -> Result<(), Error> {
        self.limits.take(asks, account, self.app.clock.now_ms())
    }
}

/// Whether this is `demo`: the pages say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demonstration {
    Yes,
    No,
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Member(pub Arc<SignedIn>);

/// Somebody signed in who holds a grant as organizer.
#[derive(Debug, Clone)]
pub struct Organizer(pub Arc<SignedIn>);

/// Somebody signed in who holds a grant as trainer.
#[derive(Debug, Clone)]
pub struct Trainer(pub Arc<SignedIn>);

/// The session's token as the cookie holds it.
pub fn session_token(parts: &Parts) -> Option<&str> {
    cookie_of(&parts.headers, COOKIE)
}

/// A cookie's value as sent.
pub fn cookie_of<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, token)| token)
}

impl FromRequestParts<Web> for Member {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Member, WebError> {
        let found =
            <Member as OptionalFromRequestParts<Web>>::from_request_parts(parts, web).await?;
        found.ok_or_else(|| {
            let detail = "请先用参赛证登录：扫参赛证上的二维码，或打开发给您的链接";
            WebError::from(Error::refused(Code::NotSignedIn, detail))
        })
    }
}

impl OptionalFromRequestParts<Web> for Member {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Member>, WebError> {
        match session_token(parts) {
            Some(token) => Ok(web.app.session(token).await?.map(Member)),
            None => Ok(None),
        }
    }
}

async fn with_role(parts: &mut Parts, web: &Web, role: Role) -> Result<Arc<SignedIn>, WebError> {
    let Member(who) = <Member as FromRequestParts<Web>>::from_request_parts(parts, web).await?;
    if who.has(role) {
        return Ok(who);
    }
    Err(Error::refused(
        Code::NotAllowed,
        "这一页是给主办单位和命题人员用的，您没有这个授权",
    )
    .into())
}

impl FromRequestParts<Web> for Organizer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Organizer, WebError> {
        with_role(parts, web, Role::Organizer).await.map(Organizer)
    }
}

impl FromRequestParts<Web> for Trainer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Trainer, WebError> {
        with_role(parts, web, Role::Trainer).await.map(Trainer)
    }
}
