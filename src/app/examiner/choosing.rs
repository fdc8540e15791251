//! Whom an examiner may examine, and what the choice of people must be like.

use std::collections::HashSet;

use crate::{
    app::{
        examiner::{Choice, bad, conflict},
        organizer::below,
        permission::is_person,
    },
    contest::spot_check::{PEOPLE_MAX, QUESTIONS_MAX, draw::Shortage},
    error::{Error, Result},
    people::{Person, Role, Unit, permission::reaches},
    store::{Tx, people, spot_checks::Examinee},
};

/// Over which units somebody may examine: as judge, organizer or trainer.
pub(super) async fn reach(tx: &mut Tx, actor: &str) -> Result<Vec<Unit>> {
    let mut units = people::units(tx).await?;
    if is_person(actor) {
        let grants = people::grants_of(tx, actor).await?;
        let all = units.clone();
        units.retain(|unit| {
            [Role::Judge, Role::Organizer, Role::Trainer]
                .into_iter()
                .any(|role| reaches(&grants, role, &all, &unit.id))
        });
    }
    Ok(units)
}

pub(super) async fn trial_examinees(
    tx: &mut Tx,
    actor: &str,
    choice: &Choice,
) -> Result<Vec<Examinee>> {
    let units = reach(tx, actor).await?;
    let persons = people::persons(tx).await?;
    let within = scope(&units, &choice.unit_id)?;
    let mut examinees = Vec::new();
    for id in wanted(choice)? {
        let person = persons
            .iter()
            .find(|person| person.id == *id && id != actor && !person.posts.is_empty())
            .filter(|person| within.contains(&person.unit_id.as_str()))
            .ok_or_else(|| Error::NotFound("选的人".into()))?;
        examinees.push(examinee(
            &units,
            person,
            &person.unit_id,
            person.main_post(),
        ));
    }
    Ok(examinees)
}

pub(super) fn examinee(units: &[Unit], person: &Person, unit_id: &str, post: &str) -> Examinee {
    let unit = units.iter().find(|unit| unit.id == unit_id);
    Examinee {
        person_id: person.id.clone(),
        name: person.name.clone(),
        unit_id: unit_id.to_owned(),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        post: post.to_owned(),
        questions: vec![],
    }
}

/// The chosen unit and what is below it, as far as the examiner's right reaches.
pub(super) fn scope<'a>(units: &'a [Unit], unit_id: &'a str) -> Result<Vec<&'a str>> {
    if units.iter().any(|unit| unit.id == unit_id) {
        Ok(below(units, unit_id))
    } else {
        Err(Error::NotFound("这个单位".into()))
    }
}

/// The chosen people, once each.
pub(super) fn wanted(choice: &Choice) -> Result<Vec<&String>> {
    let mut seen = HashSet::new();
    let wanted: Vec<&String> = choice
        .person_ids
        .iter()
        .filter(|id| seen.insert(id.as_str()))
        .collect();
    match wanted.len() {
        0 => Err(bad("请先选人，一次最多 10 个人")),
        many if many > PEOPLE_MAX => Err(bad("一次最多抽 10 个人，请分两次")),
        _ => Ok(wanted),
    }
}

pub(super) fn within_bounds(questions: u32) -> Result<u32> {
    if (1..=QUESTIONS_MAX).contains(&questions) {
        Ok(questions)
    } else {
        Err(bad("每人的题数要在 1 到 10 之间"))
    }
}

pub(super) fn too_few(shortage: Shortage) -> Error {
    let post = match shortage.post.as_str() {
        "" => "没有岗位的人".to_owned(),
        post => format!("“{post}”"),
    };
    conflict(format!(
        "{post}现在只有 {} 道这样的题，不够每人 {} 道。请多选几种题型或几个专题，或减少题数",
        shortage.there, shortage.wanted
    ))
}
