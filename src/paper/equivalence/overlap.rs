//! How many questions two papers share: on the average, at most, and between neighbours in time, as in a unit.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// Over all pairs of papers, exactly.
    pub mean: f64,
    /// Over all pairs within units of thirty people who start one after the other.
    pub mean_in_unit: f64,
    /// Over the pairs looked at: all within units, and all among the first thousand papers.
    pub max: u32,
}

const UNIT: usize = 30;
const FIRST: usize = 1_000;

/// `used`: per bundle, on how many papers; `sizes`: per bundle, how many questions.
pub(super) fn overlap(papers: &[Vec<u32>], used: &[u32], sizes: &[u32]) -> Overlap {
    let pairs = |n: f64| n * (n - 1.0) / 2.0;
    let shared: f64 = used
        .iter()
        .zip(sizes)
        .map(|(used, size)| pairs(f64::from(*used)) * f64::from(*size))
        .sum();
    let sets: Vec<Vec<u64>> = papers
        .iter()
        .map(|paper| bits(paper, sizes.len()))
        .collect();
    let (mut max, mut sum, mut count) = (0, 0_u64, 0_u64);
    for unit in sets.chunks(UNIT) {
        for (place, one) in unit.iter().enumerate() {
            for other in &unit[place + 1..] {
                let shared = common(one, other, sizes);
                max = max.max(shared);
                sum += u64::from(shared);
                count += 1;
            }
        }
    }
    let first = &sets[..sets.len().min(FIRST)];
    for (place, one) in first.iter().enumerate() {
        for other in &first[place + 1..] {
            max = max.max(common(one, other, sizes));
        }
    }
    Overlap {
        mean: shared / pairs(papers.len() as f64),
        mean_in_unit: sum as f64 / count.max(1) as f64,
        max,
    }
}

fn bits(paper: &[u32], bundles: usize) -> Vec<u64> {
    let mut bits = vec![0_u64; bundles.div_ceil(64)];
    for bundle in paper {
        bits[*bundle as usize / 64] |= 1 << (bundle % 64);
    }
    bits
}

fn common(one: &[u64], other: &[u64], sizes: &[u32]) -> u32 {
    let mut shared = 0;
    for (place, (a, b)) in one.iter().zip(other).enumerate() {
        let mut both = a & b;
        while both != 0 {
            shared += sizes[place * 64 + both.trailing_zeros() as usize];
            both &= both - 1;
        }
    }
    shared
}
