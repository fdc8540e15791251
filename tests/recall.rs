//! How well spoken answers are heard, on utterances labelled by people. `yikouqing bank recall --misses` lists each one.

use chrono::NaiveDate;
use proptest::prelude::*;
use yikouqing::{
    bank::Bank,
    exchange::embedded_bank,
    grading::recall::{
        Ear,
        trial::{self, Trial},
    },
};

fn trial(source: &str) -> Trial {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let bank = Bank::read(&embedded_bank::files(), day);
    let utterances = trial::read(source).expect("every line reads");
    trial::run(&bank.questions, &utterances)
}

#[test]
fn what_was_said_is_credited_and_what_was_not_is_not() {
    let trial = trial(include_str!("recall/dev.tsv"));
    assert_eq!(trial.unfit, []);
    let total = trial.total();
    assert!(total.utterances >= 300);
    assert!(total.said_credited * 1000 >= total.said * 985, "{total:?}");
    assert!(
        total.unsaid_credited * 1000 <= total.unsaid * 5,
        "{total:?}"
    );
}

#[test]
fn no_wrong_number_and_nothing_denied_is_credited() {
    let trial = trial(include_str!("recall/dev.tsv"));
    for class in ["number", "polarity"] {
        let count = trial.classes[class];
        assert!(count.unsaid > 0, "{class}");
        assert_eq!(count.unsaid_credited, 0, "{class}");
    }
}

#[test]
fn a_line_that_is_no_utterance_is_named() {
    assert_eq!(trial::read("# remark\n\nxczxf-003\twell\t2\tx\n"), Err(3));
    assert_eq!(trial::read("xczxf-003\twell"), Err(1));
}

/// Whatever is said, in whatever pieces: nothing panics, and what is marked are whole characters of the answer.
#[test]
fn any_heap_of_pieces_is_heard_without_harm() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let bank = Bank::read(&embedded_bank::files(), day);
    let ears: Vec<Ear> = bank.questions.iter().filter_map(Ear::of).collect();
    let said: Vec<&str> = include_str!("recall/dev.tsv")
        .lines()
        .filter_map(|line| line.split('\t').nth(3))
        .collect();
    let pieces = prop::collection::vec(
        (
            0..said.len(),
            0..9_usize,
            1..12_usize,
            "[，。、；不未无没是的 ]{0,2}",
        ),
        1..12,
    );
    let config = ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(ear in 0..ears.len(), pieces in pieces)| {
        let text: String = pieces
            .iter()
            .map(|(line, from, length, mark)| {
                let piece: String = said[*line].chars().skip(from * 3).take(*length).collect();
                piece + mark
            })
            .collect();
        for heard in ears[ear].hear(&text) {
            for span in heard.spans {
                prop_assert!(text.get(span).is_some());
            }
        }
    });
}
