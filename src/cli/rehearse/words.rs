//! The rehearsal in words: the table, whether this machine holds that many, and what gives first.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::cli::rehearse::{
    Database, Machine, Rehearse, Report,
    check::Check,
    figures::{Phase, PhaseFigures},
    plan::Seen,
};

/// How long people wait without pressing again, when everybody presses at once.
const PATIENCE_MS: f64 = 5_000.0;
/// A step should be saved before the next question is read.
const STEP_PATIENCE_MS: f64 = 1_000.0;
/// What an exam is taken to last, where steps are spread over it.
const EXAM_SECONDS: f64 = 2_400.0;

#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    /// Nothing failed, nothing was lost, nobody waited too long.
    pub(super) holds: bool,
    /// What would be the first to be too slow.
    pub(super) gives_first: Option<Limit>,
    /// In Chinese, a sentence each.
    pub(super) words: Vec<String>,
}

/// From this many people on, something takes longer than people wait.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Limit {
    pub(super) phase: Phase,
    pub(super) people: u64,
}

impl Verdict {
    pub(super) fn of(
        command: &Rehearse,
        database: Database,
        seen: &Seen,
        checks: &[Check],
        machine: &Machine,
    ) -> Verdict {
        let errors: u64 = seen.phases.iter().map(|each| each.errors).sum();
        let off: usize = checks.iter().map(|check| check.off).sum();
        let late: Vec<&PhaseFigures> = seen
            .phases
            .iter()
            .filter(|each| patience_ms(each.phase).is_some_and(|most| each.p99_ms > most))
            .collect();
        let holds = errors == 0 && off == 0 && late.is_empty();
        let mut words = vec![format!(
            "{}{} {} 人同一刻开考、同一刻交卷。",
            called(database, machine),
            if holds { "容得下" } else { "容不下" },
            command.candidates
        )];
        if off > 0 {
            words.push(format!(
                "核对出 {off} 处不符，见上表。这是大事，请不要用它开考。"
            ));
        }
        if errors > 0 {
            words.push(format!("有 {errors} 次请求没有办成，见上表。"));
        }
        for each in &late {
            words.push(format!(
                "{}慢：一百个人里最慢的那个等了 {:.1} 秒。",
                each.phase.text(),
                each.p99_ms / 1000.0
            ));
        }
        let gives_first = first_limit(command, seen);
        if let Some(limit) = &gives_first {
            words.push(format!(
                "最先吃紧的是{}：照这次的速度，到 {} 人左右，{}。",
                limit.phase.text(),
                limit.people,
                too_slow(limit.phase)
            ));
        }
        if database != Database::Elsewhere {
            words.push(
                "模拟考生的程序也占着这台机器的处理器；真考时考生用自己的手机，会比这松一些。"
                    .into(),
            );
        }
        Verdict {
            holds,
            gives_first,
            words,
        }
    }
}

fn called(database: Database, machine: &Machine) -> String {
    if database == Database::Elsewhere {
        return "那边的服务".into();
    }
    let memory = machine.memory_bytes.map_or_else(
        || "内存没有测".to_owned(),
        |bytes| format!("内存 {:.1} GB", bytes as f64 / f64::from(1 << 30)),
    );
    format!("这台机器（{} 核，{memory}）", machine.cores)
}

fn too_slow(phase: Phase) -> String {
    if phase == Phase::Steps {
        format!("{} 分钟的考试里答案就存不过来了", EXAM_SECONDS / 60.0)
    } else {
        format!("一百个人里最慢的那个要等 {} 秒", PATIENCE_MS / 1000.0)
    }
}

/// What people wait for when everybody presses at once; signing in is spread by people themselves.
fn patience_ms(phase: Phase) -> Option<f64> {
    match phase {
        Phase::SignIn => None,
        Phase::Steps => Some(STEP_PATIENCE_MS),
        _ => Some(PATIENCE_MS),
    }
}

/// Where everybody presses at once, the wait grows with the number of people; steps come at their own pace.
fn first_limit(command: &Rehearse, seen: &Seen) -> Option<Limit> {
    let people = |each: &PhaseFigures| match each.phase {
        Phase::SignIn => f64::INFINITY,
        Phase::Steps => each.per_second * EXAM_SECONDS / f64::from(command.steps),
        _ => f64::from(command.candidates) * PATIENCE_MS / each.p99_ms.max(0.1),
    };
    seen.phases
        .iter()
        .filter(|each| each.requests > 0)
        .map(|each| Limit {
            phase: each.phase,
            people: people(each).min(1e9) as u64,
        })
        .min_by_key(|limit| limit.people)
}

pub(super) fn print(report: &Report) {
    println!("{}", table(&report.phases));
    let watched = &report.spectators;
    if watched.watching > 0 {
        println!(
            "看实时成绩 {} 人：收到 {} 次新榜；最后一人交卷后，{} 人看到了全员的榜，最慢 {:.0} 毫秒；断开重连 {} 次。",
            watched.watching,
            watched.events,
            watched.saw_the_last,
            watched.max_ms,
            watched.reopened
        );
    }
    let measured = |text: Option<String>| text.unwrap_or_else(|| "没有测".into());
    let cpu = report.server.cpu_seconds_per_attempt;
    let memory = report.server.peak_memory_bytes;
    println!(
        "服务每份卷用处理器 {}，下行 {:.1} KB；内存最多时 {}。",
        measured(cpu.map(|seconds| format!("{:.2} 毫秒", seconds * 1000.0))),
        report.server.bytes_down_per_attempt / 1024.0,
        measured(memory.map(|bytes| format!("{:.0} MB", bytes as f64 / f64::from(1 << 20)))),
    );
    println!();
    for check in &report.checks {
        println!("{}", check_line(check));
    }
    println!();
    for each in &report.phases {
        for error in &each.first_errors {
            println!("{}没有办成：{error}", each.phase.text());
        }
    }
    for sentence in &report.verdict.words {
        println!("{sentence}");
    }
}

fn check_line(check: &Check) -> String {
    let sign = match (check.off, check.unchecked) {
        (0, None) => "✓",
        (0, Some(_)) => "○",
        _ => "✗",
    };
    let counted = match (check.checked, check.off) {
        (0, _) => String::new(),
        (checked, 0) => format!("：{checked} 项，一致"),
        (checked, off) => format!("：{checked} 项，{off} 项不一致"),
    };
    let why = check.unchecked.map(|why| format!("（{why}）"));
    format!("{sign} {}{counted}{}", check.name, why.unwrap_or_default())
}

fn table(phases: &[PhaseFigures]) -> String {
    let heads = [
        "阶段",
        "次数",
        "没办成",
        "忙后重试",
        "断线重连",
        "p50 毫秒",
        "p95",
        "p99",
        "最慢",
        "每秒",
        "下行 KB",
        "服务 CPU 秒",
    ];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(phases.iter().map(|each| {
        [
            each.phase.text().to_owned(),
            each.requests.to_string(),
            each.errors.to_string(),
            each.retried.to_string(),
            each.reconnected.to_string(),
            format!("{:.1}", each.p50_ms),
            format!("{:.1}", each.p95_ms),
            format!("{:.1}", each.p99_ms),
            format!("{:.1}", each.max_ms),
            format!("{:.0}", each.per_second),
            (each.bytes_down / 1024).to_string(),
            each.server_cpu_seconds
                .map_or("没有测".to_owned(), |seconds| format!("{seconds:.2}")),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths);
            cells
                .map(|(cell, width)| " ".repeat(width - cell.width()) + cell + "  ")
                .collect::<String>()
                .trim_end()
                .to_owned()
                + "\n"
        })
        .collect()
}
