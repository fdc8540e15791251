//! How the databases look for rows: every statement of exam day is caught as it runs, and the plan that each database makes
//! of it must go by an index to the tables that grow. Small tables tell nothing: SQLite plans without knowing how many rows there are, and
//! PostgreSQL's are filled with a year.

mod support;

use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use support::{
    postgres,
    township::{HOUR_MS, Township},
};
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt};
use yikouqing::store::Store;

/// The tables that an exam day, or a year of them, fills.
const GROWING: [&str; 6] = [
    "attempts", "steps", "sessions", "entrants", "tickets", "acts",
];
/// Indexes of the few rows that something is still to be done with: read whole, they are short.
const SHORT: [&str; 5] = [
    "attempts_open",
    "attempts_open_by_round",
    "attempts_ungraded",
    "attempts_by_board",
    "sessions_by_end",
];
/// While something is caught.
static CAUGHT: Mutex<Option<BTreeSet<String>>> = Mutex::new(None);

/// Hears what sqlx says of every statement that it has run.
struct Ear;

impl<S: tracing::Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut heard = Statement::default();
            event.record(&mut heard);
            let sql = if heard.whole.is_empty() {
                heard.summary
            } else {
                heard.whole
            };
            let mut caught = CAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(caught) = &mut *caught {
                caught.insert(sql.trim().to_owned());
            }
        }
    }
}

#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// Both in one test: what is caught is caught for the whole process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_of_exam_day_goes_by_an_index() {
    let heard = tracing_subscriber::registry().with(Ear);
    tracing::subscriber::set_global_default(heard).expect("the first");

    let township = Township::sqlite().await;
    let statements = exam_day(&township).await;
    let mut faults = Vec::new();
    for sql in &statements {
        faults.extend(fault_on_sqlite(&township.app.store, sql).await);
    }

    let schema = postgres::schema().await;
    let township = Township::on(&schema).await;
    let statements = exam_day(&township).await;
    let mut connection = planner(&schema).await;
    for (place, sql) in statements.iter().enumerate() {
        faults.extend(fault_on_postgres(&mut connection, place, sql).await);
    }
    connection.close().await.expect("a close");
    township.app.store.close().await;
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// What everybody does on the day, from the ticket to the board; the statements on tables that grow.
async fn exam_day(township: &Township) -> Vec<String> {
    let round = township.open_round("test", "桃源村", "比武").await;
    let li = township.id("李建国").to_owned();
    let tickets = township.app.issue_tickets("test", "").await;
    let tickets = tickets.expect("tickets");
    let ticket = tickets.iter().find(|ticket| ticket.person == "李建国");
    let token = ticket.expect("a ticket").link.rsplit('/').next();
    let organizer = township.session("何静").await;
    *CAUGHT.lock().expect("nobody panicked") = Some(BTreeSet::new());

    let app = &township.app;
    let session = app.sign_in(token.expect("a token")).await.expect("in");
    township.get(&session, "/").await;
    let desk = app.start_attempt(&round, &li).await.expect("a paper");
    let attempt = desk.attempt.id;
    for path in [
        "/api/v1/rounds".to_owned(),
        format!("/attempts/{attempt}"),
        format!("/api/v1/attempts/{attempt}"),
    ] {
        assert_eq!(township.get(&session, &path).await.status, 200, "{path}");
    }
    let form = format!("/attempts/{attempt}/answer");
    township.post(&session, &form, "number=1&answer=A").await;
    let monitor = format!("/rounds/{round}/monitor");
    assert_eq!(township.get(&organizer, &monitor).await.status, 200);
    let start = format!("/rounds/{round}/start");
    assert_eq!(township.get(&session, &start).await.status, 303);
    for path in ["board", "board/mine"] {
        township
            .get(&session, &format!("/rounds/{round}/{path}"))
            .await;
    }
    let submit = format!("/attempts/{attempt}/submit");
    assert_eq!(township.post(&session, &submit, "").await.status, 303);
    let wang = township.id("王秀兰").to_owned();
    app.start_attempt(&round, &wang).await.expect("a paper");
    township.clock.advance(HOUR_MS);
    app.close_what_is_over().await.expect("closing");
    app.poll_versions().await.expect("a poll");
    app.refresh_boards().await.expect("boards");
    let page = township
        .get(&session, &format!("/attempts/{attempt}"))
        .await;
    assert_eq!(page.status, 200);
    township
        .get(&session, &format!("/rounds/{round}/board"))
        .await;

    let caught = CAUGHT.lock().expect("nobody panicked").take();
    let on_growing = |sql: &String| {
        let words = words_of(sql);
        let reads = ["SELECT", "UPDATE", "INSERT", "DELETE", "WITH"];
        reads.contains(&words[0].to_uppercase().as_str())
            && words.iter().any(|word| GROWING.contains(word))
    };
    let caught = caught.expect("statements").into_iter();
    let caught: Vec<String> = caught.filter(on_growing).collect();
    assert!(
        caught.len() > 20,
        "exam day has more statements: {caught:#?}"
    );
    caught
}

