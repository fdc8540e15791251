//! A small township on a real server: temporary database, a bank of one question of every kind, a gate before the steps.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use tempfile::TempDir;
use tokio::sync::watch;
use yikouqing::{
    app::{App, organizer::Draft, proctor::Desk, registrar::Import},
    bank::{SourceFile, fault::Severity},
    clock::Clock,
    contest::round::{Audience, Release, Rules},
    exchange::roster::RosterRow,
    people::Role,
    store::Store,
    web::{server, state::Demonstration},
};

pub(super) const MINUTE_MS: i64 = 60_000;

/// The running server; it ends with this value.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) app: Arc<App>,
    pub(super) address: std::net::SocketAddr,
    gate: Gate,
    stop: watch::Sender<bool>,
    _folder: TempDir,
}

/// Counts the requests, and can hold back those that bring steps.
#[derive(Debug, Clone)]
struct Gate {
    open: watch::Sender<bool>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Ground {
    /// With the small bank and six people.
    pub(super) async fn new() -> Ground {
        let ground = Ground::bare(&small_bank()).await;
        ground.settle().await;
        ground
    }

    /// With this bank and nobody.
    pub(super) async fn bare(bank: &[SourceFile]) -> Ground {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("walk.db").display());
        let ground = Ground::over(&url, folder).await;
        ground.publish(bank).await;
        ground
    }

    /// One copy over the database at `url`, whatever is in there.
    pub(super) async fn over(url: &str, folder: TempDir) -> Ground {
        let store = Store::open(url).await.expect("a database");
        let listener = server::listen("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let app = App::open(store, Clock::System, format!("http://{address}"));
        let (stop, stopped) = watch::channel(false);
        drop(app.run(vec![], &stopped));
        let gate = Gate {
            open: watch::Sender::new(true),
            requests: Arc::default(),
        };
        let router = server::router(app.clone(), Demonstration::No)
            .layer(from_fn_with_state(gate.clone(), pass));
        tokio::spawn(server::serve(listener, router, stopped));
        Ground {
            app,
            address,
            gate,
            stop,
            _folder: folder,
        }
    }

    async fn publish(&self, bank: &[SourceFile]) {
        let look = self.app.publish(bank).await.expect("a bank");
        let errors = look
            .faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error);
        assert_eq!(errors.count(), 0, "{:#?}", look.faults);
    }

    /// The small bank and six people.
    pub(super) async fn fill(&self) {
        self.publish(&small_bank()).await;
        self.settle().await;
    }

    pub(super) async fn settle(&self) {
        let row = |(place, (name, unit, post)): (usize, (&str, &str, &str))| RosterRow {
            row: place + 2,
            name: name.into(),
            unit: unit.into(),
            unit_column: "B".into(),
            group: String::new(),
            posts: vec![post.into()],
            post_column: "C".into(),
            phone: format!("1390000{place:04}"),
        };
        let people = [
            ("李建国", "桃源村", "村党组织书记"),
            ("王秀兰", "柳河村", "村党组织书记"),
            ("买买提明·阿卜杜热合曼", "阿克塔什维吾尔民族村", "村文书"),
            ("赵永福", "石桥村", "村党组织书记"),
            ("周敏", "农业农村综合服务中心", "镇机关干部"),
            ("何静", "农业农村综合服务中心", "镇机关干部"),
        ];
        let rows: Vec<RosterRow> = people.into_iter().enumerate().map(row).collect();
        self.app
            .import_roster("test", "青溪镇", &rows, Import::ForReal)
            .await
            .expect("the roster is good");
        self.grant("周敏", Role::Organizer).await;
        self.grant("何静", Role::Trainer).await;
    }

    pub(super) async fn grant(&self, name: &str, role: Role) {
        self.app
            .grant("test", name, role, "")
            .await
            .expect("known people");
    }

    /// A sealed round that is open now, for an hour. Its id.
    pub(super) async fn open_round(&self, limit_ms: i64, release: Release) -> String {
        let mut rules = Rules::usual("笔试".into());
        rules.release = release;
        rules.audience = Audience::Public;
        self.open_round_by(rules, limit_ms).await
    }

    pub(super) async fn open_round_by(&self, rules: Rules, limit_ms: i64) -> String {
        let now_ms = self.app.clock.now_ms();
        let draft = Draft {
            name: "镇内赛·笔试".into(),
            unit: String::new(),
            opens_at_ms: now_ms,
            closes_at_ms: now_ms + 60 * MINUTE_MS,
            limit_ms: Some(limit_ms),
            rules,
        };
        let round = self.app.create_round("test", draft).await.expect("a round");
        self.app
            .seal_round("test", &round.id)
            .await
            .expect("a sealed round");
        round.id
    }

    /// A fresh ticket of somebody: the link as it stands in the QR code.
    pub(super) async fn ticket(&self, name: &str) -> String {
        let tickets = self.app.issue_tickets("test", "").await.expect("tickets");
        let mine = tickets.into_iter().find(|ticket| ticket.person == name);
        mine.expect("somebody on the roster").link
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The one attempt of somebody in a round, as the database has it.
    pub(super) async fn desk_of(&self, round: &str, name: &str) -> Desk {
        let hall = self.app.hall(round).await.expect("the round");
        let person = hall
            .entrants
            .values()
            .find(|entrant| entrant.name == name)
            .expect("an entrant")
            .person_id
            .clone();
        let mine = self
            .app
            .round_of(round, &person)
            .await
            .expect("an entrant's round");
        let attempt = mine.attempts.last().expect("somebody who started");
        self.app
            .look_at_desk(&attempt.id, &person)
            .await
            .expect("the own attempt")
    }

    /// Numbers of the questions whose answers are on disk.
    pub(super) async fn saved(&self, round: &str, name: &str) -> Vec<u32> {
        let desk = self.desk_of(round, name).await;
        desk.answers.iter().map(|(number, _)| *number).collect()
    }

    /// From now on requests with steps wait at the door.
    pub(super) fn hold_steps(&self) {
        self.gate.open.send_replace(false);
    }

    pub(super) fn let_steps_in(&self) {
        self.gate.open.send_replace(true);
    }

    /// `GET /path → 200`, since last asked.
    pub(super) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.gate.requests.lock().expect("nobody panicked"))
    }
}

fn small_bank() -> [SourceFile; 3] {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        bytes: text.as_bytes().to_vec(),
    };
    [
        file("walk.md", include_str!("bank.md")),
        file("blueprints/written.md", include_str!("blueprint.md")),
        file("posts.md", include_str!("posts.md")),
    ]
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let asked = format!("{} {}", request.method(), request.uri().path());
    if asked.ends_with("/steps") {
        let mut open = gate.open.subscribe();
        let opened = tokio::time::timeout(Duration::from_mins(1), open.wait_for(|open| *open));
        drop(opened.await);
    }
    let response = next.run(request).await;
    let line = format!("{asked} → {}", response.status().as_u16());
    gate.requests.lock().expect("nobody panicked").push(line);
    response
}
