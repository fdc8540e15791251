//! What a copy keeps in memory, all of it rebuilt from the database when a version row says so.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use quick_cache::sync::Cache;
use tokio::sync::OnceCell;

use crate::{
    app::{App, poll::Poll, sessions::Sessions},
    bank::{
        Bank,
        question::{Question, QuestionId, Revision},
    },
    clock::civil,
    contest::round::{Entrant, Round, State},
    error::{Error, Result},
    paper::{
        Paper,
        assemble::{Assembler, Use},
        drawn_with,
    },
    store::{
        Tx,
        attempts::{self, Attempt, Facts},
        banks, rounds, versions,
    },
};

/// The most attempts whose papers are kept at hand; who was here longest ago is read anew.
const SITTINGS_MAX: usize = 20_000;
const PUBLICATIONS_MAX: usize = 16;
const HALLS_MAX: usize = 128;
/// So many changes are told apart; after that all rounds are read anew once.
const CHANGED_MAX: usize = 4_096;

/// All of it bounded; what has to go is what nobody asked for lately.
#[derive(Debug)]
pub struct Memory {
    pub sessions: Sessions,
    pub(in crate::app) poll: Poll,
    /// And how often this copy itself has learnt which it is.
    live_bank: Mutex<(Option<String>, u64)>,
    publications: Cache<String, Arc<Publication>>,
    halls: Cache<HallKey, Arc<Hall>>,
    changes: Mutex<Changes>,
    used: Cache<String, Arc<Used>>,
    sittings: Cache<String, Arc<Sitting>>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory {
            sessions: Sessions::default(),
            poll: Poll::default(),
            live_bank: Mutex::default(),
            publications: Cache::new(PUBLICATIONS_MAX),
            halls: Cache::new(HALLS_MAX),
            changes: Mutex::default(),
            used: Cache::new(HALLS_MAX),
            sittings: Cache::new(SITTINGS_MAX),
        }
    }
}

impl Memory {
    pub(in crate::app) fn set_live_bank(&self, id: String) {
        let mut live = lock(&self.live_bank);
        *live = (Some(id), live.1 + 1);
    }

    /// To be taken before a poll reads.
    pub(in crate::app) fn live_bank_told(&self) -> u64 {
        lock(&self.live_bank).1
    }

    /// What a poll read; says whether it was taken. What this copy has learnt meanwhile is newer.
    pub(in crate::app) fn polled_live_bank(&self, told: u64, id: String) -> bool {
        let mut live = lock(&self.live_bank);
        let is_newest = live.1 == told;
        if is_newest {
            live.0 = Some(id);
        }
        is_newest
    }
}

/// How often rounds changed, as far as this copy knows: all of them at once, and each.
#[derive(Debug, Default)]
struct Changes {
    of_all: u64,
    of_each: HashMap<String, u64>,
}

/// A round with the counts of its changes: what was read before a change is never found after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct HallKey {
    of_all: u64,
    own: u64,
    round: String,
}

impl Changes {
    fn key(&self, round_id: &str) -> HallKey {
        HallKey {
            of_all: self.of_all,
            own: self.of_each.get(round_id).copied().unwrap_or(0),
            round: round_id.to_owned(),
        }
    }
}

/// How often each question was drawn in a round, as far as this copy knows. Read once, when the first paper is drawn.
#[derive(Debug, Default)]
pub struct Used(OnceCell<Mutex<HashMap<QuestionId, u32>>>);

/// A publication of the bank with its questions at hand by revision.
#[derive(Debug)]
pub struct Publication {
    pub id: String,
    pub bank: Bank,
    pub by_revision: HashMap<Revision, Arc<Question>>,
    /// Of all its questions, ascending.
    pub ids: Vec<QuestionId>,
}

/// A sealed round with all that a start needs.
#[derive(Debug)]
pub struct Hall {
    pub round: Round,
    pub entrants: HashMap<String, Entrant>,
    /// The frozen one.
    pub publication: Arc<Publication>,
    /// Blueprint and post → its assembler.
    assemblers: Mutex<HashMap<(String, String), Arc<Assembler>>>,
}

/// What never changes of an attempt.
#[derive(Debug)]
pub struct Sitting {
    pub id: String,
    pub round_id: String,
    pub person_id: String,
    pub number: u32,
    pub paper: Paper,
    pub started_at_ms: i64,
}

