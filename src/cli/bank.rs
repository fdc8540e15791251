//! `yikouqing bank …`: check, fmt and stats over folders of Markdown.

mod check;
mod render;
mod selection;

use std::{path::PathBuf, process::ExitCode};

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use crate::{clock::Clock, error::Result};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 检查题库：每处问题说明在哪一行、错在哪里、怎样写才对。有错误时退出码为 1
    Check(Check),
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
    }
}

fn parse_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| "日期写成 2026-07-01 这样，且要有这一天".to_owned())
}
