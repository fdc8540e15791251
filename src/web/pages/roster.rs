//! 名册: who takes part, how the last file was read, and the way to print tickets.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, Staff, sample},
};

/// `GET /roster?unit=ID`; the upload posts multipart `file` and `unit` (an id; the township's name the first time) to
/// `/roster`. Where posts are unknown, the answer posts multipart there: `name`, `unit`, `sheet` (what was read, so that
/// the file need not be chosen again), and pairs of `word` and `post`; the post `-` says that the word is none. Printing posts `unit` (empty for all) to `/roster/tickets`, since that makes new tickets.
#[derive(Debug, Clone, Serialize)]
pub struct Roster {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub report: Option<RosterReport>,
    pub units: Vec<UnitRow>,
    /// The unit looked at; `None` shows all.
    pub unit: Option<UnitRow>,
    pub people: Vec<PersonRow>,
    /// What a file may be imported for; with more than one, people choose.
    pub import_into: Vec<UnitChoice>,
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
    /// Which heading was taken for what: `B 列 村（社区） → 单位`.
    pub headings: Vec<String>,
    pub new_units: Vec<String>,
    /// Whose unit or phone changed.
    pub notes: Vec<String>,
    pub faults: Vec<RosterFault>,
    /// Words for posts that nobody knows.
    pub asked: Vec<AskedPost>,
    /// The form that asks; `None` while there are faults, since the file comes again then.
    pub question: Option<Question>,
}

/// 把“支书当家人”当作哪个岗位？
#[derive(Debug, Clone, Serialize)]
pub struct AskedPost {
    pub word: String,
    pub people: u32,
    /// `3、7、12 等`.
    pub rows: String,
    /// The post it looks like; empty: none.
    pub like: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Question {
    pub sheet: String,
    pub unit: String,
    pub posts: Vec<String>,
    /// Word and post of what was answered before, to be sent again.
    pub answered: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitChoice {
    pub id: String,
    pub name: String,
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
            import_into: vec![],
            total: 0,
        };
        let mut full = empty.clone();
        full.units = units();
        full.people = people();
        full.total = 412;
        full.import_into = vec![choice("青溪镇")];
        full.report = Some(RosterReport {
            file: "青溪镇干部名册.xlsx".into(),
            imported: true,
            added: 12,
            changed: 3,
            unchanged: 397,
            headings: [
                "A 列 姓名 → 姓名",
                "B 列 村（社区） → 单位",
                "C 列 村民小组 → 小组",
                "D 列 职务 → 岗位",
                "E 列 联系电话 → 手机号",
            ]
            .map(Into::into)
            .into(),
            new_units: vec!["桃源村第三村民小组".into(), "石桥村".into()],
            notes: vec![
                "王秀兰（柳河村）手机尾号从 0018 换成 7731".into(),
                "赵永福（青山村）从桃源村到青山村".into(),
            ],
            faults: vec![],
            asked: vec![],
            question: None,
        });
        let mut refused = full.clone();
        refused.unit = units().into_iter().nth(1);
        refused.report = refused.report.map(|report| RosterReport {
            imported: false,
            faults: faults(),
            asked: asked(),
            ..report
        });
        let mut asking = full.clone();
        asking.import_into = vec![choice("青溪镇"), choice("白云镇")];
        asking.report = asking.report.map(|report| RosterReport {
            imported: false,
            asked: asked(),
            question: Some(Question {
                sheet: "5aeT5ZCN".into(),
                unit: "青溪镇".into(),
                posts: ["镇领导", "村党组织书记", "村委会主任", "村文书"]
                    .map(Into::into)
                    .into(),
                answered: vec![("村会计员".into(), "村文书".into())],
            }),
            ..report
        });
        vec![full, refused, asking, empty]
    }
}

fn choice(name: &str) -> UnitChoice {
    UnitChoice {
        id: name.into(),
        name: name.into(),
    }
}

fn asked() -> Vec<AskedPost> {
    let asked = |word: &str, people, rows: &str, like: &str| AskedPost {
        word: word.into(),
        people,
        rows: rows.into(),
        like: like.into(),
    };
    vec![
        asked("支书当家人", 1, "7", "村党组织书记"),
        asked(
            "新时代文明实践站综治网格化服务管理专职联络员",
            26,
            "12、19、33、40、41、58、60、77 等",
            "",
        ),
    ]
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
