//! Which stretch goes to which element: as many elements as possible, no word to two of them.

use std::cmp::Reverse;

use crate::grading::recall::candidates::{Candidate, Heard};

/// Searching more than this changes nothing in anything that people say; the best found so far stands.
const STEPS: u32 = 50_000;

pub(super) fn in_any_order(heard: &[Heard]) -> Vec<Option<&Candidate>> {
    let mut order: Vec<usize> = (0..heard.len()).collect();
    // Those with few places choose first, then those that say more.
    order.sort_by_key(|&element| {
        let places = &heard[element].said;
        (places.len(), Reverse(places.first().map(Candidate::words)))
    });
    best(heard, &order, &|chosen, candidate| {
        !chosen
            .iter()
            .flatten()
            .any(|taken| taken.clashes(candidate))
    })
}

/// Only elements that come one after the other, as the key has them.
pub(super) fn in_order(heard: &[Heard]) -> Vec<Option<&Candidate>> {
    let order: Vec<usize> = (0..heard.len()).collect();
    best(heard, &order, &|chosen, candidate| {
        let before = chosen.iter().flatten().map(|taken| taken.last()).max();
        before.is_none_or(|last| candidate.first() > last)
    })
}

type Allowed<'a> = &'a dyn Fn(&[Option<&Candidate>], &Candidate) -> bool;

struct Search<'a, 's> {
    heard: &'a [Heard],
    order: &'s [usize],
    allowed: Allowed<'s>,
    chosen: Vec<Option<&'a Candidate>>,
    best: Vec<Option<&'a Candidate>>,
    best_count: usize,
    /// Elements with at least one place: no more can be found.
    most: usize,
    steps: u32,
}

fn best<'a>(
    heard: &'a [Heard],
    order: &[usize],
    allowed: Allowed<'_>,
) -> Vec<Option<&'a Candidate>> {
    let mut search = Search {
        heard,
        order,
        allowed,
        chosen: vec![None; heard.len()],
        best: vec![None; heard.len()],
        best_count: 0,
        most: heard.iter().filter(|heard| !heard.said.is_empty()).count(),
        steps: 0,
    };
    search.go(0, 0);
    search.best
}

impl Search<'_, '_> {
    fn go(&mut self, depth: usize, count: usize) {
        self.steps += 1;
        if count > self.best_count {
            self.best_count = count;
            self.best.clone_from(&self.chosen);
        }
        let left = self.order.len() - depth;
        let done = self.best_count == self.most || self.steps > STEPS;
        if done || count + left <= self.best_count {
            return;
        }
        let element = self.order[depth];
        let heard = self.heard;
        for candidate in &heard[element].said {
            if (self.allowed)(&self.chosen, candidate) {
                self.chosen[element] = Some(candidate);
                self.go(depth + 1, count + 1);
                self.chosen[element] = None;
            }
        }
        self.go(depth + 1, count);
    }
}
