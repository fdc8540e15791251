//! 名册: who takes part, how the last file was read, and the way to print tickets.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, Staff, sample},
};

/// `GET /roster?unit=ID`; the upload posts multipart `file` to `/roster`, and the township's name as `unit` the first time;
/// printing posts `unit` (empty for all) to `/roster/tickets`, since that makes new tickets.
#[derive(Debug, Clone, Serialize)]
pub struct Roster {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub report: Option<RosterReport>,
    pub units: Vec<UnitRow>,
    /// The unit looked at; `None` shows all.
    pub unit: Option<UnitRow>,
    pub people: Vec<PersonRow>,
    /// How many there are in all; `people` may be the first of them.
    pub total: u32,
}

/// What a file would do, or why it was left.
#[derive(Debug, Clone, Serialize)]
pub struct RosterReport {
    pub file: String,
    /// `false`: nothing of it was imported.
    pub imported: bool,
    pub added: u32,
    pub changed: u32,
    pub unchanged: u32,
    /// Which heading was taken for what: `姓名 → 姓名`, `村（社区） → 单位`.
    pub headings: Vec<String>,
    pub faults: Vec<RosterFault>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RosterFault {
    pub row: usize,
    /// As the sheet names it: `C`, or the heading.
    pub column: String,
    /// What stands there.
    pub value: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitRow {
    pub id: String,
    pub name: String,
    /// Depth in the tree, from 0.
    pub depth: u32,
    pub people: u32,
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonRow {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub group: String,
    pub post: String,
    /// The last four digits, or nothing.
    pub phone_end: String,
    /// Holds a ticket that signs in.
    pub ticket: bool,
}

impl Page for Roster {
    const TEMPLATE: &'static str = "roster.html";

    fn samples() -> Vec<Roster> {
        let empty = Roster {
            staff: sample::staff(),
            notice: None,
            report: None,
            units: vec![],
            unit: None,
            people: vec![],
            total: 0,
        };
        let mut full = empty.clone();
        full.units = units();
        full.people = people();
        full.total = 412;
        full.report = Some(RosterReport {
            file: "青溪镇干部名册.xlsx".into(),
            imported: true,
            added: 12,
            changed: 3,
            unchanged: 397,
            headings: [
                "姓名 → 姓名",
                "村（社区） → 单位",
                "职务 → 岗位",
                "联系电话 → 手机号",
            ]
            .map(Into::into)
            .into(),
            faults: vec![],
        });
        let mut refused = full.clone();
        refused.unit = units().into_iter().nth(1);
        refused.report = refused.report.map(|report| RosterReport {
            imported: false,
            faults: faults(),
            ..report
        });
        vec![full, refused, empty]
    }
}

fn units() -> Vec<UnitRow> {
    let unit = |name: &str, depth, people| UnitRow {
        id: name.into(),
        name: name.into(),
        depth,
        people,
    };
    vec![
        unit("青溪镇", 0, 412),
        unit("桃源村", 1, 29),
        unit("桃源村第一村民小组", 2, 6),
        unit("青山村", 1, 31),
        unit("农业农村综合服务中心", 1, 14),
    ]
}

fn people() -> Vec<PersonRow> {
    let person = |name: &str, unit: &str, group: &str, post: &str, end: &str, ticket| PersonRow {
        id: "p1".into(),
        name: name.into(),
        unit: unit.into(),
        group: group.into(),
        post: post.into(),
        phone_end: end.into(),
        ticket,
    };
    let long = sample::long_who();
    vec![
        person(
            "李建国",
            "桃源村",
            "",
            "村党组织书记、村委会主任",
            "0218",
            true,
        ),
        person(
            "李建国",
            "青山村",
            "第二村民小组",
            "村民小组长",
            "7751",
            true,
        ),
        person("王秀兰", "柳河村", "", "村党组织书记", "", false),
        person(
            &long.name,
            &long.unit,
            "第十三村民小组",
            &long.post,
            "9090",
            false,
        ),
    ]
}

fn faults() -> Vec<RosterFault> {
    let fault = |row, column: &str, value: &str, reason: &str| RosterFault {
        row,
        column: column.into(),
        value: value.into(),
        reason: reason.into(),
    };
    vec![
        fault(
            7,
            "D（职务）",
            "支书助理",
            "不认识这个岗位。请改成岗位表里的名字，或在岗位表里给它加一个别名。",
        ),
        fault(12, "A（姓名）", "", "姓名是空的。请补上，或删掉这一行。"),
        fault(
            31,
            "E（联系电话）",
            "1380013800",
            "手机号少一位（应为 11 位）。",
        ),
    ]
}
