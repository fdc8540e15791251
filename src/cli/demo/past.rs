//! What has happened in 青溪镇: two finished rounds with the decisions that real ones have, and a little practice.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    app::{
        App,
        coach::{GivenAnswer, Wish},
        decisions::Leave,
        organizer::Draft,
        proctor::Desk,
        registrar::Import,
        rulings::Wanted,
    },
    bank::points::Points,
    cli::demo::{
        cadres,
        township::{ACTOR, HOUR_MS, draft, roster, rules},
    },
    clock::Clock,
    contest::{
        round::{Release, Tier},
        spot_check::{Sort, event::EventRules},
    },
    error::{Error, Result},
    exchange::embedded_bank,
    grading::Found,
    people::{Person, Role, Unit},
    store::Store,
};

const MINUTE_MS: i64 = 60_000;
const VILLAGE: &str = "桃源村";
/// Enough of one village to tell its weak topics without telling of anybody.
const PRACTISING: usize = 8;
const TOPICS: usize = 3;

/// Makes the township and its finished rounds, the first time; two days ago by its own clock.
pub(in crate::cli::demo) async fn settle(store: &Store, public_url: &str) -> Result<()> {
    let now_ms = Clock::System.now_ms();
    let clock = Clock::fixed(now_ms - 48 * HOUR_MS);
    let app = App::open(store.clone(), clock.clone(), public_url.to_owned());
    if !app.rounds().await?.is_empty() {
        return Ok(());
    }
    app.publish(&embedded_bank::files()).await?;
    app.import_roster(ACTOR, "青溪镇", &roster(), Import::ForReal)
        .await?;
    let organizer = app
        .grant(ACTOR, "农业农村综合服务中心/周敏", Role::Organizer, "")
        .await?;
    app.grant(ACTOR, "农业农村综合服务中心/何静", Role::Trainer, "")
        .await?;
    let mut ours = rules(Release::Close);
    ours.tier = Tier::Village;
    let mut groups = draft(
        "桃源村·组与组比",
        clock.now_ms(),
        clock.now_ms() + HOUR_MS,
        ours.clone(),
    );
    VILLAGE.clone_into(&mut groups.unit);
    hold(&app, &clock, &organizer.id, groups, Course::Smooth).await?;
    // Officials also answer aloud, which leaves something to rule on.
    ours.blueprint_of
        .insert("镇机关干部".into(), "镇机关干部·镇内赛笔试".into());
    let all = draft(
        "村内比·第一场",
        clock.now_ms(),
        clock.now_ms() + HOUR_MS,
        ours,
    );
    hold(&app, &clock, &organizer.id, all, Course::Eventful).await?;
    judge(&app, &organizer).await?;
    practise(&app).await
}

/// A spot check that counts, for the judge to go on with.
async fn judge(app: &Arc<App>, organizer: &Person) -> Result<()> {
    app.grant(ACTOR, "党政办公室/孙志远", Role::Judge, "")
        .await?;
    let rules = EventRules {
        questions: 3,
        points: Points::whole(20),
        sorts: Sort::USUAL.to_vec(),
        topics: vec![],
        divisions: vec!["村党组织书记组".into()],
    };
    let (units, _) = app.people().await?;
    let top = units.iter().find(|unit| unit.parent_id.is_none());
    let top = top.ok_or_else(|| Error::NotFound("演示里的镇".into()))?;
    app.create_spot_event(&organizer.id, "村党组织书记现场抽问", &top.id, rules)
        .await?;
    Ok(())
}

/// Whether a round of the past had its accidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Smooth,
    Eventful,
}

/// A round from its draft to its announcement, two hours by the clock.
async fn hold(
    app: &Arc<App>,
    clock: &Clock,
    organizer: &str,
    mut draft: Draft,
    course: Course,
) -> Result<()> {
    draft.limit_ms = Some(30 * MINUTE_MS);
    let round = app.create_round(organizer, draft).await?.id;
    app.seal_round(organizer, &round).await?;
    let held = match course {
        Course::Smooth => cadres::sit_all(app, clock, &round, &[]).await,
        Course::Eventful => sit_with_accidents(app, clock, organizer, &round).await,
    };
    held?;
    clock.advance(HOUR_MS);
    app.close_what_is_over().await?;
    if course == Course::Eventful {
        rule_on_some(app, organizer, &round).await?;
    }
    app.announce_round(organizer, &round).await
}

