//! Stories: people do things in turn, on SQLite and on PostgreSQL alike, with a clock that only a story turns.

#[path = "../support/mod.rs"]
mod support;

mod stage;

mod bad_requests;
mod bad_rosters;
mod bank_live;
mod board;
mod care;
mod copies;
mod crowded;
mod deadline;
mod dispute;
mod entry;
mod hand_in;
mod lookup;
mod machine_clock;
mod monitor;
mod papers;
mod pause;
mod phones;
mod practice;
mod queue;
mod release;
mod revalidation;
mod rosters;
mod sealing;
mod signing_in;
mod spot_checks;
mod spot_events;
mod steps;
mod upgrades;
mod walk;

/// Plays each story on both databases, on a stage of its own.
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        $(mod $story {
            use crate::stage::{Database, Stage};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$story(Stage::on(Database::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$story(Stage::on(Database::Postgres).await).await;
            }
        })+
    };
}
use stories;
