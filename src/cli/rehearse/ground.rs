//! The ground of a rehearsal: a scratch database with invented people, their tickets and a sealed round. All of it goes
//! when the rehearsal is over, however it ends.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::{
    app::{App, organizer::Draft, registrar::Import},
    clock::Clock,
    contest::round::{Release, Rules},
    error::Result,
    exchange::{embedded_bank, roster::RosterRow},
    store::{Store, scratch::Schema},
};

pub(super) const ACTOR: &str = "command-line";
const BLUEPRINT: &str = "通用·镇内赛笔试";
/// Who lives in one invented village, by post.
const VILLAGE: [&str; 10] = [
    "村党组织书记",
    "村委会主任",
    "副书记",
    "副主任",
    "村文书",
    "第一书记",
    "村民小组长",
    "村民小组长",
    "村民小组长",
    "村民小组长",
];

/// Where the scratch data are.
#[derive(Debug)]
pub(super) struct Ground {
    folder: TempDir,
    schema: Option<Schema>,
    pub(super) url: String,
}

impl Ground {
    /// A file in a fresh folder below `folder`, or a fresh schema on `postgres`.
    pub(super) async fn make(folder: &Path, postgres: Option<&str>) -> Result<Ground> {
        fs::create_dir_all(folder)?;
        let folder = tempfile::Builder::new()
            .prefix("yikouqing-rehearsal-")
            .tempdir_in(folder)?;
        let schema = match postgres {
            Some(server) => Some(Schema::make(server).await?),
            None => None,
        };
        let url = schema.as_ref().map_or_else(
            || format!("sqlite:{}", folder.path().join("rehearsal.db").display()),
            |schema| schema.url.clone(),
        );
        Ok(Ground {
            folder,
            schema,
            url,
        })
    }

    /// People, tickets and a sealed, open round; the tickets as paths, `/t/…`.
    pub(super) async fn furnish(&self, candidates: usize, hours: i64) -> Result<Vec<String>> {
        let app = App::open(Store::open(&self.url).await?, Clock::System, String::new());
        app.publish(&embedded_bank::files()).await?;
        app.import_roster(ACTOR, "演练镇", &roster(candidates), Import::ForReal)
            .await?;
        let tickets = app.issue_tickets(ACTOR, "").await?;
        let now_ms = app.clock.now_ms();
        let mut rules = Rules::usual(BLUEPRINT.into());
        rules.release = Release::HandIn;
        rules.rehearsal = true;
        let draft = Draft {
            name: "开考演练".into(),
            unit: String::new(),
            opens_at_ms: now_ms,
            closes_at_ms: now_ms + hours * 3_600_000,
            limit_ms: Some(hours * 3_600_000),
            rules,
        };
        let round = app.create_round(ACTOR, draft).await?;
        app.seal_round(ACTOR, &round.id).await?;
        app.store.close().await;
        Ok(tickets.into_iter().map(|ticket| ticket.link).collect())
    }

    /// Takes the scratch data away.
    pub(super) async fn clear(self) -> Result<()> {
        if let Some(schema) = self.schema {
            schema.remove().await?;
        }
        Ok(self.folder.close()?)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Invented people, ten to a village, whose names say that they are.
fn roster(candidates: usize) -> Vec<RosterRow> {
    (0..candidates)
        .map(|place| RosterRow {
            row: place + 2,
            name: format!("演练{:05}", place + 1),
            unit: format!("演练{:04}村", place / VILLAGE.len() + 1),
            unit_column: "B".into(),
            group: String::new(),
            posts: vec![VILLAGE[place % VILLAGE.len()].to_owned()],
            post_column: "C".into(),
            phone: String::new(),
        })
        .collect()
}
