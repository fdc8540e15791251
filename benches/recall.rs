//! How fast one spoken answer is heard: the aim is under 200 µs.
//!
//! `cargo bench --bench recall`

use std::collections::BTreeMap;

use chrono::NaiveDate;
use divan::{Bencher, counter::ItemsCount};
use yikouqing::{
    bank::Bank,
    exchange::embedded_bank,
    grading::recall::{
        Ear,
        trial::{self, Utterance},
    },
};

fn main() {
    divan::main();
}

fn bank() -> Bank {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    Bank::read(&embedded_bank::files(), day)
}

fn ears(bank: &Bank) -> BTreeMap<String, Ear> {
    let questions = bank.questions.iter();
    questions
        .filter_map(|question| Some((question.id.0.clone(), Ear::of(question)?)))
        .collect()
}

fn utterances() -> Vec<Utterance> {
    trial::read(include_str!("../tests/recall/dev.tsv")).expect("every line reads")
}

/// One answer after another, each heard by its question's ear.
#[divan::bench]
fn hear(bencher: Bencher) {
    let (ears, utterances) = (ears(&bank()), utterances());
    let mut turn = utterances.iter().cycle();
    bencher.counter(ItemsCount::new(1_u32)).bench_local(|| {
        let utterance = turn.next().expect("a cycle has no end");
        ears.get(&utterance.question)
            .map(|ear| ear.hear(&utterance.text))
    });
}

/// Making a question ready, once per question.
#[divan::bench]
fn make_ready(bencher: Bencher) {
    let bank = bank();
    let mut turn = bank
        .questions
        .iter()
        .filter(|each| Ear::of(each).is_some())
        .cycle();
    bencher.bench_local(|| turn.next().and_then(Ear::of));
}
