//! The editor: folders of Markdown become the live bank, question by question, and never break a round on the way.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    app::{
        App,
        memory::{assembler_for, lock},
    },
    bank::{
        Bank, SourceFile,
        blueprint::Blueprint,
        fault::{Fault, Severity},
        question::Question,
    },
    clock::fresh_id,
    contest::round::State,
    error::Result,
    exchange::bank_folder,
    store::{
        banks,
        record::{self, Act},
        rounds, versions,
    },
};

/// What the last look at the folders found, for the trainer's page.
#[derive(Debug, Default)]
pub struct Watched(Mutex<Arc<Look>>);

#[derive(Debug, Clone, Default)]
pub struct Look {
    pub faults: Vec<Fault>,
    /// Questions whose last good revision stays because the new text is faulty.
    pub kept_back: Vec<String>,
    /// Why the whole change waits, where it does.
    pub held: Option<String>,
    pub looked_at_ms: i64,
}

impl Watched {
    pub fn look(&self) -> Arc<Look> {
        lock(&self.0).clone()
    }
}

impl App {
    /// Reads the files and makes what is sound live.
    pub async fn publish(&self, files: &[SourceFile]) -> Result<Arc<Look>> {
        let now_ms = self.clock.now_ms();
        let mut bank = Bank::read(files, self.clock.today());
        let live = self.live_bank_now().await?;
        let kept_back = live
            .as_ref()
            .map_or_else(Vec::new, |live| keep_last_good(&mut bank, &live.bank));
        let held = match &live {
            Some(live) => self.unfillable(&bank, &live.bank).await?,
            None => None,
        };
        if held.is_none() && (live.is_some() || !bank.questions.is_empty()) {
            let previous = live
                .as_ref()
                .map_or_else(String::new, |live| live.id.clone());
            self.make_live(&bank, &previous, now_ms).await?;
        }
        let look = Arc::new(Look {
            faults: bank.faults,
            kept_back,
            held,
            looked_at_ms: now_ms,
        });
        *lock(&self.watched.0) = look.clone();
        Ok(look)
    }

    async fn make_live(&self, bank: &Bank, previous: &str, now_ms: i64) -> Result<()> {
        let next = banks::publication_id(bank);
        if next == previous {
            return Ok(());
        }
        let mut tx = self.store.write().await?;
        banks::save(&mut tx, bank, now_ms).await?;
        // Another copy may have published since: then its word stands, and this one looks again.
        if versions::replace_live_publication(&mut tx, previous, &next).await? {
            let act = Act {
                id: fresh_id(now_ms),
                at_ms: now_ms,
                actor: "program",
                act: "publish-bank",
                subject: &next,
                detail: serde_json::json!({ "before": previous, "questions": bank.questions.len(), "revision": bank.revision().0 }),
            };
            record::append(&mut tx, act).await?;
            tx.commit().await?;
            self.memory.set_live_bank(next);
            tracing::info!(questions = bank.questions.len(), "题库已更新");
        } else {
            let theirs = versions::live_publication(&mut tx).await?;
            self.memory.set_live_bank(theirs);
        }
        Ok(())
    }

    /// Why this bank must wait: a round that is set up or runs could be filled before, and could not be after.
    async fn unfillable(&self, next: &Bank, live: &Bank) -> Result<Option<String>> {
        let rounds = rounds::all(&mut self.store.read().await?).await?;
        for round in rounds
            .iter()
            .filter(|round| matches!(round.state, State::Draft | State::Sealed))
        {
            let posts = live.posts.posts.iter().map(|post| post.name.as_str());
            for post in posts {
                let name = round.rules.blueprint_for(post);
                if assembler_for(live, name, post, round).is_ok()
                    && let Err(error) = assembler_for(next, name, post, round)
                {
                    return Ok(Some(format!(
                        "场次“{}”还要用题库：{error}。这次改动先不上线，原来的题库照常用。",
                        round.name
                    )));
                }
            }
        }
        Ok(None)
    }
}

/// A question whose new text is faulty keeps its last good revision, while its neighbours go live.
fn keep_last_good(bank: &mut Bank, live: &Bank) -> Vec<String> {
    let kept: Vec<Arc<Question>> = live
        .questions
        .iter()
        .filter(|question| bank.keeps_out(question))
        .cloned()
        .collect();
    let broken = |file: &str| {
        let errors = bank
            .faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error);
        errors.into_iter().any(|fault| fault.file == file)
    };
    let blueprints: Vec<Blueprint> = live
        .blueprints
        .iter()
        .filter(|earlier| bank.blueprint(&earlier.name).is_none() && broken(&earlier.place.file))
        .cloned()
        .collect();
    // A row that cannot be read would leave its people without division and blueprint.
    let posts_broken = bank.faults.iter().any(|fault| {
        fault.severity == Severity::Error && fault.file.rsplit('/').next() == Some("posts.md")
    });
    if posts_broken || (bank.posts.posts.is_empty() && bank.has_errors()) {
        bank.posts = live.posts.clone();
    }
    let synonyms_broken = bank.faults.iter().any(|fault| {
        fault.severity == Severity::Error && fault.file.rsplit('/').next() == Some("synonyms.md")
    });
    if synonyms_broken && bank.synonyms.is_empty() {
        bank.synonyms = live.synonyms.clone();
    }
    let ids = kept.iter().map(|question| question.id.0.clone()).collect();
    bank.questions.extend(kept);
    // In their places again, so that a bank in which nothing sound changed is the same publication.
    bank.questions.sort_by(|one, other| {
        let place = |question: &Question| (question.place.file.clone(), question.place.line);
        place(one).cmp(&place(other))
    });
    bank.blueprints.extend(blueprints);
    ids
}

/// Looks at the folders every half second; a change is live within two.
pub(in crate::app) async fn watch_folders(
    app: Arc<App>,
    folders: Vec<PathBuf>,
    mut stop: watch::Receiver<bool>,
) {
    let mut before = None;
    while !*stop.borrow() {
        let looked = folders.clone();
        let print = tokio::task::spawn_blocking(move || bank_folder::fingerprint(&looked)).await;
        if let Ok(Ok(print)) = print
            && before.as_ref() != Some(&print)
        {
            match publish_folders(&app, folders.clone()).await {
                Ok(()) => before = Some(print),
                Err(error) => tracing::error!(%error, "题库文件夹读不了，稍后再试"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn publish_folders(app: &App, folders: Vec<PathBuf>) -> Result<()> {
    let files = tokio::task::spawn_blocking(move || bank_folder::read_folders(&folders))
        .await
        .map_err(|source| crate::error::Error::internal("读题库的任务停了", source))??;
    app.publish(&files).await.map(drop)
}
