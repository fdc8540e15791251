//! 抽问, before it begins: an examiner's own sessions, and choosing unit, people and what to ask.

use serde::Serialize;

use crate::{
    bank::points::Points,
    web::{
        page::Page,
        pages::parts::{Notice, Who, sample},
    },
};

/// `GET /spot-checks`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotHome {
    pub who: Who,
    /// 计分抽问 in which this examiner may still examine somebody.
    pub events: Vec<EventRow>,
    /// Own sessions, newest first.
    pub checks: Vec<CheckRow>,
    /// Those this organizer runs; `None` for who is none.
    pub run: Option<Vec<RunRow>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EventRow {
    pub id: String,
    pub name: String,
    pub questions: u32,
    pub points: Points,
    /// How many people this examiner may still examine.
    pub people: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct CheckRow {
    pub id: String,
    pub started_at_ms: i64,
    /// Joined by `、`.
    pub people: String,
    /// `open`, `finished` or `void`.
    pub state: &'static str,
    /// Where it counts.
    pub event: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    pub id: String,
    pub name: String,
    pub closed: bool,
}

/// `GET /spot-checks/new`, with `?event=` where it counts, and `?unit=` once the unit is chosen.
#[derive(Debug, Clone, Serialize)]
pub struct SpotChoose {
    pub notice: Option<Notice>,
    pub event: Option<EventRow>,
    /// Without a unit: those to choose from, in tree order.
    pub units: Vec<UnitRow>,
    pub form: Option<ChooseForm>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitRow {
    pub id: String,
    pub name: String,
    pub depth: u32,
    /// It and what is below it.
    pub people: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct ChooseForm {
    pub unit_id: String,
    pub unit: String,
    /// By unit, in tree order.
    pub groups: Vec<PeopleGroup>,
    pub questions: u32,
    pub sorts: Vec<Pick>,
    pub topics: Vec<Pick>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PeopleGroup {
    pub unit: String,
    pub people: Vec<PersonRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PersonRow {
    pub id: String,
    pub name: String,
    pub post: String,
    /// Last four digits, where somebody else here has the same name.
    pub phone_end: Option<String>,
    pub chosen: bool,
}

/// A box to tick.
#[derive(Debug, Clone, Serialize)]
pub struct Pick {
    pub value: String,
    pub word: String,
    pub chosen: bool,
}

impl EventRow {
    pub(in crate::web) fn sample() -> EventRow {
        EventRow {
            id: "e1".into(),
            name: "镇内赛·现场抽问".into(),
            questions: 5,
            points: Points::whole(20),
            people: 62,
        }
    }
}

impl Page for SpotHome {
    const TEMPLATE: &'static str = "spot_home.html";

    fn samples() -> Vec<SpotHome> {
        let row = |people: &str, state, event: Option<&str>| CheckRow {
            id: "c1".into(),
            started_at_ms: sample::NOW,
            people: people.into(),
            state,
            event: event.map(Into::into),
        };
        let empty = SpotHome {
            who: sample::who(),
            events: vec![],
            checks: vec![],
            run: None,
        };
        let run = |name: &str, closed| RunRow {
            id: "e1".into(),
            name: name.into(),
            closed,
        };
        let full = SpotHome {
            who: sample::long_who(),
            events: vec![EventRow::sample()],
            checks: vec![
                row("李建国、王秀兰、张国庆、刘桂香、陈永福", "open", None),
                row("孙德明", "finished", Some("镇内赛·现场抽问")),
                row(
                    "吴玉珍、阿卜杜热西提·买买提明·努尔麦麦提",
                    "void",
                    Some(
                        "青溪镇2026年上半年“政策一口清”比武活动村党组织书记、村委会主任专场现场抽问",
                    ),
                ),
            ],
            run: Some(vec![
                run("镇内赛·现场抽问", false),
                run("村内比·现场抽问", true),
            ]),
        };
        let mut organizer = empty.clone();
        organizer.run = Some(vec![]);
        vec![full, empty, organizer]
    }
}

impl ChooseForm {
    /// Namesakes told apart, and somebody with a long name.
    fn sample() -> ChooseForm {
        let pick = |value: &str, word: &str, chosen| Pick {
            value: value.into(),
            word: word.into(),
            chosen,
        };
        let person = |name: &str, post: &str, end: Option<&str>| PersonRow {
            id: "p1".into(),
            name: name.into(),
            post: post.into(),
            phone_end: end.map(Into::into),
            chosen: end.is_some(),
        };
        let long = sample::long_who();
        ChooseForm {
            unit_id: "u1".into(),
            unit: "桃源村".into(),
            groups: vec![
                PeopleGroup {
                    unit: "桃源村".into(),
                    people: vec![
                        person("李建国", "村党组织书记、村委会主任", None),
                        person("王秀兰", "村文书", Some("0002")),
                        person("王秀兰", "副主任", Some("0032")),
                    ],
                },
                PeopleGroup {
                    unit: long.unit,
                    people: vec![person(&long.name, &long.post, None)],
                },
            ],
            questions: 5,
            sorts: vec![
                pick("recall", "口答", true),
                pick("material", "材料", true),
                pick("single", "单选", false),
            ],
            topics: vec![
                pick("社会救助法", "社会救助法", false),
                pick("村民自治", "村民自治", false),
            ],
        }
    }
}

impl Page for SpotChoose {
    const TEMPLATE: &'static str = "spot_choose.html";

    fn samples() -> Vec<SpotChoose> {
        let unit = |name: &str, depth, people| UnitRow {
            id: "u1".into(),
            name: name.into(),
            depth,
            people,
        };
        let units = SpotChoose {
            notice: None,
            event: None,
            units: vec![
                unit("青溪镇", 0, 310),
                unit("桃源村", 1, 29),
                unit(
                    "新时代文明实践示范街道桃花源记忆乡村振兴示范社区第十三村民小组",
                    2,
                    3,
                ),
            ],
            form: None,
        };
        let mut none = units.clone();
        none.units = vec![];
        let mut trial = none.clone();
        trial.notice = Some(Notice::alert("请先选人，一次最多 10 个人"));
        trial.form = Some(ChooseForm::sample());
        let mut scored = trial.clone();
        scored.event = Some(EventRow::sample());
        let mut nobody = scored.clone();
        if let Some(form) = &mut nobody.form {
            form.groups = vec![];
        }
        vec![units, trial, scored, nobody, none]
    }
}
