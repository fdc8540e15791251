//! A Markdown table as rows of words with their places.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::bank::dialect::{
    sections::{self, Events},
    sheet::{Note, Sheet},
};

/// A cell's words; its place is the whole cell where it is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Cell {
    pub(in crate::bank) text: String,
    pub(in crate::bank) at: Range<usize>,
}

/// The head and the rows of the file's only table; a fault where there is none.
pub(in crate::bank) fn read(
    sheet: &Sheet<'_>,
    from: usize,
    example: &str,
    notes: &mut Vec<Note>,
) -> Option<(Vec<Cell>, Vec<Vec<Cell>>)> {
    let events = sections::events(sheet, from);
    let blocks = sections::blocks(&events);
    let table = |block: &&Events<'_, '_>| matches!(sections::tag(block), Some(Tag::Table(_)));
    let mut tables = blocks.iter().filter(table);
    let Some(table) = tables.next() else {
        let at = sheet.text[from..]
            .find('|')
            .map_or(sheet.text.len(), |bar| from + bar);
        notes.push(Note::error(
            "no-table",
            sheet.line_range(at),
            "这里没有读到表格",
            format!("表格前后空一行，第二行写 |---|---|，格数和表头一样多，例如：\n{example}"),
        ));
        return None;
    };
    if let Some(second) = tables.next() {
        notes.push(Note::error(
            "two-tables",
            sheet.line_range(sections::range(second).start),
            "一份文件里只能有一张表",
            "合成一张，或者另存一份文件",
        ));
    }
    let mut rows = sections::blocks(sections::inside(table))
        .into_iter()
        .map(cells);
    Some((rows.next()?, rows.collect()))
}

fn cells(row: Events<'_, '_>) -> Vec<Cell> {
    sections::blocks(sections::inside(row))
        .into_iter()
        .map(|cell| {
            let mut text = String::new();
            let mut at: Option<Range<usize>> = None;
            for (event, range) in sections::inside(cell) {
                if let Event::Text(words) | Event::Code(words) = event {
                    text.push_str(words);
                    at = Some(at.map_or(range.clone(), |at| at.start..range.end));
                }
            }
            Cell {
                text: text.trim().to_owned(),
                at: at.unwrap_or_else(|| sections::range(cell)),
            }
        })
        .collect()
}
