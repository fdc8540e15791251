//! What may be drawn: the bank's questions sorted into the blueprint's cells, once, so that drawing works on indexes.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
};

use chrono::NaiveDate;

use crate::{
    bank::{
        blueprint::{Asks, Blueprint, Row, RowTopic},
        points::Points,
        question::{Body, Kind, Purpose, Question, QuestionId, Revision},
    },
    paper::assemble::{Use, shortage::row_name},
};

/// Everything of one question that a paper needs.
#[derive(Debug, Clone)]
pub(in crate::paper) struct Fact {
    pub(in crate::paper) id: QuestionId,
    pub(in crate::paper) revision: Revision,
    pub(in crate::paper) kind: Kind,
    pub(in crate::paper) difficulty: u8,
    /// How many choices; 0 where nothing is chosen.
    pub(in crate::paper) choices: usize,
    pub(in crate::paper) shuffled: bool,
}

impl Fact {
    fn of(question: &Question) -> Fact {
        let (choices, shuffled) = match &question.body {
            Body::Choices(choices) => (choices.choices.len(), !choices.fixed_order),
            Body::Judgement { .. } => (2, false),
            Body::Blanks(_) | Body::Recall(_) => (0, false),
        };
        Fact {
            id: question.id.clone(),
            revision: question.revision.clone(),
            kind: question.kind(),
            difficulty: question.difficulty,
            choices,
            shuffled,
        }
    }
}

/// What is drawn as one: a single question, or a material's questions in the source's order. Indexes of facts.
pub(in crate::paper) type Bundle = Vec<u32>;

/// One cell of the table with all it may draw from.
#[derive(Debug, Clone)]
pub(in crate::paper) struct Cell {
    pub(in crate::paper) row: String,
    /// Index of its column.
    pub(in crate::paper) column: usize,
    pub(in crate::paper) asks: Asks,
    pub(in crate::paper) points: Points,
    pub(in crate::paper) wanted: u32,
    /// Never empty ones; ascending by weight.
    pub(in crate::paper) classes: Vec<Class>,
}

impl Cell {
    pub(in crate::paper) fn available(&self) -> u32 {
        self.classes.iter().map(Class::available).sum()
    }
}

/// Bundles of a cell that are equally hard.
#[derive(Debug, Clone)]
pub(in crate::paper) struct Class {
    /// Points (hundredths) × difficulty, the mean of its bundles.
    pub(in crate::paper) weight: i64,
    /// How far a single bundle's weight may be from it; 0 for single questions.
    pub(in crate::paper) spread: i64,
    pub(in crate::paper) bundles: Vec<u32>,
}

impl Class {
    pub(in crate::paper) fn available(&self) -> u32 {
        self.bundles.len() as u32
    }
}

#[derive(Debug, Clone)]
pub(in crate::paper) struct Pool {
    pub(in crate::paper) facts: Vec<Fact>,
    pub(in crate::paper) index: HashMap<QuestionId, u32>,
    pub(in crate::paper) bundles: Vec<Bundle>,
    /// Fact → its bundle.
    pub(in crate::paper) bundle_of: Vec<u32>,
    pub(in crate::paper) cells: Vec<Cell>,
}

/// A fitting bundle before it has a cell: its place in the table and its questions.
struct Candidate<'a> {
    row: usize,
    asks: Asks,
    questions: Vec<&'a Question>,
}

impl Pool {
    pub(super) fn new(
        questions: &[impl Borrow<Question>],
        blueprint: &Blueprint,
        post: Option<&str>,
        day: NaiveDate,
        purposes: Use,
    ) -> Pool {
        let fits = |question: &Question| {
            question.in_force.on(day)
                && fits_post(question, blueprint, post)
                && purposes.allows(question.purpose)
        };
        let candidates = candidates(questions.iter().map(Borrow::borrow), &blueprint.rows, &fits);
        let mut pool = Pool {
            facts: vec![],
            index: HashMap::new(),
            bundles: vec![],
            bundle_of: vec![],
            cells: vec![],
        };
        let mut by_cell: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        for candidate in candidates {
            let row = &blueprint.rows[candidate.row];
            let columns = blueprint.columns.iter().zip(&row.counts).enumerate();
            let column = columns
                .filter(|(_, (column, count))| column.asks == candidate.asks && **count > 0)
                .map(|(place, _)| place)
                .next();
            if let Some(column) = column {
                let bundle = pool.add(&candidate.questions);
                by_cell
                    .entry((candidate.row, column))
                    .or_default()
                    .push(bundle);
            }
        }
        for (row_place, row) in blueprint.rows.iter().enumerate() {
            for (place, column) in blueprint.columns.iter().enumerate() {
                let wanted = row.counts.get(place).copied().unwrap_or(0);
                if wanted > 0 {
                    let bundles = by_cell.remove(&(row_place, place)).unwrap_or_default();
                    let classes = pool.classes(&bundles, column.points);
                    pool.cells.push(Cell {
                        row: row_name(&row.topic),
                        column: place,
                        asks: column.asks,
                        points: column.points,
                        wanted,
                        classes,
                    });
                }
            }
        }
        pool
    }

