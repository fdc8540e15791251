//! HTML tags where Markdown is meant: each with what to write instead.

use std::ops::Range;

use crate::bank::dialect::{
    pictures,
    sheet::{Note, Sheet},
};

pub(in crate::bank) fn note(sheet: &Sheet<'_>, at: &Range<usize>) -> Note {
    let tag = sheet.slice(at).trim();
    let line = sheet.line_text(at.start).trim_end();
    let mended = stripped(line);
    let written = if mended.trim_matches(['*', ' ']).is_empty() {
        "这一行整行删去".to_owned()
    } else {
        format!("写成：\n{}", mended.trim_end())
    };
    let (message, help) = match name_of(tag).as_str() {
        "br" if line.starts_with('#') => (
            "题干里不能用 <br> 换行",
            format!("题干写在同一行，{written}"),
        ),
        "br" => (
            "这里不能用 <br> 换行",
            format!("写在同一行，{written}\n要另起一段，就在中间空一行"),
        ),
        "img" => (
            "图片不能用 <img> 标签",
            pictures::how_to_place(sheet.file, "说明", attribute(tag, "src").unwrap_or("")),
        ),
        "table" | "tr" | "td" | "th" | "tbody" | "thead" => (
            "表格不能用 HTML 标签",
            "删去尖括号里的字，表格用竖线画，上下各空一行，例如：\n| 项目 | 标准 |\n|---|---|\n| 每月 | 80 元 |"
                .to_owned(),
        ),
        _ if tag.starts_with("<!--") => (
            "题库里不能写 <!-- --> 批注",
            "删去 <!-- 到 --> 之间的内容和这两个记号".to_owned(),
        ),
        _ => (
            "题库里不能写 HTML 标签（尖括号 < > 里的字）",
            format!("删去标签，{written}\n要写小于号，用全角“＜”或者“小于”"),
        ),
    };
    Note::error("raw-html", at.clone(), message, help)
}

/// `br` of `<br/>`, `</BR>`.
fn name_of(tag: &str) -> String {
    tag.trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The value of an attribute, whatever its quotes.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => rest[1..].split(quote).next(),
        None => rest.split([' ', '>', '/']).next(),
    }
}

/// The line without its tags; bold ones become `**`.
fn stripped(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find('<') {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        let name = name_of(rest);
        let close = rest.find('>').filter(|_| !name.is_empty());
        let Some(close) = close else {
            plain.push('<');
            rest = &rest[1..];
            continue;
        };
        if matches!(name.as_str(), "b" | "strong") {
            plain.push_str("**");
        }
        rest = &rest[close + 1..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_their_tags_and_keep_their_words() {
        for (line, plain) in [
            ("## 看图<br>哪一项？", "## 看图哪一项？"),
            ("<b>农户</b>申请", "**农户**申请"),
            ("a < 5 且 b > 3", "a < 5 且 b > 3"),
            ("<未完", "<未完"),
        ] {
            assert_eq!(stripped(line), plain);
        }
        assert_eq!(attribute("<img src='a b.png'>", "src"), Some("a b.png"));
        assert_eq!(attribute("<img src=a.png>", "src"), Some("a.png"));
    }
}
