//! A set of characters that is asked far more often than it is made.

#[derive(Debug, Clone, Default)]
pub(super) struct Letters {
    /// A bit per remainder: rules out most of what is not in it.
    bits: [u64; 16],
    /// Ascending.
    all: Vec<char>,
}

impl Letters {
    pub(super) fn contain(&self, c: char) -> bool {
        let (word, bit) = place(c);
        self.bits[word] & bit != 0 && self.all.binary_search(&c).is_ok()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = char> {
        self.all.iter().copied()
    }
}

impl FromIterator<char> for Letters {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Letters {
        let mut all: Vec<char> = characters.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let mut bits = [0; 16];
        for &c in &all {
            let (word, bit) = place(c);
            bits[word] |= bit;
        }
        Letters { bits, all }
    }
}

fn place(c: char) -> (usize, u64) {
    let at = u32::from(c) % 1024;
    ((at / 64) as usize, 1 << (at % 64))
}
