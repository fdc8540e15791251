//! Draws, ticks, sheets and boards on a handful of questions.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::*;
use crate::{
    bank::{Bank, SourceFile, question::Purpose},
    contest::{
        round::Entrant,
        spot_check::{
            draw::{Order, Shortage, draw},
            event::{Entry, EventRules, board, counting},
            sheet::sheets,
        },
    },
    paper::Questions,
};

const FILE: &str = "---
专题: 甲
来源: 《某办法》
---

# 甲

## 说出三句。 {#r-1 难度=1}

1. **早查**
2. **勤修**
3. **细记**

> 依据：第一条

## 说出两句。 {#r-2 难度=1}

1. **早查**
2. **勤修**

> 依据：第二条

## 满 `60` 日。 {#b-1 难度=1}

> 依据：第三条

## 户情 {#m-1 .材料}

李家三口人。

### 李家可以申请。 {#j-1 难度=1}

- [x] 正确
- [ ] 错误

> 依据：第四条

## 书记要会的。 {#r-3 难度=1 岗位=书记}

1. **带头**

> 依据：第五条

## 比武才问的。 {#r-4 难度=1 用途=比武}

1. **留着**

> 依据：第六条

## 过了期的。 {#r-5 难度=1 失效=2020-01-01}

1. **旧的**

> 依据：第七条
";

fn bank() -> Bank {
    let files = [
        ("a.md", FILE),
        (
            "posts.md",
            "# 岗位表\n\n| 岗位 | 别名 | 组别 |\n|---|---|---|\n| 书记 | 支书 | 书记组 |\n| 文书 | 会计 | 两委组 |\n",
        ),
    ];
    let files = files.map(|(path, text)| SourceFile {
        path: path.into(),
        bytes: text.into(),
    });
    let bank = Bank::read(&files, day());
    assert!(!bank.has_errors(), "{:#?}", bank.faults);
    bank
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day")
}

fn order<'a>(
    people: &[(&'a str, &'a str)],
    each: u32,
    barred: &'a HashSet<QuestionId>,
) -> Order<'a> {
    Order {
        people: people.to_vec(),
        each,
        sorts: &[Sort::Recall],
        topics: &[],
        day: day(),
        weight: Weight::Trial,
        barred,
    }
}

fn ids(drawn: &[Drawn]) -> HashSet<String> {
    drawn.iter().map(|each| each.id.0.clone()).collect()
}

#[test]
fn a_trial_asks_what_the_post_must_know_in_force_and_nothing_reserved() {
    let (bank, none) = (bank(), HashSet::new());
    let drawn = draw(
        &bank.questions,
        &order(&[("a", "书记")], 3, &none),
        &[1; 32],
    );
    let drawn = drawn.expect("three recall questions");
    assert_eq!(
        ids(&drawn[0]),
        ["r-1", "r-2", "r-3"].map(String::from).into()
    );
    let short = draw(
        &bank.questions,
        &order(&[("b", "文书")], 3, &none),
        &[1; 32],
    );
    let there = Shortage {
        post: "文书".into(),
        wanted: 3,
        there: 2,
    };
    assert_eq!(short, Err(there));
    let mut scored = order(&[("a", "书记")], 4, &none);
    scored.weight = Weight::Scored;
    let drawn = draw(&bank.questions, &scored, &[1; 32]).expect("and the reserved one");
    assert!(ids(&drawn[0]).contains("r-4"));
    assert!(
        bank.questions
            .iter()
            .any(|each| each.purpose == Purpose::Contest)
    );
    let barred = HashSet::from([QuestionId("r-1".into())]);
    let left = draw(
        &bank.questions,
        &order(&[("b", "文书")], 1, &barred),
        &[1; 32],
    );
    assert_eq!(ids(&left.expect("one")[0]), ["r-2".to_owned()].into());
}

#[test]
fn a_session_asks_anew_before_it_repeats_and_the_seed_alone_decides() {
    let (bank, none) = (bank(), HashSet::new());
    let two = order(&[("a", "文书"), ("b", "文书")], 1, &none);
    for seed in 0..20 {
        let drawn = draw(&bank.questions, &two, &[seed; 32]).expect("two questions");
        assert_ne!(drawn[0][0].id, drawn[1][0].id, "seed {seed}");
        assert_eq!(draw(&bank.questions, &two, &[seed; 32]), Ok(drawn));
    }
    let firsts: HashSet<_> = (0..20)
        .map(|seed| {
            draw(&bank.questions, &two, &[seed; 32]).expect("two")[0][0]
                .id
                .clone()
        })
        .collect();
    assert_eq!(firsts.len(), 2, "both come first with some seed");
    let three = order(&[("a", "文书"), ("b", "文书"), ("c", "文书")], 1, &none);
    draw(&bank.questions, &three, &[0; 32]).expect("a third one hears one again");
}

