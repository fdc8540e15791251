//! Chance for the simulation: a stream of its own for each person and purpose, so that one person's luck moves no other's.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

#[derive(Debug)]
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    pub(super) fn new(seed: u64, person: u32, purpose: &str) -> Dice {
        let hash = Sha256::digest(format!("{seed}/{person}/{purpose}"));
        Dice(ChaCha20Rng::from_seed(hash.into()))
    }

    /// 0 up to, but not, 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// A seed for somebody else's chance.
    pub(super) fn seed(&mut self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.0.fill_bytes(&mut seed);
        seed
    }

    /// Different numbers below `count`, at most `wanted`.
    pub(super) fn some(&mut self, count: usize, wanted: usize) -> Vec<usize> {
        let mut chosen: Vec<usize> = vec![];
        while chosen.len() < wanted.min(count) {
            let number = (self.share() * count as f64) as usize;
            if !chosen.contains(&number) {
                chosen.push(number);
            }
        }
        chosen
    }
}
