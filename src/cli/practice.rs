//! `yikouqing practice …`: whether 练十题 helps, shown on a made-up unit.

mod chart;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::{
    cli::{ListFormat, print_json},
    error::{Error, Result},
    practice::simulate::{Course, Held, REST_DAYS, Setting, Speed, simulate},
};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 模拟一个单位：同样的人、同样的天数，比较练十题和随机十题，看记住的多不多
    Simulate(Simulate),
}

#[derive(Debug, Args)]
pub struct Simulate {
    /// 多少人（忘得快、一般、忘得慢的各占三分之一）
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(3..=3_000))]
    pub people: u32,
    /// 多少天
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: u32,
    /// 岗位的题有多少道
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=5_000))]
    pub questions: u32,
    /// 种子：同一种子，数字一样
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// 把曲线画成 SVG 图，写到这个文件
    #[arg(long, value_name = "FILE.svg")]
    pub chart: Option<PathBuf>,
    /// 给人看（human）还是给程序看（json）
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

pub fn run(command: Command) -> Result<ExitCode> {
    let Command::Simulate(command) = command;
    let setting = Setting {
        people: command.people,
        days: command.days,
        questions: command.questions,
        topics: 10,
        seed: command.seed,
    };
    let courses = simulate(setting);
    if let Some(path) = &command.chart {
        std::fs::write(path, chart::svg(&courses))
            .map_err(|source| Error::internal(format!("写不了图 {}", path.display()), source))?;
    }
    let rows = rows(&courses);
    match command.format {
        ListFormat::Json => print_json(&rows),
        ListFormat::Human => print(&rows, setting),
    }
    Ok(ExitCode::SUCCESS)
}

/// One kind of person, or everybody. Shares in percent.
#[derive(Debug, Serialize)]
struct Row {
    who: &'static str,
    people: usize,
    /// Questions answered a head, the same in both courses.
    answered: f64,
    before: f64,
    random: f64,
    coach: f64,
    random_after_rest: f64,
    coach_after_rest: f64,
    /// How many people held more with 练十题 than with ten at random, on the last day.
    better: usize,
}

fn rows(courses: &[Course]) -> Vec<Row> {
    let kinds = Speed::ALL.into_iter().map(Some).chain([None]);
    kinds
        .map(|speed| {
            let own: Vec<&Course> = courses
                .iter()
                .filter(|course| speed.is_none_or(|speed| course.speed == speed))
                .collect();
            let mean = |of: &dyn Fn(&Course) -> f64| {
                own.iter().map(|course| of(course)).sum::<f64>() / own.len() as f64
            };
            let percent = |of: fn(&Course) -> &Held, when: fn(&Held) -> f64| {
                100.0 * mean(&|course| when(of(course)))
            };
            let end = Held::at_the_end;
            Row {
                who: speed.map_or("全体", Speed::chinese),
                people: own.len(),
                answered: 10.0 * mean(&|course| f64::from(course.goes)),
                before: percent(|course| &course.random, |held| held.by_day[0]),
                random: percent(|course| &course.random, end),
                coach: percent(|course| &course.coach, end),
                random_after_rest: percent(|course| &course.random, |held| held.after_rest),
                coach_after_rest: percent(|course| &course.coach, |held| held.after_rest),
                better: own
                    .iter()
                    .filter(|course| end(&course.coach) > end(&course.random))
                    .count(),
            }
        })
        .collect()
}

fn print(rows: &[Row], setting: Setting) {
    println!(
        "{} 人，{} 天，岗位有 {} 道题，种子 {}。同样的人、同样的日子、同样多的题，只是选题不同。\n记住的：每道题此刻答得出的机会，按全部题平均。\n",
        setting.people, setting.days, setting.questions, setting.seed
    );
    let rest = format!("停{REST_DAYS}天后");
    let heads = [
        "",
        "人数",
        "人均答题",
        "开始时",
        "随机十题",
        "练十题",
        "多记住",
        "随机十题",
        "练十题",
        "练十题更好",
    ];
    let over = ["", "", "", "", "最后一天", "", "", rest.as_str(), "", ""];
    print_line(&over.map(str::to_owned));
    print_line(&heads.map(str::to_owned));
    for row in rows {
        print_line(&[
            row.who.to_owned(),
            row.people.to_string(),
            format!("{:.0}", row.answered),
            format!("{:.1}%", row.before),
            format!("{:.1}%", row.random),
            format!("{:.1}%", row.coach),
            format!("{:+.1}", row.coach - row.random),
            format!("{:.1}%", row.random_after_rest),
            format!("{:.1}%", row.coach_after_rest),
            format!("{}/{}", row.better, row.people),
        ]);
    }
}

/// Right-aligned by width on the screen, where a Chinese character takes two places.
fn print_line(cells: &[String]) {
    let line: String = cells
        .iter()
        .map(|cell| " ".repeat(11_usize.saturating_sub(cell.width())) + cell)
        .collect();
    println!("{}", line.trim_end());
}
