//! A go, question by question: ask, tell, next; a mock paper asks all and tells at its end.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{coach::GoView, proctor::question_of},
    attempt::behaviour::Behaviour,
    bank::{points::Points, question::Kind},
    error::{Code, Error},
    grading::Verdict,
    people::Person,
    web::{
        error::WebError,
        outcome::{asked_question, texts_of},
        page::render,
        pages::{
            parts::{Notice, Passage, TimeLeft},
            practice::{EndRow, MockEnd, MockFinish, PracticeEnd, PracticeGo},
        },
        practice::told::{told_page, verdict_word},
        state::{Member, Web},
    },
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct At {
    q: Option<u32>,
    /// `end`: the overview.
    at: Option<String>,
}

pub(super) async fn show_go(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
    Query(at): Query<At>,
) -> Result<Html<String>, WebError> {
    let view = web.app.practice_go(&member.person, &go).await?;
    let first = view
        .go
        .paper
        .questions
        .iter()
        .find(|asked| !view.given.contains_key(&asked.number));
    let ended = view.go.finished_at_ms.is_some();
    let overview = at.at.as_deref() == Some("end") || (ended && at.q.is_none());
    if overview && (ended || view.go.behaviour == Behaviour::Practice) {
        return Ok(Html(render(&end_page(&view))));
    }
    let number = at.q.or(first.map(|asked| asked.number)).unwrap_or(1);
    let page = go_page(&web, &member.person, &view, number, None).await?;
    Ok(Html(render(&page)))
}

async fn go_page(
    web: &Web,
    person: &Person,
    view: &GoView,
    number: u32,
    notice: Option<Notice>,
) -> Result<PracticeGo, Error> {
    let nothing = || Error::NotFound("这道题".into());
    let (asked, question) =
        question_of(&view.go.paper, number, &view.publication).ok_or_else(nothing)?;
    let count = view.go.paper.questions.len() as u32;
    let told = match view.told.get(&number) {
        Some(told) => {
            let others = web.app.missed_by_others(&person.id, question).await?;
            Some(told_page(asked, question, told, others))
        }
        None => None,
    };
    let given = view.given.get(&number).and_then(Option::as_ref);
    let open = view.go.finished_at_ms.is_none();
    let deadline_at_ms = view.go.deadline_at_ms.filter(|_| open);
    Ok(PracticeGo {
        go: view.go.id.clone(),
        title: view.go.title.clone(),
        notice,
        asked: asked_question(asked, question),
        count,
        material: question.material.as_ref().map(|material| Passage {
            number: 1,
            html: (&material.html).into(),
        }),
        why: view.go.reasons.get(&question.id).cloned(),
        topic: question.topic.clone(),
        time: deadline_at_ms.map(|deadline_at_ms| TimeLeft {
            remaining_ms: (deadline_at_ms - view.now_ms).max(0),
            deadline_at_ms,
        }),
        answer: given.map_or_else(Vec::new, |given| texts_of(given, question, asked)),
        told,
        question: question.id.0.clone(),
        kept: view.favourites.contains(&question.id),
        previous: (number > 1).then(|| number - 1),
        next: (number < count).then(|| number + 1),
    })
}

