//! 练习包: questions with keys for a phone that goes where there is no signal. A pack is a go like any other, so that what
//! was answered in the hills comes in by the same door.

use std::sync::Arc;

use crate::{
    app::{
        App,
        coach::{
            Shelf,
            beginning::{Chosen, candidate, paper},
        },
        memory::Publication,
    },
    attempt::behaviour::Behaviour,
    clock::{fresh, fresh_id},
    error::{Code, Error, Result},
    people::Person,
    practice::choose::{Candidate, choose},
    store::practice::{self, Go},
};

/// Questions of one pack.
pub const PACK: usize = 60;

impl App {
    /// Chooses a pack's questions as 练十题 does, of these topics or, where none is named, of all the own posts'. Refused
    /// while an own exam is open.
    pub async fn begin_pack(
        &self,
        person: &Person,
        topics: &[String],
    ) -> Result<(Go, Arc<Publication>)> {
        let shelf = self.shelf(person).await?;
        let seed = fresh::<32>();
        let chosen = choose_pack(&shelf, topics, &seed);
        if chosen.is_empty() {
            let detail = "这些专题现在没有能练的题，换几个专题再下载";
            return Err(Error::refused(Code::Conflict, detail));
        }
        let now_ms = self.clock.now_ms();
        let go = Go {
            id: fresh_id(now_ms),
            person_id: person.id.clone(),
            behaviour: Behaviour::Practice,
            title: "练习包".into(),
            publication_id: shelf.publication.id.clone(),
            paper: paper(&shelf, "练习包", &chosen, &seed),
            reasons: chosen
                .into_iter()
                .map(|(id, why)| (id, why.to_owned()))
                .collect(),
            started_at_ms: now_ms,
            deadline_at_ms: None,
            // It is never 接着练 on the website: where it goes on is the phone.
            finished_at_ms: Some(now_ms),
        };
        let mut tx = self.store.write().await?;
        practice::add(&mut tx, &go).await?;
        tx.commit().await?;
        Ok((go, shelf.publication))
    }
}

fn choose_pack(shelf: &Shelf, topics: &[String], seed: &[u8; 32]) -> Chosen {
    let candidates: Vec<Candidate<'_>> = shelf
        .own()
        .filter(|question| topics.is_empty() || topics.contains(&question.topic))
        .map(|question| candidate(shelf, question))
        .collect();
    let picks = choose(&candidates, shelf.today, seed, PACK).into_iter();
    picks.map(|pick| (pick.id, pick.why.chinese())).collect()
}
