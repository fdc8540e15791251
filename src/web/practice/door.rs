//! The JSON door for practice: answers given on the phone, also those given without a network and sent later.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::coach::GivenAnswer,
    clock::rfc3339,
    web::{
        doors::Body,
        error::WebError,
        state::{Member, Web},
    },
};

#[derive(Debug, Deserialize)]
struct StepBody {
    /// The phone's own, from 1, rising in the order of the answers; the same number again is the same answer.
    seq: i64,
    number: u32,
    #[serde(default)]
    answer: Value,
    /// Instead of an answer to 口答: the elements, from 0, that the person checked as said.
    #[serde(default)]
    ticked: Vec<u32>,
    /// RFC 3339, by the phone's clock.
    at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StepsBody {
    steps: Vec<StepBody>,
}

/// Takes answers in the order given, each once, however often they are sent.
pub(super) async fn keep_steps(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
    Body(body): Body<StepsBody>,
) -> Result<Json<Value>, WebError> {
    let given: Vec<GivenAnswer> = body
        .steps
        .into_iter()
        .map(|step| GivenAnswer {
            seq: step.seq,
            number: step.number,
            answer: step.answer,
            ticked: step.ticked,
            given_at_ms: step.at.as_deref().and_then(claimed),
        })
        .collect();
    let taken = web
        .app
        .keep_practice(&member.person.id, &go, &given)
        .await?;
    Ok(Json(json!({
        "acknowledged": taken.acknowledged,
        "rejected": taken.rejected,
        "server_time": rfc3339(web.app.clock.now_ms()),
    })))
}

/// A time that cannot be read is as good as none: the answer counts, as of now.
fn claimed(text: &str) -> Option<i64> {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.timestamp_millis())
}
