//! One entrant of a round: what can be decided about them, and the form that adds somebody after sealing.

use serde::Serialize;

use crate::{
    app::monitor::SeatState,
    bank::points::Points,
    web::{
        page::Page,
        pages::{
            monitor::{SEATS, SeatRow, seat},
            parts::{Notice, Staff, sample},
        },
    },
};

/// `GET /rounds/{id}/entrants/{person}`: what can be decided about one entrant.
#[derive(Debug, Clone, Serialize)]
pub struct EntrantPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub round: String,
    pub round_name: String,
    pub announced: bool,
    pub seat: SeatRow,
    /// Roles over this round, where the entrant holds some: `organizer`, `trainer`.
    pub roles: Vec<&'static str>,
    pub place: Option<Place>,
    pub attempts: Vec<AttemptRow>,
}

/// The row on the real board.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// `None`: 缺考.
    pub rank: Option<u32>,
    pub division: String,
    pub points: Option<Points>,
    pub total: Points,
    pub used_ms: i64,
    pub why: String,
    /// Which of several attempts counts: `取最好的一次`.
    pub counts: &'static str,
}

impl Place {
    pub(super) fn sample() -> Place {
        Place {
            rank: Some(2),
            division: "村党组织书记组".into(),
            points: Some(Points(8_650)),
            total: Points::whole(100),
            used_ms: 1_852_000,
            why: "同分，用时多 12 秒".into(),
            counts: "取最好的一次",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct AttemptRow {
    pub id: String,
    pub number: i64,
    pub state: SeatState,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    pub points: Option<Points>,
    pub late_steps: i64,
    pub last_late_at_ms: Option<i64>,
}

impl Page for EntrantPage {
    const TEMPLATE: &'static str = "entrant.html";

    fn samples() -> Vec<EntrantPage> {
        SEATS
            .iter()
            .map(|state| EntrantPage {
                staff: sample::staff(),
                notice: Some(Notice::ok("已经记下。")),
                round: "r1".into(),
                round_name: "镇内赛笔试".into(),
                announced: false,
                seat: seat(*state),
                roles: match state {
                    SeatState::HandedIn => vec!["trainer"],
                    _ => vec![],
                },
                place: (*state == SeatState::HandedIn).then(Place::sample),
                attempts: match state {
                    SeatState::NotStarted | SeatState::OnLeave => vec![],
                    _ => vec![AttemptRow {
                        id: "a1".into(),
                        number: 1,
                        state: *state,
                        started_at_ms: sample::NOW - 20 * sample::MINUTE,
                        deadline_at_ms: sample::NOW,
                        finished_at_ms: (*state != SeatState::Sitting).then_some(sample::NOW),
                        points: Some(Points(8_650)),
                        late_steps: 3,
                        last_late_at_ms: Some(sample::NOW + sample::MINUTE),
                    }],
                },
            })
            .collect()
    }
}

/// `GET /rounds/{id}/entrants`: adds somebody after sealing.
#[derive(Debug, Clone, Serialize)]
pub struct LateEntrant {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub round: String,
    pub round_name: String,
    /// As typed, so that nothing is lost when the form comes back.
    pub who: String,
    pub reason: String,
}

impl Page for LateEntrant {
    const TEMPLATE: &'static str = "late_entrant.html";

    fn samples() -> Vec<LateEntrant> {
        let empty = LateEntrant {
            staff: sample::staff(),
            notice: None,
            round: "r1".into(),
            round_name: "镇内赛笔试".into(),
            who: String::new(),
            reason: String::new(),
        };
        let mut refused = empty.clone();
        refused.notice = Some(Notice::alert("叫“李建国”的不止一人，请写成 单位/姓名"));
        refused.who = "李建国".into();
        vec![empty, refused]
    }
}
