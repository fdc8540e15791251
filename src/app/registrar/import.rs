//! Importing a roster: all rows or none, people told apart by unit, name and phone.

use crate::{
    app::{
        App,
        organizer::{below, find_unit},
        permission::is_person,
        registrar::{Import, Imported},
    },
    bank::posts::Posts,
    clock::fresh_id,
    error::{Code, Error, Result},
    exchange::roster::{RosterFault, RosterRow},
    people::{Person, Role, Unit, UnitKind},
    store::{
        Tx, people,
        versions::{self, Subject},
    },
};

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
            self.memory.sessions.forget_people();
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
