//! 作答核对: one attempt for the organizer who settles a dispute: per question what was sent when, what stands, the rule
//! and the points, and after the close the key.

use serde::Serialize;

use crate::{
    app::monitor::SeatState,
    bank::points::Points,
    web::{
        page::Page,
        pages::{
            entrant::Place,
            parts::{Notice, Staff, sample},
            result::Graded,
            rulings::ElementRow,
        },
    },
};

/// `GET /rounds/{id}/attempts/{attempt}`.
#[derive(Debug, Clone, Serialize)]
pub struct EvidencePage {
    pub staff: Staff,
    pub notice: Option<Notice>,
    pub round: String,
    pub round_name: String,
    pub person: String,
    pub name: String,
    pub unit: String,
    pub division: String,
    pub number: u32,
    pub state: SeatState,
    pub started_at_ms: i64,
    pub deadline_at_ms: i64,
    pub finished_at_ms: Option<i64>,
    pub used_ms: i64,
    pub paused_ms: i64,
    pub receipt: Option<String>,
    pub points: Option<Points>,
    pub total: Points,
    pub place: Option<Place>,
    /// The round and the attempt have ended: keys are shown.
    pub keys: bool,
    pub questions: Vec<Weighed>,
    /// Why nothing can be ruled here now, where that is so.
    pub no_ruling: Option<String>,
    /// Where the forms that rule come back to: here.
    pub back: &'static str,
    /// Steps that could not be an answer to any question.
    pub unreadable: usize,
}

/// A question with the steps it was answered by.
#[derive(Debug, Clone, Serialize)]
pub struct Weighed {
    pub question: Graded,
    /// `少选得一半`.
    pub rule: String,
    /// Of a spoken answer whose key may be seen.
    pub elements: Vec<ElementRow>,
    pub steps: Vec<StepRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct StepRow {
    pub seq: i64,
    /// `10:30:05.123`.
    pub time: String,
    /// As the phone claims, since the start.
    pub elapsed_ms: Option<i64>,
    /// Letters or texts; empty where the answer was taken back.
    pub answer: Vec<String>,
    pub late: bool,
    pub accepted_at_ms: Option<i64>,
    /// It is the one that stands.
    pub stands: bool,
}

impl Page for EvidencePage {
    const TEMPLATE: &'static str = "evidence.html";

    fn samples() -> Vec<EvidencePage> {
        let who = sample::long_who();
        let closed = EvidencePage {
            staff: sample::staff(),
            notice: Some(Notice::alert("第 5 题没有第 9 个要点")),
            round: "r1".into(),
            round_name: "镇内赛笔试".into(),
            person: "p1".into(),
            name: who.name,
            unit: who.unit,
            division: "村党组织书记组".into(),
            number: 1,
            state: SeatState::HandedIn,
            started_at_ms: sample::NOW - 40 * sample::MINUTE,
            deadline_at_ms: sample::NOW,
            finished_at_ms: Some(sample::NOW - sample::MINUTE),
            used_ms: 1_852_000,
            paused_ms: 60_000,
            receipt: Some("7K2M-Q0XD-93FA".into()),
            points: Some(Points(8_650)),
            total: Points::whole(100),
            place: Some(Place::sample()),
            keys: true,
            questions: questions(),
            no_ruling: Some("自己的作答不能自己裁定，请另一位主办人员来裁定".into()),
            back: "",
            unreadable: 2,
        };
        let mut open = closed.clone();
        (open.keys, open.place, open.points, open.receipt) = (false, None, None, None);
        (open.state, open.finished_at_ms, open.unreadable) = (SeatState::Sitting, None, 0);
        let unreleased = |each: Weighed| Weighed {
            question: each.question.unreleased(),
            elements: vec![],
            ..each
        };
        open.questions = open.questions.into_iter().map(unreleased).collect();
        vec![closed, open]
    }
}

fn questions() -> Vec<Weighed> {
    let step = |seq: i64, answer: &[&str], late: bool| StepRow {
        seq,
        time: "10:12:05.123".into(),
        elapsed_ms: Some(81_234),
        answer: answer.iter().map(ToString::to_string).collect(),
        late,
        accepted_at_ms: late.then_some(sample::NOW),
        stands: seq == 1_000_012,
    };
    let mut weighed: Vec<Weighed> = Graded::samples()
        .into_iter()
        .map(|question| Weighed {
            rule: "少选得一半".into(),
            elements: vec![],
            steps: vec![
                step(1_000_003, &["A", "B"], false),
                step(1_000_007, &[], false),
                step(1_000_012, &["A", "B", "D"], true),
            ],
            question,
        })
        .collect();
    weighed[2].steps = vec![];
    weighed[4].elements = ElementRow::samples();
    weighed
}
