//! 名册: the people, the upload of a roster as it is, and tickets to print.

use std::collections::HashMap;

use axum::{
    Form, Router,
    extract::{Multipart, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{
        organizer::below,
        registrar::{Import, Imported, SignedIn},
    },
    error::{Code, Error},
    exchange::roster::{self, RosterFault as Fault},
    people::Unit,
    web::{
        desk::staff,
        error::WebError,
        page::render,
        pages::{
            parts::Notice,
            roster::{PersonRow, Roster, RosterFault, RosterReport, UnitRow},
            tickets::{TicketCard, Tickets},
        },
        state::{Organizer, Web},
    },
};

const PEOPLE_SHOWN: usize = 500;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/roster", get(show_roster).post(upload_roster))
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
    if unit
        .as_ref()
        .is_some_and(|unit| !unit.is_empty() && units.iter().all(|each| each.id != *unit))
    {
        return Err(Error::NotFound("这个单位".into()));
    }
    let unit = unit.filter(|unit| !unit.is_empty());
    let names: HashMap<&str, &str> = units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.name.as_str()))
        .collect();
    let within = unit.as_deref().map(|unit| below(&units, unit));
    let shown: Vec<_> = persons
        .iter()
        .filter(|person| {
            within
                .as_ref()
                .is_none_or(|within| within.contains(&person.unit_id.as_str()))
        })
        .collect();
    let rows = shown.iter().take(PEOPLE_SHOWN).map(|person| PersonRow {
        id: person.id.clone(),
        name: person.name.clone(),
        unit: names
            .get(person.unit_id.as_str())
            .copied()
            .unwrap_or_default()
            .to_owned(),
        group: String::new(),
        post: person.posts.join("、"),
        phone_end: last_four(&person.phone),
        ticket: false,
    });
    Ok(Roster {
        staff: staff(who),
        notice,
        report,
        people: rows.collect(),
        total: shown.len() as u32,
        units: units
            .iter()
            .map(|unit| UnitRow {
                id: unit.id.clone(),
                name: unit.name.clone(),
                depth: depth(&units, unit),
                people: persons
                    .iter()
                    .filter(|person| person.unit_id == unit.id)
                    .count() as u32,
            })
            .collect(),
        unit,
    })
}

fn depth(units: &[Unit], unit: &Unit) -> u32 {
    let parent = unit
        .parent_id
        .as_deref()
        .and_then(|id| units.iter().find(|unit| unit.id == id));
    parent.map_or(0, |parent| 1 + depth(units, parent))
}

/// Phone numbers are never shown in full.
pub(in crate::web) fn last_four(phone: &str) -> String {
    phone
        .get(phone.len().saturating_sub(4)..)
        .unwrap_or_default()
        .to_owned()
}

async fn upload_roster(
    State(web): State<Web>,
    Organizer(who): Organizer,
    mut form: Multipart,
) -> Result<Response, WebError> {
    let broken = |_| {
        Error::refused(
            Code::BadRequest,
            "文件没有传完整，请再传一次。什么都没有导入",
        )
    };
    let (mut file, mut unit) = (None, String::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, field.bytes().await.map_err(broken)?));
            }
            Some("unit") => unit = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    let (name, bytes) = file
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Error::refused(Code::BadRequest, "请先选一个花名册文件"))?;
    let (rows, faults) = roster::read(&name, &bytes)?;
    let import = if faults.is_empty() {
        Import::ForReal
    } else {
        Import::DryRun
    };
    let mut imported = web
        .app
        .import_roster(&who.person.id, &unit, &rows, import)
        .await?;
    imported.faults.splice(0..0, faults);
    let status = if imported.faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = roster_page(&web, &who, None, Some(report(name, imported)), None).await?;
    Ok((status, Html(render(&page))).into_response())
}

fn report(file: String, imported: Imported) -> RosterReport {
    let fault = |fault: Fault| RosterFault {
        row: fault.row,
        column: fault.column,
        value: String::new(),
        reason: fault.reason,
    };
    RosterReport {
        file,
        imported: imported.faults.is_empty(),
        added: imported.added as u32,
        changed: imported.updated as u32,
        unchanged: imported.unchanged as u32,
        headings: vec![],
        faults: imported.faults.into_iter().map(fault).collect(),
    }
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
        title: format!(
            "政策一口清 · {}",
            place.map_or("", |unit| unit.name.as_str())
        ),
        issued_at_ms: web.app.clock.now_ms(),
        tickets: tickets
            .into_iter()
            .map(|ticket| TicketCard::new(ticket.person, ticket.unit, ticket.post, ticket.link))
            .collect(),
    })))
}
