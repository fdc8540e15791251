//! Marks that Markdown left as they are: `**` that does not close, `____` for a blank, a lone backtick.

use std::ops::Range;

use crate::bank::dialect::{
    Reader, mended, pictures,
    sheet::{Note, Sheet},
    values,
};

/// Looks at a text event for marks that were meant to be more. One note per line is enough.
pub(in crate::bank) fn marks(
    reader: &mut Reader<'_>,
    text: &str,
    at: &Range<usize>,
    in_table: bool,
) {
    // Without a way out of the loop it takes many bytes at a time.
    let is_mark = |any, byte| any | matches!(byte, b'*' | b'_' | b'`' | b'!' | b'{' | b'#');
    if !text.bytes().fold(false, is_mark) {
        return;
    }
    let source = reader.sheet.text;
    let escaped = source[..at.start].ends_with('\\');
    let here = &source[at.start..];
    let note = if text.starts_with('`') && !escaped {
        Some(backtick(reader, at, in_table))
    } else if text.contains("__") || text.starts_with('_') && here.starts_with("__") {
        Some(underscores(reader, at))
    } else if text.starts_with('*') && here.starts_with("**") && !escaped {
        Some(stars(reader, at))
    } else if text == "![" && !escaped {
        Some(picture(reader, at))
    } else {
        attributes_in_body(reader, text, at)
    };
    if let Some(note) = note {
        let line = reader.sheet.line_range(at.start);
        let told = reader
            .notes
            .iter()
            .rev()
            .take(8)
            .any(|other| other.code == note.code && line.contains(&other.at.start));
        if !told {
            reader.notes.push(note);
        }
    }
}

fn backtick(reader: &Reader<'_>, at: &Range<usize>, in_table: bool) -> Note {
    let line = reader.sheet.line_range(at.start);
    if in_table {
        return Note::error(
            "blank-in-table",
            at.clone(),
            "表格里不能挖空（| 会把格子切开）",
            "把要填的内容移到题干的句子里，例如：## 补助标准为每人每月 `80` 元。",
        );
    }
    let empty = reader.sheet.text[at.start..line.end].starts_with("``");
    if empty {
        return Note::error(
            "empty-blank",
            at.start..at.start + 2,
            "这个空里没有写答案",
            with_answer(reader.sheet, at.start..at.start + 2),
        );
    }
    let mended = close_blank(reader.sheet, at)
        .map(|line| format!("，写成：\n{line}"))
        .unwrap_or_default();
    Note::error(
        "blank-not-closed",
        at.clone(),
        "反引号没有成对，这个空没有写完",
        format!(
            "答案的前面和后面各要一个反引号 `（英文输入法下，键盘左上角 Esc 下面那个键），在同一行里{mended}"
        ),
    )
}

/// What to say where only the trainer knows the answer: the own line with a placeholder that is refused.
pub(in crate::bank) fn with_answer(sheet: &Sheet<'_>, at: Range<usize>) -> String {
    let code = format!("`{}`", mended::ANSWER);
    format!(
        "把答案写在两个反引号 ` 中间（英文输入法下，键盘左上角 Esc 下面那个键），几种写法都算对就用 | 隔开。\n\
         写成这样，但不要照抄“{}”两个字，换成真正的答案：\n{}",
        mended::ANSWER,
        mended::replaced(sheet, &at, &code)
    )
}

/// The line with the second backtick where the answer probably ends, or begins.
fn close_blank(sheet: &Sheet<'_>, at: &Range<usize>) -> Option<String> {
    let line = sheet.line_range(at.start);
    let (before, behind) = (
        &sheet.text[line.start..at.start],
        &sheet.text[at.start + 1..line.end],
    );
    let ends = |c: char| !c.is_alphanumeric() && !matches!(c, '|' | '.' | '%' | '％');
    let length = |text: &str| text.find(ends).unwrap_or(text.len());
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let answer = match (digits(behind), length(behind)) {
        (0, whole) => whole,
        (number, _) => number,
    };
    if answer > 0 {
        let end = at.start + 1 + answer;
        return Some(mended::replaced(sheet, &(end..end), "`"));
    }
    let start = before.rfind(ends).map_or(0, |found| {
        found + before[found..].chars().next().map_or(0, char::len_utf8)
    });
    let number = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let start = line.start + if number < before.len() { number } else { start };
    (start < at.start).then(|| mended::replaced(sheet, &(start..start), "`"))
}

