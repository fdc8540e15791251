//! Importing a roster: all rows or none; who is there already is updated, wherever in the own units they were.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use crate::{
    app::{
        App,
        organizer::{below, find_unit},
        permission::is_person,
        registrar::{
            Import, Imported,
            matching::{Match, Placed, match_rows},
            placing::Places,
            posts::PostReader,
        },
    },
    clock::fresh_id,
    error::{Code, Error, Result},
    exchange::roster::{RosterFault, RosterRow},
    people::{Person, Role, Unit, UnitKind, place_of},
    store::{
        Tx, people,
        versions::{self, Subject},
    },
};

impl App {
    /// Takes all rows or none. People are told apart by unit, group, name and phone.
    pub async fn import_roster(
        &self,
        actor: &str,
        top: &str,
        rows: &[RosterRow],
        import: Import,
    ) -> Result<Imported> {
        self.import_answered(actor, top, rows, &BTreeMap::new(), import)
            .await
    }

    /// The same with answers to what was asked: word → post, or an empty text where it is no post. They are kept for
    /// the unit and everything below it.
    pub async fn import_answered(
        &self,
        actor: &str,
        top: &str,
        rows: &[RosterRow],
        answers: &BTreeMap<String, String>,
        import: Import,
    ) -> Result<Imported> {
        let live = self.live_bank().await?;
        let posts = live.map(|live| live.bank.posts.clone()).unwrap_or_default();
        let mut tx = self.store.write().await?;
        // Two imports at once would each make the same village: on PostgreSQL this row is their turnstile.
        versions::raise(&mut tx, Subject::People).await?;
        let mut imported = Imported::default();
        let top = self.import_top(&mut tx, actor, top, &mut imported).await?;
        let units = people::units(&mut tx).await?;
        let kept = kept_answers(&mut tx, &units, &top).await?;
        let mut reader = PostReader::new(&posts, kept, answers)?;
        let mut places = Places::new(units, top, self.clock.now_ms());
        let mut placed = Vec::new();
        for row in rows {
            let held = reader.read(row);
            match places.place(&mut tx, row, held, &mut imported).await? {
                Ok(row) => placed.push(row),
                Err(fault) => imported.faults.push(fault),
            }
        }
        imported.unknown_posts = reader.unknown();
        let unknown = imported.unknown_posts.iter();
        let asked: HashSet<usize> = unknown.flat_map(|post| post.rows.clone()).collect();
        let no_post = placed.iter().filter(|placed| placed.posts.is_empty());
        let no_post = no_post.filter(|placed| !asked.contains(&placed.row.row));
        imported.faults.extend(no_post.map(without_post));
        let changes = self
            .save_rows(&mut tx, actor, &places, &placed, &mut imported)
            .await?;
        imported.faults.sort_by_key(|fault| fault.row);
        if import == Import::DryRun || !imported.is_clean() {
            return Ok(imported);
        }
        for (word, post) in answers {
            people::save_post_alias(&mut tx, &places.top.id, word, post).await?;
        }
        let detail = json!({
            "added": imported.added, "updated": imported.updated, "unchanged": imported.unchanged,
            "new_units": imported.new_units, "posts": answers, "changes": changes,
        });
        self.log(&mut tx, actor, "import-roster", &places.top.id, detail)
            .await?;
        tx.commit().await?;
        self.memory.sessions.forget_people();
        Ok(imported)
    }

    async fn import_top(
        &self,
        tx: &mut Tx,
        actor: &str,
        name: &str,
        imported: &mut Imported,
    ) -> Result<Unit> {
        let reach = self.reach(tx, actor, Role::Organizer).await?;
        match (find_unit(&reach, name), name.trim()) {
            (Ok(unit), _) => Ok(unit.clone()),
            // A new township is made at the first start or on the command line, not by whoever uploads a file.
            (Err(error), _) if is_person(actor) => Err(error),
            (Err(error @ Error::Refused(_)), name) if !name.is_empty() => Err(error),
            (Err(error), "") if !reach.is_empty() => Err(error),
            (Err(_), "") => Err(Error::refused(
                Code::BadRequest,
                "第一次导入请说明是哪个镇（命令里写 --unit 镇名）",
            )),
            (Err(_), name) => {
                let unit = Unit {
                    id: fresh_id(self.clock.now_ms()),
                    parent_id: None,
                    name: name.to_owned(),
                    kind: UnitKind::of_name(name),
                };
                people::add_unit(tx, &unit).await?;
                imported.units_added += 1;
                imported.new_units.push(unit.name.clone());
                Ok(unit)
            }
        }
    }

