//! 计分抽问 as tables for Excel: people, units, and the ledger as it was written.

use std::collections::HashMap;

use crate::{
    contest::{
        board::Board,
        round::Entrant,
        spot_check::event::{Entry, Event},
        units::UnitStanding,
    },
    exchange::board_table::{Cell, Table},
};

/// 个人: every division after the other, who has no points at the end of each.
pub fn people(event: &Event, board: &Board, entrants: &[Entrant]) -> Table {
    let posts: HashMap<&str, &str> = entrants
        .iter()
        .map(|entrant| (entrant.person_id.as_str(), entrant.post.as_str()))
        .collect();
    let absent = match event.closed_at_ms {
        Some(_) => "缺考",
        None => "还没有计入",
    };
    let rows = board.people.iter().flat_map(|(division, standings)| {
        let posts = &posts;
        standings.iter().map(move |standing| {
            let row = &standing.row;
            let post = posts.get(row.person.as_str()).copied().unwrap_or_default();
            vec![
                Cell::Text(division.clone()),
                standing.rank.map_or(Cell::Empty, Cell::Number),
                Cell::Text(row.name.clone()),
                Cell::Text(row.unit.clone()),
                Cell::Text(post.to_owned()),
                row.points.map_or(Cell::Text(absent.into()), Cell::Points),
                Cell::Points(row.total),
                row.points
                    .map_or(Cell::Empty, |_| Cell::Text(standing.why.clone())),
            ]
        })
    });
    Table {
        name: "个人",
        headings: vec![
            "组别", "名次", "姓名", "单位", "岗位", "得分", "满分", "说明",
        ],
        rows: rows.collect(),
    }
}

/// 单位, the unranked ones last.
pub fn units(board: &Board) -> Table {
    let row = |standing: &UnitStanding| {
        vec![
            standing.rank.map_or(Cell::Empty, Cell::Number),
            Cell::Text(standing.unit.clone()),
            Cell::Text(standing.shown.clone()),
            Cell::Number(standing.sat),
            Cell::Number(standing.entrants),
            Cell::Text(standing.why.clone()),
        ]
    };
    Table {
        name: "单位",
        headings: vec!["名次", "单位", "成绩", "已抽", "应抽", "说明"],
        rows: board.units.iter().map(row).collect(),
    }
}

/// An entry as it is written down: when, in words, and by whom.
#[derive(Debug)]
pub struct Line<'a> {
    pub entry: &'a Entry,
    /// `2026-02-18 10:30:00`.
    pub at: String,
    pub by: &'a str,
}

/// 计分台账 in the order it was written, reversals too.
pub fn entries(entrants: &[Entrant], lines: &[Line<'_>]) -> Table {
    let examined: HashMap<&str, &Entrant> = entrants
        .iter()
        .map(|entrant| (entrant.person_id.as_str(), entrant))
        .collect();
    let row = |line: &Line<'_>| {
        let entrant = examined.get(line.entry.person_id.as_str());
        let of = |field: fn(&Entrant) -> &String| {
            Cell::Text(entrant.map_or_else(String::new, |entrant| field(entrant).clone()))
        };
        let word = match line.entry.reverses {
            Some(_) => "撤销",
            None => "计入",
        };
        vec![
            Cell::Text(line.at.clone()),
            of(|entrant| &entrant.name),
            of(|entrant| &entrant.unit_name),
            of(|entrant| &entrant.division),
            Cell::Text(word.into()),
            Cell::Points(line.entry.points),
            Cell::Text(line.by.to_owned()),
            Cell::Text(line.entry.reason.clone()),
        ]
    };
    Table {
        name: "计分台账",
        headings: vec![
            "时间",
            "姓名",
            "单位",
            "组别",
            "计入或撤销",
            "分",
            "谁记的",
            "原因",
        ],
        rows: lines.iter().map(row).collect(),
    }
}
