//! What several pages are made of: people, countdowns, questions as they are shown, QR codes, notices.

use std::fmt::Write;

use serde::Serialize;

use crate::{
    bank::{html::Html, points::Points, question::Kind},
    web::page::Safe,
};

/// A candidate as the own pages name them.
#[derive(Debug, Clone, Serialize)]
pub struct Who {
    pub name: String,
    pub unit: String,
    /// All posts, joined by `、`.
    pub post: String,
}

/// Who works at a desk page, and which sections they may see.
#[derive(Debug, Clone, Serialize)]
pub struct Staff {
    pub name: String,
    pub unit: String,
    /// Sees 场次 and 名册.
    pub organizer: bool,
    /// Sees 题库.
    pub trainer: bool,
}

/// What just happened, above a page's content.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Done and safe.
    Ok,
    /// Waits, or wants attention.
    Wait,
    /// Refused or failed.
    Alert,
}

impl Notice {
    pub fn ok(text: impl Into<String>) -> Notice {
        Notice {
            tone: Tone::Ok,
            text: text.into(),
        }
    }

    pub fn wait(text: impl Into<String>) -> Notice {
        Notice {
            tone: Tone::Wait,
            text: text.into(),
        }
    }

    pub fn alert(text: impl Into<String>) -> Notice {
        Notice {
            tone: Tone::Alert,
            text: text.into(),
        }
    }
}

/// A round's state as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Only its organizers see it.
    Draft,
    /// Sealed, and the bell has not rung.
    Upcoming,
    Open,
    Paused,
    Closed,
    Announced,
}

/// Time left of an attempt, by the server's clock.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct TimeLeft {
    pub remaining_ms: i64,
    pub deadline_at_ms: i64,
}

/// A question as a candidate sees it; never anything of its key.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub number: u32,
    pub kind: Kind,
    pub points: Points,
    pub stem: Safe,
    /// In the order shown. Judgement: A 正确, B 错误.
    pub choices: Vec<Offered>,
    pub blanks: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    pub letter: String,
    pub html: Safe,
}

/// Shared material, above its questions.
#[derive(Debug, Clone, Serialize)]
pub struct Passage {
    pub number: u32,
    pub html: Safe,
}

/// A QR code as one SVG path of unit squares, so that the template draws it and nothing needs to be trusted.
#[derive(Debug, Clone, Serialize)]
pub struct QrCode {
    /// Modules a side, without the quiet zone.
    pub size: usize,
    pub path: String,
}

impl QrCode {
    /// Empty where the text is too long for a QR code (some 2,300 bytes).
    pub fn of(text: &str) -> QrCode {
        let Ok(code) = qrcode::QrCode::new(text) else {
            return QrCode {
                size: 1,
                path: String::new(),
            };
        };
        let size = code.width();
        let mut path = String::new();
        for (place, color) in code.to_colors().iter().enumerate() {
            if *color == qrcode::Color::Dark {
                let (x, y) = (place % size, place / size);
                write!(path, "M{x} {y}h1v1h-1z").expect("a string takes everything");
            }
        }
        QrCode { size, path }
    }
}

/// Sample people, questions and texts, for the samples of all pages.
pub(in crate::web) mod sample {
    use super::{Asked, Html, Kind, Offered, Points, Safe, Staff, Who};

    /// 2026-02-18 10:30:00 +08:00.
    pub(in crate::web) const NOW: i64 = 1_771_381_800_000;
    pub(in crate::web) const MINUTE: i64 = 60_000;

    pub(in crate::web) fn who() -> Who {
        Who {
            name: "李建国".into(),
            unit: "桃源村".into(),
            post: "村党支部书记、村委会主任".into(),
        }
    }

    pub(in crate::web) fn long_who() -> Who {
        Who {
            name: "阿卜杜热西提·买买提明·努尔麦麦提".into(),
            unit: "新时代文明实践示范街道桃花源记忆乡村振兴示范社区第十三村民小组".into(),
            post: "村党组织书记、村委会主任、村集体经济组织负责人、驻村工作队员".into(),
        }
    }

    pub(in crate::web) fn staff() -> Staff {
        Staff {
            name: "周敏".into(),
            unit: "青溪镇农业农村综合服务中心".into(),
            organizer: true,
            trainer: true,
        }
    }

    pub(in crate::web) fn html(text: &str) -> Safe {
        Safe(Html::escaped(text))
    }

    pub(in crate::web) fn asked(number: u32, kind: Kind, stem: &str, choices: &[&str]) -> Asked {
        Asked {
            number,
            kind,
            points: Points::whole(3),
            stem: html(stem),
            choices: ["A", "B", "C", "D", "E"]
                .into_iter()
                .zip(choices)
                .map(|(letter, text)| Offered {
                    letter: letter.into(),
                    html: html(text),
                })
                .collect(),
            blanks: if kind == Kind::Blanks { 2 } else { 0 },
        }
    }

    pub(in crate::web) fn multiple(number: u32) -> Asked {
        asked(
            number,
            Kind::Multiple,
            "乡村振兴促进法所说的“五大振兴”，包括下列哪些？",
            &["产业振兴", "人才振兴", "科技振兴", "组织振兴"],
        )
    }
}
