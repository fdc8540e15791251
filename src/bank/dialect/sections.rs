//! Events cut into blocks, blocks into sections: a heading with what stands under it.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::bank::dialect::{sheet::Sheet, typed};

/// A Markdown event with its bytes of the whole file.
pub(in crate::bank) type Ev<'a> = (Event<'a>, Range<usize>);
pub(in crate::bank) type Events<'e, 'a> = &'e [Ev<'a>];

/// A heading and the blocks up to the next one.
#[derive(Debug, Clone, Copy)]
pub(in crate::bank) struct Section<'e, 'a> {
    pub(in crate::bank) level: HeadingLevel,
    pub(in crate::bank) heading: Events<'e, 'a>,
    pub(in crate::bank) body: &'e [Events<'e, 'a>],
    /// Bytes from the heading's first to the next heading's.
    pub(in crate::bank) start: usize,
    pub(in crate::bank) end: usize,
}

/// Every event of the file behind its front matter.
pub(in crate::bank) fn events<'a>(sheet: &Sheet<'a>, from: usize) -> Vec<Ev<'a>> {
    let mut events = Vec::new();
    refill(&mut events, sheet, from);
    events
}

/// The same in room that was made for another file.
pub(in crate::bank) fn refill<'a>(events: &mut Vec<Ev<'a>>, sheet: &Sheet<'a>, from: usize) {
    // The front matter was read before: here a `---` between two questions is a rule and swallows nothing.
    let options =
        Options::ENABLE_TASKLISTS | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES;
    let text = &sheet.text[from..];
    events.clear();
    events.reserve(text.len() / 10);
    for (event, at) in Parser::new_ext(text, options).into_offset_iter() {
        events.push((event, at.start + from..at.end + from));
    }
}

/// The outermost blocks, each with its start, its end and all between.
pub(in crate::bank) fn blocks<'e, 'a>(events: Events<'e, 'a>) -> Vec<Events<'e, 'a>> {
    let mut blocks = Vec::with_capacity(events.len() / 8);
    let (mut depth, mut first) = (0usize, 0usize);
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            blocks.push(&events[first..=at]);
            first = at + 1;
        }
    }
    blocks
}

/// What stands before the first heading, and the sections. A paragraph that was meant to be a heading (`##题干`) opens
/// one too, so that its mistake stays its own.
pub(in crate::bank) fn sections<'e, 'a>(
    blocks: &'e [Events<'e, 'a>],
    text: &str,
) -> (&'e [Events<'e, 'a>], Vec<Section<'e, 'a>>) {
    let starts: Vec<(usize, HeadingLevel)> = blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| Some((at, level(block).or_else(|| typed_level(block, text))?)))
        .collect();
    let preamble = &blocks[..starts.first().map_or(blocks.len(), |(at, _)| *at)];
    let sections = starts
        .iter()
        .enumerate()
        .map(|(index, (at, level))| {
            let next = starts
                .get(index + 1)
                .map_or(blocks.len(), |(next, _)| *next);
            Section {
                level: *level,
                heading: blocks[*at],
                body: &blocks[at + 1..next],
                start: range(blocks[*at]).start,
                end: blocks
                    .get(next)
                    .map_or(text.len(), |block| range(block).start),
            }
        })
        .collect();
    (preamble, sections)
}

fn typed_level(block: Events<'_, '_>, text: &str) -> Option<HeadingLevel> {
    let paragraph = matches!(tag(block), Some(Tag::Paragraph));
    (paragraph && typed::is_heading(&text[range(block).start..])).then_some(HeadingLevel::H2)
}

/// Whether the heading here is a line of `##` and words, not words with a `---` under them.
pub(in crate::bank) fn is_hashed(text: &str, start: usize) -> bool {
    let rest = text[start..].trim_start_matches('#');
    rest.len() < text.len() - start
        && (rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

pub(in crate::bank) fn level(block: Events<'_, '_>) -> Option<HeadingLevel> {
    match tag(block) {
        Some(Tag::Heading { level, .. }) => Some(*level),
        _ => None,
    }
}

pub(in crate::bank) fn tag<'e, 'a>(block: Events<'e, 'a>) -> Option<&'e Tag<'a>> {
    match block.first() {
        Some((Event::Start(tag), _)) => Some(tag),
        _ => None,
    }
}

pub(in crate::bank) fn range(block: Events<'_, '_>) -> Range<usize> {
    block.first().map_or(0..0, |(_, at)| at.clone())
}

/// What stands between a block's start and end.
pub(in crate::bank) fn inside<'e, 'a>(block: Events<'e, 'a>) -> Events<'e, 'a> {
    if tag(block).is_some() && block.len() >= 2 {
        &block[1..block.len() - 1]
    } else {
        block
    }
}

/// What stands in a paragraph that is alone; else the same.
pub(in crate::bank) fn unwrapped<'e, 'a>(events: Events<'e, 'a>) -> Events<'e, 'a> {
    let ends = |(event, _): &Ev<'a>| matches!(event, Event::End(TagEnd::Paragraph));
    let is_alone = matches!(tag(events), Some(Tag::Paragraph))
        && events.iter().position(ends) == Some(events.len() - 1);
    if is_alone { inside(events) } else { events }
}

/// The items of a list.
pub(in crate::bank) fn items<'e, 'a>(list: Events<'e, 'a>) -> Vec<Events<'e, 'a>> {
    blocks(inside(list))
}
