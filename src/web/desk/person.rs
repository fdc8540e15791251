//! One person of the roster at an organizer's desk: a code to read out, a new ticket, taking sign-ins back.

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};

use crate::{
    app::registrar::SignedIn,
    error::Error,
    people::place_of,
    web::{
        desk::{roster::last_four, staff},
        error::WebError,
        page::render,
        pages::{
            parts::{Notice, Who},
            signing::{CodeShown, PersonPage},
            tickets::{TicketCard, Tickets},
        },
        state::{Organizer, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/roster/people/{person}", get(show_person))
        .route("/roster/people/{person}/{action}", post(act_on_person))
}

async fn show_person(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(person): Path<String>,
) -> Result<Html<String>, WebError> {
    Ok(Html(render(&person_page(&web, &who, &person, None).await?)))
}

async fn person_page(
    web: &Web,
    who: &SignedIn,
    person_id: &str,
    notice: Option<Notice>,
) -> Result<PersonPage, Error> {
    let (person, tickets) = web.app.person_run_by(&who.person.id, person_id).await?;
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let place = place_of(&units, &person.unit_id);
    Ok(PersonPage {
        staff: staff(who),
        notice,
        who: Who {
            name: person.name.clone(),
            unit: place.map_or_else(String::new, |place| place.text()),
            post: person.posts.join("、"),
        },
        phone_end: last_four(&person.phone),
        id: person.id,
        tickets,
        code: None,
    })
}

async fn act_on_person(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((person, action)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let done = act(&web, &who, &person, &action).await;
    match done {
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(refusal.detail);
            let page = person_page(&web, &who, &person, Some(notice)).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        done => Ok(done?),
    }
}

async fn act(web: &Web, who: &SignedIn, person: &str, action: &str) -> Result<Response, Error> {
    let actor = who.person.id.as_str();
    match action {
        "code" => {
            let shown = web.app.show_code(actor, person).await?;
            let mut page = person_page(web, who, person, None).await?;
            page.code = Some(CodeShown {
                code: format!("{} {}", &shown.code[..4], &shown.code[4..]),
                expires_at_ms: shown.expires_at_ms,
            });
            Ok(Html(render(&page)).into_response())
        }
        "ticket" => {
            let ticket = web.app.issue_ticket(actor, person).await?;
            let page = Tickets {
                title: ticket.unit.clone(),
                issued_at_ms: web.app.clock.now_ms(),
                tickets: vec![TicketCard::new(
                    ticket.person,
                    ticket.unit,
                    ticket.post,
                    ticket.link,
                )],
            };
            Ok(Html(render(&page)).into_response())
        }
        "revoke" => {
            web.app.revoke_sign_ins(actor, person).await?;
            Ok(Redirect::to(&format!("/roster/people/{person}")).into_response())
        }
        _ => Err(Error::NotFound("这个操作".into())),
    }
}
