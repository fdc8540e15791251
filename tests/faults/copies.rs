//! Two copies over one PostgreSQL, one of which dies: phones go on with the other, and neither misses what the other did.

use std::time::Duration;

use crate::{audit::nothing_is_lost, ground::Ground, load::Load, phone::Addresses};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_copies_is_killed() {
    let ground = Ground::postgres().await;
    let hall = ground.settle(24).await;
    let (one, other) = (ground.serve().await, ground.serve().await);
    let addresses = Addresses::default();
    // Every request goes to the next copy in turn: start here, step there.
    addresses.set(&[&one.address, &other.address]);
    let load = Load::begin(&hall, &addresses, 60);
    tokio::time::sleep(Duration::from_millis(400)).await;
    one.kill().await;
    // For a while nobody has told the phones; half of what they send goes nowhere.
    tokio::time::sleep(Duration::from_millis(200)).await;
    addresses.set(&[&other.address]);
    let mut phones = load.finish().await;
    nothing_is_lost("one of two copies killed", 1, &ground, &hall, &mut phones).await;
    drop(other);
}