/// The plain form: `number`, `answer` (repeated), `go` (`skip` to be told without answering, `prev`, `next`, `finish`).
pub(super) async fn answer_question(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let field = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    };
    let number: u32 = field("number")
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Error::refused(Code::BadRequest, "没有说明是第几题，请返回再点一次"))?;
    let view = web.app.practice_go(&member.person, &go).await?;
    let (_, question) = question_of(&view.go.paper, number, &view.publication)
        .ok_or_else(|| Error::NotFound("这道题".into()))?;
    let wants = field("go").unwrap_or("next");
    let texts = fields.iter().filter(|(key, _)| key == "answer");
    let texts: Vec<String> = texts.map(|(_, value)| value.clone()).collect();
    let answer: Value = match question.kind() {
        _ if wants == "skip" => Value::Null,
        Kind::Multiple | Kind::Blanks => texts.into(),
        Kind::Single | Kind::Judgement | Kind::Recall => texts.into_iter().next().into(),
    };
    let empty = match &answer {
        Value::Array(texts) => texts.iter().all(|text| text.as_str() == Some("")),
        Value::String(text) => text.trim().is_empty(),
        _ => true,
    };
    let tells = view.go.behaviour == Behaviour::Practice;
    if tells && empty && wants != "skip" {
        let notice = Notice::wait("还没有作答。不会也没关系，点“不会，看答案”。");
        let page = go_page(&web, &member.person, &view, number, Some(notice)).await?;
        return Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response());
    }
    let taken = web
        .app
        .answer_practice(&member.person.id, &go, number, answer)
        .await?;
    if !taken.rejected.is_empty() {
        let notice = Notice::alert("这个答案收不下（太长，或者不合这道题）。请改一改再交。");
        let page = go_page(&web, &member.person, &view, number, Some(notice)).await?;
        return Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response());
    }
    let count = view.go.paper.questions.len() as u32;
    let to = match wants {
        _ if tells => format!("/practice/goes/{go}?q={number}"),
        "prev" => format!("/practice/goes/{go}?q={}", number.max(2) - 1),
        "next" if number < count => format!("/practice/goes/{go}?q={}", number + 1),
        _ => format!("/practice/goes/{go}/finish"),
    };
    Ok(Redirect::to(&to).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct OverruleForm {
    number: u32,
    element: u32,
}

pub(super) async fn overrule_miss(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
    Form(form): Form<OverruleForm>,
) -> Result<Redirect, WebError> {
    web.app
        .overrule_miss(&member.person, &go, form.number, form.element)
        .await?;
    Ok(Redirect::to(&format!(
        "/practice/goes/{go}?q={}",
        form.number
    )))
}

pub(super) async fn show_finish(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
) -> Result<Response, WebError> {
    let view = web.app.practice_go(&member.person, &go).await?;
    if view.go.finished_at_ms.is_some() || view.go.behaviour == Behaviour::Practice {
        return Ok(Redirect::to(&format!("/practice/goes/{go}?at=end")).into_response());
    }
    let open = view.go.paper.questions.iter().map(|asked| asked.number);
    let open = open.filter(|number| !matches!(view.given.get(number), Some(Some(_))));
    Ok(Html(render(&MockFinish {
        go,
        title: view.go.title.clone(),
        open: open.collect(),
        count: view.go.paper.questions.len() as u32,
    }))
    .into_response())
}

pub(super) async fn finish_go(
    State(web): State<Web>,
    Member(member): Member,
    Path(go): Path<String>,
) -> Result<Redirect, WebError> {
    web.app.finish_mock(&member.person.id, &go).await?;
    Ok(Redirect::to(&format!("/practice/goes/{go}?at=end")))
}

fn end_page(view: &GoView) -> PracticeEnd {
    let rows = view.go.paper.questions.iter().filter_map(|asked| {
        let (asked, question) = question_of(&view.go.paper, asked.number, &view.publication)?;
        let verdict = view.told.get(&asked.number).map(|told| told.grade.verdict);
        Some(EndRow {
            number: asked.number,
            stem: (&question.stem).into(),
            word: verdict.map_or("还没答", verdict_word).into(),
            right: verdict == Some(Verdict::Right),
            missed: matches!(verdict, Some(Verdict::Wrong | Verdict::Partial)),
        })
    });
    // Of this person's eyes only, and kept nowhere.
    let mock = (view.go.behaviour == Behaviour::Exam).then(|| MockEnd {
        points: view
            .told
            .values()
            .map(|told| told.grade.points)
            .sum::<Points>()
            .max(Points::ZERO),
        total: view.go.paper.total,
        pass: view
            .publication
            .bank
            .blueprint(&view.go.paper.blueprint)
            .map(|blueprint| blueprint.pass),
    });
    PracticeEnd {
        go: view.go.id.clone(),
        title: view.go.title.clone(),
        mock,
        rows: rows.collect(),
    }
}
