//! 查政策: what a signed-in person may look up now. Nobody's questions are kept, counted or logged.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::{
    app::{
        App,
        memory::{Publication, lock, seen_on},
    },
    bank::question::QuestionId,
    contest::round::Shown,
    error::{Code, Error, Result},
    lookup::{
        entry::Entry,
        index::{Fit, Index},
    },
};

/// Raised when a phone's kept pack must be fetched anew although the bank is the same.
const PACK_FORMAT: u32 = 2;

/// The index of the live bank for today, made once a publication and day.
#[derive(Debug, Default)]
pub struct Lookups(Mutex<Option<Arc<Lookup>>>);

#[derive(Debug)]
struct Lookup {
    day: NaiveDate,
    publication: Arc<Publication>,
    index: Index,
}

/// What somebody may look up now: everything but what stands on own papers that are not released.
#[derive(Debug, Clone)]
pub struct OpenBook {
    lookup: Arc<Lookup>,
    without: HashSet<QuestionId>,
}

impl App {
    /// Refused while an attempt is open: who sits a paper gets no keys.
    pub async fn open_book(&self, person_id: &str) -> Result<OpenBook> {
        let mut without = HashSet::new();
        for mine in self.rounds_of(person_id).await? {
            if mine.open_attempt.is_some() {
                let name = &mine.hall.round.name;
                let detail = format!("“{name}”正在作答，这时候不能查。交卷以后再来。");
                return Err(Error::refused(Code::Conflict, detail));
            }
            if mine.hall.round.shown() != Shown::Keys {
                for attempt in &mine.attempts {
                    let sitting = self.sitting(&attempt.id, person_id).await?;
                    without.extend(seen_on(std::iter::once(&sitting.paper)));
                }
            }
        }
        Ok(OpenBook {
            lookup: self.lookup().await?,
            without,
        })
    }

    async fn lookup(&self) -> Result<Arc<Lookup>> {
        let publication = self
            .live_bank()
            .await?
            .ok_or_else(|| Error::NotFound("题库：还没有题".into()))?;
        let day = self.clock.today();
        let kept = lock(&self.lookups.0).clone();
        if let Some(lookup) =
            kept.filter(|kept| kept.day == day && kept.publication.id == publication.id)
        {
            return Ok(lookup);
        }
        let made = tokio::task::spawn_blocking(move || {
            let index = Index::new(&publication.bank, day);
            Arc::new(Lookup {
                day,
                publication,
                index,
            })
        });
        let lookup = made
            .await
            .map_err(|source| Error::internal("编索引的任务停了", source))?;
        *lock(&self.lookups.0) = Some(lookup.clone());
        Ok(lookup)
    }
}

impl OpenBook {
    /// The best `most`, best first, and whether the first is an answer.
    pub fn search(&self, query: &str, most: usize) -> (Vec<Entry>, Fit) {
        let found = self.lookup.index.search(query, &self.without, most);
        let entries = found.entries.into_iter();
        (
            entries
                .map(|entry| entry.clone().without(&self.without))
                .collect(),
            found.fit,
        )
    }

    /// Every topic with how many entries it has, in the bank's order.
    pub fn topics(&self) -> Vec<(String, usize)> {
        let mut topics: Vec<(String, usize)> = Vec::new();
        for entry in self.entries() {
            match topics.iter_mut().find(|(topic, _)| *topic == entry.topic) {
                Some((_, count)) => *count += 1,
                None => topics.push((entry.topic.clone(), 1)),
            }
        }
        topics
    }

    pub fn of_topic(&self, topic: &str) -> Vec<Entry> {
        let entries = self.entries().filter(|entry| entry.topic == topic);
        entries
            .map(|entry| entry.clone().without(&self.without))
            .collect()
    }

    /// What the pack that may be kept now is called: another bank, day or person's papers, another name. 16 hex digits.
    pub fn version(&self) -> String {
        let mut without: Vec<&str> = self.without.iter().map(|id| id.0.as_str()).collect();
        without.sort_unstable();
        let lookup = &self.lookup;
        let named = format!(
            "{PACK_FORMAT} {} {} {}",
            lookup.publication.id,
            lookup.day,
            without.join(" ")
        );
        let digest = Sha256::digest(named);
        digest
            .iter()
            .take(8)
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// The pack as JSON.
    pub fn pack(&self) -> Result<Vec<u8>> {
        let lookup = &self.lookup;
        let pack = lookup
            .index
            .pack(&lookup.publication.bank.synonyms, &self.without);
        serde_json::to_vec(&pack).map_err(|source| Error::internal("写不出 JSON", source))
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.lookup.index.entries.iter();
        entries.filter(|entry| !self.without.contains(&entry.id))
    }
}