fn words_of(sql: &str) -> Vec<&str> {
    let apart = |c: char| !(c.is_alphanumeric() || c == '_');
    sql.split(apart).filter(|word| !word.is_empty()).collect()
}

/// What `sql` calls the tables that grow: their names, and the names it gives them.
fn names_in(sql: &str) -> BTreeSet<&str> {
    let words = words_of(sql);
    let mut names: BTreeSet<&str> = GROWING.into_iter().collect();
    for pair in words.windows(2) {
        // `attempts a`; a keyword after the table is no name, but no table either.
        if GROWING.contains(&pair[0]) {
            names.insert(pair[1]);
        }
    }
    names
}

/// `SCAN attempts`, or `SCAN a USING INDEX …` with an index that is not short.
async fn fault_on_sqlite(store: &Store, sql: &str) -> Vec<String> {
    let Store::Sqlite { writer, .. } = store else {
        panic!("a file");
    };
    let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    let rows = plan.fetch_all(writer).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let names = names_in(sql);
    rows.iter()
        .map(|row| row.get::<String, _>("detail"))
        .filter(|step| {
            let words = words_of(step);
            words[0] == "SCAN"
                && names.contains(words[1])
                && !words.iter().any(|word| SHORT.contains(word))
        })
        .map(|step| format!("SQLite: {step}: {sql}"))
        .collect()
}

/// What a year leaves behind: twenty thousand attempts in a hundred rounds, as long as papers are, twenty steps each.
const A_YEAR: [&str; 8] = [
    "SET session_replication_role = replica",
    "INSERT INTO attempts (id, round_id, person_id, number, state, seed, drawn_with, paper, started_at_ms, deadline_at_ms,
                           seq_reserved, finished_at_ms, receipt, outcome, points, board_number)
     SELECT 'a' || i, 'r' || i % 100, 'p' || i % 2000, 1 + i / 2000, 'handed_in', '', '{}', repeat('x', 1500), i, i, 1000, i, '', '{}', 1, i
     FROM generate_series(1, 20000) AS i",
    "INSERT INTO steps (attempt_id, seq, number, answer, at_ms, late)
     SELECT 'a' || i, s, s, '{}', i, FALSE FROM generate_series(1, 20000) AS i, generate_series(1, 20) AS s",
    "INSERT INTO sessions (hash, person_id, created_at_ms, expires_at_ms)
     SELECT 's' || i, 'p' || i % 2000, i, i FROM generate_series(1, 10000) AS i",
    "INSERT INTO tickets (hash, person_id, created_at_ms) SELECT 't' || i, 'p' || i, i FROM generate_series(1, 10000) AS i",
    "INSERT INTO entrants (round_id, person_id, name, unit_id, unit_name, post, division)
     SELECT 'r' || i % 100, 'p' || i, '', '', '', '', '' FROM generate_series(1, 10000) AS i",
    "INSERT INTO acts (id, at_ms, actor, act, subject, detail)
     SELECT 'c' || i, i, 'p' || i % 2000, 'x', 'r' || i % 100, '{}' FROM generate_series(1, 10000) AS i",
    "ANALYZE",
];

/// A connection that plans as after a year, whatever is asked for.
async fn planner(url: &str) -> PgConnection {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    // As a disk without moving parts has it; with the usual 4 a whole table of this size is still worth reading in order.
    let generic = [
        "SET random_page_cost = 1.1",
        "SET plan_cache_mode = force_generic_plan",
    ];
    for text in A_YEAR.into_iter().chain(generic) {
        let done = sqlx::query(text).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    connection
}

async fn fault_on_postgres(connection: &mut PgConnection, place: usize, sql: &str) -> Vec<String> {
    let name = format!("hot_{place}");
    let prepare = format!("PREPARE {name} AS {sql}");
    let prepared = sqlx::raw_sql(AssertSqlSafe(prepare));
    let prepared = prepared.execute(&mut *connection).await;
    prepared.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let parameters = (1..10).take_while(|number| sql.contains(&format!("${number}")));
    let nulls = vec!["NULL"; parameters.count()].join(", ");
    let nulls = if nulls.is_empty() {
        nulls
    } else {
        format!("({nulls})")
    };
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE {name}{nulls}");
    let plan = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_one(connection);
    let plan = plan.await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text: String = plan.get_unchecked(0);
    let plan: Value = serde_json::from_str(&text).expect("a plan");
    let mut found = Vec::new();
    whole_tables(&plan[0]["Plan"], &mut found);
    found
        .into_iter()
        .map(|table| format!("PostgreSQL reads all of {table}: {sql}"))
        .collect()
}

/// The tables that grow and are read whole below this node of a plan: in order, or through all of an index.
fn whole_tables(node: &Value, found: &mut Vec<String>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let table = node["Relation Name"].as_str().unwrap_or_default();
    let index = node["Index Name"].as_str().unwrap_or_default();
    let whole = match kind {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" => node["Index Cond"].is_null() && !SHORT.contains(&index),
        _ => false,
    };
    if whole && GROWING.contains(&table) {
        found.push(format!("{table} ({kind} {index})"));
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        whole_tables(below, found);
    }
}
