//! Whether a bank has what a blueprint asks for: cell by cell, before any round opens.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::bank::{
    blueprint::{Asks, Blueprint, Row, RowTopic},
    dialect::{blueprint::Draft, sheet::Note},
    question::{Purpose, Question},
};

/// A cell is thin when it has fewer than this many times what one paper takes.
const THIN: usize = 2;

/// Errors where a cell asks for more than there is, warnings where papers would hardly differ.
pub(in crate::bank) fn check(draft: &Draft, questions: &[Question], day: NaiveDate) -> Vec<Note> {
    let blueprint = &draft.blueprint;
    let usable: Vec<&Question> = questions
        .iter()
        .filter(|question| {
            question.purpose != Purpose::Practice
                && question.in_force.on(day)
                && fits(blueprint, question)
        })
        .collect();
    let mut notes = Vec::new();
    for (row, places) in blueprint.rows.iter().zip(&draft.cells) {
        let cells = row.counts.iter().zip(&blueprint.columns).enumerate();
        for (index, (count, column)) in cells.filter(|(_, (count, _))| **count > 0) {
            let asked = *count as usize;
            let have = supply(blueprint, row, column.asks, &usable);
            let at = places.get(index + 1).cloned().unwrap_or_default();
            let name = format!("“{}”的{}题", topic_name(&row.topic), column.asks.chinese());
            if have < asked {
                notes.push(Note::error(
                    "blueprint-unfillable",
                    at,
                    format!("{name}要抽 {asked} 道，题库里合用的只有 {have} 道"),
                    short(asked, have),
                ));
            } else if have < asked * THIN && column.asks != Asks::Material {
                notes.push(Note::warning(
                    "thin-topic",
                    at,
                    format!("{name}要抽 {asked} 道，合用的只有 {have} 道，各人的卷子会大半相同"),
                    format!("再写 {} 道，或者少抽几道", asked * THIN - have),
                ));
            }
        }
    }
    notes
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

/// A question is drawn only if it is for every one of the blueprint's posts.
fn fits(blueprint: &Blueprint, question: &Question) -> bool {
    blueprint.posts.iter().all(|post| question.fits_post(post))
}

/// Questions this cell may draw; groups in a 材料 column.
fn supply(blueprint: &Blueprint, row: &Row, asks: Asks, usable: &[&Question]) -> usize {
    let in_row = usable
        .iter()
        .filter(|question| belongs(blueprint, &row.topic, question));
    match asks {
        Asks::Kind(kind) => in_row
            .filter(|question| question.material.is_none() && question.kind() == kind)
            .count(),
        Asks::Material => in_row
            .filter_map(|question| question.material.as_ref().map(|material| &material.id))
            .collect::<HashSet<_>>()
            .len(),
    }
}

/// A question belongs to its topic's row, else to that of the nearest folder, else to 其他: never to two.
fn belongs(blueprint: &Blueprint, topic: &RowTopic, question: &Question) -> bool {
    let rows = || blueprint.rows.iter().map(|row| &row.topic);
    let own = |row: &RowTopic| matches!(row, RowTopic::Topic(name) if *name == question.topic);
    let folder = rows()
        .filter_map(|row| match row {
            RowTopic::Folder(folder) if is_below(&question.folder, folder) => Some(folder),
            _ => None,
        })
        .max_by_key(|folder| folder.len());
    match topic {
        RowTopic::Topic(_) => own(topic),
        _ if rows().any(own) => false,
        RowTopic::Folder(name) => folder == Some(name),
        RowTopic::Other => folder.is_none(),
    }
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
