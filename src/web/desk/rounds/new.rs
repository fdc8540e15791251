//! 新建场次: the form, what the bank can fill beside it, and what it declares.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    app::{memory::assembler_for, organizer::below, registrar::SignedIn},
    bank::{Bank, blueprint::Blueprint},
    contest::round::{Round, Rules, State as RoundState, Tier},
    error::Error,
    people::{Person, Unit, in_tree_order},
    web::{
        candidate::count_of,
        desk::{
            rounds::form::{draft, proposed},
            staff,
        },
        error::WebError,
        page::render,
        pages::new_round::{BlueprintChoice, NewRound, PostRow, RoundForm, UnitChoice},
        state::{Organizer, Web},
    },
};

pub(super) async fn show_new_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
) -> Result<Html<String>, WebError> {
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let top = in_tree_order(&units).first().map(|(unit, _)| unit.kind);
    let form = proposed(web.app.clock.now_ms(), top);
    Ok(Html(render(
        &new_round_page(&web, &who, form, vec![]).await?,
    )))
}

async fn new_round_page(
    web: &Web,
    who: &SignedIn,
    mut form: RoundForm,
    mut problems: Vec<String>,
) -> Result<NewRound, Error> {
    let (units, persons) = web.app.people_run_by(&who.person.id).await?;
    let live = web.app.live_bank().await?;
    let Some(live) = live else {
        problems.push("还没有题库，先把题库文件夹放好。".into());
        return Ok(NewRound {
            staff: staff(who),
            problems,
            rare: false,
            form,
            units: vec![],
            blueprints: vec![],
            posts: vec![],
            divisions: vec![],
        });
    };
    if form.blueprint.is_empty() {
        form.blueprint = usual_blueprint(&live.bank, &form.tier);
    }
    let trial = trial_round(web.app.clock.now_ms());
    let blueprints = live.bank.blueprints.iter();
    let blueprints = blueprints
        .map(|blueprint| blueprint_choice(&live.bank, blueprint, &trial))
        .collect();
    let mut held: BTreeMap<&str, u32> = BTreeMap::new();
    for person in &persons {
        *held.entry(person.main_post()).or_default() += 1;
    }
    let posts = held.into_iter().map(|(post, people)| PostRow {
        name: post.to_owned(),
        division: live
            .bank
            .posts
            .find(post)
            .map_or_else(|| "其他".into(), |post| post.division.clone()),
        people,
        blueprint: form
            .by_post
            .get(&format!("post:{post}"))
            .cloned()
            .unwrap_or_default(),
    });
    Ok(NewRound {
        staff: staff(who),
        rare: !problems.is_empty() || form.has_rare(),
        problems,
        posts: posts.collect(),
        divisions: live
            .bank
            .posts
            .divisions()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        units: in_tree_order(&units)
            .into_iter()
            .map(|(unit, depth)| unit_choice(&units, &persons, unit, depth))
            .collect(),
        blueprints,
        form,
    })
}

/// What a form that has just been opened proposes: a blueprint for every post, of this tier where there is one.
fn usual_blueprint(bank: &Bank, tier: &str) -> String {
    let tier = Tier::parse(tier).map_or("", Tier::chinese);
    let for_all = bank
        .blueprints
        .iter()
        .filter(|blueprint| blueprint.posts.is_empty());
    let usual = for_all.min_by_key(|blueprint| !blueprint.name.contains(tier));
    usual.map_or_else(String::new, |blueprint| blueprint.name.clone())
}

/// A blueprint with what the bank can make of it today.
fn blueprint_choice(bank: &Bank, blueprint: &Blueprint, trial: &Round) -> BlueprintChoice {
    let drawn = assembler_for(bank, &blueprint.name, "", trial);
    BlueprintChoice {
        name: blueprint.name.clone(),
        questions: drawn.as_ref().map_or_else(|_| "？".into(), count_of),
        total: blueprint.total(),
        limit_seconds: i64::from(blueprint.limit_seconds),
        problem: drawn.err().map(|error| error.to_string()),
    }
}

/// A unit with everybody who would take part: the own people and those below.
fn unit_choice(units: &[Unit], persons: &[Person], unit: &Unit, depth: u32) -> UnitChoice {
    let within = below(units, &unit.id);
    let people = persons
        .iter()
        .filter(|person| within.contains(&person.unit_id.as_str()));
    UnitChoice {
        id: unit.id.clone(),
        name: "　".repeat(depth as usize) + &unit.name,
        people: people.count() as u32,
    }
}

/// A round of today, to try blueprints on.
fn trial_round(now_ms: i64) -> Round {
    Round {
        id: String::new(),
        name: String::new(),
        unit_id: String::new(),
        state: RoundState::Draft,
        opens_at_ms: now_ms,
        closes_at_ms: now_ms,
        limit_ms: 0,
        rules: Rules::usual(String::new()),
        publication_id: String::new(),
        secret: None,
        secret_hash: String::new(),
        proof: None,
        paused_at_ms: None,
        paused_total_ms: 0,
        extension_ms: 0,
        board_held: false,
        released_at_ms: None,
    }
}

pub(super) async fn create_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Form(form): Form<RoundForm>,
) -> Result<Response, WebError> {
    let problems = match draft(&form, web.app.clock.now_ms()) {
        Ok(draft) => match web.app.create_round(&who.person.id, draft).await {
            Ok(round) => {
                return Ok(Redirect::to(&format!("/rounds/{}", round.id)).into_response());
            }
            Err(refusal @ (Error::Refused(_) | Error::NotFound(_))) => vec![refusal.to_string()],
            Err(error) => return Err(error.into()),
        },
        Err(problems) => problems,
    };
    let page = new_round_page(&web, &who, form, problems).await?;
    Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response())
}