impl Sitting {
    pub(in crate::app) fn of(attempt: &Attempt) -> Sitting {
        Sitting {
            id: attempt.id.clone(),
            round_id: attempt.round_id.clone(),
            person_id: attempt.person_id.clone(),
            number: attempt.number,
            paper: attempt.paper.clone(),
            started_at_ms: attempt.started_at_ms,
        }
    }

    /// The whole attempt again, with what is true of it now.
    pub(in crate::app) fn attempt(&self, facts: Facts) -> Attempt {
        Attempt {
            id: self.id.clone(),
            round_id: self.round_id.clone(),
            person_id: self.person_id.clone(),
            number: self.number,
            state: facts.state,
            paper: self.paper.clone(),
            started_at_ms: self.started_at_ms,
            deadline_at_ms: facts.deadline_at_ms,
            seq_reserved: facts.seq_reserved,
            finished_at_ms: facts.finished_at_ms,
            receipt: facts.receipt,
            outcome: facts.outcome,
            paused_ms: facts.paused_ms,
        }
    }
}

impl Hall {
    /// The assembler of an entrant's post. Made once; a blueprint that cannot be filled was refused at sealing.
    pub fn assembler(&self, post: &str) -> Result<Arc<Assembler>> {
        let name = self.round.rules.blueprint_for(post);
        let key = (name.to_owned(), post.to_owned());
        let mut assemblers = lock(&self.assemblers);
        if let Some(assembler) = assemblers.get(&key) {
            return Ok(assembler.clone());
        }
        let assembler = Arc::new(assembler_for(
            &self.publication.bank,
            name,
            post,
            &self.round,
        )?);
        assemblers.insert(key, assembler.clone());
        Ok(assembler)
    }
}

/// The assembler for one post of a round. What is asked must be in force on the day the round opens.
pub fn assembler_for(bank: &Bank, blueprint: &str, post: &str, round: &Round) -> Result<Assembler> {
    let blueprint = bank
        .blueprints
        .iter()
        .find(|each| each.name == blueprint)
        .ok_or_else(|| Error::NotFound(format!("组卷方案“{blueprint}”")))?;
    let day = civil(round.opens_at_ms).date_naive();
    let post = (!post.is_empty()).then_some(post);
    Assembler::new(&bank.questions, blueprint, post, day, Use::Contest).map_err(|shortages| {
        let reasons: Vec<String> = shortages.iter().map(ToString::to_string).collect();
        Error::refused(
            crate::error::Code::Conflict,
            format!(
                "组卷方案“{}”组不成卷：{}",
                blueprint.name,
                reasons.join("；")
            ),
        )
    })
}

/// The ids of a bank's questions, ascending.
pub fn ids_of(bank: &Bank) -> Vec<QuestionId> {
    let mut ids: Vec<QuestionId> = bank.questions.iter().map(|each| each.id.clone()).collect();
    ids.sort_unstable();
    ids
}

impl App {
    /// This round changed, and no other.
    pub(in crate::app) fn forget_round(&self, round_id: &str) {
        let mut changes = lock(&self.memory.changes);
        self.memory.halls.remove(&changes.key(round_id));
        if changes.of_each.len() >= CHANGED_MAX {
            changes.of_all += 1;
            changes.of_each.clear();
        }
        *changes.of_each.entry(round_id.to_owned()).or_insert(0) += 1;
    }

    pub(in crate::app) fn forget_all_rounds(&self) {
        lock(&self.memory.changes).of_all += 1;
        self.memory.halls.clear();
    }

    pub async fn publication(&self, tx: &mut Tx, id: &str) -> Result<Arc<Publication>> {
        if let Some(publication) = self.memory.publications.get(id) {
            return Ok(publication);
        }
        let bank = banks::load(tx, id).await?;
        let by_revision = bank
            .questions
            .iter()
            .map(|question| (question.revision.clone(), question.clone()))
            .collect();
        let publication = Arc::new(Publication {
            id: id.to_owned(),
            ids: ids_of(&bank),
            bank,
            by_revision,
        });
        let publications = &self.memory.publications;
        publications.insert(id.to_owned(), publication.clone());
        Ok(publication)
    }

    /// The bank that is live, as of the last poll; `None` before the first publication.
    pub async fn live_bank(&self) -> Result<Option<Arc<Publication>>> {
        let polled = lock(&self.memory.live_bank).0.clone();
        match polled {
            Some(id) if id.is_empty() => Ok(None),
            Some(id) => match self.memory.publications.get(&id) {
                Some(publication) => Ok(Some(publication)),
                None => {
                    let mut tx = self.store.read().await?;
                    self.publication(&mut tx, &id).await.map(Some)
                }
            },
            None => self.live_bank_now().await,
        }
    }

