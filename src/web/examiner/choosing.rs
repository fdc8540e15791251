//! The examiner's own list, and the choice of unit, people and questions.

use std::collections::{BTreeSet, HashMap};

use axum::{
    Form,
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::{examiner::Choice, organizer::below, registrar::SignedIn},
    contest::{
        round::Entrant,
        spot_check::{Sort, event::Event},
    },
    error::Error,
    people::{Role, Unit, in_tree_order},
    store::spot_checks::State as CheckState,
    web::{
        desk::roster::last_four,
        error::{WebError, status_of},
        examiner::{Examiner, all, one},
        page::render,
        pages::{
            parts::{Notice, Who},
            spot_choose::{
                CheckRow, ChooseForm, EventRow, PeopleGroup, PersonRow, Pick, RunRow, SpotChoose,
                SpotHome, UnitRow,
            },
        },
        state::Web,
    },
};

pub(super) async fn list(
    State(web): State<Web>,
    Examiner(who): Examiner,
) -> Result<Html<String>, WebError> {
    let actor = who.person.id.as_str();
    let events = web.app.spot_events_to_examine(actor).await?;
    let run = web.app.spot_events_run_by(actor).await?;
    let names: HashMap<&str, &str> = run
        .iter()
        .chain(events.iter().map(|(event, _)| event))
        .map(|event| (event.id.as_str(), event.name.as_str()))
        .collect();
    let mut checks = Vec::new();
    for (check, people) in web.app.spot_checks_of(actor).await? {
        let people: Vec<&str> = people.iter().map(|each| shown_name(&each.name)).collect();
        let event = check.event_id.as_deref();
        checks.push(CheckRow {
            event: event.map(|id| names.get(id).copied().unwrap_or("计分抽问").to_owned()),
            id: check.id,
            started_at_ms: check.started_at_ms,
            people: people.join("、"),
            state: check.state.text(),
        });
    }
    let run_row = |event: &Event| RunRow {
        id: event.id.clone(),
        name: event.name.clone(),
        closed: event.closed_at_ms.is_some(),
    };
    let run = who
        .has(Role::Organizer)
        .then(|| run.iter().map(run_row).collect());
    Ok(Html(render(&SpotHome {
        who: Who {
            name: who.person.name.clone(),
            unit: who.unit.name.clone(),
            post: who.person.posts.join("、"),
        },
        events: events
            .iter()
            .map(|(event, open)| event_row(event, open))
            .collect(),
        checks,
        run,
    })))
}

/// After a purge nobody is named any more.
pub(super) fn shown_name(name: &str) -> &str {
    if name.is_empty() {
        "（已清除）"
    } else {
        name
    }
}

