//! How much one account may ask of the program: by person, ticket or phone number, never by address, since a whole
//! village sits behind one. Generous: nobody who answers questions ever meets it.

use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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

/// The most streams of events that are open at once, each a connection: who watches must leave room for who sits.
const STREAMS_MAX: usize = 32_000;

/// The streams of events that may still be opened; people without an account may have half of them.
#[derive(Debug, Clone)]
pub struct Streams {
    all: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
}

/// An open stream's place, free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    _all: OwnedSemaphorePermit,
    _strangers: Option<OwnedSemaphorePermit>,
}

impl Default for Streams {
    fn default() -> Streams {
        Streams::of(STREAMS_MAX)
    }
}

impl Streams {
    pub fn of(most: usize) -> Streams {
        Streams {
            all: Arc::new(Semaphore::new(most)),
            strangers: Arc::new(Semaphore::new(most / 2)),
        }
    }

    /// At most half of what may be open in this process, whatever the rest is needed for.
    pub fn within_files(files: u64) -> Streams {
        let half = usize::try_from(files / 2).unwrap_or(usize::MAX);
        Streams::of(half.min(STREAMS_MAX))
    }

    /// A place for one more, of an account or of nobody; or to come again later.
    pub fn take(&self, account: Option<&str>) -> Result<Place, Error> {
        let strangers = match account {
            Some(_) => None,
            None => Some(place(&self.strangers)?),
        };
        Ok(Place {
            _all: place(&self.all)?,
            _strangers: strangers,
        })
    }
}

fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Error> {
    let full = |_| Error::refused(Code::Busy, "现在看榜的人太多，请过一会儿再打开");
    places.clone().try_acquire_owned().map_err(full)
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

    #[test]
    fn strangers_take_half_and_leave_the_rest_to_the_others() {
        let streams = Streams::of(4);
        let (one, two) = (streams.take(None).unwrap(), streams.take(None).unwrap());
        assert!(streams.take(None).is_err());
        let entrants = [streams.take(Some("li")), streams.take(Some("li"))];
        assert!(entrants.iter().all(Result::is_ok));
        assert!(streams.take(Some("wang")).is_err(), "that is all");
        drop(one);
        assert!(streams.take(None).is_ok(), "who leaves makes room");
        drop(two);
    }

    #[test]
    fn a_process_that_may_open_little_lets_few_watch() {
        let few = Streams::within_files(20);
        let places: Vec<_> = (0..10).map(|_| few.take(Some("li"))).collect();
        assert!(places.iter().all(Result::is_ok) && few.take(Some("li")).is_err());
        assert_eq!(
            Streams::within_files(u64::MAX).all.available_permits(),
            STREAMS_MAX
        );
    }
}
