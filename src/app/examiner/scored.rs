//! 计分抽问: organizers make an event, take finished sessions into it or out of it again, and read its board.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::{
    app::{
        App,
        examiner::{
            Choice, View, bad,
            choosing::{examinee, reach, scope, wanted, within_bounds},
            conflict, known,
        },
    },
    bank::points::Points,
    clock::fresh_id,
    contest::{
        board::Board,
        round::Entrant,
        spot_check::{
            event::{self, Entry, Event, EventRules},
            same_house,
        },
    },
    error::{Error, Result},
    people::{Person, Role, Unit},
    store::{
        Tx, people,
        spot_checks::{self, Examinee, SpotCheck},
        spot_events,
    },
};

/// The most points of one question.
const POINTS_MAX: Points = Points::whole(100);
const NAME_MAX: usize = 60;
pub(super) const REASON_MAX: usize = 200;

/// An event as its organizers see it.
#[derive(Debug)]
pub struct EventView {
    pub event: Event,
    pub unit_name: String,
    pub entrants: Vec<Entrant>,
    pub entries: Vec<Entry>,
    pub board: Board,
    /// Its sessions, oldest first, void ones too.
    pub checks: Vec<View>,
    /// Person → name, of whoever made an entry.
    pub names: HashMap<String, String>,
}

impl App {
    /// Makes an event: everybody of the unit and below whose division is to be examined.
    pub async fn create_spot_event(
        &self,
        actor: &str,
        name: &str,
        unit_id: &str,
        rules: EventRules,
    ) -> Result<String> {
        let name = clean(name, NAME_MAX).ok_or_else(|| bad("请写名称，60 个字以内"))?;
        within_bounds(rules.questions)?;
        if rules.points <= Points::ZERO || rules.points > POINTS_MAX {
            return Err(bad("每题的分值要在 0 到 100 之间，最多两位小数"));
        }
        if rules.sorts.is_empty() {
            return Err(bad("请至少选一种题型"));
        }
        let live = self.live_bank().await?;
        let live = live.ok_or_else(|| Error::NotFound("题库".into()))?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let within = scope(&reach, unit_id)?;
        let division = |person: &Person| {
            let post = live.bank.posts.find(person.main_post());
            post.map_or_else(|| "其他".to_owned(), |post| post.division.clone())
        };
        let persons = people::persons(&mut tx).await?;
        let entrants: Vec<Entrant> = persons
            .iter()
            .filter(|person| within.contains(&person.unit_id.as_str()) && !person.posts.is_empty())
            .filter(|person| {
                rules.divisions.is_empty() || rules.divisions.contains(&division(person))
            })
            .map(|person| entrant(person, division(person)))
            .collect();
        if entrants.is_empty() {
            return Err(conflict("这个单位里没有这些组别的人，请换单位或组别"));
        }
        let event = Event {
            id: fresh_id(now_ms),
            name,
            unit_id: unit_id.to_owned(),
            rules,
            created_at_ms: now_ms,
            closed_at_ms: None,
        };
        spot_events::add(&mut tx, &event, &entrants, actor).await?;
        let detail = json!({ "spot_event": event.id, "name": event.name, "rules": event.rules, "entrants": entrants.len() });
        self.log(&mut tx, actor, "create-spot-event", unit_id, detail)
            .await?;
        tx.commit().await?;
        Ok(event.id)
    }

    /// The events in which this examiner may still examine somebody, with those people, newest first.
    pub async fn spot_events_to_examine(&self, actor: &str) -> Result<Vec<(Event, Vec<Entrant>)>> {
        let mut tx = self.store.read().await?;
        let mut found = Vec::new();
        for event in spot_events::all(&mut tx).await? {
            if event.closed_at_ms.is_none() {
                let open = still_to_examine(&mut tx, actor, &event).await?;
                if !open.is_empty() {
                    found.push((event, open));
                }
            }
        }
        Ok(found)
    }

    /// The events of the units this organizer runs, newest first.
    pub async fn spot_events_run_by(&self, actor: &str) -> Result<Vec<Event>> {
        let mut tx = self.store.read().await?;
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let mut events = spot_events::all(&mut tx).await?;
        events.retain(|event| reach.iter().any(|unit| unit.id == event.unit_id));
        Ok(events)
    }

    pub async fn spot_event(&self, actor: &str, id: &str) -> Result<EventView> {
        let mut tx = self.store.read().await?;
        let event = self.must_run_event(&mut tx, actor, id).await?;
        let entrants = spot_events::entrants(&mut tx, id).await?;
        let entries = spot_events::entries(&mut tx, id).await?;
        let checks = spot_checks::of_event(&mut tx, id).await?;
        let units = people::units(&mut tx).await?;
        let names = people::persons(&mut tx).await?;
        drop(tx);
        let mut views = Vec::with_capacity(checks.len());
        for check in checks {
            views.push(self.spot_check(actor, &check.id).await?);
        }
        let unit = units.into_iter().find(|unit| unit.id == event.unit_id);
        Ok(EventView {
            board: event::board(&entrants, &entries, &event.rules),
            unit_name: unit.map_or_else(String::new, |unit| unit.name),
            names: names.into_iter().map(|each| (each.id, each.name)).collect(),
            checks: views,
            event,
            entrants,
            entries,
        })
    }

