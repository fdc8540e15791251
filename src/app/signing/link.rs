//! The way into the phone's own browser: a link that signs the same person in once, and no longer than they are.

use serde_json::json;

use crate::{
    app::{
        App,
        registrar::{SignedIn, fresh_token, signed_in, token_hash},
    },
    error::{Code, Error, Result},
    store::{
        Tx,
        links::{self, LinkRow},
        tokens,
    },
};

const LINK_MS: i64 = 10 * 60_000;

/// A link to copy: it is kept nowhere.
#[derive(Debug, Clone)]
pub struct OneTimeLink {
    pub link: String,
    pub expires_at_ms: i64,
}

impl App {
    /// For ten minutes and one use; a new one takes the place of the one before. `session` is the token of the asker's
    /// own: when that ends, the link is dead.
    pub async fn make_link(&self, person_id: &str, session: &str) -> Result<OneTimeLink> {
        let now_ms = self.clock.now_ms();
        let token = fresh_token();
        let row = LinkRow {
            person_id: person_id.to_owned(),
            hash: token_hash(&token),
            session_hash: token_hash(session),
            expires_at_ms: now_ms + LINK_MS,
        };
        let mut tx = self.store.write().await?;
        links::put(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(OneTimeLink {
            link: format!("{}/enter/{token}", self.public_url),
            expires_at_ms: row.expires_at_ms,
        })
    }

    /// Whose link it is. Using it up is `enter_by_link`'s.
    pub async fn look_at_link(&self, token: &str) -> Result<SignedIn> {
        let mut tx = self.store.read().await?;
        let (link, _) = self.living_link(&mut tx, token).await?;
        signed_in(&mut tx, &link.person_id).await
    }

    /// Signs in, once: the new session's token. It ends no later than the session that made the link.
    pub async fn enter_by_link(&self, token: &str) -> Result<String> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let (link, until_ms) = self.living_link(&mut tx, token).await?;
        if !links::use_up(&mut tx, &link.hash).await? {
            return Err(dead());
        }
        let id = link.person_id.as_str();
        let session = fresh_token();
        tokens::add_session(&mut tx, &token_hash(&session), id, now_ms, until_ms).await?;
        self.log(&mut tx, id, "sign-in-by-link", id, json!({}))
            .await?;
        tx.commit().await?;
        Ok(session)
    }

    /// The link, and until when the session that made it lives.
    async fn living_link(&self, tx: &mut Tx, token: &str) -> Result<(LinkRow, i64)> {
        let now_ms = self.clock.now_ms();
        let link = links::find(tx, &token_hash(token), now_ms).await?;
        let link = link.ok_or_else(dead)?;
        let session = tokens::session_person(tx, &link.session_hash, now_ms).await?;
        let until_ms = session
            .filter(|(person_id, _)| *person_id == link.person_id)
            .map(|(_, until_ms)| until_ms)
            .ok_or_else(dead)?;
        Ok((link, until_ms))
    }
}

fn dead() -> Error {
    Error::refused(
        Code::NotSignedIn,
        "这个链接不能用了：只能用一次，十分钟内有效。请在原来的地方再要一个，或者扫参赛证进入",
    )
}
