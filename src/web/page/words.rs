//! Filters of the templates: how times, spans, points and the core's small enums are said in Chinese.

use std::fmt::Write;

use chrono::{Datelike, Timelike};
use minijinja::Environment;

use crate::clock;

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("time", |at_ms: i64| {
        clock::civil(at_ms).format("%H:%M").to_string()
    });
    environment.add_filter("day", day);
    environment.add_filter("moment", |at_ms: i64| {
        format!("{} {}", day(at_ms), clock::civil(at_ms).format("%H:%M"))
    });
    environment.add_filter("instant", clock::rfc3339);
    environment.add_filter("countdown", countdown);
    environment.add_filter("span", span);
    environment.add_filter("limit", |seconds: i64| span(seconds * 1000));
    environment.add_filter("greeting", greeting);
    environment.add_filter("tenths", tenths);
    environment.add_filter("word", |code: &str| word(code).to_owned());
    environment.add_filter("query", |text: &str| query(text));
    environment.add_filter("short", |revision: &str| {
        revision.chars().take(8).collect::<String>()
    });
    environment.add_filter("numbers", |numbers: Vec<u32>| numbers_in_words(&numbers));
}

/// `2月18日`.
fn day(at_ms: i64) -> String {
    let date = clock::civil(at_ms);
    format!("{}月{}日", date.month(), date.day())
}

/// `24:36`, `1:02:03`; never below nought.
fn countdown(span_ms: i64) -> String {
    let seconds = span_ms.max(0) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// `40 分钟`, `6 分 40 秒`, `1 小时 30 分钟`.
fn span(span_ms: i64) -> String {
    let seconds = span_ms.max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} 秒"),
        (0, minutes, 0) => format!("{minutes} 分钟"),
        (0, minutes, seconds) => format!("{minutes} 分 {seconds} 秒"),
        (hours, 0, _) => format!("{hours} 小时"),
        (hours, minutes, _) => format!("{hours} 小时 {minutes} 分钟"),
    }
}

fn greeting(now_ms: i64) -> &'static str {
    match clock::civil(now_ms).hour() {
        5..=10 => "上午好",
        11..=12 => "中午好",
        13..=17 => "下午好",
        _ => "晚上好",
    }
}

/// Percent-encoded for a path segment or a query's value.
pub fn query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => write!(encoded, "%{other:02X}").expect("a string takes everything"),
        }
    }
    encoded
}

/// At least one decimal, so that points in a column line up: `94.0`, `86.5`, `82.43`.
fn tenths(points: f64) -> String {
    let hundredths = (points * 100.0).round() as i64;
    if hundredths % 10 == 0 {
        format!("{:.1}", hundredths as f64 / 100.0)
    } else {
        format!("{:.2}", hundredths as f64 / 100.0)
    }
}

/// `1、2、5—9、12`: runs of three and more are drawn together.
fn numbers_in_words(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let words = runs.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}、{last}"),
        _ => format!("{first}—{last}"),
    });
    words.collect::<Vec<_>>().join("、")
}

/// The Chinese of a code as the core serializes it.
fn word(code: &str) -> &str {
    match code {
        "single" => "单选",
        "multiple" => "多选",
        "judgement" => "判断",
        "blanks" => "填空",
        "recall" => "口答",
        "draft" => "草稿",
        "sealed" => "已封卷",
        "upcoming" => "未开始",
        "open" => "正在进行",
        "paused" => "暂停中",
        "closed" => "已收卷",
        "announced" => "已公布",
        "right" => "答对",
        "partial" => "部分对",
        "wrong" => "答错",
        "unanswered" => "未作答",
        "practice" => "练习",
        "contest" => "比武",
        "general" => "通用",
        "group" => "组内练",
        "village" => "村内比",
        "township" => "镇内赛",
        "error" => "错误",
        "warning" => "提醒",
        "sitting" => "正在答",
        "not_started" => "还没开始",
        "handed_in" => "已交卷",
        "timed_out" => "到时收卷",
        "void" => "已作废",
        "on_leave" => "请假",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_numbers_read_as_a_person_writes_them() {
        assert_eq!(countdown(1_476_000), "24:36");
        assert_eq!(countdown(3_723_000), "1:02:03");
        assert_eq!(countdown(-5), "00:00");
        assert_eq!(span(400_000), "6 分 40 秒");
        assert_eq!(span(5_400_000), "1 小时 30 分钟");
        assert_eq!(numbers_in_words(&[1, 2, 5, 6, 7, 12]), "1、2、5—7、12");
        assert_eq!(tenths(94.0), "94.0");
        assert_eq!(tenths(82.43), "82.43");
    }
}
