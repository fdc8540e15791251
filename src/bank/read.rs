//! Files → what they say: posts first, then questions file by file, then blueprints. How good it is, `judge` says after.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    ops::Range,
};

use chrono::NaiveDate;

use crate::bank::{
    Bank, SourceFile,
    decode::decode,
    dialect::{
        FileReading, Gallery, Named,
        blueprint::{self, Draft, Known},
        ids::FREE_ID,
        posts as posts_dialect, read_questions,
        sheet::{Note, Sheet},
        synonyms as synonyms_dialect,
    },
    fault::Fault,
    posts::Posts,
    standard,
    synonyms::Synonyms,
};

/// The files by what they are for.
#[derive(Debug, Default)]
struct Sorted<'a> {
    posts: Vec<(&'a str, &'a str)>,
    synonyms: Vec<(&'a str, &'a str)>,
    blueprints: Vec<(&'a str, &'a str)>,
    questions: Vec<(&'a str, &'a str)>,
    gallery: Gallery<'a>,
    /// Folders that hold a `posts.md`: what stands in a folder below one is named from there.
    roots: Vec<&'a str>,
}

/// What the files say: every sound question, and the faults that keep others out. Nobody has yet looked at what is
/// asked how well, nor whether there is enough of it for the blueprints.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Without blueprints as yet.
    pub(in crate::bank) bank: Bank,
    /// Files of questions, in their order.
    pub(in crate::bank) sheets: Vec<Sheet<'a>>,
    /// Files of blueprints, each with what it says where that is one.
    pub(in crate::bank) drafts: Vec<(Sheet<'a>, Option<Draft>)>,
    /// Every id with the file it stands in, by its place in `sheets`, and its line.
    pub(in crate::bank) ids: HashMap<String, (usize, usize)>,
    pub(in crate::bank) as_of: NaiveDate,
}

impl<'a> Reading<'a> {
    /// Reads whole banks. Never fails: what is wrong is a fault.
    pub fn of(files: &'a [SourceFile], as_of: NaiveDate) -> Reading<'a> {
        let mut bank = Bank::default();
        let sorted = sort(files, &mut bank.faults);
        bank.posts = read_posts(&sorted, &mut bank.faults);
        bank.synonyms = read_synonyms(&sorted, &mut bank.faults);
        let mut ids: Vec<Vec<Named>> = Vec::new();
        let mut known = Known::default();
        let sheets: Vec<Sheet<'_>> = sorted
            .questions
            .iter()
            .map(|(path, text)| Sheet::new(path, text))
            .collect();
        let mut room = Vec::new();
        for sheet in &sheets {
            let folder = folder_of(sheet.file, &sorted.roots);
            let reading = read_questions(
                sheet,
                folder,
                &bank.posts,
                &sorted.gallery,
                as_of,
                &mut room,
            );
            take(&mut bank, &mut known, &mut ids, reading, folder);
        }
        let ids = drop_doubled(&mut bank, &sheets, ids);
        let mut seen = HashSet::new();
        bank.pictures
            .retain(|picture| seen.insert(picture.name.clone()));
        let drafts = read_blueprints(&mut bank, &sorted, &known);
        Reading {
            bank,
            sheets,
            drafts,
            ids,
            as_of,
        }
    }
}

fn sort<'a>(files: &'a [SourceFile], faults: &mut Vec<Fault>) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    for file in files {
        let path = file.path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let markdown = name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md"));
        if !markdown {
            sorted.gallery.files.insert(path, &file.bytes);
            continue;
        }
        if name.eq_ignore_ascii_case("README.md") {
            continue;
        }
        let text = match decode(path, &file.bytes) {
            Ok(text) => text,
            Err(fault) => {
                faults.push(*fault);
                continue;
            }
        };
        if name == "posts.md" {
            sorted.roots.push(folder);
            sorted.posts.push((path, text));
        } else if name == "synonyms.md" {
            sorted.synonyms.push((path, text));
        } else if folder.rsplit('/').next() == Some("blueprints") {
            sorted.blueprints.push((path, text));
        } else {
            sorted.questions.push((path, text));
        }
    }
    for list in [
        &mut sorted.posts,
        &mut sorted.synonyms,
        &mut sorted.blueprints,
        &mut sorted.questions,
    ] {
        list.sort_unstable();
    }
    sorted
        .roots
        .sort_by_key(|root| std::cmp::Reverse(root.len()));
    sorted
}

/// The file's folder below its bank.
fn folder_of<'a>(path: &'a str, roots: &[&str]) -> &'a str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    roots
        .iter()
        .find_map(|root| match root {
            &"" => Some(folder),
            root => {
                let below = folder.strip_prefix(root)?;
                if below.is_empty() {
                    Some(below)
                } else {
                    below.strip_prefix('/')
                }
            }
        })
        .unwrap_or(folder)
}

