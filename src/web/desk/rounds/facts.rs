//! The facts of one round for its page: what was declared, who is where, what was sealed.

use std::collections::{BTreeMap, HashMap};

use crate::{
    app::spectator::Standings,
    contest::{
        counting::Counts,
        ranking::TieKey,
        round::{Audience, Papers, Phase, Release, Round, Rules, Showing, State as RoundState},
    },
    web::pages::round::{Action, CountRow, Fact, Seal},
};

pub(super) fn actions(round: &Round, phase: Phase) -> Vec<Action> {
    match phase {
        Phase::Draft => vec![Action::Seal],
        Phase::Upcoming => vec![Action::Extend, Action::Close],
        Phase::Open => vec![Action::Extend, Action::Pause, Action::Close],
        Phase::Paused => vec![Action::Resume],
        Phase::Closed if round.state == RoundState::Closed => vec![Action::Announce],
        Phase::Closed | Phase::Announced => vec![],
    }
}

pub(super) fn declared(round: &Round) -> Vec<Fact> {
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
        fact("名次", TieKey::chinese(&rules.tie_keys)),
        fact("单位得分", &rules.unit_rule.chinese()),
        fact(
            "单位排名",
            &format!("参赛 {} 人以上的单位", rules.unit_entrants_min),
        ),
        fact("成绩榜", board_text(rules)),
    ];
    if let Some(most) = rules.attempts_per_day {
        facts.push(fact("每天", &format!("最多 {most} 次")));
    }
    if rules.rehearsal {
        facts.push(fact("演练", "是，试机器、练流程用"));
    }
    facts.extend(
        rules
            .blueprint_of
            .iter()
            .map(|(post, name)| fact(&format!("{post}的组卷方案"), name)),
    );
    facts
}

fn board_text(rules: &Rules) -> &'static str {
    let live = rules.release == Release::HandIn && rules.showing == Showing::Live;
    match (rules.audience, live) {
        (Audience::Entrants, true) => "参赛人看，实时",
        (Audience::Entrants, false) => "参赛人看，收卷后",
        (Audience::Public, true) => "所有人看，实时",
        (Audience::Public, false) => "所有人看，收卷后",
    }
}

pub(super) fn count_rows(standings: &Standings) -> Vec<CountRow> {
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
pub(super) fn seal(round: &Round) -> Option<Seal> {
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
