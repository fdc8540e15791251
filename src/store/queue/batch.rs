//! One batch: take the attempts, decide, write, commit, and only then answer.

use std::collections::HashMap;

use crate::{
    error::{Code, Error, Result},
    store::{
        Store, Tx, attempts,
        queue::{
            HandedIn, Job, Kept, Missing, Started, Steps,
            decide::{Desk, FIRST_BLOCK},
            statements::{self, StartRow},
            trouble::{Trouble, trouble_of},
        },
    },
};

/// What one job will be told once the batch is on disk.
enum Told {
    Started(Started),
    Kept(Kept),
    HandedIn(std::result::Result<HandedIn, Missing>),
    Closed(bool),
    Unknown,
}

/// How often a batch that stood in another's way is tried again before it is halved.
const TRIES: u32 = 5;

/// Runs the jobs in one transaction; a batch that fails all the same is retried in halves, so a bad row fails alone.
pub(super) async fn run(store: &Store, jobs: Vec<Job>) {
    let mut groups = vec![jobs];
    while let Some(mut group) = groups.pop() {
        let error = match write_again(store, &group).await {
            Ok(told) => {
                group
                    .into_iter()
                    .zip(told)
                    .for_each(|(job, told)| tell(job, told));
                continue;
            }
            Err(error) => error,
        };
        if trouble_of(&error) == Trouble::Everybody {
            tracing::error!(
                jobs = group.len(),
                error = &error as &dyn std::error::Error,
                "the database cannot save"
            );
            groups.drain(..).flatten().chain(group).for_each(turn_away);
        } else if group.len() == 1 {
            let job = group.pop().expect("a group of one");
            fail(job, error);
        } else {
            tracing::warn!(jobs = group.len(), %error, "a batch failed and is retried in halves");
            let second = group.split_off(group.len() / 2);
            groups.push(second);
            groups.push(group);
        }
    }
}

async fn write_again(store: &Store, jobs: &[Job]) -> Result<Vec<Told>> {
    let mut tries = 1;
    loop {
        match write(store, jobs).await {
            Err(error) if tries < TRIES && trouble_of(&error) == Trouble::Again => tries += 1,
            done => return done,
        }
    }
}

async fn write(store: &Store, jobs: &[Job]) -> Result<Vec<Told>> {
    let mut tx = store.write().await?;
    let starts = start_rows(jobs);
    let standing = if starts.is_empty() {
        HashMap::new()
    } else {
        statements::insert_starts(&mut tx, &starts).await?;
        statements::find_started(&mut tx, &starts).await?
    };
    let ids = attempts_of(jobs, &standing);
    let mut desk = Desk::new(statements::take(&mut tx, &ids).await?);

    let mut told: Vec<Told> = jobs.iter().map(|_| Told::Unknown).collect();
    for (job, told) in jobs.iter().zip(&mut told) {
        if let Job::Start(wanted, _) = job
            && let Some(id) = standing.get(&wanted.id)
            && let Some(started) = desk.start(&wanted.id, id)
        {
            *told = Told::Started(started);
        }
    }

    write_steps(&mut tx, &mut desk, jobs, &ids).await?;
    for (job, told) in jobs.iter().zip(&mut told) {
        if let Job::Steps(steps, _) = job
            && let Some(kept) = desk.keep(steps)
        {
            *told = Told::Kept(kept);
        }
    }

    let ending: Vec<&str> = jobs.iter().filter_map(ending_of).collect();
    if !ending.is_empty() {
        desk.steps = attempts::steps_of(&mut tx, &ending).await?;
        desk.papers = statements::papers(&mut tx, &ending).await?;
    }
    for (job, told) in jobs.iter().zip(&mut told) {
        if let Job::HandIn(hand_in, _) = job
            && let Some(answer) = desk.hand_in(hand_in)?
        {
            *told = Told::HandedIn(answer);
        }
    }
    for (job, told) in jobs.iter().zip(&mut told) {
        if let Job::Close(id, now_ms, _) = job {
            *told = Told::Closed(desk.close(id, *now_ms)?);
        }
    }
    let updates = desk.updates();
    if !updates.is_empty() {
        statements::update(&mut tx, &updates).await?;
    }
    tx.commit().await?;
    Ok(told)
}

