//! Why a bank cannot fill a blueprint, said when the round is set up and never at the bell.

use std::fmt;

use serde::Serialize;

use crate::bank::blueprint::{Asks, RowTopic};

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortage {
    /// A cell asks for more than the bank has.
    Cell {
        /// The row's topic or folder as the table writes it.
        row: String,
        asks: Asks,
        wanted: u32,
        available: u32,
    },
    /// The cells can be filled, but no choice of levels comes near enough to the target difficulty.
    Equivalence {
        target: f64,
        tolerance: f64,
        /// The nearest mean difficulty this bank allows.
        nearest: f64,
    },
    /// The table asks for nothing at all.
    Empty,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shortage::Cell {
                row,
                asks,
                wanted,
                available,
            } => {
                let measure = match asks {
                    Asks::Kind(_) => "道",
                    Asks::Material => "组",
                };
                write!(
                    f,
                    "“{row}”的{}要 {wanted} {measure}，题库里岗位、用途、施行日期都合适的只有 {available} {measure}，还差 {} {measure}",
                    asks.chinese(),
                    wanted.saturating_sub(*available)
                )
            }
            Shortage::Equivalence {
                target,
                tolerance,
                nearest,
            } => write!(
                f,
                "难度达不到：要求平均 {target}（容差 {tolerance}），按现有题目最接近只能到 {nearest:.2}。请改方案的难度，或者补些{}的题",
                if nearest < target {
                    "更难"
                } else {
                    "更容易"
                }
            ),
            Shortage::Empty => f.write_str("组卷方案里没有要出的题"),
        }
    }
}

/// The row as the table writes it.
pub(super) fn row_name(topic: &RowTopic) -> String {
    match topic {
        RowTopic::Topic(name) | RowTopic::Folder(name) => name.clone(),
        RowTopic::Other => "其他".to_owned(),
    }
}
