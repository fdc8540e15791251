//! What an actor may know of and touch, asked in one place. What one may not know of is not found, never forbidden.

use crate::{
    app::{App, registrar::SignedIn},
    contest::round::Round,
    error::{Error, Result},
    people::{
        Person, Role, Unit,
        permission::{may_vouch_for, reach, reaches},
    },
    store::{Tx, people, rounds},
};

/// Persons' ids are 26 characters; the program's own actors (`command-line`, `program`, `demo`) have names.
/// Whoever holds the command line holds the database, so these may do everything.
pub(in crate::app) fn is_person(actor: &str) -> bool {
    actor.len() == 26
}

impl App {
    /// The units this actor holds the role over.
    pub(in crate::app) async fn reach(
        &self,
        tx: &mut Tx,
        actor: &str,
        role: Role,
    ) -> Result<Vec<Unit>> {
        let units = people::units(tx).await?;
        if !is_person(actor) {
            return Ok(units);
        }
        let grants = people::grants_of(tx, actor).await?;
        Ok(reach(&grants, role, &units))
    }

    /// The round, if this actor may run it.
    pub(in crate::app) async fn must_run(
        &self,
        tx: &mut Tx,
        actor: &str,
        round_id: &str,
    ) -> Result<Round> {
        let round = rounds::find(tx, round_id).await?;
        let reach = self.reach(tx, actor, Role::Organizer).await?;
        if reach.iter().any(|unit| unit.id == round.unit_id) {
            Ok(round)
        } else {
            Err(Error::NotFound("这个场次".into()))
        }
    }

    /// The person, if this actor looks after them.
    pub(in crate::app) async fn must_look_after(
        &self,
        tx: &mut Tx,
        actor: &str,
        person_id: &str,
    ) -> Result<Person> {
        let person = people::find_person(tx, person_id).await?;
        let reach = self.reach(tx, actor, Role::Organizer).await?;
        if reach.iter().any(|unit| unit.id == person.unit_id) {
            Ok(person)
        } else {
            Err(Error::NotFound("这个人".into()))
        }
    }

    /// Whether this actor may give this person the means to sign in: not to somebody with wider rights.
    pub(in crate::app) async fn vouches(
        &self,
        tx: &mut Tx,
        actor: &str,
        person_id: &str,
    ) -> Result<bool> {
        if !is_person(actor) || actor == person_id {
            return Ok(true);
        }
        let others = people::grants_of(tx, person_id).await?;
        if others.is_empty() {
            return Ok(true);
        }
        let own = people::grants_of(tx, actor).await?;
        Ok(may_vouch_for(&own, &others, &people::units(tx).await?))
    }

    /// The rounds this organizer runs.
    pub async fn rounds_run_by(&self, actor: &str) -> Result<Vec<Round>> {
        let mut tx = self.store.read().await?;
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let mut rounds = rounds::all(&mut tx).await?;
        rounds.retain(|round| reach.iter().any(|unit| unit.id == round.unit_id));
        Ok(rounds)
    }

    pub async fn round_run_by(&self, actor: &str, id: &str) -> Result<Round> {
        self.must_run(&mut self.store.read().await?, actor, id)
            .await
    }

    /// The units and people this organizer looks after.
    pub async fn people_run_by(&self, actor: &str) -> Result<(Vec<Unit>, Vec<Person>)> {
        let mut tx = self.store.read().await?;
        let units = self.reach(&mut tx, actor, Role::Organizer).await?;
        let mut persons = people::persons(&mut tx).await?;
        persons.retain(|person| units.iter().any(|unit| unit.id == person.unit_id));
        Ok((units, persons))
    }

    /// Whether somebody signed in is an organizer of this unit.
    pub async fn runs(&self, who: &SignedIn, unit_id: &str) -> Result<bool> {
        if !who.has(Role::Organizer) {
            return Ok(false);
        }
        let units = people::units(&mut self.store.read().await?).await?;
        Ok(reaches(&who.grants, Role::Organizer, &units, unit_id))
    }
}
