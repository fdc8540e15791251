//! `blueprints/*.md`: front matter, then a two-way table, topics × kinds.

use crate::bank::{
    blueprint::{Asks, Blueprint, Column, Row, RowTopic, Scoring},
    dialect::{
        blueprint_cures as cures, blueprint_head as head, front_matter, scoring,
        sheet::{Note, Sheet},
        table::{self, Cell},
        values,
    },
    points::Points,
    posts::Posts,
    question::{Kind, Place},
};

pub(in crate::bank) const EXAMPLE: &str = "| 专题 | 单选 | 多选 | 判断 |\n|---|---|---|---|\n| 每题分值 | 2 | 3 | 2 |\n| 评分 | | 少选得一半 | |\n| 其他 | 10 | 5 | 5 |";

/// Most questions of one cell; far beyond what anybody sits.
pub(in crate::bank) const MOST: u32 = 500;

/// A blueprint with the places its later checks point at.
#[derive(Debug)]
pub(in crate::bank) struct Draft {
    pub(in crate::bank) blueprint: Blueprint,
    /// Per row, the place of its first cell and of each count.
    pub(in crate::bank) cells: Vec<Vec<std::ops::Range<usize>>>,
}

/// Topics and folders a row may name.
#[derive(Debug, Default)]
pub(in crate::bank) struct Known {
    pub(in crate::bank) topics: std::collections::BTreeSet<String>,
    pub(in crate::bank) folders: std::collections::BTreeSet<String>,
}

/// Reads one; None where an error keeps it out.
pub(in crate::bank) fn read(
    sheet: &Sheet<'_>,
    posts: &Posts,
    known: &Known,
    notes: &mut Vec<Note>,
) -> Option<Draft> {
    let mark = notes.len();
    let front = front_matter::read(sheet, &head::KEYS, notes);
    let head = head::read(sheet, &front, posts, notes);
    let Some((columns_head, rows)) = table::read(sheet, front.end, EXAMPLE, notes) else {
        head::note_pass(&front, Points::ZERO, notes);
        return None;
    };
    let columns = read_columns(sheet, &columns_head, &rows, notes);
    head::note_pass(&front, cures::total(&columns, &rows), notes);
    let (rows, cells) = read_rows(sheet, &rows, columns.len(), known, notes);
    let blueprint = Blueprint {
        name: head.name,
        posts: head.posts,
        limit_seconds: head.limit_seconds,
        pass: head.pass,
        difficulty: head.difficulty,
        tolerance: head.tolerance,
        columns,
        rows,
        place: Place {
            file: sheet.file.to_owned(),
            line: 1,
        },
    };
    if !notes[mark..].iter().any(Note::is_error) {
        check_total(sheet, &front, &blueprint, &columns_head, notes);
    }
    let sound = !notes[mark..].iter().any(Note::is_error);
    sound.then_some(Draft { blueprint, cells })
}

fn check_total(
    sheet: &Sheet<'_>,
    front: &front_matter::FrontMatter<'_>,
    blueprint: &Blueprint,
    head: &[Cell],
    notes: &mut Vec<Note>,
) {
    let total = blueprint.total();
    let at = head
        .first()
        .map_or(0..0, |cell| sheet.line_range(cell.at.start));
    if total == Points::ZERO {
        notes.push(Note::error(
            "no-points",
            at,
            "这张表一道题也没有抽，总分是 0",
            format!("在专题和题型交叉的格子里写抽几道，例如：\n{EXAMPLE}"),
        ));
    } else if blueprint.pass > total {
        let at = front.get("及格").map_or(at, |entry| entry.value_at.clone());
        notes.push(Note::error(
            "pass-above-total",
            at,
            format!(
                "照这张表抽题一共只有 {total} 分，及格却要 {} 分",
                blueprint.pass
            ),
            format!(
                "及格分不能比总分高。要六成及格，写成：\n及格: {}\n要是总分少了，就多抽一些题，或者提高每题分值",
                total.share(6, 10)
            ),
        ));
    }
}

pub(in crate::bank) fn asks(text: &str) -> Option<Asks> {
    if text == "材料" {
        return Some(Asks::Material);
    }
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| text == kind.chinese() || text.strip_suffix('题') == Some(kind.chinese()))?;
    Some(Asks::Kind(kind))
}

