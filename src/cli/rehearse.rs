//! `rehearse`: exam day against this machine, with invented people over real HTTP, and whether anything was lost.

mod candidate;
mod check;
mod figures;
mod ground;
pub(in crate::cli) mod load;
mod meter;
mod plan;
mod processes;
mod spectator;
mod wire;
mod words;

pub(in crate::cli) use processes::LOAD;

use std::{fs, future::Future, path::PathBuf, process::ExitCode, thread::available_parallelism};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{
    cli::{
        ListFormat, print_json,
        rehearse::{
            check::Check,
            figures::PhaseFigures,
            ground::Ground,
            plan::{Plan, Seen, SpectatorFigures},
            processes::{Server, make_load},
            words::Verdict,
        },
        serve::stop_signal,
    },
    error::{Code, Error, Result},
};

#[derive(Debug, Args)]
pub struct Rehearse {
    /// 多少人同时考
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    candidates: u32,
    /// 每人答多少步，一步接一步
    #[arg(long, default_value = "20", value_parser = clap::value_parser!(u32).range(1..=2_000))]
    steps: u32,
    /// 答题分摊在多少秒里；0 是一步接一步、中间不停
    #[arg(long, default_value = "0", value_parser = clap::value_parser!(u32).range(0..=36_000))]
    seconds: u32,
    /// 同时看实时成绩的人数；不写就是考生的十分之一
    #[arg(long)]
    spectators: Option<u32>,
    /// 演练别处的服务：http://主机:端口。那里要有一场用 --rehearsal 建的、正在进行的场次
    #[arg(long, requires = "tickets", conflicts_with_all = ["database", "data"])]
    url: Option<String>,
    /// 那里的参赛证：roster tickets --format json 写出的文件
    #[arg(long, requires = "url")]
    tickets: Option<PathBuf>,
    /// 在这个 PostgreSQL 里演练（postgres://…，另建一个模式，用完就删）；不写就用临时的 SQLite 文件
    #[arg(long)]
    database: Option<String>,
    /// 临时数据放在哪个文件夹下，用完就删；要和正式数据在同一块盘上，结果才作数
    #[arg(long, default_value = ".")]
    data: PathBuf,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
}

/// All of it, as `--format json` tells it.
#[derive(Debug, Serialize)]
struct Report {
    candidates: u32,
    steps: u32,
    seconds: u32,
    database: Database,
    machine: Machine,
    phases: Vec<PhaseFigures>,
    spectators: SpectatorFigures,
    server: ServerFigures,
    checks: Vec<Check>,
    /// Requests that were given up.
    errors: u64,
    /// Steps that were acknowledged and are not there.
    lost: usize,
    #[serde(flatten)]
    verdict: Verdict,
}

/// What the server stood on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Database {
    Sqlite,
    Postgres,
    /// Somebody else's server: neither its database nor its machine is known.
    Elsewhere,
}

#[derive(Debug, Serialize)]
struct Machine {
    cores: usize,
    memory_bytes: Option<u64>,
}

/// `None` is not measured.
#[derive(Debug, Serialize)]
struct ServerFigures {
    /// Start, paper, steps, hand-in and outcome together.
    cpu_seconds_per_attempt: Option<f64>,
    bytes_down_per_attempt: f64,
    peak_memory_bytes: Option<u64>,
}

pub async fn run(command: Rehearse) -> Result<ExitCode> {
    make_room_for_connections(&command)?;
    let report = match &command.url {
        Some(url) => Box::pin(unless_stopped(elsewhere(&command, url))).await?,
        None => here(&command).await?,
    };
    match command.format {
        ListFormat::Json => print_json(&report),
        ListFormat::Human => words::print(&report),
    }
    let whole = report.errors == 0 && report.checks.iter().all(|check| check.off == 0);
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn refused(detail: impl Into<String>) -> Error {
    Error::refused(Code::BadRequest, detail)
}

impl Rehearse {
    fn spectators(&self) -> usize {
        self.spectators
            .map_or((self.candidates as usize).div_ceil(10), |asked| {
                asked as usize
            })
    }
}

/// Every phone is an open file, in the server and in the load; both inherit the limit from here.
fn make_room_for_connections(command: &Rehearse) -> Result<()> {
    const OTHER_FILES: u64 = 200;
    let needed = u64::from(command.candidates) + command.spectators() as u64 + OTHER_FILES;
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) if limit < needed => Err(refused(format!(
            "要同时打开 {needed} 个连接，这台机器只许一个程序打开 {limit} 个文件。请先用 ulimit -n {needed} 放宽，或减少人数",
        ))),
        // Where the limit cannot be told, the connections will.
        _ => Ok(()),
    }
}

