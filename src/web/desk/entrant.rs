//! One entrant at an organizer's desk: what is decided about them and their attempts, always with a reason.

use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{
        decisions::Leave,
        monitor::{Monitor, Seat, SeatState},
        registrar::SignedIn,
    },
    bank::points::Points,
    contest::{
        ranking::Standing,
        round::{Round, State as RoundState},
    },
    error::{Code, Error},
    people::Role,
    web::{
        desk::{monitor::seat_row, rounds::counts_text, staff},
        error::WebError,
        page::render,
        pages::{
            entrant::{AttemptRow, EntrantPage, LateEntrant, Place},
            parts::Notice,
        },
        state::{Organizer, Web},
    },
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(
            "/rounds/{round}/entrants",
            get(show_late_entrant).post(add_late_entrant),
        )
        .route("/rounds/{round}/entrants/{person}", get(show_entrant))
        .route(
            "/rounds/{round}/entrants/{person}/{action}",
            post(decide_on_entrant),
        )
        .route(
            "/rounds/{round}/attempts/{attempt}/{action}",
            post(decide_on_attempt),
        )
}

async fn show_entrant(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, person)): Path<(String, String)>,
) -> Result<Html<String>, WebError> {
    Ok(Html(render(
        &entrant_page(&web, &who, &round, &person, None).await?,
    )))
}

async fn entrant_page(
    web: &Web,
    who: &SignedIn,
    round: &str,
    person: &str,
    notice: Option<Notice>,
) -> Result<EntrantPage, Error> {
    let monitor = web.app.monitor(&who.person.id, round).await?;
    let seat = monitor
        .rows
        .iter()
        .find(|seat| seat.entrant.person_id == person)
        .ok_or_else(|| Error::NotFound("这一场的这个参赛人".into()))?;
    let round = &monitor.round;
    let hall = web.app.hall(&round.id).await?;
    let standing = web.app.standing_of(&hall, person).await?;
    let conflicts = web.app.conflicts_in(&who.person.id, &round.id).await?;
    let own = conflicts.iter().find(|each| each.person_id == person);
    Ok(EntrantPage {
        staff: staff(who),
        notice,
        announced: round.state == RoundState::Announced,
        seat: seat_row(seat, monitor.now_ms),
        roles: own.map_or_else(Vec::new, |own| {
            own.roles.iter().copied().map(Role::text).collect()
        }),
        place: standing.map(|standing| place(standing, round)),
        attempts: attempt_rows(seat),
        round: round.id.clone(),
        round_name: round.name.clone(),
    })
}

pub(super) fn place(standing: Standing, round: &Round) -> Place {
    Place {
        rank: standing.rank,
        division: standing.row.division,
        points: standing.row.points,
        total: standing.row.total,
        used_ms: standing.row.time_used_ms,
        why: standing.why,
        counts: counts_text(round.rules.counts),
    }
}

fn attempt_rows(seat: &Seat) -> Vec<AttemptRow> {
    let row = |each: &crate::store::decisions::Watched| AttemptRow {
        id: each.id.clone(),
        number: each.number,
        state: SeatState::of(&each.state),
        started_at_ms: each.started_at_ms,
        deadline_at_ms: each.deadline_at_ms,
        finished_at_ms: each.finished_at_ms,
        points: each.points.map(Points),
        late_steps: each.late_steps,
        last_late_at_ms: each.last_late_at_ms,
    };
    seat.attempts.iter().rev().map(row).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    who: String,
    reason: String,
    minutes: String,
}

impl DecisionForm {
    fn by_ms(&self) -> Result<i64, Error> {
        let minutes = self.minutes.trim().parse::<i64>().ok();
        minutes
            .and_then(|minutes| minutes.checked_mul(60_000))
            .ok_or_else(|| Error::refused(Code::BadRequest, "分钟数要写成整数，例如 5"))
    }
}

async fn late_entrant_page(
    web: &Web,
    who: &SignedIn,
    round: &str,
    form: DecisionForm,
    notice: Option<Notice>,
) -> Result<LateEntrant, Error> {
    let round = web.app.round_run_by(&who.person.id, round).await?;
    Ok(LateEntrant {
        staff: staff(who),
        notice,
        round: round.id,
        round_name: round.name,
        who: form.who,
        reason: form.reason,
    })
}

async fn show_late_entrant(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Html<String>, WebError> {
    let page = late_entrant_page(&web, &who, &round, DecisionForm::default(), None).await?;
    Ok(Html(render(&page)))
}

async fn add_late_entrant(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, WebError> {
    let added = web
        .app
        .add_late_entrant(&who.person.id, &round, &form.who, &form.reason)
        .await;
    match added {
        Ok(entrant) => {
            let to = format!("/rounds/{round}/entrants/{}", entrant.person_id);
            Ok(Redirect::to(&to).into_response())
        }
        // A round that is not theirs is not found here; a name that is not found comes back with the form.
        Err(error @ (Error::Refused(_) | Error::NotFound(_))) => {
            let notice = Notice::alert(error.to_string());
            let page = late_entrant_page(&web, &who, &round, form, Some(notice)).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn decide_on_entrant(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, person, action)): Path<(String, String, String)>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, WebError> {
    let (app, actor) = (&web.app, who.person.id.as_str());
    let done = match action.as_str() {
        "leave" => {
            app.set_leave(actor, &round, &person, Leave::Approved, &form.reason)
                .await
        }
        "back" => {
            app.set_leave(actor, &round, &person, Leave::TakenBack, &form.reason)
                .await
        }
        "extend" => match form.by_ms() {
            Ok(by_ms) => {
                app.extend_round(actor, &round, Some(&person), by_ms, &form.reason)
                    .await
            }
            Err(error) => Err(error),
        },
        _ => Err(Error::NotFound("这个操作".into())),
    };
    answer(&web, &who, &round, &person, done).await
}

async fn decide_on_attempt(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, attempt, action)): Path<(String, String, String)>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, WebError> {
    let (app, actor) = (&web.app, who.person.id.as_str());
    let monitor = app.monitor(actor, &round).await?;
    let person = person_of(&monitor, &attempt)?;
    let done = match action.as_str() {
        "accept" => app.accept_late_steps(actor, &attempt, &form.reason).await,
        "void" => app.void_attempt(actor, &attempt, &form.reason).await,
        "reopen" => match form.by_ms() {
            Ok(by_ms) => {
                app.reopen_attempt(actor, &attempt, by_ms, &form.reason)
                    .await
            }
            Err(error) => Err(error),
        },
        _ => Err(Error::NotFound("这个操作".into())),
    };
    answer(&web, &who, &round, &person, done).await
}

fn person_of(monitor: &Monitor, attempt: &str) -> Result<String, Error> {
    let sat = |seat: &&Seat| seat.attempts.iter().any(|each| each.id == attempt);
    let seat = monitor.rows.iter().find(sat);
    seat.map(|seat| seat.entrant.person_id.clone())
        .ok_or_else(|| Error::NotFound("这次作答".into()))
}

async fn answer(
    web: &Web,
    who: &SignedIn,
    round: &str,
    person: &str,
    done: Result<(), Error>,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/rounds/{round}/entrants/{person}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(refusal.detail);
            let page = entrant_page(web, who, round, person, Some(notice)).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
