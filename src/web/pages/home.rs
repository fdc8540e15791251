//! A cadre's first page: the own rounds, each with the one thing to do now.

use serde::Serialize;

use crate::{
    bank::points::Points,
    web::{
        page::Page,
        pages::parts::{Notice, RoundState, Who, sample},
    },
};

/// `GET /`.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what somebody may open: each its own link"
)]
pub struct Home {
    pub who: Who,
    pub now_ms: i64,
    pub notice: Option<Notice>,
    /// What can be done now first; then what comes, then what is over.
    pub rounds: Vec<RoundCard>,
    /// Also an organizer: a link to `/rounds`.
    pub organizer: bool,
    /// Also a trainer: a link to `/bank`.
    pub trainer: bool,
    /// Examines by word of mouth, as judges, organizers and trainers may: a link to `/spot-checks`.
    pub examiner: bool,
    /// Was examined where it counts: a link to `/spot-results`.
    pub spot_results: bool,
}

/// A round as one of its entrants sees it.
#[derive(Debug, Clone, Serialize)]
pub struct RoundCard {
    pub id: String,
    pub name: String,
    pub state: RoundState,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub limit_seconds: i64,
    /// Questions on this person's paper: `60`, or `56～58` while it is not drawn.
    pub questions: String,
    pub attempts: u32,
    pub attempts_left: u32,
    /// Mine that is still open.
    pub attempt: Option<String>,
    /// Mine that ended last: its result page.
    pub finished: Option<String>,
    /// Where they may be seen.
    pub points: Option<Points>,
    pub rank: Option<u32>,
    pub division: Option<String>,
    /// The board may be looked at.
    pub board: bool,
}

impl Page for Home {
    const TEMPLATE: &'static str = "home.html";

    fn samples() -> Vec<Home> {
        let home = Home {
            who: sample::who(),
            now_ms: sample::NOW,
            notice: None,
            rounds: vec![],
            organizer: false,
            trainer: false,
            examiner: false,
            spot_results: false,
        };
        let mut busy = home.clone();
        busy.rounds = rounds();
        busy.spot_results = true;
        busy.notice = Some(Notice::ok("已经换成你自己的参赛证。"));
        let mut long = busy.clone();
        long.who = sample::long_who();
        (long.organizer, long.trainer, long.examiner) = (true, true, true);
        vec![busy, home, long]
    }
}

/// One card of every state.
fn rounds() -> Vec<RoundCard> {
    let open = RoundCard::sample("镇内赛笔试", RoundState::Open);
    let mut resumed = RoundCard::sample("村内比·第二场", RoundState::Open);
    resumed.attempt = Some("a1".into());
    let mut used_up = RoundCard::sample("线上自测", RoundState::Open);
    (used_up.attempts_left, used_up.finished) = (0, Some("a2".into()));
    let mut paused = RoundCard::sample("村内比·补考", RoundState::Paused);
    paused.attempt = Some("a3".into());
    let mut upcoming = RoundCard::sample(
        "青溪镇2026年上半年“政策一口清”比武活动村党组织书记、村委会主任专场笔试",
        RoundState::Upcoming,
    );
    upcoming.opens_at_ms += 26 * 60 * sample::MINUTE;
    let mut closed = RoundCard::sample("组内练", RoundState::Closed);
    (closed.finished, closed.board) = (Some("a4".into()), true);
    let mut announced = RoundCard::sample("村内比", RoundState::Announced);
    announced.finished = Some("a5".into());
    announced.points = Some(Points(8650));
    announced.rank = Some(3);
    announced.division = Some("村两委组".into());
    announced.board = true;
    vec![open, resumed, used_up, paused, upcoming, closed, announced]
}

impl RoundCard {
    pub(in crate::web) fn sample(name: &str, state: RoundState) -> RoundCard {
        RoundCard {
            id: "r1".into(),
            name: name.into(),
            state,
            opens_at_ms: sample::NOW - 30 * sample::MINUTE,
            closes_at_ms: sample::NOW + 30 * sample::MINUTE,
            limit_seconds: 2400,
            questions: "60".into(),
            attempts: 1,
            attempts_left: 1,
            attempt: None,
            finished: None,
            points: None,
            rank: None,
            division: None,
            board: false,
        }
    }
}
