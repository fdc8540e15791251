//! What every figure stands on: a township on a scratch database, a server process over it, and what it used.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use yikouqing::{
    app::{App, organizer::Draft, registrar::Import},
    clock::Clock,
    contest::round::{Audience, Release, Rules},
    exchange::{embedded_bank, roster::RosterRow},
    store::Store,
};

pub const POSTS: [&str; 5] = [
    "村党组织书记",
    "村委会主任",
    "村文书",
    "副书记",
    "村民小组长",
];
const DAY_MS: i64 = 24 * 3_600_000;

/// A sealed, open round with `people` in it.
pub struct Ground {
    pub url: String,
    pub round: String,
    folder: tempfile::TempDir,
}

impl Ground {
    /// On a fresh file.
    pub async fn sqlite(people: usize) -> Ground {
        // On the disk that benches run from, not on a temporary folder that may be memory.
        let folder = tempfile::tempdir_in("target").expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        Ground::at(url, people, folder).await
    }

    pub async fn at(url: String, people: usize, folder: tempfile::TempDir) -> Ground {
        let app = open(&url).await;
        app.publish(&embedded_bank::files()).await.expect("a bank");
        app.import_roster("bench", "演练镇", &roster(people), Import::ForReal)
            .await
            .expect("a roster");
        let round = app.create_round("bench", draft()).await.expect("a round");
        app.seal_round("bench", &round.id).await.expect("sealed");
        app.store.close().await;
        Ground {
            url,
            round: round.id,
            folder,
        }
    }

    pub async fn open(&self) -> Arc<App> {
        open(&self.url).await
    }

    /// A session's cookie for each of the first `count` people, and who they are.
    pub async fn sessions(&self, app: &App, count: usize) -> Vec<(String, String)> {
        let mut sessions = Vec::new();
        for ticket in app
            .issue_tickets("bench", "")
            .await
            .expect("tickets")
            .into_iter()
            .take(count)
        {
            let token = ticket.link.rsplit('/').next().expect("a token").to_owned();
            let person = app
                .look_at_ticket(&token)
                .await
                .expect("a ticket")
                .person
                .id;
            let session = app.sign_in(&token).await.expect("a session");
            sessions.push((format!("yikouqing_session={session}"), person));
        }
        sessions
    }

    /// The program itself over this ground.
    pub fn serve(&self) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yikouqing"));
        let url = self.url.strip_prefix("sqlite:").map_or_else(
            || self.url.clone(),
            |path| {
                format!(
                    "sqlite:{}",
                    Path::new(path).canonicalize().expect("a file").display()
                )
            },
        );
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("YIKOUQING_DATABASE", url)
            .env("YIKOUQING_LOG", "error,yikouqing=error")
            .current_dir(self.folder.path());
        Server::start(command)
    }

    /// Bytes of the files.
    pub fn size(&self) -> u64 {
        let files = fs::read_dir(self.folder.path()).expect("a folder");
        files
            .filter_map(|file| file.ok()?.metadata().ok())
            .map(|file| file.len())
            .sum()
    }
}

async fn open(url: &str) -> Arc<App> {
    let store = Store::open(url).await.expect("a database");
    App::open(store, Clock::System, "http://bench.test".into())
}

fn draft() -> Draft {
    let now_ms = Clock::System.now_ms();
    let mut rules = Rules::usual("通用·镇内赛笔试".into());
    rules.release = Release::HandIn;
    rules.audience = Audience::Public;
    rules.rehearsal = true;
    Draft {
        name: "测速".into(),
        unit: String::new(),
        opens_at_ms: now_ms,
        closes_at_ms: now_ms + DAY_MS,
        limit_ms: Some(DAY_MS),
        rules,
    }
}

fn roster(people: usize) -> Vec<RosterRow> {
    (0..people)
        .map(|place| RosterRow {
            row: place + 2,
            name: format!("演练{place:06}"),
            unit: format!("演练{:05}村", place / 25),
            unit_column: "B".into(),
            group: String::new(),
            posts: vec![POSTS[place % POSTS.len()].to_owned()],
            post_column: "C".into(),
            phone: String::new(),
        })
        .collect()
}

/// A server process; killed when dropped.
pub struct Server {
    child: Child,
    pub host: String,
}

impl Server {
    /// Waits for the first address that the command prints on stderr.
    pub fn start(mut command: Command) -> Server {
        let mut child = command
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let host = loop {
            let line = lines.next().expect("an address").expect("a line");
            if let Some((_, rest)) = line.split_once("http://") {
                let end = rest.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c)));
                break rest[..end.unwrap_or(rest.len())].to_owned();
            }
        };
        // What it says later is nobody's, but it must not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, host }
    }

    /// User and system time so far.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("Linux");
        let fields = stat.rsplit_once(')').expect("a name").1;
        let mut fields = fields.split_whitespace().skip(11);
        let mut next = || fields.next().and_then(|field| field.parse::<f64>().ok());
        (next().expect("ticks") + next().expect("ticks")) / 100.0
    }

    /// What it holds now, in bytes.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.expect("a size") * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs something and says how long it took.
pub async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let value = work.await;
    (value, begun.elapsed())
}
