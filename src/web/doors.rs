//! The JSON doors for candidates, `/api/v1`: they only translate.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    app::proctor::{Desk, SentStep},
    clock::rfc3339,
    error::{Code, Error},
    paper::sheet::sheet,
    web::{
        error::WebError,
        limits::Asks,
        outcome,
        pages::exam::Sitting,
        state::{COOKIE, Member, Web},
    },
};

/// Five hundred steps of long answers fit.
const STEPS_BYTES_MAX: usize = 4 << 20;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/session", post(sign_in).delete(sign_out))
        .route("/api/v1/rounds", get(list_rounds))
        .route("/api/v1/rounds/{round}/attempts", post(start_attempt))
        .route("/api/v1/attempts/{attempt}", get(show_attempt))
        .route("/api/v1/attempts/{attempt}/steps", post(keep_steps))
        .route("/api/v1/attempts/{attempt}/submit", post(submit_attempt))
        .layer(DefaultBodyLimit::max(STEPS_BYTES_MAX))
}

/// JSON whose faults are answered in Chinese.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Web> for Body<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Body<T>, WebError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(is_json) {
            return Err(
                Error::refused(Code::WrongType, "内容类型不对，要用 application/json").into(),
            );
        }
        let bytes = Bytes::from_request(request, web)
            .await
            .map_err(|_| Error::refused(Code::TooLarge, "发来的内容太大或没有收完整"))?;
        fields(&bytes).map(Body)
    }
}

/// A list would be taken for a struct as well: `[]` must not hand anybody's paper in.
fn fields<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WebError> {
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(unreadable("要写成 {…}").into());
    }
    serde_json::from_slice(bytes).map_err(|error| unreadable(&error.to_string()).into())
}

#[derive(Debug, Deserialize)]
struct TicketBody {
    ticket: String,
}

async fn sign_in(
    State(web): State<Web>,
    Body(body): Body<TicketBody>,
) -> Result<Response, WebError> {
    web.limit(Asks::SignIn, &body.ticket)?;
    let token = web.app.sign_in(&body.ticket).await?;
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, cookie(&web, &token))],
    )
        .into_response())
}

async fn sign_out(State(web): State<Web>, request: Request) -> Result<Response, WebError> {
    let (parts, _) = request.into_parts();
    if let Some(token) = crate::web::state::session_token(&parts) {
        web.app.sign_out(token).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        [(header::SET_COOKIE, ended_cookie())],
    )
        .into_response())
}

/// The session's cookie, kept for as long as the session may live.
pub fn cookie(web: &Web, token: &str) -> String {
    let secure = if web.app.public_url.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=5184000{secure}")
}

pub fn ended_cookie() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}

async fn list_rounds(State(web): State<Web>, Member(who): Member) -> Result<Json<Value>, WebError> {
    let mine = web.app.rounds_of(&who.person.id).await?;
    let list: Vec<Value> = mine
        .iter()
        .map(|mine| {
            json!({
                "id": mine.hall.round.id,
                "name": mine.hall.round.name,
                "state": mine.phase,
                "opens": rfc3339(mine.hall.round.opens_at_ms),
                "closes": rfc3339(mine.hall.round.window_ends_at_ms(mine.now_ms)),
                "limit_seconds": mine.hall.round.limit_ms / 1000,
                "attempts_left": mine.attempts_left,
                "attempt": mine.open_attempt,
                "rehearsal": mine.hall.round.rules.rehearsal,
            })
        })
        .collect();
    Ok(Json(list.into()))
}

/// The reply to a start or resume, and the data block of the exam page.
pub fn sitting(desk: &Desk) -> Result<Sitting, Error> {
    let mut paper = sheet(&desk.attempt.paper, &desk.publication.by_revision)
        .map_err(|revision| Error::internal("试卷上的题目不在题库里", revision.0))?;
    paper.title.clone_from(&desk.hall.round.name);
    Ok(Sitting {
        attempt: desk.attempt.id.clone(),
        server_time: rfc3339(desk.now_ms),
        deadline: rfc3339(desk.deadline_at_ms()),
        paper,
        answers: desk
            .answers
            .iter()
            .map(|(number, answer)| (*number, answer.clone()))
            .collect(),
        last_seq: desk.last_seq,
    })
}

