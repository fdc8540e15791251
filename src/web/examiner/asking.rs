//! One screen a question: the whole session in one page, and plain forms where there is no script.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::examiner::View,
    attempt::answer::letter,
    bank::{
        html::Html as Markup,
        question::{Body, Question},
    },
    contest::spot_check::{Mark, Sort, Step, sheet::part_texts},
    error::{Code, Error},
    store::spot_checks::State as CheckState,
    web::{
        error::WebError,
        examiner::{
            Examiner, all,
            choosing::{address, shown_name},
            one,
        },
        outcome::source,
        page::render,
        pages::{
            parts::Notice,
            spot_ask::{
                AskedPerson, AskedQuestion, Asking, CardCell, CardPerson, KeyedChoice, Part,
                SetMark, SpotAsk, SpotCard,
            },
        },
        state::Web,
    },
};

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    person: u32,
    number: u32,
}

impl Default for Place {
    fn default() -> Place {
        Place {
            person: 1,
            number: 1,
        }
    }
}

pub(super) async fn show(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
    Query(place): Query<Place>,
) -> Result<Response, WebError> {
    let view = web.app.own_spot_check(&who.person.id, &id).await?;
    if view.check.state != CheckState::Open {
        return Ok(Redirect::to(&address(&id, view.check.state)).into_response());
    }
    Ok(page(&view, &place, None)?.into_response())
}

fn page(view: &View, place: &Place, notice: Option<Notice>) -> Result<Html<String>, Error> {
    let page = SpotAsk::at(asking(view), place.person, place.number, notice);
    let page = page.ok_or_else(|| Error::NotFound("这一题".into()))?;
    Ok(Html(render(&page)))
}

/// The session as a phone keeps it.
pub(super) fn asking(view: &View) -> Asking {
    let people = (1..).zip(&view.people).map(|(person, examinee)| {
        let drawn = examinee.questions.iter();
        let questions = drawn.filter_map(|drawn| {
            let question = view.question(person, drawn.number)?;
            Some(asked(drawn.number, question))
        });
        AskedPerson {
            person,
            name: shown_name(&examinee.name).to_owned(),
            unit: examinee.unit_name.clone(),
            post: examinee.post.clone(),
            questions: questions.collect(),
        }
    });
    let marks = view.marks.iter().map(|((person, number), mark)| SetMark {
        person: *person,
        number: *number,
        mark: mark.clone(),
    });
    Asking {
        check: view.check.id.clone(),
        scored: view.check.event_id.is_some(),
        finished: view.check.state != CheckState::Open,
        people: people.collect(),
        marks: marks.collect(),
        last_seq: view.last_seq,
    }
}

fn asked(number: u32, question: &Question) -> AskedQuestion {
    let choices = match &question.body {
        Body::Choices(choices) => (0..)
            .zip(&choices.choices)
            .map(|(place, choice)| KeyedChoice {
                letter: letter(place),
                html: (&choice.html).into(),
                key: choices.key.contains(&place),
            })
            .collect(),
        Body::Judgement { .. } | Body::Blanks(_) | Body::Recall(_) => vec![],
    };
    AskedQuestion {
        number,
        word: Sort::of(question).chinese(),
        topic: question.topic.clone(),
        material_html: question.material.as_ref().map(|each| (&each.html).into()),
        stem_html: (&question.stem).into(),
        choices,
        parts: parts(question),
        whole: matches!(question.body, Body::Choices(_) | Body::Judgement { .. }),
        ordered: matches!(&question.body, Body::Recall(recall) if recall.ordered),
        rationale_html: (&question.rationale).into(),
        source: source(question),
    }
}

fn parts(question: &Question) -> Vec<Part> {
    match &question.body {
        Body::Recall(recall) => {
            let part = |element: &crate::bank::question::Element| Part {
                html: (&element.html).into(),
                others: element
                    .sayings
                    .iter()
                    .skip(1)
                    .map(|each| each.text.clone())
                    .collect(),
            };
            recall.elements.iter().map(part).collect()
        }
        Body::Blanks(blanks) => {
            let part = |texts: &Vec<String>| Part {
                html: Markup::escaped(texts.first().map_or("", String::as_str)).into(),
                others: texts.iter().skip(1).cloned().collect(),
            };
            blanks.accepted.iter().map(part).collect()
        }
        Body::Choices(_) | Body::Judgement { .. } => part_texts(question)
            .iter()
            .map(|text| Part {
                html: Markup::escaped(text).into(),
                others: vec![],
            })
            .collect(),
    }
}

