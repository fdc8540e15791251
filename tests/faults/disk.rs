//! The disk is full for a while: nothing is acknowledged that is not on it, and when there is room again all of it goes in.

use crate::{
    audit::nothing_is_lost,
    ground::Ground,
    load::Load,
    phone::{Addresses, Phone},
    shim::Shim,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_recovers() {
    let shim = Shim::build();
    let ground = Ground::sqlite();
    let hall = ground.settle(12).await;
    let mut copy = ground.serve_with(&shim.environment()).await;
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let load = Load::begin(&hall, &addresses, 60);
    for _ in 0..3 {
        addresses.more(100).await;
        shim.fill_disk();
        addresses.more_refused(30).await;
        assert!(copy.is_running(), "a full disk is no reason to end");
        shim.free_disk();
    }
    let mut phones = load.finish().await;
    nothing_is_lost("disk full, SQLite", 3, &ground, &hall, &mut phones).await;
    drop(copy);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_full_disk_refused_is_not_acknowledged() {
    let shim = Shim::build();
    let ground = Ground::sqlite();
    let hall = ground.settle(1).await;
    let copy = ground.serve_with(&shim.environment()).await;
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let mut phone = Phone::new(&addresses, &hall.tickets[0], &hall.round);
    phone.sign_in().await;
    phone.start().await;
    shim.fill_disk();
    phone.answer();
    let refused = phone.send().await.expect("an answer");
    assert!(refused >= 500, "{refused}");
    assert!(phone.acknowledged.is_empty());
    shim.free_disk();
    phone.sit(3).await;
    assert!(!phone.acknowledged.is_empty());
    drop(copy);
}
