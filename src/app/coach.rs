//! The coach: what somebody may practise, what they hold, where they left off. Private to the person; nobody else asks for it.

mod beginning;
mod going;
mod pack;
mod unit;

pub use self::{
    beginning::Wish,
    going::{ANSWERS_MAX, GivenAnswer, GoView, Taken, ToldAnswer},
    pack::PACK,
    unit::{HardQuestion, StudySheet, WeakTopics},
};

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;

use crate::{
    app::{App, memory::Publication},
    bank::{
        blueprint::Blueprint,
        question::{Kind, Question, QuestionId},
    },
    clock::{civil, fresh_id},
    contest::round::Shown,
    error::{Code, Error, Result},
    people::Person,
    practice::{
        card::{Answered, Card},
        shelf::{fits, may_practise},
    },
    store::{
        attempts::State,
        practice::{self, Mark},
    },
};

/// What one person may practise today, and how they stand.
#[derive(Debug)]
pub struct Shelf {
    pub publication: Arc<Publication>,
    pub cards: HashMap<QuestionId, Card>,
    /// The newest first.
    pub favourites: Vec<QuestionId>,
    /// Where somebody left off: id and title.
    pub unfinished: Option<(String, String)>,
    pub today: NaiveDate,
    posts: Vec<String>,
    barred: HashSet<QuestionId>,
}

impl Shelf {
    fn is_open(&self, question: &Question) -> bool {
        may_practise(question, self.today, |id| self.barred.contains(id))
    }

    /// Every question of the own posts that may be practised.
    pub fn own(&self) -> impl Iterator<Item = &Question> {
        let questions = self.publication.bank.questions.iter().map(Arc::as_ref);
        questions.filter(|question| self.is_open(question) && fits(question, &self.posts))
    }

    /// Questions that left the mistakes book or may not be practised any more are not in it; the least known first.
    pub fn mistakes(&self) -> Vec<(&Question, &Card)> {
        let questions = self.publication.bank.questions.iter().map(Arc::as_ref);
        let mut mistakes: Vec<(&Question, &Card)> = questions
            .filter(|question| self.is_open(question))
            .filter_map(|question| Some((question, self.cards.get(&question.id)?)))
            .filter(|(_, card)| card.is_mistake())
            .collect();
        mistakes.sort_by(|(_, one), (_, other)| {
            let known = |card: &Card| card.memory.known_on(self.today);
            known(one).total_cmp(&known(other))
        });
        mistakes
    }

    pub fn kept(&self) -> Vec<&Question> {
        let bank = &self.publication.bank;
        let kept = self.favourites.iter().filter_map(|id| bank.question(id));
        kept.filter(|question| self.is_open(question)).collect()
    }

    /// The own posts' topics, each with whether it has spoken questions.
    pub fn topics(&self) -> BTreeMap<&str, bool> {
        let mut topics = BTreeMap::new();
        for question in self.own() {
            *topics.entry(question.topic.as_str()).or_default() |= question.kind() == Kind::Recall;
        }
        topics
    }

    /// The blueprints of the own main post; those for everybody where it has none of its own.
    pub fn blueprints(&self) -> Vec<&Blueprint> {
        let post = self.posts.first().map_or("", String::as_str);
        let all = &self.publication.bank.blueprints;
        let own: Vec<&Blueprint> = all
            .iter()
            .filter(|blueprint| blueprint.posts.iter().any(|each| each == post))
            .collect();
        if own.is_empty() {
            all.iter()
                .filter(|blueprint| blueprint.posts.is_empty())
                .collect()
        } else {
            own
        }
    }
}

impl App {
    /// Refused while an own exam is open: practice shows keys.
    pub async fn shelf(&self, person: &Person) -> Result<Shelf> {
        let publication = self
            .live_bank()
            .await?
            .ok_or_else(|| Error::refused(Code::Conflict, "题库还没有发布，发布以后就能练"))?;
        let barred = self.barred(&person.id).await?;
        let mut tx = self.store.read().await?;
        let told = practice::told_to(&mut tx, &person.id).await?;
        let mut cards: HashMap<QuestionId, Card> = HashMap::new();
        for each in told {
            let answer = Answered {
                held: each.held,
                day: civil(each.given_at_ms).date_naive(),
            };
            let before = cards.get(&each.question).copied();
            cards.insert(each.question, Card::after(before, answer));
        }
        let posts = person.posts.iter();
        let known = |post: &String| publication.bank.posts.find(post).is_some();
        Ok(Shelf {
            posts: posts.filter(|post| known(post)).cloned().collect(),
            cards,
            favourites: practice::favourites(&mut tx, &person.id).await?,
            unfinished: practice::unfinished(&mut tx, &person.id).await?,
            today: self.clock.today(),
            barred,
            publication,
        })
    }

    /// The questions on own papers whose keys are not out yet. Refused while one of these papers is open.
    pub(in crate::app) async fn barred(&self, person_id: &str) -> Result<HashSet<QuestionId>> {
        let sat = practice::sat(&mut self.store.read().await?, person_id).await?;
        if sat.iter().any(|(_, state, _)| state == State::Open.text()) {
            return Err(exam_is_open());
        }
        let mut barred = HashSet::new();
        for (round_id, _, paper) in sat {
            if self.hall(&round_id).await?.round.shown() < Shown::Keys {
                barred.extend(paper.questions.into_iter().map(|asked| asked.id));
            }
        }
        Ok(barred)
    }

    /// Keeps a question among the favourites, or drops it.
    pub async fn mark_question(&self, person: &Person, id: &QuestionId, mark: Mark) -> Result<()> {
        let shelf = self.shelf(person).await?;
        let known = shelf.publication.bank.question(id);
        if !known.is_some_and(|question| shelf.is_open(question)) {
            return Err(Error::NotFound("这道题".into()));
        }
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        practice::add_mark(&mut tx, &fresh_id(now_ms), &person.id, id, &mark, now_ms).await?;
        tx.commit().await
    }

    /// 清空我的练习记录: answers, mistakes, favourites, all of it.
    pub async fn forget_practice(&self, person_id: &str) -> Result<()> {
        let mut tx = self.store.write().await?;
        practice::forget(&mut tx, person_id).await?;
        tx.commit().await
    }
}

fn exam_is_open() -> Error {
    Error::refused(
        Code::Conflict,
        "你有一场比武正在作答。交卷以后再来练：练习里会看到答案",
    )
}
