//! A paper with what only trainers may see: the candidate's sheet with ids, keys and rationales beside it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    attempt::answer::letter,
    bank::{
        html::Html,
        points::Points,
        question::{Body, Kind, Question, QuestionId, Revision},
    },
    paper::{
        Paper, PaperQuestion, Questions,
        sheet::{Sheet, SheetMaterial, SheetQuestion},
    },
};

#[derive(Debug, Serialize)]
pub(super) struct KeyedSheet {
    pub(super) title: String,
    pub(super) points: Points,
    pub(super) questions: Vec<KeyedQuestion>,
    pub(super) materials: Vec<SheetMaterial>,
}

#[derive(Debug, Serialize)]
pub(super) struct KeyedQuestion {
    #[serde(flatten)]
    pub(super) shown: SheetQuestion,
    pub(super) id: QuestionId,
    pub(super) revision: Revision,
    pub(super) topic: String,
    pub(super) difficulty: u8,
    /// In the form of an answer: a letter, letters, accepted texts per blank, or the elements.
    pub(super) key: Value,
    /// HTML.
    pub(super) rationale: Html,
    /// 依据.
    pub(super) source: String,
    /// Plain texts, for formats that are not HTML.
    #[serde(skip)]
    pub(super) stem_text: String,
    #[serde(skip)]
    pub(super) choice_texts: Vec<String>,
}

pub(super) fn keyed(paper: &Paper, sheet: &Sheet, questions: &Questions) -> KeyedSheet {
    let each = paper.questions.iter().zip(&sheet.questions);
    KeyedSheet {
        title: sheet.title.clone(),
        points: sheet.points,
        questions: each
            .filter_map(|(asked, shown)| {
                let question = questions.get(&asked.revision)?;
                Some(KeyedQuestion {
                    shown: shown.clone(),
                    id: question.id.clone(),
                    revision: question.revision.clone(),
                    topic: question.topic.clone(),
                    difficulty: question.difficulty,
                    key: key(question, asked),
                    rationale: question.rationale.clone(),
                    source: format!("{}{}", question.source.document, question.source.clause),
                    stem_text: question.stem_text.clone(),
                    choice_texts: choice_texts(question, asked),
                })
            })
            .collect(),
        materials: sheet.materials.clone(),
    }
}

fn key(question: &Question, asked: &PaperQuestion) -> Value {
    match &question.body {
        Body::Choices(choices) => {
            let places = asked.order.iter().enumerate();
            let mut letters = places
                .filter(|(_, index)| choices.key.contains(index))
                .map(|(place, _)| letter(place));
            if choices.multiple {
                letters.collect()
            } else {
                letters.next().into()
            }
        }
        Body::Judgement { truth } => letter(usize::from(!truth)).into(),
        Body::Blanks(blanks) => json!(blanks.accepted),
        Body::Recall(recall) => recall
            .elements
            .iter()
            .filter_map(|element| element.sayings.first())
            .map(|saying| saying.text.clone())
            .collect(),
    }
}

fn choice_texts(question: &Question, asked: &PaperQuestion) -> Vec<String> {
    match &question.body {
        Body::Choices(choices) => asked
            .order
            .iter()
            .filter_map(|index| choices.choices.get(*index))
            .map(|choice| choice.text.clone())
            .collect(),
        Body::Judgement { .. } => vec!["正确".to_owned(), "错误".to_owned()],
        Body::Blanks(_) | Body::Recall(_) => vec![],
    }
}

impl KeyedQuestion {
    /// The key for people: `B`, `A、C`, `60；六十日内`.
    pub(super) fn key_text(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match &self.key {
            Value::Array(parts) if self.shown.kind == Kind::Blanks => parts
                .iter()
                .map(|ways| {
                    ways.as_array()
                        .and_then(|ways| ways.first())
                        .map(text)
                        .unwrap_or_default()
                })
                .collect::<Vec<_>>()
                .join("；"),
            Value::Array(parts) => {
                let parting = if self.shown.kind == Kind::Recall {
                    "；"
                } else {
                    ""
                };
                parts.iter().map(text).collect::<Vec<_>>().join(parting)
            }
            other => text(other),
        }
    }
}

/// A run of questions under one heading.
pub(super) struct Section<'a> {
    /// `一、单选题（共 18 题，每题 2 分）`.
    pub(super) heading: String,
    pub(super) questions: &'a [KeyedQuestion],
}

/// The paper's runs of one kind, material groups as one run at the end.
pub(super) fn sections(questions: &[KeyedQuestion]) -> Vec<Section<'_>> {
    let place = |question: &KeyedQuestion| match question.shown.material {
        Some(_) => None,
        None => Some(question.shown.kind),
    };
    questions
        .chunk_by(|a, b| place(a) == place(b))
        .enumerate()
        .map(|(number, run)| Section {
            heading: heading(number, place(&run[0]), run),
            questions: run,
        })
        .collect()
}

fn heading(number: usize, kind: Option<Kind>, run: &[KeyedQuestion]) -> String {
    let numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let name = kind.map_or("材料", Kind::chinese);
    let total: Points = run.iter().map(|question| question.shown.points).sum();
    let first = run[0].shown.points;
    let points = if run.iter().all(|question| question.shown.points == first) {
        format!("每题 {first} 分，共 {total} 分")
    } else {
        format!("共 {total} 分")
    };
    let numeral = numerals.get(number).copied().unwrap_or("");
    format!("{numeral}、{name}题（{} 题，{points}）", run.len())
}
