//! 监考: who has not started, who sits, who handed in, and when each phone was last heard of; and one entrant's own page.

use serde::Serialize;

use crate::{
    app::monitor::SeatState,
    bank::points::Points,
    web::{
        page::Page,
        pages::parts::{Notice, RoundState, Staff, sample},
    },
};

/// `GET /rounds/{id}/monitor`; asks for itself again every few seconds.
#[derive(Debug, Clone, Serialize)]
pub struct MonitorPage {
    pub staff: Staff,
    pub id: String,
    pub name: String,
    pub state: RoundState,
    pub now_ms: i64,
    pub remaining_ms: Option<i64>,
    pub not_started: u32,
    pub sitting: u32,
    pub handed_in: u32,
    pub timed_out: u32,
    pub on_leave: u32,
    pub held: bool,
    pub seats: Vec<SeatRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SeatRow {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub division: String,
    pub late: bool,
    pub state: SeatState,
    pub deadline_at_ms: Option<i64>,
    /// How long ago something was last heard of this phone.
    pub quiet_ms: Option<i64>,
    pub late_steps: i64,
}

/// `GET /rounds/{id}/entrants/{person}`: what can be decided about one entrant.
#[derive(Debug, Clone, Serialize)]
pub struct EntrantPage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub round: String,
    pub round_name: String,
    pub announced: bool,
    pub seat: SeatRow,
    pub attempts: Vec<AttemptRow>,
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

impl Page for MonitorPage {
    const TEMPLATE: &'static str = "monitor.html";

    fn samples() -> Vec<MonitorPage> {
        let mut seats: Vec<SeatRow> = SEATS.iter().map(|state| seat(*state)).collect();
        seats[0].name = sample::long_who().name;
        seats[0].unit = sample::long_who().unit;
        let open = MonitorPage {
            staff: sample::staff(),
            id: "r1".into(),
            name: "镇内赛笔试".into(),
            state: RoundState::Open,
            now_ms: sample::NOW,
            remaining_ms: Some(20 * sample::MINUTE),
            not_started: 1,
            sitting: 1,
            handed_in: 1,
            timed_out: 1,
            on_leave: 1,
            held: false,
            seats,
        };
        let mut empty = open.clone();
        (empty.seats, empty.held, empty.remaining_ms) = (vec![], true, None);
        vec![open, empty]
    }
}

const SEATS: [SeatState; 6] = [
    SeatState::Sitting,
    SeatState::NotStarted,
    SeatState::TimedOut,
    SeatState::HandedIn,
    SeatState::Void,
    SeatState::OnLeave,
];

fn seat(state: SeatState) -> SeatRow {
    let who = sample::who();
    SeatRow {
        person: "p1".into(),
        name: who.name,
        unit: who.unit,
        division: "村党组织书记组".into(),
        late: state == SeatState::TimedOut,
        deadline_at_ms: (state == SeatState::Sitting).then_some(sample::NOW + sample::MINUTE),
        quiet_ms: (state != SeatState::NotStarted).then_some(42_000),
        late_steps: i64::from(state == SeatState::TimedOut) * 3,
        state,
    }
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
