//! Which column holds what, by what its heading means.

use super::{Table, bad_file, cells::squeezed};
use crate::error::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Name,
    Phone,
    Group,
    OtherPost,
    Post,
    Unit,
}

impl Meaning {
    pub(super) fn word(self) -> &'static str {
        match self {
            Meaning::Name => "姓名",
            Meaning::Phone => "手机号",
            Meaning::Group => "小组",
            Meaning::Post => "岗位",
            Meaning::OtherPost => "兼任岗位",
            Meaning::Unit => "单位",
        }
    }
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
        Meaning::Group,
        &[
            "小组",
            "组",
            "村民小组",
            "村小组",
            "所在组",
            "所在小组",
            "所属小组",
            "村组",
        ],
    ),
    (
        Meaning::OtherPost,
        &[
            "兼任",
            "兼职",
            "其他职务",
            "其他岗位",
            "兼任职务",
            "兼任岗位",
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
            "村（社区）",
            "村(社区)",
            "村/社区",
            "社区",
            "部门",
            "行政村",
        ],
    ),
];

/// Column → meaning, each meaning once, in the sheet's order.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns(Vec<(usize, Meaning)>);

impl Columns {
    pub(super) fn of(&self, wanted: Meaning) -> Option<usize> {
        let mut columns = self.0.iter();
        columns
            .find(|(_, meaning)| *meaning == wanted)
            .map(|(place, _)| *place)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Meaning)> {
        self.0.iter().copied()
    }
}

/// The heading's row (from 0) among the first 20; titles and notes above it do not matter.
pub(super) fn find(table: &Table) -> Result<(usize, Columns)> {
    let rows = table.iter().take(20).enumerate();
    let (head, columns) = rows
        .map(|(place, row)| (place, columns_of(row)))
        .find(|(_, columns)| columns.of(Meaning::Name).is_some() && columns.0.len() >= 2)
        .ok_or_else(|| bad_file("前 20 行里没有找到表头。表头要有“姓名”，还要有“单位”（或“村”）和“职务”（或“岗位”）"))?;
    if columns.of(Meaning::Post).is_none() {
        return Err(bad_file(
            "表头里没有“职务”或“岗位”这一列，组卷要知道每个人的岗位",
        ));
    }
    Ok((head, columns))
}

/// Whether a row below repeats the heading, as a second line of it or on every printed page.
pub(super) fn is_heading(name: &str) -> bool {
    HEADINGS[0].1.contains(&name)
}

fn columns_of(row: &[String]) -> Columns {
    let mut found = Columns::default();
    for (place, cell) in row.iter().enumerate() {
        if let Some(meaning) = meaning_of(&squeezed(cell))
            && found.of(meaning).is_none()
        {
            found.0.push((place, meaning));
        }
    }
    found
}

fn meaning_of(heading: &str) -> Option<Meaning> {
    let exact = HEADINGS.iter().find(|(_, words)| words.contains(&heading));
    let roughly = || {
        // 小组长 heads a column of people, not of groups; a whole sentence heads nothing.
        let short = heading.chars().count() <= 8 && !heading.contains("组长");
        let mut headings = HEADINGS.iter();
        headings.find(|(_, words)| short && heading.contains(words[0]))
    };
    exact.or_else(roughly).map(|(meaning, _)| *meaning)
}
