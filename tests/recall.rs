//! How well spoken answers are heard, on utterances labelled by people. `yikouqing bank recall --misses` lists each one.

use chrono::NaiveDate;
use yikouqing::{
    bank::Bank,
    exchange::embedded_bank,
    grading::recall::trial::{self, Trial},
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
