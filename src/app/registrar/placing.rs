//! Where a roster's row belongs: villages and offices below the unit it is imported for, and groups below these.

use std::collections::HashSet;

use crate::{
    app::{
        organizer::below,
        registrar::{Imported, matching::Placed},
    },
    clock::fresh_id,
    error::Result,
    exchange::roster::{RosterFault, RosterRow},
    people::{Unit, UnitKind, place_of},
    store::{Tx, people},
};

/// The units below `top`, and those that rows ask for and that may be made.
pub(super) struct Places {
    pub units: Vec<Unit>,
    pub top: Unit,
    /// Ids of the top unit and everything below it.
    within: HashSet<String>,
    now_ms: i64,
}

impl Places {
    pub(super) fn new(units: Vec<Unit>, top: Unit, now_ms: i64) -> Places {
        let within = below(&units, &top.id).into_iter().map(str::to_owned);
        Places {
            within: within.collect(),
            units,
            top,
            now_ms,
        }
    }

    /// The row with its unit; a fault where it names a unit that is not below `top` and must not be made there.
    pub(super) async fn place<'a>(
        &mut self,
        tx: &mut Tx,
        row: &'a RosterRow,
        posts: Vec<String>,
        imported: &mut Imported,
    ) -> Result<std::result::Result<Placed<'a>, RosterFault>> {
        let Some(wanted) = self.wanted(row) else {
            return Ok(Err(self.outside(row)));
        };
        let mut unit = wanted.unit;
        if let Some(name) = wanted.new_unit {
            unit = self
                .add(tx, &unit, &name, UnitKind::of_name(&name), imported)
                .await?;
        }
        if !wanted.group.is_empty() {
            unit = match self.group_in(&unit, &wanted.group) {
                Some(group) => group.clone(),
                None => {
                    self.add(tx, &unit, &wanted.group, UnitKind::Group, imported)
                        .await?
                }
            };
        }
        let village = place_of(&self.units, &unit.id).map(|place| place.unit.id.clone());
        Ok(Ok(Placed {
            row,
            village_id: village.unwrap_or_else(|| unit.id.clone()),
            unit_id: unit.id,
            posts,
        }))
    }

    fn wanted(&self, row: &RosterRow) -> Option<Wanted> {
        let known = |unit: &Unit, group: &str| {
            let (unit, group) = (unit.clone(), group.to_owned());
            // A group has no groups below it.
            (unit.kind != UnitKind::Group || group.is_empty() || same_group(&unit.name, &group))
                .then_some(Wanted {
                    group: if unit.kind == UnitKind::Group {
                        String::new()
                    } else {
                        group
                    },
                    unit,
                    new_unit: None,
                })
        };
        let name = self.plain_name(&row.unit);
        if name.is_empty() || name == self.top.name {
            return known(&self.top, &row.group);
        }
        if let Some(unit) = self.named(&name) {
            return known(unit, &row.group);
        }
        // 桃源村一组 in one cell.
        let village = self.units_below().find(|unit| {
            unit.kind == UnitKind::Village && name.starts_with(&unit.name) && name.ends_with('组')
        });
        if let Some(village) = village.filter(|_| row.group.is_empty()) {
            return known(village, &name[village.name.len()..]);
        }
        match self.top.kind {
            UnitKind::County | UnitKind::Township => Some(Wanted {
                unit: self.top.clone(),
                new_unit: Some(name),
                group: row.group.clone(),
            }),
            // Below a village there are groups and nothing else.
            UnitKind::Village | UnitKind::Office
                if row.group.is_empty() && name.ends_with('组') =>
            {
                known(&self.top, &name)
            }
            _ => None,
        }
    }

    /// 青溪镇桃源村村委会 is 桃源村.
    fn plain_name(&self, name: &str) -> String {
        if self.named(name).is_some() {
            return name.to_owned();
        }
        let name = match name.strip_prefix(self.top.name.as_str()) {
            Some(rest) if !rest.is_empty() => rest,
            _ => name,
        };
        let offices = ["民委员会", "委员会", "委会", "党支部", "党总支", "党委"];
        let stems = offices
            .iter()
            .filter_map(|office| name.strip_suffix(office));
        let village = stems
            .filter(|stem| stem.chars().count() > 1)
            .find_map(|stem| match stem {
                stem if stem.ends_with("村村") => stem.strip_suffix('村'),
                stem if stem.ends_with('村') || stem.ends_with("社区") => Some(stem),
                _ => None,
            });
        village.unwrap_or(name).to_owned()
    }

    fn units_below(&self) -> impl Iterator<Item = &Unit> {
        let units = self.units.iter();
        units.filter(|unit| self.within.contains(&unit.id))
    }

    /// A unit below the top one; a group only where it lies right below, since every village has its 一组.
    fn named(&self, name: &str) -> Option<&Unit> {
        self.units_below().find(|unit| {
            let right_below = unit.parent_id.as_deref() == Some(self.top.id.as_str());
            unit.name == name && (right_below || unit.kind != UnitKind::Group)
        })
    }

    fn group_in(&self, unit: &Unit, name: &str) -> Option<&Unit> {
        let here = |each: &&Unit| each.parent_id.as_deref() == Some(unit.id.as_str());
        let mut groups = self.units.iter().filter(here);
        groups.find(|group| same_group(&group.name, name))
    }

    fn outside(&self, row: &RosterRow) -> RosterFault {
        let (column, value) = match self.top.kind {
            UnitKind::Group if !row.group.is_empty() => (String::new(), row.group.clone()),
            _ => (row.unit_column.clone(), row.unit.clone()),
        };
        RosterFault {
            row: row.row,
            column,
            reason: format!(
                "“{value}”不在{}里。这次只能导入{}的人",
                self.top.name, self.top.name
            ),
            value,
        }
    }

    async fn add(
        &mut self,
        tx: &mut Tx,
        parent: &Unit,
        name: &str,
        kind: UnitKind,
        imported: &mut Imported,
    ) -> Result<Unit> {
        let unit = Unit {
            // Ids of one millisecond are in no order; units keep the roster's.
            id: fresh_id(self.now_ms + self.units.len() as i64),
            parent_id: Some(parent.id.clone()),
            name: name.to_owned(),
            kind,
        };
        people::add_unit(tx, &unit).await?;
        self.units.push(unit.clone());
        self.within.insert(unit.id.clone());
        imported.units_added += 1;
        let place = place_of(&self.units, &unit.id).map(|place| place.text());
        imported.new_units.extend(place);
        Ok(unit)
    }
}

