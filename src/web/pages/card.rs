//! 答题卡, and the last look before handing in: pages for phones without JavaScript.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Notice, TimeLeft, sample},
};

/// `GET /attempts/{id}/card?q=N`: every question with its state.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    pub attempt: String,
    pub round_name: String,
    pub time: TimeLeft,
    pub cells: Vec<Cell>,
    /// The question the candidate comes from.
    pub here: u32,
    pub saved: u32,
    pub unanswered: u32,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Cell {
    pub number: u32,
    /// On disk.
    pub saved: bool,
}

/// `GET /attempts/{id}/submit`; its form posts to the same address and hands in.
#[derive(Debug, Clone, Serialize)]
pub struct HandIn {
    pub attempt: String,
    pub round_name: String,
    pub time: TimeLeft,
    pub count: u32,
    /// Numbers without an answer.
    pub unanswered: Vec<u32>,
    pub notice: Option<Notice>,
}

fn time() -> TimeLeft {
    TimeLeft {
        remaining_ms: 1_476_000,
        deadline_at_ms: sample::NOW + 1_476_000,
    }
}

impl Page for Card {
    const TEMPLATE: &'static str = "card.html";

    fn samples() -> Vec<Card> {
        vec![Card {
            attempt: "a1".into(),
            round_name: "镇内赛笔试".into(),
            time: time(),
            cells: (1..=60)
                .map(|number| Cell {
                    number,
                    saved: number < 9,
                })
                .collect(),
            here: 9,
            saved: 8,
            unanswered: 52,
        }]
    }
}

impl Page for HandIn {
    const TEMPLATE: &'static str = "hand_in.html";

    fn samples() -> Vec<HandIn> {
        let all = HandIn {
            attempt: "a1".into(),
            round_name: "镇内赛笔试".into(),
            time: time(),
            count: 60,
            unanswered: vec![],
            notice: None,
        };
        let mut some = all.clone();
        some.unanswered = vec![3, 9, 10, 11, 12, 40, 58];
        vec![some, all]
    }
}
