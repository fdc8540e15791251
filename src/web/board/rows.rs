//! The rows of a board as one viewer sees them: people, the own one, units.

use std::collections::HashSet;

use crate::{
    app::spectator::LiveBoard,
    bank::points::Points,
    contest::{ranking, units::UnitStanding},
    web::{
        board::{DESK_ROWS, PAGE_ROWS, PUBLIC_ROWS, Reach, Viewer, may_see},
        pages::board::Standing,
    },
};

pub(super) fn people_rows(
    live: &LiveBoard,
    division: Option<&String>,
    viewer: &Viewer,
    reach: Reach,
) -> Vec<Standing> {
    let most = match (viewer, reach) {
        (Viewer::Public, _) => PUBLIC_ROWS,
        (Viewer::Organizer, Reach::Page) => DESK_ROWS,
        (Viewer::Entrant { .. }, Reach::Page) => PAGE_ROWS,
        (_, Reach::Everybody) => usize::MAX,
    };
    let own = own_row(live, viewer);
    let mut rows = Vec::new();
    for (name, _) in live.standings.divisions() {
        if !may_see(name, viewer) || division.is_some_and(|division| division != name) {
            continue;
        }
        let mut listed = live.standings.first(name, most);
        listed.retain(|standing| standing.row.points.is_some());
        if let Some(own) = own.as_ref().filter(|own| own.row.division == *name)
            && listed.iter().all(|each| each.row.person != own.row.person)
        {
            listed.push(own.clone());
        }
        rows.extend(
            listed
                .iter()
                .map(|standing| person_row(standing, viewer, &live.hall.round.id)),
        );
    }
    rows
}

/// Where an entrant who has a grade stands.
pub(super) fn own_row(live: &LiveBoard, viewer: &Viewer) -> Option<ranking::Standing> {
    let Viewer::Entrant { person, .. } = viewer else {
        return None;
    };
    let own = live.standings.of(person)?;
    own.row.points.is_some().then_some(own)
}

pub(super) fn person_row(standing: &ranking::Standing, viewer: &Viewer, round: &str) -> Standing {
    let row = &standing.row;
    let mine = matches!(viewer, Viewer::Entrant { person, .. } if *person == row.person);
    let details = match viewer {
        Viewer::Organizer => Some(format!("/rounds/{round}/entrants/{}", row.person)),
        _ if mine => Some(format!("/rounds/{round}/board/mine")),
        Viewer::Entrant { .. } | Viewer::Public => None,
    };
    Standing {
        id: row_id(&row.person),
        rank: standing.rank,
        name: row.name.clone(),
        unit: row.unit.clone(),
        points: row.points.unwrap_or(Points::ZERO),
        used_ms: Some(row.time_used_ms),
        sat: None,
        entrants: None,
        why: sentences(&standing.why),
        division: Some(row.division.clone()),
        details,
        mine,
    }
}

fn sentences(why: &str) -> Vec<String> {
    let why = Some(why.to_owned()).filter(|why| !why.is_empty());
    why.into_iter().collect()
}

/// A unit that is made of leaders only would tell their mean: it stands where they themselves may be seen.
pub(super) fn unit_rows(live: &LiveBoard, viewer: &Viewer) -> Vec<Standing> {
    let may_see = |division: &str| may_see(division, viewer);
    let open: HashSet<&str> = live.standings.units_within(may_see).collect();
    let units = live.standings.units();
    let seen = units
        .iter()
        .filter(|unit| open.contains(unit.unit.as_str()));
    seen.map(unit_row).collect()
}

fn unit_row(standing: &UnitStanding) -> Standing {
    Standing {
        id: row_id(&standing.unit),
        rank: standing.rank,
        name: standing.unit.clone(),
        unit: String::new(),
        points: shown_points(&standing.shown),
        used_ms: None,
        sat: Some(standing.sat),
        entrants: Some(standing.entrants),
        why: sentences(&standing.why),
        division: None,
        details: None,
        mine: false,
    }
}

/// `86.25 分` or `86.25%` → the number that the page shows in its points column.
fn shown_points(shown: &str) -> Points {
    Points::parse(shown.trim_end_matches([' ', '分', '%'])).unwrap_or_default()
}

/// Tells rows apart without telling a person's id.
pub(super) fn row_id(of: &str) -> String {
    use sha2::{Digest, Sha256};
    crate::clock::hex(&Sha256::digest(of)[..6])
}
