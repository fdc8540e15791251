//! Whether a bank has what a blueprint asks for: cell by cell, before any round opens.

use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;

use crate::bank::{
    blueprint::{Asks, Blueprint, RowTopic},
    dialect::{blueprint::Draft, sheet::Note},
    question::{Kind, Purpose, Question, QuestionId},
};

/// A cell is thin when it has fewer than this many times what one paper takes.
const THIN: usize = 2;

/// What contests may ask on a day, counted once for all blueprints.
#[derive(Debug)]
pub(in crate::bank) struct Supply<'q>(Vec<Shelf<'q>>);

/// Neighbours of one topic, folder and posts: a blueprint takes all of them or none.
#[derive(Debug)]
struct Shelf<'q> {
    /// Any of them.
    like: &'q Question,
    /// Those under no material, in the order of `Kind::ALL`.
    kinds: [usize; Kind::ALL.len()],
    materials: Vec<&'q QuestionId>,
}

impl<'q> Supply<'q> {
    pub(in crate::bank) fn of(questions: &'q [Arc<Question>], day: NaiveDate) -> Supply<'q> {
        let alike = |one: &Arc<Question>, other: &Arc<Question>| {
            one.topic == other.topic && one.folder == other.folder && one.posts == other.posts
        };
        let shelves = questions.chunk_by(alike);
        Supply(shelves.map(|like| Shelf::of(like, day)).collect())
    }

    /// Errors where a cell asks for more than there is, warnings where papers would hardly differ.
    pub(in crate::bank) fn check(&self, draft: &Draft) -> Vec<Note> {
        let blueprint = &draft.blueprint;
        let mut rows: Vec<Vec<&Shelf<'_>>> = vec![Vec::new(); blueprint.rows.len()];
        for shelf in &self.0 {
            if let Some(row) = row_of(blueprint, shelf.like) {
                rows[row].push(shelf);
            }
        }
        let mut notes = Vec::new();
        for ((row, shelves), places) in blueprint.rows.iter().zip(rows).zip(&draft.cells) {
            let cells = row.counts.iter().zip(&blueprint.columns).enumerate();
            for (index, (count, column)) in cells.filter(|(_, (count, _))| **count > 0) {
                let cell = Cell {
                    topic: &row.topic,
                    asks: column.asks,
                    asked: *count as usize,
                    have: supply(&shelves, column.asks),
                };
                let at = places.get(index + 1).cloned().unwrap_or_default();
                notes.extend(cell.note(at));
            }
        }
        notes
    }
}

impl<'q> Shelf<'q> {
    fn of(questions: &'q [Arc<Question>], day: NaiveDate) -> Shelf<'q> {
        let mut shelf = Shelf {
            like: &questions[0],
            kinds: [0; Kind::ALL.len()],
            materials: Vec::new(),
        };
        let usable = questions
            .iter()
            .filter(|each| each.purpose != Purpose::Practice && each.in_force.on(day));
        for question in usable {
            match &question.material {
                Some(material) => shelf.materials.push(&material.id),
                None => shelf.kinds[question.kind() as usize] += 1,
            }
        }
        shelf
    }
}

/// One cell of a blueprint beside what there is for it.
struct Cell<'b> {
    topic: &'b RowTopic,
    asks: Asks,
    asked: usize,
    have: usize,
}

impl Cell<'_> {
    fn note(&self, at: std::ops::Range<usize>) -> Option<Note> {
        let Cell { asked, have, .. } = *self;
        let name = || format!("“{}”的{}题", topic_name(self.topic), self.asks.chinese());
        if have < asked {
            return Some(Note::error(
                "blueprint-unfillable",
                at,
                format!("{}要抽 {asked} 道，题库里合用的只有 {have} 道", name()),
                short(asked, have),
            ));
        }
        (have < asked * THIN && self.asks != Asks::Material).then(|| {
            Note::warning(
                "thin-topic",
                at,
                format!(
                    "{}要抽 {asked} 道，合用的只有 {have} 道，各人的卷子会大半相同",
                    name()
                ),
                format!("再写 {} 道，或者少抽几道", asked * THIN - have),
            )
        })
    }
}

/// What to do where a cell asks for more than there is.
fn short(asked: usize, have: usize) -> String {
    if have == 0 {
        return format!("题库里还没有合用的题：先写 {asked} 道，或者把这一格清空");
    }
    format!(
        "改成不超过 {have} 的数，或者再写 {} 道合这些岗位的题",
        asked - have
    )
}

/// Questions this cell may draw; groups in a 材料 column.
fn supply(shelves: &[&Shelf<'_>], asks: Asks) -> usize {
    match asks {
        Asks::Kind(kind) => shelves.iter().map(|shelf| shelf.kinds[kind as usize]).sum(),
        Asks::Material => {
            let groups = shelves.iter().flat_map(|shelf| &shelf.materials);
            groups.collect::<HashSet<_>>().len()
        }
    }
}

/// A question is drawn only if it is for every one of the blueprint's posts. It belongs to its topic's row, else to that
/// of the nearest folder, else to 其他: never to two.
fn row_of(blueprint: &Blueprint, question: &Question) -> Option<usize> {
    if !blueprint.posts.iter().all(|post| question.fits_post(post)) {
        return None;
    }
    let row = |wanted: &dyn Fn(&RowTopic) -> bool| {
        blueprint.rows.iter().position(|row| wanted(&row.topic))
    };
    let own = |topic: &RowTopic| matches!(topic, RowTopic::Topic(name) if *name == question.topic);
    let nearest = || {
        let folder = |topic: &RowTopic| match topic {
            RowTopic::Folder(folder) if is_below(&question.folder, folder) => Some(folder.len()),
            _ => None,
        };
        let rows = blueprint.rows.iter().enumerate();
        rows.filter_map(|(at, row)| Some((folder(&row.topic)?, at)))
            .max()
            .map(|(_, at)| at)
    };
    row(&own)
        .or_else(nearest)
        .or_else(|| row(&|topic| *topic == RowTopic::Other))
}

fn is_below(folder: &str, wanted: &str) -> bool {
    folder
        .strip_prefix(wanted)
        .is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

fn topic_name(topic: &RowTopic) -> &str {
    match topic {
        RowTopic::Topic(name) | RowTopic::Folder(name) => name,
        RowTopic::Other => "其他",
    }
}