    /// Notes approved leave, which leaves the number of those to be examined, or takes it back.
    pub async fn turn_spot_leave(
        &self,
        actor: &str,
        id: &str,
        person_id: &str,
        reason: &str,
    ) -> Result<()> {
        let reason = clean(reason, REASON_MAX).ok_or_else(needs_reason)?;
        let mut tx = self.store.write().await?;
        let event = self.must_run_event(&mut tx, actor, id).await?;
        spot_events::lock(&mut tx, id).await?;
        let entries = spot_events::entries(&mut tx, id).await?;
        if event::counting(&entries).contains_key(person_id) {
            return Err(conflict("这个人的成绩已经计入，不能登记请假"));
        }
        let known = person_id.len() == 26 && person_id.is_ascii() && !person_id.contains('\0');
        if !known || !spot_events::turn_leave(&mut tx, id, person_id).await? {
            return Err(Error::NotFound("这个人".into()));
        }
        let detail = json!({ "spot_event": id, "person": person_id, "reason": reason });
        self.log(&mut tx, actor, "set-spot-leave", &event.unit_id, detail)
            .await?;
        tx.commit().await
    }

    /// Nobody is examined any more; closing again is harmless.
    pub async fn close_spot_event(&self, actor: &str, id: &str) -> Result<()> {
        let mut tx = self.store.write().await?;
        let event = self.must_run_event(&mut tx, actor, id).await?;
        if spot_events::close(&mut tx, id, self.clock.now_ms()).await? {
            let detail = json!({ "spot_event": id, "name": event.name });
            self.log(&mut tx, actor, "close-spot-event", &event.unit_id, detail)
                .await?;
        }
        tx.commit().await
    }

    pub(super) async fn must_run_event(&self, tx: &mut Tx, actor: &str, id: &str) -> Result<Event> {
        let none = || Error::NotFound("这场抽问".into());
        let id = known(id).map_err(|_| none())?;
        let event = spot_events::find(tx, id).await?.ok_or_else(none)?;
        let reach = self.reach(tx, actor, Role::Organizer).await?;
        let runs = reach.iter().any(|unit| unit.id == event.unit_id);
        if runs { Ok(event) } else { Err(none()) }
    }

    /// The event a session is to count in, if any; locked, and not closed.
    pub(super) async fn event_to_join(
        &self,
        tx: &mut Tx,
        choice: &Choice,
    ) -> Result<Option<Event>> {
        let Some(id) = &choice.event_id else {
            return Ok(None);
        };
        let none = || Error::NotFound("这场抽问".into());
        let id = known(id).map_err(|_| none())?;
        spot_events::lock(tx, id).await?;
        let event = spot_events::find(tx, id).await?.ok_or_else(none)?;
        match event.closed_at_ms {
            Some(_) => Err(conflict("这场抽问已经结束，不能再抽人")),
            None => Ok(Some(event)),
        }
    }
}

/// The chosen people of an event: within reach, not examined yet, not on leave, not of the examiner's own house.
pub(super) async fn examinees(
    tx: &mut Tx,
    actor: &str,
    event: &Event,
    choice: &Choice,
) -> Result<Vec<Examinee>> {
    let units = reach(tx, actor).await?;
    let within = scope(&units, &choice.unit_id)?;
    let open = still_to_examine(tx, actor, event).await?;
    let persons = people::persons(tx).await?;
    let mut examinees = Vec::new();
    for id in wanted(choice)? {
        let entrant = open
            .iter()
            .find(|entrant| entrant.person_id == *id && within.contains(&entrant.unit_id.as_str()));
        let person = persons.iter().find(|person| person.id == *id);
        let (Some(entrant), Some(person)) = (entrant, person) else {
            return Err(conflict(
                "选的人里有人不能抽：不在这场名单里、已经抽过、请了假，或与你同单位（要回避）。请重新选人",
            ));
        };
        examinees.push(examinee(&units, person, &entrant.unit_id, &entrant.post));
    }
    Ok(examinees)
}

async fn still_to_examine(tx: &mut Tx, actor: &str, event: &Event) -> Result<Vec<Entrant>> {
    let reached = reach(tx, actor).await?;
    let all: Vec<Unit> = people::units(tx).await?;
    let own = people::find_person(tx, actor).await?.unit_id;
    let taken: HashSet<String> = spot_checks::claimed(tx, &event.id)
        .await?
        .into_iter()
        .collect();
    let mut entrants = spot_events::entrants(tx, &event.id).await?;
    entrants.retain(|entrant| {
        reached.iter().any(|unit| unit.id == entrant.unit_id)
            && !entrant.on_leave
            && !entrant.name.is_empty()
            && !taken.contains(&entrant.person_id)
            && !same_house(&all, &own, &entrant.unit_id)
    });
    Ok(entrants)
}

fn entrant(person: &Person, division: String) -> Entrant {
    Entrant {
        person_id: person.id.clone(),
        name: person.name.clone(),
        unit_id: person.unit_id.clone(),
        unit_name: String::new(),
        post: person.main_post().to_owned(),
        division,
        on_leave: false,
        late: false,
        extension_ms: 0,
    }
}

/// Whether points of this session count now.
pub(super) async fn is_entered(tx: &mut Tx, check: &SpotCheck) -> Result<bool> {
    let Some(event) = &check.event_id else {
        return Ok(false);
    };
    let entries = spot_events::entries(tx, event).await?;
    let counting = event::counting(&entries);
    Ok(counting.values().any(|entry| entry.check_id == check.id))
}

/// Trimmed, without control characters; `None` where nothing is left or it is too long.
pub(super) fn clean(text: &str, most: usize) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most;
    fits.then(|| text.to_owned())
}

pub(super) fn needs_reason() -> Error {
    bad("请写原因，200 个字以内")
}
