//! The command line: one file per command, one line here.

pub mod backup;
pub mod bank;
pub mod demo;
pub mod grant;
mod opening;
pub mod purge;
pub mod rehearse;
pub mod roster;
pub mod round;
pub mod paper;
pub mod serve;
pub mod verify;

use std::{future::Future, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::{Error, Result};

/// 政策一口清：政策题库、公平组卷、限时作答、自动阅卷、实时成绩
#[derive(Debug, Parser)]
#[command(name = "yikouqing", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 演示：一个样板镇，点开就能看
    Demo(demo::Demo),
    /// 启动服务
    Serve(serve::Serve),
    /// 题库：检查、整理、统计
    #[command(subcommand)]
    Bank(bank::Command),
    /// 试卷：按组卷方案出卷、模拟组卷
    #[command(subcommand)]
    Paper(paper::Command),
    /// 花名册：导入、发参赛证
    #[command(subcommand)]
    Roster(roster::Command),
    /// 场次：新建、封存、收卷、公布……
    #[command(subcommand)]
    Round(round::Command),
    /// 授权：主办单位 organizer、命题人员 trainer、评委 judge
    Grant(grant::Grant),
    /// 核对导出的场次：重抽试卷、重新阅卷、重算成绩榜，不需要数据库
    Verify(verify::Verify),
    /// 清除已公布场次的个人信息（要先导出）
    Purge(purge::Purge),
    /// 备份数据库，服务不用停
    Backup(backup::Backup),
    /// 从备份恢复数据库
    Restore(backup::Restore),
    /// 演练开考：虚构的考生同一刻开考、同一刻交卷，看这台机器容得下多少人
    Rehearse(rehearse::Rehearse),
    /// The load of a rehearsal, in a process of its own.
    #[command(name = rehearse::LOAD, hide = true)]
    RehearseLoad,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Human,
    Json,
}

/// Runs one command; the exit code is its own to choose (0 done, 1 it says no).
pub fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Demo(command) => in_runtime(demo::run(command)),
        Command::Serve(command) => in_runtime(serve::run(command)),
        Command::Bank(command) => bank::run(command),
        Command::Roster(command) => in_runtime(roster::run(command)),
        Command::Round(command) => in_runtime(round::run(command)),
        Command::Grant(command) => in_runtime(grant::run(command)),
        Command::Paper(command) => paper::run(command),
        Command::Verify(command) => verify::run(command),
        Command::Purge(command) => in_runtime(purge::run(command)),
        Command::Backup(command) => in_runtime(backup::back_up(command)),
        Command::Restore(command) => in_runtime(backup::restore(command)),
        Command::Rehearse(command) => in_runtime(rehearse::run(command)),
        Command::RehearseLoad => in_runtime(rehearse::load::run()),
    }
}

fn in_runtime(command: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Runtime::new()
        .map_err(|source| Error::internal("启动不了运行环境", source))?
        .block_on(command)
}

/// JSON for programs, one value.
fn print_json<T: serde::Serialize>(value: &T) {
    println!(
        "{}",
        serde_json::to_string_pretty(value).expect("our own types serialize")
    );
}
