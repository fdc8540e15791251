//! The step queue: many requests, one writer, one transaction, and the reply only after the commit.
//!
//! What gathered while the last commit ran is the next batch. No timer: a lone step waits for nobody. Grading is not in
//! here. Within a batch the order is start, steps, hand-in, close.

mod batch;
mod decide;
mod statements;
mod trouble;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    attempt::steps::Step,
    error::{Code, Error, Result},
    store::{Store, attempts::State},
};

/// The most requests waiting, as the program has it; beyond it the answer is `busy`.
pub const QUEUE_LENGTH: usize = 20_000;
/// The most requests of one transaction.
const BATCH_LENGTH: usize = 2_000;

/// The most late steps that are kept of an attempt: an organizer is to read them.
pub const LATE_STEPS_MAX: usize = 200;

/// An attempt about to begin, its paper drawn.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    pub id: String,
    pub round_id: String,
    pub person_id: String,
    pub number: u32,
    /// Hex.
    pub seed: String,
    /// JSON: the history the paper was drawn with.
    pub drawn_with: String,
    /// JSON.
    pub paper: String,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub attempt_id: String,
    /// Base of the block of sequence numbers reserved for this page.
    pub last_seq: i64,
    pub fresh: bool,
}

/// Steps of one request; those the rules refuse have number 0 and no answer, so that they leave no gap.
#[derive(Debug, Clone)]
pub struct Steps {
    pub attempt_id: String,
    pub steps: Vec<Step>,
    /// When the request was read whole.
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub acknowledged: i64,
    /// Numbers that were already used with other content.
    pub reused: Vec<i64>,
    /// Numbers of blocks that no page was given: not kept.
    pub not_given: Vec<i64>,
    pub deadline_at_ms: i64,
    /// Another page has resumed since: it has the higher numbers.
    pub taken_over: bool,
    /// They came after the end and are kept as late.
    pub late: bool,
    /// Late numbers beyond the most that are kept: not on disk.
    pub beyond: Vec<i64>,
}

#[derive(Debug, Clone)]
pub struct HandIn {
    pub steps: Steps,
    pub last_seq: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    pub receipt: String,
    pub state: State,
}

/// Why a hand-in cannot be taken: the numbers that are not here (at most twenty of them).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub Vec<i64>);

#[derive(Debug)]
enum Job {
    Start(NewAttempt, Reply<Started>),
    Steps(Steps, Reply<Kept>),
    HandIn(HandIn, Reply<std::result::Result<HandedIn, Missing>>),
    Close(String, i64, Reply<bool>),
}

type Reply<T> = oneshot::Sender<Result<T>>;

/// What the writer has done since it began.
#[derive(Debug, Default)]
pub struct Counters {
    pub jobs: AtomicU64,
    pub batches: AtomicU64,
}

/// The door to the writer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    jobs: mpsc::Sender<Job>,
    pub counters: Arc<Counters>,
    stop: watch::Sender<bool>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Queue {
    /// Starts the writer, for which at most `length` requests wait; it ends when the last door is dropped or `drain` is called, after all that waits is written.
    pub fn open(store: Store, length: usize) -> Queue {
        let (jobs, waiting) = mpsc::channel(length);
        let (stop, stopped) = watch::channel(false);
        let counters = Arc::new(Counters::default());
        let writer = tokio::spawn(write_batches(store, waiting, counters.clone(), stopped));
        Queue {
            jobs,
            counters,
            stop,
            writer: Arc::new(Mutex::new(Some(writer))),
        }
    }

    /// Takes no more, writes all that waits, and returns when the last of it is on disk.
    pub async fn drain(&self) {
        self.stop.send_replace(true);
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(writer) = writer {
            // A writer that panicked has said so in the log; nothing waits behind it any more.
            let _ = writer.await;
        }
    }

    /// Requests that wait for the writer now.
    pub fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Idempotent: the attempt of that number where it exists already. Reserves a block of sequence numbers.
    pub async fn start(&self, attempt: NewAttempt) -> Result<Started> {
        self.ask(|reply| Job::Start(attempt, reply)).await
    }

    pub async fn keep(&self, steps: Steps) -> Result<Kept> {
        self.ask(|reply| Job::Steps(steps, reply)).await
    }

    pub async fn hand_in(&self, hand_in: HandIn) -> Result<std::result::Result<HandedIn, Missing>> {
        self.ask(|reply| Job::HandIn(hand_in, reply)).await
    }

    /// Closes an attempt whose time is over at `now_ms`; says whether it was this call that did.
    pub async fn close(&self, attempt_id: String, now_ms: i64) -> Result<bool> {
        self.ask(|reply| Job::Close(attempt_id, now_ms, reply))
            .await
    }

    async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .try_send(job(reply))
            .map_err(|_| Error::refused(Code::Busy, "现在人多，请稍等几秒，系统会自动重试"))?;
        answer
            .await
            .map_err(|source| Error::internal("保存队列停了", source))?
    }
}

async fn write_batches(
    store: Store,
    mut waiting: mpsc::Receiver<Job>,
    counters: Arc<Counters>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut jobs = Vec::new();
    loop {
        tokio::select! {
            biased;
            // A door that is dropped stops the queue as well: then the channel itself comes to its end.
            true = told_to_stop(&mut stopped), if !waiting.is_closed() => waiting.close(),
            taken = waiting.recv_many(&mut jobs, BATCH_LENGTH) => {
                if taken == 0 {
                    return;
                }
                counters.jobs.fetch_add(taken as u64, Ordering::Relaxed);
                counters.batches.fetch_add(1, Ordering::Relaxed);
                batch::run(&store, std::mem::take(&mut jobs)).await;
            }
        }
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) -> bool {
    stopped.wait_for(|stop| *stop).await.is_ok()
}
