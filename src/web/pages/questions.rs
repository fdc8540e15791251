//! A topic's questions at a trainer's desk: each as a cadre sees it, with key, rationale, source and faults below.

use serde::Serialize;

use crate::{
    bank::question::{Kind, Purpose},
    web::{
        page::{Page, Safe},
        pages::{
            bank::ShownFault,
            parts::{Asked, Passage, Staff, sample},
        },
    },
};

/// `GET /bank/topics/{topic}`.
#[derive(Debug, Clone, Serialize)]
pub struct Questions {
    pub staff: Staff,
    pub topic: String,
    pub questions: Vec<Keyed>,
}

/// A question with everything that is known of it. Only for trainers.
#[derive(Debug, Clone, Serialize)]
pub struct Keyed {
    pub asked: Asked,
    /// Shown where it begins; `None` on the questions that follow under the same one.
    pub material: Option<Passage>,
    pub id: String,
    pub revision: String,
    pub difficulty: u8,
    /// Empty: 全体.
    pub posts: Vec<String>,
    pub purpose: Purpose,
    /// Letters.
    pub key: Vec<String>,
    /// Per blank the accepted texts, or per element its ways to be said.
    pub accepted: Vec<Vec<String>>,
    pub rationale: Safe,
    /// Document and clause.
    pub source: String,
    pub file: String,
    pub line: usize,
    pub faults: Vec<ShownFault>,
    /// This is its last good revision: the file now says something faulty.
    pub kept: bool,
}

impl Page for Questions {
    const TEMPLATE: &'static str = "questions.html";

    fn samples() -> Vec<Questions> {
        let keyed = |asked: Asked, key: &[&str], accepted: &[&[&str]]| Keyed {
            asked,
            material: None,
            id: "xczx-001".into(),
            revision: "3b1f9c2ad0e84c7796b1d5f0a4e2c813".into(),
            difficulty: 2,
            posts: vec![],
            purpose: Purpose::General,
            key: key.iter().map(ToString::to_string).collect(),
            accepted: accepted
                .iter()
                .map(|texts| texts.iter().map(ToString::to_string).collect())
                .collect(),
            rationale: sample::html("五大振兴是产业振兴、人才振兴、文化振兴、生态振兴、组织振兴。"),
            source: "《中华人民共和国乡村振兴促进法》（2021年4月29日通过）第四条".into(),
            file: "乡村振兴/乡村振兴促进法.md".into(),
            line: 12,
            faults: vec![],
            kept: false,
        };
        let filled = sample::asked(
            2,
            Kind::Blanks,
            "信访事项自受理之日起（第1空）日内办结，可以延长（第2空）日。",
            &[],
        );
        let said = sample::asked(3, Kind::Recall, "请说出乡村振兴的“二十字”总要求。", &[]);
        let mut faulty = keyed(sample::multiple(1), &["A", "B", "D"], &[]);
        (faulty.faults, faulty.kept) = (ShownFault::samples(), true);
        faulty.posts = vec!["村党组织书记".into(), "村委会主任".into()];
        faulty.material = Some(Passage {
            number: 1,
            html: sample::html("材料：桃源村村民张某一家四口，因病住院，自付医疗费3.2万元。"),
        });
        let full = Questions {
            staff: sample::staff(),
            topic: "乡村振兴促进法".into(),
            questions: vec![
                faulty,
                keyed(filled, &[], &[&["60", "六十"], &["30"]]),
                keyed(said, &[], &[&["产业兴旺"], &["生态宜居", "环境宜居"]]),
            ],
        };
        let mut empty = full.clone();
        empty.questions.clear();
        vec![full, empty]
    }
}
