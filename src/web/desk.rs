//! Desk pages: the organizer's rounds and roster, the trainer's bank.

pub mod bank;
pub(in crate::web) mod board_files;
mod entrant;
mod evidence;
pub mod record;
mod monitor;
pub mod person;
pub mod roster;
pub mod rounds;
mod rulings;

use axum::Router;

use crate::{
    app::registrar::SignedIn,
    people::Role,
    web::{pages::parts::Staff, state::Web},
};

pub fn routes() -> Router<Web> {
    Router::new()
        .merge(rounds::routes())
        .merge(monitor::routes())
        .merge(entrant::routes())
        .merge(evidence::routes())
        .merge(rulings::routes())
        .merge(roster::routes())
        .merge(person::routes())
        .merge(bank::routes())
        .merge(record::routes())
        .merge(board_files::routes())
}

pub(in crate::web) fn staff(member: &SignedIn) -> Staff {
    Staff {
        name: member.person.name.clone(),
        unit: member.unit.name.clone(),
        organizer: member.has(Role::Organizer),
        trainer: member.has(Role::Trainer),
    }
}
