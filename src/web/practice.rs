//! 练一练: the cadre's practice pages, as plain forms; nobody else ever sees them.

mod door;
mod going;
mod told;
mod training;

use axum::{
    Form, Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::coach::{Shelf, Wish},
    bank::question::{Question, QuestionId},
    error::{Code, Error},
    store::practice::Mark,
    web::{
        candidate::who,
        error::WebError,
        page::render,
        pages::{
            parts::Notice,
            practice::{ForgetPage, ListRow, Listed, PracticeHome, PracticeList, TopicRow, Topics},
        },
        practice::{
            door::keep_steps,
            going::{answer_question, finish_go, overrule_miss, show_finish, show_go},
            training::{show_sheet, show_training},
        },
        state::{Member, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/practice", get(show_home).post(begin))
        .route("/practice/topics", get(show_topics))
        .route("/practice/mistakes", get(show_mistakes))
        .route(
            "/practice/favourites",
            get(show_favourites).post(mark_question),
        )
        .route("/practice/forget", get(show_forget).post(forget))
        .route("/practice/goes/{go}", get(show_go))
        .route("/practice/goes/{go}/answer", post(answer_question))
        .route("/practice/goes/{go}/overrule", post(overrule_miss))
        .route(
            "/practice/goes/{go}/finish",
            get(show_finish).post(finish_go),
        )
        .route("/api/v1/practice/{go}/steps", post(keep_steps))
        .route("/training", get(show_training))
        .route("/training/sheet", get(show_sheet))
}

async fn show_home(State(web): State<Web>, Member(member): Member) -> Result<Response, WebError> {
    let page = |shelf: Option<&Shelf>, notice| PracticeHome {
        who: who(&member),
        notice,
        unfinished: shelf.and_then(|shelf| shelf.unfinished.clone()),
        any: shelf.is_some_and(|shelf| shelf.own().next().is_some()),
        spoken: shelf.is_some_and(|shelf| shelf.topics().values().any(|spoken| *spoken)),
        mistakes: shelf.is_some_and(|shelf| !shelf.mistakes().is_empty()),
        favourites: shelf.is_some_and(|shelf| !shelf.kept().is_empty()),
        mocks: shelf.map_or_else(Vec::new, |shelf| {
            let blueprints = shelf.blueprints().into_iter();
            blueprints
                .map(|blueprint| (blueprint.name.clone(), blueprint.limit_seconds))
                .collect()
        }),
    };
    Ok(match web.app.shelf(&member.person).await {
        Ok(shelf) => Html(render(&page(Some(&shelf), None))).into_response(),
        Err(Error::Refused(refusal)) => {
            let page = page(None, Some(Notice::wait(refusal.detail)));
            (StatusCode::CONFLICT, Html(render(&page))).into_response()
        }
        Err(error) => return Err(error.into()),
    })
}

#[derive(Debug, Deserialize)]
struct WishForm {
    wish: String,
    /// A topic's or a blueprint's name.
    #[serde(default)]
    name: String,
}

async fn begin(
    State(web): State<Web>,
    Member(member): Member,
    Form(form): Form<WishForm>,
) -> Result<Redirect, WebError> {
    let wish = match form.wish.as_str() {
        "ten" => Wish::Ten,
        "topic" => Wish::Topic(form.name),
        "mistakes" => Wish::Mistakes,
        "favourites" => Wish::Favourites,
        "spoken" => Wish::Spoken,
        "mock" => Wish::Mock(form.name),
        _ => {
            let detail = "没有说明要练什么，请返回再点一次";
            return Err(Error::refused(Code::BadRequest, detail).into());
        }
    };
    let go = web.app.begin_practice(&member.person, &wish).await?;
    Ok(Redirect::to(&format!("/practice/goes/{go}")))
}

async fn show_topics(
    State(web): State<Web>,
    Member(member): Member,
) -> Result<Html<String>, WebError> {
    let shelf = web.app.shelf(&member.person).await?;
    let topics = shelf.topics();
    let row = |(topic, _): (&str, bool)| TopicRow { name: topic.into() };
    Ok(Html(render(&Topics {
        topics: topics.into_iter().map(row).collect(),
    })))
}

async fn show_mistakes(
    State(web): State<Web>,
    Member(member): Member,
) -> Result<Html<String>, WebError> {
    let shelf = web.app.shelf(&member.person).await?;
    let rows = shelf.mistakes().into_iter().map(|(question, card)| {
        let days = match card.days_to_leave() {
            1 => "再有一天答对就出本",
            _ => "在两个不同的日子答对就出本",
        };
        row(question, days)
    });
    Ok(Html(render(&PracticeList {
        listed: Listed::Mistakes,
        rows: rows.collect(),
    })))
}

async fn show_favourites(
    State(web): State<Web>,
    Member(member): Member,
) -> Result<Html<String>, WebError> {
    let shelf = web.app.shelf(&member.person).await?;
    let rows = shelf.kept().into_iter().map(|question| row(question, ""));
    Ok(Html(render(&PracticeList {
        listed: Listed::Favourites,
        rows: rows.collect(),
    })))
}

fn row(question: &Question, note: &str) -> ListRow {
    ListRow {
        id: question.id.0.clone(),
        kind: question.kind(),
        topic: question.topic.clone(),
        stem: (&question.stem).into(),
        note: note.into(),
    }
}

#[derive(Debug, Deserialize)]
struct MarkForm {
    question: String,
    mark: String,
    /// The go and the question's number in it, to go back to.
    go: Option<String>,
    q: Option<u32>,
}

async fn mark_question(
    State(web): State<Web>,
    Member(member): Member,
    Form(form): Form<MarkForm>,
) -> Result<Redirect, WebError> {
    let mark = if form.mark == "keep" {
        Mark::Keep
    } else {
        Mark::Drop
    };
    let id = QuestionId(form.question);
    web.app.mark_question(&member.person, &id, mark).await?;
    Ok(Redirect::to(&match (form.go, form.q) {
        (Some(go), Some(q)) if go.chars().all(|each| each.is_ascii_alphanumeric()) => {
            format!("/practice/goes/{go}?q={q}")
        }
        _ => "/practice/favourites".into(),
    }))
}

async fn show_forget(Member(member): Member) -> Html<String> {
    Html(render(&ForgetPage {
        who: who(&member),
        done: false,
    }))
}

async fn forget(State(web): State<Web>, Member(member): Member) -> Result<Html<String>, WebError> {
    web.app.forget_practice(&member.person.id).await?;
    Ok(Html(render(&ForgetPage {
        who: who(&member),
        done: true,
    })))
}
