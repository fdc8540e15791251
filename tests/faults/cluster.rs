//! A PostgreSQL of a test's own, to be restarted or counted; on a scratch folder and a free port, as its own user.

use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    environment: Vec<(String, PathBuf)>,
}

impl Cluster {
    /// Started with these variables in the server's environment.
    pub(crate) fn start(environment: &[(&str, &Path)]) -> Cluster {
        let folder = TempDir::new().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777))
            .expect("an open folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let cluster = Cluster {
            folder,
            programs: programs(),
            port: port.expect("a free port").port(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.to_path_buf()))
                .collect(),
        };
        let data = cluster.data();
        cluster.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
        );
        cluster.control("start");
        cluster
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// As after a power cut: no farewell to anybody, recovery at the start.
    pub(crate) fn crash_and_start(&self) {
        self.control("stop");
        self.control("start");
    }

    fn control(&self, what: &str) {
        let (data, log) = (self.data(), self.folder.path().join("log"));
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=60",
            self.port,
            self.folder.path().display()
        );
        let log = log.to_str().expect("a path");
        match what {
            "stop" => self.run("pg_ctl", &["stop", "-w", "-m", "immediate", "-D", &data]),
            _ => self.run(
                "pg_ctl",
                &["start", "-w", "-D", &data, "-l", log, "-o", &options],
            ),
        };
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let done = self
            .command(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .output();
        let done = done.expect("a program of PostgreSQL");
        assert!(done.status.success(), "{program} {arguments:?}: {done:?}");
        done
    }

    /// PostgreSQL refuses to run as root; Debian's package brings a user for it.
    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let is_root = std::fs::metadata("/proc/self")
            .is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
        let mut command = Command::new(if is_root { "runuser" } else { "env" });
        if is_root {
            command.args(["-u", "postgres", "--", "env"]);
        }
        if program == "pg_ctl" {
            command.args(
                self.environment
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.display())),
            );
        }
        command.arg(path);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let stopped = self
            .command("pg_ctl")
            .args(["stop", "-w", "-m", "immediate", "-D", &data])
            .current_dir("/")
            .output();
        if let Err(error) = stopped {
            eprintln!("a PostgreSQL may be left behind in {data}: {error}");
        }
    }
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed");
    let mut found: Vec<PathBuf> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's server programs")
}
