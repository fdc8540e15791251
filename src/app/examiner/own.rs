//! What somebody got in 计分抽问, as they see it themselves: the points once they count; the rank, and what was said and
//! missed, once nobody is examined any more, since these show keys.

use std::collections::HashSet;

use crate::{
    app::App,
    bank::{points::Points, question::QuestionId},
    contest::{
        ranking::Standing,
        round::Entrant,
        spot_check::{
            self,
            event::{self, Event},
            sheet::{PersonSheet, sheets},
        },
    },
    error::{Error, Result},
    store::{Tx, spot_checks, spot_events},
};

/// One event of one entrant.
#[derive(Debug)]
pub struct OwnResult {
    pub event: Event,
    /// `None`: nobody examined them before the event ended.
    pub points: Option<Points>,
    /// Once the event has ended.
    pub standing: Option<Standing>,
    /// Once the event has ended, and while none of its questions is on an own paper whose keys are not out.
    pub sheet: Option<PersonSheet>,
}

impl App {
    /// Whether [`App::own_spot_results`] has anything to say.
    pub async fn has_spot_results(&self, person_id: &str) -> Result<bool> {
        spot_events::has_results(&mut self.store.read().await?, person_id).await
    }

    /// The newest first. Who sits a paper gets the points alone.
    pub async fn own_spot_results(&self, person_id: &str) -> Result<Vec<OwnResult>> {
        // Refused while a paper is open: then no sheet at all.
        let barred = match self.barred(person_id).await {
            Ok(barred) => Some(barred),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let mut tx = self.store.read().await?;
        let mut results = Vec::new();
        for event in spot_events::of_entrant(&mut tx, person_id).await? {
            let Some((mut result, check_id)) = own_result(&mut tx, person_id, event).await? else {
                continue;
            };
            if let (Some(barred), Some(check), Some(_)) =
                (&barred, check_id, result.event.closed_at_ms)
            {
                result.sheet = self.own_sheet(&mut tx, person_id, &check, barred).await?;
            }
            results.push(result);
        }
        Ok(results)
    }

    /// `None` where a question of it is barred.
    async fn own_sheet(
        &self,
        tx: &mut Tx,
        person_id: &str,
        check_id: &str,
        barred: &HashSet<QuestionId>,
    ) -> Result<Option<PersonSheet>> {
        let Some(check) = spot_checks::find(tx, check_id).await? else {
            return Ok(None);
        };
        let people = spot_checks::people(tx, check_id).await?;
        let place = people.iter().position(|each| each.person_id == person_id);
        let Some(place) = place.filter(|place| {
            let drawn = &people[*place].questions;
            !drawn.iter().any(|drawn| barred.contains(&drawn.id))
        }) else {
            return Ok(None);
        };
        let publication = self.publication(tx, &check.publication_id).await?;
        let marks = spot_check::standing(&spot_checks::steps(tx, check_id).await?);
        let drawn: Vec<_> = people.into_iter().map(|each| each.questions).collect();
        let mut all = sheets(&drawn, &publication.by_revision, &marks, check.points)
            .map_err(|revision| Error::internal("抽到的题不在题库里", revision.0))?;
        Ok(Some(all.swap_remove(place)))
    }
}

/// With the session that counts. Nothing while the event lasts and nothing counts yet, or on approved leave.
async fn own_result(
    tx: &mut Tx,
    person_id: &str,
    event: Event,
) -> Result<Option<(OwnResult, Option<String>)>> {
    let entries = spot_events::entries(tx, &event.id).await?;
    let counting = event::counting(&entries);
    let entry = counting.get(person_id);
    let closed = event.closed_at_ms.is_some();
    if entry.is_none() && !closed {
        return Ok(None);
    }
    let entrants = spot_events::entrants(tx, &event.id).await?;
    let away = |each: &Entrant| each.person_id == person_id && each.on_leave;
    if entry.is_none() && entrants.iter().any(away) {
        return Ok(None);
    }
    let board = event::board(&entrants, &entries, &event.rules);
    let mut standings = board.people.into_values().flatten();
    let standing = standings.find(|standing| standing.row.person == person_id);
    let result = OwnResult {
        points: entry.map(|entry| entry.points),
        standing: standing.filter(|_| closed),
        sheet: None,
        event,
    };
    Ok(Some((result, entry.map(|entry| entry.check_id.clone()))))
}
