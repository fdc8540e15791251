//! How fast papers are drawn from a bank of a thousand questions: the aim is 20,000 a second on one core.
//!
//! `cargo bench --bench assembly`

#[path = "../tests/golden/synthetic.rs"]
mod synthetic;

use divan::{Bencher, counter::ItemsCount};
use yikouqing::{
    bank::question::Question,
    paper::{
        Paper,
        assemble::{Assembler, History, Use},
        seal::numbered_seed,
    },
};

fn main() {
    divan::main();
}

fn bank() -> Vec<Question> {
    let bank = synthetic::bank(45, 12);
    assert!((1_000..1_100).contains(&bank.len()), "{}", bank.len());
    bank
}

fn assembler() -> Assembler {
    let blueprint = synthetic::blueprint();
    Assembler::new(&bank(), &blueprint, None, synthetic::day(), Use::Contest)
        .expect("the synthetic bank fills its blueprint")
}

/// Nobody has seen anything, nothing was used.
#[divan::bench]
fn fresh(bencher: Bencher) {
    let assembler = assembler();
    let history = History::default();
    let mut number = 0;
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench_local(|| -> Paper {
            number += 1;
            assembler.assemble(&numbered_seed(number), &history)
        });
}

/// In the middle of a round: every question used a different number of times, by indexes.
#[divan::bench]
fn worn(bencher: Bencher) {
    let assembler = assembler();
    let tally = assembler.worn_tally(101);
    let mut number = 0;
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench_local(|| -> Paper {
            number += 1;
            assembler.draw(&numbered_seed(number), &tally)
        });
}

/// The same from a history by question ids, which is turned into indexes for each paper.
#[divan::bench]
fn worn_by_ids(bencher: Bencher) {
    let assembler = assembler();
    let ids: Vec<_> = assembler.questions().map(|(id, _)| id.clone()).collect();
    let history = History {
        seen: ids.iter().step_by(9).cloned().collect(),
        used: ids.into_iter().zip((0..7).cycle()).collect(),
    };
    let mut number = 0;
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench_local(|| -> Paper {
            number += 1;
            assembler.assemble(&numbered_seed(number), &history)
        });
}

/// Once per blueprint, when a round is set up.
#[divan::bench]
fn set_up(bencher: Bencher) {
    let (bank, blueprint) = (bank(), synthetic::blueprint());
    bencher.bench_local(|| Assembler::new(&bank, &blueprint, None, synthetic::day(), Use::Contest));
}
