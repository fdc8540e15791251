//! A question file: its head, then its sections in order, materials with the questions under them.

use std::{collections::HashSet, ops::Range, sync::Arc};

use chrono::NaiveDate;
use pulldown_cmark::{HeadingLevel, Tag};

use crate::bank::{
    Picture,
    dialect::{
        Gallery, Reader,
        attributes::{self, Class},
        front_matter::{self, FrontMatter},
        material,
        question::{self, Asked},
        sections::{self, Ev, Events, Section},
        sheet::{Note, Sheet},
        typed, values,
    },
    fault::Fault,
    posts::Posts,
    question::{InForce, Material, Purpose, Question},
};

const KEYS: [&str; 6] = ["专题", "岗位", "来源", "施行", "失效", "用途"];

/// What one file says of all its questions.
#[derive(Debug, Default)]
pub(in crate::bank) struct FileFacts {
    pub(in crate::bank) topic: String,
    /// Below its bank.
    pub(in crate::bank) folder: String,
    pub(in crate::bank) posts: Vec<String>,
    pub(in crate::bank) document: String,
    /// No head at all: said once, not again for every question's source.
    pub(in crate::bank) headless: bool,
    pub(in crate::bank) in_force: InForce,
    pub(in crate::bank) purpose: Purpose,
}

/// What came of one file.
#[derive(Debug, Default)]
pub(in crate::bank) struct FileReading {
    pub(in crate::bank) questions: Vec<Arc<Question>>,
    /// Ids of questions and materials with their places, also of those that an error keeps out.
    pub(in crate::bank) ids: Vec<Named>,
    pub(in crate::bank) topic: String,
    pub(in crate::bank) faults: Vec<Fault>,
    pub(in crate::bank) pictures: Vec<Picture>,
}

/// An id as it stands in a file.
#[derive(Debug)]
pub(in crate::bank) struct Named {
    pub(in crate::bank) id: String,
    /// Bytes of the file.
    pub(in crate::bank) at: Range<usize>,
}

/// Reads a whole question file of this folder. `day` is the one its dates in force are judged by; `room` is for the
/// events of one file after the other.
pub(in crate::bank) fn read_questions<'a, 't>(
    sheet: &'a Sheet<'t>,
    folder: &str,
    posts: &'a Posts,
    gallery: &'a Gallery<'a>,
    day: NaiveDate,
    room: &mut Vec<Ev<'t>>,
) -> FileReading {
    let mut reader = Reader {
        sheet,
        posts,
        gallery,
        notes: Vec::new(),
        pictures: Vec::new(),
    };
    let front = front_matter::read(sheet, &KEYS, &mut reader.notes);
    let facts = read_facts(&mut reader, &front, folder, day);
    let head_failed = reader.failed_since(0);
    sections::refill(room, sheet, front.end);
    let blocks = sections::blocks(room);
    let (preamble, sections) = sections::sections(&blocks, sheet.text);
    check_preamble(&mut reader, preamble, &sections);
    let mut reading = FileReading {
        topic: facts.topic.clone(),
        ..FileReading::default()
    };
    read_sections(&mut reader, &facts, &sections, day, &mut reading);
    if head_failed {
        reading.questions.clear();
    }
    let mut seen = HashSet::new();
    reader
        .pictures
        .retain(|picture| seen.insert(picture.name.clone()));
    reading.pictures = reader.pictures;
    reading.faults = reader
        .notes
        .into_iter()
        .map(|note| sheet.fault(note))
        .collect();
    reading
}

fn read_facts(
    reader: &mut Reader<'_>,
    front: &FrontMatter<'_>,
    folder: &str,
    day: NaiveDate,
) -> FileFacts {
    let mut facts = FileFacts {
        folder: folder.to_owned(),
        headless: front.end == 0,
        ..FileFacts::default()
    };
    let notes = &mut reader.notes;
    match front.get("专题") {
        Some(entry) => entry.value.clone_into(&mut facts.topic),
        None if front.end > 0 => notes.push(Note::error(
            "no-topic",
            reader.sheet.line_range(0),
            "没有写专题",
            "在开头的两行 `---` 之间加一行，例如“专题: 乡村振兴促进法”",
        )),
        None => {}
    }
    if let Some(entry) = front.get("岗位") {
        let entry = ("岗位: ", entry.value, &entry.value_at);
        facts.posts = values::posts(entry, reader.posts, notes);
    }
    if let Some(entry) = front.get("来源") {
        entry.value.clone_into(&mut facts.document);
    }
    if let Some(entry) = front.get("用途") {
        facts.purpose = values::purpose(entry.value, &entry.value_at, notes).unwrap_or_default();
    }
    let mut read_day = |key| {
        let entry = front.get(key)?;
        values::day(entry.value, &entry.value_at, notes)
    };
    facts.in_force = InForce {
        from: read_day("施行"),
        until: read_day("失效"),
    };
    check_dates(&facts, front, day, notes);
    facts
}

fn check_dates(facts: &FileFacts, front: &FrontMatter<'_>, day: NaiveDate, notes: &mut Vec<Note>) {
    let at = |key| {
        front
            .get(key)
            .map_or(0..0, |entry| entry.key_at.start..entry.value_at.end)
    };
    if let (Some(from), Some(until)) = (facts.in_force.from, facts.in_force.until)
        && until < from
    {
        notes.push(attributes::dates_reversed(at("失效")));
    } else if let Some(note) =
        question::not_in_force(facts.in_force, day, at("施行"), at("失效"), "这份文件")
    {
        notes.push(note);
    }
}

