//! 口答争议: the elements of a round's spoken answers that a person should look at, and one element as it is ruled on.

use serde::Serialize;

use crate::web::{
    page::{Page, Safe},
    pages::parts::{Notice, RoundState, Staff, sample},
};

/// `GET /rounds/{id}/rulings?from=…`.
#[derive(Debug, Clone, Serialize)]
pub struct RulingsPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub round: String,
    pub round_name: String,
    pub state: RoundState,
    /// All disputed elements of the round.
    pub count: usize,
    pub unruled: usize,
    /// Place of the first one on this page, from 0.
    pub from: usize,
    pub rows: Vec<ElementRow>,
    /// Where its forms come back to: `rulings`.
    pub back: &'static str,
    /// Where the ones before and after these begin.
    pub before: Option<usize>,
    pub after: Option<usize>,
}

/// Whose answer to what an element is of, where the page does not say so already.
#[derive(Debug, Clone, Serialize)]
pub struct Context {
    pub name: String,
    pub unit: String,
    pub stem: Safe,
    /// The whole answer.
    pub said: String,
}

/// One element: what was heard of it, what is missing, what was ruled, and the form that rules.
#[derive(Debug, Clone, Serialize)]
pub struct ElementRow {
    pub attempt: String,
    pub number: u32,
    /// From 1.
    pub element: u32,
    pub wanted: Safe,
    pub found: bool,
    /// The words taken for it, or against it.
    pub heard: Option<String>,
    pub missing: Vec<String>,
    /// Why words that were heard do not count.
    pub doubt: Option<String>,
    /// Worth a look, and nobody has ruled.
    pub open: bool,
    /// As they were made.
    pub rulings: Vec<RulingRow>,
    /// Whether it can be ruled here now.
    pub form: bool,
    /// The reason as it was typed, where it comes back.
    pub typed: String,
    pub context: Option<Context>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RulingRow {
    pub at_ms: i64,
    /// Empty where no person did it.
    pub by: String,
    pub counts: bool,
    pub reason: String,
    pub correction: bool,
    /// About words that no longer stand.
    pub stale: bool,
}

impl Page for RulingsPage {
    const TEMPLATE: &'static str = "rulings.html";

    fn samples() -> Vec<RulingsPage> {
        let who = sample::long_who();
        let row = |element: ElementRow| ElementRow {
            context: Some(Context {
                name: who.name.clone(),
                unit: who.unit.clone(),
                stem: sample::html("请说出乡村振兴的“二十字”总要求。"),
                said: "产业兴旺，生态宜居，香风文明，治理有效，生活富裕".into(),
            }),
            ..element
        };
        let full = RulingsPage {
            staff: sample::staff(),
            notice: None,
            round: "r1".into(),
            round_name: "镇内赛笔试".into(),
            state: RoundState::Closed,
            count: 61,
            unruled: 60,
            from: 0,
            rows: ElementRow::samples().into_iter().map(row).collect(),
            back: "rulings",
            before: None,
            after: Some(50),
        };
        let mut refused = full.clone();
        refused.notice = Some(Notice::alert("请写明原因（200 字以内）"));
        (refused.state, refused.before, refused.after) = (RoundState::Announced, Some(0), None);
        refused.from = 50;
        let mut empty = full.clone();
        (empty.rows, empty.count, empty.unruled, empty.after) = (vec![], 0, 0, None);
        let mut early = empty.clone();
        early.state = RoundState::Open;
        vec![full, refused, empty, early]
    }
}

impl ElementRow {
    /// A doubt, one nearly said, one that was ruled twice, one's own.
    pub(super) fn samples() -> Vec<ElementRow> {
        let doubted = ElementRow {
            attempt: "a1".into(),
            number: 5,
            element: 3,
            wanted: sample::html("乡风文明"),
            found: false,
            heard: Some("香风…不文明".into()),
            missing: vec![],
            doubt: Some("意思说反了".into()),
            open: true,
            rulings: vec![],
            form: true,
            typed: String::new(),
            context: None,
        };
        let mut nearly = doubted.clone();
        (nearly.heard, nearly.doubt) = (None, None);
        nearly.missing = vec!["治理".into(), "有效".into()];
        let mut ruled = nearly.clone();
        (ruled.open, ruled.found) = (false, true);
        let ruling = |counts: bool, by: &str| RulingRow {
            at_ms: sample::NOW,
            by: by.into(),
            counts,
            reason: "方言口音，现场评委听到说了".into(),
            correction: counts,
            stale: !counts,
        };
        ruled.rulings = vec![ruling(false, ""), ruling(true, "周敏")];
        let mut own = doubted.clone();
        (own.form, own.typed) = (false, "听录音\"确认".into());
        vec![doubted, nearly, ruled, own]
    }
}
