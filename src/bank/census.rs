//! How many questions there are of what: topic × kind × post × difficulty, purposes, and what is about to expire.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::bank::{
    Bank,
    question::{Kind, Purpose, Question},
};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Census {
    pub questions: usize,
    /// One row per topic, kind, post and difficulty that has questions; a question for several posts counts in each,
    /// one for everybody only under 全体.
    pub cells: Vec<Cell>,
    pub topics: Vec<Counts>,
    /// Per post what its holders may be asked, questions for everybody included.
    pub posts: Vec<Counts>,
    pub purposes: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub topic: String,
    pub kind: Kind,
    pub post: String,
    pub difficulty: u8,
    pub count: usize,
}

/// A topic's or a post's questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub name: String,
    pub questions: usize,
    /// In the order of `Kind::ALL`.
    pub kinds: [usize; 5],
    /// Difficulty 1 to 5.
    pub difficulties: [usize; 5],
}

/// A question whose last day in force is near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expiring {
    pub id: String,
    pub topic: String,
    pub stem: String,
    pub until: NaiveDate,
    pub file: String,
    pub line: usize,
}

pub fn census(bank: &Bank) -> Census {
    let mut cells: BTreeMap<(&str, Kind, &str, u8), usize> = BTreeMap::new();
    let mut topics: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut purposes = BTreeMap::from([("通用", 0), ("练习", 0), ("比武", 0)]);
    let everybody = ["全体".to_owned()];
    for question in &bank.questions {
        let posts = if question.posts.is_empty() {
            &everybody[..]
        } else {
            &question.posts
        };
        for post in posts {
            let cell = (
                question.topic.as_str(),
                question.kind(),
                post.as_str(),
                question.difficulty,
            );
            *cells.entry(cell).or_default() += 1;
        }
        topics
            .entry(&question.topic)
            .or_insert_with(|| Counts::named(&question.topic))
            .add(question);
        *purposes.entry(purpose_name(question.purpose)).or_default() += 1;
    }
    let posts = bank.posts.posts.iter().map(|post| {
        let mut counts = Counts::named(&post.name);
        let fitting = |question: &&Arc<Question>| question.fits_post(&post.name);
        let fitting = bank.questions.iter().filter(fitting);
        fitting.for_each(|question| counts.add(question));
        counts
    });
    Census {
        questions: bank.questions.len(),
        posts: posts.collect(),
        cells: cells
            .into_iter()
            .map(|((topic, kind, post, difficulty), count)| Cell {
                topic: topic.to_owned(),
                kind,
                post: post.to_owned(),
                difficulty,
                count,
            })
            .collect(),
        topics: topics.into_values().collect(),
        purposes,
    }
}

/// What is in force on the day and will not be in so many days, soonest first.
pub fn expiring(bank: &Bank, day: NaiveDate, days: u32) -> Vec<Expiring> {
    let last = day
        .checked_add_days(Days::new(days.into()))
        .unwrap_or(NaiveDate::MAX);
    let mut found: Vec<Expiring> = bank
        .questions
        .iter()
        .filter_map(|question| {
            let until = question
                .in_force
                .until
                .filter(|until| day <= *until && *until <= last)?;
            Some(Expiring {
                id: question.id.0.clone(),
                topic: question.topic.clone(),
                stem: question.stem_text.clone(),
                until,
                file: question.place.file.clone(),
                line: question.place.line,
            })
        })
        .collect();
    found.sort_by(|one, other| (one.until, &one.id).cmp(&(other.until, &other.id)));
    found
}

impl Counts {
    fn named(name: &str) -> Counts {
        Counts {
            name: name.to_owned(),
            questions: 0,
            kinds: [0; 5],
            difficulties: [0; 5],
        }
    }

    fn add(&mut self, question: &Question) {
        self.questions += 1;
        let kind = question.kind();
        for (count, each) in self.kinds.iter_mut().zip(Kind::ALL) {
            *count += usize::from(each == kind);
        }
        self.difficulties[usize::from(question.difficulty.clamp(1, 5)) - 1] += 1;
    }
}

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Practice => "练习",
        Purpose::Contest => "比武",
        Purpose::General => "通用",
    }
}
