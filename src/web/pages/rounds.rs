//! 场次: every round an organizer may run.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, RoundState, Staff, sample},
};

/// `GET /rounds`.
#[derive(Debug, Clone, Serialize)]
pub struct Rounds {
    pub staff: Staff,
    pub notice: Option<Notice>,
    /// Newest first.
    pub rounds: Vec<RoundRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RoundRow {
    pub id: String,
    pub name: String,
    /// `group`, `village` or `township`.
    pub tier: &'static str,
    pub unit: String,
    pub state: RoundState,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub entrants: u32,
    pub handed_in: u32,
}

impl Page for Rounds {
    const TEMPLATE: &'static str = "rounds.html";

    fn samples() -> Vec<Rounds> {
        let row = |name: &str, tier, state, entrants, handed_in| RoundRow {
            id: "r1".into(),
            name: name.into(),
            tier,
            unit: "青溪镇".into(),
            state,
            opens_at_ms: sample::NOW - 30 * sample::MINUTE,
            closes_at_ms: sample::NOW + 30 * sample::MINUTE,
            entrants,
            handed_in,
        };
        let empty = Rounds {
            staff: sample::staff(),
            notice: None,
            rounds: vec![],
        };
        let mut some = empty.clone();
        some.notice = Some(Notice::ok("已封卷。名单、题库和评分办法从现在起不再变动。"));
        some.rounds = vec![
            row("镇内赛笔试", "township", RoundState::Open, 186, 143),
            row("镇内赛补考", "township", RoundState::Draft, 0, 0),
            row(
                "青溪镇2026年上半年“政策一口清”比武活动村党组织书记、村委会主任专场笔试",
                "township",
                RoundState::Upcoming,
                62,
                0,
            ),
            row("桃源村·村内比", "village", RoundState::Paused, 29, 12),
            row("村内比", "village", RoundState::Closed, 310, 296),
            row("组内练", "group", RoundState::Announced, 1210, 1207),
        ];
        vec![some, empty]
    }
}
