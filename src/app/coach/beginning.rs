//! A new go: which questions, why each, in which order; or a mock paper by the own post's blueprint.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::{App, coach::Shelf},
    attempt::behaviour::Behaviour,
    bank::{
        blueprint::{Asks, Scoring},
        points::Points,
        question::{Body, Kind, Question, QuestionId},
    },
    clock::{fresh, fresh_id},
    error::{Code, Error, Result},
    paper::{
        Paper, PaperQuestion,
        assemble::{ASSEMBLY_VERSION, Assembler, History, Use, reorder},
    },
    people::Person,
    practice::choose::{Candidate, choose},
    store::practice::{self, Go},
};

/// Questions in one go.
const TEN: usize = 10;
/// Spoken questions in one go: each takes a minute or two.
const SPOKEN: usize = 3;

/// What somebody wants to practise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Ten,
    Topic(String),
    Mistakes,
    Favourites,
    Spoken,
    /// A mock paper by this blueprint.
    Mock(String),
}

/// Questions in the order chosen, each with its reason in Chinese.
pub(super) type Chosen = Vec<(QuestionId, &'static str)>;

impl App {
    /// Begins a go; says its id.
    pub async fn begin_practice(&self, person: &Person, wish: &Wish) -> Result<String> {
        let shelf = self.shelf(person).await?;
        let seed = fresh::<32>();
        let now_ms = self.clock.now_ms();
        let (title, paper, reasons, limit_seconds) = match wish {
            Wish::Mock(name) => {
                let (paper, limit_seconds) = mock(&shelf, name, &seed)?;
                (name.clone(), paper, HashMap::new(), Some(limit_seconds))
            }
            wish => {
                let (title, chosen) = choose_for(&shelf, wish, &seed)?;
                let paper = paper(&shelf, &title, &chosen, &seed);
                let reasons = chosen.into_iter();
                let reasons = reasons.map(|(id, why)| (id, why.to_owned())).collect();
                (title, paper, reasons, None)
            }
        };
        let go = Go {
            id: fresh_id(now_ms),
            person_id: person.id.clone(),
            behaviour: match limit_seconds {
                Some(_) => Behaviour::Exam,
                None => Behaviour::Practice,
            },
            title,
            publication_id: shelf.publication.id.clone(),
            paper,
            reasons,
            started_at_ms: now_ms,
            deadline_at_ms: limit_seconds.map(|seconds| now_ms + i64::from(seconds) * 1000),
            finished_at_ms: None,
        };
        let mut tx = self.store.write().await?;
        practice::add(&mut tx, &go).await?;
        tx.commit().await?;
        Ok(go.id)
    }
}

fn choose_for(shelf: &Shelf, wish: &Wish, seed: &[u8; 32]) -> Result<(String, Chosen)> {
    let chosen_from = |of: &dyn Fn(&Question) -> bool, wanted| -> Chosen {
        let candidates: Vec<Candidate<'_>> = shelf
            .own()
            .filter(|question| of(question))
            .map(|question| candidate(shelf, question))
            .collect();
        let picks = choose(&candidates, shelf.today, seed, wanted);
        let why = picks.into_iter();
        why.map(|pick| (pick.id, pick.why.chinese())).collect()
    };
    let (title, chosen, nothing) = match wish {
        Wish::Topic(topic) => (
            topic.as_str(),
            chosen_from(&|question| question.topic == *topic, TEN),
            "这个专题现在没有能练的题",
        ),
        Wish::Mistakes => {
            let mistakes = shelf.mistakes().into_iter().take(TEN);
            let chosen = mistakes.map(|(question, _)| (question.id.clone(), "错题"));
            ("错题本", chosen.collect(), "错题本是空的，没有要补的题")
        }
        Wish::Favourites => {
            let kept = shelf.kept();
            let kept: Vec<_> = kept
                .into_iter()
                .map(|each| candidate(shelf, each))
                .collect();
            let picks = choose(&kept, shelf.today, seed, TEN).into_iter();
            let chosen = picks.map(|pick| (pick.id, "收藏"));
            ("收藏", chosen.collect(), "还没有收藏题目")
        }
        Wish::Spoken => (
            "口答",
            chosen_from(&|question| question.kind() == Kind::Recall, SPOKEN),
            "现在没有能练的口答题",
        ),
        Wish::Ten | Wish::Mock(_) => ("练十题", chosen_from(&|_| true, TEN), "现在没有能练的题"),
    };
    if chosen.is_empty() {
        return Err(Error::refused(Code::Conflict, nothing));
    }
    Ok((title.to_owned(), chosen))
}

pub(super) fn candidate<'a>(shelf: &'a Shelf, question: &'a Question) -> Candidate<'a> {
    Candidate {
        id: &question.id,
        topic: &question.topic,
        kind: question.kind(),
        card: shelf.cards.get(&question.id),
    }
}

/// The chosen questions as a paper, without points, the choices in an order of this go.
pub(super) fn paper(shelf: &Shelf, title: &str, chosen: &Chosen, seed: &[u8; 32]) -> Paper {
    let bank = &shelf.publication.bank;
    let questions = chosen.iter().filter_map(|(id, _)| bank.question(id));
    let asked = |(place, question): (usize, &Question)| PaperQuestion {
        number: place as u32 + 1,
        id: question.id.clone(),
        revision: question.revision.clone(),
        points: Points::ZERO,
        scoring: Scoring::default_of(Asks::Kind(question.kind())),
        order: match &question.body {
            Body::Choices(choices) => (0..choices.choices.len()).collect(),
            Body::Judgement { .. } | Body::Blanks(_) | Body::Recall(_) => vec![],
        },
    };
    let paper = Paper {
        blueprint: title.to_owned(),
        assembly_version: ASSEMBLY_VERSION,
        total: Points::ZERO,
        questions: questions.enumerate().map(asked).collect(),
    };
    reorder(&paper, &shelf.publication.by_revision, seed)
}

/// A paper as the exam would draw it, of questions that may be practised; with its limit in seconds.
fn mock(shelf: &Shelf, name: &str, seed: &[u8; 32]) -> Result<(Paper, u32)> {
    let blueprint = shelf
        .blueprints()
        .into_iter()
        .find(|blueprint| blueprint.name == name)
        .ok_or_else(|| Error::NotFound(format!("组卷方案“{name}”")))?;
    let open: Vec<Arc<Question>> = shelf
        .publication
        .bank
        .questions
        .iter()
        .filter(|question| shelf.is_open(question))
        .cloned()
        .collect();
    let post = shelf.posts.first().map(String::as_str);
    let assembler = Assembler::new(&open, blueprint, post, shelf.today, Use::Practice);
    let assembler = assembler.map_err(|shortages| {
        let short: Vec<String> = shortages.iter().map(ToString::to_string).collect();
        let detail = format!("能练的题不够出一份“{name}”：{}", short.join("；"));
        Error::refused(Code::Conflict, detail)
    })?;
    let history = History {
        seen: shelf.cards.keys().cloned().collect(),
        ..History::default()
    };
    let paper = assembler.assemble(seed, &history);
    Ok((paper, blueprint.limit_seconds))
}
