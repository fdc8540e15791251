//! 监考: who has not started, who sits, who handed in, how far they are, and when each phone was last heard of.

use serde::Serialize;

use crate::{
    app::monitor::{SeatState, Totals},
    web::{
        page::Page,
        pages::{
            parts::{RoundState, Staff, Who, sample},
            round::Action,
        },
    },
};

/// `GET /rounds/{id}/monitor`; `monitor.js` keeps it up to date, and without it the page asks for itself again.
#[derive(Debug, Clone, Serialize)]
pub struct MonitorPage {
    pub staff: Staff,
    pub id: String,
    pub name: String,
    pub state: RoundState,
    pub now_ms: i64,
    pub remaining_ms: Option<i64>,
    pub totals: Totals,
    pub held: bool,
    pub actions: Vec<Action>,
    /// Where the actions' forms lead back to: here.
    pub back: &'static str,
    /// Staff who sit in this round themselves.
    pub conflicts: Vec<ConflictRow>,
    pub seats: Vec<SeatRow>,
}

/// What `GET /rounds/{id}/monitor/events` sends: all seats at first, then those that changed.
#[derive(Debug, Clone, Serialize)]
pub struct MonitorEvent {
    pub state: RoundState,
    /// `10:30:05`.
    pub time: String,
    pub remaining_ms: Option<i64>,
    pub totals: Totals,
    pub seats: Vec<SeatRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ConflictRow {
    pub person: String,
    pub name: String,
    pub unit: String,
    /// `organizer`, `trainer`.
    pub roles: Vec<&'static str>,
    /// The newest ones.
    pub looks: Vec<LookRow>,
    pub looks_count: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct LookRow {
    pub at_ms: i64,
    pub act: String,
    pub subject: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatRow {
    pub person: String,
    pub name: String,
    pub unit: String,
    pub division: String,
    pub late: bool,
    pub state: SeatState,
    /// Questions that stand answered.
    pub answered: i64,
    /// Of who sits: `10:50`.
    pub deadline: Option<String>,
    pub seen_at_ms: Option<i64>,
    /// How long ago that was.
    pub quiet_ms: Option<i64>,
    pub late_steps: i64,
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
            totals: Totals {
                sitting: 1,
                not_started: 1,
                handed_in: 1,
                timed_out: 1,
                void: 1,
                on_leave: 1,
            },
            actions: vec![Action::Extend, Action::Pause, Action::Close],
            back: "monitor",
            conflicts: vec![conflict(sample::long_who()), conflict(sample::who())],
            held: false,
            seats,
        };
        let mut empty = open.clone();
        (empty.seats, empty.held, empty.remaining_ms) = (vec![], true, None);
        (empty.actions, empty.conflicts) = (vec![], vec![]);
        (empty.totals, empty.state) = (Totals::default(), RoundState::Closed);
        let mut paused = open.clone();
        (paused.state, paused.remaining_ms) = (RoundState::Paused, None);
        (paused.actions, paused.conflicts) = (vec![Action::Resume], vec![]);
        vec![open, empty, paused]
    }
}

pub(super) const SEATS: [SeatState; 6] = [
    SeatState::Sitting,
    SeatState::NotStarted,
    SeatState::TimedOut,
    SeatState::HandedIn,
    SeatState::Void,
    SeatState::OnLeave,
];

pub(super) fn seat(state: SeatState) -> SeatRow {
    let who = sample::who();
    SeatRow {
        person: "p1".into(),
        name: who.name,
        unit: who.unit,
        division: "村党组织书记组".into(),
        late: state == SeatState::TimedOut,
        answered: 12 * i64::from(state != SeatState::NotStarted && state != SeatState::OnLeave),
        deadline: (state == SeatState::Sitting).then(|| "10:31".into()),
        seen_at_ms: (state != SeatState::NotStarted).then_some(sample::NOW - 42_000),
        quiet_ms: (state != SeatState::NotStarted).then_some(42_000),
        late_steps: i64::from(state == SeatState::TimedOut) * 3,
        state,
    }
}

fn conflict(who: Who) -> ConflictRow {
    let many = who.name.chars().count() > 3;
    let look = |subject: &str| LookRow {
        at_ms: sample::NOW - 90 * sample::MINUTE,
        act: "看题目答案".into(),
        subject: subject.into(),
    };
    ConflictRow {
        person: "p1".into(),
        name: who.name,
        unit: who.unit,
        roles: if many {
            vec!["organizer", "trainer"]
        } else {
            vec!["organizer"]
        },
        looks: if many {
            vec![look("社会救助"), look("防止返贫")]
        } else {
            vec![]
        },
        looks_count: if many { 14 } else { 0 },
    }
}
