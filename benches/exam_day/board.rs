//! The board with many people: one new grade, and one person's look at the own rank, beside a thousand people.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use sqlx::AssertSqlSafe;
use tower::ServiceExt;
use yikouqing::{
    app::App,
    store::Store,
    web::{server, state::Demonstration},
};

use crate::ground::{Ground, timed};

const TIMES: usize = 15;

pub async fn measure(people: usize) {
    let mut figures = Vec::new();
    for people in [1_000, people] {
        let ground = Ground::sqlite(people).await;
        let app = ground.open().await;
        let sessions = ground.sessions(&app, TIMES + 1).await;
        grade_everybody_else(&app, &ground.round, &sessions).await;
        app.standings(&ground.round).await.expect("a board");
        let mut grades = Vec::new();
        for (_, person) in &sessions[..TIMES] {
            let desk = app
                .start_attempt(&ground.round, person)
                .await
                .expect("a paper");
            app.refresh_boards().await.expect("a board");
            app.hand_in(&desk.attempt.id, person, None, &[])
                .await
                .expect("handed in");
            app.boards.mark(&ground.round);
            grades.push(timed(app.refresh_boards()).await.1);
        }
        let router = server::router(app.clone(), Demonstration::No);
        let mut looks = Vec::new();
        let mut bytes = 0;
        for (cookie, _) in &sessions[..TIMES] {
            let path = format!("/rounds/{}/board", ground.round);
            let request = Request::get(path)
                .header(header::COOKIE, cookie)
                .header(header::ACCEPT_ENCODING, "gzip")
                .body(Body::empty())
                .expect("a request");
            let look = async {
                let response = router.clone().oneshot(request).await.expect("an answer");
                assert_eq!(response.status(), 200);
                to_bytes(response.into_body(), 1 << 30)
                    .await
                    .expect("a body")
                    .len()
            };
            let (length, took) = timed(look).await;
            bytes = length;
            looks.push(took);
        }
        app.store.close().await;
        let (grade, look) = (median(grades), median(looks));
        println!(
            "{people} people: a new grade on the board {:.2} ms; a look at the own rank {:.2} ms, {:.1} KB",
            ms(grade),
            ms(look),
            bytes as f64 / 1024.0
        );
        figures.push((grade, look));
    }
    println!(
        "grade {:.1}x, look {:.1}x",
        ms(figures[1].0) / ms(figures[0].0),
        ms(figures[1].1) / ms(figures[0].1)
    );
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A finished, graded attempt for everybody but those who sit in the measurement.
async fn grade_everybody_else(app: &App, round: &str, sitting: &[(String, String)]) {
    let Store::Sqlite { writer, .. } = &app.store else {
        unreachable!("a file");
    };
    let model = &sitting[TIMES].1;
    let desk = app.start_attempt(round, model).await.expect("a paper");
    app.hand_in(&desk.attempt.id, model, None, &[])
        .await
        .expect("handed in");
    let kept: Vec<String> = sitting
        .iter()
        .map(|(_, person)| format!("'{person}'"))
        .collect();
    let sql = format!(
        "INSERT INTO attempts (id, round_id, person_id, number, state, seed, drawn_with, paper, started_at_ms, deadline_at_ms,
                seq_reserved, finished_at_ms, receipt, outcome, points)
         SELECT '00' || substr(e.person_id, 3), m.round_id, e.person_id, 1, 'handed_in', m.seed, '{{}}', m.paper, m.started_at_ms,
                m.deadline_at_ms, m.seq_reserved, m.finished_at_ms, m.receipt, m.outcome, abs(random()) % 10000
         FROM entrants e, attempts m WHERE m.id = '{}' AND e.person_id NOT IN ({})",
        desk.attempt.id,
        kept.join(", ")
    );
    let done = sqlx::query(AssertSqlSafe(sql)).execute(writer).await;
    done.expect("graded");
}
