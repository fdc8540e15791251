//! 场次 at an organizer's desk: the list, setting one up, and leading it to its end.

mod facts;
mod form;
mod new;

use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{organizer::Hold, registrar::SignedIn, spectator::Standings},
    contest::round::{Round, State as RoundState, Tier},
    error::Error,
    people::Unit,
    web::{
        candidate::round_state,
        desk::rounds::facts::{actions, count_rows, declared, seal},
        desk::rounds::new::{create_round, show_new_round},
        desk::staff,
        error::WebError,
        page::render,
        pages::{
            parts::Notice,
            round::RoundPage,
            rounds::{RoundRow, Rounds},
        },
        state::{Organizer, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds", get(list_rounds).post(create_round))
        .route("/rounds/new", get(show_new_round))
        .route("/rounds/{round}", get(show_round))
        .route("/rounds/{round}/{action}", post(act_on_round))
}

async fn list_rounds(
    State(web): State<Web>,
    Organizer(who): Organizer,
) -> Result<Html<String>, WebError> {
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let now_ms = web.app.clock.now_ms();
    let mut rows = Vec::new();
    for round in web
        .app
        .rounds_run_by(&who.person.id)
        .await?
        .into_iter()
        .rev()
    {
        let standings = standings_of(&web, &round).await?;
        rows.push(RoundRow {
            tier: tier_text(round.rules.tier),
            unit: unit_name(&units, &round.unit_id),
            state: round_state(round.phase(now_ms)),
            opens_at_ms: round.opens_at_ms,
            closes_at_ms: round.window_ends_at_ms(now_ms),
            entrants: standings.as_ref().map_or(0, |standings| standings.entrants),
            handed_in: standings
                .as_ref()
                .map_or(0, |standings| standings.handed_in),
            id: round.id,
            name: round.name,
        });
    }
    Ok(Html(render(&Rounds {
        staff: staff(&who),
        notice: None,
        rounds: rows,
    })))
}

async fn standings_of(
    web: &Web,
    round: &Round,
) -> Result<Option<std::sync::Arc<Standings>>, Error> {
    match round.state {
        RoundState::Draft => Ok(None),
        _ => web.app.standings(&round.id).await.map(Some),
    }
}

fn tier_text(tier: Tier) -> &'static str {
    match tier {
        Tier::Group => "group",
        Tier::Village => "village",
        Tier::Township => "township",
    }
}

fn unit_name(units: &[Unit], id: &str) -> String {
    units
        .iter()
        .find(|unit| unit.id == id)
        .map_or_else(String::new, |unit| unit.name.clone())
}

async fn show_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Html<String>, WebError> {
    Ok(Html(render(&round_page(&web, &who, &round, None).await?)))
}

async fn round_page(
    web: &Web,
    who: &SignedIn,
    id: &str,
    notice: Option<Notice>,
) -> Result<RoundPage, Error> {
    let round = web.app.round_run_by(&who.person.id, id).await?;
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let now_ms = web.app.clock.now_ms();
    let standings = standings_of(web, &round).await?;
    let phase = round.phase(now_ms);
    Ok(RoundPage {
        staff: staff(who),
        notice,
        id: round.id.clone(),
        name: round.name.clone(),
        tier: tier_text(round.rules.tier),
        unit: unit_name(&units, &round.unit_id),
        state: round_state(phase),
        opens_at_ms: round.opens_at_ms,
        closes_at_ms: round.window_ends_at_ms(now_ms),
        limit_seconds: round.limit_ms / 1000,
        attempts: round.rules.attempts,
        declared: declared(&round),
        problems: vec![],
        counts: standings
            .as_ref()
            .map_or_else(Vec::new, |standings| count_rows(standings)),
        actions: actions(&round, phase),
        seal: seal(&round),
        secret: round.released_at_ms.and(round.secret.clone()),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActionForm {
    minutes: Option<i64>,
    reason: String,
}

async fn act_on_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, action)): Path<(String, String)>,
    Form(form): Form<ActionForm>,
) -> Result<Response, WebError> {
    let (app, actor) = (&web.app, who.person.id.as_str());
    let done = match action.as_str() {
        "seal" => app.seal_round(actor, &round).await,
        "close" => app.close_round(actor, &round).await,
        "announce" => app.announce_round(actor, &round).await,
        "pause" => app.pause_round(actor, &round, &form.reason).await,
        "resume" => app.resume_round(actor, &round).await,
        "hold" => app.hold_board(actor, &round, Hold::Back).await,
        "reveal" => app.hold_board(actor, &round, Hold::Reveal).await,
        "extend" => {
            let by_ms = form.minutes.unwrap_or(0).saturating_mul(60_000);
            app.extend_round(actor, &round, None, by_ms, &form.reason)
                .await
        }
        _ => Err(Error::NotFound("这个操作".into())),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/rounds/{round}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let page = round_page(&web, &who, &round, Some(Notice::alert(refusal.detail))).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
