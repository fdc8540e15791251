//! A candidate's pages: ticket, home, start, the exam as plain forms, the result. The JSON doors share the use cases.

use axum::{
    Form, Router,
    extract::{Path, Query, Request, State},
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{
        candidate::Mine,
        proctor::{Desk, SentStep},
        registrar::SignedIn,
    },
    bank::question::Kind,
    contest::round::{Phase, Release, Shown},
    error::{Code, Error},
    paper::assemble::Assembler,
    people::{Role, masked},
    store::attempts::State as AttemptState,
    web::{
        doors::{cookie, ended_cookie, sitting},
        error::WebError,
        outcome,
        page::render,
        pages::{
            about::About,
            card::{Card, Cell, HandIn},
            exam::Exam,
            home::{Home, RoundCard},
            parts::{Notice, RoundState, TimeLeft, Who},
            result::{Ended, ResultPage},
            start::{self, Start},
            ticket::{BadTicket, SignIn, Ticket},
        },
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
    let holder = web.app.look_at_ticket(&ticket).await?;
    let token = web.app.sign_in(&ticket).await?;
    // Handing a phone over ends the session of the one before; a ticket that is none ends nothing.
    if let Some(before) = session_token(&parts) {
        web.app.sign_out(before).await?;
    }
    let to = first_page(&web, &holder).await?;
    Ok((
        [(header::SET_COOKIE, cookie(&web, &token))],
        Redirect::to(&to),
    )
        .into_response())
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
    // What the one before left in the browser goes too, also where scripts are off.
    let clear = HeaderName::from_static("clear-site-data");
    let headers = [
        (header::SET_COOKIE, ended_cookie()),
        (clear, "\"storage\"".into()),
    ];
    Ok((headers, Redirect::to("/")).into_response())
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
    };
    Ok(Html(render(&home)).into_response())
}

/// A candidate as the own pages name them.
pub fn who(member: &SignedIn) -> Who {
    Who {
        name: member.person.name.clone(),
        unit: member.unit.name.clone(),
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
        .find(|attempt| attempt.state != AttemptState::Open);
    let (mut points, mut rank, mut division) = (None, None, None);
    if round.shown() >= Shown::Points && finished.is_some() {
        let standings = web.app.standings(&round.id).await?;
        let row = standings
            .people
            .get(&entrant.division)
            .into_iter()
            .flatten()
            .find(|row| row.row.person == person_id);
        points = row.and_then(|row| row.row.points);
        if !round.board_held {
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
        questions: questions_for(mine, &entrant.post)?,
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
fn questions_for(mine: &Mine, post: &str) -> Result<String, Error> {
    if let Some(attempt) = mine.attempts.first() {
        return Ok(attempt.paper.questions.len().to_string());
    }
    Ok(count_of(mine.hall.assembler(post)?.as_ref()))
}

/// How many questions a paper of this assembler has.
pub fn count_of(assembler: &Assembler) -> String {
    match assembler.sizes() {
        (fewest, most) if fewest == most => most.to_string(),
        (fewest, most) => format!("{fewest}～{most}"),
    }
}

async fn show_start(
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

fn release_of(shown: Shown, rule: Release, closes_at_ms: i64) -> start::Release {
    match (shown, rule) {
        (Shown::Keys, _) => start::Release::Released,
        (_, Release::HandIn) => start::Release::Handin { closes_at_ms },
        (_, Release::Close) => start::Release::Close { closes_at_ms },
        (_, Release::Hand) => start::Release::Hand,
    }
}

async fn start_attempt(
    State(web): State<Web>,
    Member(member): Member,
    Path(round_id): Path<String>,
) -> Result<Response, WebError> {
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

#[derive(Debug, Default, Deserialize)]
struct At {
    q: Option<u32>,
}

async fn show_attempt(
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
async fn save_answer(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
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
    let to = match field("go").unwrap_or("next") {
        "sheet" => format!("/attempts/{attempt}/card?q={number}"),
        "prev" => format!("/attempts/{attempt}?q={}", number.saturating_sub(1).max(1)),
        "next" if number >= count => format!("/attempts/{attempt}/card?q={number}"),
        "next" => format!("/attempts/{attempt}?q={}", number + 1),
        other => format!(
            "/attempts/{attempt}?q={}",
            other.parse::<u32>().unwrap_or(number)
        ),
    };
    Ok(Redirect::to(&to).into_response())
}

async fn show_card(
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

async fn show_hand_in(
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

async fn hand_in(
    State(web): State<Web>,
    Member(member): Member,
    Path(attempt): Path<String>,
) -> Result<Response, WebError> {
    web.app
        .hand_in(&attempt, &member.person.id, None, &[])
        .await?;
    Ok(Redirect::to(&format!("/attempts/{attempt}")).into_response())
}

async fn result_page(web: &Web, member: &SignedIn, attempt_id: &str) -> Result<ResultPage, Error> {
    let view = web.app.attempt_view(attempt_id, &member.person.id).await?;
    let round = &view.hall.round;
    let (attempt, name) = (&view.attempt, view.attempt.paper.blueprint.clone());
    let blueprint = view
        .hall
        .publication
        .bank
        .blueprints
        .iter()
        .find(|each| each.name == name);
    let finished_at_ms = attempt.finished_at_ms.unwrap_or(view.now_ms);
    Ok(ResultPage {
        who: who(member),
        round: round.id.clone(),
        round_name: round.name.clone(),
        ended: match attempt.state {
            AttemptState::HandedIn => Ended::HandedIn,
            AttemptState::Void => Ended::Void,
            AttemptState::Open | AttemptState::TimedOut => Ended::TimedOut,
        },
        finished_at_ms,
        used_ms: finished_at_ms - attempt.started_at_ms,
        receipt: attempt.receipt.clone(),
        answered: view.given.len() as u32,
        count: attempt.paper.questions.len() as u32,
        total: attempt.paper.total,
        pass: blueprint.map(|blueprint| blueprint.pass),
        points: attempt
            .outcome
            .as_ref()
            .filter(|_| view.shown >= Shown::Points)
            .map(|outcome| outcome.points),
        release: release_of(
            view.shown,
            round.rules.release,
            round.window_ends_at_ms(view.now_ms),
        ),
        board: true,
        questions: outcome::graded(&view),
    })
}
