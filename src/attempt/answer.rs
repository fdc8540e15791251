//! What stands for a question, kept as indexes in the source's order, and its form on the wire (letters as shown).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bank::question::{Body, Question},
    paper::PaperQuestion,
};

/// The most characters of one text a phone may send.
pub const TEXT_LIMIT: usize = 4_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Indexes into the source's choices, ascending, without doubles. Judgement: 0 正确, 1 错误.
    Chosen(Vec<usize>),
    /// One text per blank, empty where nothing was written.
    Filled(Vec<String>),
    Said(String),
}

/// Why an answer cannot be one to this question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadAnswer {
    /// A letter beyond the choices, two letters for one choice, a list where one text belongs…
    Shape,
    /// Over `TEXT_LIMIT` characters.
    TooLong,
    /// U+0000, which PostgreSQL's JSON cannot hold.
    Nul,
}

impl Answer {
    /// Reads the wire form: `"B"`, `["A","C"]`, `["text", …]`, `"text"`; `null` and emptiness take the answer back.
    pub fn from_wire(
        wire: &Value,
        question: &Question,
        asked: &PaperQuestion,
    ) -> Result<Option<Answer>, BadAnswer> {
        let texts = wire_texts(wire)?;
        let answer = match &question.body {
            Body::Choices(choices) => {
                let mut chosen = texts
                    .iter()
                    .map(|letter| index_of(letter, &asked.order))
                    .collect::<Result<Vec<_>, _>>()?;
                chosen.sort_unstable();
                let given = chosen.len();
                chosen.dedup();
                if chosen.len() != given || (!choices.multiple && given > 1) {
                    return Err(BadAnswer::Shape);
                }
                Answer::Chosen(chosen)
            }
            Body::Judgement { .. } => match texts.as_slice() {
                [] => Answer::Chosen(vec![]),
                [letter] if letter == "A" => Answer::Chosen(vec![0]),
                [letter] if letter == "B" => Answer::Chosen(vec![1]),
                _ => return Err(BadAnswer::Shape),
            },
            Body::Blanks(blanks) => {
                if texts.len() > blanks.accepted.len() {
                    return Err(BadAnswer::Shape);
                }
                Answer::Filled(texts)
            }
            Body::Recall(_) => match texts.as_slice() {
                [] => Answer::Said(String::new()),
                [said] => Answer::Said(said.clone()),
                _ => return Err(BadAnswer::Shape),
            },
        };
        Ok((!answer.is_empty()).then_some(answer))
    }

    /// The wire form, letters as this paper shows them.
    pub fn to_wire(&self, question: &Question, asked: &PaperQuestion) -> Value {
        match (self, &question.body) {
            (Answer::Chosen(chosen), Body::Choices(choices)) => {
                let mut letters = chosen
                    .iter()
                    .filter_map(|index| asked.order.iter().position(|shown| shown == index))
                    .map(letter)
                    .collect::<Vec<_>>();
                letters.sort_unstable();
                if choices.multiple {
                    letters.into()
                } else {
                    letters.pop().into()
                }
            }
            (Answer::Chosen(chosen), _) => chosen.first().map(|index| letter(*index)).into(),
            (Answer::Filled(texts), _) => texts.clone().into(),
            (Answer::Said(text), _) => text.clone().into(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Answer::Chosen(chosen) => chosen.is_empty(),
            Answer::Filled(texts) => texts.iter().all(|text| text.trim().is_empty()),
            Answer::Said(text) => text.trim().is_empty(),
        }
    }
}

/// `A` for 0; papers have at most 26 choices a question.
pub fn letter(place: usize) -> String {
    char::from(b'A' + u8::try_from(place).unwrap_or(25).min(25)).to_string()
}

fn wire_texts(wire: &Value) -> Result<Vec<String>, BadAnswer> {
    let texts = match wire {
        Value::Null => vec![],
        Value::String(text) if text.is_empty() => vec![],
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or(BadAnswer::Shape))
            .collect::<Result<_, _>>()?,
        _ => return Err(BadAnswer::Shape),
    };
    if texts.iter().any(|text| text.contains('\0')) {
        return Err(BadAnswer::Nul);
    }
    if texts.iter().map(|text| text.chars().count()).sum::<usize>() > TEXT_LIMIT {
        return Err(BadAnswer::TooLong);
    }
    Ok(texts)
}

fn index_of(letter: &str, order: &[usize]) -> Result<usize, BadAnswer> {
    match letter.as_bytes() {
        [byte @ b'A'..=b'Z'] => order
            .get(usize::from(byte - b'A'))
            .copied()
            .ok_or(BadAnswer::Shape),
        _ => Err(BadAnswer::Shape),
    }
}
