//! The examiner: chooses people, gets their questions in one go, sends what was ticked, ends with a sheet.

pub mod scored;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use serde_json::json;

use crate::{
    app::{
        App,
        memory::{Publication, seen_on},
        organizer::below,
        permission::is_person,
    },
    bank::{
        points::Points,
        question::{Question, QuestionId},
    },
    clock::{fresh, fresh_id, hex},
    contest::{
        round::Shown,
        spot_check::{
            self, Marks, PEOPLE_MAX, QUESTIONS_MAX, Sort, Step, Weight,
            draw::{Order, draw},
            event::Event,
            sheet::{PersonSheet, sheets},
        },
    },
    error::{Code, Error, Result},
    people::{Person, Role, Unit, permission::reaches},
    store::{
        Tx, people,
        spot_checks::{self, Examinee, Kept, SpotCheck, State},
        spot_events,
    },
};

/// The most steps of one request, and the longest comment in characters.
pub const STEPS_MAX: usize = 500;
pub const COMMENT_MAX: usize = 500;
const SEQ_MAX: i64 = 1_000_000_000_000;

/// What an examiner chose before the questions are drawn. In an event its rules stand for the last three.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub unit_id: String,
    pub event_id: Option<String>,
    /// In the order they are examined.
    pub person_ids: Vec<String>,
    pub questions: u32,
    pub sorts: Vec<Sort>,
    pub topics: Vec<String>,
}

/// A session with all that its pages show.
#[derive(Debug)]
pub struct View {
    pub check: SpotCheck,
    pub event: Option<Event>,
    pub people: Vec<Examinee>,
    pub publication: Arc<Publication>,
    pub marks: Marks,
    /// The highest number of a step so far.
    pub last_seq: i64,
    /// Its points count in the event.
    pub entered: bool,
    pub examiner: Person,
    pub unit_name: String,
}

impl View {
    /// The question behind a place; `None` where nothing was drawn.
    pub fn question(&self, person: u32, number: u32) -> Option<&Arc<Question>> {
        let examinee = self.people.get((person as usize).checked_sub(1)?)?;
        let drawn = examinee
            .questions
            .iter()
            .find(|each| each.number == number)?;
        self.publication.by_revision.get(&drawn.revision)
    }

    /// One sheet per person, in their order.
    pub fn sheets(&self) -> Result<Vec<PersonSheet>> {
        let drawn: Vec<_> = self
            .people
            .iter()
            .map(|each| each.questions.clone())
            .collect();
        let questions = &self.publication.by_revision;
        sheets(&drawn, questions, &self.marks, self.check.points)
            .map_err(|revision| Error::internal("抽到的题不在题库里", revision.0))
    }
}

/// What became of steps that were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Acknowledged {
    /// Every step of the request up to here is on disk, except those rejected.
    pub acknowledged: i64,
    pub rejected: Vec<Rejected>,
    /// The highest number in use: a step whose number was taken goes above it.
    pub highest: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rejected {
    pub seq: i64,
    pub code: &'static str,
}

impl App {
    /// The units whose people this actor may examine, and those people.
    pub async fn examinable(&self, actor: &str) -> Result<(Vec<Unit>, Vec<Person>)> {
        let mut tx = self.store.read().await?;
        let units = reach(&mut tx, actor).await?;
        let mut persons = people::persons(&mut tx).await?;
        persons.retain(|person| {
            let reached = units.iter().any(|unit| unit.id == person.unit_id);
            reached && !person.posts.is_empty() && person.id != actor
        });
        Ok((units, persons))
    }

