//! What an attempt costs with a million finished attempts in the database, beside a thousand.

use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};
use yikouqing::{app::App, store::Store};

use crate::{
    attempt::{AT_ONCE, cost},
    ground::{Ground, timed},
};

/// Who sat in the rounds before: as many rounds as it takes.
const PEOPLE: i64 = 10_000;
const STEPS: i64 = 20;

pub async fn measure(finished: i64) {
    let mut figures = Vec::new();
    for finished in [1_000, finished] {
        // Those who sit now, and one whose attempt the others are copies of.
        let ground = Ground::sqlite(AT_ONCE + 1).await;
        let app = ground.open().await;
        let sessions = ground.sessions(&app, AT_ONCE + 1).await;
        let (_, model) = &sessions[AT_ONCE];
        sit_as_model(&app, &ground.round, model).await;
        let ((), took) = timed(fill(&app, finished)).await;
        app.store.close().await;
        let size = ground.size() >> 20;
        println!(
            "{finished} finished attempts, {size} MB, filled in {:.0} s",
            took.as_secs_f64()
        );
        let cookies: Vec<String> = sessions
            .into_iter()
            .take(AT_ONCE)
            .map(|(cookie, _)| cookie)
            .collect();
        let server = ground.serve();
        let cost = cost(&server, &cookies, &ground.round, STEPS as usize).await;
        println!(
            "  {:.2} ms of server CPU an attempt, {:.2} s for {AT_ONCE} at once",
            cost.cpu_seconds * 1e3,
            cost.wall_seconds
        );
        figures.push(cost.cpu_seconds);
    }
    println!("{:.2}x", figures[1] / figures[0]);
}

/// A finished attempt with a real paper, real steps and a real outcome.
async fn sit_as_model(app: &App, round: &str, person: &str) {
    let desk = app.start_attempt(round, person).await.expect("a paper");
    let steps: Vec<_> = desk
        .attempt
        .paper
        .questions
        .iter()
        .take(STEPS as usize)
        .enumerate()
        .map(|(place, asked)| yikouqing::app::proctor::SentStep {
            seq: desk.last_seq + place as i64 + 1,
            number: asked.number,
            answer: serde_json::json!("A"),
            elapsed_ms: Some(place as i64 * 8_000),
        })
        .collect();
    let id = &desk.attempt.id;
    app.keep_steps(id, person, &steps).await.expect("kept");
    app.hand_in(id, person, None, &[]).await.expect("handed in");
}

/// Copies the one finished attempt into closed rounds of people of their own.
async fn fill(app: &App, finished: i64) {
    let Store::Sqlite { writer, .. } = &app.store else {
        unreachable!("a file");
    };
    let people = PEOPLE.min(finished);
    let mut tx = writer.begin().await.expect("a transaction");
    let model = "(SELECT id FROM attempts WHERE state = 'handed_in' AND id NOT LIKE 'x%' LIMIT 1)";
    run(&mut tx, &format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {people})
         INSERT INTO persons (id, name, unit_id, phone, posts, created_at_ms)
         SELECT printf('x%025d', i), printf('往届%06d', i), (SELECT id FROM units WHERE parent_id IS NULL), '', '[\"村文书\"]', 0 FROM n"
    )).await;
    tx.commit().await.expect("committed");
    for round in 0..finished / people {
        let mut tx = writer.begin().await.expect("a transaction");
        run(&mut tx, &format!(
            "INSERT INTO rounds (id, name, unit_id, state, opens_at_ms, closes_at_ms, limit_ms, rules, publication_id, secret,
                    secret_hash, proof, created_at_ms, sealed_at_ms, closed_at_ms, announced_at_ms, released_at_ms)
             SELECT printf('x%025d', {round}), '往届第 {round} 场', unit_id, 'announced', 0, 3600000, limit_ms, rules, publication_id,
                    secret, secret_hash, proof, 0, 0, 3600000, 3600000, 3600000 FROM rounds WHERE id NOT LIKE 'x%'"
        )).await;
        run(&mut tx, &format!(
            "INSERT INTO entrants (round_id, person_id, name, unit_id, unit_name, post, division)
             SELECT printf('x%025d', {round}), id, name, unit_id, '演练镇', '村文书', '村文书' FROM persons WHERE id LIKE 'x%'"
        )).await;
        run(&mut tx, &format!(
            "INSERT INTO attempts (id, round_id, person_id, number, state, seed, drawn_with, paper, started_at_ms, deadline_at_ms,
                    seq_reserved, finished_at_ms, receipt, outcome, points)
             SELECT printf('x%010d', {round}) || substr(p.id, 12), printf('x%025d', {round}), p.id, 1, 'handed_in', m.seed, m.drawn_with,
                    m.paper, 0, 3600000, 1000000, 1800000, m.receipt, m.outcome, m.points
             FROM persons p, attempts m WHERE p.id LIKE 'x%' AND m.id = {model}"
        )).await;
        run(&mut tx, &format!(
            "INSERT INTO steps (attempt_id, seq, number, answer, elapsed_ms, at_ms, late)
             SELECT printf('x%010d', {round}) || substr(p.id, 12), s.seq, s.number, s.answer, s.elapsed_ms, s.at_ms, FALSE
             FROM persons p, steps s WHERE p.id LIKE 'x%' AND s.attempt_id = {model}"
        )).await;
        tx.commit().await.expect("committed");
    }
}

async fn run(tx: &mut Transaction<'static, Sqlite>, sql: &str) {
    let connection: &mut SqliteConnection = &mut *tx;
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
