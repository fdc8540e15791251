//! 判断: a task list of exactly 正确 and 错误.

use crate::bank::{
    dialect::{
        Reader,
        choices::ReadChoice,
        sections::{self, Events},
        sheet::Note,
    },
    question::Body,
};

const TRUTHS: [&str; 6] = ["正确", "对", "√", "✓", "是", "T"];
const FALSEHOODS: [&str; 8] = ["错误", "错", "×", "✗", "不对", "否", "F", "不正确"];

/// Two choices that say true and false, in whatever words.
pub(in crate::bank) fn is_one(read: &[ReadChoice]) -> bool {
    let says = |words: &[&str]| {
        read.iter()
            .filter(|read| words.contains(&read.choice.text.trim()))
            .count()
    };
    read.len() == 2 && says(&TRUTHS) == 1 && says(&FALSEHOODS) == 1
}

pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    list: Events<'_, '_>,
    read: &[ReadChoice],
) -> Option<Body> {
    let at = reader.sheet.line_range(sections::range(list).start);
    let mark = reader.notes.len();
    for choice in read {
        let text = choice.choice.text.trim();
        if !["正确", "错误"].contains(&text) {
            let word = if TRUTHS.contains(&text) {
                "正确"
            } else {
                "错误"
            };
            let mark = if choice.keyed { "x" } else { " " };
            reader.notes.push(Note::error(
                "judgement-words",
                choice.at.clone(),
                "判断题的两个选项只写“正确”和“错误”",
                format!("写成：\n- [{mark}] {word}"),
            ));
        }
    }
    let keyed: Vec<&ReadChoice> = read.iter().filter(|choice| choice.keyed).collect();
    match keyed.as_slice() {
        [] => reader.notes.push(Note::error(
            "no-key",
            at,
            "这道题没有标出正确答案",
            "说法对，写成：\n- [x] 正确\n- [ ] 错误\n说法不对，就把 [x] 放在“错误”前面",
        )),
        [_, _] => reader.notes.push(Note::error(
            "all-keyed",
            at,
            "“正确”和“错误”都打了 [x]",
            "只留一个 [x]，另一个写成 [ ]",
        )),
        _ => {}
    }
    if reader.failed_since(mark) {
        return None;
    }
    let truth = keyed
        .iter()
        .any(|choice| choice.choice.text.trim() == "正确");
    Some(Body::Judgement { truth })
}
