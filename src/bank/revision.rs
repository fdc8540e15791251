//! Content hashes: of what is asked and graded, of the rationale, of a whole bank. 32 hex digits of SHA-256.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::bank::{
    Bank,
    question::{Body, InForce, Question, Revision},
};

/// Fields with their lengths, so that moving a letter from one to the next changes the hash. Hashed in one go.
#[derive(Debug)]
struct Fields(Vec<u8>);

/// What most questions need.
const USUAL_BYTES: usize = 2_048;

impl Fields {
    fn of(what: &str) -> Fields {
        Fields(Vec::with_capacity(USUAL_BYTES)).text(what)
    }

    fn text(mut self, text: &str) -> Fields {
        self = self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    fn number(mut self, number: usize) -> Fields {
        self.0.extend_from_slice(&(number as u64).to_le_bytes());
        self
    }

    fn texts<'t>(self, texts: impl ExactSizeIterator<Item = &'t str>) -> Fields {
        let fields = self.number(texts.len());
        texts.fold(fields, Fields::text)
    }

    fn in_force(self, in_force: InForce) -> Fields {
        [in_force.from, in_force.until]
            .into_iter()
            .fold(self, |fields, day| match day {
                Some(day) => fields.text(&day.to_string()),
                None => fields.text(""),
            })
    }

    fn finish(self) -> Revision {
        Revision(of_bytes(&self.0))
    }
}

/// Stem, material, choices, key. Pictures count by their bytes, since markup names them by the hash of these.
pub(in crate::bank) fn of_question(question: &Question) -> Revision {
    let fields = Fields::of("question/1").text(question.stem.as_str());
    let fields = match &question.material {
        Some(material) => fields.text(&material.title).text(material.html.as_str()),
        None => fields.number(0),
    };
    of_body(fields, &question.body).finish()
}

fn of_body(fields: Fields, body: &Body) -> Fields {
    match body {
        Body::Choices(choices) => {
            let fields = fields
                .text("choices")
                .texts(choices.choices.iter().map(|choice| choice.html.as_str()))
                .number(usize::from(choices.multiple))
                .number(usize::from(choices.fixed_order))
                .number(choices.key.len());
            choices
                .key
                .iter()
                .fold(fields, |fields, index| fields.number(*index))
        }
        Body::Judgement { truth } => fields.text("judgement").number(usize::from(*truth)),
        Body::Blanks(blanks) => {
            let fields = fields
                .text("blanks")
                .number(usize::from(blanks.any_order))
                .number(blanks.accepted.len());
            blanks.accepted.iter().fold(fields, |fields, accepted| {
                fields.texts(accepted.iter().map(String::as_str))
            })
        }
        Body::Recall(recall) => {
            let fields = fields
                .text("recall")
                .number(usize::from(recall.ordered))
                .number(recall.elements.len());
            recall.elements.iter().fold(fields, |fields, element| {
                let fields = fields
                    .text(element.html.as_str())
                    .number(element.sayings.len());
                element.sayings.iter().fold(fields, |fields, saying| {
                    fields
                        .text(&saying.text)
                        .texts(saying.decisive.iter().map(String::as_str))
                })
            })
        }
    }
}

pub(in crate::bank) fn of_rationale(question: &Question) -> Revision {
    Fields::of("rationale/1")
        .text(question.rationale.as_str())
        .text(&question.source.document)
        .text(&question.source.clause)
        .finish()
}

/// Question revisions, topics, difficulties, posts, dates and blueprints; places and rationales do not count.
pub(in crate::bank) fn of_bank(bank: &Bank) -> Revision {
    let mut questions: Vec<&Question> = bank.questions.iter().map(Arc::as_ref).collect();
    questions.sort_by(|one, other| one.id.cmp(&other.id));
    let fields = Fields::of("bank/1").number(questions.len());
    let fields = questions.into_iter().fold(fields, |fields, question| {
        let material = question.material.as_ref();
        fields
            .text(&question.id.0)
            .text(&question.revision.0)
            .text(&question.topic)
            .text(&question.folder)
            .text(material.map_or("", |material| &material.id.0))
            .number(usize::from(question.difficulty))
            .number(question.purpose as usize)
            .texts(question.posts.iter().map(String::as_str))
            .in_force(question.in_force)
    });
    let fields = bank.posts.posts.iter().fold(fields, |fields, post| {
        fields
            .text(&post.name)
            .texts(post.aliases.iter().map(String::as_str))
            .text(&post.division)
    });
    let mut blueprints: Vec<String> = bank
        .blueprints
        .iter()
        .map(|blueprint| {
            let mut blueprint = blueprint.clone();
            blueprint.place = crate::bank::question::Place::default();
            serde_json::to_string(&blueprint).expect("a blueprint is plain data")
        })
        .collect();
    blueprints.sort();
    fields.texts(blueprints.iter().map(String::as_str)).finish()
}

pub(in crate::bank) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(hash: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    hash.iter()
        .take(16)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
