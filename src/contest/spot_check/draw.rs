//! Drawing for a session: a pure function of bank, people, choice, day and seed, so that anybody can draw it again.

use std::{
    borrow::Borrow,
    collections::{HashMap, HashSet},
};

use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    bank::question::{Purpose, Question, QuestionId},
    contest::spot_check::{Drawn, Sort, Weight},
};

/// What to draw.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Id and post, in the order they are examined.
    pub people: Vec<(&'a str, &'a str)>,
    /// Questions for each.
    pub each: u32,
    pub sorts: &'a [Sort],
    /// Empty: all.
    pub topics: &'a [String],
    pub day: NaiveDate,
    pub weight: Weight,
    /// Never drawn: questions on papers that are not released yet.
    pub barred: &'a HashSet<QuestionId>,
}

/// A post for which there are fewer questions than wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    pub post: String,
    pub wanted: u32,
    pub there: usize,
}

/// One list of questions per person. Nobody is asked the same twice; what this session has asked least comes first, then
/// topics this person has not had, then the lot.
pub fn draw(
    questions: &[impl Borrow<Question>],
    order: &Order,
    seed: &[u8; 32],
) -> Result<Vec<Vec<Drawn>>, Shortage> {
    let fits = |question: &&Question| {
        order.sorts.contains(&Sort::of(question))
            && (order.topics.is_empty() || order.topics.contains(&question.topic))
            && question.in_force.on(order.day)
            && allows(order.weight, question.purpose)
            && !order.barred.contains(&question.id)
    };
    let all = questions.iter().map(Borrow::borrow);
    let pool: Vec<&Question> = all.filter(fits).collect();
    let mut used: HashMap<&QuestionId, u32> = HashMap::new();
    let mut drawn = Vec::with_capacity(order.people.len());
    for (person, post) in &order.people {
        let mut open: Vec<&Question> = pool
            .iter()
            .filter(|question| question.fits_post(post))
            .copied()
            .collect();
        if open.len() < order.each as usize {
            return Err(Shortage {
                post: (*post).to_owned(),
                wanted: order.each,
                there: open.len(),
            });
        }
        open.sort_by_cached_key(|question| lot(seed, person, &question.id));
        let mut topics: HashMap<&str, u32> = HashMap::new();
        let mut mine = Vec::with_capacity(order.each as usize);
        for number in 1..=order.each {
            let rank = |question: &Question| {
                let times = |count: Option<&u32>| count.copied().unwrap_or(0);
                (
                    times(used.get(&question.id)),
                    times(topics.get(question.topic.as_str())),
                )
            };
            // The first of equals: the list lies in the order of lots.
            let best = (0..open.len()).min_by_key(|place| rank(open[*place]));
            let question = open.remove(best.expect("there are as many as wanted"));
            *used.entry(&question.id).or_default() += 1;
            *topics.entry(&question.topic).or_default() += 1;
            mine.push(Drawn {
                number,
                id: question.id.clone(),
                revision: question.revision.clone(),
            });
        }
        drawn.push(mine);
    }
    Ok(drawn)
}

/// 比武 questions only where it counts, 练习 questions only where it does not.
fn allows(weight: Weight, purpose: Purpose) -> bool {
    match purpose {
        Purpose::General => true,
        Purpose::Contest => weight == Weight::Scored,
        Purpose::Practice => weight == Weight::Trial,
    }
}

/// HMAC-SHA256 keyed with the seed, over person, NUL, question: the same on every machine and for ever.
fn lot(seed: &[u8; 32], person: &str, question: &QuestionId) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(seed).expect("HMAC takes keys of any length");
    mac.update(person.as_bytes());
    mac.update(b"\0");
    mac.update(question.0.as_bytes());
    mac.finalize().into_bytes().into()
}
