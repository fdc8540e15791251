//! Durable steps a second through the queue inside one process, beside a loop of prepared batch inserts into the same
//! table on the same file.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use yikouqing::{
    attempt::{answer::Answer, steps::Step},
    store::{
        Store,
        queue::{Queue, Steps},
    },
};

use crate::ground::Ground;

const CANDIDATES: usize = 1_000;
const FOR: Duration = Duration::from_secs(5);
/// Rows that SQLite takes in one statement of the loop beside.
const ROWS: usize = 100;

pub async fn measure() {
    let ground = Ground::sqlite(CANDIDATES).await;
    let app = ground.open().await;
    let mut attempts = Vec::new();
    for (_, person) in ground.sessions(&app, CANDIDATES).await {
        let desk = app
            .start_attempt(&ground.round, &person)
            .await
            .expect("a paper");
        attempts.push((
            desk.attempt.id,
            desk.last_seq,
            desk.attempt.paper.questions[0].number,
        ));
    }
    let Store::Sqlite { writer, .. } = &app.store else {
        unreachable!("a file");
    };
    // One after the other, twice, so that neither has the fresher file.
    for turn in 1..=2 {
        let through_queue = queued(&app.queue, &mut attempts).await;
        let inserted = inserted(writer, &attempts, turn).await;
        println!(
            "turn {turn}: queue {through_queue:.0} durable steps/s from {CANDIDATES} callers; batch inserts {inserted:.0}/s; {:.2} of it",
            through_queue / inserted
        );
    }
    app.store.close().await;
}

/// Every caller sends one step and waits for its commit, as a request does.
async fn queued(queue: &Queue, attempts: &mut [(String, i64, u32)]) -> f64 {
    let begun = Instant::now();
    let counts = attempts.iter_mut().map(|(attempt, seq, number)| {
        let queue = Arc::new(queue.clone());
        let (attempt, number, first) = (attempt.clone(), *number, *seq);
        let task = tokio::spawn(async move {
            let mut seq = first;
            while begun.elapsed() < FOR {
                seq += 1;
                let step = Step {
                    seq,
                    number,
                    answer: Some(Answer::Chosen(vec![(seq % 2) as usize])),
                    elapsed_ms: Some(1_000),
                    at_ms: yikouqing::clock::Clock::System.now_ms(),
                    late: false,
                };
                let at_ms = step.at_ms;
                let steps = Steps {
                    attempt_id: attempt.clone(),
                    steps: vec![step],
                    at_ms,
                };
                queue.keep(steps).await.expect("kept");
            }
            seq
        });
        async move {
            let last = task.await.expect("a caller");
            let kept = last - *seq;
            *seq = last;
            kept
        }
    });
    let kept: i64 = join_all(counts).await.into_iter().sum();
    kept as f64 / begun.elapsed().as_secs_f64()
}

/// A thousand rows a transaction, as many as the callers of the queue put into one batch.
async fn inserted(writer: &sqlx::SqlitePool, attempts: &[(String, i64, u32)], turn: i64) -> f64 {
    let values = vec!["(?, ?, ?, ?, ?, ?, FALSE)"; ROWS].join(", ");
    let text = format!(
        "INSERT INTO steps (attempt_id, seq, number, answer, elapsed_ms, at_ms, late) VALUES {values}"
    );
    let answer = r#"{"chosen":[1]}"#;
    let (begun, mut rows) = (Instant::now(), 0_i64);
    while begun.elapsed() < FOR {
        let mut tx = writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .expect("a transaction");
        for chunk in attempts.chunks_exact(ROWS) {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(text.clone())).persistent(true);
            for (attempt, _, number) in chunk {
                // Numbers that the queue's steps never have.
                let seq = 500_000_000 * turn + rows;
                rows += 1;
                query = query
                    .bind(attempt)
                    .bind(seq)
                    .bind(i64::from(*number))
                    .bind(answer)
                    .bind(1_000_i64)
                    .bind(1_771_381_800_000_i64);
            }
            query.execute(&mut *tx).await.expect("inserted");
        }
        tx.commit().await.expect("committed");
    }
    rows as f64 / begun.elapsed().as_secs_f64()
}
