//! A blueprint's front matter: name, posts, time, pass mark, difficulty.

use crate::bank::{
    dialect::{
        front_matter::{Entry, FrontMatter},
        sheet::{Note, Sheet},
        values,
    },
    points::Points,
    posts::Posts,
};

pub(in crate::bank) const KEYS: [&str; 6] = ["细目表", "岗位", "时长", "及格", "难度", "容差"];

const TOLERANCE: f64 = 0.05;
/// A day: no paper is longer.
const LONGEST_SECONDS: u32 = 24 * 3600;

#[derive(Debug, Default)]
pub(in crate::bank) struct Head {
    pub(in crate::bank) name: String,
    pub(in crate::bank) posts: Vec<String>,
    pub(in crate::bank) limit_seconds: u32,
    pub(in crate::bank) pass: Points,
    pub(in crate::bank) difficulty: f64,
    pub(in crate::bank) tolerance: f64,
}

pub(in crate::bank) fn read(
    sheet: &Sheet<'_>,
    front: &FrontMatter<'_>,
    posts: &Posts,
    notes: &mut Vec<Note>,
) -> Head {
    let mut head = Head {
        tolerance: TOLERANCE,
        ..Head::default()
    };
    for (key, meaning, example) in [
        ("细目表", "这张表的名字", "村党组织书记·镇内赛笔试"),
        ("时长", "考多少分钟", "40分钟"),
        ("及格", "多少分及格，写分数", "60"),
        ("难度", "整卷平均难度，1 最易、5 最难", "2.8"),
    ] {
        if front.get(key).is_none() && front.end > 0 {
            notes.push(Note::error(
                "missing-key",
                sheet.line_range(0),
                format!("没有写“{key}”"),
                format!("在开头的两行 `---` 之间加一行（{meaning}），例如：\n{key}: {example}"),
            ));
        }
    }
    if let Some(entry) = front.get("细目表") {
        entry.value.clone_into(&mut head.name);
    }
    if let Some(entry) = front.get("岗位") {
        let entry = ("岗位: ", entry.value, &entry.value_at);
        head.posts = values::posts(entry, posts, notes);
    }
    if let Some(entry) = front.get("时长") {
        head.limit_seconds = seconds(entry, notes);
    }
    if let Some(entry) = front.get("及格") {
        head.pass = pass(entry);
    }
    if let Some(entry) = front.get("难度") {
        head.difficulty = decimal(entry, 1.0, 5.0, notes);
    }
    if let Some(entry) = front.get("容差") {
        head.tolerance = decimal(entry, 0.0, 4.0, notes);
    }
    head
}

fn seconds(entry: &Entry<'_>, notes: &mut Vec<Note>) -> u32 {
    let text = values::narrow(entry.value);
    let parted = [("分钟", 60), ("秒", 1)]
        .into_iter()
        .find_map(|(unit, seconds)| {
            Some((
                text.strip_suffix(unit)?.trim().parse::<u32>().ok()?,
                seconds,
            ))
        });
    let limit = parted.and_then(|(count, seconds)| count.checked_mul(seconds));
    match limit {
        Some(limit) if (1..=LONGEST_SECONDS).contains(&limit) => limit,
        _ => {
            notes.push(Note::error(
                "bad-limit",
                entry.value_at.clone(),
                format!("“{}”不是时长", entry.value),
                limit_help(&text),
            ));
            0
        }
    }
}

/// The trainer's own number with its unit.
fn limit_help(text: &str) -> String {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let (number, unit) = text.split_at(text.find(|c| !digits(c)).unwrap_or(text.len()));
    let minutes = match unit.trim() {
        "" | "分" | "min" | "m" | "'" => number.parse::<u32>().ok(),
        "小时" | "个小时" | "时" | "h" => {
            Points::parse(number).and_then(|hours| u32::try_from(hours.0 * 60 / 100).ok())
        }
        _ => None,
    };
    match minutes {
        Some(minutes) if (1..=LONGEST_SECONDS / 60).contains(&minutes) => {
            format!("用分钟写，写成：\n时长: {minutes}分钟")
        }
        _ => "写多少分钟（或者多少秒，如 400秒），最长 24 小时，例如：\n时长: 40分钟".to_owned(),
    }
}

/// A share is noted by `note_pass`, when the total is known.
fn pass(entry: &Entry<'_>) -> Points {
    Points::parse(entry.value.trim_end_matches('分')).unwrap_or(Points::ZERO)
}

/// `及格: 60%`, with the points it means of this total, zero where nobody knows it.
pub(in crate::bank) fn note_pass(front: &FrontMatter<'_>, total: Points, notes: &mut Vec<Note>) {
    let Some(entry) = front.get("及格") else {
        return;
    };
    if Points::parse(entry.value.trim_end_matches('分')).is_some() {
        return;
    }
    let text = values::narrow(entry.value);
    let share = text.strip_suffix('%').and_then(Points::parse);
    let share = share.filter(|share| *share <= Points::whole(100));
    let help = match share {
        Some(share) if total > Points::ZERO => format!(
            "及格写分数，不写百分比。这张表一共 {total} 分，{} 是 {1} 分，写成：\n及格: {1}",
            entry.value,
            Points(total.0 * share.0 / 10_000)
        ),
        Some(_) => "及格写分数，不写百分比，例如总分 100 分的六成：\n及格: 60".to_owned(),
        None => "及格写分数，只写数字，最多两位小数，例如：\n及格: 60".to_owned(),
    };
    notes.push(Note::error(
        "bad-pass",
        entry.value_at.clone(),
        format!("“{}”不是分数", entry.value),
        help,
    ));
}

fn decimal(entry: &Entry<'_>, least: f64, most: f64, notes: &mut Vec<Note>) -> f64 {
    match values::narrow(entry.value).parse::<f64>() {
        Ok(number) if (least..=most).contains(&number) => number,
        _ => {
            notes.push(Note::error(
                "bad-number",
                entry.value_at.clone(),
                format!("“{}”不能是“{}”", entry.key, entry.value),
                format!("写 {least} 到 {most} 之间的数，例如：难度: 2.8，容差: 0.05"),
            ));
            least
        }
    }
}