    /// The bank that the database says is live: for who is about to publish another.
    pub(in crate::app) async fn live_bank_now(&self) -> Result<Option<Arc<Publication>>> {
        let mut tx = self.store.read().await?;
        let id = versions::live_publication(&mut tx).await?;
        self.memory.set_live_bank(id.clone());
        if id.is_empty() {
            return Ok(None);
        }
        self.publication(&mut tx, &id).await.map(Some)
    }

    /// A sealed round, from memory where it is. Read once, however many ask at the same moment.
    pub async fn hall(&self, round_id: &str) -> Result<Arc<Hall>> {
        let key = lock(&self.memory.changes).key(round_id);
        let halls = &self.memory.halls;
        halls
            .get_or_insert_async(&key, self.read_hall(round_id))
            .await
    }

    async fn read_hall(&self, round_id: &str) -> Result<Arc<Hall>> {
        let mut tx = self.store.read().await?;
        let round = rounds::find(&mut tx, round_id).await?;
        if round.state == State::Draft {
            return Err(Error::NotFound("这个场次".into()));
        }
        let publication = self.publication(&mut tx, &round.publication_id).await?;
        let entrants = rounds::entrants(&mut tx, round_id).await?;
        Ok(Arc::new(Hall {
            round,
            entrants: entrants
                .into_iter()
                .map(|entrant| (entrant.person_id.clone(), entrant))
                .collect(),
            publication,
            assemblers: Mutex::default(),
        }))
    }

    /// Lends how often each question was drawn in this round, for one draw that counts its own paper in.
    pub async fn with_used<T>(
        &self,
        hall: &Hall,
        draw: impl FnOnce(&mut HashMap<QuestionId, u32>) -> T,
    ) -> Result<T> {
        let used = &self.memory.used;
        let used = used
            .get_or_insert_async(&*hall.round.id, async { Ok::<_, Error>(Arc::default()) })
            .await?;
        let counts = used.0.get_or_try_init(|| self.read_used(hall)).await?;
        Ok(draw(&mut lock(counts)))
    }

    /// What the newest papers were drawn with, and themselves: on each copy they tell of all before.
    async fn read_used(&self, hall: &Hall) -> Result<Mutex<HashMap<QuestionId, u32>>> {
        let newest = attempts::newest_drawn(&mut self.store.read().await?, &hall.round.id).await?;
        let mut used: HashMap<QuestionId, u32> = HashMap::new();
        for (drawn_with, paper) in newest {
            let Some(mut history) = drawn_with::unpack(&drawn_with, &hall.publication.ids) else {
                continue;
            };
            for question in paper.questions {
                *history.used.entry(question.id).or_insert(0) += 1;
            }
            for (id, count) in history.used {
                let known = used.entry(id).or_insert(0);
                *known = count.max(*known);
            }
        }
        Ok(Mutex::new(used))
    }

    /// An attempt's unchanging part; `NotFound` too when it is somebody else's.
    pub async fn sitting(&self, attempt_id: &str, person_id: &str) -> Result<Arc<Sitting>> {
        let sitting = match self.memory.sittings.get(attempt_id) {
            Some(sitting) => sitting,
            None => self.read_sitting(attempt_id).await?,
        };
        if sitting.person_id == person_id {
            Ok(sitting)
        } else {
            Err(Error::NotFound("这次作答".into()))
        }
    }

    async fn read_sitting(&self, attempt_id: &str) -> Result<Arc<Sitting>> {
        let mut tx = self.store.read().await?;
        let attempt = attempts::find(&mut tx, attempt_id)
            .await?
            .ok_or_else(|| Error::NotFound("这次作答".into()))?;
        Ok(self.keep_sitting(Sitting::of(&attempt)))
    }

    pub(in crate::app) fn keep_sitting(&self, sitting: Sitting) -> Arc<Sitting> {
        let sitting = Arc::new(sitting);
        let sittings = &self.memory.sittings;
        sittings.insert(sitting.id.clone(), sitting.clone());
        sitting
    }
}

/// Questions that were on any of these papers.
pub(in crate::app) fn seen_on<'a>(papers: impl Iterator<Item = &'a Paper>) -> HashSet<QuestionId> {
    papers
        .flat_map(|paper| &paper.questions)
        .map(|question| question.id.clone())
        .collect()
}

/// What a lock guards here is a cache: a panic beside it leaves nothing half-done worth refusing.
pub(in crate::app) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
