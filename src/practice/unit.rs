//! What a unit finds hard, without anybody in it: topics and questions, by shares rounded to tens, from five people on.
//!
//! No names, no counts of people or answers, nothing of today: one more answer cannot be seen by looking twice in a row.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::{bank::question::QuestionId, practice::card::Held};

/// Fewer people than this are not shown: one of them could be guessed.
pub const PEOPLE_MIN: usize = 5;

/// Somebody's answer to a question, for sums only.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub person: &'a str,
    pub question: &'a QuestionId,
    pub held: Held,
    pub day: NaiveDate,
}

/// Whole tens of a hundred, rounded half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tenths(pub u32);

impl Tenths {
    pub fn of(part: usize, whole: usize) -> Tenths {
        if whole == 0 {
            return Tenths(0);
        }
        Tenths(((20 * part + whole) / (2 * whole)) as u32)
    }

    /// `不到一成`, `约三成`, `几乎都`.
    pub fn chinese(self) -> String {
        const WORDS: [&str; 9] = ["一", "两", "三", "四", "五", "六", "七", "八", "九"];
        match self.0 {
            0 => "不到一成".into(),
            10.. => "几乎都".into(),
            tenths => format!("约{}成", WORDS[tenths as usize - 1]),
        }
    }
}

/// Something at least five people answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hard<K> {
    pub what: K,
    /// The mean over those people of the share of their first answers that were not right.
    pub missed: Tenths,
}

/// First answers of each person, those of `before` and later left out.
fn firsts<'a>(
    told: &[Told<'a>],
    before: NaiveDate,
) -> HashMap<(&'a str, &'a QuestionId), Told<'a>> {
    let mut firsts: HashMap<(&str, &QuestionId), Told<'_>> = HashMap::new();
    for each in told.iter().filter(|each| each.day < before) {
        firsts.entry((each.person, each.question)).or_insert(*each);
    }
    firsts
}

/// The hardest first, by shares of people; what fewer than five people answered is left out, and so is what nobody missed.
/// `told` stands in the order it was given.
pub fn hardest<K: Ord + Clone>(
    told: &[Told<'_>],
    today: NaiveDate,
    key: impl Fn(&QuestionId) -> Option<K>,
) -> Vec<Hard<K>> {
    let mut people: BTreeMap<K, HashMap<&str, (usize, usize)>> = BTreeMap::new();
    for ((person, question), first) in firsts(told, today) {
        let Some(key) = key(question) else { continue };
        let (missed, all) = people.entry(key).or_default().entry(person).or_default();
        *missed += usize::from(first.held != Held::Right);
        *all += 1;
    }
    let mut hard: Vec<Hard<K>> = people
        .into_iter()
        .filter(|(_, people)| people.len() >= PEOPLE_MIN)
        .map(|(what, people)| {
            // Everybody weighs the same, however much they practised.
            let share = |(missed, all): &(usize, usize)| 1000 * missed / all;
            let sum: usize = people.values().map(share).sum();
            let missed = Tenths::of(sum, 1000 * people.len());
            Hard { what, missed }
        })
        .filter(|hard| hard.missed > Tenths(0))
        .collect();
    hard.sort_by_key(|hard| std::cmp::Reverse(hard.missed));
    hard
}

/// The share of the others who missed a question the first time; `None` below five of them.
pub fn missed_by_others(told: &[Told<'_>], me: &str) -> Option<Tenths> {
    let mut others: HashMap<&str, Held> = HashMap::new();
    for each in told.iter().filter(|each| each.person != me) {
        others.entry(each.person).or_insert(each.held);
    }
    let missed = others.values().filter(|held| **held != Held::Right).count();
    (others.len() >= PEOPLE_MIN).then(|| Tenths::of(missed, others.len()))
}

/// Whether enough people answered anything before today.
pub fn is_enough(told: &[Told<'_>], today: NaiveDate) -> bool {
    let before = told.iter().filter(|each| each.day < today);
    let people: HashSet<&str> = before.map(|each| each.person).collect();
    people.len() >= PEOPLE_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    fn day(number: u64) -> NaiveDate {
        NaiveDate::default() + chrono::Days::new(number)
    }

    fn told<'a>(question: &'a QuestionId, helds: &[Held]) -> Vec<Told<'a>> {
        let tell = |(person, held): (&&'static str, &Held)| Told {
            person,
            question,
            held: *held,
            day: day(0),
        };
        PEOPLE.iter().zip(helds).map(tell).collect()
    }

    #[test]
    fn four_people_show_nothing_and_the_fifth_shows_on_the_next_day() {
        let question = QuestionId("q".into());
        let of = |told: &[Told<'_>], on| hardest(told, on, |id| Some(id.0.clone()));
        let four = told(&question, &[Held::Wrong; 4]);
        assert!(of(&four, day(1)).is_empty() && !is_enough(&four, day(1)));
        let five = told(&question, &[Held::Wrong; 5]);
        assert!(of(&five, day(0)).is_empty() && !is_enough(&five, day(0)));
        assert!(is_enough(&five, day(1)));
        assert_eq!(of(&five, day(1))[0].missed, Tenths(10));
    }

    #[test]
    fn first_answers_count_and_everybody_weighs_the_same() {
        let (one, two) = (QuestionId("one".into()), QuestionId("two".into()));
        let mut all = told(
            &one,
            &[
                Held::Wrong,
                Held::Right,
                Held::Right,
                Held::Right,
                Held::Right,
            ],
        );
        // The same person again, and right: the first answer stands.
        all.extend(told(&one, &[Held::Right]));
        all.extend(told(&two, &[Held::Wrong]));
        let topics = hardest(&all, day(1), |_| Some("topic"));
        assert_eq!(
            topics,
            [Hard {
                what: "topic",
                missed: Tenths(2)
            }]
        );
        let questions = hardest(&all, day(1), |id| Some(id.0.clone()));
        assert_eq!(questions.len(), 1, "the second one has one person");
    }

    #[test]
    fn how_many_others_missed_it_is_told_from_five_others_on() {
        use Held::{Right, Wrong};
        let question = QuestionId("q".into());
        let all = told(&question, &[Right, Wrong, Wrong, Right, Right, Right]);
        assert_eq!(missed_by_others(&all, "a"), Some(Tenths(4)));
        assert_eq!(missed_by_others(&all[..5], "a"), None, "four others");
        assert_eq!(missed_by_others(&all[..5], "z"), Some(Tenths(4)));
    }

    #[test]
    fn shares_are_said_in_tenths() {
        assert_eq!(Tenths::of(1, 6).chinese(), "约两成");
        assert_eq!(Tenths::of(1, 40).chinese(), "不到一成");
        assert_eq!(Tenths::of(19, 20).chinese(), "几乎都");
    }
}
