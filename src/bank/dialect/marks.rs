//! Marks that Markdown left as they are: `**` that does not close, `____` for a blank, a lone backtick.

use std::ops::Range;

use crate::bank::dialect::{Reader, sheet::Note};

/// Looks at a text event for marks that were meant to be more. One note per line is enough.
pub(in crate::bank) fn marks(
    reader: &mut Reader<'_>,
    text: &str,
    at: &Range<usize>,
    in_table: bool,
) {
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'*' | b'_' | b'`' | b'!'))
    {
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
        None
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
            "在两个反引号之间写答案，几种写法都算对就用 | 隔开，例如：`60|六十`",
        );
    }
    Note::error(
        "blank-not-closed",
        at.clone(),
        "反引号没有成对，这个空没有写完",
        "答案前后各写一个反引号 `（键盘左上角），在同一行里，例如：`60|六十`",
    )
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
        return Note::error(
            "bold-not-closed",
            from..from + run,
            "加粗请用 **，不用 __",
            "要加粗，写成 **词**；要挖空，把答案写在反引号里，例如：`60|六十`",
        );
    }
    let column = from - line.start;
    let cured = format!("{}`答案`{}", &text[..column], &text[column + run..]);
    Note::error(
        "underscore-blank",
        from..from + run,
        "下划线不是空：系统不知道答案",
        format!(
            "把答案写在两个反引号中间（几种写法用 | 隔开），例如：\n{}",
            cured.trim_end()
        ),
    )
}

fn stars(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_range(at.start);
    let text = reader.sheet.slice(&line);
    let cured = cure_bold(text);
    let help = if cured == text {
        "加粗写成 **词**：两边各两个 *，里面不留空格，在同一行里开始和结束".to_owned()
    } else {
        format!("把引号、括号放到 ** 外面，写成：\n{}", cured.trim_end())
    };
    Note::error(
        "bold-not-closed",
        at.start..at.start + 2,
        "这里的 ** 没有变成加粗：Markdown 不在标点和文字之间结束加粗",
        help,
    )
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
        "文件名不要有空格，写成：![说明](图片文件名.png)",
    )
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