/// On a ground of its own, which goes when this is over.
async fn here(command: &Rehearse) -> Result<Report> {
    if let Some(url) = &command.database
        && !url.starts_with("postgres://")
        && !url.starts_with("postgresql://")
    {
        return Err(refused(
            "--database 只用来指定 PostgreSQL（postgres://…）；SQLite 用临时文件，放在 --data 下",
        ));
    }
    let ground = Ground::make(&command.data, command.database.as_deref()).await?;
    let report = Box::pin(unless_stopped(on_ground(command, &ground))).await;
    ground.clear().await?;
    report
}

/// What is dropped half-way kills its processes; the ground is for the caller to clear.
async fn unless_stopped(rehearsed: impl Future<Output = Result<Report>>) -> Result<Report> {
    let mut stop = stop_signal();
    tokio::select! {
        report = rehearsed => report,
        _ = stop.wait_for(|stop| *stop) => Err(refused("演练中断了，没有留下临时数据")),
    }
}

async fn on_ground(command: &Rehearse, ground: &Ground) -> Result<Report> {
    eprintln!(
        "正在布置：{} 名虚构的考生、参赛证、封存的演练场次……",
        command.candidates
    );
    let hours = 2 + i64::from(command.seconds) / 3_600;
    let tickets = ground.furnish(command.candidates as usize, hours).await?;
    let server = Server::start(&ground.url, ground.folder()).await?;
    let plan = plan(command, server.host.clone(), tickets, server.pid());
    let seen = make_load(&plan).await?;
    eprintln!("正在核对：服务已强行结束，看说过已保存的是不是都在……");
    server.kill().await?;
    let checks = check::against_database(&ground.url, &seen).await?;
    let database = match command.database {
        Some(_) => Database::Postgres,
        None => Database::Sqlite,
    };
    Ok(report(command, database, seen, checks))
}

async fn elsewhere(command: &Rehearse, url: &str) -> Result<Report> {
    let host = url
        .strip_prefix("http://")
        .map(|rest| rest.trim_end_matches('/'))
        .filter(|host| !host.is_empty() && !host.contains('/'));
    let host = host.ok_or_else(|| {
        refused("--url 要写成 http://主机:端口。加密由前面的代理做，请直接写代理后面那个服务的地址")
    })?;
    let host = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let file = command
        .tickets
        .as_deref()
        .unwrap_or("tickets.json".as_ref());
    let mut tickets = read_tickets(file)?;
    let wanted = command.candidates as usize;
    if tickets.len() < wanted {
        let count = tickets.len();
        return Err(refused(format!(
            "文件里只有 {count} 张参赛证，不够 {wanted} 人用"
        )));
    }
    tickets.truncate(wanted);
    let seen = make_load(&plan(command, host, tickets, None)).await?;
    let checks = check::against_answers(&seen);
    Ok(report(command, Database::Elsewhere, seen, checks))
}

/// The paths of the links, `/t/…`.
fn read_tickets(file: &std::path::Path) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Ticket {
        link: String,
    }
    let text = fs::read_to_string(file)
        .map_err(|source| Error::internal(format!("打不开 {}", file.display()), source))?;
    let tickets: Vec<Ticket> = serde_json::from_str(&text)
        .map_err(|_| refused("参赛证文件读不懂，要用 roster tickets --format json 写出的那种"))?;
    tickets
        .iter()
        .map(|ticket| {
            let place = ticket.link.rfind("/t/");
            place.map(|place| ticket.link[place..].to_owned())
        })
        .collect::<Option<_>>()
        .ok_or_else(|| refused("参赛证文件里有的链接不是参赛证（…/t/…）"))
}

fn plan(command: &Rehearse, host: String, tickets: Vec<String>, server_pid: Option<u32>) -> Plan {
    Plan {
        host,
        tickets,
        steps: command.steps,
        seconds: command.seconds,
        spectators: command.spectators(),
        server_pid,
    }
}

fn report(command: &Rehearse, database: Database, seen: Seen, checks: Vec<Check>) -> Report {
    let count = f64::from(command.candidates);
    let of_attempt = || seen.phases.iter().filter(|each| each.phase.is_of_attempt());
    let cpu: Option<f64> = of_attempt().map(|each| each.server_cpu_seconds).sum();
    let down: u64 = of_attempt().map(|each| each.bytes_down).sum();
    let machine = Machine {
        cores: available_parallelism().map_or(1, usize::from),
        memory_bytes: meter::machine_memory(),
    };
    Report {
        candidates: command.candidates,
        steps: command.steps,
        seconds: command.seconds,
        database,
        server: ServerFigures {
            cpu_seconds_per_attempt: cpu.map(|cpu| cpu / count),
            bytes_down_per_attempt: down as f64 / count,
            peak_memory_bytes: seen.peak_memory,
        },
        errors: seen.phases.iter().map(|each| each.errors).sum(),
        lost: checks.first().map_or(0, |steps| steps.off),
        verdict: Verdict::of(command, database, &seen, &checks, &machine),
        machine,
        phases: seen.phases,
        spectators: seen.spectators,
        checks,
    }
}
