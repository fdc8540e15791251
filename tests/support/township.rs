//! A small township for stories: two villages, offices, somebody of every kind, and requests as each of them.

use std::{collections::HashMap, future::Future, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tower::ServiceExt;
use yikouqing::{
    app::{App, organizer::Draft, registrar::Import},
    clock::Clock,
    contest::round::Rules,
    error::{Code, Error},
    exchange::{embedded_bank, roster},
    people::Role,
    store::Store,
    web::{server, state::Demonstration},
};

use super::postgres;

pub const HOUR_MS: i64 = 3_600_000;
/// 2026-02-18 10:30 +08:00.
pub const NOW_MS: i64 = 1_771_381_800_000;

const ROSTER: &str = "姓名,单位,职务,电话
李建国,桃源村,村党组织书记,13900000001
王秀兰,桃源村,村文书,13900000002
赵永福,桃源村,村委会主任,13900000003
孙玉珍,柳河村,村党组织书记,13900000004
钱长青,柳河村,村文书,13900000005
周敏,党政办公室,镇机关干部,13900000006
何静,党政办公室,镇机关干部,13900000007
吴海涛,党政办公室,镇机关干部,13900000008
郑丽娟,党政办公室,镇机关干部,13900000009
冯志强,党政办公室,镇机关干部,13900000010
";

/// A place with a clock to turn.
pub struct Township {
    pub app: Arc<App>,
    pub clock: Clock,
    pub router: Router,
    /// Name → person's id.
    pub ids: HashMap<String, String>,
    /// Unit's name → id.
    pub units: HashMap<String, String>,
    /// Keeps the SQLite file while the story runs.
    folder: Option<tempfile::TempDir>,
}

impl std::fmt::Debug for Township {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Township")
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub cookie: String,
    pub body: String,
}

impl Township {
    /// On a file of its own.
    pub async fn sqlite() -> Township {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let mut township = Township::on(&url).await;
        township.folder = Some(folder);
        township
    }

    /// On the database of this URL, settled: people imported, grants given.
    pub async fn on(url: &str) -> Township {
        let mut township = Township::empty(url).await;
        let (rows, faults) = roster::read("名册.csv", ROSTER.as_bytes()).expect("a roster");
        assert!(faults.is_empty());
        let app = township.app.clone();
        app.import_roster("test", "青溪镇", &rows, Import::ForReal)
            .await
            .expect("the roster is taken");
        for (who, role, unit) in [
            ("周敏", Role::Organizer, ""),
            ("何静", Role::Organizer, "桃源村"),
            ("吴海涛", Role::Organizer, "柳河村"),
            ("郑丽娟", Role::Trainer, ""),
            ("冯志强", Role::Judge, ""),
        ] {
            app.grant("test", who, role, unit).await.expect("a grant");
        }
        township.learn().await;
        township
    }

    /// A database with a bank and nobody in it.
    pub async fn empty(url: &str) -> Township {
        let clock = Clock::fixed(NOW_MS);
        let store = Store::open(url).await.expect("a database");
        let app = App::open(store, clock.clone(), "http://kq.test".into());
        app.publish(&embedded_bank::files()).await.expect("a bank");
        Township {
            router: server::router(app.clone(), Demonstration::No),
            app,
            clock,
            ids: HashMap::new(),
            units: HashMap::new(),
            folder: None,
        }
    }

    /// Reads everybody's ids anew.
    pub async fn learn(&mut self) {
        let (units, persons) = self.app.people().await.expect("people");
        let id = |person: yikouqing::people::Person| (person.name, person.id);
        self.ids = persons.into_iter().map(id).collect();
        self.units = units.into_iter().map(|unit| (unit.name, unit.id)).collect();
    }

    pub fn id(&self, name: &str) -> &str {
        &self.ids[name]
    }

    /// A session of this person, as a cookie's value.
    pub async fn session(&self, name: &str) -> String {
        let tickets = self.app.issue_tickets("test", "").await.expect("tickets");
        let ticket = tickets
            .into_iter()
            .find(|ticket| ticket.person == name)
            .expect("a ticket");
        let token = ticket.link.rsplit('/').next().expect("a token").to_owned();
        self.app.sign_in(&token).await.expect("a session")
    }

    /// A sealed round of this unit, open for an hour from now.
    pub async fn open_round(&self, actor: &str, unit: &str, name: &str) -> String {
        let draft = self.draft(unit, name);
        let round = self.app.create_round(actor, draft).await.expect("a round");
        self.app.seal_round(actor, &round.id).await.expect("sealed");
        round.id
    }

    pub fn draft(&self, unit: &str, name: &str) -> Draft {
        let now_ms = self.clock.now_ms();
        Draft {
            name: name.into(),
            unit: unit.into(),
            opens_at_ms: now_ms,
            closes_at_ms: now_ms + HOUR_MS,
            limit_ms: Some(HOUR_MS / 2),
            rules: Rules::usual("通用·镇内赛笔试".into()),
        }
    }

    pub async fn get(&self, session: &str, path: &str) -> Answer {
        self.ask("GET", session, path, "", "").await
    }

    /// A plain form, its fields encoded already.
    pub async fn post(&self, session: &str, path: &str, form: &str) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.ask("POST", session, path, kind, form).await
    }

    pub async fn ask(
        &self,
        method: &str,
        session: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "kq.test");
        if !session.is_empty() {
            request = request.header(header::COOKIE, format!("yikouqing_session={session}"));
        }
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let text = |name| {
            let value = response.headers().get(name);
            value.map_or_else(String::new, |value: &header::HeaderValue| {
                value.to_str().unwrap_or_default().to_owned()
            })
        };
        let (location, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let status = response.status();
        let events = text(header::CONTENT_TYPE).starts_with("text/event-stream");
        let body = if events {
            String::new()
        } else {
            let bytes = to_bytes(response.into_body(), 8 << 20)
                .await
                .expect("a body");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Answer {
            status,
            location,
            cookie,
            body,
        }
    }
}

/// For a form's field.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Tells a story on both databases.
pub async fn on_both<S: Future<Output = ()>>(story: impl Fn(Township) -> S) {
    story(Township::sqlite().await).await;
    let schema = postgres::schema().await;
    let township = Township::on(&schema).await;
    let store = township.app.store.clone();
    story(township).await;
    store.close().await;
}

/// Why it was refused.
pub fn code<T>(answer: Result<T, Error>) -> Option<Code> {
    match answer {
        Err(Error::Refused(refusal)) => Some(refusal.code),
        _ => None,
    }
}
