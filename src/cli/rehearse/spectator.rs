//! Somebody who watches the board: one stream of server-sent events, opened again when it ends, as a browser does.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use http_body_util::BodyExt;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use crate::cli::rehearse::{
    figures::quantile_ms,
    plan::SpectatorFigures,
    wire::{Broken, Traffic, Wire},
};

/// Of an event only its beginning is looked at: the counts stand before the rows.
const HEAD_BYTES: usize = 2_000;
/// How long the last board may take to reach everybody.
const LAST_BOARD: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(super) struct Gallery {
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
    traffics: Vec<Arc<Traffic>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// How many hand-ins the last board must show.
    entrants: u64,
    over: AtomicBool,
    events: AtomicU64,
    reopened: AtomicU64,
    watching: AtomicU64,
    /// When each spectator was shown the last board.
    complete: Mutex<Vec<Instant>>,
}

impl Gallery {
    /// Sends spectators to the streams, each with the cookie of an entrant. `entrants` is who will hand in.
    pub(super) fn open(seats: Vec<(Wire, String)>, entrants: usize) -> Gallery {
        let shared = Arc::new(Shared {
            entrants: entrants as u64,
            ..Shared::default()
        });
        let traffics = seats.iter().map(|(wire, _)| wire.traffic.clone()).collect();
        let tasks = seats
            .into_iter()
            .map(|(wire, path)| tokio::spawn(watch(shared.clone(), wire, path)))
            .collect();
        Gallery {
            shared,
            tasks,
            traffics,
        }
    }

    /// Until everybody has had a first board.
    pub(super) async fn seated(&self) {
        let all = self.tasks.len() as u64;
        let seated = async {
            while self.shared.watching.load(Ordering::Relaxed) < all {
                sleep(Duration::from_millis(20)).await;
            }
        };
        // Who could not get in shows in the figures.
        drop(timeout(LAST_BOARD, seated).await);
    }

    /// Waits until everybody was shown the last board, and sends them home. `last` is when the last hand-in was answered.
    pub(super) async fn close(self, last: Instant) -> SpectatorFigures {
        let all = self.tasks.len();
        let shared = &self.shared;
        let complete = async {
            while lock(&shared.complete).len() < all {
                sleep(Duration::from_millis(20)).await;
            }
        };
        drop(timeout(LAST_BOARD, complete).await);
        shared.over.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.abort();
        }
        let mut micros: Vec<u64> = lock(&shared.complete)
            .iter()
            .map(|seen| seen.saturating_duration_since(last).as_micros() as u64)
            .collect();
        micros.sort_unstable();
        SpectatorFigures {
            watching: shared.watching.load(Ordering::Relaxed) as usize,
            events: shared.events.load(Ordering::Relaxed),
            bytes_down: self.traffics.iter().map(|each| each.so_far().0).sum(),
            reopened: shared.reopened.load(Ordering::Relaxed),
            saw_the_last: micros.len(),
            p50_ms: quantile_ms(&micros, 0.5),
            p99_ms: quantile_ms(&micros, 0.99),
            max_ms: quantile_ms(&micros, 1.0),
        }
    }
}

async fn watch(shared: Arc<Shared>, mut wire: Wire, path: String) {
    let mut sight = Sight::default();
    loop {
        // Also a stream that failed to open is opened again, after a while.
        drop(follow(&shared, &mut wire, &path, &mut sight).await);
        if shared.over.load(Ordering::Relaxed) {
            return;
        }
        shared.reopened.fetch_add(1, Ordering::Relaxed);
        wire = wire.again();
        sleep(Duration::from_millis(500)).await;
    }
}

/// What one spectator has seen.
#[derive(Debug, Default)]
struct Sight {
    any: bool,
    complete: bool,
}

async fn follow(
    shared: &Shared,
    wire: &mut Wire,
    path: &str,
    sight: &mut Sight,
) -> Result<(), Broken> {
    let mut body = wire.follow(path).await?.into_body();
    let mut events = Events::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Broken(error.to_string()))?;
        let Some(bytes) = frame.data_ref() else {
            continue;
        };
        for handed_in in events.take(bytes) {
            shared.events.fetch_add(1, Ordering::Relaxed);
            if !std::mem::replace(&mut sight.any, true) {
                shared.watching.fetch_add(1, Ordering::Relaxed);
            }
            if handed_in >= shared.entrants && !std::mem::replace(&mut sight.complete, true) {
                lock(&shared.complete).push(Instant::now());
            }
        }
    }
    Ok(())
}

fn lock(seen: &Mutex<Vec<Instant>>) -> std::sync::MutexGuard<'_, Vec<Instant>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Cuts a stream into events and keeps the beginning of each.
#[derive(Debug, Default)]
struct Events {
    head: Vec<u8>,
    line_ended: bool,
}

impl Events {
    /// How many hand-ins each board shows that ended within these bytes.
    fn take(&mut self, bytes: &[u8]) -> Vec<u64> {
        let mut found = Vec::new();
        for byte in bytes {
            if *byte == b'\n' && std::mem::replace(&mut self.line_ended, true) {
                found.extend(handed_in(&self.head));
                self.head.clear();
                self.line_ended = false;
            } else if *byte != b'\n' {
                self.line_ended = false;
                if self.head.len() < HEAD_BYTES {
                    self.head.push(*byte);
                }
            }
        }
        found
    }
}

/// The count in `…"handed_in":12,…`; comments that keep a stream alive have none.
fn handed_in(head: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(head);
    let (_, rest) = text.split_once("\"handed_in\":")?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_cut_wherever_the_bytes_were_cut() {
        let stream = b": ping\n\ndata: {\"handed_in\":3,\"standings\":[]}\n\ndata: {\"handed_in\":14,\"a\":1}\n\n";
        for cut in 0..stream.len() {
            let mut events = Events::default();
            let mut found = events.take(&stream[..cut]);
            found.extend(events.take(&stream[cut..]));
            assert_eq!(found, [3, 14], "cut at {cut}");
        }
    }
}