async fn start_attempt(
    State(web): State<Web>,
    Member(who): Member,
    Path(round): Path<String>,
) -> Result<Response, WebError> {
    web.limit(Asks::Start, &who.person.id)?;
    let desk = web.app.start_attempt(&round, &who.person.id).await?;
    let status = if desk.fresh {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(sitting(&desk)?)).into_response())
}

#[derive(Debug, Deserialize)]
struct StepBody {
    seq: i64,
    number: u32,
    #[serde(default)]
    answer: Value,
    elapsed_ms: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct StepsBody {
    steps: Vec<StepBody>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SubmitBody {
    last_seq: Option<i64>,
    steps: Vec<StepBody>,
}

fn sent(steps: Vec<StepBody>) -> Vec<SentStep> {
    steps
        .into_iter()
        .map(|step| SentStep {
            seq: step.seq,
            number: step.number,
            answer: step.answer,
            elapsed_ms: step.elapsed_ms,
        })
        .collect()
}

async fn keep_steps(
    State(web): State<Web>,
    Member(who): Member,
    Path(attempt): Path<String>,
    Body(body): Body<StepsBody>,
) -> Result<Response, WebError> {
    web.limit(Asks::Steps, &who.person.id)?;
    let receipt = web
        .app
        .keep_steps(&attempt, &who.person.id, &sent(body.steps))
        .await?;
    if receipt.kept.late {
        let detail = "作答已经结束。这几步已经留存，算不算数由主办单位决定";
        return Err(Error::refused(Code::AttemptClosed, detail).into());
    }
    Ok(Json(json!({
        "acknowledged": receipt.kept.acknowledged,
        "rejected": receipt.rejected,
        "server_time": rfc3339(receipt.now_ms),
        "deadline": rfc3339(receipt.kept.deadline_at_ms),
        "taken_over": receipt.kept.taken_over,
        "paused": receipt.paused,
    }))
    .into_response())
}

async fn submit_attempt(
    State(web): State<Web>,
    Member(who): Member,
    Path(attempt): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, WebError> {
    let body: SubmitBody = match (body.is_empty(), headers.get(header::CONTENT_TYPE)) {
        (true, _) => SubmitBody::default(),
        (false, Some(kind)) if is_json(kind) => fields(&body)?,
        (false, _) => {
            return Err(Error::refused(Code::WrongType, "交卷要用 application/json").into());
        }
    };
    web.limit(Asks::Steps, &who.person.id)?;
    let handed_in = web
        .app
        .hand_in(&attempt, &who.person.id, body.last_seq, &sent(body.steps))
        .await?;
    let view = web.app.attempt_view(&attempt, &who.person.id).await?;
    Ok(Json(
        json!({ "receipt": handed_in.receipt, "outcome": outcome::json(&view) }),
    ))
}

fn unreadable(reason: &str) -> Error {
    Error::refused(Code::BadRequest, format!("发来的 JSON 读不懂：{reason}"))
}

fn is_json(kind: &HeaderValue) -> bool {
    kind.to_str()
        .is_ok_and(|kind| kind.starts_with("application/json"))
}

async fn show_attempt(
    State(web): State<Web>,
    Member(who): Member,
    Path(attempt): Path<String>,
) -> Result<Json<Value>, WebError> {
    let view = web.app.attempt_view(&attempt, &who.person.id).await?;
    Ok(Json(json!({
        "attempt": view.attempt.id,
        "round": view.hall.round.id,
        "state": view.attempt.state.text(),
        "receipt": view.attempt.receipt,
        "started": rfc3339(view.attempt.started_at_ms),
        "finished": view.attempt.finished_at_ms.map(rfc3339),
        "outcome": outcome::json(&view),
    })))
}
