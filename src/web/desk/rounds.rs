//! 场次 at an organizer's desk: the list, setting one up, and leading it to its end.

use std::collections::{BTreeMap, HashMap};

use axum::{
    Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{
        memory::assembler_for,
        organizer::{Draft, Hold, below},
        registrar::SignedIn,
        spectator::Standings,
    },
    bank::Bank,
    clock,
    contest::{
        counting::Counts,
        round::{Papers, Phase, Release, Round, Rules, State as RoundState, Tier},
    },
    error::{Code, Error},
    people::{Person, Unit, in_tree_order},
    web::{
        candidate::{count_of, round_state},
        desk::staff,
        error::WebError,
        page::render,
        pages::{
            new_round::{BlueprintChoice, NewRound, PostRow, RoundForm, UnitChoice},
            parts::Notice,
            round::{Action, CountRow, Fact, RoundPage, Seal},
            rounds::{RoundRow, Rounds},
        },
        state::{Organizer, Web},
    },
};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds", get(list_rounds).post(create_round))
        .route("/rounds/new", get(show_new_round))
        .route("/rounds/{round}", get(show_round))
        .route("/rounds/{round}/{action}", post(act_on_round))
}

async fn list_rounds(
    State(web): State<Web>,
    Organizer(who): Organizer,
) -> Result<Html<String>, WebError> {
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let now_ms = web.app.clock.now_ms();
    let mut rows = Vec::new();
    for round in web
        .app
        .rounds_run_by(&who.person.id)
        .await?
        .into_iter()
        .rev()
    {
        let standings = standings_of(&web, &round).await?;
        rows.push(RoundRow {
            tier: tier_text(round.rules.tier),
            unit: unit_name(&units, &round.unit_id),
            state: round_state(round.phase(now_ms)),
            opens_at_ms: round.opens_at_ms,
            closes_at_ms: round.window_ends_at_ms(now_ms),
            entrants: standings.as_ref().map_or(0, |standings| standings.entrants),
            handed_in: standings
                .as_ref()
                .map_or(0, |standings| standings.handed_in),
            id: round.id,
            name: round.name,
        });
    }
    Ok(Html(render(&Rounds {
        staff: staff(&who),
        notice: None,
        rounds: rows,
    })))
}

async fn standings_of(
    web: &Web,
    round: &Round,
) -> Result<Option<std::sync::Arc<Standings>>, Error> {
    match round.state {
        RoundState::Draft => Ok(None),
        _ => web.app.standings(&round.id).await.map(Some),
    }
}

fn tier_text(tier: Tier) -> &'static str {
    match tier {
        Tier::Group => "group",
        Tier::Village => "village",
        Tier::Township => "township",
    }
}

fn unit_name(units: &[Unit], id: &str) -> String {
    units
        .iter()
        .find(|unit| unit.id == id)
        .map_or_else(String::new, |unit| unit.name.clone())
}

