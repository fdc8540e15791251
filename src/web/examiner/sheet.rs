//! 抽问情况表, and what is done with a session as a whole: ended, opened again, taken into its event or out of it.

use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    app::{examiner::View, registrar::SignedIn},
    clock::civil,
    contest::spot_check::Weight,
    error::Error,
    web::{
        error::{WebError, status_of},
        examiner::{Examiner, choosing::shown_name, one},
        page::render,
        pages::{
            parts::{Notice, Who},
            spot_sheet::{SheetEvent, SheetPerson, SpotSheet},
        },
        state::Web,
    },
};

pub(super) async fn show(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
) -> Result<Html<String>, WebError> {
    let view = web.app.spot_check(&who.person.id, &id).await?;
    Ok(Html(render(&page(&web, &who, view, None).await?)))
}

async fn page(
    web: &Web,
    who: &SignedIn,
    view: View,
    notice: Option<Notice>,
) -> Result<SpotSheet, Error> {
    let mut event = None;
    if let Some(of) = &view.event {
        event = Some(SheetEvent {
            id: of.id.clone(),
            name: of.name.clone(),
            entered: view.entered,
            runs: web.app.runs(who, &of.unit_id).await?,
        });
    }
    let people = view.people.iter().zip(view.sheets()?);
    let weight = match view.event {
        Some(_) => Weight::Scored,
        None => Weight::Trial,
    };
    Ok(SpotSheet {
        notice,
        check: view.check.id.clone(),
        unit: view.unit_name.clone(),
        examiner: shown_name(&view.examiner.name).to_owned(),
        started: civil(view.check.started_at_ms)
            .format("%Y年%-m月%-d日 %H:%M")
            .to_string(),
        state: view.check.state.text(),
        event,
        people: people
            .map(|(person, sheet)| {
                let who = Who {
                    name: shown_name(&person.name).to_owned(),
                    unit: person.unit_name.clone(),
                    post: person.post.clone(),
                };
                SheetPerson::of(who, sheet, weight)
            })
            .collect(),
        own: view.check.examiner_id == who.person.id,
    })
}

pub(super) async fn act(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path((id, action)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let (app, actor, reason) = (&web.app, who.person.id.as_str(), one(&fields, "reason"));
    let done = match action.as_str() {
        "finish" => app.finish_spot_check(actor, &id).await,
        "resume" => app.resume_spot_check(actor, &id).await,
        "enter" => app.enter_spot_check(actor, &id, reason).await,
        "reverse" => app.reverse_spot_check(actor, &id, reason).await,
        "void" => app.void_spot_check(actor, &id, reason).await,
        _ => Err(Error::NotFound("这个操作".into())),
    };
    match done {
        Ok(()) => {
            let to = match action.as_str() {
                "resume" => format!("/spot-checks/{id}/card"),
                _ => format!("/spot-checks/{id}/sheet"),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(Error::Refused(refusal)) => {
            let view = app.spot_check(actor, &id).await?;
            let page = page(&web, &who, view, Some(Notice::alert(refusal.detail))).await?;
            Ok((status_of(refusal.code), Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
