//! The only Error → status. What a program asked gets problem+json (RFC 9457), what a person asked gets a page.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use crate::{
    error::{Code, Error},
    web::{page, pages::error::ErrorPage, pages::ticket::SignIn},
};

#[derive(Debug)]
pub struct WebError(Error);

impl<E: Into<Error>> From<E> for WebError {
    fn from(error: E) -> WebError {
        WebError(error.into())
    }
}

/// What went wrong, carried in the response until it is known who asked.
#[derive(Debug, Clone)]
struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

/// Marks a refusal whose own few words are meant for a machine and go out as they are.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct AsItIs;

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::NotFound(_) => Problem {
                status: StatusCode::NOT_FOUND,
                code: "not-found",
                detail: error.to_string(),
            },
            Error::Refused(refusal) => Problem {
                status: status_of(refusal.code),
                code: refusal.code.text(),
                detail: refusal.detail,
            },
            Error::Faults(_) => Problem {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: "faults",
                detail: error.to_string(),
            },
            Error::Internal { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
                Problem {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    code: "internal",
                    detail: "系统出了问题，已经保存的都在，请稍后再试".into(),
                }
            }
        }
    }
}

/// The status of a refusal, also where it is told on a page of its own.
pub(in crate::web) fn status_of(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn => StatusCode::UNAUTHORIZED,
        Code::NotAllowed | Code::CrossSite | Code::NotEntitled => StatusCode::FORBIDDEN,
        Code::RoundNotOpen
        | Code::RoundPaused
        | Code::AttemptsUsedUp
        | Code::AttemptClosed
        | Code::StepsMissing
        | Code::SeqReused
        | Code::Conflict => StatusCode::CONFLICT,
        Code::BadStep | Code::BadRequest => StatusCode::BAD_REQUEST,
        Code::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let problem = Problem::from(self.0);
        let mut response = problem.status.into_response();
        response.extensions_mut().insert(problem);
        response
    }
}

/// Gives every refusal its body: JSON below `/api`, a page elsewhere. Also those that the framework made.
pub fn dress_error(is_api: bool, response: Response) -> Response {
    let status = response.status();
    let has_body = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes().starts_with(b"text/html")
                || kind.as_bytes().starts_with(b"application/problem")
        });
    if response.extensions().get::<AsItIs>().is_some() {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    if problem.is_none() && (has_body || !(status.is_client_error() || status.is_server_error())) {
        return response;
    }
    let problem = problem.unwrap_or_else(|| framework_problem(status));
    let mut dressed = if is_api {
        problem_json(&problem)
    } else {
        problem_page(&problem)
    };
    if matches!(
        problem.status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    ) {
        dressed
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    if let Some(allow) = response.headers().get(header::ALLOW) {
        dressed.headers_mut().insert(header::ALLOW, allow.clone());
    }
    dressed
}

fn framework_problem(status: StatusCode) -> Problem {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not-found", "没有这个地址"),
        StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", "不能这样访问这个地址"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "发来的内容太大"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("wrong-type", "发来的内容类型不对"),
        StatusCode::REQUEST_TIMEOUT => ("timeout", "等太久没有收完，请再发一次"),
        _ if status.is_server_error() => ("internal", "系统出了问题，已经保存的都在，请稍后再试"),
        _ => ("bad-request", "发来的内容读不懂，请检查格式"),
    };
    let status = if status == StatusCode::UNPROCESSABLE_ENTITY {
        StatusCode::BAD_REQUEST
    } else {
        status
    };
    Problem {
        status,
        code,
        detail: detail.into(),
    }
}

fn problem_json(problem: &Problem) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": problem.status.canonical_reason().unwrap_or_default(),
        "status": problem.status.as_u16(),
        "code": problem.code,
        "detail": problem.detail,
    });
    let mut response = (problem.status, Json(body)).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

fn problem_page(problem: &Problem) -> Response {
    let html = if problem.status == StatusCode::UNAUTHORIZED {
        page::render(&SignIn {})
    } else {
        page::render(&ErrorPage::of(
            problem.status.as_u16(),
            Some(problem.detail.clone()),
        ))
    };
    (problem.status, Html(html)).into_response()
}