    /// Draws for these people and begins: the session's id.
    pub async fn start_spot_check(&self, actor: &str, choice: &Choice) -> Result<String> {
        let barred = self.barred(actor, &choice.person_ids).await?;
        let live = self.live_bank().await?;
        let live = live.ok_or_else(|| Error::NotFound("题库".into()))?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let event = self.event_to_join(&mut tx, choice).await?;
        let mut examinees = match &event {
            Some(event) => scored::examinees(&mut tx, actor, event, choice).await?,
            None => trial_examinees(&mut tx, actor, choice).await?,
        };
        let seed = fresh::<32>();
        let (questions, sorts, topics) = match &event {
            Some(event) => (
                event.rules.questions,
                &event.rules.sorts,
                &event.rules.topics,
            ),
            None => (choice.questions, &choice.sorts, &choice.topics),
        };
        let order = Order {
            people: examinees
                .iter()
                .map(|each| (each.person_id.as_str(), each.post.as_str()))
                .collect(),
            each: within_bounds(questions)?,
            sorts,
            topics,
            day: self.clock.today(),
            weight: event.as_ref().map_or(Weight::Trial, |_| Weight::Scored),
            barred: &barred,
        };
        let drawn = draw(&live.bank.questions, &order, &seed).map_err(too_few)?;
        for (examinee, drawn) in examinees.iter_mut().zip(drawn) {
            examinee.questions = drawn;
        }
        let check = SpotCheck {
            id: fresh_id(now_ms),
            event_id: event.as_ref().map(|event| event.id.clone()),
            examiner_id: actor.to_owned(),
            unit_id: choice.unit_id.clone(),
            publication_id: live.id.clone(),
            seed: hex(&seed),
            state: State::Open,
            points: event.map_or(Points::ZERO, |event| event.rules.points),
            started_at_ms: now_ms,
            finished_at_ms: None,
        };
        if !spot_checks::add(&mut tx, &check, &examinees).await? {
            return Err(conflict("选的人里有人刚被别的评委抽走了，请重新选人"));
        }
        self.note_start(&mut tx, &check, &examinees).await?;
        tx.commit().await?;
        Ok(check.id)
    }

    /// Who begins sees keys: on record, question by question where it counts.
    async fn note_start(&self, tx: &mut Tx, check: &SpotCheck, people: &[Examinee]) -> Result<()> {
        let questions: usize = people.iter().map(|each| each.questions.len()).sum();
        let names: Vec<&str> = people.iter().map(|each| each.person_id.as_str()).collect();
        let detail = json!({ "spot_check": check.id, "spot_event": check.event_id, "persons": names, "questions": questions });
        let (actor, unit) = (check.examiner_id.as_str(), check.unit_id.as_str());
        self.log(tx, actor, "start-spot-check", unit, detail)
            .await?;
        if check.event_id.is_none() {
            return Ok(());
        }
        let ids: BTreeMap<&str, &QuestionId> = people
            .iter()
            .flat_map(|each| &each.questions)
            .map(|drawn| (drawn.id.0.as_str(), &drawn.id))
            .collect();
        let detail = json!({ "spot_check": check.id, "questions": ids.keys().collect::<Vec<_>>() });
        self.log(tx, actor, "look-at-keys", unit, detail).await
    }

    /// Questions on papers that are not released yet, of the examiner or of those examined. Who sits now gets no keys.
    async fn barred(&self, actor: &str, person_ids: &[String]) -> Result<HashSet<QuestionId>> {
        let mut barred = HashSet::new();
        let examined = person_ids.iter().take(PEOPLE_MAX).map(String::as_str);
        for person in examined.chain([actor]) {
            for mine in self.rounds_of(person).await? {
                if person == actor && mine.open_attempt.is_some() {
                    return Err(conflict("您有一份卷子还没有交，交卷以后再来抽问"));
                }
                if mine.hall.round.shown() < Shown::Keys {
                    barred.extend(seen_on(mine.attempts.iter().map(|each| &each.paper)));
                }
            }
        }
        Ok(barred)
    }

    /// The sessions this examiner began, newest first.
    pub async fn spot_checks_of(&self, actor: &str) -> Result<Vec<(SpotCheck, Vec<Examinee>)>> {
        let mut tx = self.store.read().await?;
        let mut found = Vec::new();
        for check in spot_checks::of_examiner(&mut tx, actor).await? {
            let people = spot_checks::people(&mut tx, &check.id).await?;
            found.push((check, people));
        }
        Ok(found)
    }

