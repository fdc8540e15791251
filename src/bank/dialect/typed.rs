//! What people really type instead of the dialect, each with its cure in the message.

use std::ops::Range;

use pulldown_cmark::Event;

use crate::bank::dialect::{
    Reader, attributes as read_attributes, mended, options,
    sections::{self, Events},
    sheet::{Note, Sheet},
    values,
};

/// Whether a line was meant to be a heading: `##题干`, `＃＃ 题干`.
pub(in crate::bank) fn is_heading(line: &str) -> bool {
    line.starts_with("##") || line.starts_with("＃＃")
}

pub(in crate::bank) fn heading(reader: &mut Reader<'_>, at: usize) {
    let line = reader.sheet.line_range(at);
    let text = reader.sheet.slice(&line);
    let hashes = text.chars().take_while(|c| matches!(c, '#' | '＃')).count();
    let words = text.trim_start_matches(['#', '＃', ' ', '　']);
    reader.notes.push(Note::error(
        "heading-without-space",
        line,
        "题干的 # 写得不对：要用半角 #，后面空一格",
        format!(
            "写成：\n{} {}",
            "#".repeat(hashes.clamp(2, 3)),
            narrow_braces(words)
        ),
    ));
}

/// `｛＃a－1 难度＝1｝` with the marks that Markdown knows; words before it stay as they are.
fn narrow_braces(words: &str) -> String {
    let Some(open) = words.rfind(['{', '｛']) else {
        return words.trim_end().to_owned();
    };
    let inside: String = words[open..]
        .trim_end()
        .chars()
        .map(values::narrow_char)
        .collect();
    format!("{}{inside}", &words[..open])
}

/// Braces at a heading that Markdown did not take for attributes.
pub(in crate::bank) fn attributes(reader: &mut Reader<'_>, heading: Events<'_, '_>) {
    if read_attributes::braces(reader, heading).is_some() {
        return;
    }
    let line = reader.sheet.line_range(sections::range(heading).start);
    let text = reader.sheet.slice(&line);
    let Some(open) = text.rfind(['{', '｛']) else {
        return;
    };
    let (stem, rest) = (text[..open].trim_end(), &text[open..]);
    let close = rest.find(['}', '｝']);
    let inside = &rest[..close.unwrap_or(rest.len())];
    let inside = inside.trim_start_matches(['{', '｛']).replace('＃', "#");
    let behind = close.map_or("", |at| rest[at..].trim_start_matches(['}', '｝']).trim());
    let message = if close.is_none() {
        "花括号没有写完"
    } else if !behind.is_empty() {
        "花括号后面不能再有字"
    } else if rest.contains(['｛', '｝', '＃']) {
        "花括号和 # 要用半角"
    } else {
        "花括号里的内容认不出来"
    };
    let inside = inside.trim();
    let inside = if inside.is_empty() {
        "#xczx-001 难度=2"
    } else {
        inside
    };
    let example = format!("{stem}{behind} {{{inside}}}");
    reader.notes.push(Note::error(
        "attributes-unread",
        line.start + open..line.end,
        message,
        format!("写在标题行的最后，例如：\n{example}"),
    ));
}

/// `答案：B` and the like; noted where it is one.
pub(in crate::bank) fn answer_line(reader: &mut Reader<'_>, at: &Range<usize>) -> bool {
    let line = reader.sheet.line_range(at.start);
    let text = reader.sheet.slice(&line).trim();
    if let Some(answer) = options::answer_of(text) {
        reader.notes.push(Note::error(
            "answer-line",
            line,
            "答案不单独写一行",
            answer_help(reader.sheet, at.start, answer),
        ));
        return true;
    }
    if let Some(words) = options::rationale_of(text) {
        reader.notes.push(Note::error(
            "rationale-line",
            line,
            "解析要写成引用",
            format!("每行以 > 开头，写成：\n> {words}"),
        ));
        return true;
    }
    false
}

/// The options above with the boxes that `B` or `A、C` means; else in general which to fill.
fn answer_help(sheet: &Sheet<'_>, at: usize, answer: &str) -> String {
    let letters: Vec<usize> = values::narrow(answer)
        .chars()
        .filter(|c| ('A'..='J').contains(c))
        .map(|c| c as usize - 'A' as usize)
        .collect();
    let above = options::above(sheet, at);
    if letters.is_empty() || letters.iter().any(|letter| *letter >= above.len()) {
        return "删去这一行，把正确的选项前面的方框写成 [x]，其余写成 [ ]".to_owned();
    }
    let rewritten: Vec<String> = above
        .iter()
        .enumerate()
        .map(|(index, words)| {
            let mark = if letters.contains(&index) { 'x' } else { ' ' };
            format!("- [{mark}] {words}")
        })
        .collect();
    let all = (0..above.len()).all(|index| letters.contains(&index));
    let heading = all
        .then(|| mended::headed(mended::heading_above(sheet, at)?, Some(".多选")))
        .flatten()
        .map_or(String::new(), |heading| format!("{heading}\n\n"));
    let from = if heading.is_empty() {
        "选项"
    } else {
        "题干和选项"
    };
    format!(
        "删去这一行，{from}写成：\n{heading}{}",
        rewritten.join("\n")
    )
}

/// Lines that Markdown joined to an item but that were meant to stand alone; true if one was noted.
pub(in crate::bank) fn lines_in_item(reader: &mut Reader<'_>, content: Events<'_, '_>) -> bool {
    let mut noted = false;
    for (event, at) in content {
        if !matches!(event, Event::SoftBreak) {
            continue;
        }
        let line = reader.sheet.line_range(at.end);
        let text = reader.sheet.slice(&line).trim();
        if is_heading(text) {
            heading(reader, line.start);
            noted = true;
        } else if let Some(option) = options::option_of(text) {
            reader.notes.push(options::mistyped(line, text, &option));
            noted = true;
        } else {
            noted |= answer_line(reader, &line);
        }
    }
    noted
}
