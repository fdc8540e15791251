//! `bank recall`: labelled utterances against the ear, class by class: what was credited rightly and what wrongly.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use crate::{
    bank::Bank,
    cli::bank::{Recall, print, selection::Selection},
    error::{Code, Error, Result},
    grading::recall::trial::{self, Count, Miss, Trial, Utterance},
};

/// Where the project keeps its utterances.
const FOLDER: &str = "tests/recall";

pub(super) fn run(recall: &Recall, as_of: NaiveDate) -> Result<ExitCode> {
    let selection = Selection::read(std::slice::from_ref(&recall.bank))?;
    let bank = Bank::read(&selection.folders.files, as_of);
    let mut utterances = vec![];
    for file in files(&recall.files)? {
        utterances.extend(read(&file)?);
    }
    let trial = trial::run(&bank.questions, &utterances);
    let mut text = table(&trial);
    if recall.misses {
        text.push_str(&trial.misses.iter().map(miss).collect::<String>());
    }
    for utterance in &trial.unfit {
        let Utterance { line, question, .. } = utterance;
        let _ = writeln!(
            text,
            "第 {line} 行：题库里没有 {question}，或者要点数目不同"
        );
    }
    print(&text)?;
    Ok(if trial.unfit.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let folder = fs::read_dir(FOLDER).map_err(|error| unreadable(Path::new(FOLDER), error))?;
    let mut files: Vec<PathBuf> = folder
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .collect();
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<Utterance>> {
    let source = fs::read_to_string(file).map_err(|error| unreadable(file, error))?;
    trial::read(&source).map_err(|line| {
        Error::refused(
            Code::BadRequest,
            format!(
                "{} 第 {line} 行读不懂；每行写成：题号、类别、每个要点说到没有（1 或 0，如 1101）、说的话，中间用制表符隔开",
                file.display()
            ),
        )
    })
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::internal(format!("读不出 {}", path.display()), error)
}

fn table(trial: &Trial) -> String {
    let mut text =
        String::from("类别            句数  说到的要点  记上的           没说的要点  误记的\n");
    let total = trial.total();
    let rows = trial
        .classes
        .iter()
        .map(|(name, count)| (name.as_str(), *count));
    for (name, count) in rows.chain([("合计", total)]) {
        let padding = " ".repeat(14_usize.saturating_sub(name.width()));
        let Count {
            utterances,
            said,
            said_credited,
            unsaid,
            unsaid_credited,
        } = count;
        let _ = writeln!(
            text,
            "{name}{padding}{utterances:>6}{said:>12}{:>16}{unsaid:>14}{:>16}",
            share(said_credited, said),
            share(unsaid_credited, unsaid),
        );
    }
    text
}

fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let percent = 100.0 * part as f64 / whole as f64;
    format!("{part}（{percent:.2}%）")
}

fn miss(miss: &Miss) -> String {
    let Utterance {
        line,
        question,
        class,
        text,
        ..
    } = &miss.utterance;
    let (judged, about) = if miss.credited {
        ("误记", "当作它的话")
    } else {
        ("漏记", "没听到")
    };
    format!(
        "\n{judged}：第 {line} 行 {question} 要点 {}（{class}）\n  {text}\n  {about}：{}\n",
        miss.element + 1,
        miss.about.join(" / ")
    )
}
