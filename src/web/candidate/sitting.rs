//! Sitting a paper as plain pages: start, questions, answer card, hand-in. The JSON doors share the use cases.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde_json::Value;

use crate::{
    app::{
        candidate::Mine,
        proctor::{Desk, SentStep},
        registrar::SignedIn,
    },
    bank::question::Kind,
    error::{Code, Error},
    store::attempts::State as AttemptState,
    web::{
        candidate::result::{release_of, result_page},
        candidate::{At, round_card, who},
        doors::sitting,
        error::WebError,
        limits::Asks,
        page::render,
        pages::{
            card::{Card, Cell, HandIn},
            exam::Exam,
            parts::{Notice, TimeLeft},
            start::{self, Start},
        },
        state::{Member, Web},
    },
};

pub(super) async fn show_start(
    State(web): State<Web>,
    Member(member): Member,
    Path(round_id): Path<String>,
) -> Result<Response, WebError> {
    let mine = web.app.round_of(&round_id, &member.person.id).await?;
    if let Some(attempt) = &mine.open_attempt {
        return Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response());
    }
    Ok(Html(render(&start_page(&web, &mine, &member, None).await?)).into_response())
}

async fn start_page(
    web: &Web,
    mine: &Mine,
    member: &SignedIn,
    refusal: Option<String>,
) -> Result<Start, Error> {
    let rules = &mine.hall.round.rules;
    let post = mine
        .hall
        .entrants
        .get(&member.person.id)
        .map_or("", |entrant| entrant.post.as_str());
    let name = rules.blueprint_for(post);
    let blueprint = mine
        .hall
        .publication
        .bank
        .blueprints
        .iter()
        .find(|each| each.name == name);
    Ok(Start {
        who: who(member),
        round: round_card(web, mine, &member.person.id).await?,
        total: blueprint
            .map(crate::bank::blueprint::Blueprint::total)
            .unwrap_or_default(),
        pass: blueprint.map(|blueprint| blueprint.pass),
        same_paper: rules.papers == crate::contest::round::Papers::Same,
        release: release(mine),
        refusal,
    })
}

fn release(mine: &Mine) -> start::Release {
    let round = &mine.hall.round;
    release_of(
        round.shown(),
        round.rules.release,
        round.window_ends_at_ms(mine.now_ms),
    )
}

pub(super) async fn start_attempt(
    State(web): State<Web>,
    Member(member): Member,
    Path(round_id): Path<String>,
) -> Result<Response, WebError> {
    web.limit(Asks::Start, &member.person.id)?;
    match web.app.start_attempt(&round_id, &member.person.id).await {
        Ok(desk) => Ok(Redirect::to(&format!("/attempts/{}", desk.attempt.id)).into_response()),
        Err(Error::Refused(refusal)) if refusal.code != Code::NotEntitled => {
            let mine = web.app.round_of(&round_id, &member.person.id).await?;
            let page = start_page(&web, &mine, &member, Some(refusal.detail)).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show_attempt(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
    Query(at): Query<At>,
) -> Result<Response, WebError> {
    let view = web.app.attempt_view(&attempt, &member.person.id).await?;
    if view.attempt.state == AttemptState::Open && !view.is_over() {
        // Opening the page is a resume: it reserves the numbers that this page will send under.
        let desk = web
            .app
            .start_attempt_again(&attempt, &member.person.id)
            .await?;
        if desk.attempt.state == AttemptState::Open {
            let page = exam_page(&desk, at.q.unwrap_or(1), None)?;
            return Ok(Html(render(&page)).into_response());
        }
    }
    if view.is_over() {
        web.app.close_attempt(&view.attempt).await?;
    }
    Ok(Html(render(&result_page(&web, &member, &attempt).await?)).into_response())
}

fn time_left(desk: &Desk) -> TimeLeft {
    let deadline_at_ms = desk.deadline_at_ms();
    TimeLeft {
        remaining_ms: (deadline_at_ms - desk.now_ms).max(0),
        deadline_at_ms,
    }
}

fn exam_page(desk: &Desk, number: u32, notice: Option<Notice>) -> Result<Exam, Error> {
    let mut page = Exam::at(sitting(desk)?, number, time_left(desk));
    page.notice = notice;
    page.paused = desk.hall.round.paused_at_ms.is_some();
    Ok(page)
}

/// The plain form: `number`, `answer` (repeated), `go`.
pub(super) async fn save_answer(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    web.limit(Asks::Steps, &member.person.id)?;
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let number: u32 = field("number")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Error::refused(Code::BadRequest, "没有说明是第几题，请返回再点一次"))?;
    let texts: Vec<String> = fields
        .iter()
        .filter(|(key, _)| key == "answer")
        .map(|(_, value)| value.clone())
        .collect();
    let desk = web
        .app
        .start_attempt_again(&attempt, &member.person.id)
        .await?;
    let asked = desk
        .attempt
        .paper
        .questions
        .iter()
        .find(|asked| asked.number == number);
    let kind = asked
        .and_then(|asked| desk.publication.by_revision.get(&asked.revision))
        .map(|question| question.kind());
    let answer: Value = match kind {
        Some(Kind::Multiple | Kind::Blanks) => texts.into(),
        _ => texts.into_iter().next().into(),
    };
    let step = SentStep {
        seq: desk.last_seq + 1,
        number,
        answer,
        elapsed_ms: None,
    };
    let receipt = web
        .app
        .keep_steps(&attempt, &member.person.id, &[step])
        .await?;
    if receipt.kept.late {
        return Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response());
    }
    if let Some(rejected) = receipt.rejected.first() {
        let text = if rejected.code == Code::TooLarge.text() {
            "这一题的答案太长，没有存上。请缩短后再存。"
        } else {
            "这一题的答案没有存上，请再答一次。"
        };
        let desk = web.app.look_at_desk(&attempt, &member.person.id).await?;
        let page = exam_page(&desk, number, Some(Notice::alert(text)))?;
        return Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response());
    }
    let count = desk.attempt.paper.questions.len() as u32;
    let to = next_page(&attempt, number, count, field("go").unwrap_or("next"));
    Ok(Redirect::to(&to).into_response())
}

