//! The stage of a story: a township of a dozen people, a small bank, a fixed clock, the router in process.

pub(crate) mod bank;
pub(crate) mod cadre;
mod database;
pub(crate) mod door;
pub(crate) mod reply;

use std::{collections::HashMap, sync::Arc};

use tokio::sync::OnceCell;
use yikouqing::{
    app::{
        App,
        organizer::Draft,
        registrar::{Import, Imported},
    },
    bank::SourceFile,
    clock::{Clock, local_time},
    contest::round::{Round, Rules},
    exchange::roster,
    people::Role,
    store::Store,
    web::{server, state::Demonstration},
};

use cadre::Cadre;
pub(crate) use database::Database;
use database::Ground;
use door::Door;

pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
/// The limit of every round here that declares none: the blueprint's forty minutes.
pub(crate) const LIMIT_MS: i64 = 40 * MINUTE_MS;
pub(crate) const ACTOR: &str = "story";
pub(crate) const TOWNSHIP: &str = "青溪镇";

/// Everybody who lives here. 周敏 organizes, 何静 trains; 桃源村 has five people, 石桥村 two.
pub(crate) const ROSTER: &str = "姓名,单位,职务,联系电话
赵镇长,,镇长,13900000001
周敏,党政办公室,干部,13900000002
何静,党政办公室,科员,13900000003
李建国,桃源村,村书记,13900000004
王秀兰,桃源村,文书,13900000005
张国庆,桃源村,文书,13900000006
刘桂香,桃源村,文书,13900000007
陈永福,桃源村,文书,13900000008
孙德明,石桥村,支书,13900000009
吴玉珍,石桥村,文书,13900000010
";

pub(crate) struct Stage {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Clock,
    /// The bank's files; a story that edits them publishes them itself.
    pub(crate) bank: Vec<SourceFile>,
    pub(crate) door: Door,
    ground: Ground,
    /// Past the program, straight at the database.
    other: OnceCell<Store>,
    /// By person's name.
    tickets: HashMap<String, String>,
}

impl Stage {
    /// A township settled on a Monday at ten, its bank live, nothing set up yet.
    pub(crate) async fn on(database: Database) -> Stage {
        let ground = Ground::new(database).await;
        let clock = Clock::fixed(local_time("2026-03-02T10:00").expect("a time"));
        let app = open(&ground, &clock).await;
        let mut stage = Stage {
            door: Door::new(server::router(app.clone(), Demonstration::No)),
            app,
            clock,
            bank: bank::files(),
            ground,
            other: OnceCell::new(),
            tickets: HashMap::new(),
        };
        let look = stage.app.publish(&stage.bank).await.expect("the bank");
        assert_eq!(look.held, None);
        let imported = stage.import(ROSTER).await;
        assert_eq!(imported.faults, vec![]);
        for (who, role) in [("周敏", Role::Organizer), ("何静", Role::Trainer)] {
            stage
                .app
                .grant(ACTOR, who, role, "")
                .await
                .expect("a grant");
        }
        stage.issue_tickets().await;
        stage
    }

    /// Rows as a CSV file has them.
    pub(crate) async fn import(&self, csv: &str) -> Imported {
        let (rows, faults) = roster::read("花名册.csv", csv.as_bytes()).expect("a roster");
        assert_eq!(faults, vec![]);
        self.app
            .import_roster(ACTOR, TOWNSHIP, &rows, Import::ForReal)
            .await
            .expect("an import")
    }

    pub(crate) async fn issue_tickets(&mut self) {
        let tickets = self.app.issue_tickets(ACTOR, "").await.expect("tickets");
        for ticket in tickets {
            let token = ticket.link.rsplit('/').next().unwrap_or_default();
            self.tickets.insert(ticket.person, token.to_owned());
        }
    }

    pub(crate) fn ticket(&self, name: &str) -> &str {
        self.tickets
            .get(name)
            .unwrap_or_else(|| panic!("no {name} lives here"))
    }

    /// Somebody signed in with a phone.
    pub(crate) async fn cadre(&self, name: &str) -> Cadre {
        Cadre::sign_in(&self.door, self.ticket(name)).await
    }

    pub(crate) fn draft(&self, rules: Rules) -> Draft {
        Draft {
            name: "镇内赛·笔试".into(),
            unit: String::new(),
            opens_at_ms: self.clock.now_ms(),
            closes_at_ms: self.clock.now_ms() + 2 * HOUR_MS,
            limit_ms: None,
            rules,
        }
    }

    /// A sealed round of everybody that is open now for two hours, changed as the story wants it.
    pub(crate) async fn round(&self, declare: impl FnOnce(&mut Draft)) -> Round {
        let mut draft = self.draft(Rules::usual(bank::SMALL.into()));
        declare(&mut draft);
        let round = self.app.create_round(ACTOR, draft).await.expect("a round");
        self.app.seal_round(ACTOR, &round.id).await.expect("a seal");
        self.app.round(&round.id).await.expect("the round")
    }

    /// The program stops and starts again over the same database; phones do not notice.
    pub(crate) async fn restart(&mut self) {
        let before = std::mem::replace(&mut self.app, open(&self.ground, &self.clock).await);
        self.door
            .replace(server::router(self.app.clone(), Demonstration::No));
        before.store.close().await;
    }

    /// The power fails in the hall.
    pub(crate) async fn pause(&self, round: &Round) {
        let paused = self.app.pause_round(ACTOR, &round.id, "停电").await;
        paused.expect("a pause");
    }

    pub(crate) async fn resume(&self, round: &Round) {
        let resumed = self.app.resume_round(ACTOR, &round.id).await;
        resumed.expect("it goes on");
    }

    /// 收卷.
    pub(crate) async fn take_in(&self, round: &Round) {
        let closed = self.app.close_round(ACTOR, &round.id).await;
        closed.expect("the close");
    }

    /// What the program does every 300 ms when nobody asks.
    pub(crate) async fn tick(&self) {
        self.app.close_what_is_over().await.expect("closing");
        self.app.poll_versions().await.expect("a poll");
        self.app.refresh_boards().await.expect("the boards");
    }

    /// A second copy of the program over the same database.
    pub(crate) async fn another_app(&self) -> Arc<App> {
        open(&self.ground, &self.clock).await
    }

    /// The database by another door than the program's: what is seen here is committed.
    async fn another_door(&self) -> &Store {
        let opened = async || Store::open(self.ground.url()).await;
        self.other
            .get_or_init(async || opened().await.expect("a second door"))
            .await
    }
}

async fn open(ground: &Ground, clock: &Clock) -> Arc<App> {
    let store = Store::open(ground.url()).await.expect("a database");
    App::open(store, clock.clone(), "http://kq.example".into())
}
