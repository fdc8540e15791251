//! One round at an organizer's desk: its state, who is where, and what can be done to it now.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, RoundState, Staff, sample},
};

/// `GET /rounds/{id}`. Each action is a form that posts to `/rounds/{id}/{action}`; `extend` with `minutes` and
/// `reason`, `pause`, `resume`, `close` and `announce` with `reason` where one is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct RoundPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub id: String,
    pub name: String,
    /// `group`, `village` or `township`.
    pub tier: &'static str,
    pub unit: String,
    pub state: RoundState,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub limit_seconds: i64,
    pub attempts: u32,
    /// The rest of what was declared, as sentences: 计分取最好一次；同卷异序；收卷后公布答案…
    pub declared: Vec<Fact>,
    /// What keeps it from being sealed, each with what to do.
    pub problems: Vec<String>,
    pub counts: Vec<CountRow>,
    pub actions: Vec<Action>,
    /// From sealing.
    pub seal: Option<Seal>,
    /// The round's secret, once published.
    pub secret: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// Who is where, of one division; the last row is 合计.
#[derive(Debug, Clone, Serialize)]
pub struct CountRow {
    pub division: String,
    /// Empty where the row has several.
    pub blueprint: String,
    pub entrants: u32,
    pub not_started: u32,
    pub sitting: u32,
    pub handed_in: u32,
    pub timed_out: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Seal,
    Close,
    Announce,
    Pause,
    Resume,
    Extend,
}

/// What was frozen, so that anybody can check later that nothing moved.
#[derive(Debug, Clone, Serialize)]
pub struct Seal {
    pub sealed_at_ms: i64,
    pub sealed_by: String,
    pub bank_revision: String,
    /// SHA-256 of the secret that seeds the papers.
    pub secret_hash: String,
    /// 组卷证明单: lines about how equal the papers are.
    pub proof: Vec<Fact>,
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "round.html";

    fn samples() -> Vec<RoundPage> {
        let open = RoundPage::sample();
        let mut draft = open.clone();
        draft.state = RoundState::Draft;
        (draft.seal, draft.actions) = (None, vec![]);
        draft.counts = vec![];
        draft.notice = Some(Notice::alert("还不能封卷：先看下面两处。"));
        draft.problems = vec![
            "“镇领导·专场”题库出不满：“社会救助”的多选要 4 题，只有 2 题。请命题人员补题，或改组卷方案。".into(),
            "名册里有 3 人没有岗位。请在名册里补上，或给全场定一个通用方案。".into(),
        ];
        let mut ready = draft.clone();
        (ready.problems, ready.notice) = (vec![], None);
        ready.actions = vec![Action::Seal];
        let mut paused = open.clone();
        paused.state = RoundState::Paused;
        paused.actions = vec![Action::Resume, Action::Extend, Action::Close];
        paused.notice = Some(Notice::wait("已暂停。大家的时间都停着，已经保存的不会丢。"));
        let mut closed = open.clone();
        closed.state = RoundState::Closed;
        closed.actions = vec![Action::Announce];
        closed.secret =
            Some("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into());
        vec![open, draft, ready, paused, closed]
    }
}

impl RoundPage {
    fn sample() -> RoundPage {
        let fact = |label: &str, value: &str| Fact {
            label: label.into(),
            value: value.into(),
        };
        let row = |division: &str, blueprint: &str, numbers: [u32; 5]| CountRow {
            division: division.into(),
            blueprint: blueprint.into(),
            entrants: numbers[0],
            not_started: numbers[1],
            sitting: numbers[2],
            handed_in: numbers[3],
            timed_out: numbers[4],
        };
        RoundPage {
            staff: sample::staff(),
            notice: None,
            id: "r1".into(),
            name: "镇内赛笔试".into(),
            tier: "township",
            unit: "青溪镇".into(),
            state: RoundState::Open,
            opens_at_ms: sample::NOW - 30 * sample::MINUTE,
            closes_at_ms: sample::NOW + 30 * sample::MINUTE,
            limit_seconds: 2400,
            attempts: 1,
            declared: vec![
                fact("试卷", "每人一份不同的卷子，难度相同"),
                fact("名次", "同分并列"),
                fact("公布", "收卷后公布成绩和答案"),
            ],
            problems: vec![],
            counts: vec![
                row(
                    "村党支部书记组",
                    "村党组织书记·镇内赛笔试",
                    [26, 1, 10, 15, 0],
                ),
                row("村两委组", "通用·笔试", [160, 12, 30, 117, 1]),
                row("合计", "", [186, 13, 40, 132, 1]),
            ],
            actions: vec![Action::Pause, Action::Extend, Action::Close],
            seal: Some(Seal {
                sealed_at_ms: sample::NOW - 90 * sample::MINUTE,
                sealed_by: "周敏".into(),
                bank_revision: "3b1f9c2ad0e84c7796b1d5f0a4e2c813".into(),
                secret_hash: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
                    .into(),
                proof: vec![
                    fact("试卷难度", "平均 2.80，标准差 0.01（随机抽题是 0.14）"),
                    fact("两份卷子相同的题", "平均 11.2 题，最多 19 题"),
                ],
            }),
            secret: None,
        }
    }
}
