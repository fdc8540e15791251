//! 操作记录 at an organizer's desk: the log of acts, filtered by the address, newest first.

pub(super) mod words;

use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    app::recorder::{Actor, Log, Question},
    clock::{civil, local_time},
    store::record::Entry,
    web::{
        desk::staff,
        error::WebError,
        page::render,
        pages::{
            parts::Notice,
            record::{ActChoice, ActRow, RecordPage},
        },
        state::{Organizer, Web},
    },
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/record", get(show_record))
}

/// What the address asks for; empty is everything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    act: String,
    actor: String,
    from: String,
    to: String,
    before: String,
}

async fn show_record(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (question, problem) = match question(&asked) {
        Ok(question) => (Some(question), None),
        Err(problem) => (None, Some(problem)),
    };
    let log = match &question {
        Some(question) => web.app.log_for(&who, question).await?,
        None => Log::default(),
    };
    let status = if problem.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let last = log.entries.last().map(|entry| entry.id.clone());
    let page = RecordPage {
        staff: staff(&who),
        notice: problem.map(Notice::alert),
        filtered: !address(&asked, "").is_empty(),
        newest: (!asked.before.is_empty()).then(|| format!("/record{}", address(&asked, ""))),
        older: last
            .filter(|_| log.more)
            .map(|last| format!("/record{}", address(&asked, &last))),
        acts: words::ACTS
            .iter()
            .map(|(code, word)| ActChoice {
                code: (*code).to_owned(),
                word: (*word).to_owned(),
                chosen: asked.act == *code,
            })
            .collect(),
        rows: log.entries.iter().map(|entry| row(&log, entry)).collect(),
        actor: asked.actor,
        from: asked.from,
        to: asked.to,
    };
    Ok((status, Html(render(&page))).into_response())
}

fn question(asked: &Asked) -> Result<Question, &'static str> {
    let day = |text: &str| match text.trim() {
        "" => Ok(None),
        text => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Some)
            .map_err(|_| "日期要写成 2026-02-18 这样。"),
    };
    let start = |day: NaiveDate| local_time(&format!("{day}T00:00"));
    let (from, to) = (day(&asked.from)?, day(&asked.to)?);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err("“到哪天”要在“从哪天”以后。");
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Question {
        act: some(&asked.act),
        actor: actor(asked.actor.trim()),
        from_ms: from.and_then(start),
        until_ms: to.and_then(|day| day.succ_opt()).and_then(start),
        before: some(&asked.before),
    })
}

fn actor(text: &str) -> Actor {
    let program = words::PROGRAMS.iter().find(|(_, word)| *word == text);
    match (text, program) {
        ("", _) => Actor::Anybody,
        (_, Some((id, _))) => Actor::Program((*id).to_owned()),
        (name, None) => Actor::Named(name.to_owned()),
    }
}

/// The query of this filter, from `before` on.
fn address(asked: &Asked, before: &str) -> String {
    let pairs = [
        ("act", asked.act.as_str()),
        ("actor", asked.actor.as_str()),
        ("from", asked.from.as_str()),
        ("to", asked.to.as_str()),
        ("before", before),
    ];
    let mut query = String::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        query.push_str(&encoded(value));
    }
    query
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn row(log: &Log, entry: &Entry) -> ActRow {
    let person = log.persons.get(&entry.actor);
    let unit_of = |id: &str| log.units.iter().find(|unit| unit.id == id);
    let program = words::PROGRAMS.iter().find(|(id, _)| *id == entry.actor);
    let (subject, link) = subject(log, &entry.subject);
    ActRow {
        at_ms: entry.at_ms,
        day: civil(entry.at_ms).format("%Y-%m-%d").to_string(),
        time: civil(entry.at_ms).format("%H:%M:%S").to_string(),
        actor: match (person, program) {
            (Some(person), _) => person.name.clone(),
            (None, Some((_, word))) => (*word).to_owned(),
            (None, None) => "（已不在名册）".to_owned(),
        },
        actor_unit: person
            .and_then(|person| unit_of(&person.unit_id))
            .map_or_else(String::new, |unit| unit.name.clone()),
        conflict: log.conflicts.contains(&entry.id),
        act: words::act(&entry.act),
        subject,
        link,
        facts: words::facts(&entry.detail, &|id| named(log, id)),
    }
}

/// What an act is about, with its page where it has one.
fn subject(log: &Log, id: &str) -> (String, Option<String>) {
    match named(log, id) {
        Some(name) if log.rounds.contains_key(id) => (name, Some(format!("/rounds/{id}"))),
        Some(name) => (name, None),
        None => (words::shortened(id), None),
    }
}

/// A round's, unit's or person's name.
fn named(log: &Log, id: &str) -> Option<String> {
    let unit = || log.units.iter().find(|unit| unit.id == id);
    let person = || log.persons.get(id).map(|person| person.name.clone());
    log.rounds
        .get(id)
        .cloned()
        .or_else(|| unit().map(|unit| unit.name.clone()))
        .or_else(person)
}
