//! 单位名次: villages, groups and offices by their members' points, compared as exact fractions and rounded only to be shown.

mod fraction;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::fraction::Fraction;
use crate::{bank::points::Points, contest::ranking::Row};

/// How a unit's members make its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitRule {
    /// Sum ÷ entrants, which is mean × turnout: who stays away costs the unit.
    #[default]
    MeanTimesTurnout,
    /// Sum ÷ those who sat.
    MeanOfSitters,
    /// The mean of the best k; a unit with fewer who sat is divided by k all the same, or by its entrants if they are fewer.
    TopMean(u32),
    Sum,
}

impl UnitRule {
    /// As forms and flags say it: `turnout`, `sitters`, `top:3`, `sum`.
    pub fn parse(text: &str) -> Option<UnitRule> {
        match text {
            "turnout" => Some(UnitRule::MeanTimesTurnout),
            "sitters" => Some(UnitRule::MeanOfSitters),
            "sum" => Some(UnitRule::Sum),
            text => {
                let most = text.strip_prefix("top:")?.parse().ok()?;
                (1..=1000)
                    .contains(&most)
                    .then_some(UnitRule::TopMean(most))
            }
        }
    }

    pub fn chinese(self) -> String {
        match self {
            UnitRule::MeanTimesTurnout => "总分 ÷ 应参赛人数".into(),
            UnitRule::MeanOfSitters => "实际参赛人均分".into(),
            UnitRule::TopMean(most) => format!("前 {most} 名均分"),
            UnitRule::Sum => "总分".into(),
        }
    }
}

/// The fewest entrants a unit is ranked with, unless declared otherwise.
pub const MIN_ENTRANTS: u32 = 5;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitStanding {
    /// 1, 2, 2, 4; `None` for units that are too small or where nobody sat.
    pub rank: Option<u32>,
    pub unit: String,
    pub entrants: u32,
    pub sat: u32,
    /// Exact: points, or a fraction of the full points where members sat papers of different totals.
    pub value: Fraction,
    /// The value for people, rounded: `86.25 分`, or `86.25%` where totals differ.
    pub shown: String,
    /// 参考率: `18/20（90%）`.
    pub turnout: String,
    /// Why it stands where it stands, in Chinese.
    pub why: String,
}

/// Ranks the units of these entrants (rows without points count as entrants who did not sit; approved leave is left out
/// by the caller). Where papers' totals differ anywhere on the board, every term is a fraction of its own paper's total.
pub fn rank_units(rows: &[Row], rule: UnitRule, min_entrants: u32) -> Vec<UnitStanding> {
    let scale = Scale::of(rows);
    let mut by_unit: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        by_unit.entry(&row.unit).or_default().push(row);
    }
    let mut standings: Vec<UnitStanding> = by_unit
        .into_iter()
        .map(|(unit, members)| unranked(unit, &members, rule, min_entrants, scale))
        .collect();
    standings.sort_by(|a, b| {
        (!eligible(a, min_entrants))
            .cmp(&!eligible(b, min_entrants))
            .then_with(|| b.value.compare(a.value))
            .then_with(|| a.unit.cmp(&b.unit))
    });
    let ranked = standings
        .iter()
        .take_while(|s| eligible(s, min_entrants))
        .count();
    number(&mut standings[..ranked], scale);
    standings
}

fn eligible(standing: &UnitStanding, min_entrants: u32) -> bool {
    standing.entrants >= min_entrants && standing.sat > 0
}

/// What one term is worth: hundredths of points, or parts of the full points over a common denominator.
#[derive(Debug, Clone, Copy)]
enum Scale {
    Points,
    /// The least common multiple of all totals.
    Parts(i128),
}

