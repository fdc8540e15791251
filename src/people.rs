//! Who takes part: units in a tree, persons with their posts, and grants (who may do what for which unit).

pub mod permission;

use serde::{Deserialize, Serialize};

/// A unit of the tree; a township sees only itself and what is below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub id: String,
    pub parent_id: Option<String>,
    pub name: String,
    pub kind: UnitKind,
}

/// Units as a tree is read, each after its parent, villages before offices, with its depth from 0.
pub fn in_tree_order(units: &[Unit]) -> Vec<(&Unit, u32)> {
    let mut found = Vec::with_capacity(units.len());
    let mut waiting = below(units, None, 0);
    while let Some((unit, depth)) = waiting.pop() {
        found.push((unit, depth));
        waiting.extend(below(units, Some(&unit.id), depth + 1));
    }
    found
}

/// The units right below, the last one first.
fn below<'a>(units: &'a [Unit], parent: Option<&str>, depth: u32) -> Vec<(&'a Unit, u32)> {
    let below = units
        .iter()
        .rev()
        .filter(|unit| unit.parent_id.as_deref() == parent);
    let mut below: Vec<(&Unit, u32)> = below.map(|unit| (unit, depth)).collect();
    below.sort_by_key(|(unit, _)| std::cmp::Reverse(unit.kind));
    below
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    County,
    Township,
    Village,
    Office,
    Group,
}

impl UnitKind {
    /// Guessed from how the unit is called, as rosters write it.
    pub fn of_name(name: &str) -> UnitKind {
        match name.chars().last() {
            Some('村') => UnitKind::Village,
            Some('组') => UnitKind::Group,
            Some('县' | '市' | '区') => UnitKind::County,
            Some('镇' | '乡') => UnitKind::Township,
            _ if name.ends_with("社区") => UnitKind::Village,
            _ => UnitKind::Office,
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            UnitKind::County => "county",
            UnitKind::Township => "township",
            UnitKind::Village => "village",
            UnitKind::Office => "office",
            UnitKind::Group => "group",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub unit_id: String,
    /// Empty where the roster has none. Never shown in full.
    pub phone: String,
    /// By their names in `posts.md`; the first is the main one.
    pub posts: Vec<String>,
}

impl Person {
    pub fn main_post(&self) -> &str {
        self.posts.first().map_or("", String::as_str)
    }
}

/// A right over a unit and what is below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Organizer,
    Trainer,
    Judge,
}

impl Role {
    pub fn text(self) -> &'static str {
        match self {
            Role::Organizer => "organizer",
            Role::Trainer => "trainer",
            Role::Judge => "judge",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        [Role::Organizer, Role::Trainer, Role::Judge]
            .into_iter()
            .find(|role| role.text() == text)
    }
}

/// 李建国 as 李**, 欧阳娜娜 as 欧***: enough for the owner to recognize, too little for a stranger to learn.
pub fn masked(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().collect();
    first + &"*".repeat(letters.count().max(1))
}
