//! Figures of exam day, one per command: `cargo bench --bench exam_day -- WHAT`. `benches/README.md` says what each is.

mod attempt;
mod board;
mod client;
mod floor;
mod ground;
mod grown;
mod idle;
mod inside;
mod spectators;
mod steps;

use std::env;

/// The program's own, so that the floor is not the slower for another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const WHAT: &str =
    "steps | inside | attempt | grown [attempts] | board [people] | spectators [watching] | idle";

fn main() {
    drop(rlimit::increase_nofile_limit(u64::MAX));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        if floor::serve_if_asked().await {
            return;
        }
        // Cargo says `--bench` before what it was told.
        let told: Vec<String> = env::args()
            .skip(1)
            .filter(|word| word != "--bench")
            .collect();
        let number = |usual| {
            told.get(1)
                .and_then(|number| number.parse().ok())
                .unwrap_or(usual)
        };
        match told.first().map(String::as_str) {
            Some("steps") => steps::measure().await,
            Some("inside") => inside::measure().await,
            Some("attempt") => attempt::measure().await,
            Some("grown") => grown::measure(number(1_000_000) as i64).await,
            Some("board") => board::measure(number(100_000)).await,
            Some("spectators") => spectators::measure(number(10_000)).await,
            Some("idle") => idle::measure().await,
            _ => eprintln!("cargo bench --bench exam_day -- {WHAT}"),
        }
    });
}
