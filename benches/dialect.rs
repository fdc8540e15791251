//! Markdown to questions, beside pulldown-cmark's bare event loop over the same bytes: the aim is half its speed.
//!
//! `cargo bench --bench dialect`

use divan::{Bencher, black_box, counter::BytesCount};
use yikouqing::{
    bank::{Bank, SourceFile},
    exchange::bank_folder,
};

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

/// Questions, blueprints, posts, ids, and every lint over the whole bank.
#[divan::bench]
fn bank(bencher: Bencher) {
    let files = files();
    let day = yikouqing::clock::local_time("2026-02-18T10:00").expect("a time");
    let day = yikouqing::clock::civil(day).date_naive();
    bencher
        .counter(bytes(&files))
        .bench_local(|| Bank::read(&files, day));
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
