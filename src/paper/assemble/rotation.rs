//! Profiles of the same weight to take turns, so that every level of every cell comes up as often as it should.
//!
//! With one profile alone, a cell that asks for one question would only ever draw from one level, and the rest of it
//! would never be used. Each further profile is the last one changed by exchanges that cancel out (one question
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

/// What each exchange adds to the weight → what it alone changes of the debt, best first.
type ByWeight = BTreeMap<i64, Vec<(f64, Exchange)>>;

/// The base and its variations, each as often as it should come up; only the base where there is nothing to vary.
/// `slack`: how far a profile's weight may be from the base's.
pub(super) fn rotate(cells: &[Cell], base: Profile, tilt: f64, slack: i64) -> Vec<Profile> {
    let shares: Vec<Vec<f64>> = cells.iter().map(|cell| ideal(cell, tilt)).collect();
    let mut debts = Debts {
        cells,
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
    /// How far each class is ahead of its share, this turn's share already taken off.
    ahead: Vec<Vec<f64>>,
}

/// Exchanges that cancel out, and what they change of the debt.
struct Best {
    change: f64,
    exchanges: Vec<Exchange>,
}

/// Exchanges of different cells that still lack one to cancel out.
struct Begun<'a> {
    exchanges: &'a [Exchange],
    change: f64,
    weight: i64,
}

impl Debts<'_> {
    /// Makes the best exchanges that cancel out, two at a time, or three where two do not help; whether there were any.
    fn improve(&self, profile: &mut Profile) -> bool {
        let by_weight = self.exchanges(profile);
        let found = self
            .best_two(profile, &by_weight)
            .or_else(|| self.best_three(profile, &by_weight));
        let Some(best) = found else { return false };
        for exchange in best.exchanges {
            profile.counts[exchange.cell][exchange.from] -= 1;
            profile.counts[exchange.cell][exchange.to] += 1;
        }
        true
    }

    fn best_two(&self, profile: &Profile, by_weight: &ByWeight) -> Option<Best> {
        let off = profile.weight(self.cells) - self.middle;
        let mut best = None;
        for (weight, harder) in by_weight.range(1..) {
            for (change, one) in harder.iter().take(TRIED) {
                let begun = Begun {
                    exchanges: &[*one],
                    change: *change,
                    weight: *weight,
                };
                self.complete(profile, by_weight, off, &begun, &mut best);
            }
        }
        best
    }

    fn best_three(&self, profile: &Profile, by_weight: &ByWeight) -> Option<Best> {
        let off = profile.weight(self.cells) - self.middle;
        let mut most_wanted: Vec<(f64, i64, Exchange)> = by_weight
            .iter()
            .flat_map(|(weight, all)| all.iter().take(TRIED).map(|one| (one.0, *weight, one.1)))
            .collect();
        most_wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best = None;
        for (change, weight, one) in most_wanted.into_iter().take(TRIED) {
            for (other_weight, others) in by_weight {
                let apart = others.iter().find(|(_, other)| other.cell != one.cell);
                if let Some((other_change, other)) = apart {
                    let begun = Begun {
                        exchanges: &[one, *other],
                        change: change + other_change,
                        weight: weight + other_weight,
                    };
                    self.complete(profile, by_weight, off, &begun, &mut best);
                }
            }
        }
        best
    }

    /// Looks for the exchange that makes those begun cancel out and lowers the debt most.
    fn complete(
        &self,
        profile: &Profile,
        by_weight: &ByWeight,
        off: i64,
        begun: &Begun,
        best: &mut Option<Best>,
    ) {
        let group = |exchange: &Exchange| self.cells[exchange.cell].asks == Asks::Material;
        let with_group = begun.exchanges.iter().any(group);
        let exact = -begun.weight;
        let (low, high) = (exact - off - self.slack, exact - off + self.slack);
        for (weight, lasts) in by_weight.range(low.min(exact)..=high.max(exact)) {
            let near = (low..=high).contains(weight);
            for (change, last) in lasts.iter().take(TRIED) {
                if *weight != exact && !(near && (with_group || group(last))) {
                    continue;
                }
                // Changes of different cells add up; in one cell they meet.
                let change = if begun.exchanges.iter().all(|one| one.cell != last.cell) {
                    Some(begun.change + change)
                } else {
                    self.change(profile, begun.exchanges, *last)
                };
                let known = best.as_ref().map_or(-1e-9, |best| best.change);
                if let Some(change) = change.filter(|change| *change < known) {
                    let exchanges = [begun.exchanges, &[*last]].concat();
                    *best = Some(Best { change, exchanges });
                }
            }
        }
    }

    /// All exchanges by what they add to the weight, those that help most first.
    fn exchanges(&self, profile: &Profile) -> ByWeight {
        let mut by_weight = ByWeight::new();
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

    fn change(&self, profile: &Profile, begun: &[Exchange], last: Exchange) -> Option<f64> {
        let mut steps: Vec<(usize, usize, i64)> = Vec::with_capacity(6);
        for exchange in begun.iter().chain([&last]) {
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