struct Wanted {
    unit: Unit,
    /// To be made below `unit`.
    new_unit: Option<String>,
    group: String,
}

/// 一组, 第1组 and 第一村民小组 are one group.
fn same_group(one: &str, other: &str) -> bool {
    let (bare, other_bare) = (bare_group(one), bare_group(other));
    one == other || (!bare.is_empty() && bare == other_bare)
}

fn bare_group(name: &str) -> String {
    let Some(stem) = name.strip_suffix('组') else {
        return name.to_owned();
    };
    let stem = stem.trim_end_matches('小').trim_end_matches("村民");
    let stem = stem.trim_start_matches("村民").trim_start_matches('第');
    match stem.parse::<usize>() {
        Ok(number @ 1..=99) => in_words(number),
        _ => stem.to_owned(),
    }
}

/// 1..=99 as 一..=九十九.
fn in_words(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_group_under_several_names() {
        for name in ["一组", "1组", "第一组", "第1村民小组", "一小组", "村民一组"]
        {
            assert!(same_group(name, "第一村民小组"), "{name}");
        }
        assert!(same_group("第23组", "二十三组") && same_group("12组", "第十二小组"));
        assert!(!same_group("一组", "十一组") && !same_group("上湾组", "下湾组"));
        assert!(same_group("上湾组", "上湾村民小组"));
    }
}