/// `{#a-1 难度=2}` anywhere but at a heading's end.
fn attributes_in_body(reader: &Reader<'_>, text: &str, at: &Range<usize>) -> Option<Note> {
    let sheet = reader.sheet;
    let line = sheet.line_range(at.start);
    let open = text.find("{#")?;
    if sheet.slice(&line).starts_with(['#', '＃']) {
        return None;
    }
    let words = &text[open..=open + text[open..].find('}')?];
    let heading = mended::heading_above(sheet, at.start).unwrap_or("## 题干");
    let help = if heading.contains('{') {
        "从这里删去".to_owned()
    } else {
        let inside = words.replace(['\n', '\r'], " ");
        format!(
            "从这里删去，题干那一行写成：\n{} {}",
            heading.trim_end(),
            values::narrow(&inside)
        )
    };
    Some(Note::error(
        "attributes-in-body",
        at.start..at.start.saturating_add(text.len()).min(line.end),
        "花括号只能写在题干那一行（## 开头）的最后",
        help,
    ))
}

fn underscores(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let from = reader.sheet.text[at.start..]
        .find("__")
        .map_or(at.start, |found| at.start + found);
    let line = reader.sheet.line_range(from);
    let text = reader.sheet.slice(&line);
    let run = reader.sheet.text[from..line.end]
        .bytes()
        .take_while(|byte| *byte == b'_')
        .count();
    if run == 2 {
        let starred = text.trim_end().replace("__", "**");
        return Note::error(
            "bold-not-closed",
            from..from + run,
            "加粗请用 **，不用 __",
            format!("要加粗，写成：\n{starred}\n要挖空，就把 __ 换成写在两个反引号 ` 中间的答案"),
        );
    }
    Note::error(
        "underscore-blank",
        from..from + run,
        "下划线不是空：系统不知道答案",
        with_answer(reader.sheet, from..from + run),
    )
}

fn stars(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_range(at.start);
    let text = reader.sheet.slice(&line);
    let cured = cure_bold(text);
    let (message, help) = if cured == text {
        (
            "这里的 ** 没有成对，成不了加粗",
            "要加粗的词前面和后面各写两个 *，紧挨着词，在同一行里；不要加粗，就删去 **".to_owned(),
        )
    } else {
        (
            "这里的 ** 没有变成加粗：** 紧挨引号、括号、空格时不起作用",
            format!("把引号、括号放到 ** 外面，写成：\n{}", cured.trim_end()),
        )
    };
    Note::error("bold-not-closed", at.start..at.start + 2, message, help)
}

/// Moves the marks at the edges of every `**…**` outside, and spaces away.
fn cure_bold(line: &str) -> String {
    let parts: Vec<&str> = line.split("**").collect();
    if parts.len().is_multiple_of(2) {
        return line.to_owned();
    }
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '%' | '％');
    let mut cured = String::with_capacity(line.len());
    for (index, part) in parts.iter().enumerate() {
        let core = part.trim_matches(is_mark);
        if index % 2 == 0 || core.is_empty() {
            cured.push_str(part);
            continue;
        }
        let start = part.find(core).unwrap_or(0);
        cured.push_str(part[..start].trim());
        cured.push_str("**");
        cured.push_str(core);
        cured.push_str("**");
        cured.push_str(part[start + core.len()..].trim());
    }
    cured
}

fn picture(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_range(at.start);
    Note::error(
        "picture-syntax",
        at.start..line.end,
        "图片的写法不完整，或者文件名里有空格",
        picture_help(reader.sheet, &(at.start..line.end)),
    )
}

/// `![流程 图](流程 图.png)`: the file must be renamed too.
fn picture_help(sheet: &Sheet<'_>, at: &Range<usize>) -> String {
    let parts = sheet
        .slice(at)
        .strip_prefix("![")
        .and_then(|rest| rest.split_once(']'))
        .and_then(|(alt, rest)| {
            let address = rest.trim_start().strip_prefix(['(', '（'])?;
            Some((alt, address.split([')', '）']).next()?))
        });
    let (alt, address) = parts.unwrap_or(("说明", ""));
    pictures::how_to_place(sheet.file, alt, address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_is_cured_by_moving_marks_outside() {
        assert_eq!(cure_bold("**“枫桥经验”**的"), "“**枫桥经验**”的");
        assert_eq!(cure_bold("说 ** 三到位 ** 的"), "说 **三到位** 的");
        assert_eq!(cure_bold("没有 ** 成对"), "没有 ** 成对");
    }
}
