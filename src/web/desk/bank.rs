//! 题库 at a trainer's desk: what is there, what is wrong, and every question as a cadre sees it.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path, State},
    response::Html,
    routing::get,
};
use serde_json::json;

use crate::{
    bank::{
        blueprint::Scoring,
        fault::{Fault, Severity},
        points::Points,
        question::{Body, Kind, Question},
    },
    error::Error,
    exchange::fault_text::{self, Colors},
    paper::PaperQuestion,
    web::{
        desk::staff,
        error::WebError,
        outcome::{asked_question, key_letters, source},
        page::render,
        pages::{
            bank::{BankPage, FileRow, ShownFault, TopicRow},
            parts::Passage,
            questions::{Keyed, Questions},
        },
        state::{Trainer, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/bank", get(show_bank))
        .route("/bank/topics/{topic}", get(show_topic))
}

async fn show_bank(
    State(web): State<Web>,
    Trainer(who): Trainer,
) -> Result<Html<String>, WebError> {
    let live = web.app.live_bank().await?;
    let look = web.app.watched.look();
    let questions = live.as_ref().map_or(&[][..], |live| &live.bank.questions);
    let mut topics: BTreeMap<&str, [u32; 5]> = BTreeMap::new();
    let mut files: BTreeMap<&str, FileRow> = BTreeMap::new();
    let row = |file: &str, topic: &str| FileRow {
        file: file.into(),
        topic: topic.into(),
        questions: 0,
        errors: 0,
        warnings: 0,
    };
    for question in questions {
        let kind = Kind::ALL
            .iter()
            .position(|kind| *kind == question.kind())
            .unwrap_or(0);
        topics.entry(&question.topic).or_default()[kind] += 1;
        let file = question.place.file.as_str();
        files
            .entry(file)
            .or_insert_with(|| row(file, &question.topic))
            .questions += 1;
    }
    for fault in &look.faults {
        let file = files
            .entry(&fault.file)
            .or_insert_with(|| row(&fault.file, ""));
        match fault.severity {
            Severity::Error => file.errors += 1,
            Severity::Warning => file.warnings += 1,
        }
    }
    Ok(Html(render(&BankPage {
        staff: staff(&who),
        revision: live.as_ref().map(|live| live.bank.revision().0),
        published_at_ms: None,
        held: look.held.clone(),
        topics: topics
            .into_iter()
            .map(|(topic, counts)| TopicRow {
                topic: topic.into(),
                counts,
                total: counts.iter().sum(),
            })
            .collect(),
        files: files.into_values().collect(),
        faults: look.faults.iter().map(shown_fault).collect(),
    })))
}

fn shown_fault(fault: &Fault) -> ShownFault {
    ShownFault {
        rendering: fault_text::faults(std::slice::from_ref(fault), Colors::Plain),
        fault: fault.clone(),
    }
}

async fn show_topic(
    State(web): State<Web>,
    Trainer(who): Trainer,
    Path(topic): Path<String>,
) -> Result<Html<String>, WebError> {
    let live = web
        .app
        .live_bank()
        .await?
        .ok_or_else(|| Error::NotFound("题库".into()))?;
    let look = web.app.watched.look();
    let questions: Vec<&Question> = live
        .bank
        .questions
        .iter()
        .map(Arc::as_ref)
        .filter(|each| each.topic == topic)
        .collect();
    if questions.is_empty() {
        return Err(Error::NotFound(format!("专题“{topic}”")).into());
    }
    // Whoever looks at keys is on record.
    web.app
        .note_look(
            &who.person.id,
            "look-at-keys",
            &topic,
            json!({ "questions": questions.len() }),
        )
        .await?;
    let kept: HashSet<&str> = look.kept_back.iter().map(String::as_str).collect();
    let mut material_before = None;
    let mut shown = Vec::with_capacity(questions.len());
    for (place, question) in questions.iter().enumerate() {
        let material = question
            .material
            .as_ref()
            .filter(|material| material_before != Some(&material.id));
        material_before = question.material.as_ref().map(|material| &material.id);
        shown.push(Keyed {
            material: material.map(|material| Passage {
                number: place as u32 + 1,
                html: (&material.html).into(),
            }),
            faults: look
                .faults
                .iter()
                .filter(|fault| fault.question.as_deref() == Some(question.id.0.as_str()))
                .map(shown_fault)
                .collect(),
            kept: kept.contains(question.id.0.as_str()),
            ..keyed(question, place as u32 + 1)
        });
    }
    Ok(Html(render(&Questions {
        staff: staff(&who),
        topic,
        questions: shown,
    })))
}

fn keyed(question: &Question, number: u32) -> Keyed {
    let order: Vec<usize> = match &question.body {
        Body::Choices(choices) => (0..choices.choices.len()).collect(),
        _ => vec![],
    };
    let asked = PaperQuestion {
        number,
        id: question.id.clone(),
        revision: question.revision.clone(),
        points: Points::ZERO,
        scoring: Scoring::AllOrNothing,
        order,
    };
    Keyed {
        asked: asked_question(&asked, question),
        material: None,
        id: question.id.0.clone(),
        revision: question.revision.0.clone(),
        difficulty: question.difficulty,
        posts: question.posts.clone(),
        purpose: question.purpose,
        key: key_letters(question, &asked.order),
        accepted: match &question.body {
            Body::Blanks(blanks) => blanks.accepted.clone(),
            Body::Recall(recall) => recall
                .elements
                .iter()
                .map(|element| {
                    element
                        .sayings
                        .iter()
                        .map(|saying| saying.text.clone())
                        .collect()
                })
                .collect(),
            Body::Choices(_) | Body::Judgement { .. } => vec![],
        },
        rationale: (&question.rationale).into(),
        source: source(question),
        file: question.place.file.clone(),
        line: question.place.line,
        faults: vec![],
        kept: false,
    }
}