impl Scale {
    fn of(rows: &[Row]) -> Scale {
        let mut totals: Vec<i128> = rows
            .iter()
            .map(|row| i128::from(row.total.0.max(1)))
            .collect();
        totals.sort_unstable();
        totals.dedup();
        match totals.as_slice() {
            [] | [_] => Scale::Points,
            many => Scale::Parts(fraction::common_multiple(many)),
        }
    }

    fn term(self, row: &Row, points: Points) -> i128 {
        match self {
            Scale::Points => i128::from(points.0),
            Scale::Parts(common) => i128::from(points.0) * common / i128::from(row.total.0.max(1)),
        }
    }

    fn denominator(self) -> i128 {
        match self {
            Scale::Points => 100,
            Scale::Parts(common) => common,
        }
    }

    fn show(self, value: Fraction) -> String {
        match self {
            Scale::Points => format!("{} 分", value.decimal(1)),
            Scale::Parts(_) => format!("{}%", value.decimal(100)),
        }
    }

    /// A difference that is there is never shown as none.
    fn gap(self, value: Fraction) -> String {
        let shown = self.show(value);
        match shown.as_str() {
            "0 分" => "不到 0.01 分".to_owned(),
            "0%" => "不到 0.01%".to_owned(),
            _ => format!(" {shown}"),
        }
    }
}

fn unranked(
    unit: &str,
    members: &[&Row],
    rule: UnitRule,
    min_entrants: u32,
    scale: Scale,
) -> UnitStanding {
    let mut terms: Vec<i128> = members
        .iter()
        .filter_map(|row| row.points.map(|points| scale.term(row, points)))
        .collect();
    terms.sort_unstable_by(|a, b| b.cmp(a));
    let (entrants, sat) = (members.len() as u32, terms.len() as u32);
    let (sum, parts): (i128, u32) = match rule {
        UnitRule::MeanTimesTurnout => (terms.iter().sum(), entrants),
        UnitRule::MeanOfSitters => (terms.iter().sum(), sat),
        UnitRule::TopMean(k) => (terms.iter().take(k as usize).sum(), k.min(entrants)),
        UnitRule::Sum => (terms.iter().sum(), 1),
    };
    let value = Fraction::new(sum, scale.denominator() * i128::from(parts.max(1)));
    let why = if sat == 0 {
        "没有人参加，不排名".to_owned()
    } else if entrants < min_entrants {
        format!("应考 {entrants} 人，少于 {min_entrants} 人，只列出、不排名")
    } else {
        String::new()
    };
    UnitStanding {
        rank: None,
        unit: unit.to_owned(),
        entrants,
        sat,
        value,
        shown: scale.show(value),
        turnout: format!("{sat}/{entrants}（{}%）", sat * 100 / entrants.max(1)),
        why,
    }
}

/// Gives ranks and reasons to units already in order.
fn number(standings: &mut [UnitStanding], scale: Scale) {
    let values: Vec<Fraction> = standings.iter().map(|standing| standing.value).collect();
    for (place, standing) in standings.iter_mut().enumerate() {
        let same = |other: &&Fraction| other.compare(standing.value).is_eq();
        let ahead = values.iter().take_while(|other| !same(other)).count();
        let shared = values.iter().filter(same).count();
        debug_assert!(ahead <= place, "units come in order");
        standing.rank = Some(ahead as u32 + 1);
        let gap = match ahead.checked_sub(1) {
            None => format!("{}，最高", standing.shown),
            Some(before) => {
                format!(
                    "比前一名少{}",
                    scale.gap(values[before].minus(standing.value))
                )
            }
        };
        let absent = standing.entrants - standing.sat;
        let absent = if absent > 0 {
            format!("，{absent} 人没有参加")
        } else {
            String::new()
        };
        let tie = match shared {
            0 | 1 => String::new(),
            2 => "；与另一个单位相等，并列".to_owned(),
            many => format!("；与另外 {} 个单位相等，并列", many - 1),
        };
        standing.why = format!("{gap}{absent}{tie}");
    }
}

#[cfg(test)]
mod tests;
