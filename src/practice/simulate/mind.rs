//! A made-up head: exponential forgetting with a speed of its own, learning from feedback, lucky guesses, slips.
//!
//! On purpose not FSRS's model: that has a power curve and a difficulty, this has neither. What was never learnt is known
//! beforehand by topic; what was known for years fades over years.

use crate::practice::{card::Held, simulate::dice::Dice};

/// A right answer that was a guess: one of four choices.
const GUESS: f64 = 0.25;
/// A wrong answer to something known.
const SLIP: f64 = 0.05;
/// What was known for years lasts for years, in days.
const OLD: f64 = 700.0;
/// The longest that anything learnt here lasts.
const LONGEST: f64 = 400.0;
/// How much longer it lasts when it was recalled just before it would have been lost.
const GAIN: f64 = 2.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speed {
    Fast,
    Middling,
    Slow,
}

impl Speed {
    pub const ALL: [Speed; 3] = [Speed::Fast, Speed::Middling, Speed::Slow];

    pub fn chinese(self) -> &'static str {
        match self {
            Speed::Fast => "忘得快",
            Speed::Middling => "一般",
            Speed::Slow => "忘得慢",
        }
    }

    /// Days after which a thing learnt once is known with a chance of 1/e, the least and the most of this kind of person.
    fn days(self) -> (f64, f64) {
        match self {
            Speed::Fast => (2.0, 4.0),
            Speed::Middling => (5.0, 9.0),
            Speed::Slow => (12.0, 20.0),
        }
    }
}

/// One question in a head.
#[derive(Debug, Clone, Copy)]
struct Trace {
    /// exp(−t / lasts) after t days.
    lasts: f64,
    since: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Mind {
    /// How long a thing lasts that was just learnt.
    learnt: f64,
    /// `None`: never known.
    traces: Vec<Option<Trace>>,
}

/// Questions are dealt out to topics in turn.
pub(super) fn topic_of(place: usize, topics: u32) -> usize {
    place % topics as usize
}

impl Mind {
    pub(super) fn new(speed: Speed, questions: u32, topics: u32, dice: &mut Dice) -> Mind {
        let (least, most) = speed.days();
        let learnt = least + (most - least) * dice.share();
        let known: Vec<f64> = (0..topics).map(|_| 0.1 + 0.6 * dice.share()).collect();
        let old = Trace {
            lasts: OLD,
            since: 0,
        };
        let traces = (0..questions as usize)
            .map(|place| dice.happens(known[topic_of(place, topics)]).then_some(old))
            .collect();
        Mind { learnt, traces }
    }

    fn known(&self, place: usize, day: u32) -> f64 {
        self.traces[place].map_or(0.0, |trace| {
            (-f64::from(day - trace.since) / trace.lasts).exp()
        })
    }

    /// The share of all questions held on this day, 0..1.
    pub(super) fn held_on(&self, day: u32) -> f64 {
        let places = 0..self.traces.len();
        places.map(|place| self.known(place, day)).sum::<f64>() / self.traces.len() as f64
    }

    /// Answers, and learns from the feedback: what was recalled with effort lasts longer, what was lost is learnt anew
    /// (a guess that was right teaches no more than a wrong one).
    pub(super) fn answer(&mut self, place: usize, day: u32, dice: &mut Dice) -> Held {
        let known = self.known(place, day);
        let recalled = dice.happens(known);
        let lasts = match self.traces[place] {
            Some(trace) if recalled => trace.lasts * (1.0 + GAIN * (1.0 - known)),
            // Learning again is quicker than learning.
            Some(trace) => self.learnt.max(0.3 * trace.lasts.min(LONGEST)),
            None => self.learnt,
        };
        let lasts = lasts.min(LONGEST.max(self.traces[place].map_or(0.0, |trace| trace.lasts)));
        self.traces[place] = Some(Trace { lasts, since: day });
        let right = if recalled {
            !dice.happens(SLIP)
        } else {
            dice.happens(GUESS)
        };
        if right { Held::Right } else { Held::Wrong }
    }
}