    /// A session, for its examiner and for organizers over its unit.
    pub async fn spot_check(&self, actor: &str, id: &str) -> Result<View> {
        let mut tx = self.store.read().await?;
        let check = spot_checks::find(&mut tx, known(id)?)
            .await?
            .ok_or_else(missing)?;
        if check.examiner_id != actor {
            let organized = self.reach(&mut tx, actor, Role::Organizer).await?;
            let event = self.event_of(&mut tx, &check).await?;
            let top = event.map_or(check.unit_id.clone(), |event| event.unit_id);
            if !organized.iter().any(|unit| unit.id == top) {
                return Err(missing());
            }
        }
        let steps = spot_checks::steps(&mut tx, id).await?;
        let event = self.event_of(&mut tx, &check).await?;
        let units = people::units(&mut tx).await?;
        let unit = units.into_iter().find(|unit| unit.id == check.unit_id);
        Ok(View {
            people: spot_checks::people(&mut tx, id).await?,
            publication: self.publication(&mut tx, &check.publication_id).await?,
            marks: spot_check::standing(&steps),
            last_seq: steps.last().map_or(0, |step| step.seq),
            entered: scored::is_entered(&mut tx, &check).await?,
            examiner: people::find_person(&mut tx, &check.examiner_id).await?,
            unit_name: unit.map_or_else(String::new, |unit| unit.name),
            check,
            event,
        })
    }

    /// The own session: nobody else ticks in it.
    pub async fn own_spot_check(&self, actor: &str, id: &str) -> Result<View> {
        let view = self.spot_check(actor, id).await?;
        if view.check.examiner_id == actor {
            Ok(view)
        } else {
            Err(missing())
        }
    }

    async fn event_of(&self, tx: &mut Tx, check: &SpotCheck) -> Result<Option<Event>> {
        match &check.event_id {
            Some(id) => spot_events::find(tx, id).await,
            None => Ok(None),
        }
    }

