//! A go under way: answers in, feedback out. Practice tells each answer at once; a mock paper tells all of them at its end.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::Value;

use crate::{
    app::{
        App,
        memory::Publication,
        proctor::{Rejected, question_of},
    },
    attempt::{
        answer::{Answer, BadAnswer},
        behaviour::Behaviour,
    },
    bank::question::{Kind, Question},
    clock::fresh_id,
    error::{Code, Error, Result},
    grading::{QuestionGrade, grade_question},
    paper::PaperQuestion,
    people::Person,
    practice::{
        card::{Held, overruled},
        unit::{Tenths, Told, missed_by_others},
    },
    store::{
        Tx,
        practice::{self, Go, GoStep, Mark},
    },
};

/// The most answers of one request.
pub const ANSWERS_MAX: usize = 500;

/// An answer as a phone sends it. The same number twice is the same answer.
#[derive(Debug, Clone)]
pub struct GivenAnswer {
    pub seq: i64,
    /// Question number in the go, from 1.
    pub number: u32,
    /// The wire form of the exam.
    pub answer: Value,
    /// 口答 where nothing could listen: the elements, from 0, that the person checked as said. Then there is no `answer`.
    pub ticked: Vec<u32>,
    /// Unix milliseconds by the phone's clock; now where the phone says nothing or the future.
    pub given_at_ms: Option<i64>,
}

/// What became of the answers of one request.
#[derive(Debug)]
pub struct Taken {
    /// The highest number that is on disk, 0 where none is.
    pub acknowledged: i64,
    pub rejected: Vec<Rejected>,
}

/// A go as its person sees it.
#[derive(Debug)]
pub struct GoView {
    pub go: Go,
    pub publication: Arc<Publication>,
    pub now_ms: i64,
    /// What stands, by question number.
    pub given: BTreeMap<u32, Option<Answer>>,
    /// What has been told, by question number.
    pub told: BTreeMap<u32, ToldAnswer>,
    pub favourites: Vec<crate::bank::question::QuestionId>,
}

/// A graded answer.
#[derive(Debug, Clone)]
pub struct ToldAnswer {
    pub answer: Option<Answer>,
    pub grade: QuestionGrade,
    /// Elements whose miss was overruled, from 0.
    pub overruled: Vec<u32>,
}

