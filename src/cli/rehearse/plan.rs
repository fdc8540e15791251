//! What the rehearsal tells the process that makes the load, and what comes back: JSON over its pipes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::rehearse::figures::PhaseFigures;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    /// `host:port`.
    pub(super) host: String,
    /// `/t/…`, one per candidate.
    pub(super) tickets: Vec<String>,
    pub(super) steps: u32,
    /// Over how many seconds everybody's steps are spread; 0 is one after the other without a pause.
    pub(super) seconds: u32,
    pub(super) spectators: usize,
    /// Where it runs on this machine: its time is read from `/proc`.
    pub(super) server_pid: Option<u32>,
}

/// What the load saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) round: String,
    pub(super) phases: Vec<PhaseFigures>,
    pub(super) spectators: SpectatorFigures,
    pub(super) candidates: Vec<Sat>,
    /// `GET …/board` of people and of units when everybody had handed in.
    pub(super) boards: [Value; 2],
    pub(super) peak_memory: Option<u64>,
}

/// One candidate's exam as the server acknowledged it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Sat {
    pub(super) attempt: String,
    /// The highest number the phone knows.
    pub(super) last_seq: i64,
    pub(super) steps: Vec<KeptStep>,
    /// The attempt and its receipt as `GET /api/v1/attempts/{id}` tells them afterwards.
    pub(super) told: Value,
    /// 交卷凭证 as the hand-in gave it; empty where nothing was handed in.
    pub(super) receipt: String,
}

/// A step that the server said is on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeptStep {
    pub(super) seq: i64,
    pub(super) number: u32,
    pub(super) answer: Value,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct SpectatorFigures {
    pub(super) watching: usize,
    /// Boards received by all of them.
    pub(super) events: u64,
    pub(super) bytes_down: u64,
    /// Streams that ended and were opened again, as a browser does.
    pub(super) reopened: u64,
    /// Who was shown the board with everybody's hand-in.
    pub(super) saw_the_last: usize,
    /// From the last hand-in's answer until a spectator's board had it.
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}
