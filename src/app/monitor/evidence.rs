//! Everything one attempt rests on, for the organizer who settles a dispute: steps, answers, and after the close the keys.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use crate::{
    app::{
        App,
        archivist::must_be_kept,
        candidate::{AttemptView, standing_rulings},
        memory::Hall,
        rulings::may_rule,
    },
    attempt::steps::{Step, standing},
    contest::{
        ranking::Standing,
        round::{Entrant, Shown, State as RoundState},
    },
    error::{Error, Result},
    grading::rulings::Ruling,
    people::Person,
    store::{
        archive,
        attempts::{self, State},
        people,
        rulings::{self, Signed},
    },
};

#[derive(Debug)]
pub struct Evidence {
    pub entrant: Entrant,
    /// The attempt as far as its organizer may see it: never keys while the round or the attempt runs.
    pub view: AttemptView,
    /// As they came, by number; since when a late one counts.
    pub steps: Vec<(Step, Option<i64>)>,
    /// The entrant's row on the board.
    pub standing: Option<Standing>,
    /// Every ruling, in the order they were made, with the name of who made it.
    pub rulings: Vec<(Ruling, String)>,
    /// Why nothing can be ruled here now by this organizer, where that is so.
    pub no_ruling: Option<String>,
}

impl App {
    /// Shows an attempt to an organizer of its round. Every look is on record before anything is shown.
    pub async fn evidence(
        &self,
        actor: &str,
        round_id: &str,
        attempt_id: &str,
    ) -> Result<Evidence> {
        let missing = || Error::NotFound("这次作答".into());
        let mut tx = self.store.read().await?;
        let round = self.must_run(&mut tx, actor, round_id).await?;
        let attempt = attempts::find(&mut tx, attempt_id)
            .await?
            .filter(|attempt| attempt.round_id == round_id)
            .ok_or_else(missing)?;
        let steps = archive::steps_of_attempt(&mut tx, attempt_id).await?;
        let signed = rulings::of_attempt(&mut tx, attempt_id).await?;
        let no_ruling = match may_rule(actor, &round, &attempt) {
            Ok(()) => must_be_kept(&mut tx, round_id).await,
            refused => refused,
        };
        let no_ruling = no_ruling.err().map(|error| error.to_string());
        let persons = match signed[..] {
            [] => vec![],
            _ => people::persons(&mut tx).await?,
        };
        drop(tx);
        let hall = self.hall(round_id).await?;
        let over = matches!(hall.round.state, RoundState::Closed | RoundState::Announced);
        let shown = match (over, attempt.state) {
            (true, state) if state != State::Open => Shown::Keys,
            _ => Shown::Points,
        };
        let act = match shown {
            Shown::Keys => "look-at-keys",
            Shown::Points | Shown::Nothing => "look-at-answers",
        };
        let detail = json!({ "attempt": attempt_id, "person": attempt.person_id });
        self.note_look(actor, act, round_id, detail).await?;
        let entrant = hall.entrants.get(&attempt.person_id).cloned();
        let standing = self.standing_of(&hall, &attempt.person_id).await?;
        Ok(Evidence {
            entrant: entrant.ok_or_else(missing)?,
            standing,
            view: AttemptView {
                given: given(&steps),
                rulings: standing_rulings(&signed, &counting(&steps)),
                attempt,
                hall,
                shown,
                now_ms: self.clock.now_ms(),
            },
            steps,
            rulings: named(signed, &persons),
            no_ruling,
        })
    }

    /// Somebody's row on the real board of a sealed round.
    pub async fn standing_of(&self, hall: &Arc<Hall>, person_id: &str) -> Result<Option<Standing>> {
        let standings = self.standings(&hall.round.id).await?;
        let mut rows = standings.people.values().flatten();
        Ok(rows.find(|each| each.row.person == person_id).cloned())
    }
}

/// With the name of who made it; a program's own actors have none.
fn named(signed: Vec<Signed>, persons: &[Person]) -> Vec<(Ruling, String)> {
    let name = |actor: &str| {
        let person = persons.iter().find(|person| person.id == actor);
        person.map_or_else(String::new, |person| person.name.clone())
    };
    let named = signed.into_iter();
    named.map(|each| (each.ruling, name(&each.actor))).collect()
}

/// As the steps count now.
fn counting(steps: &[(Step, Option<i64>)]) -> Vec<Step> {
    let steps = steps.iter().map(|(step, accepted_at_ms)| Step {
        late: step.late && accepted_at_ms.is_none(),
        ..step.clone()
    });
    steps.collect()
}

fn given(steps: &[(Step, Option<i64>)]) -> BTreeMap<u32, crate::attempt::answer::Answer> {
    standing(&counting(steps))
        .into_iter()
        .map(|(number, answer)| (number, answer.clone()))
        .collect()
}