/// Before the first question only a title and plain words stand.
fn check_preamble(
    reader: &mut Reader<'_>,
    preamble: &[Events<'_, '_>],
    sections: &[Section<'_, '_>],
) {
    check_title(reader, None, preamble);
    let questions = |section: &Section<'_, '_>| section.level != HeadingLevel::H1;
    if !sections.iter().any(questions) && !reader.failed_since(0) {
        reader.notes.push(Note::warning(
            "no-questions",
            reader.sheet.line_range(reader.sheet.text.len()),
            "这份文件里没有题目",
            "题干写成二级标题，例如：\n## 耕地的承包期是多少年？ {#chengbao-001 难度=1}",
        ));
    }
}

/// Lists and quotes under a title are a question whose heading has the wrong level, or none.
fn check_title(reader: &mut Reader<'_>, title: Option<usize>, body: &[Events<'_, '_>]) {
    let part = |block: &&Events<'_, '_>| {
        matches!(
            sections::tag(block),
            Some(Tag::List(_) | Tag::BlockQuote(_))
        )
    };
    let Some(block) = body.iter().find(part) else {
        return;
    };
    let at = title.unwrap_or(sections::range(block).start);
    let line = reader.sheet.line_range(at);
    let words = match title {
        Some(_) => reader.sheet.slice(&line).trim_start_matches(['#', ' ']),
        None => "题干",
    };
    reader.notes.push(Note::error(
        "question-not-level-2",
        line,
        "选项或解析不在题目下面：题目要用两个 # 开头",
        format!("题干写成二级标题：\n## {words}"),
    ));
}

fn read_sections(
    reader: &mut Reader<'_>,
    facts: &FileFacts,
    sections: &[Section<'_, '_>],
    day: NaiveDate,
    reading: &mut FileReading,
) {
    // Some while under a material: None inside where an error keeps it out.
    let mut under: Option<Option<Material>> = None;
    for section in sections {
        if section.level == HeadingLevel::H1 {
            under = None;
        }
        if is_no_question(reader, section) {
            continue;
        }
        let mark = reader.notes.len();
        let attributes = attributes::read(reader, section.heading);
        let id = attributes.id.clone();
        reading.ids.extend(id.as_ref().map(|id| Named {
            id: id.0.clone(),
            at: attributes.id_at.clone(),
        }));
        check_section(reader, section);
        let is_material = attributes.class(Class::Material).is_some();
        match (section.level, &under) {
            (HeadingLevel::H2, _) if is_material => {
                under = Some(material::read(reader, section, &attributes, mark));
            }
            (HeadingLevel::H2, _) => {
                under = None;
                let asked = Asked {
                    section,
                    attributes,
                    facts,
                    material: None,
                    day,
                };
                let read = question::read(reader, asked, mark);
                reading.questions.extend(read.map(Arc::new));
            }
            (HeadingLevel::H3, Some(material)) => {
                let material = material.as_ref();
                let asked = Asked {
                    section,
                    attributes,
                    facts,
                    material,
                    day,
                };
                let read = question::read(reader, asked, mark);
                reading
                    .questions
                    .extend(read.filter(|_| material.is_some()).map(Arc::new));
            }
            (_, under) => {
                let note = misplaced_heading(section, under.is_some(), reader.sheet);
                reader.notes.push(note);
            }
        }
        for note in &mut reader.notes[mark..] {
            note.question = id.as_ref().map(|id| id.0.clone());
        }
    }
}

/// Titles, and paragraphs that were meant to be headings.
fn is_no_question(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> bool {
    if section.level == HeadingLevel::H1 {
        check_title(reader, Some(section.start), section.body);
        return true;
    }
    let typed = sections::level(section.heading).is_none();
    if typed {
        typed::heading(reader, section.start);
    }
    typed
}

/// What no question may hold, whatever its kind.
fn check_section(reader: &mut Reader<'_>, section: &Section<'_, '_>) {
    let source = &reader.sheet.text[section.start..section.end];
    if let Some(at) = source.bytes().position(|byte| byte == 0) {
        let at = section.start + at;
        reader.notes.push(Note::error(
            "nul",
            at..at + 1,
            "这里有一个看不见的坏字符（U+0000）",
            "把这一行删掉重新打一遍",
        ));
    }
    let heading = sections::range(section.heading);
    if !sections::is_hashed(reader.sheet.text, heading.start) {
        reader.notes.push(Note::error(
            "underlined-heading",
            reader.sheet.line_range(heading.start),
            "下面紧跟着的 `---` 或 `===` 把这一行变成了标题",
            "在这一行和下面的 `---` 之间空一行；要作题干，就用 `## ` 开头",
        ));
    }
    typed::attributes(reader, section.heading);
}

fn misplaced_heading(section: &Section<'_, '_>, under_material: bool, sheet: &Sheet<'_>) -> Note {
    let at = sections::range(section.heading);
    let words = sheet.line_text(at.start).trim_start_matches(['#', ' ']);
    let (message, help) = if under_material {
        (
            "材料下面的题目用三级标题，不能更深",
            format!("写成：\n### {words}"),
        )
    } else {
        (
            "三级和更深的标题只能放在材料题下面",
            format!(
                "如果这是一道题，用两个 #：\n## {words}\n如果是材料后面的题，材料标题要带 .材料，例如“## 案例 {{#cl-001 .材料}}”"
            ),
        )
    };
    let line = sheet.line_range(at.start);
    Note::error("heading-level", line, message, help)
}
