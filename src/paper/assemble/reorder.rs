//! 同卷异序: the same questions for everybody, in another order and with the choices in another order.

use crate::{
    bank::question::{Body, Kind, Question, QuestionId},
    paper::{Paper, PaperQuestion, Questions, assemble::Chance},
};

/// A run of questions that are shuffled among themselves, as blocks: single questions, or material groups kept whole.
struct Section {
    kind: Option<Kind>,
    blocks: Vec<Vec<PaperQuestion>>,
}

/// The paper in the order of this seed. Sections stay where they are, a material's questions together and in order;
/// points, scoring and revisions stay with their questions. A question missing from `questions` keeps its choices' order.
pub fn reorder(paper: &Paper, questions: &Questions, seed: &[u8; 32]) -> Paper {
    let mut chance = Chance::from_seed(seed);
    let mut reordered = Vec::with_capacity(paper.questions.len());
    for mut section in sections(paper, questions) {
        chance.shuffle(&mut section.blocks);
        for mut asked in section.blocks.into_iter().flatten() {
            let question = questions.get(&asked.revision);
            if question.is_some_and(|question| shuffles(question)) {
                // From the source's order, so that the outcome hangs on the seed alone.
                asked.order.sort_unstable();
                chance.shuffle(&mut asked.order);
            }
            asked.number = reordered.len() as u32 + 1;
            reordered.push(asked);
        }
    }
    Paper {
        questions: reordered,
        ..paper.clone()
    }
}

fn shuffles(question: &Question) -> bool {
    matches!(&question.body, Body::Choices(choices) if !choices.fixed_order)
}

fn sections(paper: &Paper, questions: &Questions) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![];
    let mut last_material: Option<&QuestionId> = None;
    for asked in &paper.questions {
        let question = questions.get(&asked.revision);
        let material = question
            .and_then(|question| question.material.as_ref())
            .map(|material| &material.id);
        let kind = match material {
            Some(_) => None,
            None => question.map(|question| question.kind()),
        };
        match sections.last_mut() {
            Some(section) if section.kind == kind => match section.blocks.last_mut() {
                Some(block) if material.is_some() && material == last_material => {
                    block.push(asked.clone());
                }
                _ => section.blocks.push(vec![asked.clone()]),
            },
            _ => sections.push(Section {
                kind,
                blocks: vec![vec![asked.clone()]],
            }),
        }
        last_material = material;
    }
    sections
}
