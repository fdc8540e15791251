//! Files → a bank: posts first, then questions file by file, then what only shows over all of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::bank::{
    Bank, SourceFile,
    decode::decode,
    dialect::{
        Gallery, Named, Reading,
        blueprint::{self, Known},
        ids::{self, FREE_ID},
        posts as posts_dialect, read_questions,
        sheet::{Note, Sheet},
        synonyms as synonyms_dialect,
    },
    fault::Fault,
    fill, lint,
    posts::Posts,
    question::Question,
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

pub(in crate::bank) fn read(files: &[SourceFile], as_of: NaiveDate) -> Bank {
    let mut bank = Bank::default();
    let sorted = sort(files, &mut bank.faults);
    bank.posts = read_posts(&sorted, &mut bank.faults);
    bank.synonyms = read_synonyms(&sorted, &mut bank.faults);
    let mut ids = Vec::new();
    let mut known = Known::default();
    let sheets: Vec<Sheet<'_>> = sorted
        .questions
        .iter()
        .map(|(path, text)| Sheet::new(path, text))
        .collect();
    for sheet in &sheets {
        let reading = read_questions(sheet, &bank.posts, &sorted.gallery, as_of);
        let path = sheet.file;
        take(
            &mut bank,
            &mut known,
            &mut ids,
            reading,
            folder_of(path, &sorted.roots),
        );
    }
    let taken = drop_doubled(&mut bank, ids);
    let mut seen = HashSet::new();
    bank.pictures
        .retain(|picture| seen.insert(picture.name.clone()));
    note_remarks(&mut bank, &sheets);
    read_blueprints(&mut bank, &sorted, &known, as_of);
    let order = |fault: &Fault| (fault.file.clone(), fault.line, fault.column);
    bank.faults.sort_by_cached_key(order);
    ids::suggest(&mut bank.faults, taken);
    bank
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

fn take(bank: &mut Bank, known: &mut Known, ids: &mut Vec<Named>, reading: Reading, folder: &str) {
    if !reading.topic.is_empty() {
        known.topics.insert(reading.topic);
    }
    if !folder.is_empty() {
        let parts = folder.match_indices('/').map(|(at, _)| &folder[..at]);
        known.folders.extend(parts.map(str::to_owned));
        known.folders.insert(folder.to_owned());
    }
    bank.questions
        .extend(reading.questions.into_iter().map(|question| Question {
            folder: folder.to_owned(),
            ..question
        }));
    bank.pictures.extend(reading.pictures);
    bank.faults.extend(reading.faults);
    ids.extend(reading.ids);
}

/// An id belongs to the first who has it, in order of file and line; every later one is a fault. Answers who has what.
fn drop_doubled(bank: &mut Bank, ids: Vec<Named>) -> HashMap<String, (String, usize)> {
    let mut first: HashMap<String, (String, usize)> = HashMap::with_capacity(ids.len());
    let mut dropped: Vec<(String, String, usize)> = Vec::new();
    for Named { id, mut fault } in ids {
        if let Some((file, line)) = first.get(&id) {
            fault.message = format!("编号 {id} 已经用过：在 {file} 第 {line} 行");
            fault.help = format!(
                "一个编号只给一道题，永远不换。把这一道的编号换成没有用过的，写成：\n{}",
                with_free_id(&fault)
            );
            fault.question = Some(id.clone());
            dropped.push((id, fault.file.clone(), fault.line));
            bank.faults.push(fault);
        } else {
            first.insert(id, (fault.file.clone(), fault.line));
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

/// The fault's line with a free id where the doubled one stands.
fn with_free_id(fault: &Fault) -> String {
    let before = fault.text.chars().take(fault.column - 1);
    let behind = fault.text.chars().skip(fault.column - 1 + fault.length);
    let id = ["#", FREE_ID].concat();
    before.chain(id.chars()).chain(behind).collect()
}

fn note_remarks(bank: &mut Bank, sheets: &[Sheet<'_>]) {
    for remark in lint::remarks(&bank.questions) {
        let Ok(index) = sheets.binary_search_by(|sheet| sheet.file.cmp(&remark.file)) else {
            continue;
        };
        let sheet = &sheets[index];
        let at = match &remark.question {
            Some(_) => sheet.words_in_line(remark.line, &remark.words),
            None => sheet.line_range(sheet.text.find("专题").unwrap_or(0)),
        };
        let mut note = Note::warning(remark.code, at, remark.message, remark.help);
        note.question = remark.question;
        bank.faults.push(sheet.fault(note));
    }
}

fn read_blueprints(bank: &mut Bank, sorted: &Sorted<'_>, known: &Known, as_of: NaiveDate) {
    let mut names: HashMap<String, String> = HashMap::new();
    for (path, text) in &sorted.blueprints {
        let sheet = Sheet::new(path, text);
        let mut notes = Vec::new();
        if let Some(draft) = blueprint::read(&sheet, &bank.posts, known, &mut notes) {
            let name = draft.blueprint.name.clone();
            if let Some(other) = names.get(&name) {
                notes.push(Note::error(
                    "doubled-blueprint",
                    sheet.line_range(sheet.text.find(&name).unwrap_or(0)),
                    format!("细目表“{name}”在 {other} 里已经有了"),
                    "换一个名字",
                ));
            }
            notes.extend(fill::check(&draft, &bank.questions, as_of));
            if !notes.iter().any(Note::is_error) {
                names.insert(name, sheet.file.to_owned());
                bank.blueprints.push(draft.blueprint);
            }
        }
        bank.faults
            .extend(notes.into_iter().map(|note| sheet.fault(note)));
    }
}
