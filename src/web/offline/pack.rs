//! The pack as JSON: every question with its key, and the addresses that the phone keeps beside it.

use serde_json::{Value, json};

use crate::{
    app::{memory::Publication, proctor::question_of},
    bank::question::{Body, Question},
    clock::rfc3339,
    paper::PaperQuestion,
    store::practice::Go,
    web::{
        assets,
        outcome::{asked_question, key_letters, source},
    },
};

/// What the two pages are made of.
const KEPT: [&str; 11] = [
    "app.css",
    "practice.css",
    "offline.css",
    "lookup.css",
    "phone.js",
    "offline.js",
    "check.js",
    "aloud.js",
    "lookup.js",
    "ranking.js",
    "icon.svg",
];

/// `lookup` is the address of the 查政策 pack.
pub(super) fn pack_json(
    go: &Go,
    publication: &Publication,
    topics: &[String],
    lookup: &str,
) -> Value {
    let questions: Vec<Value> = go
        .paper
        .questions
        .iter()
        .filter_map(|asked| question_of(&go.paper, asked.number, publication))
        .map(|(asked, question)| {
            question_json(
                asked,
                question,
                go.reasons.get(&question.id).map(String::as_str),
            )
        })
        .collect();
    let pages = ["/practice/offline".to_owned(), "/lookup".to_owned()];
    let assets = KEPT.iter().map(|name| assets::url(name));
    let keep: Vec<String> = pages
        .into_iter()
        .chain(assets)
        .chain([lookup.to_owned()])
        .collect();
    json!({
        "id": go.id,
        "at": rfc3339(go.started_at_ms),
        "topics": topics,
        "keep": keep,
        "questions": questions,
    })
}

fn question_json(asked: &PaperQuestion, question: &Question, why: Option<&str>) -> Value {
    let shown = asked_question(asked, question);
    let choices: Vec<Value> = shown
        .choices
        .iter()
        .map(|choice| json!({ "letter": choice.letter, "html": choice.html.0.as_str() }))
        .collect();
    let mut told = json!({
        "number": asked.number,
        "kind": question.kind(),
        "word": question.kind().chinese(),
        "topic": question.topic,
        "why": why,
        "material": question.material.as_ref().map(|material| material.html.as_str()),
        "stem": question.stem.as_str(),
        "choices": choices,
        "rationale": question.rationale.as_str(),
        "source": source(question),
    });
    match &question.body {
        Body::Choices(_) | Body::Judgement { .. } => {
            told["key"] = json!(key_letters(question, &asked.order));
        }
        Body::Blanks(blanks) => {
            told["accepted"] = json!(blanks.accepted);
            told["any_order"] = json!(blanks.any_order);
        }
        Body::Recall(recall) => {
            let elements = recall.elements.iter();
            let elements = elements.map(|element| json!({ "html": element.html.as_str() }));
            told["elements"] = elements.collect();
        }
    }
    told
}
