//! `kill -9` at random moments under load, then start again over the same database.

use crate::{audit::nothing_is_lost, ground::Ground, load::Load, phone::Addresses};

const PEOPLE: usize = 24;
const STEPS: usize = 60;

/// Five in the ordinary run; `YIKOUQING_FAULTS` says how many in the long one.
#[expect(
    clippy::disallowed_methods,
    reason = "the long run is asked for by its environment"
)]
fn kills() -> usize {
    std::env::var("YIKOUQING_FAULTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(5)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_on_sqlite() {
    killed_again_and_again("kill -9, SQLite", Ground::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_on_postgres() {
    killed_again_and_again("kill -9, PostgreSQL", Ground::postgres().await).await;
}

async fn killed_again_and_again(what: &str, ground: Ground) {
    let hall = ground.settle(PEOPLE).await;
    let addresses = Addresses::new();
    let mut copy = ground.serve().await;
    addresses.set(&[&copy.address]);
    let load = Load::begin(&hall, &addresses, STEPS * kills().div_ceil(5));
    for _ in 0..kills() {
        // Somewhere between "nobody has started" and "half of them have handed in".
        let [chance] = yikouqing::clock::fresh::<1>();
        addresses.more(usize::from(chance) / 2).await;
        addresses.set(&[]);
        copy.kill().await;
        copy = ground.serve().await;
        addresses.set(&[&copy.address]);
    }
    let mut phones = load.finish().await;
    nothing_is_lost(what, kills(), &ground, &hall, &mut phones).await;
    drop(copy);
}
