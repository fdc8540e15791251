//! Figures of one phase: counts, latencies and bytes, from a sample per request. Exact, since every sample is kept.

use serde::{Deserialize, Serialize};

/// What a phase was made of, in the order of exam day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    SignIn,
    Start,
    Page,
    Steps,
    HandIn,
    Outcome,
    Board,
}

impl Phase {
    pub(super) const ALL: [Phase; 7] = [
        Phase::SignIn,
        Phase::Start,
        Phase::Page,
        Phase::Steps,
        Phase::HandIn,
        Phase::Outcome,
        Phase::Board,
    ];

    pub(super) fn text(self) -> &'static str {
        match self {
            Phase::SignIn => "登录",
            Phase::Start => "开考",
            Phase::Page => "试卷",
            Phase::Steps => "答题",
            Phase::HandIn => "交卷",
            Phase::Outcome => "成绩单",
            Phase::Board => "成绩榜",
        }
    }

    /// What a complete attempt is made of: signing in and looking at boards are not.
    pub(super) fn is_of_attempt(self) -> bool {
        !matches!(self, Phase::SignIn | Phase::Board)
    }
}

/// One request that got its answer, retries included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) micros: u64,
    pub(super) down: u64,
    pub(super) up: u64,
}

/// What one candidate met in a phase.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) samples: Vec<Sample>,
    /// Answers 503 or 429, after which the same was asked again.
    pub(super) retried: u64,
    /// Connections that broke, after which the same was asked again.
    pub(super) reconnected: u64,
    /// Why a request was given up.
    pub(super) errors: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PhaseFigures {
    pub(super) phase: Phase,
    pub(super) requests: u64,
    pub(super) errors: u64,
    pub(super) retried: u64,
    pub(super) reconnected: u64,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
    /// From the first request to the last answer.
    pub(super) seconds: f64,
    pub(super) per_second: f64,
    /// On the wire, headers included.
    pub(super) bytes_down: u64,
    pub(super) bytes_up: u64,
    /// The server's; `None` where it cannot be measured.
    pub(super) server_cpu_seconds: Option<f64>,
    /// The first few, in words.
    pub(super) first_errors: Vec<String>,
}

/// How many errors of a phase are told in words.
const TOLD_MAX: usize = 5;

impl PhaseFigures {
    pub(super) fn of(
        phase: Phase,
        tallies: Vec<Tally>,
        seconds: f64,
        server_cpu_seconds: Option<f64>,
    ) -> PhaseFigures {
        let mut micros = Vec::new();
        let (mut down, mut up, mut retried, mut reconnected) = (0, 0, 0, 0);
        let mut errors = Vec::new();
        for tally in tallies {
            for sample in &tally.samples {
                micros.push(sample.micros);
                down += sample.down;
                up += sample.up;
            }
            retried += tally.retried;
            reconnected += tally.reconnected;
            errors.extend(tally.errors);
        }
        micros.sort_unstable();
        let at = |share| quantile_ms(&micros, share);
        PhaseFigures {
            phase,
            requests: micros.len() as u64,
            errors: errors.len() as u64,
            retried,
            reconnected,
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: at(1.0),
            seconds,
            per_second: if seconds > 0.0 {
                micros.len() as f64 / seconds
            } else {
                0.0
            },
            bytes_down: down,
            bytes_up: up,
            server_cpu_seconds,
            first_errors: errors.into_iter().take(TOLD_MAX).collect(),
        }
    }
}

/// The smallest sample that `share` of all do not exceed, in milliseconds; 0 of none. `sorted` are microseconds.
pub(super) fn quantile_ms(sorted: &[u64], share: f64) -> f64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted
        .get(place.saturating_sub(1))
        .map_or(0.0, |micros| *micros as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_that_occurred() {
        let hundred: Vec<u64> = (1..=100).map(|each| each * 1000).collect();
        let at = |share| quantile_ms(&hundred, share).round() as u64;
        assert_eq!([at(0.5), at(0.95), at(0.99), at(1.0)], [50, 95, 99, 100]);
        assert_eq!(quantile_ms(&[7_000], 0.5).round() as u64, 7);
        assert_eq!(quantile_ms(&[], 0.99).round() as u64, 0);
    }
}