impl App {
    /// Takes answers in the order given, each once. Tells nothing: that is `practice_go`'s business.
    pub async fn keep_practice(
        &self,
        person_id: &str,
        attempt_id: &str,
        given: &[GivenAnswer],
    ) -> Result<Taken> {
        if given.len() > ANSWERS_MAX {
            let detail = format!("一次最多传 {ANSWERS_MAX} 个答案");
            return Err(Error::refused(Code::TooLarge, detail));
        }
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let go = practice::find(&mut tx, attempt_id, person_id).await?;
        let over = go.deadline_at_ms.is_some_and(|deadline| now_ms > deadline);
        if go.behaviour == Behaviour::Exam && (over || go.finished_at_ms.is_some()) {
            return Err(Error::refused(Code::AttemptClosed, "这份模拟卷已经结束了"));
        }
        let publication = self.publication(&mut tx, &go.publication_id).await?;
        let mut steps = practice::steps(&mut tx, attempt_id).await?;
        let mut taken = Taken {
            acknowledged: 0,
            rejected: vec![],
        };
        for each in given {
            match step_of(&go, &publication, each, now_ms) {
                Ok(step) => {
                    let known = steps.iter().find(|known| known.seq == step.seq);
                    if known.is_some_and(|known| !is_same(known, &step)) {
                        taken.rejected.push(rejected(each.seq, Code::SeqReused));
                        continue;
                    }
                    taken.acknowledged = taken.acknowledged.max(step.seq);
                    if known.is_none() {
                        practice::add_step(&mut tx, &go, &step).await?;
                        for element in &each.ticked {
                            add_overrule(&mut tx, &go, &step, *element, now_ms).await?;
                        }
                        steps.push(step);
                    }
                }
                Err(code) => taken.rejected.push(rejected(each.seq, code)),
            }
        }
        let all = go.paper.questions.iter();
        let all = all
            .map(|asked| asked.number)
            .all(|number| steps.iter().any(|step| step.number == number));
        if go.behaviour == Behaviour::Practice && all {
            practice::finish(&mut tx, attempt_id, now_ms).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// One answer from a plain form. In practice a question is answered once: its number is the step's, so the form sent
    /// twice is one answer.
    pub async fn answer_practice(
        &self,
        person_id: &str,
        attempt_id: &str,
        number: u32,
        answer: Value,
    ) -> Result<Taken> {
        let mut tx = self.store.read().await?;
        let go = practice::find(&mut tx, attempt_id, person_id).await?;
        let steps = practice::steps(&mut tx, attempt_id).await?;
        drop(tx);
        let told = steps.iter().any(|step| step.number == number);
        if go.behaviour == Behaviour::Practice && told {
            return Ok(Taken {
                acknowledged: i64::from(number),
                rejected: vec![],
            });
        }
        let seq = match go.behaviour {
            Behaviour::Practice => i64::from(number),
            Behaviour::Exam => steps.last().map_or(0, |step| step.seq) + 1,
        };
        let given = GivenAnswer {
            seq,
            number,
            answer,
            ticked: vec![],
            given_at_ms: None,
        };
        self.keep_practice(person_id, attempt_id, &[given]).await
    }

    /// Ends a mock paper: what stands is graded and told, and joins what the person holds.
    pub async fn finish_mock(&self, person_id: &str, attempt_id: &str) -> Result<()> {
        let mut tx = self.store.write().await?;
        let go = practice::find(&mut tx, attempt_id, person_id).await?;
        let now_ms = self.clock.now_ms();
        let at_ms = go
            .deadline_at_ms
            .map_or(now_ms, |deadline| deadline.min(now_ms));
        if go.behaviour != Behaviour::Exam || !practice::finish(&mut tx, attempt_id, at_ms).await? {
            return Ok(());
        }
        let publication = self.publication(&mut tx, &go.publication_id).await?;
        for (number, step) in standing(&practice::steps(&mut tx, attempt_id).await?) {
            let Some((asked, question)) = question_of(&go.paper, number, &publication) else {
                continue;
            };
            if step.answer.is_some() {
                let grade = grade(asked, question, step.answer.as_ref());
                practice::set_held(&mut tx, attempt_id, step.seq, Held::of(&grade)).await?;
            }
        }
        tx.commit().await
    }

    /// The go with what may be told of it. Refused while an own exam is open; a mock paper whose time is over is ended first.
    pub async fn practice_go(&self, person: &Person, attempt_id: &str) -> Result<GoView> {
        self.barred(&person.id).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.read().await?;
        let mut go = practice::find(&mut tx, attempt_id, &person.id).await?;
        if go.finished_at_ms.is_none() && go.deadline_at_ms.is_some_and(|end| now_ms > end) {
            drop(tx);
            self.finish_mock(&person.id, attempt_id).await?;
            tx = self.store.read().await?;
            go = practice::find(&mut tx, attempt_id, &person.id).await?;
        }
        let publication = self.publication(&mut tx, &go.publication_id).await?;
        let steps = practice::steps(&mut tx, attempt_id).await?;
        let marks = practice::overruled(&mut tx, attempt_id).await?;
        let standing = standing(&steps);
        let may_tell = go.behaviour == Behaviour::Practice || go.finished_at_ms.is_some();
        let told = if may_tell {
            told(&go, &publication, &standing, &marks)
        } else {
            BTreeMap::new()
        };
        Ok(GoView {
            given: standing
                .iter()
                .map(|(number, step)| (*number, step.answer.clone()))
                .collect(),
            told,
            favourites: practice::favourites(&mut tx, &person.id).await?,
            go,
            publication,
            now_ms,
        })
    }

    /// How many others missed a question the first time: a share, from five others on.
    pub async fn missed_by_others(
        &self,
        person_id: &str,
        question: &Question,
    ) -> Result<Option<Tenths>> {
        let rows = practice::told_about(&mut self.store.read().await?, &question.id).await?;
        let told: Vec<Told<'_>> = rows.iter().map(crate::app::coach::unit::told).collect();
        Ok(missed_by_others(&told, person_id))
    }

    /// The person says that an element was said although it was not heard. Appended, and counted from now on.
    pub async fn overrule_miss(
        &self,
        person: &Person,
        attempt_id: &str,
        number: u32,
        element: u32,
    ) -> Result<()> {
        self.barred(&person.id).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let go = practice::find(&mut tx, attempt_id, &person.id).await?;
        let publication = self.publication(&mut tx, &go.publication_id).await?;
        let steps = practice::steps(&mut tx, attempt_id).await?;
        let nothing = || Error::NotFound("这个要点".into());
        let standing = standing(&steps);
        let step = standing
            .get(&number)
            .filter(|step| step.held.is_some())
            .ok_or_else(nothing)?;
        let (asked, question) = question_of(&go.paper, number, &publication).ok_or_else(nothing)?;
        let Some(said @ Answer::Said(_)) = &step.answer else {
            return Err(nothing());
        };
        let heard = grade(asked, question, Some(said));
        if element as usize >= heard.parts.len() {
            return Err(nothing());
        }
        let mut elements = practice::overruled(&mut tx, attempt_id).await?;
        let elements = elements.entry(step.seq).or_default();
        if !elements.contains(&element) {
            elements.push(element);
            add_overrule(&mut tx, &go, step, element, now_ms).await?;
            let held = Held::of(&overruled(&heard, elements));
            practice::set_held(&mut tx, attempt_id, step.seq, held).await?;
        }
        tx.commit().await
    }
}

/// On record that the person says this element of the step was said.
async fn add_overrule(
    tx: &mut Tx,
    go: &Go,
    step: &GoStep,
    element: u32,
    now_ms: i64,
) -> Result<()> {
    let mark = Mark::Overrule {
        attempt_id: go.id.clone(),
        seq: step.seq,
        element,
    };
    let id = fresh_id(now_ms);
    practice::add_mark(tx, &id, &go.person_id, &step.question, &mark, now_ms).await
}

/// Per question number the step of the highest number.
fn standing(steps: &[GoStep]) -> BTreeMap<u32, &GoStep> {
    steps.iter().map(|step| (step.number, step)).collect()
}

fn told(
    go: &Go,
    publication: &Publication,
    standing: &BTreeMap<u32, &GoStep>,
    marks: &HashMap<i64, Vec<u32>>,
) -> BTreeMap<u32, ToldAnswer> {
    let questions = go.paper.questions.iter();
    questions
        .filter_map(|asked| {
            let (asked, question) = question_of(&go.paper, asked.number, publication)?;
            let step = standing.get(&asked.number);
            // A mock paper that has ended tells what was left out as well.
            if step.is_none() && go.behaviour == Behaviour::Practice {
                return None;
            }
            let answer = step.and_then(|step| step.answer.clone());
            let overrules = step.and_then(|step| marks.get(&step.seq)).cloned();
            let overrules = overrules.unwrap_or_default();
            let heard = grade(asked, question, answer.as_ref());
            let told = ToldAnswer {
                grade: overruled(&heard, &overrules),
                overruled: overrules,
                answer,
            };
            Some((asked.number, told))
        })
        .collect()
}

fn grade(asked: &PaperQuestion, question: &Question, answer: Option<&Answer>) -> QuestionGrade {
    grade_question(question, answer, asked.points, asked.scoring, asked.number)
}

fn step_of(
    go: &Go,
    publication: &Publication,
    given: &GivenAnswer,
    now_ms: i64,
) -> std::result::Result<GoStep, Code> {
    if !(1..1 << 40).contains(&given.seq) {
        return Err(Code::BadStep);
    }
    let (asked, question) =
        question_of(&go.paper, given.number, publication).ok_or(Code::BadStep)?;
    let answer = Answer::from_wire(&given.answer, question, asked).map_err(|bad| match bad {
        BadAnswer::TooLong => Code::TooLarge,
        BadAnswer::Shape | BadAnswer::Nul => Code::BadStep,
    })?;
    let heard = grade(asked, question, answer.as_ref());
    let graded = if given.ticked.is_empty() {
        heard
    } else {
        let parts = heard.parts.len();
        let may_tick = question.kind() == Kind::Recall
            && go.behaviour == Behaviour::Practice
            && answer.is_none()
            && given.ticked.len() <= parts
            && given
                .ticked
                .iter()
                .all(|element| (*element as usize) < parts);
        if !may_tick {
            return Err(Code::BadStep);
        }
        overruled(&heard, &given.ticked)
    };
    let given_at_ms = given.given_at_ms.unwrap_or(now_ms);
    Ok(GoStep {
        seq: given.seq,
        number: given.number,
        question: question.id.clone(),
        held: (go.behaviour == Behaviour::Practice).then(|| Held::of(&graded)),
        answer,
        given_at_ms: given_at_ms.min(now_ms).max(go.started_at_ms),
        at_ms: now_ms,
    })
}

fn is_same(known: &GoStep, step: &GoStep) -> bool {
    known.number == step.number && known.answer == step.answer
}

fn rejected(seq: i64, code: Code) -> Rejected {
    Rejected {
        seq,
        code: code.text(),
    }
}
