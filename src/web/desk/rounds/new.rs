//! 新建场次: the form, what the bank can fill beside it, and what it declares.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};

use crate::{
    app::{
        memory::assembler_for,
        organizer::{Draft, below},
        registrar::SignedIn,
    },
    bank::{Bank, blueprint::Blueprint},
    clock,
    contest::{
        counting::Counts,
        round::{Papers, Release, Round, Rules, State as RoundState, Tier},
    },
    error::{Code, Error},
    people::{Person, Unit, in_tree_order},
    web::{
        candidate::count_of,
        desk::staff,
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
    let form = RoundForm {
        tier: "township".into(),
        attempts: "1".into(),
        counts: "best".into(),
        papers: "each".into(),
        release: "close".into(),
        ..RoundForm::default()
    };
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
    let created = match draft(&form) {
        Ok(draft) => web.app.create_round(&who.person.id, draft).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(round) => Ok(Redirect::to(&format!("/rounds/{}", round.id)).into_response()),
        Err(Error::Internal { context, source }) => Err(Error::Internal { context, source }.into()),
        Err(refusal) => {
            let page = new_round_page(&web, &who, form, vec![refusal.to_string()]).await?;
            Ok((StatusCode::BAD_REQUEST, Html(render(&page))).into_response())
        }
    }
}

fn draft(form: &RoundForm) -> Result<Draft, Error> {
    let bad = |detail: &str| Error::refused(Code::BadRequest, detail);
    let mut rules = Rules::usual(form.blueprint.clone());
    rules.tier = Tier::parse(&form.tier).ok_or_else(|| bad("层级要选组内练、村内比或镇内赛"))?;
    rules.counts = Counts::parse(&form.counts).ok_or_else(|| bad("请选多次作答怎么计分"))?;
    rules.papers = Papers::parse(&form.papers).ok_or_else(|| bad("请选一人一卷或同卷异序"))?;
    rules.release = Release::parse(&form.release).ok_or_else(|| bad("请选什么时候公布"))?;
    rules.attempts = form
        .attempts
        .trim()
        .parse()
        .map_err(|_| bad("作答次数要写数字"))?;
    rules.blueprint_of = form
        .by_post
        .iter()
        .filter_map(|(key, name)| Some((key.strip_prefix("post:")?.to_owned(), name.clone())))
        .filter(|(_, name)| !name.is_empty())
        .collect();
    let limit_ms = match form.limit_minutes.trim() {
        "" => None,
        minutes => Some(
            minutes
                .parse::<i64>()
                .map_err(|_| bad("作答时长要写分钟数"))?
                .saturating_mul(60_000),
        ),
    };
    Ok(Draft {
        name: form.name.clone(),
        unit: form.unit.clone(),
        opens_at_ms: clock::local_time(&form.opens)
            .ok_or_else(|| bad("开始时间要写成 2026-02-18T10:00 这样"))?,
        closes_at_ms: clock::local_time(&form.closes)
            .ok_or_else(|| bad("截止时间要写成 2026-02-18T11:00 这样"))?,
        limit_ms,
        rules,
    })
}