    /// Keeps what was ticked. The same step twice is harmless; when this returns, it is on disk.
    pub async fn keep_marks(&self, actor: &str, id: &str, steps: &[Step]) -> Result<Acknowledged> {
        if steps.len() > STEPS_MAX {
            let detail = format!("一次最多发 {STEPS_MAX} 步");
            return Err(Error::refused(Code::TooLarge, detail));
        }
        let view = self.own_spot_check(actor, id).await?;
        let mut kept = Acknowledged {
            highest: view.last_seq,
            ..Acknowledged::default()
        };
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let stays = (State::Open, State::Open);
        if !spot_checks::change_state(&mut tx, id, stays, None).await? {
            let detail = "这次抽问已经结束，没有记上。要补记，请在情况表上点“接着抽问”";
            return Err(Error::refused(Code::AttemptClosed, detail));
        }
        for step in steps {
            let code = match (fault(&view, step), step) {
                (Some(code), _) => Some(code),
                (None, step) => match spot_checks::add_step(&mut tx, id, step, now_ms).await? {
                    Kept::Yes => None,
                    Kept::SeqReused => Some(Code::SeqReused),
                },
            };
            match code {
                Some(code) => kept.rejected.push(Rejected {
                    seq: step.seq,
                    code: code.text(),
                }),
                None => kept.highest = kept.highest.max(step.seq),
            }
            kept.acknowledged = kept.acknowledged.max(step.seq);
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// Ends a session; ending it again is harmless.
    pub async fn finish_spot_check(&self, actor: &str, id: &str) -> Result<()> {
        let view = self.own_spot_check(actor, id).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let ends = (State::Open, State::Finished);
        if spot_checks::change_state(&mut tx, id, ends, Some(now_ms)).await? {
            let detail = json!({ "spot_check": id, "spot_event": view.check.event_id, "asked": view.marks.len() });
            self.log(
                &mut tx,
                actor,
                "finish-spot-check",
                &view.check.unit_id,
                detail,
            )
            .await?;
        }
        tx.commit().await
    }

    /// Opens a session again that was ended too early; not once its points count.
    pub async fn resume_spot_check(&self, actor: &str, id: &str) -> Result<()> {
        let view = self.own_spot_check(actor, id).await?;
        let mut tx = self.store.write().await?;
        if let Some(event) = &view.check.event_id {
            spot_events::lock(&mut tx, event).await?;
        }
        if scored::is_entered(&mut tx, &view.check).await? {
            return Err(conflict(
                "成绩已经计入，不能再改。要改，请主办单位先撤销计入",
            ));
        }
        let again = (State::Finished, State::Open);
        if spot_checks::change_state(&mut tx, id, again, None).await? {
            let detail = json!({ "spot_check": id, "spot_event": view.check.event_id });
            self.log(
                &mut tx,
                actor,
                "resume-spot-check",
                &view.check.unit_id,
                detail,
            )
            .await?;
        }
        tx.commit().await
    }
}

/// What is wrong with a step, if anything.
fn fault(view: &View, step: &Step) -> Option<Code> {
    let Some(question) = view.question(step.person, step.number) else {
        return Some(Code::BadStep);
    };
    let parts = spot_check::parts(question);
    let mark_fits = step.mark.as_ref().is_none_or(|mark| {
        let short = mark.comment.chars().count() <= COMMENT_MAX;
        short && !mark.comment.contains('\0') && mark.said.iter().all(|part| *part < parts)
    });
    (!mark_fits || !(1..=SEQ_MAX).contains(&step.seq)).then_some(Code::BadStep)
}

/// Over which units somebody may examine: as judge, organizer or trainer.
async fn reach(tx: &mut Tx, actor: &str) -> Result<Vec<Unit>> {
    let mut units = people::units(tx).await?;
    if is_person(actor) {
        let grants = people::grants_of(tx, actor).await?;
        let all = units.clone();
        units.retain(|unit| {
            [Role::Judge, Role::Organizer, Role::Trainer]
                .into_iter()
                .any(|role| reaches(&grants, role, &all, &unit.id))
        });
    }
    Ok(units)
}

async fn trial_examinees(tx: &mut Tx, actor: &str, choice: &Choice) -> Result<Vec<Examinee>> {
    let units = reach(tx, actor).await?;
    let persons = people::persons(tx).await?;
    let within = scope(&units, &choice.unit_id)?;
    let mut examinees = Vec::new();
    for id in wanted(choice)? {
        let person = persons
            .iter()
            .find(|person| person.id == *id && id != actor && !person.posts.is_empty())
            .filter(|person| within.contains(&person.unit_id.as_str()))
            .ok_or_else(|| Error::NotFound("选的人".into()))?;
        examinees.push(examinee(
            &units,
            person,
            &person.unit_id,
            person.main_post(),
        ));
    }
    Ok(examinees)
}

fn examinee(units: &[Unit], person: &Person, unit_id: &str, post: &str) -> Examinee {
    let unit = units.iter().find(|unit| unit.id == unit_id);
    Examinee {
        person_id: person.id.clone(),
        name: person.name.clone(),
        unit_id: unit_id.to_owned(),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        post: post.to_owned(),
        questions: vec![],
    }
}

/// The chosen unit and what is below it, as far as the examiner's right reaches.
fn scope<'a>(units: &'a [Unit], unit_id: &'a str) -> Result<Vec<&'a str>> {
    if units.iter().any(|unit| unit.id == unit_id) {
        Ok(below(units, unit_id))
    } else {
        Err(Error::NotFound("这个单位".into()))
    }
}

/// The chosen people, once each.
fn wanted(choice: &Choice) -> Result<Vec<&String>> {
    let mut seen = HashSet::new();
    let wanted: Vec<&String> = choice
        .person_ids
        .iter()
        .filter(|id| seen.insert(id.as_str()))
        .collect();
    match wanted.len() {
        0 => Err(bad("请先选人，一次最多 10 个人")),
        many if many > PEOPLE_MAX => Err(bad("一次最多抽 10 个人，请分两次")),
        _ => Ok(wanted),
    }
}

fn within_bounds(questions: u32) -> Result<u32> {
    if (1..=QUESTIONS_MAX).contains(&questions) {
        Ok(questions)
    } else {
        Err(bad("每人的题数要在 1 到 10 之间"))
    }
}

fn too_few(shortage: spot_check::draw::Shortage) -> Error {
    let post = match shortage.post.as_str() {
        "" => "没有岗位的人".to_owned(),
        post => format!("“{post}”"),
    };
    conflict(format!(
        "{post}现在只有 {} 道这样的题，不够每人 {} 道。请多选几种题型或几个专题，或减少题数",
        shortage.there, shortage.wanted
    ))
}

/// An id as this program makes them: whatever else stands in an address is nobody's.
fn known(id: &str) -> Result<&str> {
    let shaped = id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if shaped { Ok(id) } else { Err(missing()) }
}

fn missing() -> Error {
    Error::NotFound("这次抽问".into())
}

fn bad(detail: impl Into<String>) -> Error {
    Error::refused(Code::BadRequest, detail)
}

fn conflict(detail: impl Into<String>) -> Error {
    Error::refused(Code::Conflict, detail)
}
