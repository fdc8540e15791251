//! 个人名次: points first, then only the keys that were declared. Equal ones share a rank, and every row says why.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{bank::points::Points, grading::rulings::Ruled};

/// A person as the ranking sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Id.
    pub person: String,
    pub name: String,
    pub unit: String,
    pub division: String,
    /// What counts; `None` is 缺考.
    pub points: Option<Points>,
    /// The full points of the paper.
    pub total: Points,
    pub time_used_ms: i64,
    pub finished_at_ms: i64,
    /// What of the points comes from rulings; decides no rank by itself.
    #[serde(default, skip_serializing_if = "Ruled::is_none")]
    pub ruled: Ruled,
}

/// What parts people of equal points, in the order declared. None is the default: they share a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieKey {
    /// 用时 ↑.
    TimeUsed,
    /// 交卷先后 ↑.
    HandInOrder,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// 1, 2, 2, 4; `None` for who did not sit.
    pub rank: Option<u32>,
    pub row: Row,
    /// Why it stands where it stands, in Chinese.
    pub why: String,
}

/// Ranks the people of one division (the caller chooses whom). Who did not sit comes last, without a rank.
pub fn rank_people(rows: &[Row], keys: &[TieKey]) -> Vec<Standing> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    // Name and id only settle how equals are listed; they decide no rank.
    rows.sort_by(|a, b| {
        compare(a, b, keys).then_with(|| (&a.name, &a.person).cmp(&(&b.name, &b.person)))
    });
    let mut standings: Vec<Standing> = Vec::with_capacity(rows.len());
    let mut start = 0;
    while start < rows.len() {
        let same = |row: &&&Row| compare(rows[start], row, keys) == Ordering::Equal;
        let shared = rows[start..].iter().take_while(same).count();
        let before = start.checked_sub(1).map(|place| rows[place]);
        for row in &rows[start..start + shared] {
            standings.push(Standing {
                rank: row.points.map(|_| start as u32 + 1),
                row: (*row).clone(),
                why: why(row, before, shared, keys),
            });
        }
        start += shared;
    }
    standings
}

/// A total preorder: `Equal` means a shared rank.
fn compare(a: &Row, b: &Row, keys: &[TieKey]) -> Ordering {
    match (a.points, b.points) {
        (Some(mine), Some(theirs)) => theirs.cmp(&mine).then_with(|| {
            keys.iter()
                .map(|key| key.of(a).cmp(&key.of(b)))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        }),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

impl TieKey {
    /// As forms and flags say it: `none`, `time`, `hand-in`, or both, the first to decide first: `time,hand-in`.
    pub fn parse_all(text: &str) -> Option<Vec<TieKey>> {
        if text == "none" {
            return Some(vec![]);
        }
        let mut keys = Vec::new();
        for word in text.split(',') {
            let key = match word.trim() {
                "time" => TieKey::TimeUsed,
                "hand-in" => TieKey::HandInOrder,
                _ => return None,
            };
            if keys.contains(&key) {
                return None;
            }
            keys.push(key);
        }
        Some(keys)
    }

    /// What parts equals, as boards and round pages say it.
    pub fn chinese(keys: &[TieKey]) -> &'static str {
        match keys {
            [] => "同分并列",
            [TieKey::TimeUsed] => "同分看用时",
            [TieKey::TimeUsed, ..] => "同分看用时，再看交卷先后",
            [TieKey::HandInOrder] => "同分看交卷先后",
            [TieKey::HandInOrder, ..] => "同分看交卷先后，再看用时",
        }
    }

    pub(in crate::contest) fn of(self, row: &Row) -> i64 {
        match self {
            TieKey::TimeUsed => row.time_used_ms,
            TieKey::HandInOrder => row.finished_at_ms,
        }
    }
}

pub(in crate::contest) fn why(
    row: &Row,
    before: Option<&Row>,
    shared: usize,
    keys: &[TieKey],
) -> String {
    let Some(points) = row.points else {
        return "缺考".to_owned();
    };
    let place = place_of(row, points, before, keys);
    let tie = tie_of(shared, keys);
    let ruled = row.ruled.chinese();
    [Some(place), tie, ruled]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("；")
}

/// Against the one in front.
fn place_of(row: &Row, points: Points, before: Option<&Row>, keys: &[TieKey]) -> String {
    match before {
        None => format!("{points} 分，最高分"),
        Some(before) => match before.points.map(|higher| higher - points) {
            Some(gap) if gap > Points::ZERO => format!("比前一名少 {gap} 分"),
            _ => behind(row, before, keys),
        },
    }
}

/// With how many others a rank is shared, where it is.
fn tie_of(shared: usize, keys: &[TieKey]) -> Option<String> {
    let others = match shared {
        0 | 1 => return None,
        2 => "另一人".to_owned(),
        many => format!("另外 {} 人", many - 1),
    };
    let tie = match (
        keys.contains(&TieKey::TimeUsed),
        keys.contains(&TieKey::HandInOrder),
    ) {
        (false, false) => "同分",
        (true, false) => "同分、用时相同",
        (false, true) => "同分、同时交卷",
        (true, true) => "同分、用时相同、同时交卷",
    };
    Some(format!("与{others}{tie}，并列"))
}

/// Of two with equal points, what put this one behind.
fn behind(row: &Row, before: &Row, keys: &[TieKey]) -> String {
    let deciding = keys.iter().find(|key| key.of(row) != key.of(before));
    match deciding {
        Some(TieKey::TimeUsed) => {
            format!(
                "同分，用时多 {}",
                span(row.time_used_ms - before.time_used_ms)
            )
        }
        Some(TieKey::HandInOrder) => {
            format!(
                "同分，交卷晚 {}",
                span(row.finished_at_ms - before.finished_at_ms)
            )
        }
        None => "同分".to_owned(),
    }
}

/// `12 秒`, `1 分 5 秒`, and below ten seconds to the millisecond where it is needed: `0.25 秒`.
fn span(ms: i64) -> String {
    let (minutes, seconds, rest) = (ms / 60_000, ms % 60_000 / 1_000, ms % 1_000);
    let seconds = match rest {
        0 => seconds.to_string(),
        _ if ms >= 10_000 => seconds.to_string(),
        rest => format!("{seconds}.{rest:03}")
            .trim_end_matches('0')
            .to_owned(),
    };
    match (minutes, seconds.as_str()) {
        (0, _) => format!("{seconds} 秒"),
        (_, "0") => format!("{minutes} 分钟"),
        _ => format!("{minutes} 分 {seconds} 秒"),
    }
}

#[cfg(test)]
mod tests;
