//! The township's own roster as it is: columns found by what their headings mean, .xlsx, .xls and CSV (UTF-8, UTF-16 or GBK).

mod cells;
mod headings;
mod rows;
mod spreadsheet;
mod text;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use self::{
    cells::{letter, squeezed},
    headings::Columns,
};
use crate::error::{Code, Error, Result};

/// Beyond these a file is no township's roster.
const BYTES_MAX: usize = 8 << 20;
const ROWS_MAX: usize = 20_000;
const COLUMNS_MAX: usize = 100;

/// Cells as text, rows and columns as the spreadsheet counts them.
type Table = Vec<Vec<String>>;

/// One person as the roster has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterRow {
    /// As the spreadsheet counts, from 1.
    pub row: usize,
    pub name: String,
    /// Empty: the top unit itself.
    pub unit: String,
    /// Where the unit stands: `B`.
    pub unit_column: String,
    /// 小组 below the unit; empty: none.
    pub group: String,
    /// As written, the first one the main one; not yet known to be posts.
    pub posts: Vec<String>,
    /// Where the posts stand: `C`.
    pub post_column: String,
    pub phone: String,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RosterFault {
    pub row: usize,
    /// The spreadsheet's letter, or empty for the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    pub reason: String,
}

/// A sheet whose headings were found.
#[derive(Debug, Clone)]
pub struct Sheet {
    table: Table,
    /// The heading's place among the rows, from 0.
    head: usize,
    columns: Columns,
}

/// Reads a roster: its rows, and the rows that cannot be read.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<(Vec<RosterRow>, Vec<RosterFault>)> {
    Sheet::open(file_name, bytes)?.rows()
}

impl Sheet {
    /// Any .xlsx, .xls, .et, .csv or .txt with a heading in its first 20 rows.
    pub fn open(file_name: &str, bytes: &[u8]) -> Result<Sheet> {
        if bytes.len() > BYTES_MAX {
            let detail = "花名册文件超过 8 MB，请只留要导入的那一张表";
            return Err(Error::refused(Code::TooLarge, detail));
        }
        let ending = file_name.rsplit('.').next().unwrap_or_default();
        let table = match ending.to_lowercase().as_str() {
            "xlsx" | "xls" | "et" => spreadsheet::table(bytes)?,
            "csv" | "txt" => text::table(bytes)?,
            _ => return Err(bad_file("花名册要是 .xlsx、.xls 或 .csv 文件")),
        };
        if table.len() > ROWS_MAX {
            return Err(too_many_rows());
        }
        let (head, columns) = headings::find(&table)?;
        Ok(Sheet {
            table,
            head,
            columns,
        })
    }

    /// Everybody in it, and the rows that cannot be read.
    pub fn rows(&self) -> Result<(Vec<RosterRow>, Vec<RosterFault>)> {
        rows::rows_of(&self.table[self.head + 1..], self.head + 2, &self.columns)
    }

    /// What each heading was taken for: `村（社区） → 单位`.
    pub fn headings(&self) -> Vec<String> {
        let words = &self.table[self.head];
        let told = self.columns.iter();
        told.map(|(place, meaning)| {
            format!(
                "{} 列 {} → {}",
                letter(place),
                squeezed(&words[place]),
                meaning.word()
            )
        })
        .collect()
    }

    /// The columns that are read, as text for a form to send back; `from_form` makes the same sheet of it.
    pub fn to_form(&self) -> String {
        let mut bytes = Vec::new();
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(&mut bytes);
        let width = self.columns.iter().map(|(place, _)| place + 1).max();
        for (place, row) in self.table.iter().enumerate() {
            let cells = (0..width.unwrap_or(1)).map(|column| {
                let cell = row.get(column).map_or("", String::as_str);
                match self.columns.iter().any(|(known, _)| known == column) {
                    true if place == self.head => squeezed(cell),
                    true if place > self.head => cell.to_owned(),
                    _ => String::new(),
                }
            });
            writer
                .write_record(cells)
                .expect("memory takes every record");
        }
        drop(writer);
        STANDARD.encode(bytes)
    }

    /// What `to_form` wrote, as it came back; read as strictly as any file.
    pub fn from_form(text: &str) -> Result<Sheet> {
        let bytes = STANDARD
            .decode(text)
            .map_err(|_| bad_file("名册没有传完整，请重新选一次文件"))?;
        Sheet::open("名册.csv", &bytes)
    }
}

/// A post in parts where it names several in one breath: 书记兼主任.
pub fn finer_posts(text: &str) -> Vec<String> {
    let parts = text.split('兼').map(squeezed);
    parts.filter(|part| !part.is_empty()).collect()
}

fn bad_file(detail: impl Into<String>) -> Error {
    Error::refused(Code::BadRequest, detail)
}

fn too_many_rows() -> Error {
    Error::refused(
        Code::TooLarge,
        format!("花名册超过 {ROWS_MAX} 行，请分开导入"),
    )
}

#[cfg(test)]
mod tests;
