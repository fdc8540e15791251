//! The bank that ships: free of faults on the day it was reviewed, deep enough for each of its blueprints, and an
//! authors' guide whose examples are what they say they are.

use chrono::NaiveDate;
use yikouqing::{
    bank::{Bank, SourceFile, points::Points, question::Kind},
    exchange::embedded_bank,
    paper::assemble::{Assembler, CellCapacity, Use},
};

fn reviewed_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

#[test]
fn it_has_no_fault_and_its_size_and_spread() {
    let bank = Bank::read(&embedded_bank::files(), reviewed_on());
    assert!(bank.faults.is_empty(), "{:#?}", bank.faults);
    let count = |kind: Kind| {
        let of_kind = bank.questions.iter().filter(|each| each.kind() == kind);
        of_kind.count()
    };
    assert!(bank.questions.len() >= 900);
    assert!(count(Kind::Multiple) >= 220);
    assert!(count(Kind::Judgement) >= 120);
    assert!(count(Kind::Blanks) >= 100);
    assert!(count(Kind::Recall) >= 80);
    let mut topics: Vec<&str> = bank
        .questions
        .iter()
        .map(|each| each.topic.as_str())
        .collect();
    topics.sort_unstable();
    topics.dedup();
    assert!(topics.len() >= 24, "{} topics", topics.len());
}

#[test]
fn every_blueprint_is_a_hundred_points_and_every_row_five_times_deep() {
    let bank = Bank::read(&embedded_bank::files(), reviewed_on());
    assert!(bank.blueprints.len() >= 22);
    for blueprint in &bank.blueprints {
        assert_eq!(blueprint.total(), Points::whole(100), "{}", blueprint.name);
        let post = blueprint.posts.first().map(String::as_str);
        let drawn = Assembler::new(
            &bank.questions,
            blueprint,
            post,
            reviewed_on(),
            Use::Contest,
        );
        let drawn = drawn.unwrap_or_else(|short| panic!("{}: {short:?}", blueprint.name));
        let thin: Vec<_> = drawn
            .capacity()
            .cells
            .into_iter()
            .filter(CellCapacity::is_thin)
            .collect();
        assert!(thin.is_empty(), "{}: {thin:?}", blueprint.name);
    }
}

#[test]
fn the_guides_twelve_examples_are_sound() {
    let guide = include_str!("../question_bank/README.md");
    let posts = include_bytes!("../question_bank/posts.md").to_vec();
    let examples: Vec<&str> = guide
        .split("````markdown\n")
        .skip(1)
        .filter_map(|rest| rest.split("````").next())
        .collect();
    assert_eq!(examples.len(), 12);
    for example in examples {
        let files = [
            SourceFile {
                path: "posts.md".into(),
                bytes: posts.clone(),
            },
            SourceFile {
                path: "example.md".into(),
                bytes: example.into(),
            },
        ];
        let bank = Bank::read(&files, reviewed_on());
        assert!(!bank.has_errors(), "{example}\n{:#?}", bank.faults);
        assert!(!bank.questions.is_empty(), "{example}");
    }
}
