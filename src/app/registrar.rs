//! The registrar: rosters, tickets, signing in and out, grants.

mod import;
mod matching;
mod placing;
mod posts;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{
    app::{
        App,
        organizer::{below, find_unit},
    },
    clock::{fresh, hex},
    error::{Code, Error, Result},
    exchange::roster::RosterFault,
    people::{Person, Role, Unit, place_of},
    store::{Tx, people, tokens},
};

/// A session lasts as long as a campaign's phase: nobody over fifty should have to sign in on exam morning.
const SESSION_MS: i64 = 60 * 24 * 3_600_000;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    pub added: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub units_added: usize,
    pub new_units: Vec<String>,
    /// Whose unit or phone changed, in a line of Chinese each.
    pub notes: Vec<String>,
    /// Rows that cannot be taken; where there is one, nothing was imported.
    pub faults: Vec<RosterFault>,
    /// Words that stand for a post nobody knows; where there is one, nothing was imported.
    pub unknown_posts: Vec<UnknownPost>,
}

impl Imported {
    /// Nothing is wrong and nothing is to be asked.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.unknown_posts.is_empty()
    }
}

/// 把“支书当家人”当作哪个岗位？
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct UnknownPost {
    pub text: String,
    pub column: String,
    /// Every row it stands in, as the spreadsheet counts.
    pub rows: Vec<usize>,
    /// The post it looks like; empty: none.
    pub like: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Import {
    /// Says what it would do.
    DryRun,
    ForReal,
}

/// A fresh ticket with whose it is.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Ticket {
    pub person: String,
    pub unit: String,
    pub post: String,
    pub link: String,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: Person,
    /// The village or office, also of who is in a group of it.
    pub unit: Unit,
    /// Empty: none.
    pub group: String,
    pub grants: Vec<(Role, String)>,
}

impl SignedIn {
    /// 桃源村一组.
    pub fn place(&self) -> String {
        if self.group.starts_with(&self.unit.name) {
            return self.group.clone();
        }
        format!("{}{}", self.unit.name, self.group)
    }

    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|(granted, _)| *granted == role)
    }
}

impl App {
    /// New tickets for everybody of a unit and below; older ones live until revoked.
    pub async fn issue_tickets(&self, actor: &str, unit_name: &str) -> Result<Vec<Ticket>> {
        let now_ms = self.clock.now_ms();
        let mut tx = self.store.write().await?;
        let units = people::units(&mut tx).await?;
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let top = find_unit(&reach, unit_name)?.id.clone();
        let within = below(&units, &top);
        let mut tickets = Vec::new();
        for person in people::persons(&mut tx).await? {
            if !within.contains(&person.unit_id.as_str())
                || !self.vouches(&mut tx, actor, &person.id).await?
            {
                continue;
            }
            let token = fresh_token();
            tokens::add_ticket(&mut tx, &token_hash(&token), &person.id, now_ms).await?;
            let place = place_of(&units, &person.unit_id);
            tickets.push(Ticket {
                unit: place.map_or_else(String::new, |place| place.text()),
                post: person.posts.join("、"),
                person: person.name,
                link: format!("{}/t/{token}", self.public_url),
            });
        }
        let count = tickets.len();
        self.log(
            &mut tx,
            actor,
            "issue-tickets",
            &top,
            serde_json::json!({ "count": count }),
        )
        .await?;
        tx.commit().await?;
        Ok(tickets)
    }

    /// Whose ticket it is. Looking signs nobody in.
    pub async fn look_at_ticket(&self, token: &str) -> Result<SignedIn> {
        let mut tx = self.store.read().await?;
        let person_id = tokens::ticket_person(&mut tx, &token_hash(token))
            .await?
            .ok_or_else(|| {
                Error::refused(
                    Code::NotSignedIn,
                    "这张参赛证不能用了，可能已经换发了新的，请找主办单位",
                )
            })?;
        signed_in(&mut tx, &person_id).await
    }

    /// Signs in with a ticket: the session's token, for the cookie.
    pub async fn sign_in(&self, ticket: &str) -> Result<String> {
        let (sessions, now_ms) = (&self.memory.sessions, self.clock.now_ms());
        let mark = sessions.mark();
        let who = self.look_at_ticket(ticket).await?;
        let mut tx = self.store.write().await?;
        let token = self.begin_session(&mut tx, &who.person.id).await?;
        tx.commit().await?;
        // The next request is this person's: nothing is to be read for it.
        sessions.keep(mark, token_hash(&token), who.into(), now_ms + SESSION_MS);
        Ok(token)
    }

