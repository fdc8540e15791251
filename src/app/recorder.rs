//! The recorder: reads the log of acts for those who may, and says over which units somebody has a say.

pub mod conflicts;

use std::collections::{HashMap, HashSet};

use crate::{
    app::{App, organizer::below, recorder::conflicts::conflicted, registrar::SignedIn},
    error::Result,
    people::{Person, Role, Unit},
    store::{
        people,
        record::{self, Entry, Filter},
        rounds,
    },
};

/// The most entries of one page.
pub const PAGE_LENGTH: usize = 50;
/// How many are read at once while looking for those that may be shown.
const READ_LENGTH: usize = 400;

/// Some acts, newest first, with what is needed to say who and what they are about.
#[derive(Debug, Default)]
pub struct Log {
    pub entries: Vec<Entry>,
    /// There are older ones.
    pub more: bool,
    pub units: Vec<Unit>,
    pub persons: HashMap<String, Person>,
    /// Round → name.
    pub rounds: HashMap<String, String>,
    /// Acts of people who themselves sit in the round that it is about, or whose keys they looked at.
    pub conflicts: HashSet<String>,
}

/// What an organizer asks the log for.
#[derive(Debug, Clone, Default)]
pub struct Question {
    pub act: Option<String>,
    /// Ids that are nobody's (`program`), or those of people whose name contains this.
    pub actor: Actor,
    pub from_ms: Option<i64>,
    pub until_ms: Option<i64>,
    pub before: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Actor {
    #[default]
    Anybody,
    /// `command-line`, `program`, `demo`.
    Program(String),
    Named(String),
}

/// The units somebody has a say over.
#[derive(Debug)]
pub struct Reach {
    units: HashSet<String>,
    /// Also what belongs to no unit that can be told.
    whole: bool,
}

impl Reach {
    pub fn of(who: &SignedIn, units: &[Unit]) -> Reach {
        let granted: Vec<&str> = who
            .grants
            .iter()
            .filter(|(role, _)| *role == Role::Organizer)
            .map(|(_, unit)| unit.as_str())
            .collect();
        let tops = units.iter().filter(|unit| unit.parent_id.is_none());
        Reach {
            units: granted
                .iter()
                .flat_map(|unit| below(units, unit))
                .map(str::to_owned)
                .collect(),
            whole: tops
                .into_iter()
                .any(|top| granted.contains(&top.id.as_str())),
        }
    }

    pub fn covers(&self, unit_id: &str) -> bool {
        self.units.contains(unit_id)
    }
}

impl App {
    /// Whether this organizer has a say over the unit.
    pub async fn oversees(&self, who: &SignedIn, unit_id: &str) -> Result<bool> {
        let units = people::units(&mut self.store.read().await?).await?;
        Ok(Reach::of(who, &units).covers(unit_id))
    }

    /// Every act about one round, oldest first, for those who run it.
    pub async fn acts_about(&self, actor: &str, round_id: &str) -> Result<Vec<Entry>> {
        let mut tx = self.store.read().await?;
        self.must_run(&mut tx, actor, round_id).await?;
        record::acts_on(&mut tx, round_id).await
    }

    /// One page of the log: acts about units this organizer has a say over; what no unit can be told of, only for who
    /// has a say over a top one.
    pub async fn log_for(&self, who: &SignedIn, question: &Question) -> Result<Log> {
        let mut tx = self.store.read().await?;
        let units = people::units(&mut tx).await?;
        let persons = people::persons(&mut tx).await?;
        let rounds = rounds::all(&mut tx).await?;
        let reach = Reach::of(who, &units);
        let mut unit_of: HashMap<&str, &str> = HashMap::new();
        unit_of.extend(
            units
                .iter()
                .map(|unit| (unit.id.as_str(), unit.id.as_str())),
        );
        unit_of.extend(
            persons
                .iter()
                .map(|each| (each.id.as_str(), each.unit_id.as_str())),
        );
        unit_of.extend(
            rounds
                .iter()
                .map(|each| (each.id.as_str(), each.unit_id.as_str())),
        );
        let may_see = |entry: &Entry| match unit_of.get(entry.subject.as_str()) {
            Some(unit) => reach.covers(unit),
            None => reach.whole,
        };
        let mut filter = Filter {
            act: question.act.clone(),
            actors: actors(&question.actor, &persons),
            from_ms: question.from_ms,
            until_ms: question.until_ms,
            before: question.before.clone(),
        };
        let mut entries: Vec<Entry> = Vec::new();
        while entries.len() <= PAGE_LENGTH {
            let read = record::acts(&mut tx, &filter, READ_LENGTH).await?;
            let all = read.len() < READ_LENGTH;
            filter.before = read.last().map(|entry| entry.id.clone());
            entries.extend(read.into_iter().filter(may_see));
            if all {
                break;
            }
        }
        let more = entries.len() > PAGE_LENGTH;
        entries.truncate(PAGE_LENGTH);
        let now_ms = self.clock.now_ms();
        let conflicts = conflicted(&mut tx, &rounds, &entries, now_ms).await?;
        Ok(Log {
            entries,
            more,
            units,
            persons: persons
                .into_iter()
                .map(|each| (each.id.clone(), each))
                .collect(),
            rounds: rounds
                .into_iter()
                .map(|round| (round.id, round.name))
                .collect(),
            conflicts: conflicts.into_iter().collect(),
        })
    }
}

fn actors(actor: &Actor, persons: &[Person]) -> Option<Vec<String>> {
    match actor {
        Actor::Anybody => None,
        Actor::Program(id) => Some(vec![id.clone()]),
        Actor::Named(text) => Some(
            persons
                .iter()
                .filter(|person| person.name.contains(text.as_str()))
                .map(|person| person.id.clone())
                .collect(),
        ),
    }
}
