//! The registrar: rosters, tickets, signing in and out, grants.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{
    app::{
        App,
        organizer::{below, find_unit},
        permission::is_person,
    },
    bank::posts::Posts,
    clock::{fresh, fresh_id, hex},
    error::{Code, Error, Result},
    exchange::roster::{RosterFault, RosterRow},
    people::{Person, Role, Unit, UnitKind},
    store::{
        Tx, people, tokens,
        versions::{self, Subject},
    },
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
    /// Rows that cannot be taken; where there is one, nothing was imported.
    pub faults: Vec<RosterFault>,
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
    pub unit: Unit,
    pub grants: Vec<(Role, String)>,
}

impl SignedIn {
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|(granted, _)| *granted == role)
    }
}

impl App {
    /// Takes all rows or none. People are told apart by unit, name and, where two share both, the phone.
    pub async fn import_roster(
        &self,
        actor: &str,
        top: &str,
        rows: &[RosterRow],
        import: Import,
    ) -> Result<Imported> {
        let now_ms = self.clock.now_ms();
        let posts = self
            .live_bank()
            .await?
            .map(|live| live.bank.posts.clone())
            .unwrap_or_default();
        let mut tx = self.store.write().await?;
        let mut imported = Imported::default();
        let reach = self.reach(&mut tx, actor, Role::Organizer).await?;
        let top_unit = match (find_unit(&reach, top), top.trim()) {
            (Ok(unit), _) => unit.clone(),
            // A new township is made at the first start or on the command line, not by whoever uploads a file.
            (Err(error), _) if is_person(actor) => return Err(error),
            (Err(error), "") if !reach.is_empty() => return Err(error),
            (Err(_), "") => {
                return Err(Error::refused(
                    Code::BadRequest,
                    "第一次导入请说明是哪个镇（命令里写 --unit 镇名）",
                ));
            }
            (Err(_), name) => self.add_unit(&mut tx, name, None, &mut imported).await?,
        };
        let mut units = people::units(&mut tx).await?;
        let mut persons = people::persons(&mut tx).await?;
        for row in rows {
            match read_posts(&posts, row) {
                Ok(held) => {
                    let unit = self
                        .unit_of(&mut tx, &mut units, &top_unit, &row.unit, &mut imported)
                        .await?;
                    save_row(
                        &mut tx,
                        &mut persons,
                        &unit,
                        row,
                        held,
                        now_ms,
                        &mut imported,
                    )
                    .await?;
                }
                Err(fault) => imported.faults.push(fault),
            }
        }
        if import == Import::ForReal && imported.faults.is_empty() {
            let summary =
                serde_json::json!({ "added": imported.added, "updated": imported.updated });
            self.log(&mut tx, actor, "import-roster", &top_unit.id, summary)
                .await?;
            versions::raise(&mut tx, Subject::People).await?;
            tx.commit().await?;
        }
        Ok(imported)
    }

    async fn unit_of(
        &self,
        tx: &mut Tx,
        units: &mut Vec<Unit>,
        top: &Unit,
        name: &str,
        imported: &mut Imported,
    ) -> Result<Unit> {
        if name.is_empty() || name == top.name {
            return Ok(top.clone());
        }
        let within = below(units, &top.id);
        let found = units
            .iter()
            .find(|unit| unit.name == name && within.contains(&unit.id.as_str()));
        if let Some(unit) = found {
            return Ok(unit.clone());
        }
        let unit = self.add_unit(tx, name, Some(&top.id), imported).await?;
        units.push(unit.clone());
        Ok(unit)
    }

