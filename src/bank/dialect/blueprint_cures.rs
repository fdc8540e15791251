//! What to write instead where a blueprint's table names what there is not.

use crate::bank::{
    blueprint::Column,
    dialect::{
        blueprint::{self, Known},
        mended,
        sheet::Sheet,
        table::Cell,
        values,
    },
    points::Points,
};

/// What people call the kinds.
const KINDS: [(&str, &[&str]); 6] = [
    ("单选", &["选择", "单项选择", "单项", "单选择"]),
    ("多选", &["多项选择", "多项", "不定项", "不定项选择"]),
    ("判断", &["是非", "对错", "判断对错"]),
    ("填空", &["填充", "挖空"]),
    (
        "口答",
        &["问答", "简答", "论述", "名词解释", "口述", "抽问"],
    ),
    ("材料", &["案例", "案例分析", "材料分析", "阅读"]),
];

fn kind(text: &str) -> Option<&'static str> {
    let bare = text.strip_suffix('题').unwrap_or(text);
    KINDS
        .iter()
        .find(|(_, names)| names.contains(&bare))
        .map(|(kind, _)| *kind)
}

/// The head with kinds that there are.
pub(in crate::bank) fn kinds(sheet: &Sheet<'_>, head: &[Cell]) -> String {
    let names: Vec<&str> = head
        .iter()
        .enumerate()
        .map(|(index, cell)| match index {
            0 => "专题",
            _ if blueprint::asks(&cell.text).is_some() => &cell.text,
            _ => kind(&cell.text).unwrap_or(&cell.text),
        })
        .collect();
    let all = "题型只有：单选、多选、判断、填空、口答、材料";
    let line = head
        .first()
        .map_or("", |cell| sheet.line_text(cell.at.start));
    let sound = names[1..]
        .iter()
        .all(|name| blueprint::asks(name).is_some());
    let asked: Vec<_> = names[1..]
        .iter()
        .map(|name| blueprint::asks(name))
        .collect();
    let doubled = (1..asked.len()).any(|at| asked[..at].contains(&asked[at]));
    if sound && !doubled && line.contains('|') {
        format!("表头写成：\n| {} |\n{all}", names.join(" | "))
    } else {
        format!("表头第一格写“专题”，后面写题型。{all}；不要的一列整列删去")
    }
}

/// What to do with a row whose topic the bank has not.
pub(in crate::bank) fn topic(
    sheet: &Sheet<'_>,
    cell: &Cell,
    known: &Known,
    rows: &[Vec<Cell>],
) -> String {
    if known.topics.is_empty() {
        return "题库里还没有题，先把题目文件放进这个文件夹再检查；这一行先不要改".to_owned();
    }
    let has_row = |name: &str| {
        rows.iter()
            .any(|row| row.first().is_some_and(|first| first.text == name))
    };
    let topics: Vec<&str> = known.topics.iter().map(String::as_str).collect();
    let free = topics.iter().copied().filter(|topic| !has_row(topic));
    let guess = values::nearest(&cell.text, free).filter(|_| !cell.text.is_empty());
    if let Some(guess) = guess {
        let line = mended::replaced(sheet, &cell.at, guess);
        return format!("是不是“{guess}”？是就写成：\n{line}");
    }
    let other = if has_row("其他") || has_row("其它") {
        "删去这一行，题数加到已有的“其他”那一行里"
    } else {
        "把第一格改成“其他”（一张表只能有一行“其他”，几个专题的题数要加在一起）"
    };
    format!(
        "题库里的专题有：{}。换成其中一个；或者{other}；或者先写这个专题的题目文件",
        topics.join("、")
    )
}

/// Everything the table asks for, also from topics that there are not.
pub(in crate::bank) fn total(columns: &[Column], rows: &[Vec<Cell>]) -> Points {
    let of_row = |row: &Vec<Cell>| {
        let cells = row.iter().skip(1).zip(columns);
        cells
            .filter_map(|(cell, column)| {
                let count: u32 = values::narrow(&cell.text).parse().ok()?;
                (count <= blueprint::MOST).then(|| column.points * count)
            })
            .sum::<Points>()
    };
    rows.iter()
        .filter(|row| {
            row.first()
                .is_some_and(|first| !["每题分值", "评分"].contains(&first.text.as_str()))
        })
        .map(of_row)
        .sum()
}
