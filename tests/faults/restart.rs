//! PostgreSQL falls over and comes back while a hall is answering.

use std::sync::Arc;

use crate::{
    audit::nothing_is_lost, cluster::Cluster, ground::Ground, load::Load, phone::Addresses,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_restarted() {
    let cluster = Arc::new(Cluster::start(&[]));
    let ground = Ground::at(cluster.url(), None);
    let hall = ground.settle(12).await;
    let mut copy = ground.serve().await;
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let load = Load::begin(&hall, &addresses, 60);
    for _ in 0..2 {
        addresses.more(150).await;
        let cluster = cluster.clone();
        tokio::task::spawn_blocking(move || cluster.crash_and_start())
            .await
            .expect("it comes back");
        assert!(
            copy.is_running(),
            "a database that is away is no reason to end"
        );
    }
    let mut phones = load.finish().await;
    nothing_is_lost("PostgreSQL restarted", 2, &ground, &hall, &mut phones).await;
    drop(copy);
}
