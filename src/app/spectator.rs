//! Boards: kept in memory beside the saves, moved by what changed, at most a few times a second. Nothing here writes.

mod live;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use bytes::Bytes;
use tokio::sync::{Mutex as AsyncMutex, watch};

pub use self::live::LiveBoard;
use self::live::{News, by_person};
use crate::{
    app::{App, memory::Hall, memory::lock},
    contest::{ranking, units::UnitStanding},
    error::Result,
    store::{
        attempts,
        versions::{self, Subject},
    },
};

/// The most rounds whose boards are kept while nobody follows them.
const BOARDS_MAX: usize = 64;

/// The whole board of a round, everybody in it; what of it may be shown to whom is the door's to ask of `Audience`.
#[derive(Debug, Clone)]
pub struct Standings {
    pub hall: Arc<Hall>,
    /// Division → everybody in it, those who have not sat at the end without a rank.
    pub people: BTreeMap<String, Vec<ranking::Standing>>,
    pub units: Vec<UnitStanding>,
    /// Entrants whose last attempt has ended.
    pub handed_in: u32,
    /// Entrants who sit now.
    pub sitting: u32,
    /// Without approved leave.
    pub entrants: u32,
    /// Person → state of the last attempt; nobody who has not started.
    pub states: HashMap<String, String>,
    pub computed_at_ms: i64,
}

/// What every spectator is told at a change: the number of it, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub number: u64,
    pub handed_in: u32,
    pub sitting: u32,
    pub entrants: u32,
}

/// The boards somebody has asked for.
#[derive(Debug, Default)]
pub struct Boards {
    shown: Mutex<HashMap<String, Arc<Shown>>>,
    changed: Mutex<HashSet<String>>,
}

/// One of them.
#[derive(Debug)]
struct Shown {
    /// Held while it is brought up to date, so that a crowd of askers is one question.
    refreshing: AsyncMutex<()>,
    live: RwLock<LiveBoard>,
    changes: watch::Sender<Change>,
    whole: Mutex<Option<(u64, Arc<Standings>)>>,
    /// What was made of a change for everybody of one kind: the same bytes to all of them.
    views: Mutex<HashMap<String, View>>,
}

#[derive(Debug)]
struct View {
    change: u64,
    made_at_ms: i64,
    bytes: Bytes,
}

