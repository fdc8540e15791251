//! Rosters as text: comma or tab separated, in UTF-8, UTF-16 (Excel's “Unicode 文本”) or GBK.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

use super::{COLUMNS_MAX, ROWS_MAX, Table, bad_file};
use crate::error::Result;

pub(super) fn table(bytes: &[u8]) -> Result<Table> {
    let text = keep_empty_lines(&decoded(bytes)?);
    let first = text.lines().find(|line| !line.trim().is_empty());
    let tabs = first.is_some_and(|line| line.contains('\t') && !line.contains(','));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(if tabs { b'\t' } else { b',' })
        .from_reader(text.as_bytes());
    let records = reader.records().take(ROWS_MAX + 1);
    records
        .map(|record| {
            let record = record.map_err(|_| bad_file("这个 CSV 读不了：有一行的引号没有配对"))?;
            let cells = record.iter().take(COLUMNS_MAX);
            Ok(cells.map(|cell| cell.trim().to_owned()).collect())
        })
        .collect()
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let unknown =
        || bad_file("这个 CSV 的文字编码不是 UTF-8 也不是 GBK，请用 Excel 另存为“CSV UTF-8”");
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if broken { Err(unknown()) } else { Ok(text) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, _, broken) = GB18030.decode(bytes);
    if broken { Err(unknown()) } else { Ok(text) }
}

/// The reader leaves empty lines out; a spreadsheet counts them, and so do people who look for row 7.
fn keep_empty_lines(text: &str) -> String {
    let mut inside_quotes = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        if line.trim().is_empty() && !inside_quotes {
            kept.push(',');
        }
        inside_quotes ^= line.matches('"').count() % 2 == 1;
        kept.push_str(line);
        kept.push('\n');
    }
    kept
}