/// Where the form's button leads; the last question's 下一题 leads to the answer card.
fn next_page(attempt: &str, number: u32, count: u32, go: &str) -> String {
    let question = |number: u32| format!("/attempts/{attempt}?q={number}");
    match go {
        "sheet" => format!("/attempts/{attempt}/card?q={number}"),
        "prev" => question(number.saturating_sub(1).max(1)),
        "next" if number >= count => format!("/attempts/{attempt}/card?q={number}"),
        "next" => question(number + 1),
        other => question(other.parse().unwrap_or(number)),
    }
}

pub(super) async fn show_card(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
    Query(at): Query<At>,
) -> Result<Response, WebError> {
    let desk = web.app.look_at_desk(&attempt, &member.person.id).await?;
    if desk.attempt.state != AttemptState::Open {
        return Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response());
    }
    let saved = |number: u32| desk.answers.iter().any(|(answered, _)| *answered == number);
    let cells: Vec<Cell> = desk
        .attempt
        .paper
        .questions
        .iter()
        .map(|asked| Cell {
            number: asked.number,
            saved: saved(asked.number),
        })
        .collect();
    let card = Card {
        round_name: desk.hall.round.name.clone(),
        time: time_left(&desk),
        here: at.q.unwrap_or(1),
        saved: desk.answers.len() as u32,
        unanswered: (cells.len() - desk.answers.len()) as u32,
        cells,
        attempt,
    };
    Ok(Html(render(&card)).into_response())
}

pub(super) async fn show_hand_in(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
) -> Result<Response, WebError> {
    let desk = web.app.look_at_desk(&attempt, &member.person.id).await?;
    if desk.attempt.state != AttemptState::Open {
        return Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response());
    }
    let numbers = desk
        .attempt
        .paper
        .questions
        .iter()
        .map(|asked| asked.number);
    let unanswered =
        numbers.filter(|number| desk.answers.iter().all(|(answered, _)| answered != number));
    let page = HandIn {
        round_name: desk.hall.round.name.clone(),
        time: time_left(&desk),
        count: desk.attempt.paper.questions.len() as u32,
        unanswered: unanswered.collect(),
        notice: None,
        attempt,
    };
    Ok(Html(render(&page)).into_response())
}

pub(super) async fn hand_in(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
) -> Result<Response, WebError> {
    web.app
        .hand_in(&attempt, &member.person.id, None, &[])
        .await?;
    Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response())
}
