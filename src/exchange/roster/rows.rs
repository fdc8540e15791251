//! From cells to people: one row each, or a fault that says where and why.

use std::collections::HashMap;

use super::{
    RosterFault, RosterRow, bad_file,
    cells::{group_in, is_formula, letter, phone_in, posts_in, squeezed},
    headings::{Columns, Meaning, is_heading},
};
use crate::error::Result;

/// `first` is the first row's number, as the spreadsheet counts.
pub(super) fn rows_of(
    table: &[Vec<String>],
    first: usize,
    columns: &Columns,
) -> Result<(Vec<RosterRow>, Vec<RosterFault>)> {
    let (mut rows, mut faults) = (Vec::<RosterRow>::new(), Vec::new());
    let mut unit_above = String::new();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, cells) in table.iter().enumerate() {
        let line = Line {
            row: first + place,
            cells,
            columns,
        };
        let name = squeezed(line.text(Meaning::Name));
        if cells.iter().all(|cell| squeezed(cell).is_empty()) || is_heading(&name) {
            continue;
        }
        // A merged cell of a CSV holds its text in its first row only.
        let unit = squeezed(line.text(Meaning::Unit));
        if !unit.is_empty() {
            unit_above = unit;
        }
        let row = line.person(name, &unit_above);
        let namesakes = by_name.entry(row.name.clone()).or_default();
        let before: Vec<&RosterRow> = namesakes.iter().map(|at| &rows[*at]).collect();
        if let Some(fault) = line.fault(&row).or_else(|| line.twin(&row, &before)) {
            faults.push(fault);
        } else {
            namesakes.push(rows.len());
            rows.push(row);
        }
    }
    if rows.is_empty() && faults.is_empty() {
        return Err(bad_file("表头下面没有人"));
    }
    Ok((rows, faults))
}

struct Line<'a> {
    row: usize,
    cells: &'a [String],
    columns: &'a Columns,
}

impl Line<'_> {
    fn text(&self, meaning: Meaning) -> &str {
        let cell = self.columns.of(meaning).and_then(|at| self.cells.get(at));
        cell.map_or("", String::as_str)
    }

    fn column(&self, meaning: Meaning) -> String {
        self.columns.of(meaning).map_or_else(String::new, letter)
    }

    fn person(&self, name: String, unit: &str) -> RosterRow {
        let mut posts = posts_in(self.text(Meaning::Post));
        for other in posts_in(self.text(Meaning::OtherPost)) {
            if !posts.contains(&other) && !posts.is_empty() && other != "无" {
                posts.push(other);
            }
        }
        RosterRow {
            row: self.row,
            name,
            unit: unit.to_owned(),
            unit_column: self.column(Meaning::Unit),
            group: group_in(self.text(Meaning::Group)),
            posts,
            post_column: self.column(Meaning::Post),
            phone: phone_in(self.text(Meaning::Phone)),
        }
    }

    fn fault(&self, row: &RosterRow) -> Option<RosterFault> {
        let fault = |meaning, reason: &str| Some(self.fault_at(meaning, reason.to_owned()));
        if row.name.is_empty() {
            return fault(Meaning::Name, "没有姓名，请补上，或删掉这一行");
        }
        if is_formula(&row.name) || row.name.chars().all(|c| c.is_ascii_digit()) {
            return fault(
                Meaning::Name,
                "这不像姓名，可能是没算出来的公式，请改成文字",
            );
        }
        if row.name.chars().count() > 30 {
            return fault(Meaning::Name, "姓名超过 30 个字");
        }
        for (meaning, text) in [(Meaning::Unit, &row.unit), (Meaning::Group, &row.group)] {
            if is_formula(text) {
                return fault(meaning, "这像是没算出来的公式，请改成文字");
            }
            if text.chars().count() > 40 {
                return fault(meaning, "单位（小组）的名称超过 40 个字");
            }
        }
        if row.posts.is_empty() {
            return fault(Meaning::Post, &format!("{}没有写岗位", row.name));
        }
        if let Some(post) = row.posts.iter().find(|post| post.chars().count() > 40) {
            return fault(Meaning::Post, &format!("岗位“{post}”超过 40 个字"));
        }
        let written = self.text(Meaning::Phone);
        if written.contains("E+") {
            let reason = "电话被 Excel 写成了科学计数，请把这一列设成“文本”再填";
            return fault(Meaning::Phone, reason);
        }
        if !row.phone.is_empty() && !(7..=13).contains(&row.phone.len()) {
            return fault(Meaning::Phone, &format!("{}的电话不像电话号码", row.name));
        }
        None
    }

    /// The same person on two rows. `namesakes` are the rows before of the same name.
    fn twin(&self, row: &RosterRow, namesakes: &[&RosterRow]) -> Option<RosterFault> {
        let same = |other: &&&RosterRow| {
            let same_phone = !row.phone.is_empty() && row.phone == other.phone;
            let one_lacks_phone = row.phone.is_empty() || other.phone.is_empty();
            let one_lacks_group = row.group.is_empty() || other.group.is_empty();
            let same_group = one_lacks_group || row.group == other.group;
            same_phone || (row.unit == other.unit && same_group && one_lacks_phone)
        };
        let twin = namesakes.iter().find(same)?;
        let reason = format!(
            "和第 {} 行是同一个人；同村同名的两个人，请都写上电话",
            twin.row
        );
        Some(self.fault_at(Meaning::Name, reason))
    }

    fn fault_at(&self, meaning: Meaning, reason: String) -> RosterFault {
        // A phone number is not shown in full, not even a wrong one.
        let value = match meaning {
            Meaning::Phone => String::new(),
            meaning => self.text(meaning).chars().take(40).collect(),
        };
        RosterFault {
            row: self.row,
            column: self.column(meaning),
            value,
            reason,
        }
    }
}
