//! `roster`: imports the township's own file as it is, lists people, and issues tickets.

mod list;

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};

use crate::{
    app::registrar::{Import, Imported, Ticket},
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
    /// 列出名册里的人
    List(list::ListPeople),
    /// 发参赛证：每人一张，旧的在收回之前还能用
    Tickets(IssueTickets),
}

#[derive(Debug, Args)]
pub struct ImportFile {
    file: PathBuf,
    /// 镇（或县）的名字；第一次导入要写
    #[arg(long, default_value = "")]
    unit: String,
    /// 名册里的叫法当作哪个岗位，写成 叫法=岗位，可以写多次；“叫法=”表示不算岗位。会记住，下次不用再写
    #[arg(long = "post", value_name = "叫法=岗位", value_parser = answer)]
    posts: Vec<(String, String)>,
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

fn answer(text: &str) -> std::result::Result<(String, String), String> {
    let (word, post) = text
        .split_once('=')
        .ok_or("要写成 叫法=岗位，例如 支书当家人=村党组织书记")?;
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    match plain(word) {
        word if word.is_empty() => Err("“=”前面要写名册里的叫法".into()),
        word => Ok((word, plain(post))),
    }
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Import(command) => import(command).await,
        Command::List(command) => list::run(command).await,
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
    let answers: BTreeMap<String, String> = command.posts.iter().cloned().collect();
    let imported = app
        .import_answered("command-line", &command.unit, &rows, &answers, import)
        .await;
    app.store.close().await;
    let mut imported = imported?;
    imported.faults.splice(0..0, faults);
    imported.faults.sort_by_key(|fault| fault.row);
    if command.format == ListFormat::Json {
        print_json(&imported);
    } else {
        tell(&imported, import);
    }
    Ok(if imported.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn tell(imported: &Imported, import: Import) {
    if imported.is_clean() {
        let done = match import {
            Import::DryRun => "可以导入（这次没有导入）",
            Import::ForReal => "导入好了",
        };
        println!(
            "{done}：新增 {} 人，更新 {} 人，没有变化 {} 人，新单位 {} 个。",
            imported.added, imported.updated, imported.unchanged, imported.units_added
        );
        if !imported.new_units.is_empty() {
            println!("新单位：{}", imported.new_units.join("、"));
        }
        for note in &imported.notes {
            println!("请核对：{note}");
        }
        return;
    }
    for fault in &imported.faults {
        let value = match fault.value.as_str() {
            "" => String::new(),
            value => format!("“{value}”"),
        };
        let column = match fault.column.as_str() {
            "" => String::new(),
            column => format!(" {column} 列"),
        };
        eprintln!("第 {} 行{column}{value}：{}", fault.row, fault.reason);
    }
    for post in &imported.unknown_posts {
        let rows: Vec<String> = post.rows.iter().map(usize::to_string).collect();
        let like = match post.like.as_str() {
            "" => "岗位",
            like => like,
        };
        eprintln!(
            "把“{}”当作哪个岗位？（{} 列第 {} 行）再导一次时加上 --post {}={like}",
            post.text,
            post.column,
            rows.join("、"),
            post.text
        );
    }
    eprintln!(
        "有 {} 处要改，{} 个岗位叫法要问，什么都没有导入。",
        imported.faults.len(),
        imported.unknown_posts.len()
    );
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