#[test]
fn the_highest_number_stands_and_may_take_back() {
    let step = |seq, number, said: &[usize]| Step {
        seq,
        person: 1,
        number,
        mark: Some(Mark {
            said: said.iter().copied().collect(),
            comment: String::new(),
        }),
    };
    let back = Step {
        seq: 9,
        person: 1,
        number: 2,
        mark: None,
    };
    let marks = standing(&[
        step(5, 1, &[0, 1]),
        step(2, 1, &[0]),
        step(3, 2, &[0]),
        back,
    ]);
    assert_eq!(marks.len(), 1);
    assert_eq!(marks[&(1, 1)].said, BTreeSet::from([0, 1]));
}

#[test]
fn a_sheet_says_what_was_said_and_missed_in_hundredths() {
    let bank = bank();
    let find = |id: &str| bank.question(&QuestionId(id.into())).expect("a question");
    let drawn = |number, id: &str| Drawn {
        number,
        id: QuestionId(id.into()),
        revision: find(id).revision.clone(),
    };
    let asked = vec![vec![drawn(1, "r-1"), drawn(2, "j-1"), drawn(3, "b-1")]];
    let questions: Questions = bank
        .questions
        .iter()
        .map(|each| (each.revision.clone(), each.clone()))
        .collect();
    let mark = |said: &[usize]| Mark {
        said: said.iter().copied().collect(),
        comment: "要脱稿".into(),
    };
    // What a phone ticked beyond the parts there are earns nothing.
    let marks = Marks::from([((1, 1), mark(&[0, 2, 7])), ((1, 2), mark(&[0]))]);
    let sheet = &sheets(&asked, &questions, &marks, Points::whole(20)).expect("all are there")[0];
    assert_eq!(
        (sheet.points, sheet.full),
        (Points(1333 + 2000), Points::whole(60))
    );
    assert!(!sheet.complete);
    let first = &sheet.rows[0];
    assert_eq!(
        (first.said.join("、"), first.missed.join("、")),
        ("早查、细记".into(), "勤修".into())
    );
    assert_eq!(
        (first.comment.as_str(), first.clause.as_str()),
        ("要脱稿", "第一条")
    );
    assert_eq!(sheet.rows[1].sort, Sort::Material);
    assert_eq!(
        (sheet.rows[2].asked, sheet.rows[2].points),
        (false, Points::ZERO)
    );
}

#[test]
fn a_group_belongs_to_its_village_and_two_villages_are_apart() {
    let unit = |id: &str, parent: Option<&str>, kind| Unit {
        id: id.into(),
        parent_id: parent.map(Into::into),
        name: id.into(),
        kind,
    };
    let units = [
        unit("town", None, UnitKind::Township),
        unit("v1", Some("town"), UnitKind::Village),
        unit("g1", Some("v1"), UnitKind::Group),
        unit("v2", Some("town"), UnitKind::Village),
    ];
    assert!(same_house(&units, "v1", "g1") && same_house(&units, "v1", "v1"));
    assert!(!same_house(&units, "v1", "v2") && !same_house(&units, "town", "v1"));
}

#[test]
fn a_board_counts_what_was_not_taken_back() {
    let entrant = |id: &str, on_leave| Entrant {
        person_id: id.into(),
        name: id.into(),
        unit_id: "v".into(),
        unit_name: "桃源村".into(),
        post: "书记".into(),
        division: "书记组".into(),
        on_leave,
        late: false,
        extension_ms: 0,
    };
    let entry = |id: &str, person: &str, points, reverses: Option<&str>| Entry {
        id: id.into(),
        check_id: "c".into(),
        person_id: person.into(),
        points: Points(points),
        reverses: reverses.map(Into::into),
        actor: "o".into(),
        at_ms: 0,
        reason: String::new(),
    };
    let entries = [
        entry("1", "a", 8_000, None),
        entry("2", "a", -8_000, Some("1")),
        entry("3", "a", 6_000, None),
        entry("4", "b", 6_000, None),
    ];
    assert_eq!(counting(&entries)["a"].id, "3");
    let rules = EventRules {
        questions: 5,
        points: Points::whole(20),
        sorts: vec![Sort::Recall],
        topics: vec![],
        divisions: vec![],
    };
    let people: Vec<Entrant> = ["a", "b", "c", "d", "e"]
        .map(|id| entrant(id, false))
        .into();
    let mut people = people;
    people.push(entrant("f", true));
    let board = board(&people, &entries, &rules);
    let ranks: Vec<Option<u32>> = board.people["书记组"].iter().map(|row| row.rank).collect();
    assert_eq!(ranks, [Some(1), Some(1), None, None, None]);
    // 120 points ÷ five entrants; who is on leave is none of them.
    assert_eq!(
        (board.units[0].shown.as_str(), board.units[0].entrants),
        ("24 分", 5)
    );
}
