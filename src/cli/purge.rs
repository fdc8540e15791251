//! `purge`: the personal data of announced rounds goes, once they were exported.

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;

use crate::{
    app::archivist,
    cli::{ListFormat, print_json},
    clock::{Clock, local_time},
    config::Config,
    error::{Code, Error, Result},
};

const ACTOR: &str = "command-line";

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["round", "before"]))]
pub struct Purge {
    /// 场次编号
    #[arg(long)]
    round: Option<String>,
    /// 这一天（不含）以前结束的所有已公布场次，连同以前抽问的点评，如 2026-01-01
    #[arg(long)]
    before: Option<NaiveDate>,
    /// 只看会清除什么，不清除
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

pub async fn run(command: Purge) -> Result<ExitCode> {
    let app = command.config.open(Clock::System).await?;
    let mut comments = 0;
    let purge = if command.dry_run {
        archivist::Purge::DryRun
    } else {
        archivist::Purge::ForReal
    };
    let rounds = match (&command.round, command.before) {
        (Some(id), _) => vec![id.clone()],
        (None, Some(day)) => {
            let before_ms = local_time(&format!("{day}T00:00"))
                .ok_or_else(|| Error::refused(Code::BadRequest, "日期要写成 2026-01-01 这样"))?;
            comments = app.purge_spot_comments(ACTOR, before_ms, purge).await?;
            let rounds = app.rounds_to_purge(before_ms).await?;
            rounds.into_iter().map(|round| round.id).collect()
        }
        (None, None) => vec![],
    };
    let json = command.format == ListFormat::Json;
    if rounds.is_empty() && !json {
        println!("没有要清除的场次。");
    }
    if comments > 0 && !json {
        let word = if command.dry_run {
            "会清除（这次没有清除）"
        } else {
            "已清除"
        };
        println!("抽问{word}：{comments} 条点评的文字去掉。");
    }
    let mut code = ExitCode::SUCCESS;
    let mut done = Vec::new();
    for id in rounds {
        match app.purge_round(ACTOR, &id, purge).await {
            Ok(purged) if json => done.push(purged),
            Ok(purged) => println!(
                "“{}”{}：{} 个参赛人换成化名，{} 人的姓名和手机号从名册里去掉，{} 条口答的文字去掉。",
                purged.name,
                if command.dry_run {
                    "会清除（这次没有清除）"
                } else {
                    "已清除"
                },
                purged.entrants,
                purged.persons,
                purged.steps
            ),
            Err(Error::Refused(refusal)) => {
                eprintln!("没有清除：{refusal}");
                code = ExitCode::FAILURE;
            }
            Err(error) => return Err(error),
        }
    }
    app.store.close().await;
    if json {
        print_json(&done);
    }
    Ok(code)
}
