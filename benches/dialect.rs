//! Markdown to questions, beside pulldown-cmark's bare event loop over the same bytes: the aim is half its speed. And how
//! long it takes to judge them too, as `bank check` does.
//!
//! `cargo bench --bench dialect`

use chrono::NaiveDate;
use divan::{Bencher, black_box, counter::BytesCount};
use yikouqing::{
    bank::{Bank, SourceFile, read::Reading},
    exchange::bank_folder,
};

/// The program's own, for both sides.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// The shipped bank's Markdown.
fn files() -> Vec<SourceFile> {
    let mut files = bank_folder::read_folders(&["question_bank".into()]).expect("the bank");
    let markdown = |path: &str| {
        path.rsplit_once('.')
            .is_some_and(|(_, ending)| ending == "md")
    };
    files.retain(|file| markdown(&file.path));
    files
}

fn bytes(files: &[SourceFile]) -> BytesCount {
    BytesCount::new(files.iter().map(|file| file.bytes.len()).sum::<usize>())
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 18).expect("a day")
}

/// Questions with their revisions, ids, blueprints, posts, and the faults of all of them.
#[divan::bench]
fn reading(bencher: Bencher) {
    let files = files();
    bencher
        .counter(bytes(&files))
        .bench_local(|| Reading::of(&files, day()));
}

/// The same, every lint over it, and whether each blueprint can be filled.
#[divan::bench]
fn read_and_judged(bencher: Bencher) {
    let files = files();
    bencher
        .counter(bytes(&files))
        .bench_local(|| Bank::read(&files, day()));
}

#[divan::bench]
fn bare_events(bencher: Bencher) {
    let files = files();
    let options =
        pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_TASKLISTS;
    bencher.counter(bytes(&files)).bench_local(|| {
        for file in &files {
            let text = std::str::from_utf8(&file.bytes).expect("UTF-8");
            for event in pulldown_cmark::Parser::new_ext(text, options) {
                black_box(event);
            }
        }
    });
}
