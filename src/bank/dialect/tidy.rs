//! A question file as `bank fmt` leaves it: ids where they are missing, one way to write bullets, boxes and the blank
//! lines around headings. Everything else keeps its bytes.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{Event, HeadingLevel, Tag};

use crate::bank::dialect::{
    attributes,
    ids::{self, Ids},
    sections::{self, Ev, Section},
    sheet::Sheet,
};

/// A heading as far as its id is concerned.
struct Heading {
    id: Option<String>,
    /// Whether it is a question or a material.
    asks: bool,
    /// What to replace to give it an id, and what stands on both sides of the new id.
    place: Option<(Range<usize>, &'static str, &'static str)>,
}

type Edit = (Range<usize>, String);

/// Every id of this file is taken from now on.
pub(in crate::bank) fn take_ids(ids: &mut Ids, sheet: &Sheet<'_>) {
    let (events, _) = parse(sheet);
    let found = headings(sheet, &events)
        .into_iter()
        .filter_map(|heading| heading.id);
    ids.take_all(found);
}

/// The text made tidy; the same text where nothing is to do. With `ids`, questions without one get theirs.
pub(in crate::bank) fn tidy(sheet: &Sheet<'_>, ids: Option<&mut Ids>) -> String {
    // Line ends of another age: a new line end beside one would be taken for a part of it.
    if sheet.text.replace("\r\n", "").contains('\r') {
        return sheet.text.to_owned();
    }
    let (events, _) = parse(sheet);
    let mut edits = marks(sheet, &events);
    if let Some(ids) = ids {
        edits.extend(missing_ids(sheet, &events, ids));
    }
    edits.extend(trailing_spaces(sheet, &events));
    let text = apply(sheet.text, edits);
    space_headings(&Sheet::new(sheet.file, &text))
}

/// The Markdown behind the front matter, and where it begins.
fn parse<'a>(sheet: &Sheet<'a>) -> (Vec<Ev<'a>>, usize) {
    let from = super::front_matter::end_of(sheet);
    (sections::events(sheet, from), from)
}

fn headings(sheet: &Sheet<'_>, events: &[Ev<'_>]) -> Vec<Heading> {
    let blocks = sections::blocks(events);
    let (_, sections) = sections::sections(&blocks, sheet.text);
    let mut under_material = false;
    let mut found = Vec::new();
    for section in &sections {
        let inside = attributes::braces_of(sheet, section.heading);
        let words: Vec<&str> = inside
            .as_ref()
            .map_or("", |inside| sheet.slice(inside))
            .split_whitespace()
            .collect();
        match section.level {
            HeadingLevel::H2 => under_material = words.contains(&".材料"),
            HeadingLevel::H1 => under_material = false,
            _ => {}
        }
        let asks = section.level == HeadingLevel::H2
            || section.level == HeadingLevel::H3 && under_material;
        let id = words
            .iter()
            .find_map(|word| word.strip_prefix('#'))
            .or_else(|| {
                words
                    .iter()
                    .find(|word| attributes::is_bare_id(word))
                    .copied()
            });
        found.push(Heading {
            id: id.map(str::to_owned),
            asks,
            place: place_for_id(sheet, section, inside),
        });
    }
    found
}

fn place_for_id(
    sheet: &Sheet<'_>,
    section: &Section<'_, '_>,
    inside: Option<Range<usize>>,
) -> Option<(Range<usize>, &'static str, &'static str)> {
    sections::level(section.heading)?;
    if let Some(inside) = inside {
        return Some((inside.start..inside.start, "", " "));
    }
    let line = sheet.line_range(section.start);
    let text = sheet.slice(&line);
    // Underlined headings and braces that are none are faults to be mended by hand.
    if !sections::is_hashed(sheet.text, section.start) || text.contains(['{', '}', '｛', '｝']) {
        return None;
    }
    let end = line.start + text.trim_end().len();
    let opened = text.trim_end().trim_end_matches('#');
    let closed = opened.ends_with([' ', '\t']) && !opened.trim().is_empty();
    let start = if closed {
        line.start + opened.trim_end().len()
    } else {
        end
    };
    Some((start..end, " {", "}"))
}

