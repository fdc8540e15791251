//! A candidate's pages: ticket, home, start, the exam as plain forms, the result. The JSON doors share the use cases.

mod result;
mod sitting;

use axum::{
    Router,
    extract::{Path, Request, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{candidate::Mine, registrar::SignedIn, spectator::LiveBoard},
    contest::round::{Entrant, Phase, Shown},
    error::Error,
    paper::assemble::Assembler,
    people::{Role, masked},
    store::attempts::State as AttemptState,
    web::{
        candidate::sitting::{
            hand_in, save_answer, show_attempt, show_card, show_hand_in, show_start, start_attempt,
        },
        doors::ended_cookie,
        error::WebError,
        limits::Asks,
        page::render,
        pages::{
            about::About,
            home::{Home, RoundCard},
            parts::{RoundState, Who},
            ticket::{BadTicket, SignIn, Ticket},
        },
        signing::{enter, leave_nothing},
        state::{Demonstration, Member, Web, session_token},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(show_home))
        .route("/about", get(show_about))
        .route("/t/{ticket}", get(show_ticket).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/rounds/{round}/start", get(show_start).post(start_attempt))
        .route("/attempts/{attempt}", get(show_attempt))
        .route("/attempts/{attempt}/answer", post(save_answer))
        .route("/attempts/{attempt}/card", get(show_card))
        .route(
            "/attempts/{attempt}/submit",
            get(show_hand_in).post(hand_in),
        )
}

async fn show_ticket(
    State(web): State<Web>,
    Path(ticket): Path<String>,
    signed_in: Option<Member>,
) -> Result<Response, WebError> {
    web.limit(Asks::SignIn, &ticket)?;
    let holder = match web.app.look_at_ticket(&ticket).await {
        Ok(holder) => holder,
        Err(Error::Refused(_)) => {
            return Ok((StatusCode::UNAUTHORIZED, Html(render(&BadTicket {}))).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let instead_of = signed_in
        .filter(|Member(who)| who.person.id != holder.person.id)
        .map(|Member(who)| masked(&who.person.name));
    let mut who = who(&holder);
    who.name = masked(&holder.person.name);
    Ok(Html(render(&Ticket {
        ticket,
        who,
        instead_of,
    }))
    .into_response())
}

async fn sign_in(
    State(web): State<Web>,
    Path(ticket): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let (parts, _) = request.into_parts();
    web.limit(Asks::SignIn, &ticket)?;
    let holder = web.app.look_at_ticket(&ticket).await?;
    let token = web.app.sign_in(&ticket).await?;
    let to = first_page(&web, &holder).await?;
    // Handing a phone over ends the session of the one before; a ticket that is none ends nothing.
    let before = session_token(&parts).unwrap_or_default();
    enter(&web, before, &token, &to).await
}

/// Where exactly one round is open to a cadre who does nothing else here, its start is two taps from the QR code.
async fn first_page(web: &Web, holder: &SignedIn) -> Result<String, Error> {
    let mine = web.app.rounds_of(&holder.person.id).await?;
    let mut open = mine.iter().filter(|mine| mine.phase == Phase::Open);
    Ok(match (open.next(), open.next()) {
        (Some(only), None) if holder.grants.is_empty() => match &only.open_attempt {
            Some(attempt) => format!("/attempts/{attempt}"),
            None if only.attempts_left > 0 => format!("/rounds/{}/start", only.hall.round.id),
            None => "/".into(),
        },
        _ => "/".into(),
    })
}

async fn sign_out(State(web): State<Web>, request: Request) -> Result<Response, WebError> {
    let (parts, _) = request.into_parts();
    if let Some(token) = session_token(&parts) {
        web.app.sign_out(token).await?;
    }
    let ended = [(header::SET_COOKIE, ended_cookie())];
    Ok((leave_nothing(), ended, Redirect::to("/")).into_response())
}

async fn show_about(State(web): State<Web>) -> Html<String> {
    Html(render(&About {
        host: None,
        demonstration: web.demonstration == Demonstration::Yes,
    }))
}

async fn show_home(
    State(web): State<Web>,
    signed_in: Option<Member>,
) -> Result<Response, WebError> {
    let Some(Member(member)) = signed_in else {
        return Ok((StatusCode::UNAUTHORIZED, Html(render(&SignIn {}))).into_response());
    };
    let mut rounds = Vec::new();
    for mine in web.app.rounds_of(&member.person.id).await? {
        rounds.push(round_card(&web, &mine, &member.person.id).await?);
    }
    let home = Home {
        who: who(&member),
        now_ms: web.app.clock.now_ms(),
        notice: None,
        rounds,
        organizer: member.has(Role::Organizer),
        trainer: member.has(Role::Trainer),
        examiner: [Role::Judge, Role::Organizer, Role::Trainer]
            .into_iter()
            .any(|role| member.has(role)),
        spot_results: web.app.has_spot_results(&member.person.id).await?,
    };
    Ok(Html(render(&home)).into_response())
}

/// A candidate as the own pages name them.
pub fn who(member: &SignedIn) -> Who {
    Who {
        name: member.person.name.clone(),
        unit: member.place(),
        post: member.person.posts.join("、"),
    }
}

/// A phase in the pages' words.
pub fn round_state(phase: Phase) -> RoundState {
    match phase {
        Phase::Draft => RoundState::Draft,
        Phase::Upcoming => RoundState::Upcoming,
        Phase::Open => RoundState::Open,
        Phase::Paused => RoundState::Paused,
        Phase::Closed => RoundState::Closed,
        Phase::Announced => RoundState::Announced,
    }
}

async fn round_card(web: &Web, mine: &Mine, person_id: &str) -> Result<RoundCard, Error> {
    let round = &mine.hall.round;
    let entrant = mine
        .hall
        .entrants
        .get(person_id)
        .ok_or_else(|| Error::NotFound("这个场次".into()))?;
    let finished = mine
        .attempts
        .iter()
        .rev()
        .find(|attempt| attempt.state != AttemptState::Open.text());
    let (mut points, mut rank, mut division) = (None, None, None);
    if round.shown() >= Shown::Points && finished.is_some() {
        let own = |live: &LiveBoard| live.standings.of(person_id);
        let row = web.app.look_at_board(&round.id, own).await?;
        let row = row.as_ref();
        points = row.and_then(|row| row.row.points);
        if !round.board_held && round.board_shows() {
            rank = row.and_then(|row| row.rank);
            division = Some(entrant.division.clone());
        }
    }
    Ok(RoundCard {
        id: round.id.clone(),
        name: round.name.clone(),
        state: round_state(mine.phase),
        opens_at_ms: round.opens_at_ms,
        closes_at_ms: round.window_ends_at_ms(mine.now_ms),
        limit_seconds: round.limit_ms / 1000,
        questions: questions_for(web, mine, entrant).await?,
        attempts: round.rules.attempts,
        attempts_left: mine.attempts_left,
        attempt: mine.open_attempt.clone(),
        finished: finished.map(|attempt| attempt.id.clone()),
        points,
        rank,
        division,
        board: true,
    })
}

/// How many questions: of the paper begun, else of any that may be drawn, `57` or `56～58` where materials differ.
async fn questions_for(web: &Web, mine: &Mine, entrant: &Entrant) -> Result<String, Error> {
    if let Some(attempt) = mine.attempts.first() {
        let sitting = web.app.sitting(&attempt.id, &entrant.person_id).await?;
        return Ok(sitting.paper.questions.len().to_string());
    }
    Ok(count_of(mine.hall.assembler(&entrant.post)?.as_ref()))
}

/// How many questions a paper of this assembler has.
pub fn count_of(assembler: &Assembler) -> String {
    match assembler.sizes() {
        (fewest, most) if fewest == most => most.to_string(),
        (fewest, most) => format!("{fewest}～{most}"),
    }
}

#[derive(Debug, Default, Deserialize)]
struct At {
    q: Option<u32>,
}
