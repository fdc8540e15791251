//! Boards for every audience: what is masked or held back is so in page, JSON and event alike.

mod own;
mod packed;
mod rows;
mod words;

mod events;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{Html, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{registrar::SignedIn, spectator::LiveBoard},
    clock::rfc3339,
    contest::round::{Audience, Phase, Round},
    error::{Code, Error},
    web::{
        error::WebError,
        limits::Asks,
        page::{self, render},
        pages::board::{Board, BoardPage, Live, Of, Panel, Projector},
        revalidate::{tag_of, unless_known},
        state::{Member, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds/{round}/board", get(show_board))
        .route("/rounds/{round}/board/mine", get(own::show_own))
        .route("/rounds/{round}/projector", get(show_projector))
        .route("/api/v1/rounds/{round}/board", get(board_json))
}

/// Packed by themselves already, and open for hours: they keep out of the layer that packs, which holds room for every
/// way to pack as long as an answer lasts.
pub fn streams() -> Router<Web> {
    Router::new().route(
        "/api/v1/rounds/{round}/board/events",
        get(events::board_events),
    )
}

/// The public sees the first ten by name, as a hall does.
const PUBLIC_ROWS: usize = 10;
/// A page and what is sent to it at every change end here; the own row stands below where it is further down.
const PAGE_ROWS: usize = 100;
/// An organizer's goes further.
const DESK_ROWS: usize = 500;
/// Their ranks are shown only among themselves.
const LEADERS: &str = "镇领导组";

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Viewer {
    Organizer,
    Entrant { person: String, division: String },
    Public,
}

/// How far a list of people goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// As far as one may see.
    Everybody,
    /// As far as a page does.
    Page,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    division: Option<String>,
    of: Option<String>,
}

impl Asked {
    fn of(&self) -> Result<Of, Error> {
        match self.of.as_deref() {
            None | Some("people") => Ok(Of::People),
            Some("units") => Ok(Of::Units),
            Some(_) => Err(Error::refused(Code::BadRequest, "of 要写 people 或 units")),
        }
    }
}

async fn viewer(web: &Web, round: &str, member: Option<&SignedIn>) -> Result<Viewer, Error> {
    let hall = web.app.hall(round).await?;
    if let Some(member) = member {
        if web.app.runs(member, &hall.round.unit_id).await? {
            return Ok(Viewer::Organizer);
        }
        if let Some(entrant) = hall.entrants.get(&member.person.id) {
            return Ok(Viewer::Entrant {
                person: entrant.person_id.clone(),
                division: entrant.division.clone(),
            });
        }
    }
    match (hall.round.rules.audience, member) {
        (Audience::Public, _) => Ok(Viewer::Public),
        (Audience::Entrants, None) => Err(Error::refused(
            Code::NotSignedIn,
            "这一场的成绩只给参赛人看，请先用参赛证登录",
        )),
        (Audience::Entrants, Some(_)) => Err(Error::NotFound("这个场次".into())),
    }
}

async fn show_board(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let member = member.map(|Member(member)| member);
    let viewer = viewer(&web, &round, member.as_deref()).await?;
    let (mut asked, now_ms) = (asked, web.app.clock.now_ms());
    let look = |live: &LiveBoard| {
        if asked.division.is_none() && asked.of()? == Of::People {
            asked.division = match &viewer {
                Viewer::Entrant { division, .. } => Some(division.clone()),
                Viewer::Organizer | Viewer::Public => largest_division(live, &viewer),
            };
        }
        board(live, &asked, &viewer, Reach::Page, now_ms)
    };
    let board = web.app.look_at_board(&round, look).await??;
    let back = match viewer {
        Viewer::Organizer => Some("/rounds"),
        Viewer::Entrant { .. } => Some("/"),
        Viewer::Public => None,
    };
    let events = events_address(&round, &board);
    Ok(Html(render(&BoardPage {
        events,
        board,
        back,
    })))
}

fn events_address(round: &str, board: &Board) -> Option<String> {
    let of = if board.of == Of::Units {
        "units"
    } else {
        "people"
    };
    let division = board
        .division
        .as_deref()
        .map(|division| format!("&division={}", page::words::query(division)));
    (board.live != Live::Announced).then(|| {
        format!(
            "/api/v1/rounds/{round}/board/events?of={of}{}",
            division.unwrap_or_default()
        )
    })
}

async fn show_projector(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let member = member.map(|Member(member)| member);
    let viewer = viewer(&web, &round, member.as_deref()).await?;
    let now_ms = web.app.clock.now_ms();
    let look = |live: &LiveBoard| {
        let division = asked.division.clone();
        let division = division.or_else(|| largest_division(live, &viewer));
        // A hall sees what the public sees: the organizer's own eyes are not the projector's.
        let hall = Viewer::Public;
        let mut panels = Vec::new();
        for asked in [
            Asked { division, of: None },
            Asked {
                division: None,
                of: Some("units".into()),
            },
        ] {
            let board = board(live, &asked, &hall, Reach::Page, now_ms)?;
            panels.push(Panel {
                events: events_address(&round, &board),
                board,
            });
        }
        Ok::<_, Error>(panels)
    };
    let panels = web.app.look_at_board(&round, look).await??;
    let first = &panels[0].board;
    Ok(Html(render(&Projector {
        round_name: first.round_name.clone(),
        live: first.live,
        handed_in: first.handed_in,
        entrants: first.entrants,
        remaining_ms: first.remaining_ms,
        panels,
    })))
}

fn largest_division(live: &LiveBoard, viewer: &Viewer) -> Option<String> {
    let all = live.standings.divisions();
    let open = all.filter(|(division, _)| may_see(division, viewer));
    open.max_by_key(|(_, entrants)| *entrants)
        .map(|(division, _)| division.clone())
}

async fn board_json(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let member = member.map(|Member(member)| member);
    if let Some(member) = &member {
        web.limit(Asks::Board, &member.person.id)?;
    }
    let viewer = viewer(&web, &round, member.as_deref()).await?;
    let now_ms = web.app.clock.now_ms();
    let look = |live: &LiveBoard| board(live, &asked, &viewer, Reach::Everybody, now_ms);
    let board = web.app.look_at_board(&round, look).await??;
    // Whoever looks sees what they may see, so only their own browser may keep it, and asks each time.
    let kept = [
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "cookie"),
    ];
    let tag = tag_of_board(&board);
    Ok(unless_known(&headers, &tag, (kept, Json(board))))
}

