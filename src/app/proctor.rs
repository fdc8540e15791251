//! The proctor: start and resume, keep steps, hand in, show the outcome. The clock is read once per request.

mod starting;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::{
    app::{
        App,
        memory::{Hall, Publication, Sitting},
        proctor::starting::{draw, may_start, resumed},
    },
    attempt::{
        answer::{Answer, BadAnswer},
        deadline::standing_deadline,
        steps::{BLOCK, Step, standing},
    },
    bank::question::Question,
    error::{Code, Error, Result},
    paper::{Paper, PaperQuestion},
    store::{
        attempts::{Attempt, OnDesk, State},
        queue::{HandIn, HandedIn, Kept, LATE_STEPS_MAX, Started, Steps},
    },
};

/// The most steps of one request.
pub const STEPS_MAX: usize = 500;

/// A step as a phone sends it.
#[derive(Debug, Clone)]
pub struct SentStep {
    pub seq: i64,
    pub number: u32,
    pub answer: Value,
    pub elapsed_ms: Option<i64>,
}

/// A paper on somebody's desk.
#[derive(Debug)]
pub struct Desk {
    pub attempt: Attempt,
    pub publication: Arc<Publication>,
    pub hall: Arc<Hall>,
    /// By question number, in the wire form.
    pub answers: Vec<(u32, Value)>,
    pub last_seq: i64,
    /// Made by this call, not resumed.
    pub fresh: bool,
    pub now_ms: i64,
}

/// What became of the steps of one request.
#[derive(Debug)]
pub struct Receipt {
    pub kept: Kept,
    pub rejected: Vec<Rejected>,
    /// The round stands still.
    pub paused: bool,
    pub now_ms: i64,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Rejected {
    pub seq: i64,
    pub code: &'static str,
}

impl App {
    /// Starts an attempt, or resumes the one that is open: the same paper, a fresh block of numbers.
    pub async fn start_attempt(&self, round_id: &str, person_id: &str) -> Result<Desk> {
        let now_ms = self.clock.now_ms();
        let hall = self.hall(round_id).await?;
        let entrant = hall.entrants.get(person_id).ok_or_else(|| {
            Error::refused(
                Code::NotEntitled,
                "您不在这一场的参赛名单里，请找主办单位核对",
            )
        })?;
        let mine = self.attempts_of(round_id, person_id).await?;
        let open = mine
            .iter()
            .find(|attempt| attempt.state == State::Open && !is_over(&hall, attempt, now_ms));
        if let Some(attempt) = open {
            let sitting = self.keep_sitting(Sitting::of(attempt));
            return self.resume(&sitting, &hall, now_ms).await;
        }
        if entrant.on_leave {
            let detail = "主办单位给您登记了请假。要参加，请找主办单位取消请假";
            return Err(Error::refused(Code::NotEntitled, detail));
        }
        may_start(&hall, &mine, now_ms)?;
        let number = mine.iter().map(|attempt| attempt.number).max().unwrap_or(0) + 1;
        let drawn = self
            .with_used(&hall, |used| {
                draw(&hall, entrant, number, &mine, used, now_ms)
            })
            .await??;
        let attempt = drawn.attempt;
        let wanted = attempt.id.clone();
        let started = self.queue.start(drawn.row).await?;
        let sitting = if started.attempt_id == wanted {
            self.keep_sitting(Sitting::of(&attempt))
        } else {
            self.sitting(&started.attempt_id, person_id).await?
        };
        if !started.fresh {
            return self.desk(&sitting, &hall, &started, now_ms).await;
        }
        // Nobody else knows of it yet: what was written is what stands.
        Ok(Desk {
            attempt: Attempt {
                seq_reserved: started.last_seq,
                ..attempt
            },
            publication: hall.publication.clone(),
            hall,
            answers: vec![],
            last_seq: started.last_seq,
            fresh: true,
            now_ms,
        })
    }

