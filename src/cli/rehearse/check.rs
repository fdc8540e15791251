//! Afterwards: what the phones were told against what is on disk, grade by grade, and the board against a recomputation.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::Value;

use crate::{
    app::{App, auditor, memory::Publication, proctor::question_of},
    attempt::{answer::Answer, steps::Step},
    cli::rehearse::{
        ground::ACTOR,
        plan::{KeptStep, Sat, Seen},
    },
    clock::Clock,
    contest::board::Board,
    error::Result,
    exchange::round_file::People,
    store::{
        Store,
        attempts::{self, Attempt, State},
        rounds,
    },
};

/// One thing checked: how often, and how often it was off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) checked: usize,
    pub(super) off: usize,
    /// Why some or all of it could not be checked.
    pub(super) unchecked: Option<&'static str>,
}

impl Check {
    fn new(name: &'static str) -> Check {
        Check {
            name,
            ..Check::default()
        }
    }

    fn count(&mut self, holds: Option<()>) {
        self.checked += 1;
        self.off += usize::from(holds.is_none());
    }
}

/// Against the database of our own server, which was killed before.
pub(super) async fn against_database(url: &str, seen: &Seen) -> Result<Vec<Check>> {
    let store = Store::open(url).await?;
    let mut steps = Check::new("每一步说已保存的都在库里");
    let mut ended = Check::new("每份交了的卷都已收卷、凭证相符、成绩已在库里");
    let mut grades = Check::new("考生看到的成绩就是库里的成绩");
    let on_disk = read_attempts(&store, seen).await?;
    let app = App::open(store, Clock::System, String::new());
    let mut tx = app.store.read().await?;
    let round = rounds::find(&mut tx, &seen.round).await?;
    let publication = app.publication(&mut tx, &round.publication_id).await?;
    drop(tx);
    for (sat, found) in seen.candidates.iter().zip(&on_disk) {
        let attempt = found.as_ref().map(|(attempt, _)| attempt);
        for kept in &sat.steps {
            let there = found
                .as_ref()
                .is_some_and(|(attempt, steps)| is_there(kept, attempt, steps, &publication));
            steps.count(there.then_some(()));
        }
        if !sat.receipt.is_empty() {
            ended.count(attempt.filter(|each| has_ended(each, sat)).map(drop));
        }
        if let Some(told) = hundredths(&sat.told["outcome"]["points"]) {
            let outcome = attempt.and_then(|attempt| attempt.outcome.as_ref());
            grades.count(outcome.filter(|each| each.points.0 == told).map(drop));
        }
    }
    let mut checks = vec![steps, ended, grades];
    app.close_round(ACTOR, &seen.round).await?;
    app.announce_round(ACTOR, &seen.round).await?;
    let file = app.export_round(ACTOR, &seen.round, People::Named).await?;
    let audit = auditor::verify(&file);
    for check in audit.checks {
        checks.push(Check {
            name: check.name,
            checked: check.checked,
            off: check.off,
            unchecked: check.unchecked,
        });
    }
    checks.push(check_board(seen, &file.board));
    app.store.close().await;
    Ok(checks)
}

/// Everybody's attempt and its steps as the killed server left them, before anything here touches the database.
async fn read_attempts(store: &Store, seen: &Seen) -> Result<Vec<Option<(Attempt, Vec<Step>)>>> {
    let mut tx = store.read().await?;
    let mut found = Vec::with_capacity(seen.candidates.len());
    for sat in &seen.candidates {
        found.push(match attempts::find(&mut tx, &sat.attempt).await? {
            Some(attempt) => Some((attempt, attempts::steps(&mut tx, &sat.attempt).await?)),
            None => None,
        });
    }
    Ok(found)
}

fn is_there(kept: &KeptStep, attempt: &Attempt, steps: &[Step], publication: &Publication) -> bool {
    let Some((asked, question)) = question_of(&attempt.paper, kept.number, publication) else {
        return false;
    };
    let sent = Answer::from_wire(&kept.answer, question, asked);
    steps.iter().any(|step| {
        step.seq == kept.seq
            && step.number == kept.number
            && !step.late
            && sent.as_ref() == Ok(&step.answer)
    })
}

fn has_ended(attempt: &Attempt, sat: &Sat) -> bool {
    attempt.state == State::HandedIn
        && attempt.receipt.as_ref() == Some(&sat.receipt)
        && attempt.outcome.is_some()
}

/// `86.5` as JSON has it → 8650.
fn hundredths(points: &Value) -> Option<i64> {
    points
        .as_f64()
        .map(|points| (points * 100.0).round() as i64)
}

/// A row as a spectator sees it: rank and points.
type Place = (Option<u64>, Option<i64>);

