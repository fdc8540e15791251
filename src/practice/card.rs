//! One person and one question: folded from the answers, in the order they were given.

use chrono::NaiveDate;

use crate::{
    grading::{Found, QuestionGrade, Verdict},
    practice::memory::Memory,
};

/// How many different days a question has to be right on before it leaves the mistakes book.
pub const DAYS_TO_LEAVE: u32 = 2;

/// How an answer stands to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Wrong,
    /// At least half of the blanks or elements, but not all.
    Partly,
    Right,
}

impl Held {
    pub fn of(grade: &QuestionGrade) -> Held {
        let found = grade.parts.iter();
        let found = found.filter(|part| part.found == Found::Yes).count();
        match grade.verdict {
            Verdict::Right => Held::Right,
            Verdict::Partial if 2 * found >= grade.parts.len() && found > 0 => Held::Partly,
            Verdict::Partial | Verdict::Wrong | Verdict::Unanswered => Held::Wrong,
        }
    }

    pub fn text(self) -> &'static str {
        match self {
            Held::Wrong => "wrong",
            Held::Partly => "partly",
            Held::Right => "right",
        }
    }

    pub fn parse(text: &str) -> Option<Held> {
        [Held::Wrong, Held::Partly, Held::Right]
            .into_iter()
            .find(|held| held.text() == text)
    }
}

/// The grade of a spoken answer after its speaker has said that these elements (from 0) were said although they were not
/// heard. Nothing else changes.
pub fn overruled(grade: &QuestionGrade, elements: &[u32]) -> QuestionGrade {
    let mut grade = grade.clone();
    for element in elements {
        if let Some(part) = grade.parts.get_mut(*element as usize) {
            part.found = Found::Yes;
        }
    }
    let found = grade.parts.iter();
    let found = found.filter(|part| part.found == Found::Yes).count();
    if !grade.parts.is_empty() && found > 0 {
        grade.verdict = match found {
            all if all == grade.parts.len() => Verdict::Right,
            _ => Verdict::Partial,
        };
    }
    grade
}

/// One answer as the fold sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub held: Held,
    /// The civil day on which it was given.
    pub day: NaiveDate,
}

/// What stands of a question after the last answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    pub memory: Memory,
    /// How the very first answer was: says how well the topic was known beforehand.
    pub first: Held,
    pub last: Held,
    mistake: Option<Mistake>,
}

/// In the mistakes book, and how far on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mistake {
    right_days: u32,
    last_right: Option<NaiveDate>,
}

impl Card {
    /// `None` where nothing was answered.
    pub fn fold(answers: impl IntoIterator<Item = Answered>) -> Option<Card> {
        answers
            .into_iter()
            .fold(None, |card, answer| Some(Card::after(card, answer)))
    }

    pub fn after(card: Option<Card>, answer: Answered) -> Card {
        let fresh = Mistake {
            right_days: 0,
            last_right: None,
        };
        let Some(card) = card else {
            return Card {
                memory: Memory::first(answer.held, answer.day),
                first: answer.held,
                last: answer.held,
                mistake: (answer.held != Held::Right).then_some(fresh),
            };
        };
        let memory = card.memory.after(answer.held, answer.day);
        Card {
            memory,
            first: card.first,
            last: answer.held,
            mistake: match (answer.held, card.mistake) {
                (Held::Right, Some(mistake)) => mistake.right_on(memory.day()),
                (Held::Right, None) => None,
                (Held::Partly | Held::Wrong, _) => Some(fresh),
            },
        }
    }

    pub fn is_mistake(&self) -> bool {
        self.mistake.is_some()
    }

    /// On how many more days it has to be right to leave the mistakes book; 0 where it is not in it.
    pub fn days_to_leave(&self) -> u32 {
        self.mistake
            .map_or(0, |mistake| DAYS_TO_LEAVE - mistake.right_days)
    }
}

impl Mistake {
    fn right_on(self, day: NaiveDate) -> Option<Mistake> {
        if self.last_right == Some(day) {
            return Some(self);
        }
        let right_days = self.right_days + 1;
        (right_days < DAYS_TO_LEAVE).then_some(Mistake {
            right_days,
            last_right: Some(day),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(answers: &[(Held, u64)]) -> Card {
        let answers = answers.iter().map(|(held, day)| Answered {
            held: *held,
            day: NaiveDate::default() + chrono::Days::new(*day),
        });
        Card::fold(answers).unwrap()
    }

    #[test]
    fn a_mistake_leaves_the_book_after_two_days_on_which_it_was_right() {
        use Held::{Partly, Right, Wrong};
        assert!(!card(&[(Right, 0)]).is_mistake());
        assert!(card(&[(Wrong, 0)]).is_mistake());
        assert!(card(&[(Partly, 0)]).is_mistake(), "half is not all");
        let same_day = card(&[(Wrong, 0), (Right, 1), (Right, 1), (Right, 1)]);
        assert_eq!(same_day.days_to_leave(), 1, "one day counts once");
        assert!(!card(&[(Wrong, 0), (Right, 1), (Right, 2)]).is_mistake());
        let again = card(&[(Wrong, 0), (Right, 1), (Wrong, 2), (Right, 3)]);
        assert_eq!(again.days_to_leave(), 1, "a miss begins anew");
    }

    #[test]
    fn an_overruled_miss_counts_as_said_and_only_that_one() {
        let part = |found| crate::grading::PartGrade { found, taken: None };
        let grade = QuestionGrade {
            number: 1,
            points: crate::bank::points::Points::ZERO,
            verdict: Verdict::Partial,
            parts: vec![part(Found::Yes), part(Found::No), part(Found::No)],
        };
        assert_eq!(Held::of(&grade), Held::Wrong);
        assert_eq!(Held::of(&overruled(&grade, &[1, 7])), Held::Partly);
        assert_eq!(Held::of(&overruled(&grade, &[1, 2])), Held::Right);
    }

    #[test]
    fn a_late_answer_of_an_earlier_day_is_not_a_second_day() {
        use Held::{Right, Wrong};
        let late = card(&[(Wrong, 3), (Right, 3), (Right, 1)]);
        assert_eq!(late.days_to_leave(), 1);
    }
}
