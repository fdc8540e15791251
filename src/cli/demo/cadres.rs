//! Simulated cadres: they start, answer as well as they can, and hand in, through the same use cases as everybody.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    app::{
        App,
        proctor::{Desk, SentStep},
    },
    attempt::answer::letter,
    bank::question::{Body, Question},
    clock::{Clock, fresh},
    contest::round::Phase,
    error::{Error, Result},
    paper::PaperQuestion,
};

/// How many sit at once in the open round.
const SITTING_AT_ONCE: usize = 12;

/// Everybody but every eleventh sits a round of the past, all within twenty minutes; `away` does not.
pub(in crate::cli::demo) async fn sit_all(
    app: &Arc<App>,
    clock: &Clock,
    round_id: &str,
    away: &[&str],
) -> Result<()> {
    let people: Vec<String> = {
        let hall = app.hall(round_id).await?;
        let mut people: Vec<String> = hall.entrants.keys().cloned().collect();
        people.retain(|person| !away.contains(&person.as_str()));
        people.sort();
        people
    };
    let sitting = people
        .into_iter()
        .enumerate()
        .filter(|(place, _)| place % 11 != 10);
    let desks: Vec<Result<Desk>> = stream::iter(sitting)
        .map(|(_, person)| {
            let app = app.clone();
            async move { app.start_attempt(round_id, &person).await }
        })
        .buffered(64)
        .collect()
        .await;
    let mut desks = desks.into_iter().collect::<Result<Vec<_>>>()?;
    let mut chance = ChaCha8Rng::seed_from_u64(2026);
    chance_order(&mut desks, &mut chance);
    for group in desks.chunks(24) {
        clock.advance(90_000);
        let answered: Vec<Result<()>> = stream::iter(group)
            .map(|desk| {
                let chance = ChaCha8Rng::seed_from_u64(chance.next_u64());
                answer_all(app, desk, chance)
            })
            .buffered(24)
            .collect()
            .await;
        answered.into_iter().collect::<Result<()>>()?;
    }
    Ok(())
}

fn chance_order(desks: &mut [Desk], chance: &mut ChaCha8Rng) {
    for last in (1..desks.len()).rev() {
        desks.swap(last, chance.random_range(0..=last));
    }
}

/// Every step of somebody's paper, in its order.
pub(in crate::cli::demo) fn all_steps(desk: &Desk, chance: &mut ChaCha8Rng) -> Vec<SentStep> {
    let skill = chance.random_range(0.55..0.97);
    questions(desk)
        .enumerate()
        .map(|(place, (asked, question))| step(desk, place, asked, question, skill, chance))
        .collect()
}

async fn answer_all(app: &Arc<App>, desk: &Desk, mut chance: ChaCha8Rng) -> Result<()> {
    let steps = all_steps(desk, &mut chance);
    let (id, person) = (&desk.attempt.id, &desk.attempt.person_id);
    app.keep_steps(id, person, &steps).await?;
    app.hand_in(id, person, Some(desk.last_seq + steps.len() as i64), &[])
        .await?;
    Ok(())
}

fn questions(desk: &Desk) -> impl Iterator<Item = (&PaperQuestion, &Question)> {
    desk.attempt.paper.questions.iter().filter_map(|asked| {
        desk.publication
            .by_revision
            .get(&asked.revision)
            .map(|question| (asked, question.as_ref()))
    })
}

fn step(
    desk: &Desk,
    place: usize,
    asked: &PaperQuestion,
    question: &Question,
    skill: f64,
    chance: &mut ChaCha8Rng,
) -> SentStep {
    SentStep {
        seq: desk.last_seq + place as i64 + 1,
        number: asked.number,
        answer: answer(asked, question, skill, chance),
        elapsed_ms: Some(place as i64 * 8_000),
    }
}

/// What somebody of this skill (0..1) says, as a phone would send it.
pub(in crate::cli::demo) fn answer(
    asked: &PaperQuestion,
    question: &Question,
    skill: f64,
    chance: &mut ChaCha8Rng,
) -> Value {
    let knows = chance
        .random_bool((skill - 0.06 * (f64::from(question.difficulty) - 3.0)).clamp(0.05, 0.99));
    if knows {
        right(asked, question)
    } else {
        guess(asked, question, chance)
    }
}

