//! A township on a database of its own, and copies of the program that serve it as processes.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::support::postgres::{self, Schema};

const PROGRAM: &str = env!("CARGO_BIN_EXE_yikouqing");
const BANK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/bank");
/// Nothing here takes that long; a test that hangs ends by this and says so.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct Ground {
    pub(crate) folder: TempDir,
    pub(crate) database: String,
    /// Dropped after the last copy has gone.
    _schema: Option<Schema>,
}

/// The township's round, and one ticket for everybody in it.
pub(crate) struct Hall {
    pub(crate) round: String,
    pub(crate) tickets: Vec<String>,
}

/// One running copy of the program. Killed when dropped.
pub(crate) struct Copy {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// What it says phones are to open.
    pub(crate) for_phones: String,
}

impl Ground {
    pub(crate) fn sqlite() -> Ground {
        let folder = TempDir::new().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("day.db").display());
        Ground {
            folder,
            database,
            _schema: None,
        }
    }

    pub(crate) async fn postgres() -> Ground {
        let schema = postgres::schema().await;
        Ground {
            database: schema.url().to_owned(),
            ..Ground::at(String::new(), Some(schema))
        }
    }

    pub(crate) fn at(database: String, schema: Option<Schema>) -> Ground {
        Ground {
            folder: TempDir::new().expect("a folder"),
            database,
            _schema: schema,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command of the program over this database; what it printed.
    #[track_caller]
    pub(crate) fn run<'a>(&'a self, arguments: &[&'a str]) -> impl Future<Output = String> + use<> {
        let database = ["--database", self.database.as_str(), "--bank", BANK];
        run(&[arguments, &database].concat())
    }

    /// People, their tickets, and a round that is open for two hours.
    pub(crate) async fn settle(&self, people: usize) -> Hall {
        let roster = self.path("花名册.csv");
        let mut rows = String::from("姓名,单位,职务,联系电话\n");
        for place in 0..people {
            let village = ["桃源村", "石桥村", "柳河村"][place % 3];
            let phone = 13_900_000_000 + place;
            writeln!(rows, "考生{place},{village},村文书,{phone}").expect("a string grows");
        }
        std::fs::write(&roster, rows).expect("a roster");
        let roster = roster.to_str().expect("a path");
        self.run(&["roster", "import", roster, "--unit", "青溪镇"])
            .await;
        let cards = self.run(&["roster", "tickets", "--format", "json"]).await;
        let cards: serde_json::Value = serde_json::from_str(&cards).expect("tickets");
        let link = |card: &serde_json::Value| {
            let link = card["link"].as_str().expect("a link");
            link.rsplit('/').next().expect("a token").to_owned()
        };
        let tickets = cards.as_array().expect("a list").iter().map(link).collect();
        let closes =
            yikouqing::clock::rfc3339(yikouqing::clock::Clock::System.now_ms() + 7_200_000);
        let round = self
            .run(&[
                "round",
                "create",
                "--name",
                "镇内赛",
                "--blueprint",
                "小卷",
                "--opens",
                "now",
                "--closes",
                &closes,
            ])
            .await;
        Hall { round, tickets }
    }

    /// Starts a copy; returns once it serves.
    pub(crate) async fn serve(&self) -> Copy {
        self.serve_with(&[]).await
    }

    /// Starts a copy with these variables in its environment.
    pub(crate) async fn serve_with(&self, environment: &[(&str, &Path)]) -> Copy {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--bank", BANK])
            .args(["--database", &self.database])
            .envs(environment.iter().copied())
            .env("YIKOUQING_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut said = String::new();
        let (address, for_phones) = loop {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
            let Some(line) = line.expect("it starts in time").expect("a line") else {
                panic!("the program ended at its start: {said}");
            };
            if let Some((_, rest)) = line.split_once("已启动：http://") {
                let (address, rest) = rest.split_once("（手机访问 ").expect("both addresses");
                break (address.to_owned(), rest.trim_end_matches('）').to_owned());
            }
            said += &line;
        };
        // A pipe that nobody empties would stop the program.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Copy {
            child,
            address,
            for_phones,
        }
    }
}

/// Runs a command of the program; what it printed.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> impl Future<Output = String> + use<> {
    let caller = std::panic::Location::caller();
    let done = Command::new(PROGRAM)
        .args(arguments)
        .kill_on_drop(true)
        .output();
    async move {
        let done = done.await.expect("the program runs");
        let (out, err) = (
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr),
        );
        assert!(done.status.success(), "{caller}: {out}{err}");
        out.trim().to_owned()
    }
}

/// Runs a command that the program refuses; what it said.
pub(crate) async fn refused(arguments: &[&str]) -> String {
    let mut command = Command::new(PROGRAM);
    let running = command.args(arguments).kill_on_drop(true).output();
    let done = tokio::time::timeout(PATIENCE, running).await;
    let done = done.expect("it ends in time").expect("the program runs");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    said
}

impl Copy {
    /// Asks it to stop, as systemd does.
    pub(crate) fn terminate(&self) {
        let asked = std::process::Command::new("kill")
            .args(["-TERM", &self.process().to_string()])
            .status();
        assert!(asked.expect("kill runs").success());
    }

    /// Its exit code; `None` where a signal ended it.
    pub(crate) async fn ended(mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("it ends in time").expect("its status").code()
    }

    /// The power goes.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it is killed");
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id().expect("it runs")
    }
}
