//! How many questions of each level every cell gets, fixed once per blueprint, so that all papers are equally hard.
//!
//! Sought: whole numbers whose points-weighted mean meets the target, and which otherwise follow what the bank has,
//! since that spreads use most evenly. The measure of the latter is Σ (n − share)² ÷ available: it is exactly what the
//! expected overlap of two papers exceeds that of plain random drawing by.

use std::collections::BTreeMap;

use crate::paper::assemble::pool::Cell;

/// Per cell and class, in the pool's order, how many to draw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::paper) struct Profile {
    pub(in crate::paper) counts: Vec<Vec<u32>>,
}

/// What the search aims at, in points (hundredths) × level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Aim {
    pub(super) target: f64,
    pub(super) tolerance: f64,
}

impl Profile {
    pub(in crate::paper) fn weight(&self, cells: &[Cell]) -> i64 {
        self.each(cells)
            .map(|(class, count)| class.weight * i64::from(count))
            .sum()
    }

    /// How many it must ask again of somebody who has only this many unseen per cell and class.
    pub(super) fn again(&self, unseen: &[Vec<u32>]) -> u32 {
        let counts = self.counts.iter().flatten();
        counts
            .zip(unseen.iter().flatten())
            .map(|(count, unseen)| count.saturating_sub(*unseen))
            .sum()
    }

    /// The most a paper of this profile can be off its weight, through material groups of nearly equal levels.
    pub(super) fn spread(&self, cells: &[Cell]) -> i64 {
        self.each(cells)
            .map(|(class, count)| class.spread * i64::from(count))
            .sum()
    }

    fn each<'a>(
        &'a self,
        cells: &'a [Cell],
    ) -> impl Iterator<Item = (&'a super::pool::Class, u32)> {
        cells
            .iter()
            .zip(&self.counts)
            .flat_map(|(cell, counts)| cell.classes.iter().zip(counts.iter().copied()))
    }
}

/// The best profile for the aim, or the nearest one there is. Every cell must have enough questions.
pub(super) fn search(cells: &[Cell], aim: Aim) -> Profile {
    let total: i64 = cells.iter().map(|c| c.points.0 * i64::from(c.wanted)).sum();
    let tilt = tilt(cells, aim.target);
    // A window around the ideal keeps the search small; it opens until the aim is met or nothing is left out.
    let mut window = 3.0;
    loop {
        let options: Vec<Vec<Choice>> = cells
            .iter()
            .map(|cell| choices(cell, &ideal(cell, tilt), window))
            .collect();
        let whole = cells.iter().all(|cell| window >= f64::from(cell.wanted));
        if let Some(profile) = combine(&options, aim, (total / 1_000).max(1)) {
            let off = (profile.weight(cells) as f64 - aim.target).abs();
            if whole || off <= aim.tolerance / 2.0 {
                return profile;
            }
        }
        window *= 2.0;
    }
}

/// The real-valued ideal of a cell: availability tilted towards hard or easy by one factor for all cells.
pub(super) fn ideal(cell: &Cell, tilt: f64) -> Vec<f64> {
    let wanted = f64::from(cell.wanted);
    let middle = 3.0 * cell.points.0 as f64;
    let scale = (cell.points.0 as f64).max(1.0);
    let pull: Vec<f64> = cell
        .classes
        .iter()
        .map(|class| {
            f64::from(class.available()) * (tilt * (class.weight as f64 - middle) / scale).exp()
        })
        .collect();
    // Classes that would be overdrawn are taken whole, the rest shared anew.
    let mut shares = vec![0.0; pull.len()];
    let mut full = vec![false; pull.len()];
    loop {
        let taken: f64 = (0..pull.len())
            .filter(|&i| full[i])
            .map(|i| f64::from(cell.classes[i].available()))
            .sum();
        let open: f64 = (0..pull.len()).filter(|&i| !full[i]).map(|i| pull[i]).sum();
        let mut again = false;
        for i in 0..pull.len() {
            let available = f64::from(cell.classes[i].available());
            shares[i] = if full[i] {
                available
            } else {
                (wanted - taken).max(0.0) * pull[i] / open.max(f64::MIN_POSITIVE)
            };
            if !full[i] && shares[i] > available + 1e-9 {
                full[i] = true;
                again = true;
            }
        }
        if !again {
            return shares;
        }
    }
}

