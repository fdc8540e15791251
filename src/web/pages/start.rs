//! The page before the first question: the rules, once, and the button that starts the clock.

use serde::Serialize;

use crate::{
    bank::points::Points,
    web::{
        page::Page,
        pages::{
            home::RoundCard,
            parts::{RoundState, Who, sample},
        },
    },
};

/// `GET /rounds/{id}/start`; its form posts to the same address.
#[derive(Debug, Clone, Serialize)]
pub struct Start {
    pub who: Who,
    pub round: RoundCard,
    pub total: Points,
    pub pass: Option<Points>,
    /// 同卷异序: everybody has the same questions, in another order.
    pub same_paper: bool,
    pub release: Release,
    /// Why it cannot be started now, in place of the button.
    pub refusal: Option<String>,
}

/// When keys may be seen, and (but for `handin`) the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum Release {
    /// Points at hand-in, keys when the round has closed at this time.
    Handin { closes_at_ms: i64 },
    /// Everything when the round has closed at this time.
    Close { closes_at_ms: i64 },
    /// Everything when the organizer says so.
    Hand,
    /// It may be seen now.
    Released,
}

impl Page for Start {
    const TEMPLATE: &'static str = "start.html";

    fn samples() -> Vec<Start> {
        let closes_at_ms = sample::NOW + 30 * sample::MINUTE;
        let start = Start {
            who: sample::who(),
            round: RoundCard::sample("镇内赛笔试", RoundState::Open),
            total: Points::whole(100),
            pass: Some(Points::whole(60)),
            same_paper: false,
            release: Release::Close { closes_at_ms },
            refusal: None,
        };
        let mut again = start.clone();
        (again.round.attempts, again.round.attempts_left) = (3, 2);
        again.release = Release::Handin { closes_at_ms };
        (again.same_paper, again.pass) = (true, None);
        let mut refused = start.clone();
        refused.who = sample::long_who();
        refused.round.state = RoundState::Upcoming;
        refused.release = Release::Hand;
        refused.refusal = Some("还没到开始时间。到点后刷新这一页就能开始。".into());
        vec![start, again, refused]
    }
}
