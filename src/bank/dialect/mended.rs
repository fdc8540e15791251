//! The trainer's own line as it should be: what helps best is what can be copied.

use std::ops::Range;

use crate::bank::dialect::{
    ids::FREE_ID,
    sheet::{Note, Sheet},
};

/// Words that helps print where only the trainer knows what belongs there.
pub(in crate::bank) const ANSWER: &str = "答案";
pub(in crate::bank) const ELEMENT: &str = "要说的话";
const PLACEHOLDERS: [&str; 8] = [
    ANSWER,
    ELEMENT,
    "正确答案",
    "第一个要点",
    "第二个要点",
    "正确的那一项",
    "不正确的那一项",
    "选项内容",
];

/// A help's placeholder, copied as it stood.
pub(in crate::bank) fn placeholder(text: &str, at: &Range<usize>) -> Option<Note> {
    PLACEHOLDERS.contains(&text.trim()).then(|| {
        Note::error(
            "placeholder-answer",
            at.clone(),
            format!("“{}”是提示里的样子，不是真正的内容", text.trim()),
            "不要照抄提示：把这几个字换成这道题真正的内容",
        )
    })
}

/// The line with these bytes of it replaced.
pub(in crate::bank) fn replaced(sheet: &Sheet<'_>, at: &Range<usize>, new: &str) -> String {
    let (before, behind) = around(sheet, at);
    format!("{before}{new}{}", behind.trim_end())
}

/// The line without this word of its braces.
pub(in crate::bank) fn without(sheet: &Sheet<'_>, at: &Range<usize>) -> String {
    let (before, behind) = around(sheet, at);
    let (before, behind) = (before.trim_end(), behind.trim());
    if let (Some(stem), Some(rest)) = (before.strip_suffix('{'), behind.strip_prefix('}')) {
        return format!("{}{rest}", stem.trim_end());
    }
    let gap = if before.ends_with('{') || behind.starts_with('}') {
        ""
    } else {
        " "
    };
    format!("{before}{gap}{behind}")
}

fn around<'a>(sheet: &Sheet<'a>, at: &Range<usize>) -> (&'a str, &'a str) {
    let line = sheet.line_range(at.start);
    let start = at.start.clamp(line.start, line.end);
    let end = at.end.clamp(start, line.end);
    (&sheet.text[line.start..start], &sheet.text[end..line.end])
}

/// The heading with an id, a free one where it has none, and with this class; None where its braces are not sound.
pub(in crate::bank) fn headed(heading: &str, class: Option<&str>) -> Option<String> {
    let heading = heading.trim_end();
    let class = class.filter(|class| !heading.contains(class));
    let Some(open) = heading.rfind(['{', '｛']) else {
        let class = class.map(|class| format!("{class} ")).unwrap_or_default();
        return Some(format!("{heading} {{#{FREE_ID} {class}难度=2}}"));
    };
    let inside = heading[open..].strip_prefix('{')?.strip_suffix('}')?;
    let mut words: Vec<String> = inside.split_whitespace().map(str::to_owned).collect();
    let id_at = words.iter().position(|word| word.starts_with('#'));
    let id_at = id_at.unwrap_or_else(|| {
        words.insert(0, format!("#{FREE_ID}"));
        0
    });
    if let Some(class) = class {
        words.insert(id_at + 1, class.to_owned());
    }
    let stem = heading[..open].trim_end();
    Some(format!("{stem} {{{}}}", words.join(" ")))
}

/// The heading of the question that stands here.
pub(in crate::bank) fn heading_above<'a>(sheet: &Sheet<'a>, offset: usize) -> Option<&'a str> {
    let start = sheet.line_range(offset).start;
    let mut above = sheet.text[..start].lines().rev();
    above.find(|line| line.starts_with("##"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_gets_what_it_lacks_and_keeps_what_it_has() {
        for (heading, mended) in [
            ("## 甲", Some(format!("## 甲 {{#{FREE_ID} .多选 难度=2}}"))),
            (
                "## 甲 {#a-1 难度=1}",
                Some("## 甲 {#a-1 .多选 难度=1}".into()),
            ),
            (
                "## 甲 {难度=1}",
                Some(format!("## 甲 {{#{FREE_ID} .多选 难度=1}}")),
            ),
            ("## 甲 {#a-1 .多选}", Some("## 甲 {#a-1 .多选}".into())),
            ("## 甲 ｛#a-1｝", None),
            ("## 甲 {#a-1", None),
        ] {
            assert_eq!(headed(heading, Some(".多选")), mended, "{heading}");
        }
    }

    #[test]
    fn a_word_of_the_braces_goes_with_its_space() {
        for (line, word, mended) in [
            ("## 甲 {#a-1 .单选 难度=1}", ".单选", "## 甲 {#a-1 难度=1}"),
            ("## 甲 {#a-1 .单选}", ".单选", "## 甲 {#a-1}"),
            ("## 甲 {.单选}", ".单选", "## 甲"),
        ] {
            let sheet = Sheet::new("a.md", line);
            let at = line.find(word).expect("is there");
            assert_eq!(without(&sheet, &(at..at + word.len())), mended);
        }
    }
}
