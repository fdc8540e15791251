//! `bank stats`: how many questions of what, and what is about to expire.

use std::process::ExitCode;

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use crate::{
    bank::{
        Bank,
        census::{self, Census, Counts, Expiring},
        question::Kind,
    },
    cli::bank::{Format, Stats, print, selection::Selection},
    error::{Error, Result},
};

pub(super) fn run(stats: &Stats, as_of: NaiveDate) -> Result<ExitCode> {
    let selection = Selection::read(&stats.place.paths)?;
    let mut bank = Bank::read(&selection.folders.files, as_of);
    bank.questions
        .retain(|question| selection.wants(&question.place.file));
    let census = census::census(&bank);
    let expiring = stats
        .expiring
        .map(|days| census::expiring(&bank, as_of, days));
    match stats.format {
        Format::Json => {
            let mut value = serde_json::to_value(&census)
                .map_err(|error| Error::internal("写不出 JSON", error))?;
            if let Some(expiring) = &expiring {
                value["expiring"] = serde_json::to_value(expiring)
                    .map_err(|error| Error::internal("写不出 JSON", error))?;
            }
            print(&format!("{value:#}\n"))?;
        }
        Format::Human => {
            print(&human(&census))?;
            if let (Some(days), Some(expiring)) = (stats.expiring, &expiring) {
                print(&human_expiring(expiring, days))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn human(census: &Census) -> String {
    let purposes: Vec<String> = census
        .purposes
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    let mut text = format!(
        "共 {} 道题（{}）\n\n",
        census.questions,
        purposes.join("，")
    );
    text.push_str(&table("专题", &census.topics));
    text.push_str("\n各岗位要会的题（含全体都要会的）\n\n");
    text.push_str(&table("岗位", &census.posts));
    text
}

fn human_expiring(expiring: &[Expiring], days: u32) -> String {
    if expiring.is_empty() {
        return format!("\n{days} 天内没有要失效的题。\n");
    }
    let lines: Vec<String> = expiring
        .iter()
        .map(|question| {
            let stem = question.stem.lines().next().unwrap_or("");
            let Expiring {
                until,
                id,
                file,
                line,
                ..
            } = question;
            format!("{until}  {id}  {file}:{line}  {stem}\n")
        })
        .collect();
    format!(
        "\n{days} 天内要失效的题（{} 道）\n\n{}",
        lines.len(),
        lines.concat()
    )
}

/// Name, kinds, difficulties, total, in columns that line up whatever the characters' widths.
fn table(first: &str, rows: &[Counts]) -> String {
    let name_width = rows
        .iter()
        .map(|row| row.name.width())
        .chain([first.width(), 4])
        .max()
        .unwrap_or(4);
    let mut heads: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| kind.chinese().to_owned())
        .collect();
    heads.extend((1..=5).map(|level| format!("难度{level}")));
    heads.push("合计".into());
    let mut text = line(first, name_width, &heads);
    for row in rows {
        let counts = row
            .kinds
            .iter()
            .chain(&row.difficulties)
            .chain([&row.questions]);
        let cells: Vec<String> = counts.map(usize::to_string).collect();
        text.push_str(&line(&row.name, name_width, &cells));
    }
    text
}

fn line(name: &str, name_width: usize, cells: &[String]) -> String {
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.width()));
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| format!("{}{cell}", pad(cell, 7)))
        .collect();
    format!("{name}{}{}\n", pad(name, name_width), cells.concat())
}
