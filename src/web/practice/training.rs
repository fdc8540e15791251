//! 培训参考 at the desk: what a unit finds hard, without anybody in it, and the study sheet of it.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::registrar::SignedIn,
    bank::question::Body,
    clock::civil,
    error::{Code, Error},
    people::Role,
    practice::unit::Tenths,
    web::{
        error::WebError,
        outcome::source,
        page::render,
        pages::{
            parts::Staff,
            practice::training::{SheetPage, SheetQuestion, TopicShare, Training, UnitChoice},
        },
        state::{Member, Web},
    },
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct OfUnit {
    unit: Option<String>,
}

impl OfUnit {
    fn id(&self) -> Option<&str> {
        self.unit.as_deref().filter(|unit| !unit.is_empty())
    }
}

fn must_be_staff(member: &SignedIn) -> Result<Staff, Error> {
    if !member.has(Role::Organizer) && !member.has(Role::Trainer) {
        let detail = "这一页是给主办单位和命题人员用的，你没有这个授权";
        return Err(Error::refused(Code::NotAllowed, detail));
    }
    Ok(Staff {
        name: member.person.name.clone(),
        unit: member.unit.name.clone(),
        organizer: member.has(Role::Organizer),
        trainer: member.has(Role::Trainer),
    })
}

pub(super) async fn show_training(
    State(web): State<Web>,
    Member(member): Member,
    Query(of): Query<OfUnit>,
) -> Result<Html<String>, WebError> {
    let staff = must_be_staff(&member)?;
    let weak = web.app.weak_topics(&member, of.id()).await?;
    let share = |hard: crate::practice::unit::Hard<String>| TopicShare {
        topic: hard.what,
        missed: hard.missed.chinese(),
        tenths: hard.missed.0,
    };
    Ok(Html(render(&Training {
        staff,
        unit: weak.unit.name,
        unit_id: weak.unit.id.clone(),
        units: weak
            .units
            .into_iter()
            .map(|(unit, depth)| UnitChoice {
                here: unit.id == weak.unit.id,
                id: unit.id,
                name: "　".repeat(depth as usize) + &unit.name,
            })
            .collect(),
        topics: weak
            .topics
            .map(|topics| topics.into_iter().map(share).collect()),
    })))
}

pub(super) async fn show_sheet(
    State(web): State<Web>,
    Member(member): Member,
    Query(of): Query<OfUnit>,
) -> Result<Response, WebError> {
    must_be_staff(&member)?;
    // Keys are on the sheet: not for somebody who sits, and whoever looks is on record.
    web.app.shelf(&member.person).await?;
    let sheet = web.app.study_sheet(&member, of.id()).await?;
    let detail = json!({ "questions": sheet.questions.len() });
    web.app
        .note_look(&member.person.id, "look-at-keys", &sheet.unit.id, detail)
        .await?;
    let questions = sheet.questions.into_iter().map(|hard| SheetQuestion {
        material: hard
            .question
            .material
            .as_ref()
            .map(|each| (&each.html).into()),
        stem: (&hard.question.stem).into(),
        kind: hard.question.kind(),
        topic: hard.question.topic.clone(),
        key: key_in_words(&hard.question.body),
        rationale: (&hard.question.rationale).into(),
        source: source(&hard.question),
        missed: hard.missed.map(Tenths::chinese),
    });
    let page = SheetPage {
        unit: sheet.unit.name,
        unit_id: sheet.unit.id,
        day: civil(web.app.clock.now_ms())
            .format("%Y年%-m月%-d日")
            .to_string(),
        questions: questions.collect(),
    };
    Ok((StatusCode::OK, Html(render(&page))).into_response())
}

/// The key without letters: a sheet is read aloud.
fn key_in_words(body: &Body) -> Vec<String> {
    match body {
        Body::Choices(choices) => {
            let right = choices.key.iter();
            let right = right.filter_map(|index| choices.choices.get(*index));
            right.map(|choice| choice.text.clone()).collect()
        }
        Body::Judgement { truth: true } => vec!["这句话正确".into()],
        Body::Judgement { truth: false } => vec!["这句话错误".into()],
        Body::Blanks(blanks) => {
            let first = blanks.accepted.iter().filter_map(|ways| ways.first());
            first.cloned().collect()
        }
        Body::Recall(recall) => {
            let first = recall.elements.iter();
            let first = first.filter_map(|element| element.sayings.first());
            first.map(|saying| saying.text.clone()).collect()
        }
    }
}