impl Shown {
    fn look<T>(&self, look: impl FnOnce(&LiveBoard) -> T) -> T {
        look(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Boards {
    /// Something changed that this round's board shows.
    pub fn mark(&self, round_id: &str) {
        lock(&self.changed).insert(round_id.to_owned());
    }

    pub fn mark_all(&self) {
        let rounds: Vec<String> = lock(&self.shown).keys().cloned().collect();
        lock(&self.changed).extend(rounds);
    }

    /// Everybody who follows a board now.
    pub fn spectators(&self) -> usize {
        let shown = lock(&self.shown);
        shown
            .values()
            .map(|shown| shown.changes.receiver_count())
            .sum()
    }
}

impl App {
    /// The whole board as it stands at this moment, for organizers and files: as long as the round has entrants.
    pub async fn standings(&self, round_id: &str) -> Result<Arc<Standings>> {
        let shown = self.shown(round_id).await?;
        self.refresh(round_id, &shown).await?;
        Ok(shown.look(|live| {
            let mut whole = lock(&shown.whole);
            match &*whole {
                Some((number, standings)) if *number == live.change.number => standings.clone(),
                _ => {
                    let standings = Arc::new(live.whole(live.standings.board()));
                    *whole = Some((live.change.number, standings.clone()));
                    standings
                }
            }
        }))
    }

    /// Looks at the board as of its last change: for spectators nothing is read.
    pub async fn look_at_board<T>(
        &self,
        round_id: &str,
        look: impl FnOnce(&LiveBoard) -> T,
    ) -> Result<T> {
        let shown = self.shown(round_id).await?;
        // A pause or a board held back shows at once, also where no grade came since.
        let hall = self.hall(round_id).await?;
        if !shown.look(|live| Arc::ptr_eq(&live.hall, &hall)) {
            self.refresh(round_id, &shown).await?;
        }
        Ok(shown.look(look))
    }

    /// Every change of the board. Only the newest is kept for a slow reader.
    pub async fn follow_standings(&self, round_id: &str) -> Result<watch::Receiver<Change>> {
        Ok(self.shown(round_id).await?.changes.subscribe())
    }

    /// What `make` makes of the board, made once per change for all who ask under this name; and again after a second,
    /// since a clock runs in it.
    pub async fn board_view(
        &self,
        round_id: &str,
        name: &str,
        make: impl FnOnce(&LiveBoard, i64) -> Result<Bytes>,
    ) -> Result<Bytes> {
        let shown = self.shown(round_id).await?;
        let now_ms = self.clock.now_ms();
        self.look_at_board(round_id, |live| {
            let mut views = lock(&shown.views);
            if let Some(view) = views.get(name)
                && view.change == live.change.number
                && (0..1_000).contains(&(now_ms - view.made_at_ms))
            {
                return Ok(view.bytes.clone());
            }
            let bytes = make(live, now_ms)?;
            let view = View {
                change: live.change.number,
                made_at_ms: now_ms,
                bytes: bytes.clone(),
            };
            views.insert(name.to_owned(), view);
            Ok(bytes)
        })
        .await?
    }

    /// Brings up to date what changed since the last time and was asked for.
    pub async fn refresh_boards(&self) -> Result<()> {
        let changed = std::mem::take(&mut *lock(&self.boards.changed));
        for round_id in changed {
            let shown = lock(&self.boards.shown).get(&round_id).cloned();
            let Some(shown) = shown else { continue };
            if let Err(error) = self.refresh(&round_id, &shown).await {
                self.boards.mark(&round_id);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn shown(&self, round_id: &str) -> Result<Arc<Shown>> {
        if let Some(shown) = lock(&self.boards.shown).get(round_id) {
            return Ok(shown.clone());
        }
        let live = self.read_board(round_id).await?;
        let mut all = lock(&self.boards.shown);
        if all.len() >= BOARDS_MAX {
            all.retain(|_, shown| shown.changes.receiver_count() > 0);
        }
        let shown = all.entry(round_id.to_owned()).or_insert_with(|| {
            Arc::new(Shown {
                refreshing: AsyncMutex::default(),
                changes: watch::Sender::new(live.change),
                live: RwLock::new(live),
                whole: Mutex::default(),
                views: Mutex::default(),
            })
        });
        Ok(shown.clone())
    }

    /// What changed since the last look, and nothing else, is read and put in its place.
    async fn refresh(&self, round_id: &str, shown: &Shown) -> Result<()> {
        let _alone = shown.refreshing.lock().await;
        let hall = self.hall(round_id).await?;
        let (seen, looked_at_ms) = shown.look(LiveBoard::seen);
        let mut tx = self.store.read().await?;
        let news = News::read(&mut tx, round_id, seen, looked_at_ms).await?;
        drop(tx);
        let now_ms = self.clock.now_ms();
        let mut live = shown.live.write().unwrap_or_else(PoisonError::into_inner);
        let before = live.change;
        live.take_in(news, hall, now_ms);
        if live.change != before {
            shown.changes.send_replace(live.change);
        }
        Ok(())
    }

    async fn read_board(&self, round_id: &str) -> Result<LiveBoard> {
        let hall = self.hall(round_id).await?;
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.read().await?;
        let seen = versions::number(&mut tx, Subject::Boards).await?;
        let results = by_person(attempts::results(&mut tx, round_id).await?);
        Ok(LiveBoard::of(hall, results, seen, now_ms))
    }

    /// The board from nothing but the database: what the one in memory is compared with.
    pub async fn compute_standings(&self, round_id: &str) -> Result<Standings> {
        let live = self.read_board(round_id).await?;
        Ok(live.whole(live.recomputed()))
    }
}