    fn add(&mut self, questions: &[&Question]) -> u32 {
        let bundle = self.bundles.len() as u32;
        let mut facts = Bundle::with_capacity(questions.len());
        for question in questions {
            let fact = self.facts.len() as u32;
            self.facts.push(Fact::of(question));
            self.index.insert(question.id.clone(), fact);
            self.bundle_of.push(bundle);
            facts.push(fact);
        }
        self.bundles.push(facts);
        bundle
    }

    /// Single questions by their level; material groups by their mean level to the nearest quarter, since exact ones
    /// would leave every class with one group.
    fn classes(&self, bundles: &[u32], points: Points) -> Vec<Class> {
        let mut classes: BTreeMap<i64, Vec<(i64, u32)>> = BTreeMap::new();
        for &bundle in bundles {
            let weight = self.weight(bundle, points);
            let level = if self.bundles[bundle as usize].len() == 1 {
                weight
            } else {
                (weight * 4 + points.0 / 2).div_euclid(points.0.max(1))
            };
            classes.entry(level).or_default().push((weight, bundle));
        }
        classes
            .into_values()
            .map(|members| {
                let sum: i64 = members.iter().map(|(weight, _)| weight).sum();
                let mean = sum / members.len() as i64;
                Class {
                    weight: mean,
                    spread: members
                        .iter()
                        .map(|(weight, _)| (weight - mean).abs())
                        .max()
                        .unwrap_or(0),
                    bundles: members.into_iter().map(|(_, bundle)| bundle).collect(),
                }
            })
            .collect()
    }

    /// Points × difficulty, summed over its questions.
    pub(in crate::paper) fn weight(&self, bundle: u32, points: Points) -> i64 {
        let facts = &self.bundles[bundle as usize];
        facts
            .iter()
            .zip(split(points, facts.len()))
            .map(|(fact, share)| share.0 * i64::from(self.facts[*fact as usize].difficulty))
            .sum()
    }
}

/// A group's points over its questions: evenly in hundredths, what is left to the first ones.
pub(super) fn split(points: Points, parts: usize) -> impl Iterator<Item = Points> {
    let each = points.0 / parts.max(1) as i64;
    let left = (points.0 - each * parts as i64) as usize;
    (0..parts).map(move |place| Points(each + i64::from(place < left)))
}

fn fits_post(question: &Question, blueprint: &Blueprint, post: Option<&str>) -> bool {
    match post {
        Some(post) => question.fits_post(post),
        None if blueprint.posts.is_empty() => question.posts.is_empty(),
        None => blueprint.posts.iter().all(|post| question.fits_post(post)),
    }
}

/// What fits, in the order of question ids, so that moving files about changes no paper. A material counts only whole.
fn candidates<'a>(
    questions: impl Iterator<Item = &'a Question>,
    rows: &[Row],
    fits: &dyn Fn(&Question) -> bool,
) -> Vec<Candidate<'a>> {
    let mut groups: BTreeMap<&QuestionId, Vec<&Question>> = BTreeMap::new();
    for question in questions {
        let key = question.material.as_ref().map_or(&question.id, |m| &m.id);
        groups.entry(key).or_default().push(question);
    }
    groups
        .into_values()
        .filter(|group| group.iter().all(|question| fits(question)))
        .filter_map(|mut questions| {
            questions
                .sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
            let first = questions[0];
            Some(Candidate {
                row: row_of(first, rows)?,
                asks: match first.material {
                    Some(_) => Asks::Material,
                    None => Asks::Kind(first.kind()),
                },
                questions,
            })
        })
        .collect()
}

/// The row a question belongs to: its topic's own, else that of the nearest folder, else 其他.
fn row_of(question: &Question, rows: &[Row]) -> Option<usize> {
    let topic = rows
        .iter()
        .position(|row| matches!(&row.topic, RowTopic::Topic(name) if *name == question.topic));
    let folder = || {
        rows.iter()
            .enumerate()
            .filter_map(|(place, row)| match &row.topic {
                RowTopic::Folder(name) => Some((place, name.trim_end_matches('/'))),
                RowTopic::Topic(_) | RowTopic::Other => None,
            })
            .filter(|(_, name)| {
                question
                    .folder
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .max_by_key(|(_, name)| name.len())
            .map(|(place, _)| place)
    };
    let other = || rows.iter().position(|row| row.topic == RowTopic::Other);
    topic.or_else(folder).or_else(other)
}

impl Use {
    fn allows(self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::General => true,
            Purpose::Contest => self == Use::Contest,
            Purpose::Practice => self == Use::Practice,
        }
    }
}
