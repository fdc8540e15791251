//! `bank check`: every fault of the named files, for people or for editors.

use std::{io::IsTerminal, process::ExitCode};

use chrono::NaiveDate;

use crate::{
    bank::{
        Bank,
        fault::{Fault, Severity},
    },
    cli::bank::{Check, Format, print, selection::Selection},
    error::{Error, Result},
    exchange::fault_text,
};

pub(super) fn run(check: &Check, as_of: NaiveDate) -> Result<ExitCode> {
    let selection = Selection::read(&check.place.paths)?;
    let bank = Bank::read(&selection.folders.files, as_of);
    let questions = bank
        .questions
        .iter()
        .filter(|question| selection.wants(&question.place.file))
        .count();
    let faults = selection.faults(bank.faults);
    let failed = faults.iter().any(is_error);
    match check.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&faults)
                .map_err(|error| Error::internal("写不出 JSON", error))?;
            print(&format!("{text}\n"))?;
        }
        Format::Human => {
            let colors = if std::io::stdout().is_terminal() {
                fault_text::Colors::Terminal
            } else {
                fault_text::Colors::Plain
            };
            let rendered = fault_text::faults(&faults, colors);
            print(&format!("{rendered}{}\n", summary(&faults, questions)))?;
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn is_error(fault: &Fault) -> bool {
    fault.severity == Severity::Error
}

fn summary(faults: &[Fault], questions: usize) -> String {
    let errors = faults.iter().filter(|fault| is_error(fault)).count();
    let warnings = faults.len() - errors;
    match (errors, warnings) {
        (0, 0) => format!("检查完毕：{questions} 道题，没有问题。"),
        (0, _) => format!("检查完毕：{questions} 道题可用，{warnings} 处提醒。"),
        _ => format!(
            "检查完毕：{questions} 道题可用，{errors} 处错误，{warnings} 处提醒。有错误的题目改好以前不会进题库。"
        ),
    }
}
