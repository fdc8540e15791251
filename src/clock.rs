//! The only now(), cut to milliseconds; the only fresh randomness; civil days in +08:00 whatever the machine's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rand::TryRng;
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, Ordering},
};

/// A clock to hand in: this process's, or one that a test turns.
///
/// The process's takes the machine's time once, at the start, and from then on runs by itself: whoever puts the machine's
/// clock to another time, by an hour or a year, moves no deadline of somebody who sits. `jump_ms` says by how much the two
/// differ, `follow` takes the machine's time over.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    Fixed(Arc<Hands>),
}

/// A test's two clocks, in Unix milliseconds.
#[derive(Debug)]
pub struct Hands {
    ours: AtomicI64,
    machines: AtomicI64,
}

impl Clock {
    pub fn fixed(now_ms: i64) -> Clock {
        Clock::Fixed(Arc::new(Hands {
            ours: AtomicI64::new(now_ms),
            machines: AtomicI64::new(now_ms),
        }))
    }

    /// Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        match self {
            Clock::System => boot_ms() + booted_at_ms().load(Ordering::SeqCst),
            Clock::Fixed(hands) => hands.ours.load(Ordering::SeqCst),
        }
    }

    /// How far the machine's clock is ahead of this one.
    pub fn jump_ms(&self) -> i64 {
        match self {
            Clock::System => machine_ms() - self.now_ms(),
            Clock::Fixed(hands) => {
                hands.machines.load(Ordering::SeqCst) - hands.ours.load(Ordering::SeqCst)
            }
        }
    }

    /// Takes the machine's time over.
    pub fn follow(&self) {
        let jump_ms = self.jump_ms();
        match self {
            Clock::System => booted_at_ms().fetch_add(jump_ms, Ordering::SeqCst),
            Clock::Fixed(hands) => hands.ours.fetch_add(jump_ms, Ordering::SeqCst),
        };
    }

    /// Lets time pass on a fixed clock; the machine's stays as it is.
    pub fn advance(&self, by_ms: i64) {
        if let Clock::Fixed(hands) = self {
            hands.ours.fetch_add(by_ms, Ordering::SeqCst);
            hands.machines.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    /// Somebody puts the machine's clock to another time; of a fixed clock.
    pub fn turn_machine(&self, by_ms: i64) {
        if let Clock::Fixed(hands) = self {
            hands.machines.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    pub fn today(&self) -> NaiveDate {
        civil(self.now_ms()).date_naive()
    }
}

/// When the machine started, by its own clock as it stood at the first question; moved by `follow`.
fn booted_at_ms() -> &'static AtomicI64 {
    static BOOTED_AT_MS: OnceLock<AtomicI64> = OnceLock::new();
    BOOTED_AT_MS.get_or_init(|| AtomicI64::new(machine_ms() - boot_ms()))
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn machine_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// Milliseconds since the machine started, asleep or awake; nobody can turn this clock.
#[cfg(target_os = "linux")]
fn boot_ms() -> i64 {
    let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    since.tv_sec * 1_000 + since.tv_nsec / 1_000_000
}

/// Milliseconds since the first question: elsewhere than on Linux the time that the machine slept is not in it.
#[cfg(not(target_os = "linux"))]
fn boot_ms() -> i64 {
    static FIRST: OnceLock<std::time::Instant> = OnceLock::new();
    FIRST
        .get_or_init(std::time::Instant::now)
        .elapsed()
        .as_millis() as i64
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
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_clock_tells_the_machines_time_and_runs_on() {
        let before_ms = machine_ms();
        let now_ms = Clock::System.now_ms();
        assert!((now_ms - before_ms).abs() < 60_000);
        assert!(Clock::System.now_ms() >= now_ms);
        assert!(boot_ms() > 0);
    }

    #[test]
    fn a_machine_put_to_another_time_is_followed_when_told() {
        let clock = Clock::fixed(1_000);
        clock.turn_machine(-600);
        clock.advance(50);
        assert_eq!((clock.now_ms(), clock.jump_ms()), (1_050, -600));
        clock.follow();
        assert_eq!((clock.now_ms(), clock.jump_ms()), (450, 0));
    }
}
