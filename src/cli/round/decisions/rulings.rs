//! `round disputes` and `round rule`: the disputed elements of spoken answers, and what is ruled of one.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::on;
use crate::{
    app::rulings::{Wanted, disputes::Disputed},
    cli::{ListFormat, print_json, round::ACTOR},
    clock::{Clock, rfc3339},
    config::Config,
    error::Result,
    grading::{Found, disputes::Dispute, recall::Doubt},
};

#[derive(Debug, Args)]
pub struct Disputes {
    /// 场次编号
    id: String,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Rule {
    /// 作答的编号（round disputes 里有）
    attempt: String,
    /// 第几题
    #[arg(long)]
    question: u32,
    /// 第几个要点
    #[arg(long)]
    element: u32,
    /// 算说到（yes）还是不算（no）
    #[arg(long, value_enum)]
    said: Said,
    /// 理由，留在记录里，公布以后本人看得到
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Said {
    Yes,
    No,
}

pub(super) async fn rule(command: Rule) -> Result<()> {
    on(&command.config, async |app| {
        let wanted = Wanted {
            number: command.question,
            element: command.element,
            found: match command.said {
                Said::Yes => Found::Yes,
                Said::No => Found::No,
            },
            reason: &command.reason,
        };
        app.rule_on_element(ACTOR, &command.attempt, &wanted).await
    })
    .await
}

pub(super) async fn disputes(command: Disputes) -> Result<()> {
    let app = command.config.open(Clock::System).await?;
    let disputes = app.disputes(ACTOR, &command.id).await?;
    app.store.close().await;
    if command.format == ListFormat::Json {
        print_json(&disputes.rows.iter().map(row).collect::<Vec<Value>>());
        return Ok(());
    }
    let (count, unruled) = (disputes.rows.len(), disputes.unruled);
    println!("{count} 个争议要点，{unruled} 个还没有裁定。");
    for each in &disputes.rows {
        let ruled = match &each.ruling {
            None => "没有裁定",
            Some(ruling) if ruling.after == Found::Yes => "裁定计入",
            Some(_) => "裁定不计",
        };
        println!(
            "{}  第 {} 题 要点 {}  {}  {}（{}）",
            each.attempt,
            each.number,
            each.element,
            ruled,
            each.entrant.name,
            each.entrant.unit_name
        );
    }
    Ok(())
}

fn row(each: &Disputed) -> Value {
    json!({
        "attempt": each.attempt, "person": each.entrant.person_id, "name": each.entrant.name,
        "unit": each.entrant.unit_name, "question": each.number, "element": each.element,
        "said": each.said, "counts": each.found == Found::Yes, "missing": each.heard.missing,
        "doubt": doubt(each.dispute),
        "ruling": each.ruling.as_ref().map(|ruling| json!({
            "said": ruling.after == Found::Yes, "reason": ruling.reason, "correction": ruling.correction,
            "at": rfc3339(ruling.at_ms),
        })),
    })
}

fn doubt(dispute: Option<Dispute>) -> Option<Doubt> {
    match dispute {
        Some(Dispute::Doubted(doubt)) => Some(doubt),
        Some(Dispute::Nearly) | None => None,
    }
}
