//! 计分抽问 at an organizer's desk: set up, watched, closed.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    app::{examiner::scored::EventView, organizer::below, registrar::SignedIn},
    bank::points::Points,
    contest::spot_check::{
        Sort,
        event::{EventRules, counting},
    },
    error::Error,
    web::{
        desk::staff,
        error::{WebError, status_of},
        examiner::{
            all,
            choosing::{ordered, shown_name, sort_picks, topic_picks},
            one,
        },
        page::render,
        pages::{
            parts::Notice,
            spot_choose::{Pick, UnitRow},
            spot_event::{
                AbsentLine, CheckLine, DivisionTable, EntryLine, EventForm, PersonLine,
                SpotEventNew, SpotEventPage, UnitLine,
            },
        },
        state::{Organizer, Web},
    },
};

pub(super) async fn show_new(
    State(web): State<Web>,
    Organizer(who): Organizer,
) -> Result<Html<String>, WebError> {
    let form = EventForm {
        questions: "5".into(),
        points: "20".into(),
        ..EventForm::default()
    };
    let rules = EventRules {
        questions: 5,
        points: Points::whole(20),
        sorts: Sort::USUAL.to_vec(),
        topics: vec![],
        divisions: vec![],
    };
    Ok(Html(render(
        &new_page(&web, &who, form, &rules, None).await?,
    )))
}

async fn new_page(
    web: &Web,
    who: &SignedIn,
    form: EventForm,
    rules: &EventRules,
    notice: Option<Notice>,
) -> Result<SpotEventNew, Error> {
    let (units, persons) = web.app.people_run_by(&who.person.id).await?;
    let live = web.app.live_bank().await?;
    let known = live.as_ref().map(|live| &live.bank.posts);
    let divisions = known.map_or_else(Vec::new, |posts| posts.divisions());
    let count = |id: &str| {
        let within = below(&units, id);
        let inside = persons
            .iter()
            .filter(|each| within.contains(&each.unit_id.as_str()));
        inside.filter(|each| !each.posts.is_empty()).count()
    };
    Ok(SpotEventNew {
        staff: staff(who),
        notice,
        form,
        units: ordered(&units)
            .into_iter()
            .map(|(unit, depth)| UnitRow {
                people: count(&unit.id),
                id: unit.id,
                name: unit.name,
                depth,
            })
            .collect(),
        sorts: sort_picks(&rules.sorts),
        divisions: divisions
            .into_iter()
            .map(|division| Pick {
                value: division.into(),
                word: division.into(),
                chosen: rules.divisions.iter().any(|each| each == division),
            })
            .collect(),
        topics: topic_picks(web, &rules.topics).await?,
    })
}

