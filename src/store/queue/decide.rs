//! What a batch decides about its attempts, between reading them and writing them. No statement in here.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use crate::{
    attempt::{
        deadline::standing_deadline,
        receipt::receipt,
        steps::{BLOCK, Step, next_block, standing},
    },
    error::Result,
    store::{
        attempts::State,
        from_json,
        queue::{
            HandIn, HandedIn, Kept, LATE_STEPS_MAX, Missing, Started, Steps,
            statements::{AttemptUpdate, Held, StepInsert},
        },
        to_json,
    },
};

/// Closing waits a second longer than the deadline, so that a step that was in time is never overtaken.
const CLOSING_GRACE_MS: i64 = 1_000;

/// What a row begins with: the numbers of the page that made it.
pub(super) const FIRST_BLOCK: i64 = BLOCK;

/// The attempts of a batch, taken and not yet given back.
pub(super) struct Desk<'a> {
    held: HashMap<String, Held>,
    finished: HashMap<String, i64>,
    changed: HashSet<String>,
    /// Where numbers were used before this batch: what stands under them.
    pub(super) existing: HashMap<(String, i64), Step>,
    /// All steps of the attempts that may end in this batch.
    pub(super) steps: HashMap<String, Vec<Step>>,
    /// The papers of these, as JSON.
    pub(super) papers: HashMap<String, String>,
    /// What this batch said first under a number.
    first: HashMap<(&'a str, i64), &'a Step>,
    /// Late steps that are too many to be kept.
    beyond: HashSet<(String, i64)>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(held: HashMap<String, Held>) -> Desk<'a> {
        Desk {
            held,
            finished: HashMap::new(),
            changed: HashSet::new(),
            existing: HashMap::new(),
            steps: HashMap::new(),
            papers: HashMap::new(),
            first: HashMap::new(),
            beyond: HashSet::new(),
        }
    }

    /// Who asked for the row that stands has made it, with its first block; everybody else resumes.
    pub(super) fn start(&mut self, wanted: &str, id: &str) -> Option<Started> {
        let held = self.held.get_mut(id)?;
        let fresh = wanted == id;
        if !fresh {
            held.seq_reserved = next_block(held.seq_reserved);
            self.changed.insert(id.to_owned());
        }
        Some(Started {
            attempt_id: id.to_owned(),
            last_seq: if fresh {
                FIRST_BLOCK
            } else {
                held.seq_reserved
            },
            fresh,
        })
    }

    /// The rows to write, the first sender of a number before any other.
    pub(super) fn inserts(&mut self, sent: impl Iterator<Item = &'a Steps>) -> Vec<StepInsert<'a>> {
        let mut rows = Vec::new();
        for request in sent {
            let Some(held) = self.held.get(&request.attempt_id) else {
                continue;
            };
            let late = !in_time(held, request.at_ms);
            for step in request.steps.iter().filter(|step| is_given(held, step)) {
                match self.first.entry((&request.attempt_id, step.seq)) {
                    Entry::Occupied(_) => continue,
                    Entry::Vacant(place) => place.insert(step),
                };
                rows.push(StepInsert {
                    attempt_id: &request.attempt_id,
                    seq: step.seq,
                    number: step.number,
                    answer: step.answer.as_ref().map(to_json),
                    elapsed_ms: step.elapsed_ms,
                    at_ms: request.at_ms,
                    late,
                });
            }
        }
        rows
    }

    /// Leaves out late steps beyond the most that are kept; `kept` says how many there are of each attempt already.
    pub(super) fn bound_late(
        &mut self,
        rows: &mut Vec<StepInsert<'_>>,
        mut kept: HashMap<String, usize>,
    ) {
        rows.retain(|row| {
            let key = (row.attempt_id.to_owned(), row.seq);
            if !row.late || self.existing.contains_key(&key) {
                return true;
            }
            let kept = kept.entry(key.0.clone()).or_default();
            *kept += 1;
            *kept <= LATE_STEPS_MAX || {
                self.beyond.insert(key);
                false
            }
        });
    }

    pub(super) fn keep(&self, request: &Steps) -> Option<Kept> {
        let held = self.held.get(&request.attempt_id)?;
        let given = || request.steps.iter().filter(|step| is_given(held, step));
        let acknowledged = given().map(|step| step.seq).max().unwrap_or(0);
        let reused = given()
            .filter(|step| {
                let stands = self.standing_under(&request.attempt_id, step.seq);
                stands.is_some_and(|stands| !same_content(stands, step))
            })
            .map(|step| step.seq)
            .collect();
        Some(Kept {
            acknowledged,
            reused,
            not_given: request
                .steps
                .iter()
                .filter(|step| !is_given(held, step))
                .map(|step| step.seq)
                .collect(),
            deadline_at_ms: effective_deadline(held, request.at_ms),
            taken_over: acknowledged > 0 && acknowledged < held.seq_reserved,
            late: !in_time(held, request.at_ms),
            beyond: given()
                .map(|step| step.seq)
                .filter(|seq| self.beyond.contains(&(request.attempt_id.clone(), *seq)))
                .collect(),
        })
    }

    fn standing_under(&self, attempt_id: &str, seq: i64) -> Option<&Step> {
        let before = if self.existing.is_empty() {
            None
        } else {
            self.existing.get(&(attempt_id.to_owned(), seq))
        };
        before.or_else(|| self.first.get(&(attempt_id, seq)).copied())
    }

    /// Hands in, unless steps that it counts on are missing. The same again gives the same.
    pub(super) fn hand_in(
        &mut self,
        request: &HandIn,
    ) -> Result<Option<std::result::Result<HandedIn, Missing>>> {
        let (id, at_ms) = (&request.steps.attempt_id, request.steps.at_ms);
        let Some(held) = self.held.get(id) else {
            return Ok(None);
        };
        if let (State::HandedIn | State::TimedOut | State::Void, Some(receipt)) =
            (held.state, &held.receipt)
        {
            return Ok(Some(Ok(HandedIn {
                receipt: receipt.clone(),
                state: held.state,
            })));
        }
        let deadline_at_ms = effective_deadline(held, at_ms);
        if at_ms > deadline_at_ms {
            return self
                .finish(id, State::TimedOut, deadline_at_ms)
                .map(|done| Some(Ok(done)));
        }
        let missing = request
            .last_seq
            .map_or_else(Vec::new, |last_seq| self.missing(id, last_seq));
        if !missing.is_empty() {
            return Ok(Some(Err(Missing(missing))));
        }
        self.finish(id, State::HandedIn, at_ms)
            .map(|done| Some(Ok(done)))
    }

    pub(super) fn close(&mut self, id: &str, now_ms: i64) -> Result<bool> {
        let Some(held) = self.held.get(id) else {
            return Ok(false);
        };
        let over = held.paused_at_ms.is_none() && now_ms >= held.deadline_at_ms + CLOSING_GRACE_MS;
        if held.state != State::Open || !over {
            return Ok(false);
        }
        let deadline_at_ms = held.deadline_at_ms;
        self.finish(id, State::TimedOut, deadline_at_ms)?;
        Ok(true)
    }

    /// The attempts to give back changed.
    pub(super) fn updates(&self) -> Vec<AttemptUpdate<'_>> {
        let mut ids: Vec<&String> = self.changed.iter().collect();
        ids.sort_unstable();
        ids.into_iter()
            .filter_map(|id| {
                let held = self.held.get(id)?;
                Some(AttemptUpdate {
                    id,
                    state: held.state.text(),
                    seq_reserved: held.seq_reserved,
                    finished_at_ms: self.finished.get(id).copied(),
                    // The pause that runs; those before it were added when they ended.
                    paused_ms: match (self.finished.get(id), held.paused_at_ms) {
                        (Some(finished_at_ms), Some(since_ms)) => {
                            (finished_at_ms - since_ms).max(0)
                        }
                        _ => 0,
                    },
                    receipt: held.receipt.clone(),
                })
            })
            .collect()
    }

    fn finish(&mut self, id: &str, state: State, finished_at_ms: i64) -> Result<HandedIn> {
        let none = Vec::new();
        let steps = self.steps.get(id).unwrap_or(&none);
        let held = self
            .held
            .get_mut(id)
            .expect("only attempts that were taken are finished");
        let paper = self.papers.get(id).map_or("", String::as_str);
        let paper = from_json("试卷", paper)?;
        let receipt = receipt(id, &paper, &standing(steps), finished_at_ms);
        held.state = state;
        held.receipt = Some(receipt.clone());
        self.finished.insert(id.to_owned(), finished_at_ms);
        self.changed.insert(id.to_owned());
        Ok(HandedIn { receipt, state })
    }

    /// The numbers of `last_seq`'s block up to it that are not here, at most twenty.
    fn missing(&self, id: &str, last_seq: i64) -> Vec<i64> {
        let base = next_block(last_seq) - BLOCK;
        let here: HashSet<i64> = self
            .steps
            .get(id)
            .into_iter()
            .flatten()
            .map(|step| step.seq)
            .collect();
        (base + 1..=last_seq)
            .filter(|seq| !here.contains(seq))
            .take(20)
            .collect()
    }
}

/// While the round stands still, the deadline moves on with the clock.
fn effective_deadline(held: &Held, at_ms: i64) -> i64 {
    standing_deadline(held.deadline_at_ms, held.paused_at_ms, at_ms)
}

fn in_time(held: &Held, at_ms: i64) -> bool {
    held.state == State::Open && at_ms <= effective_deadline(held, at_ms)
}

/// Whether its number is of a block that some page was given. A number ahead of that would outrank every later page.
fn is_given(held: &Held, step: &Step) -> bool {
    step.seq < next_block(held.seq_reserved)
}

fn same_content(one: &Step, other: &Step) -> bool {
    one.number == other.number && one.answer == other.answer
}