fn read_columns(
    sheet: &Sheet<'_>,
    head: &[Cell],
    rows: &[Vec<Cell>],
    notes: &mut Vec<Note>,
) -> Vec<Column> {
    let row_named = |name: &str| {
        rows.iter()
            .find(|row| row.first().is_some_and(|cell| cell.text == name))
    };
    let (worth, scored) = (row_named("每题分值"), row_named("评分"));
    if worth.is_none() {
        let at = head
            .first()
            .map_or(0..0, |cell| sheet.line_range(cell.at.start));
        notes.push(Note::error(
            "no-points",
            at,
            "表里没有“每题分值”这一行",
            format!("在表头下面加一行每题分值，例如：\n{EXAMPLE}"),
        ));
    }
    let mut columns: Vec<Column> = Vec::new();
    for (index, cell) in head.iter().enumerate().skip(1) {
        let asked = asks(&cell.text);
        if asked.is_none() {
            notes.push(Note::error(
                "unknown-kind",
                cell.at.clone(),
                format!("没有“{}”这种题型", cell.text),
                cures::kinds(sheet, head),
            ));
        } else if columns.iter().any(|column| Some(column.asks) == asked) {
            notes.push(Note::error(
                "doubled-kind",
                cell.at.clone(),
                format!("“{}”这一列写了两遍", cell.text),
                "同一题型只要一列",
            ));
        }
        let asks = asked.unwrap_or(Asks::Material);
        let points = worth.map_or(Points::ZERO, |row| read_points(cell, row.get(index), notes));
        let scoring = scored
            .and_then(|row| row.get(index))
            .filter(|cell| asked.is_some() && !cell.text.is_empty())
            .and_then(|cell| scoring::read(cell, asks, notes));
        columns.push(Column {
            asks,
            points,
            scoring: scoring.unwrap_or(Scoring::default_of(asks)),
        });
    }
    columns
}

fn read_points(head: &Cell, cell: Option<&Cell>, notes: &mut Vec<Note>) -> Points {
    let text = cell.map_or("", |cell| cell.text.trim_end_matches('分'));
    match Points::parse(text) {
        Some(points) if points > Points::ZERO => points,
        _ => {
            let at = cell.map_or_else(|| head.at.clone(), |cell| cell.at.clone());
            notes.push(Note::error(
                "no-points",
                at,
                format!("“{}”没有写每题几分", head.text),
                "在“每题分值”那一行写大于 0 的数，最多两位小数，例如 2 或 0.5",
            ));
            Points::ZERO
        }
    }
}

type Rows = (Vec<Row>, Vec<Vec<std::ops::Range<usize>>>);

fn read_rows(
    sheet: &Sheet<'_>,
    rows: &[Vec<Cell>],
    width: usize,
    known: &Known,
    notes: &mut Vec<Note>,
) -> Rows {
    let (mut read, mut places): Rows = (Vec::new(), Vec::new());
    for row in rows {
        let Some(first) = row.first() else { continue };
        if ["每题分值", "评分"].contains(&first.text.as_str()) {
            continue;
        }
        let topic = row_topic(sheet, first, known, rows, notes);
        if read
            .iter()
            .any(|row: &Row| Some(&row.topic) == topic.as_ref())
        {
            notes.push(Note::error(
                "doubled-topic",
                first.at.clone(),
                format!("“{}”这一行写了两遍", first.text),
                "同一专题只要一行，把数目加在一起",
            ));
        }
        let cells = &row[1..row.len().min(width + 1)];
        let counts = cells
            .iter()
            .map(|cell| count(cell, notes))
            .collect::<Vec<_>>();
        places.push(row.iter().map(|cell| cell.at.clone()).collect());
        if let Some(topic) = topic {
            read.push(Row { topic, counts });
        } else {
            places.pop();
        }
    }
    (read, places)
}

fn row_topic(
    sheet: &Sheet<'_>,
    cell: &Cell,
    known: &Known,
    rows: &[Vec<Cell>],
    notes: &mut Vec<Note>,
) -> Option<RowTopic> {
    let text = cell.text.trim_end_matches('/');
    if text == "其他" || text == "其它" {
        return Some(RowTopic::Other);
    }
    if known.topics.contains(text) {
        return Some(RowTopic::Topic(text.to_owned()));
    }
    if known.folders.contains(text) {
        return Some(RowTopic::Folder(text.to_owned()));
    }
    let (at, message) = if text.is_empty() {
        (
            sheet.line_range(cell.at.start),
            "这一行没有写专题".to_owned(),
        )
    } else {
        (
            cell.at.clone(),
            format!("题库里没有“{text}”这个专题，也没有这个文件夹"),
        )
    };
    let help = cures::topic(sheet, cell, known, rows);
    notes.push(Note::error("unknown-topic", at, message, help));
    None
}

fn count(cell: &Cell, notes: &mut Vec<Note>) -> u32 {
    let text = values::narrow(&cell.text);
    if text.is_empty() || text == "-" {
        return 0;
    }
    match text.parse::<u32>() {
        Ok(count) if count <= MOST => count,
        _ => {
            notes.push(Note::error(
                "bad-count",
                cell.at.clone(),
                format!("“{}”不是题数", cell.text),
                format!("写抽几道题的整数（最多 {MOST}），不抽就空着"),
            ));
            0
        }
    }
}
