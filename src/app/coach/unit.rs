//! What units see: anonymous weak topics, and a study sheet of what is most missed. From five people on, shares in tenths.

use std::collections::{HashMap, HashSet};

use crate::{
    app::{App, memory::Publication, organizer::below, registrar::SignedIn},
    bank::question::{Question, QuestionId},
    clock::civil,
    error::{Code, Error, Result},
    people::{Role, Unit, in_tree_order, permission::reaches},
    practice::{
        shelf::may_practise,
        unit::{Hard, Tenths, Told, hardest, is_enough},
    },
    store::{people, practice},
};

/// Questions on a study sheet.
const SHEET: usize = 10;

/// A unit's topics, the hardest first.
#[derive(Debug)]
pub struct WeakTopics {
    pub unit: Unit,
    /// Every unit this person may ask about, with its depth.
    pub units: Vec<(Unit, u32)>,
    /// `None` while fewer than five people have practised.
    pub topics: Option<Vec<Hard<String>>>,
}

/// One sheet for a meeting.
#[derive(Debug)]
pub struct StudySheet {
    pub unit: Unit,
    pub questions: Vec<HardQuestion>,
}

#[derive(Debug)]
pub struct HardQuestion {
    pub question: Question,
    /// Missed by so many of the unit; `None` where it stands for a weak topic.
    pub missed: Option<Tenths>,
}

pub(super) fn told(row: &practice::Told) -> Told<'_> {
    Told {
        person: &row.person_id,
        question: &row.question,
        held: row.held,
        day: civil(row.given_at_ms).date_naive(),
    }
}

impl App {
    /// For organizers and trainers of the unit; the first of theirs where none is named.
    pub async fn weak_topics(&self, who: &SignedIn, unit_id: Option<&str>) -> Result<WeakTopics> {
        let (unit, units, rows) = self.told_of_unit(who, unit_id).await?;
        let today = self.clock.today();
        let told: Vec<Told<'_>> = rows.iter().map(told).collect();
        let live = self.live_bank().await?;
        let topic = |id: &QuestionId| Some(live.as_ref()?.bank.question(id)?.topic.clone());
        let topics = is_enough(&told, today).then(|| hardest(&told, today, topic));
        Ok(WeakTopics {
            unit,
            units,
            topics,
        })
    }

    /// The ten things most missed: questions that five people of the unit met, then questions of its weak topics that are
    /// most missed anywhere. Refused while too few people have practised.
    pub async fn study_sheet(&self, who: &SignedIn, unit_id: Option<&str>) -> Result<StudySheet> {
        let (unit, _, rows) = self.told_of_unit(who, unit_id).await?;
        let today = self.clock.today();
        let own: Vec<Told<'_>> = rows.iter().map(told).collect();
        let live = self.live_bank().await?;
        let live = live.filter(|_| is_enough(&own, today)).ok_or_else(|| {
            let detail = "练过的人还不到五个，先不出学习单：人太少，会看出是谁";
            Error::refused(Code::Conflict, detail)
        })?;
        let everywhere = self.told_everywhere().await?;
        let everywhere: Vec<Told<'_>> = everywhere.iter().map(told).collect();
        let is_open = |id: &QuestionId| {
            let question = live.bank.question(id)?;
            may_practise(question, today, |_| false).then(|| id.clone())
        };
        let mut chosen: Vec<(QuestionId, Option<Tenths>)> = hardest(&own, today, is_open)
            .into_iter()
            .map(|hard| (hard.what, Some(hard.missed)))
            .collect();
        let topic = |id: &QuestionId| Some(live.bank.question(id)?.topic.clone());
        let missed = hardest(&everywhere, today, is_open);
        for weak in hardest(&own, today, topic) {
            chosen.extend(of_topic(&live, &weak.what, &missed).map(|id| (id, None)));
        }
        let mut seen = HashSet::new();
        chosen.retain(|(id, _)| seen.insert(id.clone()));
        chosen.truncate(SHEET);
        let questions = chosen.into_iter().filter_map(|(id, missed)| {
            let question = live.bank.question(&id)?.clone();
            Some(HardQuestion { question, missed })
        });
        Ok(StudySheet {
            unit,
            questions: questions.collect(),
        })
    }

    async fn told_of_unit(
        &self,
        who: &SignedIn,
        unit_id: Option<&str>,
    ) -> Result<(Unit, Vec<(Unit, u32)>, Vec<practice::Told>)> {
        let mut tx = self.store.read().await?;
        let all = people::units(&mut tx).await?;
        let reached = |unit: &Unit| {
            [Role::Organizer, Role::Trainer]
                .into_iter()
                .any(|role| reaches(&who.grants, role, &all, &unit.id))
        };
        let mine: Vec<(Unit, u32)> = in_tree_order(&all)
            .into_iter()
            .filter(|(unit, _)| reached(unit))
            .map(|(unit, depth)| (unit.clone(), depth))
            .collect();
        let unit = mine
            .iter()
            .find(|(unit, _)| unit_id.is_none_or(|id| unit.id == id))
            .map(|(unit, _)| unit.clone())
            .ok_or_else(|| Error::NotFound("这个单位".into()))?;
        let inside: Vec<String> = below(&all, &unit.id).into_iter().map(Into::into).collect();
        let rows = practice::told_in(&mut tx, &inside).await?;
        Ok((unit, mine, rows))
    }

    async fn told_everywhere(&self) -> Result<Vec<practice::Told>> {
        let mut tx = self.store.read().await?;
        let units = people::units(&mut tx).await?;
        let ids: Vec<String> = units.into_iter().map(|unit| unit.id).collect();
        practice::told_in(&mut tx, &ids).await
    }
}

/// At most three questions of a topic, those most missed anywhere.
fn of_topic<'a>(
    live: &'a Publication,
    topic: &'a str,
    missed: &'a [Hard<QuestionId>],
) -> impl Iterator<Item = QuestionId> + 'a {
    let topics: HashMap<&QuestionId, &str> = live
        .bank
        .questions
        .iter()
        .map(|question| (&question.id, question.topic.as_str()))
        .collect();
    missed
        .iter()
        .filter(move |hard| topics.get(&hard.what) == Some(&topic))
        .map(|hard| hard.what.clone())
        .take(3)
}
