//! The JSON doors of 抽问, `/api/v1/spot-checks`: they only translate.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::examiner::{Choice, marking::Acknowledged},
    clock::rfc3339,
    contest::spot_check::{Mark, Sort, Step},
    error::{Code, Error},
    web::{
        doors::Body,
        error::WebError,
        examiner::{Examiner, asking::asking},
        pages::spot_ask::Asking,
        state::Web,
    },
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/spot-checks", get(list).post(start))
        .route("/api/v1/spot-checks/{check}", get(show))
        .route("/api/v1/spot-checks/{check}/steps", post(keep_steps))
        .route("/api/v1/spot-checks/{check}/finish", post(finish))
}

async fn list(State(web): State<Web>, Examiner(who): Examiner) -> Result<Json<Value>, WebError> {
    let checks = web.app.spot_checks_of(&who.person.id).await?;
    let list: Vec<Value> = checks
        .iter()
        .map(|(check, people)| {
            let people: Vec<&str> = people.iter().map(|each| each.name.as_str()).collect();
            json!({
                "id": check.id,
                "event": check.event_id,
                "state": check.state.text(),
                "started": rfc3339(check.started_at_ms),
                "finished": check.finished_at_ms.map(rfc3339),
                "people": people,
            })
        })
        .collect();
    Ok(Json(list.into()))
}

#[derive(Debug, Deserialize)]
struct StartBody {
    unit: String,
    event: Option<String>,
    people: Vec<String>,
    #[serde(default = "five")]
    questions: u32,
    #[serde(default)]
    sorts: Vec<String>,
    #[serde(default)]
    topics: Vec<String>,
}

fn five() -> u32 {
    5
}

async fn start(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Body(body): Body<StartBody>,
) -> Result<Response, WebError> {
    let known = |text: &String| {
        let unknown = || Error::refused(Code::BadRequest, "没有这样的题型");
        Sort::parse(text).ok_or_else(unknown)
    };
    let sorts = body
        .sorts
        .iter()
        .map(known)
        .collect::<Result<Vec<Sort>, Error>>()?;
    let choice = Choice {
        unit_id: body.unit,
        event_id: body.event,
        person_ids: body.people,
        questions: body.questions,
        sorts: if sorts.is_empty() {
            Sort::USUAL.to_vec()
        } else {
            sorts
        },
        topics: body.topics,
    };
    let id = web.app.start_spot_check(&who.person.id, &choice).await?;
    let view = web.app.own_spot_check(&who.person.id, &id).await?;
    Ok((StatusCode::CREATED, Json(asking(&view))).into_response())
}

async fn show(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
) -> Result<Json<Asking>, WebError> {
    let view = web.app.own_spot_check(&who.person.id, &id).await?;
    Ok(Json(asking(&view)))
}

#[derive(Debug, Deserialize)]
struct StepBody {
    seq: i64,
    person: u32,
    number: u32,
    /// Absent or null takes back what was set down: 没问.
    mark: Option<Mark>,
}

#[derive(Debug, Deserialize)]
struct StepsBody {
    steps: Vec<StepBody>,
}

async fn keep_steps(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
    Body(body): Body<StepsBody>,
) -> Result<Json<Acknowledged>, WebError> {
    let step = |step: StepBody| Step {
        seq: step.seq,
        person: step.person,
        number: step.number,
        mark: step.mark,
    };
    let steps: Vec<Step> = body.steps.into_iter().map(step).collect();
    Ok(Json(web.app.keep_marks(&who.person.id, &id, &steps).await?))
}

async fn finish(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    web.app.finish_spot_check(&who.person.id, &id).await?;
    Ok(Json(json!({ "sheet": format!("/spot-checks/{id}/sheet") })))
}
