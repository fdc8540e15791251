//! `round`: what the organizer's pages do, for scripts.

mod create;
mod decisions;
mod export;

use std::process::ExitCode;

use chrono::DateTime;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{
    app::App,
    cli::{ListFormat, print_json},
    clock::{Clock, local_time, rfc3339},
    config::Config,
    contest::round::Round,
    error::{Code, Error, Result},
};

const ACTOR: &str = "command-line";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 新建一场，打印编号；--opens now 时一并封存
    Create(Box<create::Create>),
    /// 封存：冻结题库、名单和规则
    Seal(One),
    /// 列出所有场次
    List(List),
    /// 收卷：现在就到截止时间
    Close(One),
    /// 公布成绩
    Announce(One),
    /// 延时
    Extend(Extend),
    /// 暂停
    Pause(Pause),
    /// 恢复
    Resume(One),
    /// 导出整场，供任何人核对（yikouqing verify）
    Export(export::Export),
    #[command(flatten)]
    Decision(decisions::Decision),
}

#[derive(Debug, Args)]
pub struct One {
    /// 场次编号
    id: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct List {
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Extend {
    id: String,
    /// 延长多久：10m 或 90s
    #[arg(long)]
    by: String,
    /// 只给这个人（编号）
    #[arg(long)]
    person: Option<String>,
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Pause {
    id: String,
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    config: Config,
}

pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Create(command) => create::run(*command).await?,
        Command::List(command) => list(command).await?,
        Command::Export(command) => export::run(command).await?,
        Command::Decision(decision) => decisions::run(decision).await?,
        Command::Seal(one) => on(&one, async |app, id| app.seal_round(ACTOR, id).await).await?,
        Command::Close(one) => on(&one, async |app, id| app.close_round(ACTOR, id).await).await?,
        Command::Announce(one) => {
            on(&one, async |app, id| app.announce_round(ACTOR, id).await).await?;
        }
        Command::Resume(one) => on(&one, async |app, id| app.resume_round(ACTOR, id).await).await?,
        Command::Pause(Pause { id, reason, config }) => {
            on(&One { id, config }, async |app, id| {
                app.pause_round(ACTOR, id, &reason).await
            })
            .await?;
        }
        Command::Extend(Extend {
            id,
            by,
            person,
            reason,
            config,
        }) => {
            let by_ms = duration_ms(&by)?;
            let person = person.as_deref();
            on(&One { id, config }, async |app, id| {
                app.extend_round(ACTOR, id, person, by_ms, &reason).await
            })
            .await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn on(one: &One, act: impl AsyncFnOnce(&App, &str) -> Result<()>) -> Result<()> {
    let app = one.config.open(Clock::System).await?;
    act(&app, &one.id).await?;
    app.store.close().await;
    println!("好了。");
    Ok(())
}

fn bad(detail: impl Into<String>) -> Error {
    Error::refused(Code::BadRequest, detail)
}

/// `now`, RFC 3339, or a local time, which is +08:00.
fn instant(text: &str, now_ms: i64) -> Result<i64> {
    if text == "now" {
        return Ok(now_ms);
    }
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.timestamp_millis())
        .ok()
        .or_else(|| local_time(text))
        .ok_or_else(|| bad(format!("时间“{text}”读不懂，请写成 2026-02-18T10:00")))
}

/// `40m`, `400s`, `2h` → milliseconds.
fn duration_ms(text: &str) -> Result<i64> {
    let split = text.len().saturating_sub(1);
    let (number, unit) = text.split_at_checked(split).unwrap_or((text, ""));
    let factor = match unit {
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    number
        .parse::<i64>()
        .ok()
        .filter(|number| (1..=1_000_000).contains(number) && factor > 0)
        .map(|number| number * factor)
        .ok_or_else(|| bad(format!("时长“{text}”读不懂，请写成 40m（分）或 400s（秒）")))
}

async fn list(command: List) -> Result<()> {
    let app = command.config.open(Clock::System).await?;
    let rounds = app.rounds().await?;
    let now_ms = app.clock.now_ms();
    app.store.close().await;
    match command.format {
        ListFormat::Json => {
            let rows: Vec<Value> = rounds.iter().map(|round| row(round, now_ms)).collect();
            print_json(&rows);
        }
        ListFormat::Human if rounds.is_empty() => {
            println!("还没有场次。用 yikouqing round create 新建一场。");
        }
        ListFormat::Human => {
            for round in rounds {
                println!(
                    "{}  {}  {}  {} 至 {}",
                    round.id,
                    phase_text(&round, now_ms),
                    round.name,
                    rfc3339(round.opens_at_ms),
                    rfc3339(round.window_ends_at_ms(now_ms))
                );
            }
        }
    }
    Ok(())
}

fn row(round: &Round, now_ms: i64) -> Value {
    json!({
        "id": round.id,
        "name": round.name,
        "state": round.phase(now_ms),
        "tier": round.rules.tier,
        "opens": rfc3339(round.opens_at_ms),
        "closes": rfc3339(round.window_ends_at_ms(now_ms)),
        "limit_seconds": round.limit_ms / 1000,
        "secret_hash": round.secret_hash,
    })
}

fn phase_text(round: &Round, now_ms: i64) -> &'static str {
    use crate::contest::round::Phase;
    match round.phase(now_ms) {
        Phase::Draft => "草稿",
        Phase::Upcoming => "已封存",
        Phase::Open => "进行中",
        Phase::Paused => "已暂停",
        Phase::Closed => "已收卷",
        Phase::Announced => "已公布",
    }
}
