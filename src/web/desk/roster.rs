//! 名册: the people, the upload of a roster as it is, and tickets to print.

use std::collections::{HashMap, HashSet};

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Multipart, Query, State, multipart::MultipartError},
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
    people::{Unit, in_tree_order},
    web::{
        desk::staff,
        error::{WebError, status_of},
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
    let names: HashMap<&str, &str> = units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.name.as_str()))
        .collect();
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
        ticket: holders.contains(&person.id),
    });
    let unit_row = |unit: &Unit, depth: u32| UnitRow {
        id: unit.id.clone(),
        name: unit.name.clone(),
        depth,
        people: persons
            .iter()
            .filter(|person| person.unit_id == unit.id)
            .count() as u32,
    };
    Ok(Roster {
        staff: staff(who),
        notice,
        report,
        people: rows.collect(),
        total: shown.len() as u32,
        units: in_tree_order(&units)
            .into_iter()
            .map(|(unit, depth)| unit_row(unit, depth))
            .collect(),
        unit: unit.map(|unit| unit_row(unit, 0)),
    })
}

/// Phone numbers are never shown in full.
pub(in crate::web) fn last_four(phone: &str) -> String {
    phone
        .get(phone.len().saturating_sub(4)..)
        .unwrap_or_default()
        .to_owned()
}

/// A file as uploaded, with the township it is for.
struct Upload {
    name: String,
    bytes: bytes::Bytes,
    unit: String,
}

async fn upload_roster(
    State(web): State<Web>,
    Organizer(who): Organizer,
    form: Multipart,
) -> Result<Response, WebError> {
    let taken = match read_upload(form).await {
        Ok(upload) => take_roster(&web, &who, upload).await,
        Err(error) => Err(error),
    };
    let (status, report, notice) = match taken {
        Ok(report) if report.imported => (StatusCode::OK, Some(report), None),
        Ok(report) => (StatusCode::UNPROCESSABLE_ENTITY, Some(report), None),
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(format!("没有导入，名册没有变：{}。", refusal.detail));
            (status_of(refusal.code), None, Some(notice))
        }
        Err(error) => return Err(error.into()),
    };
    let page = roster_page(&web, &who, None, report, notice).await?;
    Ok((status, Html(render(&page))).into_response())
}

async fn read_upload(mut form: Multipart) -> Result<Upload, Error> {
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::refused(
            Code::TooLarge,
            "花名册文件超过 8 MB，请只留要导入的那一张表",
        ),
        _ => Error::refused(Code::BadRequest, "文件没有传完整，请再传一次"),
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
    Ok(Upload { name, bytes, unit })
}

async fn take_roster(web: &Web, who: &SignedIn, upload: Upload) -> Result<RosterReport, Error> {
    let (rows, faults) = roster::read(&upload.name, &upload.bytes)?;
    let import = if faults.is_empty() {
        Import::ForReal
    } else {
        Import::DryRun
    };
    let mut imported = web
        .app
        .import_roster(&who.person.id, &upload.unit, &rows, import)
        .await?;
    imported.faults.splice(0..0, faults);
    Ok(report(upload.name, imported))
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
        title: place.map_or_else(String::new, |unit| unit.name.clone()),
        issued_at_ms: web.app.clock.now_ms(),
        tickets: tickets
            .into_iter()
            .map(|ticket| TicketCard::new(ticket.person, ticket.unit, ticket.post, ticket.link))
            .collect(),
    })))
}
