//! 计分抽问: events, who is to be examined in them, and the entries that make their boards.

use crate::{
    bank::points::Points,
    contest::{
        round::Entrant,
        spot_check::event::{Entry, Event},
    },
    error::Result,
    store::{Tx, execute, from_json, on, to_json},
};

type EventRow = (String, String, String, String, i64, Option<i64>);

fn event((id, name, unit_id, rules, created_at_ms, closed_at_ms): EventRow) -> Result<Event> {
    Ok(Event {
        id,
        name,
        unit_id,
        rules: from_json("抽问办法", &rules)?,
        created_at_ms,
        closed_at_ms,
    })
}

pub async fn add(tx: &mut Tx, event: &Event, entrants: &[Entrant], actor: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO spot_events (id, name, unit_id, rules, created_by, created_at_ms) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(&event.id)
        .bind(&event.name)
        .bind(&event.unit_id)
        .bind(to_json(&event.rules))
        .bind(actor)
        .bind(event.created_at_ms)
    )?;
    for entrant in entrants {
        execute!(
            tx,
            sqlx::query(
                "INSERT INTO spot_entrants (event_id, person_id, unit_id, post, division) VALUES ($1, $2, $3, $4, $5)"
            )
            .bind(&event.id)
            .bind(&entrant.person_id)
            .bind(&entrant.unit_id)
            .bind(&entrant.post)
            .bind(&entrant.division)
        )?;
    }
    Ok(())
}

pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Event>> {
    let row: Option<EventRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, name, unit_id, rules, created_at_ms, closed_at_ms FROM spot_events WHERE id = $1"
    ).bind(id).fetch_optional(db).await)?;
    row.map(event).transpose()
}

/// Newest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, name, unit_id, rules, created_at_ms, closed_at_ms FROM spot_events ORDER BY created_at_ms DESC, id DESC"
    ).fetch_all(db).await)?;
    rows.into_iter().map(event).collect()
}

/// In which this person is to be examined, newest first.
pub async fn of_entrant(tx: &mut Tx, person_id: &str) -> Result<Vec<Event>> {
    let rows: Vec<EventRow> = on!(tx, db => sqlx::query_as(
        "SELECT v.id, v.name, v.unit_id, v.rules, v.created_at_ms, v.closed_at_ms
         FROM spot_events v JOIN spot_entrants e ON e.event_id = v.id
         WHERE e.person_id = $1 ORDER BY v.created_at_ms DESC, v.id DESC"
    ).bind(person_id).fetch_all(db).await)?;
    rows.into_iter().map(event).collect()
}

/// Whether an event of this person's has ended, or points of theirs were entered in one.
pub async fn has_results(tx: &mut Tx, person_id: &str) -> Result<bool> {
    let found: Option<(String,)> = on!(tx, db => sqlx::query_as(
        "SELECT v.id FROM spot_events v JOIN spot_entrants e ON e.event_id = v.id
         WHERE e.person_id = $1 AND (v.closed_at_ms IS NOT NULL
           OR EXISTS (SELECT 1 FROM spot_entries x WHERE x.event_id = v.id AND x.person_id = $1)) LIMIT 1"
    ).bind(person_id).fetch_optional(db).await)?;
    Ok(found.is_some())
}

/// By unit, then person. Names are today's: a purge takes them away.
pub async fn entrants(tx: &mut Tx, event_id: &str) -> Result<Vec<Entrant>> {
    let rows: Vec<(String, String, String, String, String, String, bool)> = on!(tx, db => sqlx::query_as(
        "SELECT e.person_id, p.name, e.unit_id, u.name, e.post, e.division, e.on_leave
         FROM spot_entrants e JOIN persons p ON p.id = e.person_id JOIN units u ON u.id = e.unit_id
         WHERE e.event_id = $1 ORDER BY e.unit_id, e.person_id"
    ).bind(event_id).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(
            |(person_id, name, unit_id, unit_name, post, division, on_leave)| Entrant {
                person_id,
                name,
                unit_id,
                unit_name,
                post,
                division,
                on_leave,
                late: false,
                extension_ms: 0,
            },
        )
        .collect())
}

/// Turns somebody's approved leave on or off; false where nobody of this id is to be examined.
pub async fn turn_leave(tx: &mut Tx, event_id: &str, person_id: &str) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE spot_entrants SET on_leave = NOT on_leave WHERE event_id = $1 AND person_id = $2"
        )
        .bind(event_id)
        .bind(person_id)
    )?;
    Ok(touched == 1)
}

pub async fn close(tx: &mut Tx, id: &str, at_ms: i64) -> Result<bool> {
    let touched = execute!(
        tx,
        sqlx::query(
            "UPDATE spot_events SET closed_at_ms = $2 WHERE id = $1 AND closed_at_ms IS NULL"
        )
        .bind(id)
        .bind(at_ms)
    )?;
    Ok(touched == 1)
}

/// On PostgreSQL, nobody else begins a session of this event or enters points before this transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<()> {
    execute!(
        tx,
        sqlx::query("UPDATE spot_events SET name = name WHERE id = $1").bind(id)
    )?;
    Ok(())
}

pub async fn add_entry(tx: &mut Tx, event_id: &str, entry: &Entry) -> Result<()> {
    execute!(
        tx,
        sqlx::query(
            "INSERT INTO spot_entries (id, event_id, check_id, person_id, points, reverses, actor, at_ms, reason)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(&entry.id)
        .bind(event_id)
        .bind(&entry.check_id)
        .bind(&entry.person_id)
        .bind(entry.points.0)
        .bind(&entry.reverses)
        .bind(&entry.actor)
        .bind(entry.at_ms)
        .bind(&entry.reason)
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: String,
    check_id: String,
    person_id: String,
    points: i64,
    reverses: Option<String>,
    actor: String,
    at_ms: i64,
    reason: String,
}

/// In the order they were made.
pub async fn entries(tx: &mut Tx, event_id: &str) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = on!(tx, db => sqlx::query_as(
        "SELECT id, check_id, person_id, points, reverses, actor, at_ms, reason
         FROM spot_entries WHERE event_id = $1 ORDER BY at_ms, id"
    ).bind(event_id).fetch_all(db).await)?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            points: Points(row.points),
            id: row.id,
            check_id: row.check_id,
            person_id: row.person_id,
            reverses: row.reverses,
            actor: row.actor,
            at_ms: row.at_ms,
            reason: row.reason,
        })
        .collect())
}