/// The boards that were served against those that come out of the answers on disk.
fn check_board(seen: &Seen, computed: &Board) -> Check {
    let mut check = Check::new("看到的成绩榜就是按作答重算的榜");
    let sitting = |sat: &Sat| !sat.attempt.is_empty() && sat.receipt.is_empty();
    if seen.candidates.iter().any(sitting) {
        // Their attempts were closed since, and the board has moved.
        check.unchecked = Some("有人没有交上卷，看榜以后才收的");
        return check;
    }
    let served = &seen.boards;
    let standings = computed.people.values().flatten();
    let people: BTreeMap<String, Place> = standings
        .filter(|standing| standing.row.points.is_some())
        .map(|standing| {
            let row = &standing.row;
            let points = row.points.map(|points| points.0);
            let key = format!("{}/{}/{}", row.division, row.unit, row.name);
            (key, (standing.rank.map(u64::from), points))
        })
        .collect();
    let key = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        format!("{}/{}/{}", text("division"), text("unit"), text("name"))
    };
    compare(&mut check, &rows(&served[0], key), &people);
    let units: BTreeMap<String, Place> = computed
        .units
        .iter()
        .map(|unit| (unit.unit.clone(), (unit.rank.map(u64::from), None)))
        .collect();
    let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_owned();
    let served: HashMap<String, Place> = rows(&served[1], name)
        .into_iter()
        .map(|(name, (rank, _))| (name, (rank, None)))
        .collect();
    compare(&mut check, &served, &units);
    check
}

fn rows(board: &Value, key: impl Fn(&Value) -> String) -> HashMap<String, Place> {
    let standings = board["standings"].as_array().into_iter().flatten();
    standings
        .map(|row| (key(row), (row["rank"].as_u64(), hundredths(&row["points"]))))
        .collect()
}

/// Both ways: a row that is wrong, missing or too much.
fn compare(check: &mut Check, served: &HashMap<String, Place>, computed: &BTreeMap<String, Place>) {
    for (row, place) in computed {
        check.count(served.get(row).filter(|each| *each == place).map(drop));
    }
    for row in served.keys().filter(|row| !computed.contains_key(*row)) {
        check.count(computed.get(row).map(drop));
    }
}

/// What can be checked from outside: the server's answers against one another.
pub(super) fn against_answers(seen: &Seen) -> Vec<Check> {
    let mut ended = Check::new("每份交了的卷，再问一遍还是那张凭证");
    let mut steps = Check::new("成绩单上的作答就是说已保存的作答");
    for sat in seen.candidates.iter().filter(|sat| !sat.receipt.is_empty()) {
        let handed_in = sat.told["state"] == "handed_in" && sat.told["receipt"] == sat.receipt;
        ended.count(handed_in.then_some(()));
        let Some(questions) = sat.told["outcome"]["questions"].as_array() else {
            steps.unchecked = Some("成绩还没有公布，从外面看不到作答");
            continue;
        };
        let last: BTreeMap<u32, &Value> = sat
            .steps
            .iter()
            .map(|step| (step.number, &step.answer))
            .collect();
        for (number, answer) in last {
            let shown = questions.iter().find(|each| each["number"] == number);
            let same = shown.is_some_and(|shown| shown["given"] == as_list(answer));
            steps.count(same.then_some(()));
        }
    }
    let mut board = Check::new("成绩榜上的交卷人数");
    let sat = seen.candidates.iter().filter(|sat| !sat.receipt.is_empty());
    let at_least = sat.count() as u64;
    let shown = seen.boards[0]["handed_in"].as_u64();
    board.count(shown.filter(|shown| *shown >= at_least).map(drop));
    let mut disk = Check::new("库里的每一步、每个成绩，成绩榜重算");
    disk.unchecked = Some("别处的服务，打不开它的数据库；可以在那边导出场次，用 verify 核对");
    vec![ended, steps, board, disk]
}

fn as_list(answer: &Value) -> Value {
    match answer {
        Value::Array(_) => answer.clone(),
        one => Value::Array(vec![one.clone()]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_that_is_wrong_or_missing_or_too_much_is_off() {
        let board = json!({ "standings": [
            { "division": "村文书", "unit": "甲村", "name": "一", "rank": 1, "points": 86.5 },
            { "division": "村文书", "unit": "甲村", "name": "二", "rank": 2, "points": 80 },
            { "division": "村文书", "unit": "甲村", "name": "三", "rank": 3, "points": 7.25 },
        ]});
        let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_owned();
        let served = rows(&board, name);
        let place = |name: &str, rank, points| (name.to_owned(), (Some(rank), Some(points)));
        let off = |computed: Vec<(String, Place)>| {
            let mut check = Check::new("榜");
            compare(&mut check, &served, &computed.into_iter().collect());
            check.off
        };
        let right = vec![
            place("一", 1, 8650),
            place("二", 2, 8000),
            place("三", 3, 725),
        ];
        assert_eq!(off(right.clone()), 0);
        let wrong = vec![
            place("一", 1, 8650),
            place("二", 2, 8001),
            place("三", 3, 725),
        ];
        assert_eq!(off(wrong), 1);
        assert_eq!(off(right[..2].to_vec()), 1);
        let mut missing = right;
        missing.push(place("四", 4, 0));
        assert_eq!(off(missing), 1);
    }
}
