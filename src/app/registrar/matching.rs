//! Who of a roster is who of the people there already: by phone, or by name within the village.

use std::collections::HashMap;

use crate::{
    exchange::roster::RosterRow,
    people::{Person, Unit, place_of},
};

/// A row with the unit (and group) that it names.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub row: &'a RosterRow,
    /// The group's id, or the village's where the row names no group.
    pub unit_id: String,
    /// The village or office.
    pub village_id: String,
    pub posts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    New,
    /// The person's place among the people given.
    Known(usize),
    /// Several might be meant.
    Unclear,
}

/// One answer per row. A person is matched once at most.
pub(super) fn match_rows(rows: &[Placed], persons: &[Person], units: &[Unit]) -> Vec<Match> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, person) in persons.iter().enumerate() {
        by_name.entry(&person.name).or_default().push(at);
    }
    let mut rows_by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, placed) in rows.iter().enumerate() {
        rows_by_name.entry(&placed.row.name).or_default().push(at);
    }
    let mut found = vec![Match::New; rows.len()];
    for (name, rows_here) in rows_by_name {
        let mut namesakes = Namesakes {
            rows,
            persons,
            units,
            rows_left: rows_here,
            persons_left: by_name.remove(name).unwrap_or_default(),
        };
        for (row, matched) in namesakes.settle() {
            found[row] = matched;
        }
    }
    found
}

/// Rows and persons of one name that are not matched yet.
struct Namesakes<'a> {
    rows: &'a [Placed<'a>],
    persons: &'a [Person],
    units: &'a [Unit],
    rows_left: Vec<usize>,
    persons_left: Vec<usize>,
}

impl Namesakes<'_> {
    fn settle(&mut self) -> Vec<(usize, Match)> {
        let mut found = Vec::new();
        // The same phone is the same person, wherever they moved; of two, the one who stayed.
        self.take(&mut found, |of, row, person| {
            of.same_phone(row, person) && of.same_village(row, person)
        });
        self.take(&mut found, Self::same_phone);
        self.take(&mut found, |of, row, person| {
            of.rows[row].unit_id == of.persons[person].unit_id && of.phones_agree(row, person)
        });
        let left = std::mem::take(&mut self.rows_left);
        for row in &left {
            let mut maybe = self.persons_left.clone();
            maybe.retain(|person| self.may_be(*row, *person));
            let village = &self.rows[*row].village_id;
            let beside = left
                .iter()
                .filter(|other| self.rows[**other].village_id == *village);
            let matched = match maybe.as_slice() {
                [] => Match::New,
                // A new phone, or another group: one is left on each side.
                [only] if beside.count() == 1 => Match::Known(*only),
                _ => Match::Unclear,
            };
            found.push((*row, matched));
        }
        found
    }

    /// Matches rows that fit exactly one person who is left.
    fn take(
        &mut self,
        found: &mut Vec<(usize, Match)>,
        fits: impl Fn(&Self, usize, usize) -> bool,
    ) {
        for row in self.rows_left.clone() {
            let mut fitting = self.persons_left.clone();
            fitting.retain(|person| fits(self, row, *person));
            if let [only] = fitting[..] {
                found.push((row, Match::Known(only)));
                self.rows_left.retain(|other| *other != row);
                self.persons_left.retain(|other| *other != only);
            }
        }
    }

    fn village(&self, person: usize) -> &str {
        place_of(self.units, &self.persons[person].unit_id)
            .map_or("", |place| place.unit.id.as_str())
    }

    fn same_village(&self, row: usize, person: usize) -> bool {
        self.rows[row].village_id == self.village(person)
    }

    fn same_phone(&self, row: usize, person: usize) -> bool {
        let phone = &self.rows[row].row.phone;
        !phone.is_empty() && *phone == self.persons[person].phone
    }

    fn phones_agree(&self, row: usize, person: usize) -> bool {
        let (here, there) = (&self.rows[row].row.phone, &self.persons[person].phone);
        here.is_empty() || there.is_empty() || here == there
    }

    /// Another phone *and* another group is another person.
    fn may_be(&self, row: usize, person: usize) -> bool {
        let same_unit = self.rows[row].unit_id == self.persons[person].unit_id;
        self.same_village(row, person) && (same_unit || self.phones_agree(row, person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::UnitKind;

    fn units() -> Vec<Unit> {
        let unit = |id: &str, parent: &str, kind| Unit {
            id: id.into(),
            parent_id: Some(parent.into()),
            name: id.into(),
            kind,
        };
        vec![
            unit("桃源村", "镇", UnitKind::Village),
            unit("一组", "桃源村", UnitKind::Group),
            unit("二组", "桃源村", UnitKind::Group),
            unit("柳河村", "镇", UnitKind::Village),
        ]
    }

    /// Rows and persons called 李华, each by unit and phone.
    fn matched(rows: &[(&str, &str)], persons: &[(&str, &str)]) -> Vec<Match> {
        let units = units();
        let row = |(_, phone): &(&str, &str)| RosterRow {
            name: "李华".into(),
            phone: (*phone).into(),
            ..RosterRow::default()
        };
        let written: Vec<RosterRow> = rows.iter().map(row).collect();
        let placed = written.iter().zip(rows).map(|(row, (unit, _))| Placed {
            row,
            unit_id: (*unit).into(),
            village_id: place_of(&units, unit).expect("a unit").unit.id.clone(),
            posts: vec![],
        });
        let person = |(unit, phone): &(&str, &str)| Person {
            id: format!("{unit}{phone}"),
            name: "李华".into(),
            unit_id: (*unit).into(),
            phone: (*phone).into(),
            posts: vec![],
        };
        let persons: Vec<Person> = persons.iter().map(person).collect();
        match_rows(&placed.collect::<Vec<_>>(), &persons, &units)
    }

    #[test]
    fn who_stays_who_moves_and_who_is_new() {
        use Match::{Known, New, Unclear};
        assert_eq!(matched(&[("桃源村", "1")], &[("桃源村", "1")]), [Known(0)]);
        // Moved, by the phone; and somebody else of the same name elsewhere.
        assert_eq!(matched(&[("柳河村", "1")], &[("桃源村", "1")]), [Known(0)]);
        assert_eq!(matched(&[("柳河村", "2")], &[("桃源村", "1")]), [New]);
        assert_eq!(matched(&[("柳河村", "")], &[("桃源村", "1")]), [New]);
        // A new phone; a namesake who came; both given, so it is clear.
        assert_eq!(matched(&[("桃源村", "2")], &[("桃源村", "1")]), [Known(0)]);
        let both = [("桃源村", "2"), ("桃源村", "1")];
        assert_eq!(matched(&both, &[("桃源村", "1")]), [New, Known(0)]);
        // A group for who had none, with or without a phone.
        assert_eq!(matched(&[("一组", "1")], &[("桃源村", "1")]), [Known(0)]);
        assert_eq!(matched(&[("一组", "")], &[("桃源村", "1")]), [Known(0)]);
        assert_eq!(matched(&[("二组", "2")], &[("一组", "1")]), [New]);
        let groups = [("一组", ""), ("二组", "")];
        assert_eq!(matched(&groups, &groups), [Known(0), Known(1)]);
        // Nobody could tell these.
        let two = [("桃源村", "1"), ("桃源村", "2")];
        assert_eq!(matched(&[("桃源村", "")], &two), [Unclear]);
        assert_eq!(matched(&[("桃源村", "3")], &two), [Unclear]);
        let (new, old) = ([("桃源村", "3"), ("桃源村", "4")], [("桃源村", "1")]);
        assert_eq!(matched(&new, &old), [Unclear, Unclear]);
    }
}
