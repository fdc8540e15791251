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

/// Where somebody belongs: a village or an office, and the group of it if they are in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    pub unit: &'a Unit,
    pub group: Option<&'a Unit>,
}

impl Place<'_> {
    /// 桃源村一组.
    pub fn text(&self) -> String {
        match self.group {
            Some(group) if group.name.starts_with(&self.unit.name) => group.name.clone(),
            Some(group) => format!("{}{}", self.unit.name, group.name),
            None => self.unit.name.clone(),
        }
    }

    /// Empty where there is none.
    pub fn group_name(&self) -> &str {
        self.group.map_or("", |group| &group.name)
    }
}

/// The place of who is registered in this unit; `None` where there is no such unit.
pub fn place_of<'a>(units: &'a [Unit], unit_id: &str) -> Option<Place<'a>> {
    let own = units.iter().find(|unit| unit.id == unit_id)?;
    let above = units
        .iter()
        .find(|unit| Some(&unit.id) == own.parent_id.as_ref());
    let place = match above.filter(|_| own.kind == UnitKind::Group) {
        Some(unit) if matches!(unit.kind, UnitKind::Village | UnitKind::Office) => Place {
            unit,
            group: Some(own),
        },
        _ => Place {
            unit: own,
            group: None,
        },
    };
    Some(place)
}

/// The unit that somebody competes for in a round of this host: the village or office, whatever the group;
/// only where the village itself holds the round do its groups compete.
pub fn competes_for<'a>(units: &'a [Unit], unit_id: &str, host_id: &str) -> Option<&'a Unit> {
    let place = place_of(units, unit_id)?;
    match place.group {
        Some(group) if place.unit.id == host_id || group.id == host_id => Some(group),
        _ => Some(place.unit),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_a_group_competes_for_the_village_unless_the_village_holds_the_round() {
        let unit = |id: &str, parent: Option<&str>, kind| Unit {
            id: id.into(),
            parent_id: parent.map(Into::into),
            name: id.into(),
            kind,
        };
        let units = [
            unit("青溪镇", None, UnitKind::Township),
            unit("桃源村", Some("青溪镇"), UnitKind::Village),
            unit("一组", Some("桃源村"), UnitKind::Group),
            unit("工作组", Some("青溪镇"), UnitKind::Group),
        ];
        let name = |id, host| competes_for(&units, id, host).map(|unit| unit.name.as_str());
        assert_eq!(name("一组", "青溪镇"), Some("桃源村"));
        assert_eq!(name("一组", "桃源村"), Some("一组"));
        assert_eq!(name("一组", "一组"), Some("一组"));
        assert_eq!(name("桃源村", "桃源村"), Some("桃源村"));
        // A group of no village stands for itself.
        assert_eq!(name("工作组", "青溪镇"), Some("工作组"));
        assert_eq!(name("没有", "青溪镇"), None);
        let place = place_of(&units, "一组").expect("a place");
        assert_eq!(
            (place.text().as_str(), place.group_name()),
            ("桃源村一组", "一组")
        );
    }
}
