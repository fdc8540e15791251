//! Ten for people who stand differently: what is due, what is weak, what is new, and that the seed decides the rest.

use super::*;
use crate::practice::card::Answered;

fn day(number: u64) -> NaiveDate {
    NaiveDate::default() + chrono::Days::new(number)
}

fn ids(count: usize) -> Vec<QuestionId> {
    (0..count).map(|n| QuestionId(format!("q{n:03}"))).collect()
}

fn card(answers: &[(Held, u64)]) -> Card {
    let answers = answers.iter().map(|(held, on)| Answered {
        held: *held,
        day: day(*on),
    });
    Card::fold(answers).unwrap()
}

/// Every question of topic `topic`, with the card that `card` gives its number.
fn candidates<'a>(
    ids: &'a [QuestionId],
    topic: impl Fn(usize) -> &'a str,
    card: impl Fn(usize) -> Option<&'a Card>,
) -> Vec<Candidate<'a>> {
    let candidate = |(n, id)| Candidate {
        id,
        topic: topic(n),
        kind: Kind::Single,
        card: card(n),
    };
    ids.iter().enumerate().map(candidate).collect()
}

fn whys(picks: &[Pick]) -> HashMap<Why, usize> {
    picks.iter().fold(HashMap::new(), |mut counts, pick| {
        *counts.entry(pick.why).or_default() += 1;
        counts
    })
}

#[test]
fn somebody_new_gets_ten_new_ones_and_the_seed_decides_which() {
    let ids = ids(40);
    let all = candidates(&ids, |_| "低保", |_| None);
    let ten = choose(&all, day(0), &[1; 32], 10);
    assert_eq!(whys(&ten), HashMap::from([(Why::New, 10)]));
    assert_eq!(ten, choose(&all, day(0), &[1; 32], 10));
    assert_ne!(ten, choose(&all, day(0), &[2; 32], 10));
}

#[test]
fn what_was_missed_and_what_fades_comes_back_with_its_reason_and_new_ones_keep_their_share() {
    let ids = ids(40);
    let missed = card(&[(Held::Wrong, 0)]);
    let fading = card(&[(Held::Right, 0)]);
    let fresh = card(&[(Held::Right, 0), (Held::Right, 5), (Held::Right, 29)]);
    let all = candidates(
        &ids,
        |_| "低保",
        |n| match n {
            0..2 => Some(&missed),
            2..5 => Some(&fading),
            5..20 => Some(&fresh),
            _ => None,
        },
    );
    let ten = choose(&all, day(30), &[1; 32], 10);
    let expected = [(Why::MissedLast, 2), (Why::Fading, 3), (Why::New, 5)];
    assert_eq!(whys(&ten), HashMap::from(expected));

    let crowded = candidates(&ids, |_| "低保", |n| (n < 30).then_some(&missed));
    let ten = choose(&crowded, day(30), &[1; 32], 10);
    assert_eq!(
        whys(&ten),
        HashMap::from([(Why::MissedLast, 6), (Why::New, 4)])
    );
}

#[test]
fn new_questions_come_from_the_weakest_topic_first() {
    let ids = ids(60);
    let (right, wrong) = (
        card(&[(Held::Right, 9)]),
        card(&[(Held::Wrong, 9), (Held::Right, 10)]),
    );
    let topic = |n: usize| ["低保", "信访", "土地"][n % 3];
    let seen = |n: usize| match (n < 30, n % 3) {
        (false, _) => None,
        (true, 1) => Some(&wrong),
        (true, _) => Some(&right),
    };
    let ten = choose(&candidates(&ids, topic, seen), day(10), &[1; 32], 10);
    assert_eq!(whys(&ten), HashMap::from([(Why::WeakTopic, 10)]));
    let number = |pick: &Pick| pick.id.0[1..].parse::<usize>().unwrap();
    assert!(ten.iter().all(|pick| number(pick) % 3 == 1), "{ten:?}");
}

#[test]
fn where_nothing_is_new_or_due_the_ones_that_fade_soonest_are_refreshed() {
    let ids = ids(12);
    let card = card(&[(Held::Right, 0)]);
    let all = candidates(&ids, |_| "低保", |_| Some(&card));
    let ten = choose(&all, day(0), &[1; 32], 10);
    assert_eq!(whys(&ten), HashMap::from([(Why::Refresh, 10)]));
    assert_eq!(choose(&all[..4], day(0), &[1; 32], 10).len(), 4);
}

#[test]
fn spoken_questions_are_a_fifth_while_others_are_left() {
    let ids = ids(30);
    let mut all = candidates(&ids, |_| "低保", |_| None);
    for spoken in all.iter_mut().take(25) {
        spoken.kind = Kind::Recall;
    }
    let spoken = |picks: &[Pick]| {
        picks
            .iter()
            .filter(|pick| pick.id.0.as_str() < "q025")
            .count()
    };
    assert_eq!(spoken(&choose(&all, day(0), &[1; 32], 7)), 2);
    assert_eq!(
        choose(&all, day(0), &[1; 32], 10).len(),
        10,
        "never fewer than there are"
    );
}
