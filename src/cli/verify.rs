//! `verify`: checks an exported round with the file alone, and prints what was checked and what is off.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::{
    app::auditor::{self, Audit, Check},
    cli::{ListFormat, print_json},
    error::{Error, Result},
    exchange::round_file::{People, RoundFile},
};

/// The most deviations printed; the table has the number of all.
const PRINTED_MAX: usize = 100;

#[derive(Debug, Args)]
pub struct Verify {
    /// round export 导出的文件
    file: PathBuf,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
}

pub fn run(command: Verify) -> Result<ExitCode> {
    let bytes = fs::read(&command.file)
        .map_err(|source| Error::internal(format!("打不开 {}", command.file.display()), source))?;
    let file = RoundFile::read(&bytes)?;
    let audit = auditor::verify(&file);
    match command.format {
        ListFormat::Json => print_json(&as_json(&file, &audit)),
        ListFormat::Human => print(&file, &audit),
    }
    Ok(if audit.holds() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(file: &RoundFile, audit: &Audit) {
    println!(
        "场次：{}（{}），{} 导出",
        file.round.name, file.round.unit, file.exported_at
    );
    println!("密钥指纹：{}", file.seal.secret_hash);
    println!("请与封卷时公布的指纹对照：指纹相同，卷子就不是事后挑的。");
    if file.people == People::Masked {
        println!("姓名和编号已换成化名。");
    }
    println!();
    let width = audit.checks.iter().map(|check| check.name.width()).max();
    for check in &audit.checks {
        let padding = " ".repeat(width.unwrap_or(0) - check.name.width());
        println!("{} {}{padding}  {}", sign(check), check.name, result(check));
    }
    println!();
    if !file.conflicts.is_empty() {
        println!(
            "另外，有 {} 名主办单位或命题人员自己参赛，其中 {} 人在自己作答结束以前看过题目答案或别人的作答（照记录写明，文件里无法核对）。",
            file.conflicts.len(),
            file.conflicts.iter().filter(|each| each.looks > 0).count()
        );
    }
    if audit.holds() {
        let open = audit.checks.iter().any(|check| check.unchecked.is_some());
        println!(
            "{}",
            if open {
                "能核对的都一致；没有核对的见上表。"
            } else {
                "全部一致。"
            }
        );
        return;
    }
    println!("有 {} 处不一致：", audit.deviations.len());
    for deviation in audit.deviations.iter().take(PRINTED_MAX) {
        println!("- {deviation}");
    }
    if audit.deviations.len() > PRINTED_MAX {
        println!("……只列出前 {PRINTED_MAX} 处。");
    }
}

fn sign(check: &Check) -> &'static str {
    match (check.off, check.unchecked) {
        (0, None) => "✓",
        (0, Some(_)) => "○",
        _ => "✗",
    }
}

fn result(check: &Check) -> String {
    let counted = match (check.checked, check.off) {
        (0, _) => String::new(),
        (checked, 0) => format!("核对 {checked} 项，一致"),
        (checked, off) => format!("核对 {checked} 项，{off} 项不一致"),
    };
    match check.unchecked {
        None => counted,
        Some(why) if counted.is_empty() => format!("没有核对：{why}"),
        Some(why) => format!("{counted}；{why}"),
    }
}

fn as_json(file: &RoundFile, audit: &Audit) -> serde_json::Value {
    let checks: Vec<_> = audit
        .checks
        .iter()
        .map(|check| {
            json!({ "name": check.name, "checked": check.checked, "off": check.off, "unchecked": check.unchecked })
        })
        .collect();
    json!({
        "round": file.round.id,
        "name": file.round.name,
        "secret_hash": file.seal.secret_hash,
        "conflicts": file.conflicts,
        "holds": audit.holds(),
        "checks": checks,
        "deviations": audit.deviations,
    })
}
