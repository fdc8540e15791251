//! Whether this copy may be asked: its database answers, and its clock is the one that the other copies go by.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::{app::App, error::Result, store::attempts};

/// Copies may differ by this much from the database's clock, and so from one another by twice as much.
pub const OFFSET_MS_MAX: i64 = 100;
/// Of so many samples the quickest counts.
const SAMPLES: usize = 5;
/// Before the first measurement, and where there is nothing to measure against.
const UNKNOWN: i64 = i64::MIN;

/// How far the database's clock is ahead of this copy's.
#[derive(Debug)]
pub struct ClockOffset(AtomicI64);

impl Default for ClockOffset {
    fn default() -> ClockOffset {
        ClockOffset(AtomicI64::new(UNKNOWN))
    }
}

impl ClockOffset {
    /// Milliseconds; `None` where it was not measured.
    pub fn ms(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|offset| *offset != UNKNOWN)
    }
}

/// Why a copy is not ready: for whoever runs it, in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotReady {
    Stopping,
    Database,
    Clock { offset_ms: i64 },
}

impl std::fmt::Display for NotReady {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NotReady::Stopping => f.write_str("stopping 正在停止"),
            NotReady::Database => f.write_str("database 连不上数据库"),
            NotReady::Clock { offset_ms } => write!(
                f,
                "clock 本机时钟与数据库相差 {offset_ms} 毫秒，超过 {OFFSET_MS_MAX} 毫秒，请校时（NTP）"
            ),
        }
    }
}

impl App {
    pub async fn ready(&self) -> Result<(), NotReady> {
        if *self.stopping.borrow() {
            return Err(NotReady::Stopping);
        }
        if self.poll_versions().await.is_err() {
            return Err(NotReady::Database);
        }
        match self.clock_offset.ms() {
            Some(offset_ms) if offset_ms.abs() > OFFSET_MS_MAX => {
                Err(NotReady::Clock { offset_ms })
            }
            _ => Ok(()),
        }
    }

    pub(in crate::app) async fn keep_time(&self) -> Result<()> {
        self.follow_clock().await?;
        self.measure_clock().await
    }

    /// Looks whether somebody put this machine's clock to another time. While anybody sits, time goes on as it did: no
    /// deadline moves, nothing is closed early, and no step is older than the one before it. When nobody sits, the machine's
    /// time is taken over.
    pub async fn follow_clock(&self) -> Result<()> {
        let jump_ms = self.clock.jump_ms();
        if jump_ms.abs() <= OFFSET_MS_MAX {
            return Ok(());
        }
        if attempts::anybody_sits(&mut self.store.read().await?).await? {
            tracing::warn!(
                jump_ms,
                "this machine's clock was put to another time; while somebody sits, time goes on as it did"
            );
            return Ok(());
        }
        self.clock.follow();
        tracing::warn!(
            jump_ms,
            "this machine's clock was put to another time; nobody sits, so it is followed"
        );
        Ok(())
    }

    /// Asks the database for its time, several times over: what it says is taken as the time half-way between asking
    /// and hearing, and the quickest answer is the best. SQLite has no clock but ours.
    pub async fn measure_clock(&self) -> Result<()> {
        let mut best: Option<(i64, i64)> = None;
        for _ in 0..SAMPLES {
            let asked_ms = self.clock.now_ms();
            let Some(theirs_ms) = self.store.time_ms().await? else {
                return Ok(());
            };
            let heard_ms = self.clock.now_ms();
            let trip_ms = heard_ms - asked_ms;
            let offset_ms = theirs_ms - (asked_ms + trip_ms / 2);
            if best.is_none_or(|(quickest, _)| trip_ms < quickest) {
                best = Some((trip_ms, offset_ms));
            }
        }
        if let Some((_, offset_ms)) = best {
            self.clock_offset.0.store(offset_ms, Ordering::Relaxed);
            if offset_ms.abs() > OFFSET_MS_MAX {
                tracing::error!(offset_ms, "this machine's clock and the database's differ");
            }
        }
        Ok(())
    }
}
