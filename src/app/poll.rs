//! What other copies changed: the version rows are polled, and what they name is forgotten and read anew when asked for.

use std::{collections::HashMap, time::Duration};

use tokio::sync::{Notify, watch};

use crate::{
    app::{App, memory::lock},
    error::Result,
    store::versions,
};

/// The longest between two looks; at most half a second is promised.
const PAUSE: Duration = Duration::from_millis(300);
/// The shortest, however often somebody is told to look.
const REST: Duration = Duration::from_millis(50);

/// What was seen at the last look, and who wakes the next one.
#[derive(Debug, Default)]
pub struct Poll {
    seen: std::sync::Mutex<HashMap<String, i64>>,
    woken: Notify,
}

impl App {
    /// Looks at the version rows. What cannot be followed up now is seen again at the next look.
    pub async fn poll_versions(&self) -> Result<()> {
        let told = self.memory.live_bank_told();
        let rows = versions::all(&mut self.store.read().await?).await?;
        for (name, (number, value)) in rows {
            let seen = lock(&self.memory.poll.seen).get(&name).copied();
            if seen == Some(number) {
                continue;
            }
            // Published here while the rows were read: the next look sees it.
            if name == "bank" && !self.memory.polled_live_bank(told, value.clone()) {
                continue;
            }
            match name.as_str() {
                "people" => self.memory.sessions.forget_people(),
                "sessions" => self.forget_ended_sessions().await?,
                "rounds" => self.forget_changed_rounds(&value, seen, number),
                "boards" => self.boards.mark_all(),
                _ => {}
            }
            lock(&self.memory.poll.seen).insert(name, number);
        }
        Ok(())
    }

    /// What other rounds are is not read anew for a change in one of them.
    fn forget_changed_rounds(&self, value: &str, seen: Option<i64>, number: i64) {
        let changed = seen.and_then(|seen| versions::changed_since(value, seen, number));
        let Some(changed) = changed else {
            self.forget_all_rounds();
            self.boards.mark_all();
            return;
        };
        for round_id in changed {
            self.forget_round(round_id);
            self.boards.mark(round_id);
        }
    }

    pub(in crate::app) async fn keep_polling(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.poll_versions().await {
                tracing::error!(%error, "the version rows cannot be read");
            }
            tokio::time::sleep(REST).await;
            tokio::select! {
                () = tokio::time::sleep(PAUSE.saturating_sub(REST)) => {}
                () = self.memory.poll.woken.notified() => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// PostgreSQL tells of changes; without its word the poll looks all the same, only later.
    pub(in crate::app) async fn keep_listening(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            tokio::select! {
                told = versions::listen(&self.store, || self.memory.poll.woken.notify_one()) => match told {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(%error, "nobody tells of changes, the poll goes on"),
                },
                _ = stop.changed() => return,
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
                _ = stop.changed() => return,
            }
        }
    }
}
