//! What a copy keeps in memory, all of it rebuilt from the database when a version row says so.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    app::App,
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
    },
    store::{Tx, attempts, banks, rounds, versions},
};

/// The most attempts whose papers are kept at hand.
const SITTINGS_MAX: usize = 20_000;
const PUBLICATIONS_MAX: usize = 16;

#[derive(Debug, Default)]
pub struct Memory {
    seen: Mutex<HashMap<String, i64>>,
    publications: Mutex<HashMap<String, Arc<Publication>>>,
    halls: Mutex<HashMap<String, Arc<Hall>>>,
    sittings: Mutex<HashMap<String, Arc<Sitting>>>,
}

/// A publication of the bank with its questions at hand by revision.
#[derive(Debug)]
pub struct Publication {
    pub id: String,
    pub bank: Bank,
    pub by_revision: HashMap<Revision, Arc<Question>>,
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
    /// How often each question was drawn in this round, as far as this copy knows.
    pub used: Mutex<HashMap<QuestionId, u32>>,
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

impl App {
    /// Looks at the version rows; what others changed is forgotten and read anew when it is asked for.
    pub async fn poll_versions(&self) -> Result<()> {
        let rows = versions::all(&mut self.store.read().await?).await?;
        let mut changed = Vec::new();
        {
            let mut seen = lock(&self.memory.seen);
            for (name, (number, _)) in rows {
                if seen.insert(name.clone(), number) != Some(number) {
                    changed.push(name);
                }
            }
        }
        for name in changed {
            match name.as_str() {
                "rounds" => {
                    self.forget_rounds();
                    self.boards.mark_all();
                }
                "boards" => self.boards.mark_all(),
                _ => {}
            }
        }
        Ok(())
    }

    pub(in crate::app) fn forget_rounds(&self) {
        lock(&self.memory.halls).clear();
    }

    pub async fn publication(&self, tx: &mut Tx, id: &str) -> Result<Arc<Publication>> {
        if let Some(publication) = lock(&self.memory.publications).get(id) {
            return Ok(publication.clone());
        }
        let bank = banks::load(tx, id).await?;
        let by_revision = bank
            .questions
            .iter()
            .map(|question| (question.revision.clone(), Arc::new(question.clone())))
            .collect();
        let publication = Arc::new(Publication {
            id: id.to_owned(),
            bank,
            by_revision,
        });
        let mut publications = lock(&self.memory.publications);
        if publications.len() >= PUBLICATIONS_MAX {
            publications.clear();
        }
        publications.insert(id.to_owned(), publication.clone());
        Ok(publication)
    }

    /// The bank that is live now; `None` before the first publication.
    pub async fn live_bank(&self) -> Result<Option<Arc<Publication>>> {
        let mut tx = self.store.read().await?;
        let id = versions::live_publication(&mut tx).await?;
        if id.is_empty() {
            return Ok(None);
        }
        self.publication(&mut tx, &id).await.map(Some)
    }

    /// A sealed round, from memory where it is.
    pub async fn hall(&self, round_id: &str) -> Result<Arc<Hall>> {
        if let Some(hall) = lock(&self.memory.halls).get(round_id) {
            return Ok(hall.clone());
        }
        let mut tx = self.store.read().await?;
        let round = rounds::find(&mut tx, round_id).await?;
        if round.state == State::Draft {
            return Err(Error::NotFound("这个场次".into()));
        }
        let publication = self.publication(&mut tx, &round.publication_id).await?;
        let entrants = rounds::entrants(&mut tx, round_id).await?;
        let mut used = HashMap::new();
        for question in attempts::papers(&mut tx, round_id)
            .await?
            .into_iter()
            .flat_map(|paper| paper.questions)
        {
            *used.entry(question.id).or_insert(0) += 1;
        }
        let hall = Arc::new(Hall {
            round,
            entrants: entrants
                .into_iter()
                .map(|entrant| (entrant.person_id.clone(), entrant))
                .collect(),
            publication,
            assemblers: Mutex::default(),
            used: Mutex::new(used),
        });
        lock(&self.memory.halls).insert(round_id.to_owned(), hall.clone());
        Ok(hall)
    }

    /// An attempt's unchanging part; `NotFound` too when it is somebody else's.
    pub async fn sitting(&self, attempt_id: &str, person_id: &str) -> Result<Arc<Sitting>> {
        let found = lock(&self.memory.sittings).get(attempt_id).cloned();
        let sitting = match found {
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
        let sitting = Arc::new(Sitting {
            id: attempt.id,
            round_id: attempt.round_id,
            person_id: attempt.person_id,
            number: attempt.number,
            paper: attempt.paper,
            started_at_ms: attempt.started_at_ms,
        });
        let mut sittings = lock(&self.memory.sittings);
        if sittings.len() >= SITTINGS_MAX {
            sittings.clear();
        }
        sittings.insert(attempt_id.to_owned(), sitting.clone());
        Ok(sitting)
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
