//! 抽问情况表: what was said, missed and commented, person by person, to print on A4.

use serde::Serialize;

use crate::{
    bank::points::Points,
    contest::spot_check::{
        Weight,
        sheet::{PersonSheet, Row},
    },
    web::{
        page::Page,
        pages::parts::{Notice, Who, sample},
    },
};

/// `GET /spot-checks/{id}/sheet`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotSheet {
    pub notice: Option<Notice>,
    pub check: String,
    pub unit: String,
    pub examiner: String,
    /// `2026年2月18日 10:30`.
    pub started: String,
    /// `open`, `finished` or `void`.
    pub state: &'static str,
    /// 计分; a trial has neither points nor rank.
    pub event: Option<SheetEvent>,
    pub people: Vec<SheetPerson>,
    /// The visitor is its examiner.
    pub own: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct SheetEvent {
    pub id: String,
    pub name: String,
    /// Its points count now.
    pub entered: bool,
    /// The visitor runs the event.
    pub runs: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct SheetPerson {
    pub name: String,
    pub unit: String,
    pub post: String,
    pub points: Points,
    pub full: Points,
    pub complete: bool,
    /// Its points belong to an event; those of a trial are not shown.
    pub counted: bool,
    pub rows: Vec<SheetRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SheetRow {
    pub number: u32,
    pub word: &'static str,
    pub stem: String,
    pub asked: bool,
    pub said: Vec<String>,
    pub missed: Vec<String>,
    pub comment: String,
    pub points: Points,
    /// What to read: document and clause.
    pub source: String,
    pub topic: String,
}

impl SheetPerson {
    pub fn of(who: Who, sheet: PersonSheet, weight: Weight) -> SheetPerson {
        SheetPerson {
            name: who.name,
            unit: who.unit,
            post: who.post,
            counted: weight == Weight::Scored,
            points: sheet.points,
            full: sheet.full,
            complete: sheet.complete,
            rows: sheet.rows.into_iter().map(row).collect(),
        }
    }
}

fn row(row: Row) -> SheetRow {
    SheetRow {
        number: row.number,
        word: row.sort.chinese(),
        stem: row.stem,
        asked: row.asked,
        said: row.said,
        missed: row.missed,
        comment: row.comment,
        points: row.points,
        source: format!("{}{}", row.document, row.clause),
        topic: row.topic,
    }
}

/// Said in part, right, wrong, not asked.
pub(super) fn sample_rows() -> Vec<SheetRow> {
    let row = |number, asked, said: &[&str], missed: &[&str], comment: &str| SheetRow {
        number,
        word: "口答",
        stem: "请说出乡村振兴的“二十字”总要求。".into(),
        asked,
        said: said.iter().map(|text| (*text).to_owned()).collect(),
        missed: missed.iter().map(|text| (*text).to_owned()).collect(),
        comment: comment.into(),
        points: Points(1333),
        source: "《中华人民共和国乡村振兴促进法》（2021年4月29日通过）第三条".into(),
        topic: "乡村振兴促进法".into(),
    };
    vec![
        row(
            1,
            true,
            &["产业兴旺", "生态宜居", "乡风文明"],
            &["治理有效", "生活富裕"],
            "前三句很熟，后两句要再背",
        ),
        row(2, true, &["户籍地乡镇政府"], &[], ""),
        row(3, true, &[], &["农历秋分日"], ""),
        row(4, false, &[], &["六十", "三十"], ""),
    ]
}

impl Page for SpotSheet {
    const TEMPLATE: &'static str = "spot_sheet.html";

    fn samples() -> Vec<SpotSheet> {
        let rows = sample_rows();
        let person = |who: Who, rows: &[SheetRow], complete| SheetPerson {
            name: who.name,
            unit: who.unit,
            post: who.post,
            points: Points(3333),
            full: Points::whole(80),
            complete,
            counted: false,
            rows: rows.to_vec(),
        };
        let trial = SpotSheet {
            notice: None,
            check: "c1".into(),
            unit: "桃源村".into(),
            examiner: "周敏".into(),
            started: "2026年2月18日 10:30".into(),
            state: "finished",
            event: None,
            people: vec![
                person(sample::who(), &rows, false),
                person(sample::long_who(), &rows[..3], true),
            ],
            own: true,
        };
        let mut scored = trial.clone();
        for person in &mut scored.people {
            person.counted = true;
        }
        scored.event = Some(SheetEvent {
            id: "e1".into(),
            name: "镇内赛·现场抽问".into(),
            entered: false,
            runs: true,
        });
        let mut entered = scored.clone();
        entered.notice = Some(Notice::alert("成绩已经计入，不能再改。"));
        if let Some(event) = &mut entered.event {
            event.entered = true;
        }
        let mut void = scored.clone();
        void.state = "void";
        let mut open = trial.clone();
        open.state = "open";
        vec![trial, scored, entered, void, open]
    }
}