/// The same for a board that nothing has changed on since, though its clock runs on. `closes` and the 304's own `date`
/// tell whoever kept it what the clock says.
fn tag_of_board(board: &Board) -> String {
    let mut said = serde_json::to_value(board).expect("boards serialize");
    said["server_time"] = Value::Null;
    said["remaining_ms"] = board.remaining_ms.is_some().into();
    tag_of(said.to_string().as_bytes())
}

fn may_see(division: &str, viewer: &Viewer) -> bool {
    match viewer {
        Viewer::Organizer => true,
        Viewer::Entrant { division: own, .. } => division != LEADERS || own == LEADERS,
        Viewer::Public => division != LEADERS,
    }
}

/// The board as this viewer may see it.
fn board(
    live: &LiveBoard,
    asked: &Asked,
    viewer: &Viewer,
    reach: Reach,
    now_ms: i64,
) -> Result<Board, Error> {
    let round = &live.hall.round;
    let (of, phase) = (asked.of()?, round.phase(now_ms));
    let shown = shown_as(round, viewer, now_ms);
    let all = live.standings.divisions().map(|(division, _)| division);
    let mut divisions: Vec<String> = all
        .filter(|division| may_see(division, viewer))
        .cloned()
        .collect();
    let posts = &live.hall.publication.bank.posts;
    divisions.sort_by_key(|division| posts.place_of(division));
    let division = asked
        .division
        .clone()
        .filter(|division| divisions.contains(division));
    if asked.division.is_some() && division.is_none() {
        return Err(Error::NotFound("这个组别".into()));
    }
    let rows = match of {
        _ if is_hidden(shown) => vec![],
        Of::People => rows::people_rows(live, division.as_ref(), viewer, reach),
        Of::Units => rows::unit_rows(live, viewer),
    };
    Ok(Board {
        round: round.id.clone(),
        round_name: round.name.clone(),
        of,
        division,
        divisions,
        live: shown,
        handed_in: live.change.handed_in,
        entrants: live.change.entrants,
        server_time: rfc3339(now_ms),
        closes: rfc3339(round.window_ends_at_ms(now_ms)),
        remaining_ms: (phase == Phase::Open).then(|| round.window_ends_at_ms(now_ms) - now_ms),
        rule: words::rule_text(live, of),
        masking: words::masking(viewer, of),
        standings: rows,
    })
}

fn shown_as(round: &Round, viewer: &Viewer, now_ms: i64) -> Live {
    match (viewer, round.phase(now_ms)) {
        (_, Phase::Announced) => Live::Announced,
        (Viewer::Organizer, _) => Live::Live,
        _ if round.board_held => Live::Held,
        _ if round.board_shows() => Live::Live,
        _ => Live::Waiting,
    }
}

fn is_hidden(live: Live) -> bool {
    matches!(live, Live::Held | Live::Waiting)
}
