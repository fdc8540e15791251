//! The grader: what has ended is graded beside the saves, many attempts at a time, in transactions as short as they can be.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    app::{App, memory::Hall},
    attempt::steps::{Step, standing},
    error::{Error, Result},
    grading::{Outcome, grade_paper, missing},
    paper::Paper,
    store::{
        attempts,
        outcomes::{self, Ungraded},
    },
};

/// The most attempts of one transaction: a save never waits longer than for these.
const BATCH: usize = 200;
/// The most that wait here; what finds no place is found by the sweep.
const WAITING_MAX: usize = 50_000;
/// While saves wait, grades give way to them, but not for ever.
const GIVE_WAY: Duration = Duration::from_millis(5);
const GIVE_WAY_TIMES: u32 = 40;
/// Who hands in sees the grade at once where that is quick; the receipt waits no longer than this for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The door to the grader.
#[derive(Debug)]
pub struct Grader {
    ended: mpsc::Sender<Ended>,
    pub graded: AtomicU64,
}

/// An attempt that has ended, and who wants to know when it is graded.
type Ended = (String, Option<oneshot::Sender<()>>);

/// What the grader takes from; `run` begins with it.
#[derive(Debug)]
pub(in crate::app) struct Inbox(mpsc::Receiver<Ended>);

impl Grader {
    pub(in crate::app) fn new() -> (Grader, Inbox) {
        let (ended, inbox) = mpsc::channel(WAITING_MAX);
        let grader = Grader {
            ended,
            graded: AtomicU64::new(0),
        };
        (grader, Inbox(inbox))
    }

    /// Attempts that wait for a grade, as far as this copy ended them.
    pub fn waiting(&self) -> usize {
        self.ended.max_capacity() - self.ended.capacity()
    }

    /// To be graded soon.
    pub(in crate::app) fn want(&self, id: String) {
        // Without a place it is the sweep's to find.
        let _ = self.ended.try_send((id, None));
    }

    /// To be graded now: returns when it is, or when that takes too long.
    pub(in crate::app) async fn graded(&self, id: String) {
        let (told, graded) = oneshot::channel();
        if self.ended.try_send((id, Some(told))).is_ok() {
            let _ = tokio::time::timeout(PATIENCE, graded).await;
        }
    }
}

/// Grades what has ended until the program that it grades for is gone.
pub(in crate::app) async fn run(app: Weak<App>, Inbox(mut inbox): Inbox) {
    let mut ended = Vec::new();
    while inbox.recv_many(&mut ended, BATCH).await > 0 {
        let (ids, told): (Vec<String>, Vec<_>) = ended.drain(..).unzip();
        let Some(app) = app.upgrade() else { return };
        if let Err(error) = app.grade_batch(&ids).await {
            tracing::error!(%error, "grading failed and will be tried again");
        }
        told.into_iter().flatten().for_each(|told| {
            let _ = told.send(());
        });
    }
}

impl App {
    /// Grades whatever has ended and is not graded, whoever ended it.
    pub async fn grade_leftovers(&self) -> Result<()> {
        loop {
            let ids = outcomes::ungraded(&mut self.store.read().await?).await?;
            let mut graded = 0;
            for batch in ids.chunks(BATCH) {
                graded += self.grade_batch(batch).await?;
            }
            // What cannot be graded stays where it is, and is said again at the next sweep.
            if graded == 0 {
                return Ok(());
            }
        }
    }

    /// Grades an ended attempt once; the same again changes nothing.
    pub async fn grade(&self, attempt_id: &str) -> Result<()> {
        self.grade_batch(&[attempt_id.to_owned()]).await.map(drop)
    }

    /// Grades those of `ids` that ended without an outcome: how many were.
    async fn grade_batch(&self, ids: &[String]) -> Result<u64> {
        let mut tx = self.store.read().await?;
        let wanting = outcomes::to_grade(&mut tx, ids).await?;
        if wanting.is_empty() {
            return Ok(0);
        }
        let wanting_ids: Vec<&str> = wanting.iter().map(|each| each.id.as_str()).collect();
        let mut steps = attempts::steps_of(&mut tx, &wanting_ids).await?;
        drop(tx);
        let mut work = Vec::with_capacity(wanting.len());
        for each in wanting {
            let hall = self.hall(&each.round_id).await?;
            let steps = steps.remove(&each.id).unwrap_or_default();
            work.push((each, hall, steps));
        }
        let rounds: Vec<String> = work
            .iter()
            .map(|(each, ..)| each.round_id.clone())
            .collect();
        let graded = tokio::task::spawn_blocking(move || grade_all(work))
            .await
            .map_err(|source| Error::internal("评分的任务停了", source))?;
        self.give_way().await;
        let mut tx = self.store.write().await?;
        let saved = outcomes::save(&mut tx, &graded).await?;
        tx.commit().await?;
        self.grader.graded.fetch_add(saved, Ordering::Relaxed);
        for round in rounds {
            self.boards.mark(&round);
        }
        Ok(saved)
    }

    async fn give_way(&self) {
        for _ in 0..GIVE_WAY_TIMES {
            if self.queue.waiting() == 0 {
                return;
            }
            tokio::time::sleep(GIVE_WAY).await;
        }
    }
}

/// One that cannot be graded is said in the log and left; the others get their grades.
fn grade_all(work: Vec<(Ungraded, Arc<Hall>, Vec<Step>)>) -> Vec<(String, Outcome)> {
    let mut graded = Vec::with_capacity(work.len());
    for (attempt, hall, steps) in work {
        match outcome_of(&attempt, &hall, &steps) {
            Ok(outcome) => graded.push((attempt.id, outcome)),
            Err(error) => {
                tracing::error!(
                    attempt = attempt.id,
                    error = &error as &dyn std::error::Error,
                    "an attempt cannot be graded"
                );
            }
        }
    }
    graded
}

fn outcome_of(attempt: &Ungraded, hall: &Hall, steps: &[Step]) -> Result<Outcome> {
    let paper: Paper = serde_json::from_str(&attempt.paper)
        .map_err(|source| Error::internal("数据库里的试卷读不懂", source))?;
    let questions = &hall.publication.by_revision;
    let missing = missing(&paper, questions);
    if !missing.is_empty() {
        return Err(Error::internal(
            "试卷上的题目不在题库里",
            format!("{missing:?}"),
        ));
    }
    Ok(grade_paper(&paper, questions, &standing(steps)))
}
