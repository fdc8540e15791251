//! The first organizer: made by whoever holds the machine, through a one-time link, never by coming first.

use serde_json::json;

use crate::{
    app::{
        App,
        registrar::{fresh_token, token_hash},
    },
    clock::fresh_id,
    error::{Code, Error, Result},
    people::{Person, Role, Unit, UnitKind},
    store::{
        people, signing,
        versions::{self, Subject},
    },
};

/// What the form says.
#[derive(Debug, Clone, Default)]
pub struct FirstOrganizer {
    /// The township (or county) that hosts.
    pub unit: String,
    pub name: String,
    pub phone: String,
}

impl App {
    /// The link for the terminal, while there is no organizer; links made before end.
    pub async fn first_organizer_link(&self) -> Result<Option<String>> {
        let mut tx = self.store.write().await?;
        if signing::has_organizer(&mut tx).await? {
            return Ok(None);
        }
        let token = fresh_token();
        signing::replace_setup_link(&mut tx, &token_hash(&token), self.clock.now_ms()).await?;
        tx.commit().await?;
        Ok(Some(format!("{}/setup/{token}", self.public_url)))
    }

    /// Refused where the link is none, was used, or an organizer was made another way since.
    pub async fn look_at_setup_link(&self, token: &str) -> Result<()> {
        let mut tx = self.store.read().await?;
        let lives = signing::setup_link_lives(&mut tx, &token_hash(token)).await?;
        if lives && !signing::has_organizer(&mut tx).await? {
            return Ok(());
        }
        Err(used())
    }

    /// Makes unit, person and grant, and signs in: the session's token.
    pub async fn set_up(&self, token: &str, first: &FirstOrganizer) -> Result<String> {
        let now_ms = self.clock.now_ms();
        let (name, unit_name) = (first.name.trim(), first.unit.trim());
        let phone: String = first.phone.chars().filter(char::is_ascii_digit).collect();
        check(unit_name, name, &phone)?;
        let mut tx = self.store.write().await?;
        let link = signing::use_setup_link(&mut tx, &token_hash(token), now_ms).await?;
        if !link || signing::has_organizer(&mut tx).await? {
            return Err(used());
        }
        let units = people::units(&mut tx).await?;
        let known = units
            .into_iter()
            .find(|unit| unit.parent_id.is_none() && unit.name == unit_name);
        let unit = if let Some(unit) = known {
            unit
        } else {
            let unit = Unit {
                id: fresh_id(now_ms),
                parent_id: None,
                name: unit_name.to_owned(),
                kind: UnitKind::of_name(unit_name),
            };
            people::add_unit(&mut tx, &unit).await?;
            unit
        };
        let known = people::persons(&mut tx).await?.into_iter().find(|person| {
            person.unit_id == unit.id && person.name == name && person.phone == phone
        });
        let person = known.unwrap_or_else(|| Person {
            id: fresh_id(now_ms),
            name: name.to_owned(),
            unit_id: unit.id.clone(),
            phone,
            posts: vec![],
        });
        people::save_person(&mut tx, &person, now_ms).await?;
        people::add_grant(&mut tx, &person.id, Role::Organizer, &unit.id).await?;
        let detail = json!({ "unit": unit.name, "role": Role::Organizer });
        self.log(
            &mut tx,
            "program",
            "make-first-organizer",
            &person.id,
            detail,
        )
        .await?;
        versions::raise(&mut tx, Subject::People).await?;
        let session = self.begin_session(&mut tx, &person.id).await?;
        tx.commit().await?;
        self.memory.sessions.forget_people();
        Ok(session)
    }
}

fn check(unit: &str, name: &str, phone: &str) -> Result<()> {
    let bad = |detail: &str| Err(Error::refused(Code::BadRequest, detail));
    if unit.is_empty() || unit.chars().count() > 40 {
        return bad("请写镇（乡、街道、县）的名称，40 字以内");
    }
    if name.is_empty() || name.chars().count() > 30 {
        return bad("请写您的姓名，30 字以内");
    }
    if !phone.is_empty() && !(7..=13).contains(&phone.len()) {
        return bad("手机号不像手机号，请核对；也可以不填");
    }
    Ok(())
}

fn used() -> Error {
    Error::refused(
        Code::NotSignedIn,
        "这个链接不能用了：已经用过，或者已经有了主办单位。需要时在机器上用 yikouqing grant 授权",
    )
}
