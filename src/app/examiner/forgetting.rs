//! 点评 that examiners typed go with a purge; what was ticked, and the points made of it, stay.

use serde_json::json;

use crate::{
    app::{App, archivist::Purge},
    error::Result,
    store::spot_checks,
};

impl App {
    /// Takes the comments of every session that ended before this instant, unless its event still runs: how many.
    /// On record where there were any.
    pub async fn purge_spot_comments(
        &self,
        actor: &str,
        before_ms: i64,
        purge: Purge,
    ) -> Result<u64> {
        let mut tx = self.store.write().await?;
        let comments = spot_checks::forget_comments_before(&mut tx, before_ms).await?;
        if purge == Purge::ForReal && comments > 0 {
            let detail = json!({ "comments": comments });
            self.log(&mut tx, actor, "purge-spot-comments", "", detail)
                .await?;
            tx.commit().await?;
        }
        Ok(comments)
    }
}
