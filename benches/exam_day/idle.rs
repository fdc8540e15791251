//! From the start of the program to ready, and what it holds when nobody comes: the shipped bank, a thousand questions.

use std::time::{Duration, Instant};

use crate::{client::Client, ground::Ground};

const TIMES: usize = 7;

pub async fn measure() {
    let ground = Ground::sqlite(1_000).await;
    let questions = ground.open().await.live_bank().await.expect("a bank");
    let questions = questions.expect("published").bank.questions.len();
    let (mut starts, mut memories) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        let server = ground.serve();
        let mut client = Client::connect(&server.host, "").await;
        let ready = client.ask("GET", "/readyz", None).await;
        assert_eq!(ready.status, 200);
        starts.push(begun.elapsed());
        // Nobody comes for a while; its own tasks go round a few times.
        tokio::time::sleep(Duration::from_secs(2)).await;
        memories.push(server.memory());
    }
    starts.sort_unstable();
    memories.sort_unstable();
    println!(
        "{questions} questions: ready after {:.0} ms (median of {TIMES}); {:.1} MB when idle",
        starts[TIMES / 2].as_secs_f64() * 1e3,
        memories[TIMES / 2] as f64 / f64::from(1 << 20)
    );
}
