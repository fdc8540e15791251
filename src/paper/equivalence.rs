//! 组卷模拟: draws many papers and says how equal, how different and how exposed they are, beside plain random drawing.

mod overlap;
mod spread;

use serde::Serialize;

pub use self::{overlap::Overlap, spread::Spread};
use crate::paper::{
    assemble::{Assembler, Capacity, CellCapacity, Chance, History, Tally},
    seal::numbered_seed,
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub blueprint: String,
    pub papers: u32,
    /// 难度 the blueprint asks for.
    pub target: f64,
    /// Difficulty of the papers as drawn, and as plain random drawing by the same counts would spread it.
    pub difficulty: Spread,
    pub difficulty_random: Spread,
    /// Standard deviation ÷ that of random drawing; at most 0.1 is aimed at.
    pub spread_ratio: f64,
    /// Questions that two papers share, of `questions_per_paper` (the mean, where material groups differ in size).
    pub overlap: Overlap,
    /// The same, each paper drawn for itself: as hard as the others, but without regard to what they use.
    pub overlap_independent: Overlap,
    /// The same, by plain random drawing, with its unequal difficulty.
    pub overlap_random: Overlap,
    pub questions_per_paper: f64,
    pub exposure: Exposure,
    pub capacity: Capacity,
    /// Cells with fewer than five times what a paper asks.
    pub thin: Vec<CellCapacity>,
}

/// How often questions were used, over all papers drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// Questions the blueprint may draw.
    pub questions: u32,
    pub min: u32,
    pub mean: f64,
    pub max: u32,
    pub never_used: Vec<String>,
}

/// What a series of drawings leaves behind.
struct Series {
    spread: Spread,
    overlap: Overlap,
    used: Vec<u32>,
}

/// Draws `papers` papers, one after the other as a round would, each counting the ones before it; seeds follow `seed`.
pub fn simulate(assembler: &Assembler, papers: u32, seed: u64) -> Report {
    let papers = papers.max(2);
    let mut tally = assembler.tally(&History::default());
    let drawn = series(assembler, papers, |number| {
        let mut chance = chance(seed, "drawn", number);
        let picks = assembler.pick(&mut chance, &tally);
        tally.count(&picks);
        picks.concat()
    });
    let empty = assembler.tally(&History::default());
    let independent = series(assembler, papers, |number| {
        assembler
            .pick(&mut chance(seed, "independent", number), &empty)
            .concat()
    });
    let random = series(assembler, papers, |number| {
        plain(assembler, &mut chance(seed, "plain", number))
    });
    let exposure = exposure(assembler, &drawn.used);
    let capacity = assembler.capacity();
    let thin = capacity
        .cells
        .iter()
        .filter(|cell| cell.is_thin())
        .cloned()
        .collect();
    Report {
        blueprint: assembler.blueprint().to_owned(),
        papers,
        target: assembler.target(),
        spread_ratio: ratio(drawn.spread.deviation, random.spread.deviation),
        difficulty: drawn.spread,
        difficulty_random: random.spread,
        overlap: drawn.overlap,
        overlap_independent: independent.overlap,
        overlap_random: random.overlap,
        questions_per_paper: exposure.mean * f64::from(exposure.questions) / f64::from(papers),
        exposure,
        capacity,
        thin,
    }
}

fn ratio(drawn: f64, random: f64) -> f64 {
    if random > 0.0 { drawn / random } else { 0.0 }
}

fn chance(seed: u64, series: &str, number: u32) -> Chance {
    let mut bytes = numbered_seed(seed);
    for (byte, mixed) in bytes.iter_mut().zip(number.to_le_bytes()) {
        *byte ^= mixed;
    }
    bytes[8] ^= series.as_bytes()[0];
    Chance::from_seed(&bytes)
}

/// Plain random drawing by the same counts: each cell on its own, without levels and without history.
fn plain(assembler: &Assembler, chance: &mut Chance) -> Vec<u32> {
    let mut drawn = vec![];
    for cell in &assembler.pool.cells {
        let mut bundles: Vec<u32> = cell
            .classes
            .iter()
            .flat_map(|class| class.bundles.clone())
            .collect();
        chance.draw(&mut bundles, cell.wanted as usize);
        drawn.extend_from_slice(&bundles[..cell.wanted as usize]);
    }
    drawn
}

fn series(assembler: &Assembler, papers: u32, mut draw: impl FnMut(u32) -> Vec<u32>) -> Series {
    let pool = &assembler.pool;
    let mut points = vec![0.0; pool.bundles.len()];
    for cell in &pool.cells {
        for &bundle in cell.classes.iter().flat_map(|class| &class.bundles) {
            points[bundle as usize] = pool.weight(bundle, cell.points) as f64;
        }
    }
    let total = assembler.total().0 as f64;
    let drawn: Vec<Vec<u32>> = (0..papers).map(&mut draw).collect();
    let difficulties = drawn.iter().map(|paper| {
        paper
            .iter()
            .map(|bundle| points[*bundle as usize])
            .sum::<f64>()
            / total
    });
    let mut used = vec![0; pool.bundles.len()];
    for bundle in drawn.iter().flatten() {
        used[*bundle as usize] += 1;
    }
    let sizes: Vec<u32> = pool
        .bundles
        .iter()
        .map(|facts| facts.len() as u32)
        .collect();
    Series {
        spread: Spread::of(difficulties),
        overlap: overlap::overlap(&drawn, &used, &sizes),
        used,
    }
}

fn exposure(assembler: &Assembler, used: &[u32]) -> Exposure {
    let pool = &assembler.pool;
    let each: Vec<u32> = pool
        .bundle_of
        .iter()
        .map(|bundle| used[*bundle as usize])
        .collect();
    let never = pool.facts.iter().zip(&each).filter(|(_, used)| **used == 0);
    Exposure {
        questions: each.len() as u32,
        min: each.iter().copied().min().unwrap_or(0),
        mean: each.iter().copied().map(f64::from).sum::<f64>() / each.len().max(1) as f64,
        max: each.iter().copied().max().unwrap_or(0),
        never_used: never.map(|(fact, _)| fact.id.0.clone()).collect(),
    }
}

// A tally is opaque to everybody else; the simulation counts along as the round does.
impl Assembler {
    /// The tally after this many papers, for benchmarks and trials.
    pub fn worn_tally(&self, papers: u32) -> Tally {
        let mut tally = self.tally(&History::default());
        for number in 0..papers {
            let picks = self.pick(&mut chance(0, "worn", number), &tally);
            tally.count(&picks);
        }
        tally
    }
}
