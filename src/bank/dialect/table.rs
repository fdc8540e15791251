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
        let line = sheet.line_range(at);
        let help = match ruled(sheet.slice(&line)) {
            Some(ruled) => format!(
                "表格上面空一行，表头下面要有一行 |---|，格数和表头一样多。开头两行写成下面这样，其余各行照旧：\n{ruled}"
            ),
            None => format!("写一张表，上面空一行，例如：\n{example}"),
        };
        notes.push(Note::error("no-table", line, "这里没有读到表格", help));
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

/// The head with the row that must stand under it.
fn ruled(head: &str) -> Option<String> {
    let inner = head.trim();
    let inner = inner.strip_prefix('|').unwrap_or(inner);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let columns = inner.split('|').count();
    let is_head = inner.chars().any(char::is_alphabetic) && columns > 1;
    is_head.then(|| format!("| {} |\n|{}", inner.trim(), "---|".repeat(columns)))
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
