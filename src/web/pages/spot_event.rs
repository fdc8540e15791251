//! 计分抽问 at an organizer's desk: setting one up; its board, sessions and entries.

use serde::Serialize;

use crate::{
    bank::points::Points,
    web::{
        page::Page,
        pages::{
            parts::{Notice, Staff, sample},
            spot_choose::{Pick, UnitRow},
        },
    },
};

/// `GET /spot-events/new`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotEventNew {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub form: EventForm,
    pub units: Vec<UnitRow>,
    pub sorts: Vec<Pick>,
    pub divisions: Vec<Pick>,
    pub topics: Vec<Pick>,
}

/// As typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EventForm {
    pub name: String,
    pub unit: String,
    pub questions: String,
    pub points: String,
}

/// `GET /spot-events/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotEventPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub id: String,
    pub name: String,
    pub unit: String,
    pub created_at_ms: i64,
    pub questions: u32,
    pub points: Points,
    pub total: Points,
    /// Joined by `、`.
    pub sorts: String,
    pub closed: bool,
    /// Without approved leave.
    pub entrants: usize,
    pub entered: usize,
    pub divisions: Vec<DivisionTable>,
    pub units: Vec<UnitLine>,
    pub checks: Vec<CheckLine>,
    /// Newest first.
    pub entries: Vec<EntryLine>,
    /// Those who may be noted as on leave, or are.
    pub absent: Vec<AbsentLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct DivisionTable {
    pub name: String,
    pub rows: Vec<PersonLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonLine {
    pub rank: Option<u32>,
    pub name: String,
    pub unit: String,
    pub points: Option<Points>,
    pub why: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitLine {
    pub rank: Option<u32>,
    pub unit: String,
    pub shown: String,
    pub turnout: String,
    pub why: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckLine {
    pub id: String,
    pub started_at_ms: i64,
    pub examiner: String,
    pub people: String,
    pub state: &'static str,
    pub entered: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct EntryLine {
    pub at_ms: i64,
    pub person: String,
    pub points: Points,
    pub reversal: bool,
    pub by: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct AbsentLine {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub on_leave: bool,
}

impl Page for SpotEventNew {
    const TEMPLATE: &'static str = "spot_event_new.html";

    fn samples() -> Vec<SpotEventNew> {
        let pick = |value: &str, chosen| Pick {
            value: value.into(),
            word: value.into(),
            chosen,
        };
        let fresh = SpotEventNew {
            staff: sample::staff(),
            notice: None,
            form: EventForm {
                questions: "5".into(),
                points: "20".into(),
                ..EventForm::default()
            },
            units: vec![UnitRow {
                id: "u1".into(),
                name: "青溪镇".into(),
                depth: 0,
                people: 310,
            }],
            sorts: vec![pick("口答", true), pick("材料", true), pick("单选", false)],
            divisions: vec![pick("村党组织书记组", false), pick("村委会主任组", false)],
            topics: vec![pick("社会救助法", false)],
        };
        let mut wrong = fresh.clone();
        wrong.notice = Some(Notice::alert("请写名称，60 个字以内"));
        wrong.form.points = "两分".into();
        vec![fresh, wrong]
    }
}

impl SpotEventPage {
    /// The empty one, filled: sessions in every state, entries, somebody on leave.
    fn busy(empty: &SpotEventPage) -> SpotEventPage {
        let long = sample::long_who();
        let person = |rank, name: &str, points, why: &str| PersonLine {
            rank,
            name: name.into(),
            unit: "桃源村".into(),
            points,
            why: why.into(),
        };
        let mut some = empty.clone();
        some.entered = 2;
        some.notice = Some(Notice::ok("已经计入。"));
        some.divisions = vec![DivisionTable {
            name: "村党组织书记组".into(),
            rows: vec![
                person(Some(1), "李建国", Some(Points(8667)), "86.67 分，最高分"),
                person(None, &long.name, None, "还没抽问"),
            ],
        }];
        some.units = vec![UnitLine {
            rank: None,
            unit: long.unit.clone(),
            shown: "43.34 分".into(),
            turnout: "1/2（50%）".into(),
            why: "应考 2 人，少于 5 人，只列出、不排名".into(),
        }];
        let check = |state, entered| CheckLine {
            id: "c1".into(),
            started_at_ms: sample::NOW,
            examiner: "冯志强".into(),
            people: "李建国、王秀兰".into(),
            state,
            entered,
        };
        some.checks = vec![
            check("finished", true),
            check("finished", false),
            check("open", false),
            check("void", false),
        ];
        let entry = |points, reversal| EntryLine {
            at_ms: sample::NOW,
            person: "李建国".into(),
            points,
            reversal,
            by: "周敏".into(),
            reason: "现场抽问".into(),
        };
        some.entries = vec![entry(Points(-8667), true), entry(Points(8667), false)];
        some.absent = vec![AbsentLine {
            id: "p1".into(),
            name: long.name,
            unit: long.unit,
            on_leave: true,
        }];
        some
    }
}

impl Page for SpotEventPage {
    const TEMPLATE: &'static str = "spot_event.html";

    fn samples() -> Vec<SpotEventPage> {
        let empty = SpotEventPage {
            staff: sample::staff(),
            notice: None,
            id: "e1".into(),
            name: "镇内赛·现场抽问".into(),
            unit: "青溪镇".into(),
            created_at_ms: sample::NOW,
            questions: 5,
            points: Points::whole(20),
            total: Points::whole(100),
            sorts: "口答、材料".into(),
            closed: false,
            entrants: 62,
            entered: 0,
            divisions: vec![],
            units: vec![],
            checks: vec![],
            entries: vec![],
            absent: vec![],
        };
        let some = SpotEventPage::busy(&empty);
        let mut closed = some.clone();
        closed.closed = true;
        vec![some, empty, closed]
    }
}