    /// Saves every row, and tells what changed of whom, for the record.
    async fn save_rows(
        &self,
        tx: &mut Tx,
        actor: &str,
        places: &Places,
        placed: &[Placed<'_>],
        imported: &mut Imported,
    ) -> Result<Vec<Value>> {
        let now_ms = self.clock.now_ms();
        let persons = self.persons_at_hand(tx, actor, places).await?;
        let mut changes = Vec::new();
        for (placed, matched) in placed
            .iter()
            .zip(match_rows(placed, &persons, &places.units))
        {
            let before = match matched {
                Match::New => {
                    imported.added += 1;
                    let id = fresh_id(now_ms);
                    people::save_person(tx, &person_of(placed, id, ""), now_ms).await?;
                    continue;
                }
                Match::Unclear => {
                    imported.faults.push(unclear(placed));
                    continue;
                }
                Match::Known(at) => &persons[at],
            };
            let after = person_of(placed, before.id.clone(), &before.phone);
            if after == *before {
                imported.unchanged += 1;
                continue;
            }
            let moved = after.phone != before.phone || after.unit_id != before.unit_id;
            if moved && !self.vouches(tx, actor, &before.id).await? {
                imported.faults.push(beyond(placed));
                continue;
            }
            imported.updated += 1;
            imported
                .notes
                .extend(note_of(&places.units, before, &after));
            changes.push(change_of(&places.units, before, &after));
            people::save_person(tx, &after, now_ms).await?;
        }
        Ok(changes)
    }

    /// Who may be meant: everybody the organizer looks after; on the command line, everybody of the township.
    async fn persons_at_hand(
        &self,
        tx: &mut Tx,
        actor: &str,
        places: &Places,
    ) -> Result<Vec<Person>> {
        let mut persons = people::persons(tx).await?;
        if is_person(actor) {
            let reach = self.reach(tx, actor, Role::Organizer).await?;
            persons.retain(|person| reach.iter().any(|unit| unit.id == person.unit_id));
        } else {
            let within = below(&places.units, &places.top.id);
            persons.retain(|person| within.contains(&person.unit_id.as_str()));
        }
        Ok(persons)
    }
}

/// What this unit and those above it call posts; the nearest word counts.
async fn kept_answers(tx: &mut Tx, units: &[Unit], top: &Unit) -> Result<BTreeMap<String, String>> {
    let all = people::post_aliases(tx).await?;
    let (mut kept, mut here) = (BTreeMap::new(), Some(top.id.as_str()));
    for _ in 0..=units.len() {
        let Some(unit_id) = here else { break };
        for (_, word, post) in all.iter().filter(|(owner, ..)| owner == unit_id) {
            kept.entry(word.clone()).or_insert_with(|| post.clone());
        }
        let unit = units.iter().find(|unit| unit.id == unit_id);
        here = unit.and_then(|unit| unit.parent_id.as_deref());
    }
    Ok(kept)
}

fn person_of(placed: &Placed, id: String, phone_before: &str) -> Person {
    let row = placed.row;
    let phone = if row.phone.is_empty() {
        phone_before
    } else {
        &row.phone
    };
    Person {
        id,
        name: row.name.clone(),
        unit_id: placed.unit_id.clone(),
        phone: phone.to_owned(),
        posts: placed.posts.clone(),
    }
}

/// Every word of the cell was answered with “no post”.
fn without_post(placed: &Placed) -> RosterFault {
    let row = placed.row;
    RosterFault {
        row: row.row,
        column: row.post_column.clone(),
        value: row.posts.join("、"),
        reason: format!("{}没有一个算得上岗位的，请补上", row.name),
    }
}

fn unclear(placed: &Placed) -> RosterFault {
    RosterFault {
        row: placed.row.row,
        column: String::new(),
        value: placed.row.name.clone(),
        reason:
            "名册里有同村同名的人，分不清是哪一位：请写上名册里登记的电话；换了号的，一次只换一位"
                .into(),
    }
}

fn beyond(placed: &Placed) -> RosterFault {
    RosterFault {
        row: placed.row.row,
        column: String::new(),
        value: placed.row.name.clone(),
        reason: "这个人管的范围比您大，换单位、换手机号请找上一级主办单位".into(),
    }
}

fn place_text(units: &[Unit], unit_id: &str) -> String {
    place_of(units, unit_id).map_or_else(String::new, |place| place.text())
}

/// Never the whole number.
fn end_of(phone: &str) -> &str {
    phone
        .get(phone.len().saturating_sub(4)..)
        .unwrap_or_default()
}

/// A phone or a unit that changed is worth a look: a slip there takes somebody's sign-in away.
fn note_of(units: &[Unit], before: &Person, after: &Person) -> Option<String> {
    let mut changed = Vec::new();
    if before.unit_id != after.unit_id {
        let (from, to) = (&before.unit_id, &after.unit_id);
        changed.push(format!(
            "从{}到{}",
            place_text(units, from),
            place_text(units, to)
        ));
    }
    if !before.phone.is_empty() && before.phone != after.phone {
        let (from, to) = (end_of(&before.phone), end_of(&after.phone));
        changed.push(format!("手机尾号从 {from} 换成 {to}"));
    }
    let place = place_text(units, &after.unit_id);
    (!changed.is_empty()).then(|| format!("{}（{place}）{}", after.name, changed.join("，")))
}

fn change_of(units: &[Unit], before: &Person, after: &Person) -> Value {
    let told = |person: &Person| {
        json!({
            "unit": place_text(units, &person.unit_id), "posts": person.posts,
            "phone_end": end_of(&person.phone),
        })
    };
    json!({ "person": after.id, "before": told(before), "after": told(after) })
}