    async fn resume(&self, sitting: &Arc<Sitting>, hall: &Arc<Hall>, now_ms: i64) -> Result<Desk> {
        let started = self.queue.start(resumed(sitting, now_ms)).await?;
        self.desk(sitting, hall, &started, now_ms).await
    }

    /// Read after the block was reserved: what another phone saved before is seen, what it saves later does not stand.
    async fn desk(
        &self,
        sitting: &Sitting,
        hall: &Arc<Hall>,
        started: &Started,
        now_ms: i64,
    ) -> Result<Desk> {
        let mut desk = self.read_desk(sitting, hall, now_ms).await?;
        desk.last_seq = started.last_seq;
        desk.fresh = started.fresh;
        Ok(desk)
    }

    async fn read_desk(&self, sitting: &Sitting, hall: &Arc<Hall>, now_ms: i64) -> Result<Desk> {
        let OnDesk { facts, steps } = self.on_desk(&sitting.id).await?;
        let answers = wire_answers(&sitting.paper, &hall.publication, &steps);
        Ok(Desk {
            last_seq: facts.seq_reserved,
            attempt: sitting.attempt(facts),
            publication: hall.publication.clone(),
            hall: hall.clone(),
            answers,
            fresh: false,
            now_ms,
        })
    }

    /// The paper as it lies there, without reserving anything: for pages without JavaScript.
    pub async fn look_at_desk(&self, attempt_id: &str, person_id: &str) -> Result<Desk> {
        let now_ms = self.clock.now_ms();
        let sitting = self.sitting(attempt_id, person_id).await?;
        let hall = self.hall(&sitting.round_id).await?;
        self.read_desk(&sitting, &hall, now_ms).await
    }

    /// A fresh block of numbers on an attempt known by its id: what a plain form writes under.
    pub async fn start_attempt_again(&self, attempt_id: &str, person_id: &str) -> Result<Desk> {
        let now_ms = self.clock.now_ms();
        let sitting = self.sitting(attempt_id, person_id).await?;
        let hall = self.hall(&sitting.round_id).await?;
        self.resume(&sitting, &hall, now_ms).await
    }

    /// Keeps steps: when this returns, they are on disk.
    pub async fn keep_steps(
        &self,
        attempt_id: &str,
        person_id: &str,
        sent: &[SentStep],
    ) -> Result<Receipt> {
        let now_ms = self.clock.now_ms();
        let sitting = self.sitting(attempt_id, person_id).await?;
        let (steps, mut rejected) = self.read_steps(&sitting, sent, now_ms).await?;
        let request = Steps {
            attempt_id: sitting.id.clone(),
            steps,
            at_ms: now_ms,
        };
        let kept = self.queue.keep(request).await?;
        if !kept.beyond.is_empty() {
            let detail = format!(
                "作答已经结束，迟到的答案最多留存 {LATE_STEPS_MAX} 步，后面的没有留存。有疑问请找主办单位"
            );
            return Err(Error::refused(Code::TooLarge, detail));
        }
        let because = |code: Code| {
            move |seq: &i64| Rejected {
                seq: *seq,
                code: code.text(),
            }
        };
        rejected.retain(|bad| !kept.not_given.contains(&bad.seq));
        rejected.extend(kept.not_given.iter().map(because(Code::BadStep)));
        rejected.extend(kept.reused.iter().map(because(Code::SeqReused)));
        let hall = self.hall(&sitting.round_id).await?;
        Ok(Receipt {
            kept,
            rejected,
            paused: hall.round.paused_at_ms.is_some(),
            now_ms,
        })
    }