async fn write_steps<'a>(
    tx: &mut Tx,
    desk: &mut Desk<'a>,
    jobs: &'a [Job],
    ids: &[&str],
) -> Result<()> {
    let mut inserts = desk.inserts(jobs.iter().filter_map(steps_of));
    if inserts.is_empty() {
        return Ok(());
    }
    // Late steps are rare; only they have to know beforehand what is there.
    if inserts.iter().any(|row| row.late) {
        desk.existing = statements::existing(tx, &inserts).await?;
        let kept = statements::late_kept(tx, ids).await?;
        desk.bound_late(&mut inserts, kept);
    }
    let new = statements::insert_steps(tx, &inserts).await?;
    if new < inserts.len() as u64 {
        desk.existing = statements::existing(tx, &inserts).await?;
    }
    Ok(())
}

fn start_rows(jobs: &[Job]) -> Vec<StartRow<'_>> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::Start(attempt, _) => Some(StartRow {
                id: &attempt.id,
                round_id: &attempt.round_id,
                person_id: &attempt.person_id,
                number: attempt.number,
                seed: &attempt.seed,
                drawn_with: &attempt.drawn_with,
                paper: &attempt.paper,
                started_at_ms: attempt.started_at_ms,
                deadline_at_ms: attempt.deadline_at_ms,
                seq_reserved: FIRST_BLOCK,
            }),
            _ => None,
        })
        .collect()
}

/// Once each, in id order.
fn attempts_of<'a>(jobs: &'a [Job], standing: &'a HashMap<String, String>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = jobs.iter().map(|job| attempt_of(job, standing)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn attempt_of<'a>(job: &'a Job, standing: &'a HashMap<String, String>) -> &'a str {
    match job {
        Job::Start(attempt, _) => standing.get(&attempt.id).unwrap_or(&attempt.id),
        Job::Steps(steps, _) => &steps.attempt_id,
        Job::HandIn(hand_in, _) => &hand_in.steps.attempt_id,
        Job::Close(id, ..) => id,
    }
}

fn steps_of(job: &Job) -> Option<&Steps> {
    match job {
        Job::Steps(steps, _) => Some(steps),
        Job::HandIn(hand_in, _) => Some(&hand_in.steps),
        Job::Start(..) | Job::Close(..) => None,
    }
}

fn ending_of(job: &Job) -> Option<&str> {
    match job {
        Job::HandIn(hand_in, _) => Some(&hand_in.steps.attempt_id),
        Job::Close(id, ..) => Some(id),
        Job::Start(..) | Job::Steps(..) => None,
    }
}

/// Whoever asked may be gone; what is on disk stays true all the same.
fn tell(job: Job, told: Told) {
    match (job, told) {
        (Job::Start(_, reply), Told::Started(started)) => drop(reply.send(Ok(started))),
        (Job::Steps(_, reply), Told::Kept(kept)) => drop(reply.send(Ok(kept))),
        (Job::HandIn(_, reply), Told::HandedIn(answer)) => drop(reply.send(Ok(answer))),
        (Job::Close(_, _, reply), Told::Closed(closed)) => drop(reply.send(Ok(closed))),
        (job, _) => fail(job, Error::NotFound("这次作答".into())),
    }
}

/// Nothing is known to be saved: the phone keeps it and sends it again.
fn turn_away(job: Job) {
    let detail = "现在存不上，请稍等几秒，系统会自动重试";
    fail(job, Error::refused(Code::Busy, detail));
}

fn fail(job: Job, error: Error) {
    match job {
        Job::Start(_, reply) => drop(reply.send(Err(error))),
        Job::Steps(_, reply) => drop(reply.send(Err(error))),
        Job::HandIn(_, reply) => drop(reply.send(Err(error))),
        Job::Close(_, _, reply) => drop(reply.send(Err(error))),
    }
}
