//! An order that is kept while its members move: a sorted list in blocks, so that neither finding a place nor making room
//! for it touches more than a block, and counting those before it touches one number a block.

use crate::bank::points::Points;

/// The most keys of a block; a full one is cut in two.
const BLOCK: usize = 512;

/// Where somebody stands: points, then the declared keys; the last two only settle how equals are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    absent: bool,
    fewer: i64,
    ties: [i64; 2],
    listed: u32,
    place: u32,
}

impl Key {
    pub(super) fn new(points: Option<Points>, ties: [i64; 2], listed: u32, place: u32) -> Key {
        Key {
            absent: points.is_none(),
            fewer: points.map_or(0, |points| -points.0),
            ties: if points.is_some() { ties } else { [0; 2] },
            listed,
            place,
        }
    }

    pub(super) fn place(self) -> u32 {
        self.place
    }

    /// Whether the two share a rank.
    pub(super) fn ties(self, other: Key) -> bool {
        (self.absent, self.fewer, self.ties) == (other.absent, other.fewer, other.ties)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Never an empty one, but where there is nobody at all.
    blocks: Vec<Vec<Key>>,
}

impl Order {
    pub(super) fn of(mut keys: Vec<Key>) -> Order {
        keys.sort_unstable();
        Order {
            blocks: keys.chunks(BLOCK / 2).map(<[Key]>::to_vec).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Key> {
        self.blocks.iter().flatten().copied()
    }

    pub(super) fn at(&self, place: usize) -> Option<Key> {
        let mut left = place;
        for block in &self.blocks {
            if left < block.len() {
                return Some(block[left]);
            }
            left -= block.len();
        }
        None
    }

    pub(super) fn insert(&mut self, key: Key) {
        let number = self
            .block_of(|last| last < key)
            .min(self.blocks.len().saturating_sub(1));
        let Some(block) = self.blocks.get_mut(number) else {
            self.blocks.push(vec![key]);
            return;
        };
        let place = block.partition_point(|each| *each < key);
        block.insert(place, key);
        if block.len() > BLOCK {
            let second = block.split_off(BLOCK / 2);
            self.blocks.insert(number + 1, second);
        }
    }

    pub(super) fn remove(&mut self, key: Key) {
        let number = self.block_of(|last| last < key);
        let Some(block) = self.blocks.get_mut(number) else {
            return;
        };
        if let Ok(place) = block.binary_search(&key) {
            block.remove(place);
            if block.is_empty() {
                self.blocks.remove(number);
            }
        }
    }

    /// How many stand before everybody who shares this key's rank.
    pub(super) fn count_before_ties(&self, key: Key) -> usize {
        let ahead = |each: Key| each < key && !each.ties(key);
        self.count(ahead)
    }

    /// How many stand before whoever comes after all who share this key's rank.
    pub(super) fn count_through_ties(&self, key: Key) -> usize {
        let through = |each: Key| each < key || each.ties(key);
        self.count(through)
    }

    /// `ahead` holds for a first part of the order.
    fn count(&self, ahead: impl Fn(Key) -> bool) -> usize {
        let number = self.block_of(&ahead);
        let before: usize = self.blocks[..number].iter().map(Vec::len).sum();
        let within = self.blocks.get(number);
        before + within.map_or(0, |block| block.partition_point(|each| ahead(*each)))
    }

    /// The first block whose last key is not ahead.
    fn block_of(&self, ahead: impl Fn(Key) -> bool) -> usize {
        self.blocks
            .partition_point(|block| block.last().is_some_and(|last| ahead(*last)))
    }
}
