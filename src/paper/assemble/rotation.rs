//! Profiles of the same weight to take turns, so that every level of every cell comes up as often as it should.
//!
//! With one profile alone, a cell that asks for one question would only ever draw from one level, and the rest of it
//! would never be used. Each further profile is the last one changed by pairs of exchanges that cancel out (one question
//! a level harder here, one as much easier there), towards what the ones so far have left behind their fair share.
//! Single questions cancel out exactly; a material group, whose weight is what it is, to within the slack given.

use std::collections::BTreeMap;

use crate::{
    bank::blueprint::Asks,
    paper::assemble::{
        pool::Cell,
        profile::{Profile, ideal},
    },
};

/// How many take turns: enough that a share of a cell is met to about one in a hundred.
const TURNS: u32 = 96;
/// Exchanges of each weight that are tried against those that cancel them.
const TRIED: usize = 4;

/// One question of a cell from one class to another.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Exchange {
    cell: usize,
    from: usize,
    to: usize,
}

/// The base and its variations, each as often as it should come up; only the base where there is nothing to vary.
/// `slack`: how far a profile's weight may be from the base's.
pub(super) fn rotate(cells: &[Cell], base: Profile, tilt: f64, slack: i64) -> Vec<Profile> {
    let shares: Vec<Vec<f64>> = cells.iter().map(|cell| ideal(cell, tilt)).collect();
    let mut debts = Debts {
        cells,
        // How far each class is ahead of its share, this turn's share already taken off.
        middle: base.weight(cells),
        slack,
        ahead: shares.iter().map(|cell| vec![0.0; cell.len()]).collect(),
    };
    let mut profiles: Vec<Profile> = vec![];
    let mut current = base;
    for _ in 0..TURNS {
        for (ahead, share) in debts
            .ahead
            .iter_mut()
            .flatten()
            .zip(shares.iter().flatten())
        {
            *ahead -= share;
        }
        // Each exchange lowers the debt, so it ends; the bound is only a belt.
        for _ in 0..200 {
            if !debts.improve(&mut current) {
                break;
            }
        }
        let counts = current.counts.iter().flatten();
        for (ahead, count) in debts.ahead.iter_mut().flatten().zip(counts) {
            *ahead += f64::from(*count);
        }
        profiles.push(current.clone());
    }
    profiles.sort_unstable();
    if profiles.first() == profiles.last() {
        profiles.truncate(1);
    }
    profiles
}

struct Debts<'a> {
    cells: &'a [Cell],
    /// The base's weight, and how far the others may be from it.
    middle: i64,
    slack: i64,
    ahead: Vec<Vec<f64>>,
}

impl Debts<'_> {
    /// Makes the best pair of exchanges that cancel out; whether there was one.
    fn improve(&self, profile: &mut Profile) -> bool {
        let by_weight = self.exchanges(profile);
        let off = profile.weight(self.cells) - self.middle;
        let mut best: Option<(f64, [Exchange; 2])> = None;
        for (weight, harder) in by_weight.range(1..) {
            let (low, high) = (-self.slack - off - weight, self.slack - off - weight);
            for (other_weight, easier) in by_weight.range(low.min(-weight)..=high.max(-weight)) {
                for one in harder.iter().take(TRIED) {
                    for other in easier.iter().take(TRIED) {
                        let pair = [one.1, other.1];
                        if !self.cancels(pair, weight + other_weight, off) {
                            continue;
                        }
                        let change = self.change(profile, pair);
                        if change.is_some_and(|change| change < best.map_or(-1e-9, |b| b.0)) {
                            best = change.map(|change| (change, pair));
                        }
                    }
                }
            }
        }
        let Some((_, pair)) = best else { return false };
        for exchange in pair {
            profile.counts[exchange.cell][exchange.from] -= 1;
            profile.counts[exchange.cell][exchange.to] += 1;
        }
        true
    }

    fn cancels(&self, pair: [Exchange; 2], sum: i64, off: i64) -> bool {
        let group = |exchange: &Exchange| self.cells[exchange.cell].asks == Asks::Material;
        sum == 0 || (pair.iter().any(group) && (off + sum).abs() <= self.slack)
    }

    /// All exchanges by what they add to the weight, those that help most first.
    fn exchanges(&self, profile: &Profile) -> BTreeMap<i64, Vec<(f64, Exchange)>> {
        let mut by_weight: BTreeMap<i64, Vec<(f64, Exchange)>> = BTreeMap::new();
        for (cell, facts) in self.cells.iter().enumerate() {
            for from in 0..facts.classes.len() {
                for to in (0..facts.classes.len()).filter(|to| *to != from) {
                    let exchange = Exchange { cell, from, to };
                    if let Some(change) = self.sum(profile, &[(cell, from, -1), (cell, to, 1)]) {
                        let weight = facts.classes[to].weight - facts.classes[from].weight;
                        by_weight
                            .entry(weight)
                            .or_default()
                            .push((change, exchange));
                    }
                }
            }
        }
        for exchanges in by_weight.values_mut() {
            exchanges.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        by_weight
    }

    fn change(&self, profile: &Profile, pair: [Exchange; 2]) -> Option<f64> {
        let mut steps: Vec<(usize, usize, i64)> = vec![];
        for exchange in pair {
            for (class, by) in [(exchange.from, -1), (exchange.to, 1)] {
                match steps
                    .iter_mut()
                    .find(|s| (s.0, s.1) == (exchange.cell, class))
                {
                    Some(step) => step.2 += by,
                    None => steps.push((exchange.cell, class, by)),
                }
            }
        }
        self.sum(profile, &steps)
    }

    /// What the steps add to the debt; `None` where a class has not enough to give or to take.
    fn sum(&self, profile: &Profile, steps: &[(usize, usize, i64)]) -> Option<f64> {
        let mut sum = 0.0;
        for &(cell, class, by) in steps {
            let available = self.cells[cell].classes[class].available();
            let now = i64::from(profile.counts[cell][class]);
            if !(0..=i64::from(available)).contains(&(now + by)) {
                return None;
            }
            let debt = |count: i64| (self.ahead[cell][class] + count as f64).powi(2);
            sum += (debt(now + by) - debt(now)) / f64::from(available);
        }
        Some(sum)
    }
}
