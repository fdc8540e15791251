//! What sealing checks and freezes: the entrants, that every post can draw, the proof sheet.

use serde_json::json;

use crate::{
    app::{memory::assembler_for, organizer::below},
    bank::Bank,
    contest::round::{Entrant, Round},
    error::{Code, Error, Result},
    people::{Person, Unit, competes_for},
    store::banks,
};

pub(super) fn entrants_of(
    round: &Round,
    units: &[Unit],
    persons: &[Person],
    bank: &Bank,
) -> Vec<Entrant> {
    let within = below(units, &round.unit_id);
    persons
        .iter()
        // Who holds no post (the organizer of the first start) takes no part.
        .filter(|person| within.contains(&person.unit_id.as_str()) && !person.posts.is_empty())
        .map(|person| {
            let post = person.main_post();
            let unit = competes_for(units, &person.unit_id, &round.unit_id);
            Entrant {
                person_id: person.id.clone(),
                name: person.name.clone(),
                unit_id: unit.map_or_else(|| person.unit_id.clone(), |unit| unit.id.clone()),
                unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
                post: post.to_owned(),
                division: bank
                    .posts
                    .find(post)
                    .map_or_else(|| "其他".to_owned(), |post| post.division.clone()),
                on_leave: false,
                late: false,
                extension_ms: 0,
            }
        })
        .collect()
}

/// Every post that will draw can draw: tried here, not at the bell.
pub(super) fn check_papers(bank: &Bank, round: &Round, entrants: &[Entrant]) -> Result<()> {
    for name in round.rules.blueprints() {
        if !bank
            .blueprints
            .iter()
            .any(|blueprint| blueprint.name == name)
        {
            return Err(unknown_blueprint(bank, name));
        }
    }
    let mut posts: Vec<&str> = entrants
        .iter()
        .map(|entrant| entrant.post.as_str())
        .collect();
    posts.sort_unstable();
    posts.dedup();
    for post in posts {
        assembler_for(bank, round.rules.blueprint_for(post), post, round)?;
    }
    Ok(())
}

pub(super) fn unknown_blueprint(bank: &Bank, name: &str) -> Error {
    let names: Vec<&str> = bank
        .blueprints
        .iter()
        .map(|blueprint| blueprint.name.as_str())
        .collect();
    Error::refused(
        Code::BadRequest,
        format!("没有叫“{name}”的组卷方案。现有：{}", names.join("、")),
    )
}

/// What was fixed before the bell, for anybody to check afterwards.
pub(super) fn proof_sheet(
    bank: &Bank,
    round: &Round,
    entrants: &[Entrant],
    secret_hash: &str,
    sealed_at_ms: i64,
) -> serde_json::Value {
    json!({
        "round": round.id,
        "name": round.name,
        "sealed_at": crate::clock::rfc3339(sealed_at_ms),
        "opens": crate::clock::rfc3339(round.opens_at_ms),
        "closes": crate::clock::rfc3339(round.closes_at_ms),
        "limit_seconds": round.limit_ms / 1000,
        "bank_revision": bank.revision().0,
        "publication": banks::publication_id(bank),
        "rules": round.rules,
        "entrants": entrants.len(),
        "assembly_version": crate::paper::assemble::ASSEMBLY_VERSION,
        "secret_hash": secret_hash,
    })
}