pub(super) async fn create(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let text = |name| one(&fields, name).to_owned();
    let texts = |name| all(&fields, name).into_iter().map(str::to_owned).collect();
    let form = EventForm {
        name: text("name"),
        unit: text("unit"),
        questions: text("questions"),
        points: text("points"),
    };
    let rules = EventRules {
        questions: form.questions.trim().parse().unwrap_or(0),
        points: Points::parse(&form.points).unwrap_or(Points::ZERO),
        sorts: all(&fields, "sort")
            .into_iter()
            .filter_map(Sort::parse)
            .collect(),
        topics: texts("topic"),
        divisions: texts("division"),
    };
    let actor = who.person.id.as_str();
    let made = web
        .app
        .create_spot_event(actor, &form.name, &form.unit, rules.clone());
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/spot-events/{id}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(refusal.detail);
            let page = new_page(&web, &who, form, &rules, Some(notice)).await?;
            Ok((status_of(refusal.code), Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(id): Path<String>,
) -> Result<Html<String>, WebError> {
    let view = web.app.spot_event(&who.person.id, &id).await?;
    Ok(Html(render(&event_page(&who, view, None))))
}

fn event_page(who: &SignedIn, view: EventView, notice: Option<Notice>) -> SpotEventPage {
    let counting = counting(&view.entries);
    let closed = view.event.closed_at_ms.is_some();
    let rules = &view.event.rules;
    let sorts: Vec<&str> = rules.sorts.iter().map(|sort| sort.chinese()).collect();
    let absent = view
        .entrants
        .iter()
        .filter(|entrant| !counting.contains_key(entrant.person_id.as_str()))
        .map(|entrant| AbsentLine {
            id: entrant.person_id.clone(),
            name: shown_name(&entrant.name).to_owned(),
            unit: entrant.unit_name.clone(),
            on_leave: entrant.on_leave,
        });
    SpotEventPage {
        staff: staff(who),
        notice,
        created_at_ms: view.event.created_at_ms,
        questions: rules.questions,
        points: rules.points,
        total: rules.total(),
        sorts: sorts.join("、"),
        closed,
        entrants: view.entrants.iter().filter(|each| !each.on_leave).count(),
        entered: counting.len(),
        absent: absent.collect(),
        divisions: divisions(&view, closed),
        units: units(&view),
        checks: view.checks.iter().rev().map(check_line).collect(),
        entries: entries(&view),
        id: view.event.id,
        name: view.event.name,
        unit: view.unit_name,
    }
}

/// While it lasts, who has no points yet is not absent.
fn divisions(view: &EventView, closed: bool) -> Vec<DivisionTable> {
    let table = |(name, standings): (&String, &Vec<crate::contest::ranking::Standing>)| {
        let rows = standings.iter().map(|standing| PersonLine {
            rank: standing.rank,
            name: shown_name(&standing.row.name).to_owned(),
            unit: standing.row.unit.clone(),
            points: standing.row.points,
            why: match standing.row.points {
                None if !closed => "还没有计入".into(),
                _ => standing.why.clone(),
            },
        });
        DivisionTable {
            name: name.clone(),
            rows: rows.collect(),
        }
    };
    view.board.people.iter().map(table).collect()
}

fn units(view: &EventView) -> Vec<UnitLine> {
    let line = |standing: &crate::contest::units::UnitStanding| UnitLine {
        rank: standing.rank,
        unit: standing.unit.clone(),
        shown: standing.shown.clone(),
        turnout: standing.turnout.clone(),
        why: standing.why.clone(),
    };
    view.board.units.iter().map(line).collect()
}

fn check_line(view: &crate::app::examiner::View) -> CheckLine {
    let people: Vec<&str> = view
        .people
        .iter()
        .map(|each| shown_name(&each.name))
        .collect();
    CheckLine {
        id: view.check.id.clone(),
        started_at_ms: view.check.started_at_ms,
        examiner: shown_name(&view.examiner.name).to_owned(),
        people: people.join("、"),
        state: view.check.state.text(),
        entered: view.entered,
    }
}

fn entries(view: &EventView) -> Vec<EntryLine> {
    let examined: BTreeMap<&str, &str> = view
        .entrants
        .iter()
        .map(|each| (each.person_id.as_str(), each.name.as_str()))
        .collect();
    let named = |name: Option<&str>| shown_name(name.unwrap_or_default()).to_owned();
    let line = |entry: &crate::contest::spot_check::event::Entry| EntryLine {
        at_ms: entry.at_ms,
        person: named(examined.get(entry.person_id.as_str()).copied()),
        points: entry.points,
        reversal: entry.reverses.is_some(),
        by: named(view.names.get(&entry.actor).map(String::as_str)),
        reason: entry.reason.clone(),
    };
    view.entries.iter().rev().map(line).collect()
}

pub(super) async fn act(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((id, action)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let (actor, person, reason) = (
        &who.person.id,
        one(&fields, "person"),
        one(&fields, "reason"),
    );
    let done = match action.as_str() {
        "leave" => web.app.turn_spot_leave(actor, &id, person, reason).await,
        "close" => web.app.close_spot_event(actor, &id).await,
        _ => Err(Error::NotFound("这个操作".into())),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/spot-events/{id}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let view = web.app.spot_event(actor, &id).await?;
            let page = event_page(&who, view, Some(Notice::alert(refusal.detail)));
            Ok((status_of(refusal.code), Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
