//! 题库 at a trainer's desk: what there is, what is wrong with it and where, and what is held back.

use serde::Serialize;

use crate::{
    bank::fault::{Fault, Severity},
    web::{
        page::Page,
        pages::parts::{Staff, sample},
    },
};

/// `GET /bank`.
#[derive(Debug, Clone, Serialize)]
pub struct BankPage {
    pub staff: Staff,
    /// The published revision and since when; `None` before the first.
    pub revision: Option<String>,
    pub published_at_ms: Option<i64>,
    /// Why the newest change is not live: a sealed or scheduled round could not be filled.
    pub held: Option<String>,
    pub topics: Vec<TopicRow>,
    pub files: Vec<FileRow>,
    pub faults: Vec<ShownFault>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicRow {
    pub topic: String,
    /// One per kind, in the order of `Kind::ALL`.
    pub counts: [u32; 5],
    pub total: u32,
}

#[derive(Debug, Clone, Serialize)]
pub struct FileRow {
    pub file: String,
    pub topic: String,
    pub questions: u32,
    pub errors: u32,
    pub warnings: u32,
}

#[derive(Debug, Clone, Serialize)]
pub struct ShownFault {
    pub fault: Fault,
    /// As `bank check` prints it, without colours.
    pub rendering: String,
}

impl Page for BankPage {
    const TEMPLATE: &'static str = "bank.html";

    fn samples() -> Vec<BankPage> {
        let empty = BankPage {
            staff: sample::staff(),
            revision: None,
            published_at_ms: None,
            held: None,
            topics: vec![],
            files: vec![],
            faults: vec![],
        };
        let topic = |topic: &str, counts: [u32; 5]| TopicRow {
            topic: topic.into(),
            counts,
            total: counts.iter().sum(),
        };
        let file = |file: &str, topic: &str, questions, errors, warnings| FileRow {
            file: file.into(),
            topic: topic.into(),
            questions,
            errors,
            warnings,
        };
        let mut full = empty.clone();
        full.revision = Some("3b1f9c2ad0e84c7796b1d5f0a4e2c813".into());
        full.published_at_ms = Some(sample::NOW);
        full.held = Some(
            "改动先扣下了：删掉 shjz-004 后，“镇内赛笔试”（2 月 18 日 10:00 开始）的“社会救助”多选要 4 题，只剩 3 题。现在用的还是上一版。补一题或等这一场结束，改动就会自动生效。".into(),
        );
        full.topics = vec![
            topic("乡村振兴促进法", [12, 6, 8, 4, 3]),
            topic("社会救助", [9, 3, 6, 0, 2]),
        ];
        full.files = vec![
            file("乡村振兴/乡村振兴促进法.md", "乡村振兴促进法", 33, 0, 0),
            file("惠民政策/社会救助.md", "社会救助", 20, 1, 1),
        ];
        full.faults = ShownFault::samples();
        vec![full, empty]
    }
}

impl ShownFault {
    pub(in crate::web) fn samples() -> Vec<ShownFault> {
        let fault = |severity, code, line, text: &str, message: &str, help: &str| Fault {
            severity,
            code,
            file: "惠民政策/社会救助.md".into(),
            line,
            column: 1,
            length: 5,
            text: text.into(),
            message: message.into(),
            help: help.into(),
            question: Some("shjz-007".into()),
        };
        let faults = [
            fault(
                Severity::Error,
                "no-key",
                41,
                "- [ ] 民政部门",
                "这一题没有标出正确答案",
                "在正确的选项前写 [x]，例如：- [x] 民政部门",
            ),
            fault(
                Severity::Warning,
                "no-difficulty",
                52,
                "## 特困供养由谁负责？ {#shjz-008}",
                "没有写难度，先按 3 算",
                "在题目后面写 难度=2（1 最易，5 最难）",
            ),
        ];
        faults
            .into_iter()
            .map(|fault| ShownFault {
                rendering: format!(
                    "错误[{}]：{}\n  --> {}:{}:1\n   |\n{} | {}\n   | ^^^^^\n   = 怎么改：{}",
                    fault.code,
                    fault.message,
                    fault.file,
                    fault.line,
                    fault.line,
                    fault.text,
                    fault.help
                ),
                fault,
            })
            .collect()
    }
}
