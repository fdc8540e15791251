//! The server's clock decides: the earlier of (start + limit + extension) and (window close + extension).

/// All in Unix milliseconds or milliseconds. A pause shifts window and deadlines and so comes in `paused_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    pub started_at_ms: i64,
    pub limit_ms: i64,
    pub closes_at_ms: i64,
    pub extension_ms: i64,
    /// Time the round stood still since this attempt began.
    pub paused_ms: i64,
}

impl Deadline {
    pub fn at_ms(self) -> i64 {
        let own = self.started_at_ms + self.limit_ms;
        own.min(self.closes_at_ms) + self.extension_ms + self.paused_ms
    }

    /// At or before the deadline is in time.
    pub fn keeps(self, at_ms: i64) -> bool {
        at_ms <= self.at_ms()
    }
}

/// A stored deadline as it stands now: while the round stands still, it moves on with the clock, unless it was over before.
pub fn standing_deadline(deadline_at_ms: i64, paused_at_ms: Option<i64>, now_ms: i64) -> i64 {
    match paused_at_ms {
        Some(since_ms) if deadline_at_ms >= since_ms => deadline_at_ms + (now_ms - since_ms).max(0),
        _ => deadline_at_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn the_earlier_of_own_limit_and_window_shifted_by_extension_and_pause() {
        let deadline = Deadline {
            started_at_ms: 0,
            limit_ms: HOUR,
            closes_at_ms: HOUR / 2,
            extension_ms: 60_000,
            paused_ms: 5_000,
        };
        assert_eq!(deadline.at_ms(), HOUR / 2 + 65_000);
        assert!(deadline.keeps(HOUR / 2 + 65_000));
        assert!(!deadline.keeps(HOUR / 2 + 65_001));
    }
}
