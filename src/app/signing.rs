//! Signing in without a ticket (a code that an organizer shows, a password), and taking sign-ins back.

mod link;

pub use self::link::OneTimeLink;

use serde_json::json;

use crate::{
    app::{
        App,
        permission::is_person,
        registrar::{SignedIn, Ticket, fresh_token, token_hash},
    },
    clock::fresh,
    error::{Code, Error, Result},
    people::{Person, Role, place_of},
    store::{
        Tx, people,
        signing::{self, CodeRow, PasswordRow, SessionRow},
        tokens,
    },
};

const CODE_MS: i64 = 10 * 60_000;
const CODE_TRIES: i64 = 5;
const PASSWORD_TRIES: i64 = 5;
const LOCK_MS: i64 = 10 * 60_000;
/// In characters.
const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 10..=200;

/// A code to read out or show: it is kept nowhere.
#[derive(Debug, Clone)]
pub struct ShownCode {
    /// Eight digits.
    pub code: String,
    pub expires_at_ms: i64,
}

impl App {
    /// Somebody this organizer looks after, with how many tickets live.
    pub async fn person_run_by(&self, actor: &str, person_id: &str) -> Result<(Person, i64)> {
        let mut tx = self.store.read().await?;
        let person = self.must_look_after(&mut tx, actor, person_id).await?;
        let tickets = signing::tickets_alive(&mut tx, person_id).await?;
        Ok((person, tickets))
    }

