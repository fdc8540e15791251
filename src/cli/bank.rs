//! `yikouqing bank …`: check, fmt, stats and questions over folders of Markdown.

mod ask;
mod check;
mod fmt;
mod recall;
mod selection;
mod stats;

use std::{
    io::{ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use crate::{clock::Clock, error::Result};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 检查题库：每处问题说明在哪一行、错在哪里、怎样写才对。有错误时退出码为 1
    Check(Check),
    /// 整理题库：补上缺的编号并写回文件，统一横线、方框和空行；别的一个字不动
    Fmt(Fmt),
    /// 统计题库：专题、题型、岗位、难度各有多少题，哪些快要失效
    Stats(Stats),
    /// 查政策：用大白话问，题库里找出答案、依据和施行日期，最合适的在前
    Ask(Ask),
    /// 量一量口答的听法：拿人工标注过的话来听，按类别说明该记的记上了多少、不该记的误记了多少
    Recall(Recall),
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub place: Place,
    /// 按哪一天判断政策是否有效，例如 2026-07-01（默认今天）
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub as_of: Option<NaiveDate>,
    /// 给人看（human）还是给编辑器看（json）
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Fmt {
    #[command(flatten)]
    pub place: Place,
    /// 只看要不要整理，不写文件；要整理时退出码为 1
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    Check,
}

impl Fmt {
    pub fn mode(&self) -> Mode {
        if self.check { Mode::Check } else { Mode::Write }
    }
}

#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    pub place: Place,
    /// 还列出多少天内要失效的题
    #[arg(long, value_name = "DAYS")]
    pub expiring: Option<u32>,
    /// 按哪一天算，例如 2026-07-01（默认今天）
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub as_of: Option<NaiveDate>,
    /// 给人看（human）还是给程序看（json）
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Ask {
    /// 要问的话，例如“住院报销”，也可以是拼音或拼音首字母
    #[arg(value_name = "QUERY", required_unless_present = "measure")]
    pub query: Option<String>,
    /// 题库文件夹
    #[arg(long, value_name = "PATH", default_value = "question_bank")]
    pub bank: Vec<PathBuf>,
    /// 最多几条
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub most: usize,
    /// 按一份“问题、制表符、编号”的文件，看答上了多少
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub measure: Option<PathBuf>,
    /// 按哪一天的政策答，例如 2026-07-01（默认今天）
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub as_of: Option<NaiveDate>,
    /// 给人看（human）还是给程序看（json）
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Recall {
    /// 标注过的话，每行：题号、类别、每个要点说到没有（如 1101）、说的话，用制表符隔开（默认 tests/recall 里的全部）
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 题库文件夹
    #[arg(long, value_name = "PATH", default_value = "question_bank")]
    pub bank: PathBuf,
    /// 还逐条列出听错的
    #[arg(long)]
    misses: bool,
}

#[derive(Debug, Args)]
pub struct Place {
    /// 题库文件夹，或者其中的文件
    #[arg(value_name = "PATH", default_value = "question_bank")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

pub fn run(command: Command) -> Result<ExitCode> {
    let today = Clock::System.today();
    match command {
        Command::Check(check) => check::run(&check, check.as_of.unwrap_or(today)),
        Command::Fmt(fmt) => fmt::run(&fmt),
        Command::Stats(stats) => stats::run(&stats, stats.as_of.unwrap_or(today)),
        Command::Ask(ask) => ask::run(&ask, ask.as_of.unwrap_or(today)),
        Command::Recall(recall) => recall::run(&recall, today),
    }
}

/// Prints; a reader that has seen enough (`| head`) is no fault.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| "日期写成 2026-07-01 这样，且要有这一天".to_owned())
}
