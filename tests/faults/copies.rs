//! Two copies over one PostgreSQL, one of which dies: phones go on with the other, and neither misses what the other did.

use crate::{audit::nothing_is_lost, ground::Ground, load::Load, phone::Addresses};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_copies_is_killed() {
    let ground = Ground::postgres().await;
    let hall = ground.settle(24).await;
    let (one, other) = (ground.serve().await, ground.serve().await);
    let addresses = Addresses::new();
    // Every request goes to the next copy in turn: start here, step there.
    addresses.set(&[&one.address, &other.address]);
    let load = Load::begin(&hall, &addresses, 60);
    addresses.more(300).await;
    one.kill().await;
    // For a while nobody has told the phones; half of what they send goes nowhere.
    addresses.more_refused(10).await;
    addresses.set(&[&other.address]);
    let mut phones = load.finish().await;
    nothing_is_lost("one of two copies killed", 1, &ground, &hall, &mut phones).await;
    drop(other);
}
