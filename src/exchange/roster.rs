//! The township's own roster as it is: columns found by what their headings mean, .xlsx, .xls and CSV (UTF-8 or GBK).

use std::io::Cursor;

use calamine::{Data, Reader};
use serde::Serialize;

use crate::error::{Code, Error, Result};

/// Beyond these a file is no township's roster.
const BYTES_MAX: usize = 8 << 20;
const CELLS_BYTES_MAX: usize = 64 << 20;
const ROWS_MAX: usize = 20_000;

/// One person as the roster has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// As the spreadsheet counts, from 1.
    pub row: usize,
    pub name: String,
    /// Empty: the top unit itself.
    pub unit: String,
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
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Name,
    Unit,
    Post,
    Phone,
}

/// Which headings mean what; the first that fits wins.
const HEADINGS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Name,
        &["姓名", "名字", "干部姓名", "参赛人", "人员"],
    ),
    (
        Meaning::Phone,
        &[
            "电话",
            "手机",
            "联系方式",
            "联系电话",
            "手机号",
            "手机号码",
            "电话号码",
        ],
    ),
    (
        Meaning::Post,
        &["岗位", "职务", "职位", "担任职务", "现任职务", "身份"],
    ),
    (
        Meaning::Unit,
        &[
            "单位",
            "村",
            "所在村",
            "村名",
            "所在单位",
            "工作单位",
            "村（居）",
            "村(居)",
            "部门",
            "行政村",
        ],
    ),
];

/// Reads a roster: its rows, and the rows that cannot be read.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<(Vec<RosterRow>, Vec<RosterFault>)> {
    if bytes.len() > BYTES_MAX {
        return Err(Error::refused(
            Code::TooLarge,
            "花名册文件超过 8 MB，请只留要导入的那一张表",
        ));
    }
    let ending = file_name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let table = match ending.as_str() {
        "xlsx" | "xls" | "et" => spreadsheet(bytes)?,
        "csv" | "txt" => comma_separated(bytes)?,
        _ => return Err(bad_file("花名册要是 .xlsx、.xls 或 .csv 文件")),
    };
    if table.len() > ROWS_MAX {
        return Err(Error::refused(
            Code::TooLarge,
            format!("花名册超过 {ROWS_MAX} 行，请分开导入"),
        ));
    }
    rows_of(&table)
}

fn bad_file(detail: impl Into<String>) -> Error {
    Error::refused(Code::BadRequest, detail)
}

fn spreadsheet(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    refuse_zip_bomb(bytes)?;
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|_| bad_file("这个文件打不开，可能不是 Excel 文件，或者设了密码"))?;
    let name = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or_else(|| bad_file("这个 Excel 文件里没有工作表"))?;
    let range = book
        .worksheet_range(&name)
        .map_err(|_| bad_file("第一张工作表读不了，请另存为 .xlsx 再试"))?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut table = vec![Vec::new(); first_row as usize];
    for row in range.rows().take(ROWS_MAX + 1) {
        let mut cells = vec![String::new(); first_column as usize];
        cells.extend(row.iter().map(cell_text));
        table.push(cells);
    }
    Ok(table)
}

/// A phone number typed as a number must not come out as 1.38E10.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string().trim().to_owned(),
    }
}

/// An .xlsx is a zip: its central directory says how large it gets when unpacked. A small file that claims a huge one is refused.
fn refuse_zip_bomb(bytes: &[u8]) -> Result<()> {
    if !bytes.starts_with(b"PK") {
        return Ok(());
    }
    let mut unpacked: usize = 0;
    for place in bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == b"PK\x01\x02")
        .map(|(place, _)| place)
    {
        let size = bytes.get(place + 24..place + 28).map_or(0, |four| {
            u32::from_le_bytes(four.try_into().expect("four bytes were asked for")) as usize
        });
        unpacked = unpacked.saturating_add(size);
    }
    if unpacked > CELLS_BYTES_MAX {
        return Err(Error::refused(
            Code::TooLarge,
            "这个 Excel 文件解开后太大，请只留要导入的那一张表",
        ));
    }
    Ok(())
}

fn comma_separated(bytes: &[u8]) -> Result<Vec<Vec<String>>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
            if broken {
                return Err(bad_file(
                    "这个 CSV 的文字编码不是 UTF-8 也不是 GBK，请用 Excel 另存为“CSV UTF-8”",
                ));
            }
            text.into_owned()
        }
    };
    let text = keep_empty_lines(&text);
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| {
            let record = record.map_err(|_| bad_file("这个 CSV 读不了：有一行的引号没有配对"))?;
            Ok(record.iter().map(|cell| cell.trim().to_owned()).collect())
        })
        .collect()
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

