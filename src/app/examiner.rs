//! The examiner: chooses people, gets their questions in one go, sends what was ticked, ends with a sheet.

mod choosing;
mod entering;
mod forgetting;
pub mod marking;
pub mod own;
pub mod scored;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use serde_json::json;

use crate::{
    app::{
        App,
        examiner::choosing::{reach, too_few, trial_examinees, within_bounds},
        memory::Publication,
    },
    bank::{
        points::Points,
        question::{Question, QuestionId},
    },
    clock::{fresh, fresh_id, hex},
    contest::{
        round::Shown,
        spot_check::{
            self, Marks, PEOPLE_MAX, Sort, Weight,
            draw::{Order, draw},
            event::Event,
            sheet::{PersonSheet, sheets},
        },
    },
    error::{Code, Error, Result},
    people::{Person, Role, Unit},
    store::{
        Tx, attempts, people, practice,
        spot_checks::{self, Examinee, SpotCheck, State},
        spot_events,
    },
};

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
        let barred = self.kept_from(actor, &choice.person_ids).await?;
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
    async fn kept_from(&self, actor: &str, person_ids: &[String]) -> Result<HashSet<QuestionId>> {
        let examined = person_ids.iter().take(PEOPLE_MAX).map(String::as_str);
        let mut sat = Vec::new();
        let mut tx = self.store.read().await?;
        for person in examined.chain([actor]).filter(|id| known(id).is_ok()) {
            let papers = practice::sat(&mut tx, person).await?;
            let open = |(_, state, _): &(_, String, _)| state == attempts::State::Open.text();
            if person == actor && papers.iter().any(open) {
                return Err(conflict("你有一份卷子还没有交，交卷以后再来抽问"));
            }
            sat.extend(papers);
        }
        drop(tx);
        let mut kept = HashSet::new();
        for (round_id, _, paper) in sat {
            if self.hall(&round_id).await?.round.shown() < Shown::Keys {
                kept.extend(paper.questions.into_iter().map(|asked| asked.id));
            }
        }
        Ok(kept)
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