fn right(asked: &PaperQuestion, question: &Question) -> Value {
    match &question.body {
        Body::Choices(choices) => {
            let shown = asked
                .order
                .iter()
                .enumerate()
                .filter(|(_, index)| choices.key.contains(index));
            let letters: Vec<String> = shown.map(|(place, _)| letter(place)).collect();
            if choices.multiple {
                json!(letters)
            } else {
                json!(letters.first())
            }
        }
        Body::Judgement { truth } => json!(letter(usize::from(!truth))),
        Body::Blanks(blanks) => {
            let first = |texts: &Vec<String>| texts.first().cloned().unwrap_or_default();
            blanks.accepted.iter().map(first).collect()
        }
        Body::Recall(recall) => {
            let said: Vec<&str> = recall
                .elements
                .iter()
                .filter_map(|element| element.sayings.first().map(|saying| saying.text.as_str()))
                .collect();
            json!(said.join("，"))
        }
    }
}

fn guess(asked: &PaperQuestion, question: &Question, chance: &mut ChaCha8Rng) -> Value {
    match &question.body {
        Body::Choices(choices) => {
            let place = chance.random_range(0..asked.order.len().max(1));
            if choices.multiple {
                json!([letter(place)])
            } else {
                json!(letter(place))
            }
        }
        Body::Judgement { .. } => json!(letter(chance.random_range(0..2))),
        // The first element denied, for a person to rule on.
        Body::Recall(_) => match right(asked, question) {
            Value::String(said) => json!(format!("不是{said}")),
            other => other,
        },
        Body::Blanks(_) => Value::Null,
    }
}

/// In the open round somebody always sits, until everybody has used their attempts up. Never the visitor's own cadre.
pub(in crate::cli::demo) async fn keep_answering(
    app: Arc<App>,
    visitor: String,
    stop: watch::Receiver<bool>,
) {
    let seats = (0..SITTING_AT_ONCE).map(|seat| {
        let (app, visitor, stop) = (app.clone(), visitor.clone(), stop.clone());
        async move {
            let mut chance = ChaCha8Rng::from_seed(fresh());
            // The first ones hand in within seconds, so that a visitor sees the board move at once.
            let mut pace_ms = 250 + 150 * seat as u64;
            while !*stop.borrow() {
                if let Err(error) = sit_somebody(&app, &visitor, pace_ms, &mut chance, &stop).await
                {
                    tracing::debug!(%error, "a simulated cadre gave up");
                }
                pace_ms = chance.random_range(800..3_000);
                pause(500, &stop).await;
            }
        }
    });
    futures::future::join_all(seats).await;
}

async fn sit_somebody(
    app: &Arc<App>,
    visitor: &str,
    pace_ms: u64,
    chance: &mut ChaCha8Rng,
    stop: &watch::Receiver<bool>,
) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let rounds = app.rounds().await?;
    let open = rounds
        .iter()
        .find(|round| round.phase(now_ms) == Phase::Open);
    let open = open.ok_or_else(|| Error::NotFound("进行中的场次".into()))?;
    let hall = app.hall(&open.id).await?;
    let people: Vec<&String> = hall
        .entrants
        .keys()
        .filter(|person| *person != visitor)
        .collect();
    let person = people[chance.random_range(0..people.len())];
    if app.round_of(&open.id, person).await?.open_attempt.is_some() {
        return Ok(());
    }
    let desk = app.start_attempt(&open.id, person).await?;
    let skill = chance.random_range(0.55..0.98);
    for (place, (asked, question)) in questions(&desk).enumerate() {
        if *stop.borrow() {
            return Ok(());
        }
        let step = step(&desk, place, asked, question, skill, chance);
        app.keep_steps(&desk.attempt.id, person, &[step]).await?;
        pause(pace_ms, stop).await;
    }
    app.hand_in(&desk.attempt.id, person, None, &[]).await?;
    Ok(())
}

async fn pause(millis: u64, stop: &watch::Receiver<bool>) {
    let mut stop = stop.clone();
    tokio::select! {
        () = tokio::time::sleep(Duration::from_millis(millis)) => {}
        _ = stop.changed() => {}
    }
}
