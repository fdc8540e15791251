//! 查政策: one box, the answers below it, best first; the topics where nothing was asked.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::{
    lookup::entry::{Case, Entry, Line},
    web::page::Page,
};

/// `GET /lookup?q=` and `GET /lookup?topic=`.
#[derive(Debug, Clone, Serialize)]
pub struct LookupPage {
    pub query: String,
    /// What is being browsed instead.
    pub topic: String,
    /// Where neither was given.
    pub topics: Vec<Topic>,
    pub answers: Vec<Shown>,
    /// Nothing answers; `answers` are what comes nearest.
    pub nearest: bool,
    /// The address of what a phone keeps.
    pub pack: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Topic {
    pub name: String,
    pub count: usize,
}

/// An entry as it is read at the door.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub id: String,
    pub topic: String,
    pub asked: String,
    pub answer: Vec<Line>,
    pub explanation: String,
    /// Document and clause.
    pub source: String,
    /// `2026年7月1日`, where it is known.
    pub since: Option<String>,
    pub material: Option<Case>,
    pub before: Option<ShownBefore>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ShownBefore {
    pub asked: String,
    pub answer: Vec<Line>,
    pub source: String,
    /// The last day.
    pub until: Option<String>,
}

impl From<Entry> for Shown {
    fn from(entry: Entry) -> Shown {
        Shown {
            id: entry.id.0,
            topic: entry.topic,
            asked: entry.asked,
            answer: entry.answer,
            explanation: entry.explanation,
            source: entry.document + &entry.clause,
            since: entry.since.map(in_words),
            material: entry.material,
            before: entry.before.map(|before| ShownBefore {
                asked: before.asked,
                answer: before.answer,
                source: before.document + &before.clause,
                until: before.until.map(in_words),
            }),
        }
    }
}

fn in_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

impl Page for LookupPage {
    const TEMPLATE: &'static str = "lookup.html";

    fn samples() -> Vec<LookupPage> {
        let empty = LookupPage {
            query: String::new(),
            topic: String::new(),
            topics: vec![],
            answers: vec![],
            nearest: false,
            pack: "/lookup/pack.json?v=0123456789abcdef".into(),
        };
        let mut start = empty.clone();
        start.topics = [("医保与医疗救助", 37), ("低收入人口与刚性支出困难家庭", 35)]
            .map(|(name, count)| Topic {
                name: name.into(),
                count,
            })
            .into();
        let mut found = empty.clone();
        found.query = "老人走了<b>丧葬费".into();
        found.answers = samples();
        let mut nearest = found.clone();
        nearest.nearest = true;
        let mut nothing = empty.clone();
        nothing.query = "🏠".into();
        let mut topic = found.clone();
        (topic.query, topic.topic) = (String::new(), "医保与医疗救助".into());
        vec![start, found, nearest, nothing, topic, empty]
    }
}

fn samples() -> Vec<Shown> {
    let list = Shown {
        id: "yb-025".into(),
        topic: "医保与医疗救助".into(),
        asked: "参加居民医保给予定额资助的有哪些人？".into(),
        answer: vec![Line::plain("低保对象"), Line::plain("返贫致贫人口")],
        explanation: "特困人员是全额资助。".into(),
        source: "《关于健全重特大疾病医疗保险和救助制度的意见》（国办发〔2021〕42号）第二条".into(),
        since: Some("2021年10月28日".into()),
        material: None,
        before: None,
    };
    let mut sentence = list.clone();
    sentence.asked.clear();
    sentence.answer = vec![Line(vec![
        "自受理之日起".into(),
        "60".into(),
        "日内办结。".into(),
    ])];
    sentence.since = None;
    sentence.before = Some(ShownBefore {
        asked: String::new(),
        answer: vec![Line::plain("30日内办结。")],
        source: "《旧办法》第一条".into(),
        until: Some("2026年6月30日".into()),
    });
    let mut case = list.clone();
    case.explanation.clear();
    case.material = Some(Case {
        title: "户情：周家".into(),
        text: "周某一家三口，自付3.2万元。".into(),
    });
    vec![list, sentence, case]
}
