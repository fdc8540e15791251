//! A paper as a candidate may see it: the wire form of the doors. No key, rationale, difficulty or source gets in here.

use serde::Serialize;

use crate::{
    bank::{
        html::Html,
        points::Points,
        question::{Body, Kind, Material, Question, QuestionId, Revision},
    },
    paper::{Paper, PaperQuestion, Questions},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    pub title: String,
    pub points: Points,
    pub questions: Vec<SheetQuestion>,
    pub materials: Vec<SheetMaterial>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetQuestion {
    /// From 1, in the order shown.
    pub number: u32,
    pub kind: Kind,
    pub points: Points,
    pub stem_html: Html,
    /// Number of the material it stands under.
    pub material: Option<u32>,
    /// As shown, shuffled; empty where nothing is chosen.
    pub choices: Vec<SheetChoice>,
    /// How many blanks; 0 in other kinds.
    pub blanks: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetChoice {
    pub letter: String,
    pub html: Html,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetMaterial {
    /// From 1, in the order shown.
    pub number: u32,
    pub html: Html,
}

/// The candidate's view of a paper, or the first revision that `questions` lacks.
pub fn sheet(paper: &Paper, questions: &Questions) -> Result<Sheet, Revision> {
    let mut materials: Vec<(QuestionId, SheetMaterial)> = vec![];
    let mut shown = Vec::with_capacity(paper.questions.len());
    for asked in &paper.questions {
        let question = questions
            .get(&asked.revision)
            .ok_or_else(|| asked.revision.clone())?;
        let material = question
            .material
            .as_ref()
            .map(|material| number_of(material, &mut materials));
        shown.push(SheetQuestion {
            number: asked.number,
            kind: question.kind(),
            points: asked.points,
            stem_html: question.stem.clone(),
            material,
            choices: choices(question, asked),
            blanks: match &question.body {
                Body::Blanks(blanks) => blanks.accepted.len(),
                Body::Choices(_) | Body::Judgement { .. } | Body::Recall(_) => 0,
            },
        });
    }
    Ok(Sheet {
        title: paper.blueprint.clone(),
        points: paper.total,
        questions: shown,
        materials: materials.into_iter().map(|(_, sheet)| sheet).collect(),
    })
}

fn number_of(material: &Material, known: &mut Vec<(QuestionId, SheetMaterial)>) -> u32 {
    if let Some((_, sheet)) = known.iter().find(|(id, _)| *id == material.id) {
        return sheet.number;
    }
    let number = known.len() as u32 + 1;
    let html = material.html.clone();
    known.push((material.id.clone(), SheetMaterial { number, html }));
    number
}

fn choices(question: &Question, asked: &PaperQuestion) -> Vec<SheetChoice> {
    let texts: Vec<Html> = match &question.body {
        Body::Choices(choices) => asked
            .order
            .iter()
            .filter_map(|index| choices.choices.get(*index))
            .map(|choice| choice.html.clone())
            .collect(),
        Body::Judgement { .. } => ["正确", "错误"].map(Html::escaped).into(),
        Body::Blanks(_) | Body::Recall(_) => vec![],
    };
    texts
        .into_iter()
        .enumerate()
        .map(|(place, html)| SheetChoice {
            letter: letter(place),
            html,
        })
        .collect()
}

/// `A` for the first place shown; papers have at most 26 choices a question.
fn letter(place: usize) -> String {
    char::from(b'A' + u8::try_from(place).unwrap_or(25).min(25)).to_string()
}
