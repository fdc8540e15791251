//! The process that makes the load: all candidates through one phase after the other, spectators beside them.

use std::{
    io::{self, IsTerminal, Read, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use serde_json::Value;
use tokio::{
    sync::{Barrier, Semaphore},
    time::{Instant, sleep},
};

use crate::{
    cli::rehearse::{
        candidate::{Candidate, Pace, read_json},
        figures::{Phase, PhaseFigures},
        meter,
        plan::{Plan, Seen, SpectatorFigures},
        spectator::Gallery,
        wire::{Ask, Wire},
    },
    error::{Code, Error, Result},
    web::page::words::query,
};

/// Signing in is not done by everybody at one moment: people come into the hall.
const SIGNING_IN_AT_ONCE: usize = 64;

/// Reads a plan from stdin, carries it out, writes what it saw to stdout.
pub async fn run() -> Result<ExitCode> {
    let mut plan = String::new();
    io::stdin().read_to_string(&mut plan)?;
    let plan: Plan = serde_json::from_str(&plan)
        .map_err(|source| Error::internal("演练的安排读不懂", source))?;
    let seen = carry_out(&plan).await?;
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &seen)
        .map_err(|source| Error::internal("演练的结果写不出来", source))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(plan: &Plan) -> Result<Seen> {
    let places = plan.tickets.iter().enumerate();
    let mut candidates: Vec<Candidate> = places
        .map(|(place, ticket)| Candidate::new(place, &plan.host, ticket))
        .collect();
    let round = Arc::new(rehearsal_round(&mut candidates[0]).await?);
    let mut phases = Vec::new();
    let mut gallery = None;
    let mut spectators = SpectatorFigures::default();
    for phase in Phase::ALL {
        if phase == Phase::Start && plan.spectators > 0 {
            gallery = Some(open_gallery(plan, &round, &mut candidates).await?);
        }
        let figures;
        (candidates, figures) = run_phase(plan, phase, &round, candidates).await;
        phases.push(figures);
        if phase == Phase::HandIn
            && let Some(gallery) = gallery.take()
        {
            spectators = gallery.close(Instant::now()).await;
        }
    }
    // The server computes boards a few times a second at most.
    sleep(Duration::from_secs(1)).await;
    let first = &mut candidates[0];
    let boards = [
        board(first, &round, "people").await?,
        board(first, &round, "units").await?,
    ];
    let gate = Arc::new(Semaphore::new(SIGNING_IN_AT_ONCE));
    let candidates = join_all(candidates.into_iter().map(async |mut candidate| {
        let _seat = gate.acquire().await;
        candidate.ask_for_outcome().await;
        candidate.sat
    }))
    .await;
    Ok(Seen {
        round: round.to_string(),
        phases,
        spectators,
        candidates,
        boards,
        peak_memory: plan.server_pid.and_then(meter::peak_memory),
    })
}

/// The one open round that says of itself that it is a rehearsal. No other is touched.
async fn rehearsal_round(candidate: &mut Candidate) -> Result<String> {
    candidate.act(Phase::SignIn, "", Pace::none()).await;
    let told = match std::mem::take(&mut candidate.tally.errors).pop() {
        Some(error) => return Err(refused(format!("第一位考生没能登录：{error}"))),
        None => candidate.ask(&Ask::get("/api/v1/rounds"), &[200]).await,
    };
    candidate.tally = crate::cli::rehearse::figures::Tally::default();
    let rounds = told.and_then(|reply| read_json(&reply)).map_err(refused)?;
    let open = rounds
        .as_array()
        .into_iter()
        .flatten()
        .filter(|round| round["state"] == "open" && round["rehearsal"] == true);
    let ids: Vec<&str> = open.filter_map(|round| round["id"].as_str()).collect();
    match ids.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(refused(
            "那里没有正在进行的演练场次。先用 round create … --opens now --rehearsal 建一场；正式的场次不能拿来演练",
        )),
        _ => Err(refused("那里有几场演练同时在进行，请只留一场")),
    }
}

fn refused(detail: impl Into<String>) -> Error {
    Error::refused(Code::Conflict, detail)
}

async fn board(candidate: &mut Candidate, round: &str, of: &str) -> Result<Value> {
    let asked = Ask::get(format!("/api/v1/rounds/{round}/board?of={of}"));
    let told = candidate.ask(&asked, &[200]).await;
    told.and_then(|reply| read_json(&reply)).map_err(refused)
}

/// Spectators are spread over the boards that a hall would watch: each division's, and that of the units.
async fn open_gallery(plan: &Plan, round: &str, candidates: &mut [Candidate]) -> Result<Gallery> {
    let told = board(&mut candidates[0], round, "people").await?;
    candidates[0].tally = crate::cli::rehearse::figures::Tally::default();
    let events = format!("/api/v1/rounds/{round}/board/events");
    let mut paths: Vec<String> = told["divisions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|division| format!("{events}?of=people&division={}", query(division)))
        .collect();
    paths.push(format!("{events}?of=units"));
    let seats = (0..plan.spectators)
        .map(|place| {
            let mut wire = Wire::to(&plan.host);
            wire.cookie
                .clone_from(&candidates[place % candidates.len()].wire.cookie);
            (wire, paths[place % paths.len()].clone())
        })
        .collect();
    let gallery = Gallery::open(seats, plan.tickets.len());
    gallery.seated().await;
    Ok(gallery)
}

async fn run_phase(
    plan: &Plan,
    phase: Phase,
    round: &Arc<String>,
    candidates: Vec<Candidate>,
) -> (Vec<Candidate>, PhaseFigures) {
    let count = candidates.len();
    let at_once = if phase == Phase::SignIn {
        SIGNING_IN_AT_ONCE
    } else {
        count
    };
    let (gate, bell) = (
        Arc::new(Semaphore::new(at_once)),
        Arc::new(Barrier::new(count + 1)),
    );
    let done = Arc::new(AtomicUsize::new(0));
    let bar = tokio::spawn(show_progress(phase, done.clone(), count));
    let pace = Arc::new(std::sync::OnceLock::new());
    let tasks: Vec<_> = candidates
        .into_iter()
        .map(|mut candidate| {
            let (gate, bell, done) = (gate.clone(), bell.clone(), done.clone());
            let (round, pace) = (round.clone(), pace.clone());
            let (steps, seconds) = (plan.steps, plan.seconds);
            tokio::spawn(async move {
                bell.wait().await;
                let begun = *pace.get_or_init(Instant::now);
                let seat = gate.acquire().await;
                candidate
                    .act(
                        phase,
                        &round,
                        Pace {
                            begun,
                            steps,
                            seconds,
                        },
                    )
                    .await;
                drop(seat);
                done.fetch_add(1, Ordering::Relaxed);
                candidate
            })
        })
        .collect();
    let cpu_before = plan.server_pid.and_then(meter::cpu_seconds);
    bell.wait().await;
    let begun = *pace.get_or_init(Instant::now);
    let mut candidates: Vec<Candidate> = join_all(tasks)
        .await
        .into_iter()
        .map(|candidate| candidate.expect("a candidate does not panic"))
        .collect();
    let seconds = begun.elapsed().as_secs_f64();
    let cpu_after = plan.server_pid.and_then(meter::cpu_seconds);
    drop(bar.await);
    let tallies = candidates
        .iter_mut()
        .map(|candidate| std::mem::take(&mut candidate.tally))
        .collect();
    let cpu = cpu_before
        .zip(cpu_after)
        .map(|(before, after)| after - before);
    (candidates, PhaseFigures::of(phase, tallies, seconds, cpu))
}

/// One line on a terminal that fills up; a line per phase elsewhere.
async fn show_progress(phase: Phase, done: Arc<AtomicUsize>, count: usize) {
    const WIDTH: usize = 30;
    let terminal = io::stderr().is_terminal();
    loop {
        let now = done.load(Ordering::Relaxed);
        if terminal {
            let filled = now * WIDTH / count.max(1);
            let bar = "█".repeat(filled) + &"░".repeat(WIDTH - filled);
            eprint!("\r\x1b[K{}  {bar}  {now}/{count}", phase.text());
        }
        if now >= count {
            let end = if terminal { "" } else { phase.text() };
            eprintln!("{end}");
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
}