fn missing_ids(sheet: &Sheet<'_>, events: &[Ev<'_>], free: &mut Ids) -> Vec<Edit> {
    let headings = headings(sheet, events);
    let own = headings.iter().filter_map(|heading| heading.id.as_deref());
    let prefix = ids::prefix(sheet.file, own);
    headings
        .into_iter()
        .filter(|heading| heading.asks && heading.id.is_none())
        .filter_map(|heading| {
            let (at, before, behind) = heading.place?;
            Some((at, format!("{before}#{}{behind}", free.next(&prefix))))
        })
        .collect()
}

/// `*` and `+` bullets, and `[X]`.
fn marks(sheet: &Sheet<'_>, events: &[Ev<'_>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut bullets = Vec::new();
    for (event, at) in events {
        match event {
            Event::Start(Tag::List(start)) => bullets.push(start.is_none()),
            Event::End(pulldown_cmark::TagEnd::List(_)) => {
                bullets.pop();
            }
            Event::Start(Tag::Item) if bullets.last() == Some(&true) => {
                let source = sheet.slice(at);
                let lead = source.len() - source.trim_start().len();
                let bullet = at.start + lead..at.start + lead + 1;
                if source[lead..].starts_with(['*', '+']) {
                    edits.push((bullet, "-".to_owned()));
                }
            }
            Event::TaskListMarker(true) if sheet.slice(at) == "[X]" => {
                edits.push((at.clone(), "[x]".to_owned()));
            }
            _ => {}
        }
    }
    edits
}

/// Spaces at line ends, but for the two that break a line.
fn trailing_spaces(sheet: &Sheet<'_>, events: &[Ev<'_>]) -> Vec<Edit> {
    let breaks: HashSet<usize> = events
        .iter()
        .filter(|(event, _)| matches!(event, Event::HardBreak))
        .map(|(_, at)| sheet.line(at.start))
        .collect();
    let mut edits = Vec::new();
    for (start, line) in sheet.lines() {
        let content = line.trim_end_matches(['\n', '\r']);
        let kept = content.trim_end_matches([' ', '\t']);
        if kept.len() < content.len() && !breaks.contains(&sheet.line(start)) {
            edits.push((start + kept.len()..start + content.len(), String::new()));
        }
    }
    edits
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(at, _)| (at.start, at.end));
    let mut applied = String::with_capacity(text.len() + 64 * edits.len());
    let mut from = 0;
    for (at, new) in edits {
        if at.start < from {
            continue;
        }
        applied.push_str(&text[from..at.start]);
        applied.push_str(&new);
        from = at.end;
    }
    applied.push_str(&text[from..]);
    applied
}

/// One blank line before and behind every heading, one line end at the file's end.
fn space_headings(sheet: &Sheet<'_>) -> String {
    let (events, from) = parse(sheet);
    let heading_lines: HashSet<usize> = sections::blocks(&events)
        .iter()
        .filter(|block| sections::level(block).is_some())
        .map(|block| sections::range(block).start)
        .filter(|start| sections::is_hashed(sheet.text, *start))
        .map(|start| sheet.line(start))
        .collect();
    let end = if sheet.text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut lines: Vec<&str> = Vec::new();
    let mut behind_heading = false;
    for (start, line) in sheet.lines().filter(|(_, line)| !line.is_empty()) {
        let blank = line.trim_matches(['\n', '\r', ' ', '\t']).is_empty();
        let heading = heading_lines.contains(&sheet.line(start));
        let in_head = start < from;
        if behind_heading && blank {
            continue;
        }
        if heading {
            while !in_head
                && lines
                    .last()
                    .is_some_and(|last| last.trim_matches(['\n', '\r', ' ', '\t']).is_empty())
            {
                lines.pop();
            }
        }
        if (behind_heading || heading) && !lines.is_empty() {
            lines.push(end);
        }
        behind_heading = heading;
        lines.push(line);
    }
    let mut text = lines.concat();
    let content = text.trim_end_matches(['\n', '\r', ' ', '\t']).len();
    if content > 0 && &text[content..] != end {
        text.truncate(content);
        text.push_str(end);
    }
    text
}