    /// Eight digits for ten minutes and five tries; a new one takes the place of the one before.
    pub async fn show_code(&self, actor: &str, person_id: &str) -> Result<ShownCode> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let person = self.must_vouch_for(&mut tx, actor, person_id).await?;
        if person.phone.is_empty() {
            let detail = "名册里没有这个人的手机号，不能用验证码登录。请印参赛证，或在名册里补上手机号再导入";
            return Err(Error::refused(Code::Conflict, detail));
        }
        let code = format!("{:08}", u64::from_le_bytes(fresh::<8>()) % 100_000_000);
        let expires_at_ms = now_ms + CODE_MS;
        let row = CodeRow {
            person_id: person_id.to_owned(),
            hash: code_hash(person_id, &code),
            expires_at_ms,
            tries: 0,
            shown_by: actor.to_owned(),
        };
        signing::show_code(&mut tx, &row).await?;
        let detail = json!({ "expires_at_ms": expires_at_ms });
        self.log(&mut tx, actor, "show-sign-in-code", person_id, detail)
            .await?;
        tx.commit().await?;
        Ok(ShownCode {
            code,
            expires_at_ms,
        })
    }

    /// Signs in by phone number with a shown code or a password: the session's token.
    pub async fn sign_in_by_phone(&self, phone: &str, secret: &str) -> Result<String> {
        let phone: String = phone.chars().filter(char::is_ascii_digit).collect();
        let digits: String = secret.split_whitespace().collect();
        if phone.is_empty() || digits.is_empty() || secret.len() > 1_000 {
            return Err(wrong());
        }
        if digits.len() == 8
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Some(token) = self.try_codes(&phone, &digits).await?
        {
            return Ok(token);
        }
        self.try_passwords(&phone, secret).await
    }

    async fn try_codes(&self, phone: &str, code: &str) -> Result<Option<String>> {
        let now_ms = self.clock.now_ms();
        let live = signing::codes_of_phone(&mut self.store.read().await?, phone, now_ms).await?;
        if live.is_empty() {
            return Ok(None);
        }
        let mut tx = self.store.write().await?;
        let mut token = None;
        for row in &live {
            if !signing::count_code_try(&mut tx, row, CODE_TRIES).await? {
                continue;
            }
            let right = row.hash == code_hash(&row.person_id, code);
            if right && signing::use_up_code(&mut tx, &row.person_id, &row.hash).await? {
                let detail = json!({ "shown_by": row.shown_by });
                self.log(
                    &mut tx,
                    &row.person_id,
                    "sign-in-by-code",
                    &row.person_id,
                    detail,
                )
                .await?;
                token = Some(self.begin_session(&mut tx, &row.person_id).await?);
                break;
            }
            if row.tries + 1 >= CODE_TRIES {
                let detail = json!({ "tries": CODE_TRIES });
                self.log(
                    &mut tx,
                    "program",
                    "use-up-sign-in-code",
                    &row.person_id,
                    detail,
                )
                .await?;
            }
        }
        tx.commit().await?;
        Ok(token)
    }

    async fn try_passwords(&self, phone: &str, password: &str) -> Result<String> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.read().await?;
        let rows = signing::passwords_of_phone(&mut tx, phone).await?;
        drop(tx);
        for row in rows.iter().filter(|row| row.locked_until_ms <= now_ms) {
            if self.hashing.verify(password, &row.hash).await? {
                return self.enter_by_password(row).await;
            }
            let mut tx = self.store.write().await?;
            let until_ms = now_ms + LOCK_MS;
            signing::count_password_try(&mut tx, &row.person_id, PASSWORD_TRIES, until_ms).await?;
            tx.commit().await?;
        }
        Err(wrong())
    }

    async fn enter_by_password(&self, row: &PasswordRow) -> Result<String> {
        let mut tx = self.store.write().await?;
        // Somebody whose grants were all taken back signs in as everybody does.
        if people::grants_of(&mut tx, &row.person_id).await?.is_empty() {
            return Err(wrong());
        }
        signing::forget_password_tries(&mut tx, &row.person_id).await?;
        let id = row.person_id.as_str();
        self.log(&mut tx, id, "sign-in-by-password", id, json!({}))
            .await?;
        let token = self.begin_session(&mut tx, id).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Organizers and trainers may have a password; setting one ends the sessions elsewhere.
    pub async fn set_password(&self, who: &SignedIn, session: &str, password: &str) -> Result<()> {
        if !who.has(Role::Organizer) && !who.has(Role::Trainer) {
            let detail = "只有主办单位和命题人员可以设密码，其他人用参赛证登录";
            return Err(Error::refused(Code::NotAllowed, detail));
        }
        if who.person.phone.is_empty() {
            let detail = "名册里没有您的手机号，设了密码也登录不了。请先在名册里补上";
            return Err(Error::refused(Code::Conflict, detail));
        }
        let only_digits = password.bytes().all(|byte| byte.is_ascii_digit());
        if !PASSWORD_LENGTH.contains(&password.chars().count()) || only_digits {
            let detail = "密码要有 10 到 200 个字符，不能全是数字";
            return Err(Error::refused(Code::BadRequest, detail));
        }
        let hash = self.hashing.hash(password).await?;
        let now_ms = self.clock.now_ms();
        let id = who.person.id.as_str();
        let mut tx = self.store.write().await?;
        signing::set_password(&mut tx, id, &hash, now_ms).await?;
        let ended = signing::end_sessions(&mut tx, id, &token_hash(session), now_ms).await?;
        let detail = json!({ "sessions_ended": ended });
        self.log(&mut tx, id, "set-password", id, detail).await?;
        tx.commit().await?;
        self.memory.sessions.forget_person(id);
        Ok(())
    }

    /// The own sessions, newest first, each with whether it is the one that asks.
    pub async fn own_sessions(
        &self,
        person_id: &str,
        session: &str,
    ) -> Result<Vec<(SessionRow, bool)>> {
        let mut tx = self.store.read().await?;
        let rows = signing::sessions_of(&mut tx, person_id, self.clock.now_ms()).await?;
        let this = token_hash(session);
        let told = |row: SessionRow| {
            let own = row.hash == this;
            (row, own)
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// Ends the own sessions on other phones.
    pub async fn end_other_sessions(&self, person_id: &str, session: &str) -> Result<u64> {
        let mut tx = self.store.write().await?;
        let now_ms = self.clock.now_ms();
        let ended = signing::end_sessions(&mut tx, person_id, &token_hash(session), now_ms).await?;
        let detail = json!({ "sessions_ended": ended });
        self.log(&mut tx, person_id, "end-other-sessions", person_id, detail)
            .await?;
        tx.commit().await?;
        self.memory.sessions.forget_person(person_id);
        Ok(ended)
    }

    /// Since when somebody has a password.
    pub async fn password_set_at(&self, person_id: &str) -> Result<Option<i64>> {
        signing::password_set_at(&mut self.store.read().await?, person_id).await
    }

    /// One new ticket for one person; older ones live until revoked.
    pub async fn issue_ticket(&self, actor: &str, person_id: &str) -> Result<Ticket> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let person = self.must_vouch_for(&mut tx, actor, person_id).await?;
        let token = fresh_token();
        tokens::add_ticket(&mut tx, &token_hash(&token), person_id, now_ms).await?;
        self.log(&mut tx, actor, "issue-ticket", person_id, json!({}))
            .await?;
        let units = people::units(&mut tx).await?;
        tx.commit().await?;
        let place = place_of(&units, &person.unit_id);
        Ok(Ticket {
            unit: place.map_or_else(String::new, |place| place.text()),
            post: person.posts.join("、"),
            person: person.name,
            link: format!("{}/t/{token}", self.public_url),
        })
    }

    /// No ticket and no session of this person signs in any more.
    pub async fn revoke_sign_ins(&self, actor: &str, person_id: &str) -> Result<()> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        self.must_vouch_for(&mut tx, actor, person_id).await?;
        let tickets = tokens::revoke_tickets(&mut tx, person_id, now_ms).await?;
        let sessions = signing::end_sessions(&mut tx, person_id, "", now_ms).await?;
        let detail = json!({ "before": { "tickets": tickets, "sessions": sessions }, "after": { "tickets": 0, "sessions": 0 } });
        self.log(&mut tx, actor, "revoke-sign-ins", person_id, detail)
            .await?;
        tx.commit().await?;
        self.memory.sessions.forget_person(person_id);
        Ok(())
    }

    async fn must_vouch_for(&self, tx: &mut Tx, actor: &str, person_id: &str) -> Result<Person> {
        let person = self.must_look_after(tx, actor, person_id).await?;
        if !is_person(actor) || self.vouches(tx, actor, person_id).await? {
            return Ok(person);
        }
        let detail = "这个人管的范围比您大，登录的事请找上一级主办单位";
        Err(Error::refused(Code::NotAllowed, detail))
    }
}

/// Says neither which of the two was wrong nor whether the number is known.
fn wrong() -> Error {
    Error::refused(
        Code::NotSignedIn,
        "手机号和验证码（或密码）对不上，或者验证码过了十分钟、试错了五次。请让主办单位再给一个验证码",
    )
}

fn code_hash(person_id: &str, code: &str) -> String {
    token_hash(&format!("{person_id}:{code}"))
}
