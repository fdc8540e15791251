//! `yikouqing paper …`: papers drawn by a blueprint, and how equal such papers are.

mod human;
mod keys;
mod page;
mod print;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use crate::{
    bank::{Bank, blueprint::Blueprint, fault::Severity},
    clock::Clock,
    error::{Code, Error, Result},
    exchange::bank_folder::read_folders,
    paper::{
        Questions,
        assemble::{Assembler, History, Use},
        equivalence, seal, sheet,
    },
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 按组卷方案出一份卷子
    Assemble(Assemble),
    /// 模拟组卷：出很多份，看难度是否相当、各卷是否不同、每题用得是否均匀
    Simulate(Simulate),
}

#[derive(Debug, Args)]
pub struct Assemble {
    #[command(flatten)]
    pub from: From,
    /// 种子：同一题库、同一种子，出的卷子一样
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// 附答案、解析、题号、难度（只给命题人员看）
    #[arg(long)]
    pub with_keys: bool,
    /// 输出格式
    #[arg(long, value_enum, default_value_t = PaperFormat::Md)]
    pub format: PaperFormat,
}

#[derive(Debug, Args)]
pub struct Simulate {
    #[command(flatten)]
    pub from: From,
    /// 模拟多少份
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub papers: u32,
    /// 种子
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// 给人看（human）还是给程序看（json）
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Which blueprint, from which banks, for whom and on which day.
#[derive(Debug, Args)]
pub struct From {
    /// 组卷方案的名字（细目表一栏写的）
    #[arg(long, value_name = "NAME")]
    pub blueprint: String,
    /// 题库文件夹，可以给几个
    #[arg(long, value_name = "DIR", default_value = "question_bank")]
    pub bank: Vec<PathBuf>,
    /// 给哪个岗位出（默认：方案里写的所有岗位都合适的题）
    #[arg(long, value_name = "POST")]
    pub post: Option<String>,
    /// 按哪一天判断政策是否有效，例如 2026-07-01（默认今天）
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub as_of: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PaperFormat {
    Md,
    Json,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

pub fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Assemble(assemble) => assemble_paper(&assemble),
        Command::Simulate(simulate) => simulate_papers(&simulate),
    }
}

fn assemble_paper(command: &Assemble) -> Result<ExitCode> {
    let (bank, assembler) = assembler(&command.from)?;
    let seed = seal::numbered_seed(command.seed);
    let paper = assembler.assemble(&seed, &History::default());
    let questions: Questions = bank
        .questions
        .into_iter()
        .map(|question| (question.revision.clone(), question))
        .collect();
    let sheet = sheet::sheet(&paper, &questions)
        .map_err(|revision| Error::NotFound(format!("题目版本 {}", revision.0)))?;
    let keyed = keys::keyed(&paper, &sheet, &questions);
    let text = match (command.format, command.with_keys) {
        (PaperFormat::Json, false) => json(&sheet)?,
        (PaperFormat::Json, true) => json(&keyed)?,
        (PaperFormat::Md, with_keys) => print::markdown(&keyed, with_keys),
        (PaperFormat::Html, with_keys) => page::html(&keyed, with_keys),
    };
    put(&text)
}

fn simulate_papers(command: &Simulate) -> Result<ExitCode> {
    let (_, assembler) = assembler(&command.from)?;
    let report = equivalence::simulate(&assembler, command.papers, command.seed);
    put(&match command.format {
        Format::Human => human::report(&report),
        Format::Json => json(&report)?,
    })
}

fn assembler(from: &From) -> Result<(Bank, Assembler)> {
    let day = from.as_of.unwrap_or_else(|| Clock::System.today());
    let bank = Bank::read(&read_folders(&from.bank)?, day);
    let errors = bank
        .faults
        .iter()
        .filter(|fault| fault.severity == Severity::Error);
    let errors = errors.count();
    if errors > 0 {
        eprintln!("注意：题库里有 {errors} 处错误，有错的题不会出（用 yikouqing bank check 查看）");
    }
    let blueprint = blueprint(&bank, &from.blueprint)?;
    let post = from
        .post
        .as_deref()
        .map(|post| named_post(&bank, post))
        .transpose()?;
    let assembler = Assembler::new(&bank.questions, blueprint, post, day, Use::Contest).map_err(
        |shortages| {
            let lines: Vec<String> = shortages.iter().map(|each| format!("\n  {each}")).collect();
            let text = format!("组卷方案“{}”出不了卷：{}", blueprint.name, lines.concat());
            Error::refused(Code::Conflict, text)
        },
    )?;
    Ok((bank, assembler))
}

fn blueprint<'a>(bank: &'a Bank, name: &str) -> Result<&'a Blueprint> {
    bank.blueprint(name).ok_or_else(|| {
        let known: Vec<&str> = bank
            .blueprints
            .iter()
            .map(|each| each.name.as_str())
            .collect();
        Error::NotFound(match known.as_slice() {
            [] => format!("组卷方案“{name}”：题库里还没有可用的组卷方案"),
            known => format!("组卷方案“{name}”：题库里有 {}", known.join("、")),
        })
    })
}

fn named_post<'a>(bank: &'a Bank, name: &str) -> Result<&'a str> {
    let post = bank.posts.find(name);
    post.map(|post| post.name.as_str())
        .ok_or_else(|| Error::NotFound(format!("岗位“{name}”")))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::internal("写不成 JSON", error))?;
    Ok(text + "\n")
}

fn put(text: &str) -> Result<ExitCode> {
    match io::stdout().write_all(text.as_bytes()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => Ok(other.map(|()| ExitCode::SUCCESS)?),
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| "日期写成 2026-07-01 这样，且要有这一天".to_owned())
}
