//! Who may do what where: a grant reaches its unit and everything below it, and nothing beside or above.

use crate::people::{Role, Unit};

/// Whether one of these grants gives this role over the unit.
pub fn reaches(grants: &[(Role, String)], role: Role, units: &[Unit], unit_id: &str) -> bool {
    let mut here = units.iter().find(|unit| unit.id == unit_id);
    // A tree is never deeper than it has units; a circle in damaged data must not hang anybody.
    for _ in 0..=units.len() {
        let Some(unit) = here else { return false };
        if grants
            .iter()
            .any(|(granted, over)| *granted == role && *over == unit.id)
        {
            return true;
        }
        let parent = unit.parent_id.as_deref();
        here = parent.and_then(|parent| units.iter().find(|unit| unit.id == parent));
    }
    false
}

/// The units that this role is held over, in the order of `units`.
pub fn reach(grants: &[(Role, String)], role: Role, units: &[Unit]) -> Vec<Unit> {
    units
        .iter()
        .filter(|unit| reaches(grants, role, units, &unit.id))
        .cloned()
        .collect()
}

/// Whether somebody with these grants may sign another in or out: never somebody whose rights reach further than the own.
pub fn may_vouch_for(own: &[(Role, String)], others: &[(Role, String)], units: &[Unit]) -> bool {
    others
        .iter()
        .all(|(_, over)| reaches(own, Role::Organizer, units, over))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::UnitKind;

    fn tree() -> Vec<Unit> {
        let unit = |id: &str, parent: Option<&str>| Unit {
            id: id.into(),
            parent_id: parent.map(Into::into),
            name: id.into(),
            kind: UnitKind::Village,
        };
        vec![
            unit("county", None),
            unit("town", Some("county")),
            unit("other-town", Some("county")),
            unit("village", Some("town")),
            unit("group", Some("village")),
        ]
    }

    #[test]
    fn a_grant_reaches_its_unit_and_below_and_no_further() {
        let grants = [(Role::Organizer, "town".to_owned())];
        let reached: Vec<String> = reach(&grants, Role::Organizer, &tree())
            .into_iter()
            .map(|unit| unit.id)
            .collect();
        assert_eq!(reached, ["town", "village", "group"]);
        assert!(reach(&grants, Role::Trainer, &tree()).is_empty());
        assert!(!reaches(&grants, Role::Organizer, &tree(), "unknown"));
    }

    #[test]
    fn nobody_vouches_for_somebody_with_wider_rights() {
        let village = [(Role::Organizer, "village".to_owned())];
        let town = [(Role::Trainer, "town".to_owned())];
        assert!(may_vouch_for(&village, &[], &tree()));
        assert!(!may_vouch_for(&village, &town, &tree()));
        assert!(may_vouch_for(
            &[(Role::Organizer, "county".to_owned())],
            &town,
            &tree()
        ));
    }

    #[test]
    fn a_circle_in_damaged_data_ends() {
        let mut units = tree();
        units[0].parent_id = Some("group".into());
        assert!(!reaches(&[], Role::Organizer, &units, "group"));
    }
}
