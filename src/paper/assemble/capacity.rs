//! How many different papers a bank can make of a blueprint, and where it is thin.

use serde::Serialize;

use crate::{
    bank::blueprint::Asks,
    paper::assemble::{Assembler, Profile, pool::Cell},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Capacity {
    /// Decimal logarithm of the number of papers that differ in at least one question.
    pub papers_log10: f64,
    /// The same for people: `约 3.2×10^24 套`, or the exact number while it is small.
    pub papers: String,
    pub cells: Vec<CellCapacity>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CellCapacity {
    /// The row's topic or folder.
    pub row: String,
    pub asks: Asks,
    pub wanted: u32,
    pub available: u32,
    /// available ÷ wanted.
    pub ratio: f64,
}

/// Below this many times what a paper asks, papers of one cell visibly repeat.
pub(in crate::paper) const THIN: f64 = 5.0;

impl CellCapacity {
    fn of(cell: &Cell) -> CellCapacity {
        CellCapacity {
            row: cell.row.clone(),
            asks: cell.asks,
            wanted: cell.wanted,
            available: cell.available(),
            ratio: f64::from(cell.available()) / f64::from(cell.wanted),
        }
    }

    pub fn is_thin(&self) -> bool {
        self.ratio < THIN
    }
}

impl Assembler {
    pub fn capacity(&self) -> Capacity {
        let mut profiles: Vec<&Profile> = self.profiles.iter().collect();
        profiles.dedup();
        let logs: Vec<f64> = profiles
            .into_iter()
            .map(|profile| {
                let cells = self.pool.cells.iter().zip(&profile.counts);
                cells
                    .flat_map(|(cell, counts)| cell.classes.iter().zip(counts))
                    .map(|(class, &count)| combinations_log10(class.available(), count))
                    .sum()
            })
            .collect();
        // Profiles differ in at least one class, so their papers are all different ones.
        let largest = logs.iter().copied().fold(0.0, f64::max);
        let sum: f64 = logs.iter().map(|log| 10_f64.powf(log - largest)).sum();
        let papers_log10 = largest + sum.log10();
        Capacity {
            papers_log10,
            papers: spell(papers_log10),
            cells: self.pool.cells.iter().map(CellCapacity::of).collect(),
        }
    }
}

fn combinations_log10(from: u32, chosen: u32) -> f64 {
    (0..chosen)
        .map(|i| (f64::from(from - i) / f64::from(i + 1)).log10())
        .sum()
}

fn spell(log10: f64) -> String {
    if log10 < 6.0 {
        return format!("{} 套", 10_f64.powf(log10).round());
    }
    let exponent = log10.floor();
    format!("约 {:.1}×10^{exponent} 套", 10_f64.powf(log10 - exponent))
}
