//! The only now(), cut to milliseconds; the only fresh randomness; civil days in +08:00 whatever the machine's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rand::TryRng;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock to hand in: the machine's, or one that a test turns.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Unix milliseconds.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn fixed(now_ms: i64) -> Clock {
        Clock::Fixed(Arc::new(AtomicI64::new(now_ms)))
    }

    /// Unix milliseconds.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now_ms(&self) -> i64 {
        match self {
            Clock::System => Utc::now().timestamp_millis(),
            Clock::Fixed(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Turns a fixed clock; the machine's stays as it is.
    pub fn advance(&self, by_ms: i64) {
        if let Clock::Fixed(now) = self {
            now.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    pub fn today(&self) -> NaiveDate {
        civil(self.now_ms()).date_naive()
    }
}

/// The instant in China's one civil time.
pub fn civil(at_ms: i64) -> DateTime<FixedOffset> {
    zone()
        .timestamp_millis_opt(at_ms)
        .single()
        .unwrap_or_else(|| zone().timestamp_nanos(0))
}

/// +08:00.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset")
}

/// RFC 3339 with milliseconds in +08:00.
pub fn rfc3339(at_ms: i64) -> String {
    civil(at_ms).to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}

/// A local time without an offset is +08:00: `2026-02-18T10:00` → Unix milliseconds.
pub fn local_time(text: &str) -> Option<i64> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok())
        .and_then(|time| zone().from_local_datetime(&time).single())
        .map(|time| time.timestamp_millis())
}

/// Fresh bytes from the operating system.
pub fn fresh<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .expect("an operating system without randomness cannot hold a contest");
    bytes
}

/// A fresh id: 26 characters of Crockford's base 32, of which the first ten are the time, so that ids sort by age.
pub fn fresh_id(now_ms: i64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let chance = fresh::<10>();
    let time = (0..10)
        .rev()
        .map(|place| ((now_ms >> (place * 5)) & 31) as usize);
    let bits = chance
        .iter()
        .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let rest = (0..16).map(|place| ((bits >> (place * 5)) & 31) as usize);
    time.chain(rest)
        .map(|index| char::from(ALPHABET[index]))
        .collect()
}

/// What every id of `fresh_id` made at this time or later sorts after.
pub fn id_floor(at_ms: i64) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let time = (0..10)
        .rev()
        .map(|place| ((at_ms >> (place * 5)) & 31) as usize);
    time.map(|index| char::from(ALPHABET[index])).collect()
}

/// When an id of `fresh_id` was made, to the millisecond.
pub fn id_time_ms(id: &str) -> Option<i64> {
    const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    id.get(..10)?.chars().try_fold(0_i64, |time, letter| {
        Some(time << 5 | ALPHABET.find(letter)? as i64)
    })
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |text, byte| {
            text + &format!("{byte:02x}")
        })
}
