//! 填空: inline code in the stem is a blank and its accepted texts, parted by `|`.

use std::ops::Range;

use crate::bank::{
    dialect::{
        Reader,
        attributes::{Attributes, Class},
        marks, mended,
        sheet::Note,
    },
    question::{Blanks, Body},
};

pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    marks: &[(String, Range<usize>)],
    attributes: &Attributes,
) -> Option<Body> {
    let mark = reader.notes.len();
    let mut accepted = Vec::with_capacity(marks.len());
    for (inside, at) in marks {
        let texts: Vec<String> = inside
            .split(['|', '｜'])
            .map(|text| text.trim().to_owned())
            .collect();
        if texts.iter().any(String::is_empty) {
            reader.notes.push(empty_blank(reader, inside, at));
        }
        let placeholder = texts.iter().find_map(|text| mended::placeholder(text, at));
        reader.notes.extend(placeholder);
        accepted.push(texts);
    }
    let any_order = attributes.class(Class::AnyOrder);
    if let (Some(at), 1) = (any_order, accepted.len()) {
        reader.notes.push(Note::error(
            "class-misplaced",
            at.clone(),
            "只有一个空，谈不上任意顺序",
            "删去 .任意顺序",
        ));
    }
    if reader.failed_since(mark) {
        return None;
    }
    Some(Body::Blanks(Blanks {
        accepted,
        any_order: any_order.is_some(),
    }))
}

fn empty_blank(reader: &Reader<'_>, inside: &str, at: &Range<usize>) -> Note {
    let sound: Vec<&str> = inside
        .split(['|', '｜'])
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect();
    let (message, help) = if sound.is_empty() {
        (
            "这个空里没有写答案",
            marks::with_answer(reader.sheet, at.clone()),
        )
    } else {
        let code = format!("`{}`", sound.join("|"));
        let line = mended::replaced(reader.sheet, at, &code);
        (
            "这个空里有一个答案是空的",
            format!("| 用来隔开几种都算对的写法，多余的删去，写成：\n{line}"),
        )
    };
    Note::error("empty-blank", at.clone(), message, help)
}
