//! 计分台账 of an event: points of finished sessions are taken in, or reversed, or a session is declared void.

use serde_json::json;

use crate::{
    app::{
        App,
        examiner::{
            View, conflict, missing,
            scored::{REASON_MAX, clean, is_entered, needs_reason},
        },
    },
    bank::points::Points,
    clock::fresh_id,
    contest::spot_check::event::{self, Entry, Event},
    error::Result,
    store::{
        spot_checks::{self, State},
        spot_events,
    },
};

impl App {
    /// Takes the points of everybody in a finished session who was asked everything into its event.
    pub async fn enter_spot_check(&self, actor: &str, id: &str, reason: &str) -> Result<()> {
        let (view, event) = self.must_run_check(actor, id).await?;
        let reason = clean(reason, REASON_MAX).unwrap_or_else(|| "现场抽问".to_owned());
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        spot_events::lock(&mut tx, &event.id).await?;
        let stays = (State::Finished, State::Finished);
        if !spot_checks::change_state(&mut tx, id, stays, view.check.finished_at_ms).await? {
            return Err(conflict("这次抽问还没有结束，或已经作废，不能计入"));
        }
        let entries = spot_events::entries(&mut tx, &event.id).await?;
        let counting = event::counting(&entries);
        let mut entered = Vec::new();
        for (person, sheet) in view.people.iter().zip(view.sheets()?) {
            if !sheet.complete || counting.contains_key(person.person_id.as_str()) {
                continue;
            }
            let entry = Entry {
                id: fresh_id(now_ms),
                check_id: id.to_owned(),
                person_id: person.person_id.clone(),
                points: sheet.points,
                reverses: None,
                actor: actor.to_owned(),
                at_ms: now_ms,
                reason: reason.clone(),
            };
            spot_events::add_entry(&mut tx, &event.id, &entry).await?;
            entered.push(json!({ "person": entry.person_id, "points": entry.points }));
        }
        if entered.is_empty() {
            return Err(conflict("没有可以计入的人：题没有问完，或已经计入"));
        }
        let detail = json!({ "spot_check": id, "spot_event": event.id, "entered": entered, "reason": reason });
        self.log(&mut tx, actor, "enter-spot-check", &event.unit_id, detail)
            .await?;
        tx.commit().await
    }

    /// Takes the points of a session out of its event again: a reversal per entry, with the reason.
    pub async fn reverse_spot_check(&self, actor: &str, id: &str, reason: &str) -> Result<()> {
        let (_, event) = self.must_run_check(actor, id).await?;
        let reason = clean(reason, REASON_MAX).ok_or_else(needs_reason)?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        spot_events::lock(&mut tx, &event.id).await?;
        let entries = spot_events::entries(&mut tx, &event.id).await?;
        let mut reversed = Vec::new();
        for entry in event::counting(&entries)
            .values()
            .filter(|entry| entry.check_id == id)
        {
            let reversal = Entry {
                id: fresh_id(now_ms),
                points: Points::ZERO - entry.points,
                reverses: Some(entry.id.clone()),
                actor: actor.to_owned(),
                at_ms: now_ms,
                reason: reason.clone(),
                ..(*entry).clone()
            };
            spot_events::add_entry(&mut tx, &event.id, &reversal).await?;
            reversed.push(reversal.person_id);
        }
        if reversed.is_empty() {
            return Err(conflict("这次抽问没有计入的成绩"));
        }
        let detail = json!({ "spot_check": id, "spot_event": event.id, "persons": reversed, "reason": reason });
        self.log(&mut tx, actor, "reverse-spot-check", &event.unit_id, detail)
            .await?;
        tx.commit().await
    }

    /// Declares a session of an event void, with the reason: its people may be examined anew.
    pub async fn void_spot_check(&self, actor: &str, id: &str, reason: &str) -> Result<()> {
        let (view, event) = self.must_run_check(actor, id).await?;
        let reason = clean(reason, REASON_MAX).ok_or_else(needs_reason)?;
        let mut tx = self.store.write().await?;
        spot_events::lock(&mut tx, &event.id).await?;
        if is_entered(&mut tx, &view.check).await? {
            return Err(conflict("成绩已经计入。要作废，先撤销计入"));
        }
        let ended = view.check.finished_at_ms.or(Some(self.clock.now_ms()));
        let mut changed = false;
        for from in [State::Open, State::Finished] {
            changed |= spot_checks::change_state(&mut tx, id, (from, State::Void), ended).await?;
        }
        if !changed {
            return Err(conflict("这次抽问已经作废"));
        }
        spot_checks::release_claims(&mut tx, id).await?;
        let detail = json!({ "spot_check": id, "spot_event": event.id, "reason": reason });
        self.log(&mut tx, actor, "void-spot-check", &event.unit_id, detail)
            .await?;
        tx.commit().await
    }

    /// The session and its event, for organizers of the event.
    async fn must_run_check(&self, actor: &str, id: &str) -> Result<(View, Event)> {
        let view = self.spot_check(actor, id).await?;
        let Some(event) = &view.check.event_id else {
            return Err(conflict("试抽不打分，不能计入"));
        };
        let mut tx = self.store.read().await?;
        let event = self.must_run_event(&mut tx, actor, event).await;
        Ok((view, event.map_err(|_| missing())?))
    }
}
