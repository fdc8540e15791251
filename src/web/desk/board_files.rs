//! A round's board as a file for its organizer: CSV or XLSX, on record.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::registrar::SignedIn,
    contest::{board::Board, round::State as RoundState},
    error::{Code, Error, Result},
    exchange::board_table::{self, Table},
    web::{
        error::WebError,
        state::{Organizer, Web},
    },
};

pub(in crate::web) const CSV: &str = "text/csv; charset=utf-8";
pub(in crate::web) const XLSX: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds/{round}/board.csv", get(send_csv))
        .route("/rounds/{round}/board.xlsx", get(send_xlsx))
}

#[derive(Debug, Deserialize)]
struct Asked {
    of: Option<String>,
}

async fn send_csv(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let of_units = match asked.of.as_deref() {
        None | Some("people") => false,
        Some("units") => true,
        Some(_) => return Err(Error::refused(Code::BadRequest, "of 要写 people 或 units").into()),
    };
    let (name, board) = board(&web, &who, &round, "csv").await?;
    let table = if of_units {
        board_table::units(&board)
    } else {
        board_table::people(&board)
    };
    let bytes = board_table::csv(&table)?;
    Ok(attached(
        CSV,
        &format!("{name}-{}成绩.csv", table.name),
        bytes,
    ))
}

async fn send_xlsx(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Response, WebError> {
    let (name, board) = board(&web, &who, &round, "xlsx").await?;
    let tables: [Table; 2] = [board_table::people(&board), board_table::units(&board)];
    let bytes = board_table::xlsx(&tables)?;
    Ok(attached(XLSX, &format!("{name}-成绩.xlsx"), bytes))
}

/// The real board, for an organizer of the round's unit, with the round's name. Whoever takes it away is on record.
async fn board(web: &Web, who: &SignedIn, id: &str, kind: &str) -> Result<(String, Board)> {
    let round = web.app.round(id).await?;
    if !web.app.oversees(who, &round.unit_id).await? {
        return Err(Error::NotFound("这个场次".into()));
    }
    if round.state == RoundState::Draft {
        return Err(Error::refused(Code::Conflict, "这一场还没有封卷，没有成绩"));
    }
    let standings = web.app.standings(id).await?;
    let detail = json!({ "kind": kind });
    web.app
        .note_look(&who.person.id, "export-board", id, detail)
        .await?;
    let board = Board {
        people: standings.people.clone(),
        units: standings.units.clone(),
    };
    Ok((round.name, board))
}

/// A file to keep, under a Chinese name.
pub(in crate::web) fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || byte == b'.' {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