    async fn add_unit(
        &self,
        tx: &mut Tx,
        name: &str,
        parent: Option<&str>,
        imported: &mut Imported,
    ) -> Result<Unit> {
        let unit = Unit {
            id: fresh_id(self.clock.now_ms()),
            parent_id: parent.map(str::to_owned),
            name: name.to_owned(),
            kind: UnitKind::of_name(name),
        };
        people::add_unit(tx, &unit).await?;
        imported.units_added += 1;
        Ok(unit)
    }

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
            let unit = units.iter().find(|unit| unit.id == person.unit_id);
            tickets.push(Ticket {
                unit: unit.map_or_else(String::new, |unit| unit.name.clone()),
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
        let who = self.look_at_ticket(ticket).await?;
        let mut tx = self.store.write().await?;
        let token = self.begin_session(&mut tx, &who.person.id).await?;
        tx.commit().await?;
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
        let mut tx = self.store.write().await?;
        tokens::end_session(&mut tx, &token_hash(token), self.clock.now_ms()).await?;
        tx.commit().await
    }

    /// Who holds this session; `None` when it ended, expired or never was.
    pub async fn session(&self, token: &str) -> Result<Option<SignedIn>> {
        let mut tx = self.store.read().await?;
        match tokens::session_person(&mut tx, &token_hash(token), self.clock.now_ms()).await? {
            Some(person_id) => signed_in(&mut tx, &person_id).await.map(Some),
            None => Ok(None),
        }
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

async fn signed_in(tx: &mut Tx, person_id: &str) -> Result<SignedIn> {
    let person = people::find_person(tx, person_id).await?;
    let unit = people::units(tx)
        .await?
        .into_iter()
        .find(|unit| unit.id == person.unit_id)
        .ok_or_else(|| Error::NotFound("这个人的单位".into()))?;
    let grants = people::grants_of(tx, person_id).await?;
    Ok(SignedIn {
        person,
        unit,
        grants,
    })
}

/// The one person of this id, name or `单位/姓名`.
pub(in crate::app) fn find_person(units: &[Unit], persons: &[Person], who: &str) -> Result<Person> {
    let (unit_name, name) = who.split_once('/').unwrap_or(("", who));
    let unit_id = units
        .iter()
        .find(|unit| unit.name == unit_name)
        .map(|unit| unit.id.as_str());
    let matching: Vec<&Person> = persons
        .iter()
        .filter(|person| person.id == who || person.name == name)
        .filter(|person| unit_name.is_empty() || Some(person.unit_id.as_str()) == unit_id)
        .collect();
    match matching.as_slice() {
        [] => Err(Error::NotFound(format!("“{who}”，请先把这个人导入花名册"))),
        [person] => Ok((*person).clone()),
        _ => Err(Error::refused(
            Code::Conflict,
            format!("叫“{name}”的不止一人，请写成 单位/姓名"),
        )),
    }
}

/// A row's posts by their names in `posts.md`; the first is the main one. Without a table every post is taken as written.
fn read_posts(posts: &Posts, row: &RosterRow) -> std::result::Result<Vec<String>, RosterFault> {
    row.posts
        .iter()
        .map(|text| match posts.find(text) {
            Some(post) => Ok(post.name.clone()),
            None if posts.posts.is_empty() => Ok(text.clone()),
            None => Err(RosterFault {
                row: row.row,
                column: row.post_column.clone(),
                reason: format!(
                    "不认识岗位“{text}”。请在题库的 posts.md 里给它加别名，或改成那里有的岗位"
                ),
            }),
        })
        .collect()
}

async fn save_row(
    tx: &mut Tx,
    persons: &mut Vec<Person>,
    unit: &Unit,
    row: &RosterRow,
    posts: Vec<String>,
    now_ms: i64,
    imported: &mut Imported,
) -> Result<()> {
    let same_name = |person: &&mut Person| person.unit_id == unit.id && person.name == row.name;
    let same_phone = |person: &Person| {
        person.phone == row.phone || person.phone.is_empty() || row.phone.is_empty()
    };
    match persons
        .iter_mut()
        .filter(same_name)
        .find(|person| same_phone(person))
    {
        Some(person) => {
            let before = person.clone();
            person.posts = posts;
            if !row.phone.is_empty() {
                person.phone.clone_from(&row.phone);
            }
            if *person == before {
                imported.unchanged += 1;
                return Ok(());
            }
            imported.updated += 1;
            people::save_person(tx, person, now_ms).await
        }
        None => {
            let person = Person {
                id: fresh_id(now_ms),
                name: row.name.clone(),
                unit_id: unit.id.clone(),
                phone: row.phone.clone(),
                posts,
            };
            imported.added += 1;
            people::save_person(tx, &person, now_ms).await?;
            persons.push(person);
            Ok(())
        }
    }
}

/// A hundred and ninety-two bits that nobody guesses.
pub(in crate::app) fn fresh_token() -> String {
    URL_SAFE_NO_PAD.encode(fresh::<24>())
}

pub(in crate::app) fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}
