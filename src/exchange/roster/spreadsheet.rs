//! Rosters as spreadsheets: the first sheet of an .xlsx or an old .xls, merged cells filled, nothing unpacked that does not fit.

use std::io::{Cursor, Read, sink};

use calamine::{Data, Dimensions, Reader, Xls, Xlsx};
use zip::ZipArchive;

use super::{COLUMNS_MAX, ROWS_MAX, Table, bad_file, too_many_rows};
use crate::error::{Code, Error, Result};

/// What an .xlsx may unpack to.
const UNPACKED_BYTES_MAX: u64 = 64 << 20;
/// How old .xls files begin, and .et files of WPS with them.
const COMPOUND_FILE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// By its content: an ending says little.
pub(super) fn table(bytes: &[u8]) -> Result<Table> {
    if bytes.starts_with(b"PK") {
        refuse_zip_bomb(bytes)?;
        return xlsx(bytes);
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return xls(bytes);
    }
    Err(cannot_open())
}

fn cannot_open() -> Error {
    bad_file(
        "这个文件打不开，可能不是 Excel 文件，或者设了密码。请用 Excel 或 WPS 打开它，另存为 .xlsx 再试",
    )
}

fn cannot_read() -> Error {
    bad_file("第一张工作表读不了，请另存为 .xlsx 再试")
}

/// Unpacks everything into nothing, up to the limit: what the archive says of its sizes need not be true.
fn refuse_zip_bomb(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| cannot_open())?;
    let mut left = UNPACKED_BYTES_MAX;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(|_| cannot_open())?;
        let unpacked = std::io::copy(&mut file.by_ref().take(left + 1), &mut sink());
        left = left
            .checked_sub(unpacked.map_err(|_| cannot_open())?)
            .ok_or_else(|| {
                let detail = "这个 Excel 文件解开后太大，请只留要导入的那一张表";
                Error::refused(Code::TooLarge, detail)
            })?;
    }
    Ok(())
}

/// Cell by cell: two cells far apart must not make a table of all that lies between them.
fn xlsx(bytes: &[u8]) -> Result<Table> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| cannot_open())?;
    let name = first_sheet(&book.sheet_names())?;
    let mut table = Table::new();
    let mut cells = book
        .worksheet_cells_reader(&name)
        .map_err(|_| cannot_read())?;
    while let Some(cell) = cells.next_cell().map_err(|_| cannot_read())? {
        let (row, column) = cell.get_position();
        let text = cell_text(&Data::from(cell.get_value().clone()));
        put(&mut table, row as usize, column as usize, text)?;
    }
    drop(cells);
    // Without the merged cells it is still a roster.
    let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
    fill_merged(&mut table, &merged);
    Ok(table)
}

fn xls(bytes: &[u8]) -> Result<Table> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|_| cannot_open())?;
    let name = first_sheet(&book.sheet_names())?;
    let range = book.worksheet_range(&name).map_err(|_| cannot_read())?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut table = Table::new();
    for (row, column, value) in range.used_cells() {
        let at = (first_row as usize + row, first_column as usize + column);
        put(&mut table, at.0, at.1, cell_text(value))?;
    }
    let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
    fill_merged(&mut table, &merged);
    Ok(table)
}

fn first_sheet(names: &[String]) -> Result<String> {
    let first = names.first().cloned();
    first.ok_or_else(|| bad_file("这个 Excel 文件里没有工作表"))
}

fn put(table: &mut Table, row: usize, column: usize, text: String) -> Result<()> {
    if text.is_empty() || column >= COLUMNS_MAX {
        return Ok(());
    }
    if row >= ROWS_MAX {
        return Err(too_many_rows());
    }
    if table.len() <= row {
        table.resize(row + 1, Vec::new());
    }
    let cells = &mut table[row];
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    cells[column] = text;
    Ok(())
}

/// A merged cell's text stands in its first cell; people read it in every row beside it.
fn fill_merged(table: &mut Table, merged: &[Dimensions]) {
    for area in merged {
        let (top, column) = (area.start.0 as usize, area.start.1 as usize);
        let text = table.get(top).and_then(|row| row.get(column)).cloned();
        let bottom = (area.end.0 as usize).min(table.len().saturating_sub(1));
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            continue;
        };
        for row in top + 1..=bottom {
            // A row with nothing else in it is no person, only the rest of the merged cell.
            if table[row].is_empty() {
                continue;
            }
            put(table, row, column, text.clone()).expect("the row is there");
        }
    }
}

/// A phone number typed as a number must not come out as 1.38E10; of a formula, what Excel last computed.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string().trim().to_owned(),
    }
}
