//! How fast 查政策 answers: under 5 ms at 2,000 questions is the aim. The shipped bank, and itself again up to that.
//!
//! `cargo bench --bench lookup`

use std::{collections::HashSet, sync::LazyLock};

use chrono::NaiveDate;
use divan::Bencher;
use yikouqing::{
    bank::{Bank, question::QuestionId},
    exchange::embedded_bank,
    lookup::index::Index,
};

fn main() {
    divan::main();
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

fn bank() -> Bank {
    let mut bank = Bank::read(&embedded_bank::files(), day());
    let again = bank.questions.clone();
    for (place, question) in again.iter().enumerate().take(2_000 - bank.questions.len()) {
        let mut question = question.clone();
        question.id = QuestionId(format!("again-{place}"));
        bank.questions.push(question);
    }
    assert_eq!(bank.questions.len(), 2_000);
    bank
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index::new(&bank(), day()));

#[divan::bench(args = ["住院报销", "嫁出去的女儿还能不能分征地款", "zhaijidi shenpi", "zjd"])]
fn ask(bencher: Bencher, query: &str) {
    LazyLock::force(&INDEX);
    bencher.bench(|| {
        INDEX
            .search(divan::black_box(query), &HashSet::new(), 8)
            .entries
            .len()
    });
}

#[divan::bench]
fn index(bencher: Bencher) {
    bencher
        .with_inputs(bank)
        .bench_values(|bank| Index::new(&bank, day()));
}
