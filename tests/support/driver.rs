//! A chromedriver and the one Chromium it runs, both ended with the value that started them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// One browser with an empty profile in a folder of its own.
#[derive(Debug)]
pub struct Driver {
    pub client: Client,
    process: Child,
    port: u16,
    session: String,
    /// Profile, home and caches of this browser.
    folder: TempDir,
}

impl Driver {
    pub async fn start() -> Driver {
        let folder = tempfile::tempdir().expect("a folder for the browser");
        let (process, port) = spawn(&folder);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&folder))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromedriver starts Chromium");
        let session = client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("a session has an id");
        Driver {
            client,
            process,
            port,
            session,
            folder,
        }
    }

    /// Asks chromedriver to quit its browser and waits for the answer: plain HTTP, since `drop` cannot await.
    fn quit(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let (session, port) = (&self.session, self.port);
        write!(
            stream,
            "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        stream.read(&mut [0; 64]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.quit() {
            eprintln!("the browser did not quit by itself: {error}");
        }
        // The driver leads a process group of its own: whatever it started and has not ended goes with it.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}

/// Starts chromedriver on a port of its own choice. Where many start at one moment, another may take that port first: then
/// it ends without a word, and chooses again.
fn spawn(folder: &TempDir) -> (Child, u16) {
    let mut attempts = (0..5).map(|_| start(folder));
    let started = attempts.find_map(|(mut process, port)| {
        if port.is_none() {
            let _ = process.kill();
            let _ = process.wait();
        }
        Some((process, port?))
    });
    started.expect("chromedriver says its port")
}

fn start(folder: &TempDir) -> (Child, Option<u16>) {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        .env("HOME", folder.path())
        // Without a UTF-8 locale, as in a bare environment, it finds no file with a Chinese name.
        .env("LC_ALL", "C.UTF-8")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver is installed: scripts/test.sh does that");
    let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let digits = line.split("started successfully on port ").nth(1)?;
        digits.trim_end_matches('.').parse().ok()
    });
    // Read on, or a full pipe would stop the driver.
    std::thread::spawn(move || lines.for_each(drop));
    (process, port)
}

fn capabilities(folder: &TempDir) -> Map<String, Value> {
    let profile = format!(
        "--user-data-dir={}",
        folder.path().join("profile").display()
    );
    let arguments = [
        profile.as_str(),
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--lang=zh-CN",
        // Nothing but the server under test is ever asked for anything.
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-sync",
        "--metrics-recording-only",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-pings",
    ];
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": chromium(), "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    capabilities
        .as_object()
        .cloned()
        .expect("an object is an object")
}

/// Where the Chromium of this machine is.
fn chromium() -> String {
    let path = super::environment("PATH");
    std::env::split_paths(&path)
        .map(|folder| folder.join("chromium"))
        .find(|program| program.exists())
        .expect("chromium is installed: scripts/test.sh does that")
        .display()
        .to_string()
}
