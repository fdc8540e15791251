//! From configuration to a program that can work: the database opened and, where it has no bank yet, one published.

use std::sync::Arc;

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    error::Result,
    exchange::{bank_folder, embedded_bank},
    store::Store,
};

/// Where `serve` listens unless it is told otherwise.
const HERE: &str = "http://127.0.0.1:8080";

impl Config {
    /// Opens the database; a fresh one gets the bank of the folders, else the one inside the program.
    pub(in crate::cli) async fn open(&self, clock: Clock) -> Result<Arc<App>> {
        let store = Store::open(&self.database).await?;
        let public_url = self.public_url.as_deref().unwrap_or(HERE);
        let public_url = public_url.trim_end_matches('/').to_owned();
        let app = App::open(store, clock, public_url);
        if app.live_bank().await?.is_none() {
            let folders = self.folders();
            let files = if folders.is_empty() {
                embedded_bank::files()
            } else {
                bank_folder::read_folders(&folders)?
            };
            app.publish(&files).await?;
        }
        Ok(app)
    }
}
