//! How well one question is still in mind: two numbers by FSRS-6, moved on by every answer.
//!
//! The crate is `fsrs`, kept by the people who made the algorithm and used by Anki: it takes a state and whole days and
//! gives the next states, so it needs no clock. Measured against `rs-fsrs` on two cores, built alone from nothing: 13 s and
//! 16 crates that were not here before, against 3 s and one. `rs-fsrs` would be lighter, but it stands at FSRS-5, reads
//! the clock where its parameters are made, and cuts days by 24 hours instead of by the calendar.

use std::sync::LazyLock;

use chrono::NaiveDate;
use fsrs::{FSRS, FSRS6_DEFAULT_DECAY, MemoryState, current_retrievability};

use crate::practice::card::Held;

/// A question is due once the chance of still knowing it falls below this. Anki's usual nine in ten is for people who
/// clear their whole pile every day; with ten a day and hundreds of questions, eight in ten holds more (`simulate`).
pub const DUE_BELOW: f64 = 0.8;

static SCHEDULER: LazyLock<FSRS> = LazyLock::new(FSRS::default);

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Days after which the chance of still knowing it has fallen to nine in ten.
    stability: f32,
    /// 1 easy to 10 hard.
    difficulty: f32,
    day: NaiveDate,
}

impl Memory {
    /// After the first answer ever.
    pub fn first(held: Held, day: NaiveDate) -> Memory {
        Memory::next(None, 0, held, day)
    }

    /// After one more answer. A day before the last one counts as the last one: phones send late.
    #[must_use]
    pub fn after(self, held: Held, day: NaiveDate) -> Memory {
        let day = day.max(self.day);
        let state = MemoryState {
            stability: self.stability,
            difficulty: self.difficulty,
        };
        Memory::next(Some(state), self.days_to(day), held, day)
    }

    fn next(state: Option<MemoryState>, days: u32, held: Held, day: NaiveDate) -> Memory {
        let next = SCHEDULER
            .next_states(state, DUE_BELOW as f32, days)
            .expect("finite states lead to finite states");
        let MemoryState {
            stability,
            difficulty,
        } = match held {
            Held::Wrong => next.again.memory,
            Held::Partly => next.hard.memory,
            // Right before anything was taught here: it was known beforehand.
            Held::Right if state.is_none() => next.easy.memory,
            Held::Right => next.good.memory,
        };
        Memory {
            stability,
            difficulty,
            day,
        }
    }

    /// The chance that it is still known on this day, 0..1.
    pub fn known_on(self, day: NaiveDate) -> f64 {
        let state = MemoryState {
            stability: self.stability,
            difficulty: self.difficulty,
        };
        f64::from(current_retrievability(
            state,
            self.days_to(day) as f32,
            FSRS6_DEFAULT_DECAY,
        ))
    }

    pub fn is_due(self, day: NaiveDate) -> bool {
        self.known_on(day) < DUE_BELOW
    }

    /// The last day on which it was answered.
    pub fn day(self) -> NaiveDate {
        self.day
    }

    fn days_to(self, day: NaiveDate) -> u32 {
        u32::try_from((day - self.day).num_days()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::default() + chrono::Days::new(number)
    }

    #[test]
    fn what_was_right_fades_slowly_and_what_was_wrong_fast() {
        let right = Memory::first(Held::Right, day(0));
        let wrong = Memory::first(Held::Wrong, day(0));
        assert!(right.known_on(day(0)) > 0.99);
        assert!(right.known_on(day(5)) < right.known_on(day(1)));
        assert!(right.known_on(day(5)) > wrong.known_on(day(5)));
        assert!(wrong.is_due(day(1)) && !right.is_due(day(1)));
    }

    #[test]
    fn being_right_after_a_while_lasts_longer_than_being_right_twice_at_once() {
        let once = Memory::first(Held::Right, day(0));
        let at_once = once.after(Held::Right, day(0));
        let later = once.after(Held::Right, day(4));
        assert!(later.known_on(day(14)) > at_once.known_on(day(10)));
    }

    #[test]
    fn an_answer_that_arrives_late_moves_no_clock_back() {
        let memory = Memory::first(Held::Right, day(9)).after(Held::Right, day(2));
        assert_eq!(memory.day(), day(9));
        assert!(memory.known_on(day(1)) <= 1.0);
    }
}
