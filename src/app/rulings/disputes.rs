//! The disputed elements of a round, for the organizer who rules on them: what was said, what of it was heard, what is
//! ruled already.

use std::sync::Arc;

use serde_json::json;

use crate::{
    app::{App, memory::Hall, proctor::question_of},
    attempt::{
        answer::Answer,
        steps::{Step, standing},
    },
    bank::{html::Html, question::Body},
    contest::round::{Entrant, State as RoundState},
    error::{Error, Result},
    grading::{
        Found,
        disputes::{self, Dispute},
        recall::{self, Heard},
        rulings::{Ruling, newest, on_standing_words},
    },
    store::{
        attempts::{self, Attempt},
        rulings,
    },
};

/// Attempts that are listened to at once.
const BATCH: usize = 200;

/// One element that a person should look at, or has ruled on.
#[derive(Debug, Clone)]
pub struct Disputed {
    pub attempt: String,
    pub entrant: Entrant,
    /// On the paper, from 1.
    pub number: u32,
    pub stem: Html,
    /// The whole answer.
    pub said: String,
    /// From 1.
    pub element: u32,
    pub wanted: Html,
    pub heard: Heard,
    /// `None` for one that only a ruling put here.
    pub dispute: Option<Dispute>,
    /// Whether it counts now.
    pub found: Found,
    /// The ruling that stands.
    pub ruling: Option<Ruling>,
}

#[derive(Debug)]
pub struct Disputes {
    pub hall: Arc<Hall>,
    /// Those without a ruling first, of these the doubts, then those of which much was heard; by entrant and question.
    pub rows: Vec<Disputed>,
    pub unruled: usize,
}

impl App {
    /// Every disputed element of an ended round. The look is on record: answers and keys are in it.
    pub async fn disputes(&self, actor: &str, round_id: &str) -> Result<Disputes> {
        let round = self.round_run_by(actor, round_id).await?;
        let hall = self.hall(round_id).await?;
        let mut rows = Vec::new();
        if matches!(round.state, RoundState::Closed | RoundState::Announced) {
            self.grade_leftovers().await?;
            let detail = json!({ "kind": "disputes" });
            self.note_look(actor, "look-at-keys", round_id, detail)
                .await?;
            rows = self.disputed_in(&hall).await?;
        }
        rows.sort_by_cached_key(|row| {
            let urgency = match (&row.ruling, row.dispute) {
                (None, Some(Dispute::Doubted(_))) => 0,
                (None, _) => 1,
                (Some(_), _) => 2,
            };
            let entrant = &row.entrant;
            let place = (
                entrant.unit_name.clone(),
                entrant.name.clone(),
                row.attempt.clone(),
            );
            (urgency, place, row.number, row.element)
        });
        Ok(Disputes {
            unruled: rows.iter().filter(|row| row.ruling.is_none()).count(),
            hall,
            rows,
        })
    }

    async fn disputed_in(&self, hall: &Arc<Hall>) -> Result<Vec<Disputed>> {
        let round_id = &hall.round.id;
        let mut tx = self.store.read().await?;
        let mut ruled = rulings::of_round(&mut tx, round_id).await?;
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let batch = attempts::ended_after(&mut tx, round_id, &after, BATCH).await?;
            let Some(last) = batch.last() else {
                return Ok(found);
            };
            after.clone_from(&last.id);
            let ids: Vec<&str> = batch.iter().map(|each| each.id.as_str()).collect();
            let mut steps = attempts::steps_of(&mut tx, &ids).await?;
            let work = batch.into_iter().map(|attempt| Spoken {
                steps: steps.remove(&attempt.id).unwrap_or_default(),
                rulings: ruled.remove(&attempt.id).unwrap_or_default(),
                attempt,
            });
            let (work, hall): (Vec<Spoken>, _) = (work.collect(), hall.clone());
            let listen = move || work.iter().flat_map(|each| each.disputed(&hall)).collect();
            let heard: Vec<Disputed> = tokio::task::spawn_blocking(listen)
                .await
                .map_err(|source| Error::internal("听口答的任务停了", source))?;
            found.extend(heard);
        }
    }
}

struct Spoken {
    attempt: Attempt,
    steps: Vec<Step>,
    rulings: Vec<Ruling>,
}

impl Spoken {
    fn disputed(&self, hall: &Hall) -> Vec<Disputed> {
        let (Some(outcome), Some(entrant)) = (
            &self.attempt.outcome,
            hall.entrants.get(&self.attempt.person_id),
        ) else {
            return vec![];
        };
        let rulings = newest(on_standing_words(&self.rulings, &self.steps));
        let mut rows = Vec::new();
        for (number, answer) in standing(&self.steps) {
            let asked = question_of(&self.attempt.paper, number, &hall.publication);
            let grade = outcome.grades.iter().find(|grade| grade.number == number);
            let (Some((_, question)), Some(grade), Answer::Said(said)) = (asked, grade, answer)
            else {
                continue;
            };
            let Body::Recall(recall) = &question.body else {
                continue;
            };
            let parts = grade.parts.iter().zip(recall::hear(question, said));
            for ((place, element), (part, heard)) in (1..).zip(&recall.elements).zip(parts) {
                let ruling = rulings.get(&(number, place)).map(|stands| stands.newest);
                let dispute = disputes::of(element, &heard);
                let open = part.found == Found::No && dispute.is_some();
                if !open && ruling.is_none() {
                    continue;
                }
                rows.push(Disputed {
                    attempt: self.attempt.id.clone(),
                    entrant: entrant.clone(),
                    number,
                    stem: question.stem.clone(),
                    said: said.clone(),
                    element: place,
                    wanted: element.html.clone(),
                    heard,
                    dispute,
                    found: part.found,
                    ruling: ruling.cloned(),
                });
            }
        }
        rows
    }
}
