//! What the pages of a whole hall ask for at the same moment, read together.

use crate::{
    app::App,
    error::Result,
    store::{
        Store,
        attempts::{self, Attempt, OnDesk},
        gather::Gather,
    },
};

/// The doors, one for each kind of read.
#[derive(Debug)]
pub struct Reads {
    on_desks: Gather<String, OnDesk>,
    /// By round and person.
    mine: Gather<(String, String), Vec<Attempt>>,
}

impl Reads {
    pub(in crate::app) fn open(store: &Store) -> Reads {
        let (desks, entries) = (store.clone(), store.clone());
        Reads {
            on_desks: Gather::open(move |ids: Vec<String>| {
                let store = desks.clone();
                async move { attempts::on_desks(&mut store.read().await?, &ids).await }
            }),
            mine: Gather::open(move |keys: Vec<(String, String)>| {
                let store = entries.clone();
                async move { attempts::of_persons(&mut store.read().await?, &keys).await }
            }),
        }
    }
}

impl App {
    /// Everything of an attempt that can change, as it is now.
    pub(in crate::app) async fn on_desk(&self, attempt_id: &str) -> Result<OnDesk> {
        OnDesk::there(self.reads.on_desks.read(attempt_id.to_owned()).await?)
    }

    /// One person's attempts of a round, by number.
    pub(in crate::app) async fn attempts_of(
        &self,
        round_id: &str,
        person_id: &str,
    ) -> Result<Vec<Attempt>> {
        let key = (round_id.to_owned(), person_id.to_owned());
        Ok(self.reads.mine.read(key).await?.unwrap_or_default())
    }
}
