//! The two processes beside this one, both the same program: a server over the scratch ground, and the load. Both are
//! killed when they are dropped.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStderr, Command},
    sync::watch,
    time::timeout,
};

use crate::{
    cli::rehearse::plan::{Plan, Seen},
    error::{Code, Error, Result},
};

/// The hidden command that makes the load.
pub(in crate::cli) const LOAD: &str = "rehearse-load";
/// How long a server may take until it listens.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// What is kept of the server's own words, for when it ends before its time.
const LAST_WORDS: usize = 20;

#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    /// `127.0.0.1:port`.
    pub(super) host: String,
}

impl Server {
    /// Serves the database at `url` from `folder`, and waits until it listens.
    pub(super) async fn start(url: &str, folder: &Path) -> Result<Server> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0"])
            // The address of a database may hold a password, which arguments show to everybody on the machine.
            .env("YIKOUQING_DATABASE", url)
            .env_remove("YIKOUQING_BANK")
            .env_remove("YIKOUQING_LISTEN")
            .env_remove("YIKOUQING_PUBLIC_URL")
            // Away from any question_bank folder: what is asked is the bank inside the program.
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| Error::internal("启动不了演练用的服务", source))?;
        let words = child.stderr.take().expect("piped above");
        let (found, mut listening) = watch::channel(None);
        let said = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(listen(words, said.clone(), found));
        let host = timeout(START_TIMEOUT, listening.wait_for(Option::is_some)).await;
        let host = host.ok().and_then(|found| found.ok()?.clone());
        let host = host.ok_or_else(|| {
            let words = said.lock().unwrap_or_else(PoisonError::into_inner);
            Error::internal("演练用的服务没有起来", words.join("\n"))
        })?;
        Ok(Server { child, host })
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it as a power cut would: what it acknowledged must be there all the same.
    pub(super) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Reads what the server says to the end, so that it never waits for a reader; the first address is where it listens.
async fn listen(
    words: ChildStderr,
    said: Arc<Mutex<Vec<String>>>,
    found: watch::Sender<Option<String>>,
) {
    let mut lines = BufReader::new(words).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let after = line.split_once("http://").map(|(_, rest)| rest);
        if let Some(address) = after.filter(|_| found.borrow().is_none()) {
            let end = address.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c)));
            found.send_replace(Some(address[..end.unwrap_or(address.len())].to_owned()));
        }
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() == LAST_WORDS {
            said.remove(0);
        }
        said.push(line);
    }
}

/// Carries the plan out in a process of its own, so that its time is not counted as the server's.
pub(super) async fn make_load(plan: &Plan) -> Result<Seen> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(LOAD)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| Error::internal("启动不了模拟考生的程序", source))?;
    let text = serde_json::to_vec(plan).expect("a plan serializes");
    let mut stdin = child.stdin.take().expect("piped above");
    stdin.write_all(&text).await?;
    drop(stdin);
    let mut told = Vec::new();
    let mut stdout = child.stdout.take().expect("piped above");
    stdout.read_to_end(&mut told).await?;
    if !child.wait().await?.success() {
        // It has said why on stderr, which is ours too.
        return Err(Error::refused(Code::Conflict, "演练没有做完"));
    }
    serde_json::from_slice(&told)
        .map_err(|source| Error::internal("模拟考生的程序说的读不懂", source))
}