async fn show_new_round(
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
    let blueprints: Vec<BlueprintChoice> = live
        .bank
        .blueprints
        .iter()
        .map(|blueprint| {
            let drawn = assembler_for(&live.bank, &blueprint.name, "", &trial);
            BlueprintChoice {
                name: blueprint.name.clone(),
                questions: drawn.as_ref().map_or_else(|_| "？".into(), count_of),
                total: blueprint.total(),
                limit_seconds: i64::from(blueprint.limit_seconds),
                problem: drawn.err().map(|error| error.to_string()),
            }
        })
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

async fn create_round(
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

async fn show_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Html<String>, WebError> {
    Ok(Html(render(&round_page(&web, &who, &round, None).await?)))
}

async fn round_page(
    web: &Web,
    who: &SignedIn,
    id: &str,
    notice: Option<Notice>,
) -> Result<RoundPage, Error> {
    let round = web.app.round_run_by(&who.person.id, id).await?;
    let (units, _) = web.app.people_run_by(&who.person.id).await?;
    let now_ms = web.app.clock.now_ms();
    let standings = standings_of(web, &round).await?;
    let phase = round.phase(now_ms);
    Ok(RoundPage {
        staff: staff(who),
        notice,
        id: round.id.clone(),
        name: round.name.clone(),
        tier: tier_text(round.rules.tier),
        unit: unit_name(&units, &round.unit_id),
        state: round_state(phase),
        opens_at_ms: round.opens_at_ms,
        closes_at_ms: round.window_ends_at_ms(now_ms),
        limit_seconds: round.limit_ms / 1000,
        attempts: round.rules.attempts,
        declared: declared(&round),
        problems: vec![],
        counts: standings
            .as_ref()
            .map_or_else(Vec::new, |standings| count_rows(standings)),
        actions: actions(&round, phase),
        seal: seal(&round),
        secret: round.released_at_ms.and(round.secret.clone()),
    })
}

fn actions(round: &Round, phase: Phase) -> Vec<Action> {
    match phase {
        Phase::Draft => vec![Action::Seal],
        Phase::Upcoming => vec![Action::Extend, Action::Close],
        Phase::Open => vec![Action::Extend, Action::Pause, Action::Close],
        Phase::Paused => vec![Action::Resume],
        Phase::Closed if round.state == RoundState::Closed => vec![Action::Announce],
        Phase::Closed | Phase::Announced => vec![],
    }
}

fn declared(round: &Round) -> Vec<Fact> {
    let fact = |label: &str, value: &str| Fact {
        label: label.into(),
        value: value.into(),
    };
    let rules = &round.rules;
    let mut facts = vec![
        fact("组卷方案", &rules.blueprint),
        fact(
            "计分",
            match rules.counts {
                Counts::Best => "取最好的一次",
                Counts::Last => "取最后一次",
                Counts::First => "取第一次",
                Counts::Mean => "取各次平均",
            },
        ),
        fact(
            "试卷",
            match rules.papers {
                Papers::Each => "一人一卷，难度相同",
                Papers::Same => "同卷异序",
            },
        ),
        fact(
            "公布",
            match rules.release {
                Release::Close => "收卷后公布成绩和答案",
                Release::HandIn => "交卷看分，收卷后看答案",
                Release::Hand => "由主办单位公布",
            },
        ),
        fact("同分", "并列"),
        fact("单位得分", "总分 ÷ 应参赛人数"),
    ];
    facts.extend(
        rules
            .blueprint_of
            .iter()
            .map(|(post, name)| fact(&format!("{post}的组卷方案"), name)),
    );
    facts
}

fn count_rows(standings: &Standings) -> Vec<CountRow> {
    let mut rows: BTreeMap<&str, CountRow> = BTreeMap::new();
    let states: HashMap<&str, &str> = standings
        .states
        .iter()
        .map(|(person, state)| (person.as_str(), state.as_str()))
        .collect();
    let empty = |division: &str, blueprint: &str| CountRow {
        division: division.to_owned(),
        blueprint: blueprint.to_owned(),
        entrants: 0,
        not_started: 0,
        sitting: 0,
        handed_in: 0,
        timed_out: 0,
    };
    let mut all = empty("合计", "");
    for entrant in standings
        .hall
        .entrants
        .values()
        .filter(|entrant| !entrant.on_leave)
    {
        let blueprint = standings.hall.round.rules.blueprint_for(&entrant.post);
        let row = rows
            .entry(&entrant.division)
            .or_insert_with(|| empty(&entrant.division, blueprint));
        for row in [row, &mut all] {
            row.entrants += 1;
            match states.get(entrant.person_id.as_str()).copied() {
                None => row.not_started += 1,
                Some("open") => row.sitting += 1,
                Some("timed_out") => row.timed_out += 1,
                Some(_) => row.handed_in += 1,
            }
        }
    }
    let mut rows: Vec<CountRow> = rows.into_values().collect();
    let posts = &standings.hall.publication.bank.posts;
    rows.sort_by_key(|row| posts.place_of(&row.division));
    rows.push(all);
    rows
}

/// What was frozen, from the proof sheet made at sealing.
fn seal(round: &Round) -> Option<Seal> {
    let proof: serde_json::Value = serde_json::from_str(round.proof.as_deref()?).ok()?;
    let text = |key: &str| proof[key].as_str().unwrap_or_default().to_owned();
    let sealed_at = chrono::DateTime::parse_from_rfc3339(&text("sealed_at")).ok()?;
    Some(Seal {
        sealed_at_ms: sealed_at.timestamp_millis(),
        sealed_by: text("sealed_by"),
        bank_revision: text("bank_revision"),
        secret_hash: round.secret_hash.clone(),
        proof: vec![
            Fact {
                label: "参赛人".into(),
                value: format!("{} 人", proof["entrants"]),
            },
            Fact {
                label: "组卷算法版本".into(),
                value: proof["assembly_version"].to_string(),
            },
            Fact {
                label: "题库发布".into(),
                value: text("publication"),
            },
        ],
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActionForm {
    minutes: Option<i64>,
    reason: String,
}

async fn act_on_round(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, action)): Path<(String, String)>,
    Form(form): Form<ActionForm>,
) -> Result<Response, WebError> {
    let (app, actor) = (&web.app, who.person.id.as_str());
    let done = match action.as_str() {
        "seal" => app.seal_round(actor, &round).await,
        "close" => app.close_round(actor, &round).await,
        "announce" => app.announce_round(actor, &round).await,
        "pause" => app.pause_round(actor, &round, &form.reason).await,
        "resume" => app.resume_round(actor, &round).await,
        "hold" => app.hold_board(actor, &round, Hold::Back).await,
        "reveal" => app.hold_board(actor, &round, Hold::Reveal).await,
        "extend" => {
            let by_ms = form.minutes.unwrap_or(0).saturating_mul(60_000);
            app.extend_round(actor, &round, None, by_ms, &form.reason)
                .await
        }
        _ => Err(Error::NotFound("这个操作".into())),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/rounds/{round}")).into_response()),
        Err(Error::Refused(refusal)) => {
            let page = round_page(&web, &who, &round, Some(Notice::alert(refusal.detail))).await?;
            Ok((StatusCode::CONFLICT, Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
