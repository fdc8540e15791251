//! `bank ask`: 查政策 on the command line, and how well it answers a file of questions.

use std::{collections::HashSet, fmt::Write as _, fs, process::ExitCode};

use chrono::NaiveDate;

use crate::{
    bank::Bank,
    cli::bank::{Ask, Format, print, selection::Selection},
    error::{Code, Error, Result},
    lookup::{
        entry::{Before, Entry, Line},
        index::{Fit, Found, Index},
        measure::{self, Figures},
    },
};

pub(super) fn run(ask: &Ask, as_of: NaiveDate) -> Result<ExitCode> {
    let selection = Selection::read(&ask.bank)?;
    let index = Index::new(&Bank::read(&selection.folders.files, as_of), as_of);
    let text = match (&ask.query, &ask.measure) {
        (_, Some(path)) => {
            let text = fs::read_to_string(path)
                .map_err(|source| Error::internal(format!("读不了 {}", path.display()), source))?;
            let cases = measure::cases(&text).map_err(|line| {
                let detail = format!(
                    "{} 第 {line} 行：要写成“问题、制表符、编号”，几个编号用半角逗号隔开",
                    path.display()
                );
                Error::refused(Code::BadRequest, detail)
            })?;
            let figures = measure::measure(&index, &cases);
            match ask.format {
                Format::Json => json(&figures)?,
                Format::Human => human_figures(&figures, &index),
            }
        }
        (query, None) => {
            let query = query.as_deref().unwrap_or_default();
            let found = index.search(query, &HashSet::new(), ask.most);
            match ask.format {
                Format::Json => json(&serde_json::json!({
                    "fit": found.fit == Fit::Good,
                    "results": found.entries,
                }))?,
                Format::Human => human(&found),
            }
        }
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::internal("写不出 JSON", error))?;
    Ok(text + "\n")
}

fn human(found: &Found<'_>) -> String {
    let mut text = String::new();
    if found.entries.is_empty() {
        return "题库里没有查到。换个说法试试。\n".into();
    }
    if found.fit == Fit::Nearest {
        text.push_str("题库里没有正好对得上的，最接近的是：\n\n");
    }
    for (place, entry) in found.entries.iter().enumerate() {
        text.push_str(&human_entry(place + 1, entry));
    }
    text
}

fn human_entry(number: usize, entry: &Entry) -> String {
    let mut lines = vec![format!("{number}. {}", lead(&entry.asked, &entry.answer))];
    if !entry.explanation.is_empty() {
        lines.push(entry.explanation.clone());
    }
    let since = entry
        .since
        .map_or(String::new(), |day| format!("　{day} 起施行"));
    lines.push(format!("依据：{}{}{since}", entry.document, entry.clause));
    if let Some(before) = &entry.before {
        lines.push(human_before(before));
    }
    lines.push(format!("（{} · {}）", entry.topic, entry.id.0));
    lines.join("\n   ") + "\n\n"
}

fn human_before(before: &Before) -> String {
    let until = before
        .until
        .map_or(String::new(), |day| format!("（到 {day}）"));
    let said = lead(&before.asked, &before.answer);
    format!(
        "以前{until}：{said}　依据：{}{}",
        before.document, before.clause
    )
}

fn lead(asked: &str, answer: &[Line]) -> String {
    let lines: Vec<String> = answer.iter().map(Line::text).collect();
    format!("{asked}{}", lines.join("；"))
}

fn human_figures(figures: &Figures, index: &Index) -> String {
    let share = |count: usize| 100.0 * count as f64 / figures.queries.max(1) as f64;
    let mut text = format!(
        "{} 个问题，{} 条可查：前三条里答上 {}（{:.1}%），第一条就答上 {}（{:.1}%）\n",
        figures.queries,
        index.entries.len(),
        figures.first_three,
        share(figures.first_three),
        figures.first,
        share(figures.first),
    );
    for miss in &figures.misses {
        let place = miss
            .place
            .map_or("没有查到".into(), |place| format!("排在第 {place}"));
        let _ = writeln!(text, "没答上：{}（{place}）", miss.query);
        for id in &miss.found {
            let entry = index.entries.iter().find(|entry| entry.id == *id);
            let said = entry.map_or(String::new(), |entry| lead(&entry.asked, &entry.answer));
            let _ = writeln!(text, "    {}　{said}", id.0);
        }
    }
    text
}
