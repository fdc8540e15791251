//! The command line: one file per command, one line here.

pub mod bank;
pub mod paper;

use clap::{Parser, Subcommand};

use crate::error::Result;

/// 政策一口清：政策题库、公平组卷、限时作答、自动阅卷、实时成绩
#[derive(Debug, Parser)]
#[command(name = "yikouqing", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 题库：检查、整理、统计
    #[command(subcommand)]
    Bank(bank::Command),
    /// 试卷：按组卷方案出卷、模拟组卷
    #[command(subcommand)]
    Paper(paper::Command),
}

/// Runs one command; the exit code is its own to choose (0 done, 1 it says no).
pub fn run(cli: Cli) -> Result<std::process::ExitCode> {
    match cli.command {
        Command::Bank(command) => bank::run(command),
        Command::Paper(command) => paper::run(command),
    }
}