    /// Hands in. Steps that come along are kept first; a gap up to `last_seq` is asked for.
    pub async fn hand_in(
        &self,
        attempt_id: &str,
        person_id: &str,
        last_seq: Option<i64>,
        sent: &[SentStep],
    ) -> Result<HandedIn> {
        let now_ms = self.clock.now_ms();
        let sitting = self.sitting(attempt_id, person_id).await?;
        if last_seq.is_some_and(|last| !(0..=i64::MAX / 2).contains(&last)) {
            return Err(Error::refused(
                Code::BadStep,
                "交卷时的步骤编号不对，请刷新页面再交",
            ));
        }
        let (steps, _) = self.read_steps(&sitting, sent, now_ms).await?;
        let steps = Steps {
            attempt_id: sitting.id.clone(),
            steps,
            at_ms: now_ms,
        };
        let answer = self.queue.hand_in(HandIn { steps, last_seq }).await?;
        let handed_in = answer.map_err(|missing| {
            let numbers: Vec<String> = missing.0.iter().map(ToString::to_string).collect();
            Error::refused(
                Code::StepsMissing,
                format!(
                    "还有答案没有传到，请等手机补传后再交卷（缺第 {} 步）",
                    numbers.join("、")
                ),
            )
        })?;
        self.grader.graded(sitting.id.clone()).await;
        Ok(handed_in)
    }

    /// Sorts what was sent into steps; what cannot be an answer becomes a step without one, so that it leaves no gap.
    async fn read_steps(
        &self,
        sitting: &Sitting,
        sent: &[SentStep],
        at_ms: i64,
    ) -> Result<(Vec<Step>, Vec<Rejected>)> {
        if sent.len() > STEPS_MAX {
            return Err(Error::refused(
                Code::TooLarge,
                format!("一次最多传 {STEPS_MAX} 步"),
            ));
        }
        let hall = self.hall(&sitting.round_id).await?;
        let (mut steps, mut rejected) = (Vec::with_capacity(sent.len()), Vec::new());
        for step in sent {
            if !in_range(step.seq) {
                rejected.push(Rejected {
                    seq: step.seq,
                    code: Code::BadStep.text(),
                });
                continue;
            }
            let read = question_of(&sitting.paper, step.number, &hall.publication)
                .ok_or(BadAnswer::Shape)
                .and_then(|(asked, question)| Answer::from_wire(&step.answer, question, asked));
            let (number, answer) = match read {
                Ok(answer) => (step.number, answer),
                Err(bad) => {
                    let code = if bad == BadAnswer::TooLong {
                        Code::TooLarge
                    } else {
                        Code::BadStep
                    };
                    rejected.push(Rejected {
                        seq: step.seq,
                        code: code.text(),
                    });
                    (0, None)
                }
            };
            let elapsed_ms = step.elapsed_ms.map(|claim| claim.clamp(0, 1 << 40));
            steps.push(Step {
                seq: step.seq,
                number,
                answer,
                elapsed_ms,
                at_ms,
                late: false,
            });
        }
        Ok((steps, rejected))
    }
}

impl Desk {
    /// The deadline as it stands: while the round stands still, it moves on with the clock.
    pub fn deadline_at_ms(&self) -> i64 {
        standing_deadline(
            self.attempt.deadline_at_ms,
            self.hall.round.paused_at_ms,
            self.now_ms,
        )
    }
}

fn is_over(hall: &Hall, attempt: &Attempt, now_ms: i64) -> bool {
    now_ms > standing_deadline(attempt.deadline_at_ms, hall.round.paused_at_ms, now_ms)
}

fn in_range(seq: i64) -> bool {
    seq > BLOCK && seq < 1_000_000_000_000
}

/// A paper's question with the bank's, by the number shown.
pub fn question_of<'a>(
    paper: &'a Paper,
    number: u32,
    publication: &'a Publication,
) -> Option<(&'a PaperQuestion, &'a Question)> {
    let asked = paper
        .questions
        .iter()
        .find(|asked| asked.number == number)?;
    let question = publication.by_revision.get(&asked.revision)?;
    Some((asked, question))
}

fn wire_answers(paper: &Paper, publication: &Publication, steps: &[Step]) -> Vec<(u32, Value)> {
    standing(steps)
        .into_iter()
        .filter_map(|(number, answer)| {
            let (asked, question) = question_of(paper, number, publication)?;
            Some((number, answer.to_wire(question, asked)))
        })
        .collect()
}