fn read_posts(sorted: &Sorted<'_>, faults: &mut Vec<Fault>) -> Posts {
    let mut posts = Posts::default();
    for (path, text) in &sorted.posts {
        let sheet = Sheet::new(path, text);
        let mut notes = Vec::new();
        for post in posts_dialect::read(&sheet, &mut notes).posts {
            // Banks served together may all list the same posts: the first one's words stand.
            if posts.find(&post.name).is_none() {
                posts.posts.push(post);
            }
        }
        faults.extend(notes.into_iter().map(|note| sheet.fault(note)));
    }
    if posts.posts.is_empty() {
        return standard::posts();
    }
    posts
}

/// Banks served together: every table counts, since each knows how its own people talk.
fn read_synonyms(sorted: &Sorted<'_>, faults: &mut Vec<Fault>) -> Synonyms {
    let mut synonyms = Synonyms::default();
    for (path, text) in &sorted.synonyms {
        let sheet = Sheet::new(path, text);
        let mut notes = Vec::new();
        synonyms
            .rows
            .extend(synonyms_dialect::read(&sheet, &mut notes).rows);
        faults.extend(notes.into_iter().map(|note| sheet.fault(note)));
    }
    synonyms
}

fn take(
    bank: &mut Bank,
    known: &mut Known,
    ids: &mut Vec<Vec<Named>>,
    reading: FileReading,
    folder: &str,
) {
    if !reading.topic.is_empty() {
        known.topics.insert(reading.topic);
    }
    if !folder.is_empty() {
        let parts = folder.match_indices('/').map(|(at, _)| &folder[..at]);
        known.folders.extend(parts.map(str::to_owned));
        known.folders.insert(folder.to_owned());
    }
    bank.questions.extend(reading.questions);
    bank.pictures.extend(reading.pictures);
    bank.faults.extend(reading.faults);
    ids.push(reading.ids);
}

/// An id belongs to the first who has it, in order of file and line; every later one is a fault. `ids` are those of each
/// sheet. Answers who has what.
fn drop_doubled(
    bank: &mut Bank,
    sheets: &[Sheet<'_>],
    ids: Vec<Vec<Named>>,
) -> HashMap<String, (usize, usize)> {
    let mut first = HashMap::with_capacity(ids.iter().map(Vec::len).sum());
    let mut dropped: Vec<(String, &str, usize)> = Vec::new();
    for (at, (sheet, ids)) in sheets.iter().zip(ids).enumerate() {
        for named in ids {
            let line = sheet.line(named.at.start);
            match first.entry(named.id) {
                Entry::Vacant(free) => {
                    free.insert((at, line));
                }
                Entry::Occupied(taken) => {
                    let (owner, first_line) = *taken.get();
                    let owner = (sheets[owner].file, first_line);
                    bank.faults
                        .push(doubled(sheet, named.at, taken.key(), owner));
                    dropped.push((taken.key().clone(), sheet.file, line));
                }
            }
        }
    }
    if dropped.is_empty() {
        return first;
    }
    bank.questions.retain(|question| {
        let place = &question.place;
        // Under a material whose id was taken: its questions stand below it, in the same file.
        let material = question.material.as_ref().map(|material| &material.id.0);
        !dropped.iter().any(|(id, file, line)| {
            *file == place.file
                && (*line == place.line || Some(id) == material && *line < place.line)
        })
    });
    first
}

fn doubled(sheet: &Sheet<'_>, at: Range<usize>, id: &str, (file, line): (&str, usize)) -> Fault {
    let mut fault = sheet.fault(Note::error("doubled-id", at, "", ""));
    fault.message = format!("编号 {id} 已经用过：在 {file} 第 {line} 行");
    fault.help = format!(
        "一个编号只给一道题，永远不换。把这一道的编号换成没有用过的，写成：\n{}",
        with_free_id(&fault)
    );
    fault.question = Some(id.to_owned());
    fault
}

/// The fault's line with a free id where the doubled one stands.
fn with_free_id(fault: &Fault) -> String {
    let before = fault.text.chars().take(fault.column - 1);
    let behind = fault.text.chars().skip(fault.column - 1 + fault.length);
    let id = ["#", FREE_ID].concat();
    before.chain(id.chars()).chain(behind).collect()
}

fn read_blueprints<'a>(
    bank: &mut Bank,
    sorted: &Sorted<'a>,
    known: &Known,
) -> Vec<(Sheet<'a>, Option<Draft>)> {
    let mut drafts = Vec::with_capacity(sorted.blueprints.len());
    for (path, text) in &sorted.blueprints {
        let sheet = Sheet::new(path, text);
        let mut notes = Vec::new();
        let draft = blueprint::read(&sheet, &bank.posts, known, &mut notes);
        bank.faults
            .extend(notes.into_iter().map(|note| sheet.fault(note)));
        drafts.push((sheet, draft));
    }
    drafts
}
