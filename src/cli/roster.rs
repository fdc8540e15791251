//! `roster`: imports the township's own file as it is, and issues tickets.

use std::{fmt::Write, fs, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    app::registrar::{Import, Ticket},
    cli::{ListFormat, print_json},
    clock::Clock,
    config::Config,
    error::{Error, Result},
    exchange::roster,
    web::{
        page::render,
        pages::tickets::{TicketCard, Tickets},
    },
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 导入花名册：.xlsx、.xls 或 .csv，按表头认列；有一行不对就整份不导入
    Import(ImportFile),
    /// 发参赛证：每人一张，旧的在收回之前还能用
    Tickets(IssueTickets),
}

#[derive(Debug, Args)]
pub struct ImportFile {
    file: PathBuf,
    /// 镇（或县）的名字；第一次导入要写
    #[arg(long, default_value = "")]
    unit: String,
    /// 只看会怎么样，不导入
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TicketFormat {
    Html,
    Json,
}

#[derive(Debug, Args)]
pub struct IssueTickets {
    /// 只发这个单位（含下级）的
    #[arg(long, default_value = "")]
    unit: String,
    /// html 打印用的卡片，json 给程序用
    #[arg(long, value_enum, default_value = "html")]
    format: TicketFormat,
    /// 写到文件；不写就打印出来
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    config: Config,
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Import(command) => import(command).await,
        Command::Tickets(command) => issue(command).await,
    }
}

async fn import(command: ImportFile) -> Result<ExitCode> {
    let bytes = fs::read(&command.file)
        .map_err(|source| Error::internal(format!("打不开 {}", command.file.display()), source))?;
    let name = command
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let (rows, faults) = roster::read(&name, &bytes)?;
    let app = command.config.open(Clock::System).await?;
    let import = if command.dry_run || !faults.is_empty() {
        Import::DryRun
    } else {
        Import::ForReal
    };
    let mut imported = app
        .import_roster("command-line", &command.unit, &rows, import)
        .await?;
    imported.faults.splice(0..0, faults);
    app.store.close().await;
    if command.format == ListFormat::Json {
        print_json(&imported);
    } else if imported.faults.is_empty() {
        let done = if command.dry_run {
            "可以导入（这次没有导入）"
        } else {
            "导入好了"
        };
        println!(
            "{done}：新增 {} 人，更新 {} 人，没有变化 {} 人，新单位 {} 个。",
            imported.added, imported.updated, imported.unchanged, imported.units_added
        );
    } else {
        for fault in &imported.faults {
            eprintln!("第 {} 行 {} 列：{}", fault.row, fault.column, fault.reason);
        }
        eprintln!(
            "有 {} 处要改，什么都没有导入。改好再导一次。",
            imported.faults.len()
        );
    }
    Ok(if imported.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn issue(command: IssueTickets) -> Result<ExitCode> {
    let app = command.config.open(Clock::System).await?;
    let tickets = app.issue_tickets("command-line", &command.unit).await?;
    let issued_at_ms = app.clock.now_ms();
    app.store.close().await;
    let text = match command.format {
        TicketFormat::Json => {
            serde_json::to_string_pretty(&tickets).expect("tickets serialize") + "\n"
        }
        TicketFormat::Html => cards(tickets, &command.unit, issued_at_ms),
    };
    match command.out {
        None => print!("{text}"),
        Some(path) => {
            fs::write(&path, text)?;
            eprintln!("已写到 {}。里面的链接等于钥匙，请收好。", path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn cards(tickets: Vec<Ticket>, unit: &str, issued_at_ms: i64) -> String {
    let mut title = String::from("政策一口清 参赛证");
    if !unit.is_empty() {
        let _ = write!(title, " · {unit}");
    }
    render(&Tickets {
        title,
        issued_at_ms,
        tickets: tickets
            .into_iter()
            .map(|ticket| TicketCard::new(ticket.person, ticket.unit, ticket.post, ticket.link))
            .collect(),
    })
}
