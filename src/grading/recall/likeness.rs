//! When something said is taken for a word of the key: the same characters, the same or nearly the same sounds, small
//! words between, and in longer words one slip. A number, a denial, or a character that carries a direction or a quantity
//! only ever stands for itself.

use std::collections::BTreeSet;

use crate::grading::{
    numbers::Token,
    recall::{
        lexicon::{joins, light, weighty},
        sound::Likeness,
        spoken::Word,
    },
};

/// Costs are hundredths of a slip.
pub(super) type Cost = u16;

const NEVER: Cost = 10_000;
const SAME_SOUND: Cost = 10;
const NEAR_SOUND: Cost = 30;
const SMALL_WORD: Cost = 8;
const STUTTER: Cost = 5;
const CLAUSE: Cost = 20;
const ADDED: Cost = 80;
const SLIP: Cost = 100;

/// Something said, taken for a word of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Words of what was said, the end excluded.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) cost: Cost,
}

/// What a decisive word may cost, by how many characters it has: short ones must sound right whole.
fn allowed(length: usize) -> Cost {
    match length {
        0 | 1 => 0,
        2 => 45,
        3 => 70,
        4 => 100,
        5 => 115,
        6 => 130,
        7 | 8 => 160,
        _ => 210,
    }
}

/// Whether a number of the key may be heard as another one: asked only to find out that somebody said another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    Exact,
    Any,
}

/// What a word of the key is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Against<'a> {
    /// Characters of the other elements: what they consist of is no slip of this one.
    pub(super) others: &'a BTreeSet<char>,
    pub(super) numbers: Numbers,
}

/// The decisive word from exactly `at` on, if it was said there.
pub(super) fn heard_at(
    said: &[Word],
    at: usize,
    keyed: &[Word],
    against: Against<'_>,
) -> Option<Place> {
    let length = keyed.len();
    let most = allowed(length);
    let skipped = match (keyed.first(), said.get(at)) {
        (Some(first), Some(here)) if replaced(here, first, 99, against) < SLIP => 0,
        // The first character was swallowed.
        (Some(first), Some(here)) if length >= 5 => {
            let next = replaced(here, &keyed[1], 99, against) == 0;
            if !next || dropped(first, length) >= NEVER {
                return None;
            }
            1
        }
        _ => return None,
    };
    let window = &said[at..said.len().min(at + length + length / 2 + 4)];
    // row[j]: the least cost of having taken keyed[..i] for window[..j].
    let mut row = vec![NEVER; window.len() + 1];
    row[0] = if skipped == 1 { dropped(&keyed[0], length) } else { 0 };
    let mut next = row.clone();
    for (place, key) in keyed.iter().enumerate().skip(skipped) {
        next[0] = if place == skipped { NEVER } else { row[0] + dropped(key, length) };
        let mut least = next[0];
        for (index, here) in window.iter().enumerate() {
            let replaced = row[index].saturating_add(replaced(here, key, length, against));
            let left_out = row[index + 1].saturating_add(dropped(key, length));
            let before = index.checked_sub(1).map(|before| &window[before]);
            let put_in = next[index].saturating_add(added(here, before, length));
            next[index + 1] = replaced.min(left_out).min(put_in).min(NEVER);
            least = least.min(next[index + 1]);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut row, &mut next);
    }
    let (end, cost) = row.iter().enumerate().skip(1).min_by_key(|(_, cost)| **cost)?;
    (*cost <= most).then_some(Place {
        start: at,
        end: at + end,
        cost: *cost,
    })
}

/// The cost of `said` in the place of `keyed`.
fn replaced(said: &Word, keyed: &Word, length: usize, against: Against<'_>) -> Cost {
    if said.token == keyed.token {
        return 0;
    }
    let (heard, meant) = match (&said.token, &keyed.token) {
        (Token::Char(heard), Token::Char(meant)) => (heard, meant),
        (Token::Number(_), Token::Number(_)) if against.numbers == Numbers::Any => return 0,
        _ => return NEVER,
    };
    let sound = match (&said.sound, &keyed.sound) {
        (Some(said), Some(keyed)) => said.likeness(keyed),
        _ => Likeness::Different,
    };
    if said.denial.is_some() || (weighty(*heard) && weighty(*meant)) {
        return NEVER;
    }
    let exact_only = keyed.denial.is_some() || weighty(*meant) || length < 2;
    match sound {
        Likeness::Same if length >= 2 => SAME_SOUND,
        Likeness::Near if !exact_only => NEAR_SOUND,
        Likeness::Different if !exact_only && length >= 5 => {
            if weighty(*heard) || against.others.contains(heard) {
                NEVER
            } else {
                SLIP
            }
        }
        _ => NEVER,
    }
}

/// The cost of not saying `keyed`.
fn dropped(keyed: &Word, length: usize) -> Cost {
    match keyed.token {
        Token::Char(c) if joins(c) => SMALL_WORD,
        Token::Char(c) if keyed.denial.is_none() && !weighty(c) && length >= 4 => SLIP,
        _ => NEVER,
    }
}

/// The cost of saying `said` too.
fn added(said: &Word, before: Option<&Word>, length: usize) -> Cost {
    let Token::Char(c) = said.token else {
        return NEVER;
    };
    if said.denial.is_some() {
        return NEVER;
    }
    let cost = if before.is_some_and(|before| before.token == said.token) {
        STUTTER
    } else if light(c) {
        SMALL_WORD
    } else if length >= 4 && !weighty(c) {
        ADDED
    } else {
        return NEVER;
    };
    cost + if said.opens { CLAUSE } else { 0 }
}
