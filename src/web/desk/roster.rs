//! 名册: the people, the upload of a roster as it is, and tickets to print.

mod upload;

use std::collections::HashSet;

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Query, State},
    response::Html,
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{organizer::below, registrar::SignedIn},
    error::Error,
    people::{Unit, UnitKind, in_tree_order, place_of},
    web::{
        desk::{roster::upload::upload_roster, staff},
        error::WebError,
        page::render,
        pages::{
            parts::Notice,
            roster::{PersonRow, Roster, RosterReport, UnitChoice, UnitRow},
            tickets::{TicketCard, Tickets},
        },
        state::{Organizer, Web},
    },
};

const PEOPLE_SHOWN: usize = 500;
/// A roster of 8 MB and the form around it; less than the router's limit, so that a stream too is told what was too large.
const UPLOAD_BYTES_MAX: usize = (8 << 20) + (1 << 18);

pub fn routes() -> Router<Web> {
    Router::new()
        .route(
            "/roster",
            get(show_roster)
                .post(upload_roster)
                .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX)),
        )
        .route("/roster/tickets", post(issue_tickets))
}

#[derive(Debug, Default, Deserialize)]
struct At {
    unit: Option<String>,
}

async fn show_roster(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Query(at): Query<At>,
) -> Result<Html<String>, WebError> {
    Ok(Html(render(
        &roster_page(&web, &who, at.unit, None, None).await?,
    )))
}

async fn roster_page(
    web: &Web,
    who: &SignedIn,
    unit: Option<String>,
    report: Option<RosterReport>,
    notice: Option<Notice>,
) -> Result<Roster, Error> {
    let (units, persons) = web.app.people_run_by(&who.person.id).await?;
    let unit = match unit.as_deref() {
        None | Some("") => None,
        Some(id) => Some(
            units
                .iter()
                .find(|unit| unit.id == id)
                .ok_or_else(|| Error::NotFound("这个单位".into()))?,
        ),
    };
    let holders: HashSet<String> = web.app.ticket_holders().await?.into_iter().collect();
    let within = unit.map(|unit| below(&units, &unit.id));
    let shown: Vec<_> = persons
        .iter()
        .filter(|person| {
            within
                .as_ref()
                .is_none_or(|within| within.contains(&person.unit_id.as_str()))
        })
        .collect();
    let rows = shown.iter().take(PEOPLE_SHOWN).map(|person| {
        let place = place_of(&units, &person.unit_id);
        PersonRow {
            id: person.id.clone(),
            name: person.name.clone(),
            unit: place.map_or_else(String::new, |place| place.unit.name.clone()),
            group: place.map_or_else(String::new, |place| place.group_name().to_owned()),
            post: person.posts.join("、"),
            phone_end: last_four(&person.phone),
            ticket: holders.contains(&person.id),
        }
    });
    let unit_row = |unit: &Unit, depth: u32| UnitRow {
        id: unit.id.clone(),
        name: unit.name.clone(),
        depth,
        people: persons
            .iter()
            .filter(|person| below(&units, &unit.id).contains(&person.unit_id.as_str()))
            .count() as u32,
    };
    Ok(Roster {
        staff: staff(who),
        notice,
        report,
        people: rows.collect(),
        total: shown.len() as u32,
        import_into: import_into(&units),
        units: in_tree_order(&units)
            .into_iter()
            .map(|(unit, depth)| unit_row(unit, depth))
            .collect(),
        unit: unit.map(|unit| unit_row(unit, 0)),
    })
}

/// What a file may be imported for: townships, and where somebody looks after villages only, each of these.
fn import_into(units: &[Unit]) -> Vec<UnitChoice> {
    let known = |id: &String| units.iter().any(|unit| unit.id == *id);
    let fits = |unit: &&Unit| {
        let top = !unit.parent_id.as_ref().is_some_and(known);
        top || unit.kind == UnitKind::Township
    };
    let choice = |unit: &Unit| UnitChoice {
        id: unit.id.clone(),
        name: unit.name.clone(),
    };
    units.iter().filter(fits).map(choice).collect()
}

/// Phone numbers are never shown in full.
pub(in crate::web) fn last_four(phone: &str) -> String {
    phone
        .get(phone.len().saturating_sub(4)..)
        .unwrap_or_default()
        .to_owned()
}

/// New tickets each time: a POST, since looking must not issue anything.
async fn issue_tickets(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Form(at): Form<At>,
) -> Result<Html<String>, WebError> {
    let unit = at.unit.unwrap_or_default();
    let tickets = web.app.issue_tickets(&who.person.id, &unit).await?;
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let place = units.iter().find(|each| unit.is_empty() || each.id == unit);
    Ok(Html(render(&Tickets {
        title: place.map_or_else(String::new, |unit| unit.name.clone()),
        issued_at_ms: web.app.clock.now_ms(),
        tickets: tickets
            .into_iter()
            .map(|ticket| TicketCard::new(ticket.person, ticket.unit, ticket.post, ticket.link))
            .collect(),
    })))
}
