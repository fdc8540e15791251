//! How much one account may ask of the program: by person, ticket or phone number, never by address, since a whole
//! village sits behind one. Generous: nobody who answers questions ever meets it.

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;

use crate::error::{Code, Error};

/// The most accounts remembered; who asks for little is forgotten first, and so begins with a full measure again.
const ACCOUNTS_MAX: usize = 20_000;

/// What is asked for. Each has a measure of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asks {
    /// Saving steps and handing in.
    Steps,
    /// Starting and resuming.
    Start,
    Board,
    /// With this ticket or this phone number, by whoever holds it.
    SignIn,
}

/// So many at once, and so many a second after that.
#[derive(Debug, Clone, Copy)]
struct Measure {
    most: f64,
    each_second: f64,
}

impl Asks {
    fn measure(self) -> Measure {
        let (most, each_second) = match self {
            Asks::Steps => (5_000.0, 100.0),
            Asks::Start => (120.0, 2.0),
            Asks::Board => (300.0, 10.0),
            Asks::SignIn => (60.0, 1.0),
        };
        Measure { most, each_second }
    }
}

/// The measures as they stand.
#[derive(Debug)]
pub struct Limits(Cache<(Asks, String), Arc<Mutex<Bucket>>>);

#[derive(Debug)]
struct Bucket {
    left: f64,
    at_ms: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits(Cache::new(ACCOUNTS_MAX))
    }
}

impl Limits {
    /// Takes one of this account's measure, or says to wait.
    pub fn take(&self, asks: Asks, account: &str, now_ms: i64) -> Result<(), Error> {
        let Measure { most, each_second } = asks.measure();
        let key = (asks, account.to_owned());
        let full = || {
            Arc::new(Mutex::new(Bucket {
                left: most,
                at_ms: now_ms,
            }))
        };
        let bucket = self.0.get(&key).unwrap_or_else(|| {
            let bucket = full();
            self.0.insert(key, bucket.clone());
            bucket
        });
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let since_ms = (now_ms - bucket.at_ms).max(0);
        bucket.left = (bucket.left + since_ms as f64 * each_second / 1_000.0).min(most);
        bucket.at_ms = now_ms;
        if bucket.left < 1.0 {
            let detail = "操作太快了，请等几秒，系统会自动重试";
            return Err(Error::refused(Code::TooMany, detail));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_waits_and_no_other_does() {
        let limits = Limits::default();
        let ask = |account: &str, now_ms| limits.take(Asks::Start, account, now_ms).is_ok();
        assert!((0..120).all(|_| ask("li", 0)));
        assert!(!ask("li", 0));
        assert!(ask("wang", 0), "nobody pays for somebody else");
        assert!(
            limits.take(Asks::Steps, "li", 0).is_ok(),
            "nor for something else"
        );
        assert!(!ask("li", 400));
        assert!(ask("li", 500), "half a second gives one of two");
        assert!(!ask("li", 100), "a clock that is put back gives nothing");
    }
}