fn rows_of(table: &[Vec<String>]) -> Result<(Vec<RosterRow>, Vec<RosterFault>)> {
    let (head, columns) = table
        .iter()
        .take(20)
        .enumerate()
        .map(|(place, row)| (place, meanings(row)))
        .find(|(_, columns)| column(columns, Meaning::Name).is_some() && columns.len() >= 2)
        .ok_or_else(|| bad_file("前 20 行里没有找到表头。表头要有“姓名”，还要有“单位”（或“村”）和“职务”（或“岗位”）"))?;
    let post_column = column(&columns, Meaning::Post)
        .ok_or_else(|| bad_file("表头里没有“职务”或“岗位”这一列，组卷要知道每个人的岗位"))?;
    let (mut rows, mut faults, mut unit_above) =
        (Vec::<RosterRow>::new(), Vec::new(), String::new());
    for (place, cells) in table.iter().enumerate().skip(head + 1) {
        let text = |meaning| {
            column(&columns, meaning)
                .and_then(|at| cells.get(at))
                .map_or("", String::as_str)
        };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // A merged cell holds its text in its first row only.
        if !text(Meaning::Unit).is_empty() {
            unit_above = squeezed(text(Meaning::Unit));
        }
        let row = RosterRow {
            row: place + 1,
            name: squeezed(text(Meaning::Name)),
            unit: unit_above.clone(),
            posts: split_posts(text(Meaning::Post)),
            post_column: letter(post_column),
            phone: text(Meaning::Phone)
                .chars()
                .filter(char::is_ascii_digit)
                .collect(),
        };
        match fault_of(&row, &rows, &columns) {
            Some(fault) => faults.push(fault),
            None => rows.push(row),
        }
    }
    if rows.is_empty() && faults.is_empty() {
        return Err(bad_file("表头下面没有人"));
    }
    Ok((rows, faults))
}

fn fault_of(
    row: &RosterRow,
    rows: &[RosterRow],
    columns: &[(usize, Meaning)],
) -> Option<RosterFault> {
    let fault = |meaning, reason: String| {
        let column = column(columns, meaning).map_or_else(String::new, letter);
        Some(RosterFault {
            row: row.row,
            column,
            reason,
        })
    };
    if row.name.is_empty() {
        return fault(Meaning::Name, "没有姓名".into());
    }
    if row.name.chars().count() > 30 {
        return fault(Meaning::Name, "姓名超过 30 个字".into());
    }
    if row.posts.is_empty() {
        return fault(Meaning::Post, format!("{}没有写岗位", row.name));
    }
    if !row.phone.is_empty() && !(7..=13).contains(&row.phone.len()) {
        return fault(Meaning::Phone, format!("{}的电话不像电话号码", row.name));
    }
    let twin = rows.iter().find(|other| {
        other.name == row.name
            && other.unit == row.unit
            && (other.phone == row.phone || other.phone.is_empty() || row.phone.is_empty())
    });
    twin.and_then(|twin| {
        fault(
            Meaning::Name,
            format!(
                "和第 {} 行是同一个人；同村同名的两个人，请都写上电话",
                twin.row
            ),
        )
    })
}

fn meanings(row: &[String]) -> Vec<(usize, Meaning)> {
    let mut found: Vec<(usize, Meaning)> = Vec::new();
    for (place, cell) in row.iter().enumerate() {
        let heading = squeezed(cell);
        let meaning = HEADINGS
            .iter()
            .find(|(_, words)| words.contains(&heading.as_str()))
            .or_else(|| {
                let contains =
                    |words: &[&str]| words[..1].iter().any(|word| heading.contains(word));
                HEADINGS
                    .iter()
                    .find(|(_, words)| heading.chars().count() <= 8 && contains(words))
            })
            .map(|(meaning, _)| *meaning);
        if let Some(meaning) = meaning
            && column(&found, meaning).is_none()
        {
            found.push((place, meaning));
        }
    }
    found
}

fn column(columns: &[(usize, Meaning)], wanted: Meaning) -> Option<usize> {
    columns
        .iter()
        .find(|(_, meaning)| *meaning == wanted)
        .map(|(place, _)| *place)
}

fn split_posts(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', ';', '；', '/', '\n', ' ', '　'])
        .map(|post| squeezed(post).replace("一肩挑", ""))
        .filter(|post| !post.is_empty())
        .collect()
}

/// 李　华 is 李华: rosters pad two-character names so that they line up.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .collect()
}

/// 0 → `A`, 26 → `AA`.
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    if place < 26 {
        last.to_string()
    } else {
        letter(place / 26 - 1) + &last.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_as_townships_keep_them() {
        let csv = "青溪镇村干部花名册,,,\n序号,姓 名,所在村,职务,联系电话\n1,李　华,桃源村,书记、主任一肩挑,138 0000 0001\n2,王芳,,文书,13800000002\n\n3,,柳河村,文书,\n4,李华,桃源村,组长,13800000001\n";
        let (rows, faults) = read("名册.csv", csv.as_bytes()).expect("a readable roster");
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[0].name.as_str(), rows[0].phone.as_str()),
            ("李华", "13800000001")
        );
        assert_eq!(rows[0].posts, ["书记", "主任"]);
        assert_eq!((rows[1].unit.as_str(), rows[1].row), ("桃源村", 4));
        let told: Vec<(usize, &str)> = faults
            .iter()
            .map(|fault| (fault.row, fault.column.as_str()))
            .collect();
        assert_eq!(told, [(6, "B"), (7, "B")]);
    }

    #[test]
    fn gbk_is_read_and_a_file_without_headings_is_refused() {
        let (gbk, _, _) = encoding_rs::GB18030.encode("姓名,村,岗位\n赵六,石桥村,村文书\n");
        assert_eq!(read("a.csv", &gbk).expect("GBK").0[0].unit, "石桥村");
        assert!(read("a.csv", b"1,2,3\n").is_err());
        assert!(read("a.docx", b"x").is_err());
        assert!(read("a.xlsx", b"PK not a zip").is_err());
    }
}
