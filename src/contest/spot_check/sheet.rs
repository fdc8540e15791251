//! 抽问情况表: per person and question what was said, what was missed, and where to read it.

use crate::{
    bank::{
        points::Points,
        question::{Body, Question, Revision},
    },
    contest::spot_check::{Drawn, Mark, Marks, Sort, grade},
    paper::Questions,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSheet {
    pub rows: Vec<Row>,
    pub points: Points,
    /// Of all questions together.
    pub full: Points,
    /// Every question was asked.
    pub complete: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub sort: Sort,
    pub topic: String,
    pub stem: String,
    /// The words of the key, part by part.
    pub said: Vec<String>,
    pub missed: Vec<String>,
    pub asked: bool,
    pub comment: String,
    pub points: Points,
    pub document: String,
    pub clause: String,
}

/// One sheet per person, or the first revision that `questions` lacks.
pub fn sheets(
    drawn: &[Vec<Drawn>],
    questions: &Questions,
    marks: &Marks,
    full: Points,
) -> Result<Vec<PersonSheet>, Revision> {
    let sheet = |(place, asked): (u32, &Vec<Drawn>)| {
        let rows = asked
            .iter()
            .map(|drawn| {
                let question = questions.get(&drawn.revision);
                let question = question.ok_or_else(|| drawn.revision.clone())?;
                let mark = marks.get(&(place, drawn.number));
                Ok(row(drawn.number, question, mark, full))
            })
            .collect::<Result<Vec<Row>, Revision>>()?;
        Ok(PersonSheet {
            points: rows.iter().map(|row| row.points).sum(),
            full: full * asked.len() as u32,
            complete: rows.iter().all(|row| row.asked),
            rows,
        })
    };
    (1..).zip(drawn).map(sheet).collect()
}

fn row(number: u32, question: &Question, mark: Option<&Mark>, full: Points) -> Row {
    let is_said = |place: &usize| mark.is_some_and(|mark| mark.said.contains(place));
    let (said, missed): (Vec<_>, Vec<_>) = part_texts(question)
        .into_iter()
        .enumerate()
        .partition(|(place, _)| is_said(place));
    let texts = |parts: Vec<(usize, String)>| parts.into_iter().map(|(_, text)| text).collect();
    Row {
        number,
        sort: Sort::of(question),
        topic: question.topic.clone(),
        stem: question.stem_text.clone(),
        said: texts(said),
        missed: texts(missed),
        asked: mark.is_some(),
        comment: mark.map_or_else(String::new, |mark| mark.comment.clone()),
        points: mark.map_or(Points::ZERO, |mark| grade(question, mark, full)),
        document: question.source.document.clone(),
        clause: question.source.clause.clone(),
    }
}

/// What should have been said, part by part.
pub fn part_texts(question: &Question) -> Vec<String> {
    match &question.body {
        Body::Recall(recall) => {
            let first = |element: &crate::bank::question::Element| {
                let saying = element.sayings.first();
                saying.map_or_else(String::new, |saying| saying.text.clone())
            };
            recall.elements.iter().map(first).collect()
        }
        Body::Blanks(blanks) => {
            let first = |texts: &Vec<String>| texts.first().cloned().unwrap_or_default();
            blanks.accepted.iter().map(first).collect()
        }
        Body::Choices(choices) => {
            let right = choices
                .key
                .iter()
                .filter_map(|key| choices.choices.get(*key));
            let texts: Vec<&str> = right.map(|choice| choice.text.as_str()).collect();
            vec![texts.join("；")]
        }
        Body::Judgement { truth } => vec![if *truth { "正确" } else { "错误" }.to_owned()],
    }
}