fn event_row(event: &Event, open: &[Entrant]) -> EventRow {
    EventRow {
        id: event.id.clone(),
        name: event.name.clone(),
        questions: event.rules.questions,
        points: event.rules.points,
        people: open.len(),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    unit: String,
    event: String,
}

pub(super) async fn choose(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let choice = Choice {
        unit_id: asked.unit,
        event_id: (!asked.event.is_empty()).then_some(asked.event),
        person_ids: vec![],
        questions: 5,
        sorts: Sort::USUAL.to_vec(),
        topics: vec![],
    };
    Ok(Html(render(&page(&web, &who, &choice, None).await?)))
}

async fn page(
    web: &Web,
    who: &SignedIn,
    choice: &Choice,
    notice: Option<Notice>,
) -> Result<SpotChoose, Error> {
    let actor = who.person.id.as_str();
    let (units, mut persons) = web.app.examinable(actor).await?;
    let mut event = None;
    if let Some(id) = &choice.event_id {
        let open = web.app.spot_events_to_examine(actor).await?;
        match open.into_iter().find(|(event, _)| event.id == *id) {
            Some((found, open)) => {
                let ids: BTreeSet<&str> = open.iter().map(|each| each.person_id.as_str()).collect();
                persons.retain(|person| ids.contains(person.id.as_str()));
                event = Some(event_row(&found, &open));
            }
            None => return Err(Error::NotFound("还能抽人的这场抽问".into())),
        }
    }
    let people: Vec<PersonOf> = persons
        .iter()
        .map(|person| {
            let namesakes = persons.iter().filter(|other| other.name == person.name);
            let row = PersonRow {
                id: person.id.clone(),
                name: person.name.clone(),
                post: person.posts.join("、"),
                phone_end: (namesakes.count() > 1).then(|| last_four(&person.phone)),
                chosen: choice.person_ids.contains(&person.id),
            };
            (person.unit_id.clone(), row)
        })
        .collect();
    let mut form = None;
    if !choice.unit_id.is_empty() {
        let unit = units.iter().find(|unit| unit.id == choice.unit_id);
        let unit = unit.ok_or_else(|| Error::NotFound("这个单位".into()))?;
        form = Some(ChooseForm {
            groups: groups(&units, unit, &people),
            unit_id: unit.id.clone(),
            unit: unit.name.clone(),
            questions: choice.questions,
            sorts: sort_picks(&choice.sorts),
            topics: topic_picks(web, &choice.topics).await?,
        });
    }
    Ok(SpotChoose {
        notice,
        event,
        units: unit_rows(&units, &people),
        form,
    })
}

/// A person's unit and row.
type PersonOf = (String, PersonRow);

fn unit_rows(units: &[Unit], people: &[PersonOf]) -> Vec<UnitRow> {
    let count = |unit: &Unit| {
        let within = below(units, &unit.id);
        let inside = people
            .iter()
            .filter(|(of, _)| within.contains(&of.as_str()));
        inside.count()
    };
    ordered(units)
        .into_iter()
        .map(|(unit, depth)| UnitRow {
            id: unit.id.clone(),
            name: unit.name.clone(),
            depth,
            people: count(&unit),
        })
        .filter(|row| row.people > 0)
        .collect()
}

/// In tree order, also where the tops are not the tree's.
pub(super) fn ordered(units: &[Unit]) -> Vec<(Unit, u32)> {
    let cut: Vec<Unit> = units
        .iter()
        .map(|unit| {
            let above = |id: &String| units.iter().any(|each| each.id == *id);
            let parent_id = unit.parent_id.clone().filter(above);
            Unit {
                parent_id,
                ..unit.clone()
            }
        })
        .collect();
    in_tree_order(&cut)
        .into_iter()
        .map(|(unit, depth)| (unit.clone(), depth))
        .collect()
}

fn groups(units: &[Unit], top: &Unit, people: &[PersonOf]) -> Vec<PeopleGroup> {
    let within = below(units, &top.id);
    ordered(units)
        .into_iter()
        .filter(|(unit, _)| within.contains(&unit.id.as_str()))
        .map(|(unit, _)| PeopleGroup {
            people: people
                .iter()
                .filter(|(of, _)| *of == unit.id)
                .map(|(_, row)| row.clone())
                .collect(),
            unit: unit.name,
        })
        .filter(|group| !group.people.is_empty())
        .collect()
}

pub(super) fn sort_picks(chosen: &[Sort]) -> Vec<Pick> {
    let pick = |sort: Sort| Pick {
        value: sort.text().into(),
        word: sort.chinese().into(),
        chosen: chosen.contains(&sort),
    };
    Sort::ALL.map(pick).into()
}

pub(super) async fn topic_picks(web: &Web, chosen: &[String]) -> Result<Vec<Pick>, Error> {
    let live = web.app.live_bank().await?;
    let questions = live.as_ref().map_or(&[][..], |live| &live.bank.questions);
    let topics: BTreeSet<&str> = questions.iter().map(|each| each.topic.as_str()).collect();
    Ok(topics
        .into_iter()
        .map(|topic| Pick {
            value: topic.into(),
            word: topic.into(),
            chosen: chosen.iter().any(|each| each == topic),
        })
        .collect())
}

/// What the form says; a number that is none is nought, which is refused in words.
fn choice(fields: &[(String, String)]) -> Choice {
    let texts = |name| all(fields, name).into_iter().map(str::to_owned).collect();
    let event = one(fields, "event");
    Choice {
        unit_id: one(fields, "unit").to_owned(),
        event_id: (!event.is_empty()).then(|| event.to_owned()),
        person_ids: texts("person"),
        questions: one(fields, "questions").trim().parse().unwrap_or(0),
        sorts: all(fields, "sort")
            .into_iter()
            .filter_map(Sort::parse)
            .collect(),
        topics: texts("topic"),
    }
}

pub(super) async fn start(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let choice = choice(&fields);
    match web.app.start_spot_check(&who.person.id, &choice).await {
        Ok(id) => Ok(Redirect::to(&format!("/spot-checks/{id}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let notice = Notice::alert(refusal.detail);
            let page = page(&web, &who, &choice, Some(notice)).await?;
            Ok((status_of(refusal.code), Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the session is to be looked at now.
pub(super) fn address(id: &str, state: CheckState) -> String {
    match state {
        CheckState::Open => format!("/spot-checks/{id}"),
        CheckState::Finished | CheckState::Void => format!("/spot-checks/{id}/sheet"),
    }
}