    /// A fresh session: its token, for the cookie.
    pub(in crate::app) async fn begin_session(
        &self,
        tx: &mut Tx,
        person_id: &str,
    ) -> Result<String> {
        let now_ms = self.clock.now_ms();
        let token = fresh_token();
        let ends_at_ms = now_ms + SESSION_MS;
        tokens::add_session(tx, &token_hash(&token), person_id, now_ms, ends_at_ms).await?;
        Ok(token)
    }

    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let hash = token_hash(token);
        let mut tx = self.store.write().await?;
        tokens::end_session(&mut tx, &hash, self.clock.now_ms()).await?;
        tx.commit().await?;
        self.memory.sessions.forget(&hash);
        Ok(())
    }

    /// Gives somebody a right over a unit and what is below it. `who` is an id, a name, or `单位/姓名`.
    pub async fn grant(
        &self,
        actor: &str,
        who: &str,
        role: Role,
        unit_name: &str,
    ) -> Result<Person> {
        let mut tx = self.store.write().await?;
        let units = self.reach(&mut tx, actor, Role::Organizer).await?;
        let unit = find_unit(&units, unit_name)?.clone();
        let mut persons = people::persons(&mut tx).await?;
        persons.retain(|person| units.iter().any(|unit| unit.id == person.unit_id));
        let person = find_person(&units, &persons, who)?;
        people::add_grant(&mut tx, &person.id, role, &unit.id).await?;
        let detail = serde_json::json!({ "role": role, "unit": unit.name });
        self.log(&mut tx, actor, "grant", &person.id, detail)
            .await?;
        tx.commit().await?;
        self.memory.sessions.forget_people();
        Ok(person)
    }

    /// Who can sign in with a ticket.
    pub async fn ticket_holders(&self) -> Result<Vec<String>> {
        tokens::ticket_holders(&mut self.store.read().await?).await
    }

    /// Every unit and everybody; what of them somebody may see is `people_run_by`.
    pub async fn people(&self) -> Result<(Vec<Unit>, Vec<Person>)> {
        let mut tx = self.store.read().await?;
        Ok((
            people::units(&mut tx).await?,
            people::persons(&mut tx).await?,
        ))
    }
}

pub(in crate::app) async fn signed_in(tx: &mut Tx, person_id: &str) -> Result<SignedIn> {
    let person = people::find_person(tx, person_id).await?;
    let units = people::unit_and_above(tx, &person.unit_id).await?;
    let place = place_of(&units, &person.unit_id);
    let place = place.ok_or_else(|| Error::NotFound("这个人的单位".into()))?;
    let grants = people::grants_of(tx, person_id).await?;
    Ok(SignedIn {
        unit: place.unit.clone(),
        group: place.group_name().to_owned(),
        person,
        grants,
    })
}

/// The one person of this id, or of `姓名`, `单位/姓名`, `单位/小组/姓名`, each with `/手机尾号` if need be.
pub(in crate::app) fn find_person(units: &[Unit], persons: &[Person], who: &str) -> Result<Person> {
    let mut parts: Vec<&str> = who.split('/').map(str::trim).collect();
    let is_end = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let phone_end = parts.pop_if(|part| is_end(&&**part)).unwrap_or_default();
    let name = parts.pop().unwrap_or_default();
    let matching: Vec<&Person> = persons
        .iter()
        .filter(|person| {
            let place = place_of(units, &person.unit_id);
            let lies_in = |part: &&str| {
                place.is_some_and(|place| place.unit.name == *part || place.group_name() == *part)
            };
            let named = person.name == name && person.phone.ends_with(phone_end);
            person.id == who || (named && parts.iter().all(lies_in))
        })
        .collect();
    match matching.as_slice() {
        [] => Err(Error::NotFound(format!("“{who}”，请先把这个人导入花名册"))),
        [person] => Ok((*person).clone()),
        _ => Err(Error::refused(
            Code::Conflict,
            format!("叫“{name}”的不止一人，请写成 单位/姓名，还分不清就写 单位/小组/姓名/手机尾号"),
        )),
    }
}

/// A hundred and ninety-two bits that nobody guesses.
pub(in crate::app) fn fresh_token() -> String {
    URL_SAFE_NO_PAD.encode(fresh::<24>())
}

pub(in crate::app) fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}
