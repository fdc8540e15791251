//! 抽问 for examiners: choosing people, asking, the sheet; and its events at an organizer's desk.

mod asking;
mod choosing;
pub mod doors;
mod event_files;
mod events;
mod own;
mod sheet;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    routing::{get, post},
};

use crate::{
    app::registrar::SignedIn,
    error::{Code, Error},
    people::Role,
    web::{
        error::WebError,
        state::{Member, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/spot-checks", get(choosing::list).post(choosing::start))
        .route("/spot-checks/new", get(choosing::choose))
        .route("/spot-checks/{check}", get(asking::show))
        .route("/spot-checks/{check}/card", get(asking::show_card))
        .route("/spot-checks/{check}/mark", post(asking::mark))
        .route("/spot-checks/{check}/sheet", get(sheet::show))
        .route("/spot-checks/{check}/{action}", post(sheet::act))
        .route("/spot-results", get(own::show))
        .route("/spot-events", post(events::create))
        .route("/spot-events/new", get(events::show_new))
        .route("/spot-events/{event}", get(events::show))
        .route("/spot-events/{event}/table.csv", get(event_files::send_csv))
        .route(
            "/spot-events/{event}/table.xlsx",
            get(event_files::send_xlsx),
        )
        .route("/spot-events/{event}/{action}", post(events::act))
        .merge(doors::routes())
}

/// Somebody signed in who may examine: judge, organizer or trainer.
#[derive(Debug, Clone)]
struct Examiner(Arc<SignedIn>);

impl FromRequestParts<Web> for Examiner {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Examiner, WebError> {
        let Member(who) = <Member as FromRequestParts<Web>>::from_request_parts(parts, web).await?;
        let may = [Role::Judge, Role::Organizer, Role::Trainer]
            .into_iter()
            .any(|role| who.has(role));
        if may {
            return Ok(Examiner(who));
        }
        let detail = "抽问是给评委、主办单位和命题人员用的，你没有这个授权";
        Err(Error::refused(Code::NotAllowed, detail).into())
    }
}

/// Every value a form sent under this name, in its order.
fn all<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let named = fields.iter().filter(|(field, _)| field == name);
    named.map(|(_, value)| value.as_str()).collect()
}

/// The first value under this name; empty where there is none.
fn one<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    all(fields, name).first().copied().unwrap_or_default()
}
