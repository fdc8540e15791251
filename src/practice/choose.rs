//! 练十题: what to practise next, and why. The same cards, day and seed give the same ten.
//!
//! Six of ten go to what was met before and is slipping away, the least known first; the rest are new questions, from the
//! topics where most first answers were wrong. What one side leaves free the other takes.

use std::{cmp::Ordering, collections::HashMap};

use chrono::NaiveDate;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::{
    bank::question::{Kind, QuestionId},
    practice::card::{Card, Held},
};

/// First answers before a topic may be called weak.
const WEAK_FROM: u32 = 3;

/// Why a question is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    MissedLast,
    Fading,
    WeakTopic,
    New,
    /// Nothing is due and nothing is new: the one that will be due soonest.
    Refresh,
}

impl Why {
    pub fn chinese(self) -> &'static str {
        match self {
            Why::MissedLast => "上次答错",
            Why::Fading => "快忘了",
            Why::WeakTopic => "薄弱专题",
            Why::New => "新题",
            Why::Refresh => "温一温",
        }
    }
}

/// A question that may be practised, as choosing sees it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub id: &'a QuestionId,
    pub topic: &'a str,
    pub kind: Kind,
    pub card: Option<&'a Card>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub id: QuestionId,
    pub why: Why,
}

/// How a candidate stands on the day: its reason, its place among those of the same reason, and a lot for ties.
struct Standing<'a> {
    candidate: Candidate<'a>,
    why: Why,
    /// Smaller first.
    place: f64,
    lot: u32,
}

/// At most `wanted` questions, mixed; of 口答, which takes longest, at most a fifth while others are left.
pub fn choose(
    candidates: &[Candidate<'_>],
    day: NaiveDate,
    seed: &[u8; 32],
    wanted: usize,
) -> Vec<Pick> {
    let mut chance = ChaCha20Rng::from_seed(*seed);
    let weakness = weak_topics(candidates);
    let (mut review, mut fresh, mut rest) = (vec![], vec![], vec![]);
    for candidate in candidates {
        let lot = chance.next_u32();
        let standing = standing(*candidate, &weakness, day, lot);
        match standing.why {
            Why::MissedLast | Why::Fading => review.push(standing),
            Why::WeakTopic | Why::New => fresh.push(standing),
            Why::Refresh => rest.push(standing),
        }
    }
    for group in [&mut review, &mut fresh, &mut rest] {
        group.sort_by(first);
    }
    // Reviews up to their share, then new ones; what one side leaves free the other takes.
    let share = (wanted * 6)
        .div_ceil(10)
        .max(wanted.saturating_sub(fresh.len()));
    let more_review = review.split_off(share.min(review.len()));
    let queue = [review, fresh, more_review, rest].into_iter().flatten();
    let mut chosen = take(queue.collect(), wanted);
    chosen.sort_by_key(|standing| standing.lot);
    let pick = |standing: Standing<'_>| Pick {
        id: standing.candidate.id.clone(),
        why: standing.why,
    };
    chosen.into_iter().map(pick).collect()
}

fn first(a: &Standing<'_>, b: &Standing<'_>) -> Ordering {
    a.place.total_cmp(&b.place).then(a.lot.cmp(&b.lot))
}

/// The first ones of the queue; spoken ones beyond their fifth go behind.
fn take(queue: Vec<Standing<'_>>, wanted: usize) -> Vec<Standing<'_>> {
    let mut spoken_left = wanted.div_ceil(5);
    let (mut now, mut behind) = (vec![], vec![]);
    for standing in queue {
        let spoken = standing.candidate.kind == Kind::Recall;
        if spoken && spoken_left == 0 {
            behind.push(standing);
        } else {
            spoken_left -= usize::from(spoken);
            now.push(standing);
        }
        if now.len() == wanted {
            break;
        }
    }
    now.extend(behind);
    now.truncate(wanted);
    now
}

fn standing<'a>(
    candidate: Candidate<'a>,
    weakness: &HashMap<&str, Topic>,
    day: NaiveDate,
    lot: u32,
) -> Standing<'a> {
    let (why, place) = match candidate.card {
        None => {
            let topic = weakness[candidate.topic];
            let why = if topic.weak { Why::WeakTopic } else { Why::New };
            (why, -topic.missed)
        }
        Some(card) => {
            let known = card.memory.known_on(day);
            let why = match card {
                card if card.last != Held::Right => Why::MissedLast,
                card if card.memory.is_due(day) => Why::Fading,
                _ => Why::Refresh,
            };
            // What was answered today already waits until everything else that is due has had its turn.
            let again = f64::from(u8::from(card.memory.day() >= day));
            (why, known + again)
        }
    };
    Standing {
        candidate,
        why,
        place,
        lot,
    }
}

#[derive(Debug, Clone, Copy)]
struct Topic {
    /// Share of first answers that were not right, drawn to one half while there are few.
    missed: f64,
    weak: bool,
}

fn weak_topics<'a>(candidates: &[Candidate<'a>]) -> HashMap<&'a str, Topic> {
    let mut counts: HashMap<&str, (u32, u32)> = HashMap::new();
    for candidate in candidates {
        let (answered, missed) = counts.entry(candidate.topic).or_default();
        if let Some(card) = candidate.card {
            *answered += 1;
            *missed += u32::from(card.first != Held::Right);
        }
    }
    let sum = |total: (u32, u32), count: &(u32, u32)| (total.0 + count.0, total.1 + count.1);
    let (answered, missed) = counts.values().fold((0, 0), sum);
    let share = |(answered, missed): (u32, u32)| f64::from(missed + 1) / f64::from(answered + 2);
    let overall = share((answered, missed));
    let topic = |count: (u32, u32)| Topic {
        missed: share(count),
        weak: count.0 >= WEAK_FROM && count.1 > 0 && share(count) > overall,
    };
    counts
        .into_iter()
        .map(|(name, count)| (name, topic(count)))
        .collect()
}

#[cfg(test)]
mod tests;
