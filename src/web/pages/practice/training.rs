//! 培训参考: what a unit finds hard, and the study sheet for its meeting.

use serde::Serialize;

use crate::{
    bank::question::Kind,
    web::{
        page::{Page, Safe},
        pages::parts::{Staff, sample},
    },
};

/// `GET /training`. No names, no counts.
#[derive(Debug, Clone, Serialize)]
pub struct Training {
    pub staff: Staff,
    pub unit: String,
    pub unit_id: String,
    pub units: Vec<UnitChoice>,
    /// `None` while fewer than five people have practised.
    pub topics: Option<Vec<TopicShare>>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitChoice {
    pub id: String,
    /// Indented by its depth.
    pub name: String,
    pub here: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicShare {
    pub topic: String,
    /// `约三成`.
    pub missed: String,
    /// 1 to 10, for the bar.
    pub tenths: u32,
}

/// `GET /training/sheet`.
#[derive(Debug, Clone, Serialize)]
pub struct SheetPage {
    pub unit: String,
    pub unit_id: String,
    /// `2026年2月18日`.
    pub day: String,
    pub questions: Vec<SheetQuestion>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SheetQuestion {
    /// The household or case it is about.
    pub material: Option<Safe>,
    pub stem: Safe,
    pub kind: Kind,
    pub topic: String,
    pub key: Vec<String>,
    pub rationale: Safe,
    pub source: String,
    pub missed: Option<String>,
}

impl Page for Training {
    const TEMPLATE: &'static str = "training.html";

    fn samples() -> Vec<Training> {
        let share = |topic: &str, missed: &str, tenths| TopicShare {
            topic: topic.into(),
            missed: missed.into(),
            tenths,
        };
        let choice = |name: &str, here| UnitChoice {
            id: name.into(),
            name: name.into(),
            here,
        };
        let few = Training {
            staff: sample::staff(),
            unit: "桃源村".into(),
            unit_id: "u1".into(),
            units: vec![choice("青溪镇", false), choice("　桃源村", true)],
            topics: None,
        };
        let some = vec![
            share("最低生活保障", "约六成", 6),
            share("信访工作", "约两成", 2),
        ];
        vec![
            Training {
                topics: Some(some),
                ..few.clone()
            },
            Training {
                topics: Some(vec![]),
                units: vec![choice("桃源村", true)],
                ..few.clone()
            },
            few,
        ]
    }
}

impl Page for SheetPage {
    const TEMPLATE: &'static str = "training_sheet.html";

    fn samples() -> Vec<SheetPage> {
        let question = SheetQuestion {
            material: None,
            stem: sample::html("信访事项自受理之日起多少日内办结？"),
            kind: Kind::Single,
            topic: "信访工作".into(),
            key: vec!["60日".into()],
            rationale: sample::html("情况复杂的，经批准可以延长，最长30日。"),
            source: "《信访工作条例》第三十四条".into(),
            missed: Some("约六成".into()),
        };
        let other = SheetQuestion {
            missed: None,
            material: Some(sample::html("周某一家三口，自付3.2万元。")),
            kind: Kind::Recall,
            key: vec!["产业兴旺".into(), "生态宜居".into()],
            ..question.clone()
        };
        let sheet = SheetPage {
            unit: "桃源村".into(),
            unit_id: "u1".into(),
            day: "2026年2月18日".into(),
            questions: vec![question, other],
        };
        let empty = SheetPage {
            questions: vec![],
            ..sheet.clone()
        };
        vec![sheet, empty]
    }
}
