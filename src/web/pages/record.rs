//! 操作记录: who did what when, newest first, with what was before and after.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, Staff, sample},
};

/// `GET /record`. The filters are in the address: `act`, `actor`, `from`, `to`; `before` is the page.
#[derive(Debug, Clone, Serialize)]
pub struct RecordPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    /// The words of the form, as asked for.
    pub actor: String,
    /// `2026-02-18`, or empty.
    pub from: String,
    pub to: String,
    pub acts: Vec<ActChoice>,
    /// Something is filtered.
    pub filtered: bool,
    pub rows: Vec<ActRow>,
    /// Address of the newest page, where this is not it.
    pub newest: Option<String>,
    pub older: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActChoice {
    pub code: String,
    pub word: String,
    pub chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    pub at_ms: i64,
    /// `2026-02-18`.
    pub day: String,
    /// `10:30:05`.
    pub time: String,
    /// A name, or 命令行, 程序.
    pub actor: String,
    /// The actor's unit; empty where it is nobody.
    pub actor_unit: String,
    /// The actor sits in the round that the act is about.
    pub conflict: bool,
    pub act: String,
    pub subject: String,
    /// Address of what it is about, where it has a page.
    pub link: Option<String>,
    pub facts: Vec<Change>,
}

/// One fact of an act. `before` only where something gave way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub label: String,
    pub before: Option<String>,
    pub after: String,
}

impl Page for RecordPage {
    const TEMPLATE: &'static str = "record.html";

    fn samples() -> Vec<RecordPage> {
        let choice = |code: &str, word: &str| ActChoice {
            code: code.into(),
            word: word.into(),
            chosen: code == "extend-round",
        };
        let empty = RecordPage {
            staff: sample::staff(),
            notice: None,
            actor: String::new(),
            from: String::new(),
            to: String::new(),
            acts: vec![
                choice("seal-round", "封卷"),
                choice("extend-round", "延长时间"),
            ],
            filtered: false,
            rows: vec![],
            newest: None,
            older: None,
        };
        let mut some = empty.clone();
        some.rows = sample_rows();
        some.older = Some("/record?before=01k".into());
        let mut filtered = empty.clone();
        filtered.filtered = true;
        filtered.actor = "周".into();
        filtered.newest = Some("/record?actor=%E5%91%A8".into());
        filtered.notice = Some(Notice::alert("日期要写成 2026-02-18 这样。"));
        vec![some, empty, filtered]
    }
}

fn sample_rows() -> Vec<ActRow> {
    let change = |label: &str, before: Option<&str>, after: &str| Change {
        label: label.into(),
        before: before.map(str::to_owned),
        after: after.into(),
    };
    let row = |actor: &str, act: &str, subject: &str, facts: Vec<Change>| ActRow {
        at_ms: sample::NOW,
        day: "2026-02-18".into(),
        time: "10:30:00".into(),
        actor: actor.into(),
        actor_unit: "青溪镇农业农村综合服务中心".into(),
        conflict: act == "看题目答案",
        act: act.into(),
        subject: subject.into(),
        link: Some("/rounds/r1".into()),
        facts,
    };
    vec![
        row(
            "周敏",
            "延长时间",
            "镇内赛笔试",
            vec![
                change("延长", None, "5 分钟"),
                change("原因", None, "柳河村网络中断"),
            ],
        ),
        row(
            "阿卜杜热西提·买买提明·努尔麦麦提",
            "看题目答案",
            "新时代文明实践示范街道桃花源记忆乡村振兴示范社区第十三村民小组村内比第二场补考",
            vec![change("题数", None, "412")],
        ),
        row(
            "程序",
            "发布题库",
            "题库 3b1f9c2a",
            vec![change(
                "版本",
                Some("2f1e9c2ad0e84c7796b1d5f0a4e2c813"),
                "3b1f9c2ad0e84c7796b1d5f0a4e2c813",
            )],
        ),
    ]
}
