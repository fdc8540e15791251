//! `round monitor` and the decisions on record: who was added, is on leave, gets late answers counted, is void or reopened.

mod rulings;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::{
    app::{App, decisions::Leave, monitor::Seat, organizer::Hold},
    cli::{
        ListFormat, print_json,
        round::{
            ACTOR,
            decisions::rulings::{Disputes, Rule},
        },
    },
    clock::{Clock, rfc3339},
    config::Config,
    error::Result,
};

#[derive(Debug, Subcommand)]
pub enum Decision {
    /// 监考：谁没开始、谁在答、谁交了（附人和作答的编号）
    Monitor(Monitor),
    /// 暂停公布成绩榜
    Hold(Round),
    /// 现场揭晓成绩榜
    Reveal(Round),
    /// 封存以后补进名单
    AddEntrant(OfPerson),
    /// 批准请假
    Leave(OfPerson),
    /// 取消请假
    Back(OfPerson),
    /// 采纳迟到的答案，重新计分
    AcceptLate(OfAttempt),
    /// 作废一次作答
    Void(OfAttempt),
    /// 重开一次作答
    Reopen(Reopen),
    /// 口答争议：没有计入、但听到大半或有疑问的要点，和已经裁定的
    Disputes(Disputes),
    /// 裁定口答题的一个要点算不算说到，重新计分
    Rule(Rule),
}

#[derive(Debug, Args)]
pub struct Monitor {
    id: String,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Round {
    id: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct OfPerson {
    id: String,
    /// 人的编号；补进名单时也可以写姓名或“单位/姓名”
    #[arg(long)]
    person: String,
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct OfAttempt {
    /// 作答的编号（round monitor 里有）
    attempt: String,
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Reopen {
    /// 作答的编号（round monitor 里有）
    attempt: String,
    /// 再给多久：10m 或 90s
    #[arg(long)]
    by: String,
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    config: Config,
}

pub(in crate::cli) async fn run(decision: Decision) -> Result<()> {
    match decision {
        Decision::Monitor(command) => monitor(command).await,
        Decision::Hold(Round { id, config }) => {
            on(&config, async |app| {
                app.hold_board(ACTOR, &id, Hold::Back).await
            })
            .await
        }
        Decision::Reveal(Round { id, config }) => {
            on(&config, async |app| {
                app.hold_board(ACTOR, &id, Hold::Reveal).await
            })
            .await
        }
        Decision::AddEntrant(of) => {
            on(&of.config, async |app| {
                app.add_late_entrant(ACTOR, &of.id, &of.person, &of.reason)
                    .await
                    .map(drop)
            })
            .await
        }
        Decision::Leave(of) => leave(of, Leave::Approved).await,
        Decision::Back(of) => leave(of, Leave::TakenBack).await,
        Decision::AcceptLate(of) => {
            on(&of.config, async |app| {
                app.accept_late_steps(ACTOR, &of.attempt, &of.reason).await
            })
            .await
        }
        Decision::Disputes(command) => rulings::disputes(command).await,
        Decision::Rule(command) => rulings::rule(command).await,
        Decision::Void(of) => {
            on(&of.config, async |app| {
                app.void_attempt(ACTOR, &of.attempt, &of.reason).await
            })
            .await
        }
        Decision::Reopen(of) => {
            let by_ms = super::duration_ms(&of.by)?;
            on(&of.config, async |app| {
                app.reopen_attempt(ACTOR, &of.attempt, by_ms, &of.reason)
                    .await
            })
            .await
        }
    }
}

async fn leave(of: OfPerson, leave: Leave) -> Result<()> {
    on(&of.config, async |app| {
        app.set_leave(ACTOR, &of.id, &of.person, leave, &of.reason)
            .await
    })
    .await
}

async fn on(config: &Config, act: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    let app = config.open(Clock::System).await?;
    act(&app).await?;
    app.store.close().await;
    println!("好了。");
    Ok(())
}

async fn monitor(command: Monitor) -> Result<()> {
    let app = command.config.open(Clock::System).await?;
    let monitor = app.monitor(ACTOR, &command.id).await?;
    app.store.close().await;
    let rows: Vec<Value> = monitor.rows.iter().map(row).collect();
    if command.format == ListFormat::Json {
        print_json(&rows);
        return Ok(());
    }
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap_or("—").to_owned();
        println!(
            "{}  {}  {}  {}  {}",
            text("person"),
            text("state"),
            text("unit"),
            text("name"),
            text("last_seen")
        );
    }
    Ok(())
}

fn row(seat: &Seat) -> Value {
    let attempts: Vec<Value> = seat
        .attempts
        .iter()
        .map(|each| {
            json!({
                "attempt": each.id, "number": each.number, "state": each.state,
                "started": rfc3339(each.started_at_ms), "deadline": rfc3339(each.deadline_at_ms),
                "finished": each.finished_at_ms.map(rfc3339), "late_steps": each.late_steps,
            })
        })
        .collect();
    json!({
        "person": seat.entrant.person_id, "name": seat.entrant.name, "unit": seat.entrant.unit_name,
        "post": seat.entrant.post, "division": seat.entrant.division, "late": seat.entrant.late,
        "state": seat.state(), "last_seen": seat.last_seen_at_ms().map(rfc3339), "attempts": attempts,
    })
}
