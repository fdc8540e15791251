//! A board as a table for Excel: CSV that Excel opens in UTF-8, and XLSX. Text stays text, whatever it begins with.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    bank::points::Points,
    contest::{board::Board, units::UnitStanding},
    error::{Error, Result},
};

/// A sheet: what stands in a row is text, a whole number, or points.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: &'static str,
    pub headings: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(u32),
    Points(Points),
    Empty,
}

/// 个人: every division after the other, who has not sat at the end of each.
pub fn people(board: &Board) -> Table {
    let rows = board.people.iter().flat_map(|(division, standings)| {
        standings.iter().map(move |standing| {
            let row = &standing.row;
            vec![
                Cell::Text(division.clone()),
                standing.rank.map_or(Cell::Empty, Cell::Number),
                Cell::Text(row.name.clone()),
                Cell::Text(row.unit.clone()),
                row.points.map_or(Cell::Text("缺考".into()), Cell::Points),
                Cell::Points(row.total),
                match row.points {
                    Some(_) => Cell::Text(minutes(row.time_used_ms)),
                    None => Cell::Empty,
                },
                Cell::Text(standing.why.clone()),
            ]
        })
    });
    Table {
        name: "个人",
        headings: vec![
            "组别",
            "名次",
            "姓名",
            "单位",
            "得分",
            "满分",
            "用时",
            "为什么",
        ],
        rows: rows.collect(),
    }
}

/// 单位, the unranked ones last.
pub fn units(board: &Board) -> Table {
    let row = |standing: &UnitStanding| {
        vec![
            standing.rank.map_or(Cell::Empty, Cell::Number),
            Cell::Text(standing.unit.clone()),
            Cell::Text(standing.shown.clone()),
            Cell::Number(standing.sat),
            Cell::Number(standing.entrants),
            Cell::Text(standing.turnout.clone()),
            Cell::Text(standing.why.clone()),
        ]
    };
    Table {
        name: "单位",
        headings: vec!["名次", "单位", "成绩", "实考", "应考", "参考率", "为什么"],
        rows: board.units.iter().map(row).collect(),
    }
}

fn minutes(span_ms: i64) -> String {
    let seconds = span_ms / 1000;
    format!("{} 分 {} 秒", seconds / 60, seconds % 60)
}

/// With a byte order mark, so that Excel takes it for UTF-8.
pub fn csv(table: &Table) -> Result<Vec<u8>> {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(&mut bytes);
    let failed = |source| Error::internal("成绩表写不下去", source);
    writer.write_record(&table.headings).map_err(failed)?;
    for row in &table.rows {
        let texts = row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Points(points) => points.to_string(),
            Cell::Empty => String::new(),
        });
        writer.write_record(texts).map_err(failed)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// A spreadsheet takes text that begins so for a formula; an apostrophe before it makes it text again.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// One sheet a table. Text is written as text cells, which no spreadsheet computes.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>> {
    workbook(tables).map_err(|source| Error::internal("成绩表写不下去", source))
}

fn workbook(tables: &[Table]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, two) = (
        Format::new().set_bold(),
        Format::new().set_num_format("0.00"),
    );
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(table.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in table.headings.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *heading, &bold)?;
        }
        for (place, row) in table.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let (line, column) = (place as u32 + 1, column as u16);
                match cell {
                    Cell::Text(text) => sheet.write_string(line, column, harmless(text))?,
                    Cell::Number(number) => sheet.write_number(line, column, *number)?,
                    Cell::Points(points) => {
                        let value = points.0 as f64 / 100.0;
                        sheet.write_number_with_format(line, column, value, &two)?
                    }
                    Cell::Empty => continue,
                };
            }
        }
        sheet.autofit();
    }
    book.save_to_buffer()
}
