//! Chance from a seed, the same on every machine and for ever: ChaCha20, our own unbiased integer, our own shuffle.
//!
//! `rand` does not promise that its shuffles stay the same between releases; golden papers need that promise.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

#[derive(Debug)]
pub(in crate::paper) struct Chance(ChaCha20Rng);

impl Chance {
    pub(in crate::paper) fn from_seed(seed: &[u8; 32]) -> Chance {
        Chance(ChaCha20Rng::from_seed(*seed))
    }

    /// A whole number below `bound` (at least 1), each equally likely: Lemire's multiplication with rejection.
    pub(in crate::paper) fn below(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.0.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let unfair = bound.wrapping_neg() % bound;
            while (product as u32) < unfair {
                product = u64::from(self.0.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// Fisher–Yates, from the end.
    pub(in crate::paper) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            things.swap(last, other);
        }
    }

    /// Moves `wanted` things, drawn without replacement, to the front.
    pub(in crate::paper) fn draw<T>(&mut self, things: &mut [T], wanted: usize) {
        for place in 0..wanted.min(things.len()) {
            let other = place + self.below((things.len() - place) as u32) as usize;
            things.swap(place, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_below_the_bound_is_equally_likely() {
        let mut chance = Chance::from_seed(&[7; 32]);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[chance.below(7) as usize] += 1;
        }
        assert!(
            counts.iter().all(|count| (9_600..10_400).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn every_order_of_three_comes_up_equally_often() {
        let mut chance = Chance::from_seed(&[1; 32]);
        let mut seen = std::collections::BTreeMap::<[u8; 3], u32>::new();
        for _ in 0..6_000 {
            let mut things = [1, 2, 3];
            chance.shuffle(&mut things);
            *seen.entry(things).or_default() += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(
            seen.values().all(|count| (880..1_120).contains(count)),
            "{seen:?}"
        );
    }
}
