//! `verify`: checks an exported round with the file alone, and prints what was checked, what is off, and what another
//! version of the grading may explain.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::{
    app::auditor::{self, Audit, Check, Verdict},
    cli::{ListFormat, print_json},
    error::{Error, Result},
    exchange::round_file::{People, RoundFile},
    grading::GRADING_VERSION,
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
    println!("{}", conclusion(audit));
    let listed = audit.deviations.iter().chain(&audit.unsettled);
    for difference in listed.take(PRINTED_MAX) {
        println!("- {difference}");
    }
    if audit.deviations.len() + audit.unsettled.len() > PRINTED_MAX {
        println!("……只列出前 {PRINTED_MAX} 处。");
    }
}

/// What it comes to, before the list of what differs.
fn conclusion(audit: &Audit) -> String {
    let versions = other_versions(audit);
    match audit.verdict() {
        Verdict::Holds if audit.checks.iter().any(|check| check.unchecked.is_some()) => {
            "能核对的都一致；没有核对的见上表。".into()
        }
        Verdict::Holds => "全部一致。".into(),
        Verdict::Unsettled => format!(
            "此存档由第 {versions} 版评分规则评出，本程序为第 {GRADING_VERSION} 版。以下 {} 处差异可能因此而来，不能据此认定存档有假；要有定论，请用第 {versions} 版评分规则的程序再核对一次。其余能核对的都一致。",
            audit.unsettled.len()
        ),
        Verdict::Disagrees if audit.unsettled.is_empty() => {
            format!("有 {} 处不一致：", audit.deviations.len())
        }
        Verdict::Disagrees => format!(
            "有 {} 处不一致，先列在下面。另有 {} 处列在后面：存档由第 {versions} 版评分规则评出，本程序为第 {GRADING_VERSION} 版，这些差异可能因此而来。",
            audit.deviations.len(),
            audit.unsettled.len()
        ),
    }
}

/// Those that are not this program's: `1、2`.
fn other_versions(audit: &Audit) -> String {
    let versions = audit.grading_versions.iter();
    let others = versions.filter(|version| **version != GRADING_VERSION);
    others.map(u32::to_string).collect::<Vec<_>>().join("、")
}

fn sign(check: &Check) -> &'static str {
    match (check.off, check.unsettled, check.unchecked) {
        (0, 0, None) => "✓",
        (0, ..) => "○",
        _ => "✗",
    }
}

fn result(check: &Check) -> String {
    let counted = match (check.checked, check.off) {
        (0, _) => String::new(),
        (checked, 0) => format!("核对 {checked} 项，一致"),
        (checked, off) => format!("核对 {checked} 项，{off} 项不一致"),
    };
    let counted = match check.unsettled {
        0 => counted,
        unsettled => format!("{counted}；{unsettled} 项因评分规则版本不同，不能断定"),
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
            json!({
                "name": check.name, "checked": check.checked, "off": check.off, "unsettled": check.unsettled,
                "unchecked": check.unchecked,
            })
        })
        .collect();
    json!({
        "round": file.round.id,
        "name": file.round.name,
        "secret_hash": file.seal.secret_hash,
        "conflicts": file.conflicts,
        "holds": audit.holds(),
        "verdict": audit.verdict(),
        "grading_version": GRADING_VERSION,
        "grading_versions": audit.grading_versions,
        "checks": checks,
        "deviations": audit.deviations,
        "unsettled": audit.unsettled,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_file_of_another_version_of_the_grading_is_not_called_false() {
        let mut audit = Audit {
            checks: vec![],
            deviations: vec![],
            unsettled: vec!["李建国：文件里 8 分，重新阅卷 7 分".into()],
            grading_versions: BTreeSet::from([GRADING_VERSION, GRADING_VERSION + 6]),
        };
        let other = GRADING_VERSION + 6;
        let told = conclusion(&audit);
        assert!(told.contains(&format!(
            "由第 {other} 版评分规则评出，本程序为第 {GRADING_VERSION} 版"
        )));
        assert!(told.contains("可能因此而来") && !told.contains("处不一致"));
        audit.deviations.push("密钥不对".into());
        assert!(conclusion(&audit).starts_with("有 1 处不一致"));
    }
}
