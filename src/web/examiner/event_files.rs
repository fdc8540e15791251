//! A 计分抽问 as a file for its organizer: the board and the ledger, on record.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::{examiner::scored::EventView, registrar::SignedIn},
    clock::civil,
    error::{Code, Error, Result},
    exchange::{
        board_table::{self, Table},
        spot_table::{self, Line},
    },
    web::{
        desk::board_files::{CSV, XLSX, attached},
        error::WebError,
        state::{Organizer, Web},
    },
};

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `entries` where nothing is said, `people`, `units`.
    of: Option<String>,
}

pub(super) async fn send_csv(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let place = match asked.of.as_deref() {
        Some("people") => 0,
        Some("units") => 1,
        None | Some("entries") => 2,
        Some(_) => {
            let detail = "of 要写 entries、people 或 units";
            return Err(Error::refused(Code::BadRequest, detail).into());
        }
    };
    let view = taken(&web, &who, &id, "csv").await?;
    let table = &tables(&view)[place];
    let name = format!("{}-{}.csv", view.event.name, table.name);
    Ok(attached(CSV, &name, board_table::csv(table)?))
}

pub(super) async fn send_xlsx(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let view = taken(&web, &who, &id, "xlsx").await?;
    let bytes = board_table::xlsx(&tables(&view))?;
    let name = format!("{}-成绩和台账.xlsx", view.event.name);
    Ok(attached(XLSX, &name, bytes))
}

fn tables(view: &EventView) -> [Table; 3] {
    let lines: Vec<Line<'_>> = view
        .entries
        .iter()
        .map(|entry| Line {
            at: civil(entry.at_ms).format("%Y-%m-%d %H:%M:%S").to_string(),
            by: view.names.get(&entry.actor).map_or("", String::as_str),
            entry,
        })
        .collect();
    [
        spot_table::people(&view.event, &view.board, &view.entrants),
        spot_table::units(&view.board),
        spot_table::entries(&view.entrants, &lines),
    ]
}

/// The event, for who runs it. Whoever takes it away is on record.
async fn taken(web: &Web, who: &SignedIn, id: &str, kind: &str) -> Result<EventView> {
    let actor = &who.person.id;
    let view = web.app.spot_event(actor, id).await?;
    let detail = json!({ "spot_event": id, "name": view.event.name, "kind": kind });
    web.app
        .note_look(actor, "export-spot-event", &view.event.unit_id, detail)
        .await?;
    Ok(view)
}