pub(super) async fn show_card(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let view = web.app.own_spot_check(&who.person.id, &id).await?;
    if view.check.state != CheckState::Open {
        return Ok(Redirect::to(&address(&id, view.check.state)).into_response());
    }
    let cell = |person: u32, number: u32| CardCell {
        number,
        asked: view.marks.contains_key(&(person, number)),
    };
    let people: Vec<CardPerson> = (1..)
        .zip(&view.people)
        .map(|(person, examinee)| CardPerson {
            person,
            name: shown_name(&examinee.name).to_owned(),
            unit: examinee.unit_name.clone(),
            cells: examinee
                .questions
                .iter()
                .map(|each| cell(person, each.number))
                .collect(),
        })
        .collect();
    let cells = people.iter().flat_map(|each| &each.cells);
    let page = SpotCard {
        unasked: cells.filter(|cell| !cell.asked).count(),
        check: id,
        people,
    };
    Ok(Html(render(&page)).into_response())
}

/// A question's plain form: what was ticked is kept, then on to where the button says.
pub(super) async fn mark(
    State(web): State<Web>,
    Examiner(who): Examiner,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let number = |name| one(&fields, name).parse::<u32>().unwrap_or(0);
    let place = Place {
        person: number("person"),
        number: number("number"),
    };
    let view = web.app.own_spot_check(&who.person.id, &id).await?;
    if view.question(place.person, place.number).is_none() {
        return Err(Error::NotFound("这一题".into()).into());
    }
    let go = one(&fields, "go");
    let mark = match heard(&view, &place, go, &fields) {
        Heard::Nothing => return Ok(Redirect::to(&onward(&view, place, go)).into_response()),
        Heard::TakenBack => None,
        Heard::Mark(mark) => Some(mark),
    };
    if let Some(problem) = keep(&web, &who.person.id, &view, &place, mark).await? {
        let page = page(&view, &place, Some(Notice::alert(problem)))?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    Ok(Redirect::to(&onward(&view, place, go)).into_response())
}

/// Where the button leads.
fn onward(view: &View, place: Place, go: &str) -> String {
    let id = &view.check.id;
    let to = match go {
        "card" => None,
        "prev" => Some(before(view, &place).unwrap_or(place)),
        _ => after(view, &place),
    };
    match to {
        Some(Place { person, number }) => {
            format!("/spot-checks/{id}?person={person}&number={number}")
        }
        None => format!("/spot-checks/{id}/card"),
    }
}

fn before(view: &View, place: &Place) -> Option<Place> {
    let (person, number) = (place.person, place.number);
    if number > 1 {
        let number = number - 1;
        return Some(Place { person, number });
    }
    let person = person.checked_sub(1).filter(|person| *person > 0)?;
    let number = view.people.get(person as usize - 1)?.questions.len() as u32;
    Some(Place { person, number })
}

fn after(view: &View, place: &Place) -> Option<Place> {
    let next = Place {
        person: place.person,
        number: place.number + 1,
    };
    let first = Place {
        person: place.person + 1,
        number: 1,
    };
    [next, first]
        .into_iter()
        .find(|place| view.question(place.person, place.number).is_some())
}

/// What a form sets down.
enum Heard {
    /// Somebody only looks elsewhere, or nothing is new.
    Nothing,
    /// 没问, after all.
    TakenBack,
    Mark(Mark),
}

fn heard(view: &View, place: &Place, go: &str, fields: &[(String, String)]) -> Heard {
    let before = view.marks.get(&(place.person, place.number));
    if go == "skip" {
        return before.map_or(Heard::Nothing, |_| Heard::TakenBack);
    }
    let ticked = all(fields, "said");
    let mark = Mark {
        // “答错” is a tick as well, of no part.
        said: ticked.iter().filter_map(|part| part.parse().ok()).collect(),
        comment: one(fields, "comment").trim().replace('\r', ""),
    };
    let told = go == "next" || !ticked.is_empty() || !mark.comment.is_empty() || before.is_some();
    if told && before != Some(&mark) {
        Heard::Mark(mark)
    } else {
        Heard::Nothing
    }
}

/// Keeps a step above all others; a number that another page took meanwhile is tried again. Says what is wrong.
async fn keep(
    web: &Web,
    actor: &str,
    view: &View,
    place: &Place,
    mark: Option<Mark>,
) -> Result<Option<String>, Error> {
    let mut step = Step {
        seq: view.last_seq + 1,
        person: place.person,
        number: place.number,
        mark,
    };
    for _ in 0..3 {
        let kept = web
            .app
            .keep_marks(actor, &view.check.id, std::slice::from_ref(&step))
            .await;
        let kept = match kept {
            Err(Error::Refused(refusal)) => return Ok(Some(refusal.detail)),
            kept => kept?,
        };
        match kept.rejected.first() {
            None => return Ok(None),
            Some(rejected) if rejected.code == Code::SeqReused.text() => {
                step.seq = kept.highest + 1;
            }
            Some(_) => return Ok(Some("没有记上：点评太长或有特殊符号，请改一改".into())),
        }
    }
    Ok(Some("另一个页面正在记，没有记上，请再点一次".into()))
}
