//! Does 练十题 help? A made-up unit practises twice, the same people on the same days: once ten at random, once 练十题.
//!
//! How these people forget is `mind`'s business and not FSRS's; 练十题 sees their answers only. What is compared is what
//! they truly hold: the chance, question by question, that they could say it.

mod dice;
pub mod mind;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use crate::{
    bank::question::{Kind, QuestionId},
    practice::{
        card::{Answered, Card},
        choose::{Candidate, choose},
        simulate::{dice::Dice, mind::Mind},
    },
};

pub use crate::practice::simulate::mind::Speed;

/// Questions in one go.
const TEN: usize = 10;
/// After the last day nobody practises for this long; then it is measured again.
pub const REST_DAYS: u32 = 14;

#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub people: u32,
    pub days: u32,
    /// Questions that fit the post.
    pub questions: u32,
    pub topics: u32,
    pub seed: u64,
}

/// Who chooses the ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chooser {
    Random,
    Coach,
}

/// One person's two courses.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub speed: Speed,
    /// How often they practised: the same in both.
    pub goes: u32,
    pub random: Held,
    pub coach: Held,
}

/// Shares 0..1 of all questions that are truly held.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Before anything, then at the end of each day.
    pub by_day: Vec<f64>,
    pub after_rest: f64,
}

impl Held {
    pub fn at_the_end(&self) -> f64 {
        self.by_day.last().copied().unwrap_or(0.0)
    }
}

/// Every person's two courses; the same setting gives the same figures.
pub fn simulate(setting: Setting) -> Vec<Course> {
    (0..setting.people)
        .map(|number| {
            let speed = Speed::ALL[number as usize % Speed::ALL.len()];
            let mut dice = Dice::new(setting.seed, number, "person");
            let mind = Mind::new(speed, setting.questions, setting.topics, &mut dice);
            let diligence = 0.3 + 0.6 * dice.share();
            let days: Vec<bool> = (0..setting.days).map(|_| dice.happens(diligence)).collect();
            let go = |chooser, name| {
                let dice = Dice::new(setting.seed, number, name);
                practise(mind.clone(), &days, chooser, setting, dice)
            };
            Course {
                speed,
                goes: days.iter().filter(|day| **day).count() as u32,
                random: go(Chooser::Random, "random"),
                coach: go(Chooser::Coach, "coach"),
            }
        })
        .collect()
}

fn practise(
    mut mind: Mind,
    days: &[bool],
    chooser: Chooser,
    setting: Setting,
    mut dice: Dice,
) -> Held {
    let ids: Vec<QuestionId> = (0..setting.questions)
        .map(|number| QuestionId(format!("q{number:05}")))
        .collect();
    let topics: Vec<String> = (0..setting.topics)
        .map(|number| format!("专题{number}"))
        .collect();
    let places: HashMap<&QuestionId, usize> = ids
        .iter()
        .enumerate()
        .map(|(place, id)| (id, place))
        .collect();
    let mut cards: Vec<Option<Card>> = vec![None; ids.len()];
    let mut by_day = vec![mind.held_on(0)];
    for (number, practises) in days.iter().enumerate() {
        let today = number as u32;
        let day = NaiveDate::default() + Days::new(u64::from(today));
        if *practises {
            let ten = match chooser {
                Chooser::Random => dice.some(ids.len(), TEN),
                Chooser::Coach => {
                    let candidate = |(place, id)| Candidate {
                        id,
                        topic: &topics[mind::topic_of(place, setting.topics)],
                        kind: Kind::Single,
                        card: cards[place].as_ref(),
                    };
                    let candidates: Vec<_> = ids.iter().enumerate().map(candidate).collect();
                    let picks = choose(&candidates, day, &dice.seed(), TEN);
                    picks.iter().map(|pick| places[&pick.id]).collect()
                }
            };
            for place in ten {
                let held = mind.answer(place, today, &mut dice);
                cards[place] = Some(Card::after(cards[place], Answered { held, day }));
            }
        }
        by_day.push(mind.held_on(today + 1));
    }
    Held {
        by_day,
        after_rest: mind.held_on(setting.days + REST_DAYS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_chosen_hold_more_than_ten_at_random_for_fast_and_slow_forgetters() {
        let setting = Setting {
            people: 12,
            days: 60,
            questions: 200,
            topics: 10,
            seed: 7,
        };
        let courses = simulate(setting);
        assert_eq!(courses, simulate(setting), "reproducible");
        for speed in Speed::ALL {
            let own = || courses.iter().filter(|course| course.speed == speed);
            let mean = |held: fn(&Course) -> f64| own().map(held).sum::<f64>();
            assert!(
                mean(|course| course.coach.at_the_end())
                    > mean(|course| course.random.at_the_end()),
                "{speed:?}"
            );
        }
        assert_eq!(courses[0].random.by_day.len(), 61);
        assert_eq!(
            courses[0].random.by_day[0].to_bits(),
            courses[0].coach.by_day[0].to_bits()
        );
    }
}
