//! Boxes that are none: `【x】`, `[X ]`, `［x］`, `[√]`, `[x]甲` without a space, items without any.

use std::ops::Range;

use crate::bank::dialect::{
    sheet::{Note, Sheet},
    values,
};

/// Whether a box of whatever kind opens this text: keyed or not, and what follows.
pub(in crate::bank) fn parse(text: &str) -> Option<(bool, &str)> {
    let mut chars = text.chars();
    let open = chars.next()?;
    if !matches!(open, '[' | '［' | '【' | '〔' | '(' | '（') {
        return None;
    }
    let inside = chars.as_str();
    let close = inside
        .char_indices()
        .take(4)
        .find(|(_, c)| matches!(c, ']' | '］' | '】' | '〕' | ')' | '）'))?;
    let rest = inside[close.0 + close.1.len_utf8()..].trim();
    let mark = values::narrow(&inside[..close.0]);
    let keyed = match mark.trim() {
        "" => false,
        "x" | "X" | "×" | "√" | "✓" | "✔" | "v" | "V" | "对" => true,
        _ => return None,
    };
    (!rest.starts_with(['(', '['])).then_some((keyed, rest))
}

/// The item's first line without its bullet.
fn item_line<'a>(sheet: &Sheet<'a>, item: &Range<usize>) -> (Range<usize>, &'a str) {
    let line = sheet.line_range(item.start);
    let start = item.start.max(line.start);
    let text = sheet.text[start..line.end].trim_start_matches(['-', '*', '+', ' ', '\t']);
    let numbered = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = if numbered.len() < text.len() {
        numbered.strip_prefix(['.', ')']).unwrap_or(text)
    } else {
        text
    };
    (line, text.trim())
}

pub(in crate::bank) fn item_box<'a>(
    sheet: &Sheet<'a>,
    item: &Range<usize>,
) -> Option<(bool, &'a str)> {
    parse(item_line(sheet, item).1)
}

/// What to say of an item without a sound box, and whether it was meant as right.
pub(in crate::bank) fn unboxed(sheet: &Sheet<'_>, item: &Range<usize>) -> (Note, bool) {
    let (line, text) = item_line(sheet, item);
    if let Some((keyed, rest)) = parse(text) {
        let mark = if keyed { 'x' } else { ' ' };
        let note = Note::error(
            "mistyped-box",
            line,
            "选项前的方框写得不对",
            format!(
                "用半角方括号，正确的里面写 x，不正确的里面空一格，后面再空一格，写成：\n- [{mark}] {rest}"
            ),
        );
        (note, keyed)
    } else {
        let note = Note::error(
            "choice-without-box",
            line,
            "这个选项前面没有方框",
            format!("不正确的选项写成：\n- [ ] {text}\n正确的选项写成：\n- [x] {text}"),
        );
        (note, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_every_kind_are_seen_through() {
        for text in [
            "【x】甲",
            "[X ] 甲",
            "［ｘ］甲",
            "[x]甲",
            "[√] 甲",
            "（×）甲",
        ] {
            assert_eq!(parse(text), Some((true, "甲")), "{text}");
        }
        assert_eq!(parse("[ ]乙"), Some((false, "乙")));
        for text in ["（三）乙", "[甲](https://a.cn)", "甲", "", "["] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
