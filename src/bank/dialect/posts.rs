//! `posts.md`: a table of 岗位, 别名 and 组别.

use crate::bank::{
    dialect::{
        front_matter,
        sheet::{Note, Sheet},
        table::{self, Cell},
    },
    posts::{Post, Posts},
};

const EXAMPLE: &str =
    "| 岗位 | 别名 | 组别 |\n|---|---|---|\n| 村党组织书记 | 村支书、支书 | 村党组织书记组 |";

pub(in crate::bank) fn read(sheet: &Sheet<'_>, notes: &mut Vec<Note>) -> Posts {
    let mut posts = Posts::default();
    let from = if sheet.text.starts_with("---") {
        front_matter::read(sheet, &["标题"], notes).end
    } else {
        0
    };
    let Some((head, rows)) = table::read(sheet, from, EXAMPLE, notes) else {
        return posts;
    };
    let column = |name: &str| head.iter().position(|cell| cell.text == name);
    let (Some(name_at), Some(aliases_at), Some(division_at)) =
        (column("岗位"), column("别名"), column("组别"))
    else {
        let at = head
            .first()
            .map_or(0..0, |cell| sheet.line_range(cell.at.start));
        notes.push(Note::error(
            "posts-columns",
            at,
            "岗位表要有“岗位”“别名”“组别”三列",
            format!("表头写成：\n{EXAMPLE}"),
        ));
        return posts;
    };
    for row in &rows {
        let cell = |at: usize| row.get(at).filter(|cell| !cell.text.is_empty());
        let Some(name) = cell(name_at) else {
            let at = row
                .first()
                .map_or(0..0, |cell| sheet.line_range(cell.at.start));
            notes.push(Note::error(
                "empty-post",
                at,
                "这一行没有写岗位",
                "写上岗位，或者删去这一行",
            ));
            continue;
        };
        let Some(division) = cell(division_at) else {
            notes.push(Note::error(
                "no-division",
                name.at.clone(),
                format!("“{}”没有写组别", name.text),
                "在“组别”那一格写上和谁一起排名，例如：村干部组",
            ));
            continue;
        };
        let aliases = cell(aliases_at).map(aliases).unwrap_or_default();
        add(&mut posts, name, aliases, &division.text, notes);
    }
    posts
}

fn aliases(cell: &Cell) -> Vec<String> {
    cell.text
        .split(['、', '，', ',', ';', '；'])
        .map(|alias| alias.split_whitespace().collect::<String>())
        .filter(|alias| !alias.is_empty())
        .collect()
}

fn add(
    posts: &mut Posts,
    name: &Cell,
    aliases: Vec<String>,
    division: &str,
    notes: &mut Vec<Note>,
) {
    let plain: String = name.text.split_whitespace().collect();
    let taken = std::iter::once(&plain)
        .chain(&aliases)
        .find(|word| posts.find(word).is_some());
    if let Some(word) = taken {
        notes.push(Note::error(
            "doubled-post",
            name.at.clone(),
            format!("“{word}”在上面已经写过"),
            "同一个岗位或别名只写一次",
        ));
        return;
    }
    posts.posts.push(Post {
        name: plain,
        aliases,
        division: division.to_owned(),
    });
}