/// The factor that brings the ideals' mean to the target, or as near as it goes.
pub(super) fn tilt(cells: &[Cell], target: f64) -> f64 {
    let (mut low, mut high) = (-20.0_f64, 20.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let weight: f64 = cells
            .iter()
            .map(|cell| {
                let shares = ideal(cell, middle);
                cell.classes
                    .iter()
                    .zip(shares)
                    .map(|(class, share)| class.weight as f64 * share)
                    .sum::<f64>()
            })
            .sum();
        if weight < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// One way to fill a cell: its weight, its cost, its counts per class.
#[derive(Debug, Clone)]
struct Choice {
    weight: i64,
    cost: f64,
    counts: Vec<u32>,
}

/// For every weight the cell can have within the window, the cheapest way to have it.
fn choices(cell: &Cell, ideal: &[f64], window: f64) -> Vec<Choice> {
    let available = f64::from(cell.available());
    let mut states: BTreeMap<(u32, i64), (f64, Vec<u32>)> =
        BTreeMap::from([((0, 0), (0.0, vec![]))]);
    for (class, ideal) in cell.classes.iter().zip(ideal) {
        let share = f64::from(cell.wanted) * f64::from(class.available()) / available;
        let low = (ideal - window).floor().max(0.0) as u32;
        let high = ((ideal + window).ceil() as u32)
            .min(class.available())
            .min(cell.wanted);
        let mut next: BTreeMap<(u32, i64), (f64, Vec<u32>)> = BTreeMap::new();
        for ((taken, weight), (cost, counts)) in &states {
            for count in low..=high.min(cell.wanted - taken) {
                let key = (taken + count, weight + i64::from(count) * class.weight);
                let cost = cost + (f64::from(count) - share).powi(2) / f64::from(class.available());
                if next
                    .get(&key)
                    .is_none_or(|(known, _)| cost < *known - 1e-12)
                {
                    let mut counts = counts.clone();
                    counts.push(count);
                    next.insert(key, (cost, counts));
                }
            }
        }
        states = next;
    }
    states
        .into_iter()
        .filter(|((taken, _), _)| *taken == cell.wanted)
        .map(|((_, weight), (cost, counts))| Choice {
            weight,
            cost,
            counts,
        })
        .collect()
}

/// Chooses one way per cell. Near misses of the weight are told apart only down to `grain`; each keeps its exact weight.
fn combine(options: &[Vec<Choice>], aim: Aim, grain: i64) -> Option<Profile> {
    // Per layer: weight in grains → (exact weight, cost, chosen option, weight in grains before).
    let mut layers: Vec<BTreeMap<i64, (i64, f64, usize, i64)>> =
        vec![BTreeMap::from([(0, (0, 0.0, 0, 0))])];
    for cell in options {
        let last = layers.last().expect("the first layer is there");
        let mut next: BTreeMap<i64, (i64, f64, usize, i64)> = BTreeMap::new();
        for (before, (weight, cost, _, _)) in last {
            for (place, option) in cell.iter().enumerate() {
                let (weight, cost) = (weight + option.weight, cost + option.cost);
                let key = weight.div_euclid(grain);
                if next.get(&key).is_none_or(|known| cost < known.1 - 1e-12) {
                    next.insert(key, (weight, cost, place, *before));
                }
            }
        }
        layers.push(next);
    }
    let ends = layers.last()?;
    let off = |weight: i64| (weight as f64 - aim.target).abs();
    let nearest = ends.values().map(|end| off(end.0)).min_by(f64::total_cmp)?;
    let near_enough = nearest.max(aim.tolerance / 10.0);
    let (mut key, _) = ends
        .iter()
        .filter(|(_, end)| off(end.0) <= near_enough)
        .min_by(|(_, a), (_, b)| a.1.total_cmp(&b.1).then(off(a.0).total_cmp(&off(b.0))))?;
    let mut counts = Vec::with_capacity(options.len());
    for (layer, cell) in layers[1..].iter().zip(options).rev() {
        let (_, _, place, before) = &layer[key];
        counts.push(cell[*place].counts.clone());
        key = before;
    }
    counts.reverse();
    Some(Profile { counts })
}
