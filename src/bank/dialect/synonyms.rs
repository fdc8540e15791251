//! `synonyms.md`: a table of 群众怎么说 and 政策上怎么说.

use std::collections::HashSet;

use crate::bank::{
    dialect::{
        front_matter,
        sheet::{Note, Sheet},
        table::{self, Cell},
    },
    synonyms::{Synonym, Synonyms},
};

const SAID: &str = "群众怎么说";
const OFFICIAL: &str = "政策上怎么说";
const EXAMPLE: &str =
    "| 群众怎么说 | 政策上怎么说 |\n|---|---|\n| 人走了、去世、过世 | 死亡、丧葬、殡葬 |";

/// Rows that cannot be used are noted and left out; the others stand.
pub(in crate::bank) fn read(sheet: &Sheet<'_>, notes: &mut Vec<Note>) -> Synonyms {
    let mut synonyms = Synonyms::default();
    let from = if sheet.text.starts_with("---") {
        front_matter::read(sheet, &["标题"], notes).end
    } else {
        0
    };
    let Some((head, rows)) = table::read(sheet, from, EXAMPLE, notes) else {
        return synonyms;
    };
    let column = |name: &str| head.iter().position(|cell| cell.text == name);
    let (Some(said_at), Some(official_at)) = (column(SAID), column(OFFICIAL)) else {
        let at = head
            .first()
            .map_or(0..0, |cell| sheet.line_range(cell.at.start));
        notes.push(Note::error(
            "synonym-columns",
            at,
            format!("说法表要有“{SAID}”“{OFFICIAL}”两列"),
            format!("表头写成：\n{EXAMPLE}"),
        ));
        return synonyms;
    };
    let mut taken = HashSet::new();
    for row in &rows {
        let words = |at: usize| row.get(at).map(words).unwrap_or_default();
        let (mut said, official) = (words(said_at), words(official_at));
        if said.is_empty() || official.is_empty() {
            let line = row
                .first()
                .map_or(0..0, |cell| sheet.line_range(cell.at.start));
            notes.push(Note::error(
                "empty-synonym",
                line,
                "这一行有一格是空的",
                "左边写群众的说法，右边写政策上的说法，几个说法之间用顿号；用不着就删去这一行",
            ));
            continue;
        }
        said.retain(|word| {
            let new = taken.insert(word.clone());
            if !new {
                notes.push(doubled(word, &row[said_at]));
            }
            new
        });
        if !said.is_empty() {
            synonyms.rows.push(Synonym { said, official });
        }
    }
    synonyms
}

fn doubled(word: &str, cell: &Cell) -> Note {
    Note::warning(
        "doubled-synonym",
        cell.at.clone(),
        format!("“{word}”在上面已经写过，以上面的为准"),
        "一个说法只写一次：要添的政策用语写到上面那一行的右边",
    )
}

fn words(cell: &Cell) -> Vec<String> {
    cell.text
        .split(['、', '，', ',', ';', '；'])
        .map(|word| word.split_whitespace().collect::<String>())
        .filter(|word| !word.is_empty())
        .collect()
}