/// Two of the disputed elements are ruled on, one each way; the others wait.
async fn rule_on_some(app: &Arc<App>, organizer: &str, round: &str) -> Result<()> {
    let disputed = app.disputes(organizer, round).await?.rows;
    let rulings = [
        (Found::Yes, "方言口音，现场评委听到说了"),
        (Found::No, "评委一致认为没有说全"),
    ];
    let others = disputed
        .iter()
        .filter(|row| row.entrant.person_id != organizer);
    for (row, (found, reason)) in others.zip(rulings) {
        let wanted = Wanted {
            number: row.number,
            element: row.element,
            found,
            reason,
        };
        app.rule_on_element(organizer, &row.attempt, &wanted)
            .await?;
    }
    Ok(())
}

/// One is ill, one gets ten minutes more, one's phone loses the network at the end: each decided by the organizer, on record.
async fn sit_with_accidents(
    app: &Arc<App>,
    clock: &Clock,
    organizer: &str,
    round: &str,
) -> Result<()> {
    let mut heads: Vec<String> = {
        let hall = app.hall(round).await?;
        let heads = hall.entrants.values();
        let heads = heads.filter(|each| each.post == "村民小组长" && each.unit_name != VILLAGE);
        heads.map(|each| each.person_id.clone()).collect()
    };
    heads.sort();
    let [ill, slow, cut_off, ..] = heads.as_slice() else {
        return Err(Error::NotFound("演示里的村民小组长".into()));
    };
    app.set_leave(organizer, round, ill, Leave::Approved, "住院，有请假条")
        .await?;
    let why = "会场停电，换手机耽误了十分钟";
    app.extend_round(organizer, round, Some(slow), 10 * MINUTE_MS, why)
        .await?;
    let cut_off = app.start_attempt(round, cut_off).await?;
    let mut chance = ChaCha8Rng::seed_from_u64(31);
    let steps = cadres::all_steps(&cut_off, &mut chance);
    let (in_time, late) = steps.split_at(steps.len().saturating_sub(3));
    let Desk { attempt, .. } = &cut_off;
    app.keep_steps(&attempt.id, &attempt.person_id, in_time)
        .await?;
    cadres::sit_all(app, clock, round, &[ill, &attempt.person_id]).await?;
    clock.advance((cut_off.deadline_at_ms() + MINUTE_MS - clock.now_ms()).max(0));
    app.close_what_is_over().await?;
    // Refused as too late, and kept all the same.
    let refused = app.keep_steps(&attempt.id, &attempt.person_id, late).await;
    drop(refused);
    let why = "村里基站断网，手机上是按时答的，监考员看过";
    app.accept_late_steps(organizer, &attempt.id, why).await
}

/// Simulated cadres of one village practise three topics, so that its weak topics have something to show.
async fn practise(app: &Arc<App>) -> Result<()> {
    let (units, persons) = app.people().await?;
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    for person in heads_of(VILLAGE, &units, &persons).take(PRACTISING) {
        let shelf = app.shelf(person).await?;
        let topics: Vec<String> = shelf
            .topics()
            .keys()
            .map(|topic| (*topic).to_owned())
            .collect();
        for (place, topic) in topics.into_iter().take(TOPICS).enumerate() {
            let go = app.begin_practice(person, &Wish::Topic(topic)).await?;
            let view = app.practice_go(person, &go).await?;
            let skill = 0.35 + 0.2 * place as f64;
            let asked = view.go.paper.questions.iter();
            let given: Vec<GivenAnswer> = asked
                .filter_map(|asked| {
                    let question = view.publication.by_revision.get(&asked.revision)?;
                    Some(GivenAnswer {
                        seq: i64::from(asked.number),
                        number: asked.number,
                        answer: cadres::answer(asked, question, skill, &mut chance),
                        ticked: vec![],
                        given_at_ms: None,
                    })
                })
                .collect();
            app.keep_practice(&person.id, &go, &given).await?;
        }
    }
    Ok(())
}

fn heads_of<'a>(
    village: &'a str,
    units: &'a [Unit],
    persons: &'a [Person],
) -> impl Iterator<Item = &'a Person> {
    let village = units.iter().find(|unit| unit.name == village);
    let groups = units.iter().filter(move |unit| {
        village.is_some_and(|village| unit.parent_id.as_ref() == Some(&village.id))
    });
    groups.flat_map(|group| persons.iter().filter(|person| person.unit_id == group.id))
}
