//! Boards for every audience: what is masked or held back is so in page, JSON and event alike.

mod words;

use std::{collections::HashSet, convert::Infallible};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{
        Html,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{Stream, StreamExt};
use serde::Deserialize;
use tokio_stream::wrappers::WatchStream;

use crate::{
    app::{registrar::SignedIn, spectator::Standings},
    bank::points::Points,
    clock::rfc3339,
    contest::{
        round::{Audience, Phase},
        units::UnitStanding,
    },
    error::{Code, Error},
    web::{
        error::WebError,
        page::{self, render},
        pages::board::{Board, BoardPage, Live, Of, Panel, Projector, Standing},
        state::{Member, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds/{round}/board", get(show_board))
        .route("/rounds/{round}/projector", get(show_projector))
        .route("/api/v1/rounds/{round}/board", get(board_json))
        .route("/api/v1/rounds/{round}/board/events", get(board_events))
}

/// The public sees the first ten by name, as a hall does.
const PUBLIC_ROWS: usize = 10;
/// Their ranks are shown only among themselves.
const LEADERS: &str = "镇领导组";

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Viewer {
    Organizer,
    Entrant { person: String, division: String },
    Public,
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
    let viewer = viewer(&web, &round, member.as_ref()).await?;
    let standings = web.app.standings(&round).await?;
    let mut asked = asked;
    if asked.division.is_none() && asked.of()? == Of::People {
        asked.division = match &viewer {
            Viewer::Entrant { division, .. } => Some(division.clone()),
            Viewer::Organizer | Viewer::Public => largest_division(&standings, &viewer),
        };
    }
    let board = board(&standings, &asked, &viewer, web.app.clock.now_ms())?;
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
    let viewer = viewer(&web, &round, member.as_ref()).await?;
    let standings = web.app.standings(&round).await?;
    let now_ms = web.app.clock.now_ms();
    let division = asked
        .division
        .clone()
        .or_else(|| largest_division(&standings, &viewer));
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
        let board = board(&standings, &asked, &hall, now_ms)?;
        panels.push(Panel {
            events: events_address(&round, &board),
            board,
        });
    }
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

fn largest_division(standings: &Standings, viewer: &Viewer) -> Option<String> {
    let open = standings
        .people
        .iter()
        .filter(|(division, _)| may_see(division, viewer));
    open.max_by_key(|(_, rows)| rows.len())
        .map(|(division, _)| division.clone())
}

async fn board_json(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Board>, WebError> {
    let member = member.map(|Member(member)| member);
    let viewer = viewer(&web, &round, member.as_ref()).await?;
    let standings = web.app.standings(&round).await?;
    Ok(Json(board(
        &standings,
        &asked,
        &viewer,
        web.app.clock.now_ms(),
    )?))
}

async fn board_events(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let member = member.map(|Member(member)| member);
    let viewer = viewer(&web, &round, member.as_ref()).await?;
    asked.of()?;
    let changes = WatchStream::new(web.app.follow_standings(&round).await?);
    let events = changes.map(move |standings| {
        let now_ms = web.app.clock.now_ms();
        let event = match board(&standings, &asked, &viewer, now_ms) {
            Ok(board) => Event::default().json_data(board).unwrap_or_default(),
            Err(_) => Event::default().comment("gone"),
        };
        Ok(event)
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
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
    standings: &Standings,
    asked: &Asked,
    viewer: &Viewer,
    now_ms: i64,
) -> Result<Board, Error> {
    let round = &standings.hall.round;
    let (of, phase) = (asked.of()?, round.phase(now_ms));
    let live = match (viewer, phase) {
        (_, Phase::Announced) => Live::Announced,
        (Viewer::Organizer, _) => Live::Live,
        _ if round.board_held => Live::Held,
        _ if round.board_shows() => Live::Live,
        _ => Live::Waiting,
    };
    let mut divisions: Vec<String> = standings
        .people
        .keys()
        .filter(|division| may_see(division, viewer))
        .cloned()
        .collect();
    let posts = &standings.hall.publication.bank.posts;
    divisions.sort_by_key(|division| posts.place_of(division));
    let division = asked
        .division
        .clone()
        .filter(|division| divisions.contains(division));
    if asked.division.is_some() && division.is_none() {
        return Err(Error::NotFound("这个组别".into()));
    }
    let hidden = matches!(live, Live::Held | Live::Waiting);
    let rows = match of {
        _ if hidden => vec![],
        Of::People => people_rows(standings, division.as_ref(), viewer),
        Of::Units => unit_rows(standings, viewer),
    };
    Ok(Board {
        round: round.id.clone(),
        round_name: round.name.clone(),
        of,
        division,
        divisions,
        live,
        handed_in: standings.handed_in,
        entrants: standings.entrants,
        server_time: rfc3339(now_ms),
        closes: rfc3339(round.window_ends_at_ms(now_ms)),
        remaining_ms: (phase == Phase::Open).then(|| round.window_ends_at_ms(now_ms) - now_ms),
        rule: words::rule_text(standings, of),
        masking: words::masking(viewer, of),
        standings: rows,
    })
}

fn people_rows(standings: &Standings, division: Option<&String>, viewer: &Viewer) -> Vec<Standing> {
    let mut rows = Vec::new();
    for (name, people) in &standings.people {
        if !may_see(name, viewer) || division.is_some_and(|division| division != name) {
            continue;
        }
        let sat = people
            .iter()
            .filter(|standing| standing.row.points.is_some());
        let most = if *viewer == Viewer::Public {
            PUBLIC_ROWS
        } else {
            usize::MAX
        };
        rows.extend(sat.take(most).map(|standing| Standing {
            id: row_id(&standing.row.person),
            rank: standing.rank,
            name: standing.row.name.clone(),
            unit: standing.row.unit.clone(),
            points: standing.row.points.unwrap_or(Points::ZERO),
            used_ms: Some(standing.row.time_used_ms),
            sat: None,
            entrants: None,
            why: vec![standing.why.clone()].into_iter().filter(|why| !why.is_empty()).collect(),
            division: Some(name.clone()),
            mine: matches!(viewer, Viewer::Entrant { person, .. } if *person == standing.row.person),
        }));
    }
    rows
}

/// A unit that is made of leaders only would tell their mean: it stands where they themselves may be seen.
fn unit_rows(standings: &Standings, viewer: &Viewer) -> Vec<Standing> {
    let open: HashSet<&str> = standings
        .people
        .iter()
        .filter(|(division, _)| may_see(division, viewer))
        .flat_map(|(_, people)| people)
        .map(|standing| standing.row.unit.as_str())
        .collect();
    let units = standings.units.iter();
    units
        .filter(|unit| open.contains(unit.unit.as_str()))
        .map(unit_row)
        .collect()
}

fn unit_row(standing: &UnitStanding) -> Standing {
    Standing {
        id: row_id(&standing.unit),
        rank: standing.rank,
        name: standing.unit.clone(),
        unit: String::new(),
        points: shown_points(&standing.shown),
        used_ms: None,
        sat: Some(standing.sat),
        entrants: Some(standing.entrants),
        why: vec![standing.why.clone()]
            .into_iter()
            .filter(|why| !why.is_empty())
            .collect(),
        division: None,
        mine: false,
    }
}

/// `86.25 分` or `86.25%` → the number that the page shows in its points column.
fn shown_points(shown: &str) -> Points {
    Points::parse(shown.trim_end_matches([' ', '分', '%'])).unwrap_or_default()
}

/// Tells rows apart without telling a person's id.
fn row_id(of: &str) -> String {
    use sha2::{Digest, Sha256};
    crate::clock::hex(&Sha256::digest(of)[..6])
}
