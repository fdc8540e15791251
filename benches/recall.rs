//! How fast one spoken answer is heard: the aim is under 200 µs for every answer of the sets.
//!
//! `cargo bench --bench recall` prints mean, p99 and the slowest; each answer counts with the best of a few goes, so that
//! what else the machine does is not measured.

use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use yikouqing::{
    bank::Bank,
    exchange::embedded_bank,
    grading::recall::{Ear, trial},
};

const SETS: [&str; 3] = [
    include_str!("../tests/recall/dev.tsv"),
    include_str!("../tests/recall/second.tsv"),
    include_str!("../tests/recall/third.tsv"),
];
const GOES: usize = 20;

fn main() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let bank = Bank::read(&embedded_bank::files(), day);
    let spoken = || bank.questions.iter();
    let ears: BTreeMap<&str, Ear> = spoken()
        .filter_map(|question| Some((question.id.0.as_str(), Ear::of(question)?)))
        .collect();
    let utterances = SETS
        .into_iter()
        .flat_map(|set| trial::read(set).expect("every line reads"));
    let heard: Vec<(Duration, String)> = utterances
        .filter_map(|utterance| {
            let ear = ears.get(utterance.question.as_str())?;
            let took = best(|| {
                black_box(ear.hear(black_box(&utterance.text)));
            });
            Some((took, format!("{} {}", utterance.question, utterance.text)))
        })
        .collect();
    print("one answer", heard);
    let made = spoken().filter_map(|question| {
        Ear::of(question)?;
        let took = best(|| {
            black_box(Ear::of(black_box(question)));
        });
        Some((took, question.id.0.clone()))
    });
    print("a question made ready", made.collect());
}

fn best(mut go: impl FnMut()) -> Duration {
    let goes = (0..GOES).map(|_| {
        let start = Instant::now();
        go();
        start.elapsed()
    });
    goes.min().unwrap_or_default()
}

fn print(what: &str, mut took: Vec<(Duration, String)>) {
    took.sort();
    let sum: Duration = took.iter().map(|(took, _)| *took).sum();
    let mean = sum / u32::try_from(took.len()).expect("a few thousand");
    let p99 = took[took.len() * 99 / 100].0;
    let (slowest, name) = &took[took.len() - 1];
    println!(
        "{what}: {} measured, mean {mean:?}, p99 {p99:?}, slowest {slowest:?} ({name})",
        took.len()
    );
}
