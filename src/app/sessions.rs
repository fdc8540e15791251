//! Who is signed in, from memory. What ended is forgotten at once here, and by every other copy at its next poll.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use quick_cache::sync::Cache;

use crate::{
    app::{
        App,
        registrar::{SignedIn, signed_in, token_hash},
    },
    error::Result,
    store::tokens,
};

/// The most sessions and people at hand; who was here longest ago is read anew.
const SESSIONS_MAX: usize = 50_000;
/// Clocks of copies differ, and a transaction takes a while: sessions that ended this long ago are looked at again.
const LOOK_BACK_MS: i64 = 60_000;

/// Sessions by the hash of their token, people by their id.
#[derive(Debug)]
pub struct Sessions {
    known: Cache<String, Session>,
    people: Cache<String, Arc<SignedIn>>,
    /// Raised whenever something is forgotten: what was read before that is not kept.
    forgotten: AtomicU64,
    looked_at_ms: AtomicI64,
}

/// How often anything had been forgotten at some moment.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Mark(u64);

#[derive(Debug, Clone)]
struct Session {
    person_id: Arc<str>,
    expires_at_ms: i64,
}

impl Default for Sessions {
    fn default() -> Sessions {
        Sessions {
            known: Cache::new(SESSIONS_MAX),
            people: Cache::new(SESSIONS_MAX),
            forgotten: AtomicU64::new(0),
            looked_at_ms: AtomicI64::new(0),
        }
    }
}

impl Sessions {
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// To be taken before what is to be kept is read.
    pub(in crate::app) fn mark(&self) -> Mark {
        Mark(self.forgotten.load(Ordering::SeqCst))
    }

    /// Keeps who holds a session, unless anything was forgotten since the mark.
    pub(in crate::app) fn keep(
        &self,
        Mark(before): Mark,
        hash: String,
        who: Arc<SignedIn>,
        expires_at_ms: i64,
    ) {
        let person_id = who.person.id.clone();
        let session = Session {
            person_id: person_id.as_str().into(),
            expires_at_ms,
        };
        self.known.insert(hash.clone(), session);
        self.people.insert(person_id.clone(), who);
        if self.forgotten.load(Ordering::SeqCst) != before {
            self.known.remove(&hash);
            self.people.remove(&person_id);
        }
    }

    /// This session has ended.
    pub(in crate::app) fn forget(&self, hash: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.remove(hash);
    }

    /// Sessions of this person have ended; those that have not are read anew.
    pub(in crate::app) fn forget_person(&self, person_id: &str) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known
            .retain(|_, session| &*session.person_id != person_id);
        self.people.remove(person_id);
    }

    /// People, units or grants have changed.
    pub(in crate::app) fn forget_people(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.people.clear();
    }
}

impl App {
    /// Who holds this session; `None` when it ended, expired or never was.
    pub async fn session(&self, token: &str) -> Result<Option<Arc<SignedIn>>> {
        let (hash, now_ms) = (token_hash(token), self.clock.now_ms());
        let sessions = &self.memory.sessions;
        if let Some(session) = sessions.known.get(&hash)
            && session.expires_at_ms > now_ms
            && let Some(person) = sessions.people.get(&*session.person_id)
        {
            return Ok(Some(person));
        }
        let mark = sessions.mark();
        let mut tx = self.store.read().await?;
        let found = tokens::session_person(&mut tx, &hash, now_ms).await?;
        let Some((person_id, expires_at_ms)) = found else {
            return Ok(None);
        };
        let person = signed_in(&mut tx, &person_id).await?;
        drop(tx);
        let person = Arc::new(person);
        sessions.keep(mark, hash, person.clone(), expires_at_ms);
        Ok(Some(person))
    }

    /// Forgets the sessions that ended on any copy since the last look.
    pub(in crate::app) async fn forget_ended_sessions(&self) -> Result<()> {
        let sessions = &self.memory.sessions;
        let now_ms = self.clock.now_ms();
        let since_ms = sessions.looked_at_ms.load(Ordering::SeqCst) - LOOK_BACK_MS;
        let mut tx = self.store.read().await?;
        for hash in tokens::sessions_ended_since(&mut tx, since_ms).await? {
            sessions.forget(&hash);
        }
        sessions.looked_at_ms.store(now_ms, Ordering::SeqCst);
        Ok(())
    }

    /// From here on sessions are kept: what ended before this was never at hand.
    pub(in crate::app) fn begin_sessions(&self) {
        let sessions = &self.memory.sessions;
        sessions
            .looked_at_ms
            .store(self.clock.now_ms(), Ordering::SeqCst);
    }
}
