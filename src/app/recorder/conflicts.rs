//! Staff who sit in a round of their own, and what of keys and answers they had looked at before.

use std::collections::BTreeMap;

use crate::{
    app::App,
    contest::round::{Entrant, Round, State},
    error::Result,
    people::{Role, Unit, permission::reaches},
    store::{
        Tx, decisions, people,
        record::{self, Entry, Filter},
    },
};

/// Acts by which keys or answers come before somebody's eyes.
pub const LOOKS: [&str; 3] = ["look-at-keys", "look-at-answers", "export-round"];
/// The most acts that are read of one person.
const READ_LENGTH: usize = 1_000;

/// An entrant who is also an organizer over the round, or a trainer, who sees every key.
#[derive(Debug, Clone)]
pub struct Conflict {
    pub person_id: String,
    pub name: String,
    pub unit_name: String,
    pub roles: Vec<Role>,
    /// Looks up to the end of the last own attempt, or until now; newest first.
    pub looks: Vec<Entry>,
}

impl App {
    /// Who of the round's entrants is staff over it; by person.
    pub(in crate::app) async fn conflicts(
        &self,
        tx: &mut Tx,
        round: &Round,
        entrants: &[Entrant],
    ) -> Result<Vec<Conflict>> {
        let units = people::units(tx).await?;
        let mut staff: BTreeMap<String, Vec<(Role, String)>> = BTreeMap::new();
        for (person_id, role, unit_id) in decisions::staff_among(tx, &round.id).await? {
            staff.entry(person_id).or_default().push((role, unit_id));
        }
        let watched = decisions::watch(tx, &round.id).await?;
        let mut found = Vec::new();
        for (person_id, grants) in staff {
            let roles = roles_over(&grants, &units, round);
            let entrant = entrants.iter().find(|each| each.person_id == person_id);
            let (Some(entrant), false) = (entrant, roles.is_empty()) else {
                continue;
            };
            let mut own = watched.iter().filter(|each| each.person_id == person_id);
            let until_ms = own.next_back().and_then(|last| last.finished_at_ms);
            let filter = Filter {
                actors: Some(vec![person_id.clone()]),
                until_ms,
                ..Filter::default()
            };
            let mut looks = record::acts(tx, &filter, READ_LENGTH).await?;
            looks.retain(|entry| LOOKS.contains(&entry.act.as_str()));
            found.push(Conflict {
                name: entrant.name.clone(),
                unit_name: entrant.unit_name.clone(),
                person_id,
                roles,
                looks,
            });
        }
        Ok(found)
    }
}

/// What they are to this round. A trainer's grant reaches every key there is, whatever the unit.
fn roles_over(grants: &[(Role, String)], units: &[Unit], round: &Round) -> Vec<Role> {
    let trains = grants.iter().any(|(role, _)| *role == Role::Trainer);
    let runs = reaches(grants, Role::Organizer, units, &round.unit_id);
    [(Role::Organizer, runs), (Role::Trainer, trains)]
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(role, _)| role)
        .collect()
}

/// The ids of those entries whose actor is an entrant of the round they are about, or, where they are looks at keys,
/// of any round that was not over yet.
pub(super) async fn conflicted(
    tx: &mut Tx,
    rounds: &[Round],
    entries: &[Entry],
    now_ms: i64,
) -> Result<Vec<String>> {
    let mut actors: Vec<&str> = entries.iter().map(|entry| entry.actor.as_str()).collect();
    actors.sort_unstable();
    actors.dedup();
    let entered = decisions::rounds_of(tx, &actors).await?;
    let sits = |entry: &Entry, round: &Round| {
        let pair = (entry.actor.clone(), round.id.clone());
        entered.binary_search(&pair).is_ok()
    };
    let in_conflict = |entry: &&Entry| {
        let about = rounds.iter().find(|round| round.id == entry.subject);
        match about {
            Some(round) => sits(entry, round),
            None if LOOKS.contains(&entry.act.as_str()) => rounds.iter().any(|round| {
                round.state != State::Draft
                    && entry.at_ms <= round.window_ends_at_ms(now_ms)
                    && sits(entry, round)
            }),
            None => false,
        }
    };
    let ids = entries.iter().filter(in_conflict);
    Ok(ids.map(|entry| entry.id.clone()).collect())
}
