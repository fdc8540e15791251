//! Units, persons and grants.

use crate::{
    error::{Error, Result},
    people::{Person, Role, Unit, UnitKind},
    store::{
        Tx, execute, from_json, on, to_json,
        versions::{self, Subject},
    },
};

type UnitRow = (String, Option<String>, String, String);

fn unit((id, parent_id, name, kind): UnitRow) -> Result<Unit> {
    let kind: UnitKind = from_json("单位类别", &format!("\"{kind}\""))?;
    Ok(Unit {
        id,
        parent_id,
        name,
        kind,
    })
}

type PersonRow = (String, String, String, String, String);
const PERSON: &str = "SELECT id, name, unit_id, phone, posts FROM persons WHERE id = $1";

fn person((id, name, unit_id, phone, posts): PersonRow) -> Result<Person> {
    Ok(Person {
        id,
        name,
        unit_id,
        phone,
        posts: from_json("岗位", &posts)?,
    })
}

pub async fn units(tx: &mut Tx) -> Result<Vec<Unit>> {
    let rows: Vec<UnitRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, parent_id, name, kind FROM units ORDER BY id"
    ).fetch_all(db).await)?;
    rows.into_iter().map(unit).collect()
}

/// A unit and the one directly above it.
pub async fn unit_and_above(tx: &mut Tx, id: &str) -> Result<Vec<Unit>> {
    let rows: Vec<UnitRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, parent_id, name, kind FROM units
         WHERE id = $1 OR id = (SELECT parent_id FROM units WHERE id = $1)"
    ).bind(id).fetch_all(db).await)?;
    rows.into_iter().map(unit).collect()
}

pub async fn add_unit(tx: &mut Tx, unit: &Unit) -> Result<()> {
    execute!(
        tx,
        sqlx::query("INSERT INTO units (id, parent_id, name, kind) VALUES ($1, $2, $3, $4)")
            .bind(&unit.id)
            .bind(&unit.parent_id)
            .bind(&unit.name)
            .bind(unit.kind.text())
    )?;
    Ok(())
}

pub async fn find_person(tx: &mut Tx, id: &str) -> Result<Person> {
    let row: Option<PersonRow> =
        on!(tx, db => sqlx::query_as(PERSON).bind(id).fetch_optional(db).await)?;
    row.map(person)
        .transpose()?
        .ok_or_else(|| Error::NotFound("这个人".into()))
}

pub async fn persons(tx: &mut Tx) -> Result<Vec<Person>> {
    let rows: Vec<PersonRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, name, unit_id, phone, posts FROM persons WHERE name <> '' ORDER BY unit_id, id"
    ).fetch_all(db).await)?;
    rows.into_iter().map(person).collect()
}

/// Adds a person, or updates unit, phone and posts of the one with this id.
pub async fn save_person(tx: &mut Tx, person: &Person, at_ms: i64) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO persons (id, name, unit_id, phone, posts, created_at_ms) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET unit_id = excluded.unit_id, phone = excluded.phone, posts = excluded.posts"
        )
        .bind(&person.id)
        .bind(&person.name)
        .bind(&person.unit_id)
        .bind(&person.phone)
        .bind(to_json(&person.posts))
        .bind(at_ms)
    )?;
    Ok(())
}

pub async fn add_grant(tx: &mut Tx, person_id: &str, role: Role, unit_id: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query("INSERT INTO grants (person_id, role, unit_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(person_id)
            .bind(role.text())
            .bind(unit_id)
    )?;
    versions::raise(tx, Subject::People).await?;
    Ok(())
}

/// The rights of one person: role and the unit it is over.
pub async fn grants_of(tx: &mut Tx, person_id: &str) -> Result<Vec<(Role, String)>> {
    let rows: Vec<(String, String)> = on!(tx, db => sqlx::query_as(
        "SELECT role, unit_id FROM grants WHERE person_id = $1"
    ).bind(person_id).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(role, unit_id)| Role::parse(&role).map(|role| (role, unit_id)))
        .collect())
}

/// What units call posts: unit's id, the word, and the post (empty: the word is no post).
pub async fn post_aliases(tx: &mut Tx) -> Result<Vec<(String, String, String)>> {
    Ok(on!(tx, db => sqlx::query_as(
        "SELECT unit_id, alias, post FROM post_aliases ORDER BY unit_id, alias"
    ).fetch_all(db).await)?)
}

pub async fn save_post_alias(tx: &mut Tx, unit_id: &str, alias: &str, post: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO post_aliases (unit_id, alias, post) VALUES ($1, $2, $3)
             ON CONFLICT (unit_id, alias) DO UPDATE SET post = excluded.post"
        )
        .bind(unit_id)
        .bind(alias)
        .bind(post)
    )?;
    Ok(())
}
