//! `kill -9` cannot show a missing fsync, since the kernel keeps what was written: so they are counted. One step at a
//! time means one commit at a time, and none is acknowledged before its own sync.

use crate::{
    cluster::Cluster,
    ground::Ground,
    phone::{Addresses, Phone},
    shim::Shim,
};

const STEPS: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_is_acknowledged_before_its_sync_on_sqlite() {
    let shim = Shim::build();
    let ground = Ground::sqlite();
    every_step_waits_for_a_sync("SQLite", &shim, &ground, &shim.environment()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_is_acknowledged_before_its_sync_on_postgres() {
    let shim = Shim::build();
    let cluster = Cluster::start(&shim.environment());
    let ground = Ground::at(cluster.url(), None);
    every_step_waits_for_a_sync("PostgreSQL", &shim, &ground, &[]).await;
}

async fn every_step_waits_for_a_sync(
    what: &str,
    shim: &Shim,
    ground: &Ground,
    environment: &[(&str, &std::path::Path)],
) {
    let hall = ground.settle(1).await;
    let copy = ground.serve_with(environment).await;
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let mut phone = Phone::new(&addresses, &hall.tickets[0], &hall.round);
    phone.sign_in().await;
    phone.start().await;
    let before = shim.synced();
    let mut last = before;
    for step in 1..=STEPS {
        phone.answer();
        assert_eq!(phone.send().await, Some(200));
        let now = shim.synced();
        assert!(now > last, "step {step} was acknowledged without a sync");
        last = now;
    }
    println!(
        "syncs, {what}: {STEPS} commits acknowledged one by one, {} syncs",
        last - before
    );
    drop(copy);
}
