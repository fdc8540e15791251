//! 榜 kept up as grades come in: one grade moves one person and one unit, whatever the size of the round.
//!
//! `board::board` computes the same from nothing and stays the truth that this is compared with.

mod order;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::contest::{
    board::Board,
    ranking::{Row, Standing, TieKey, why},
    round::Rules,
    standings::order::{Key, Order},
    units::{Scale, UnitRule, UnitStanding, rank_in_order, unranked},
};

/// The standings of a round's people and units.
#[derive(Debug, Clone)]
pub struct Standings {
    rows: Vec<Row>,
    /// Person → place in `rows`.
    place_of: HashMap<String, u32>,
    /// By place: how equals are listed, by name and then by id.
    listed: Vec<u32>,
    divisions: BTreeMap<String, Order>,
    units: BTreeMap<String, Unit>,
    tie_keys: Vec<TieKey>,
    unit_rule: UnitRule,
    unit_entrants_min: u32,
    scale: Scale,
}

#[derive(Debug, Clone)]
struct Unit {
    members: Vec<u32>,
    standing: UnitStanding,
}

impl Standings {
    /// Of these rows, one a person. Who is in no row (on leave) stands nowhere.
    pub fn new(rows: Vec<Row>, rules: &Rules) -> Standings {
        let place_of = (0..)
            .zip(&rows)
            .map(|(place, row)| (row.person.clone(), place))
            .collect();
        let mut standings = Standings {
            place_of,
            listed: listed(&rows),
            divisions: BTreeMap::new(),
            units: BTreeMap::new(),
            tie_keys: rules.tie_keys.clone(),
            unit_rule: rules.unit_rule,
            unit_entrants_min: rules.unit_entrants_min,
            scale: Scale::of(&rows),
            rows,
        };
        let mut divisions: BTreeMap<String, Vec<Key>> = BTreeMap::new();
        let mut units: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (place, row) in (0..).zip(&standings.rows) {
            let key = standings.key(place);
            let division = divisions.entry(row.division.clone()).or_default();
            division.push(key);
            units.entry(row.unit.clone()).or_default().push(place);
        }
        standings.divisions = divisions
            .into_iter()
            .map(|(name, keys)| (name, Order::of(keys)))
            .collect();
        standings.units = units
            .into_iter()
            .map(|(name, members)| {
                let standing = standings.unit_standing(&name, &members);
                (name, Unit { members, standing })
            })
            .collect();
        standings
    }

    /// What counts of one person now. Name, division, unit and total stay as they were sealed.
    pub fn set(&mut self, row: &Row) {
        let Some(&place) = self.place_of.get(&row.person) else {
            return;
        };
        let before = self.key(place);
        let kept = &mut self.rows[place as usize];
        kept.points = row.points;
        kept.time_used_ms = row.time_used_ms;
        kept.finished_at_ms = row.finished_at_ms;
        kept.ruled = row.ruled;
        let (division, unit) = (kept.division.clone(), kept.unit.clone());
        let after = self.key(place);
        if let Some(order) = self.divisions.get_mut(&division) {
            order.remove(before);
            order.insert(after);
        }
        if let Some(members) = self.units.get(&unit).map(|unit| &unit.members) {
            let standing = self.unit_standing(&unit, members);
            if let Some(unit) = self.units.get_mut(&unit) {
                unit.standing = standing;
            }
        }
    }

    /// Entrants who are to come, on leave or not counted out.
    pub fn entrants(&self) -> u32 {
        self.rows.len() as u32
    }

    /// The divisions there are, each with how many are in it.
    pub fn divisions(&self) -> impl Iterator<Item = (&String, usize)> {
        self.divisions
            .iter()
            .map(|(name, order)| (name, order.len()))
    }

    /// The names of units with somebody in one of the divisions that `open` says yes to.
    pub fn units_within(&self, open: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let units = self.units.iter();
        units
            .filter(move |(_, unit)| {
                let mut members = unit.members.iter();
                members.any(|place| open(&self.rows[*place as usize].division))
            })
            .map(|(name, _)| name.as_str())
    }

    /// The first `most` of a division, from the best on; those who did not sit at the end.
    pub fn first(&self, division: &str, most: usize) -> Vec<Standing> {
        let Some(order) = self.divisions.get(division) else {
            return vec![];
        };
        let keys: Vec<Key> = order.iter().take(most).collect();
        let mut standings = Vec::with_capacity(keys.len());
        let mut start = 0;
        while start < keys.len() {
            let same = keys[start..]
                .iter()
                .take_while(|key| key.ties(keys[start]))
                .count();
            let shared = if start + same < keys.len() {
                same
            } else {
                order.count_through_ties(keys[start]) - start
            };
            let before = start.checked_sub(1).map(|place| keys[place]);
            for key in &keys[start..start + same] {
                standings.push(self.standing(*key, start, before, shared));
            }
            start += same;
        }
        standings
    }

    /// Where one person stands; `None` for who is no entrant or on leave.
    pub fn of(&self, person: &str) -> Option<Standing> {
        let place = *self.place_of.get(person)?;
        let order = self.divisions.get(&self.rows[place as usize].division)?;
        let key = self.key(place);
        let start = order.count_before_ties(key);
        let shared = order.count_through_ties(key) - start;
        let before = start.checked_sub(1).and_then(|place| order.at(place));
        Some(self.standing(key, start, before, shared))
    }

    /// All units in the order of their ranks.
    pub fn units(&self) -> Vec<UnitStanding> {
        let units = self.units.values();
        let standings = units.map(|unit| unit.standing.clone()).collect();
        rank_in_order(standings, self.unit_entrants_min, self.scale)
    }

    /// The whole board, everybody in it.
    pub fn board(&self) -> Board {
        let everybody = |division: &String| self.first(division, usize::MAX);
        Board {
            people: self
                .divisions
                .keys()
                .map(|division| (division.clone(), everybody(division)))
                .collect(),
            units: self.units(),
        }
    }

    fn key(&self, place: u32) -> Key {
        let row = &self.rows[place as usize];
        let mut ties = [0; 2];
        for (tie, key) in ties.iter_mut().zip(&self.tie_keys) {
            *tie = key.of(row);
        }
        Key::new(row.points, ties, self.listed[place as usize], place)
    }

    fn standing(&self, key: Key, start: usize, before: Option<Key>, shared: usize) -> Standing {
        let row = &self.rows[key.place() as usize];
        let before = before.map(|before| &self.rows[before.place() as usize]);
        Standing {
            rank: row.points.map(|_| start as u32 + 1),
            why: why(row, before, shared, &self.tie_keys),
            row: row.clone(),
        }
    }

    fn unit_standing(&self, name: &str, members: &[u32]) -> UnitStanding {
        let members: Vec<&Row> = members
            .iter()
            .map(|place| &self.rows[*place as usize])
            .collect();
        unranked(
            name,
            &members,
            self.unit_rule,
            self.unit_entrants_min,
            self.scale,
        )
    }
}

fn listed(rows: &[Row]) -> Vec<u32> {
    let mut by_name: Vec<u32> = (0..rows.len() as u32).collect();
    by_name.sort_by_key(|place| {
        let row = &rows[*place as usize];
        (&row.name, &row.person)
    });
    let mut listed = vec![0; rows.len()];
    for (number, place) in (0..).zip(by_name) {
        listed[place as usize] = number;
    }
    listed
}
