//! The lines between the two `---` at a file's head: `键: 值` or `键: [甲, 乙]`, each with its place.

use std::ops::Range;

use crate::bank::dialect::sheet::{Note, Sheet};

/// What stands at a file's head.
#[derive(Debug, Default)]
pub(in crate::bank) struct FrontMatter<'a> {
    pub(in crate::bank) entries: Vec<Entry<'a>>,
    /// Where the Markdown begins.
    pub(in crate::bank) end: usize,
}

#[derive(Debug)]
pub(in crate::bank) struct Entry<'a> {
    pub(in crate::bank) key: &'a str,
    pub(in crate::bank) key_at: Range<usize>,
    pub(in crate::bank) value: &'a str,
    pub(in crate::bank) value_at: Range<usize>,
}

/// One of a list's words with its place.
pub(in crate::bank) type Word<'a> = (&'a str, Range<usize>);

impl<'a> FrontMatter<'a> {
    pub(in crate::bank) fn get(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// Reads the head; `known` are the keys that may stand there.
pub(in crate::bank) fn read<'a>(
    sheet: &Sheet<'a>,
    known: &[&str],
    notes: &mut Vec<Note>,
) -> FrontMatter<'a> {
    let text = sheet.text;
    let mut front = FrontMatter::default();
    let open = sheet.line_range(0);
    if !is_fence(&text[open.clone()]) {
        notes.push(Note::error(
            "no-front-matter",
            open,
            "文件开头没有写专题、来源这些基本信息",
            head_help(known),
        ));
        return front;
    }
    let mut at = sheet.next_line(0);
    while at < text.len() {
        let line = sheet.line_range(at);
        if is_fence(&text[line.clone()]) {
            front.end = sheet.next_line(at);
            return front;
        }
        if text[line.clone()].starts_with(['#', '-', '>', '|']) {
            break;
        }
        read_entry(text, line.clone(), known, &mut front, notes);
        at = sheet.next_line(at);
    }
    notes.push(Note::error(
        "front-matter-not-closed",
        open,
        "开头的 `---` 没有结束",
        "在基本信息的最后一行下面单独写一行 `---`，再写题目",
    ));
    front.end = at;
    front
}

/// Where the Markdown begins, whatever the head says.
pub(in crate::bank) fn end_of(sheet: &Sheet<'_>) -> usize {
    read(sheet, &[], &mut Vec::new()).end
}

fn read_entry<'a>(
    text: &'a str,
    line: Range<usize>,
    known: &[&str],
    front: &mut FrontMatter<'a>,
    notes: &mut Vec<Note>,
) {
    let content = &text[line.clone()];
    if content.trim().is_empty() {
        return;
    }
    let Some((mark, colon)) = content
        .char_indices()
        .find(|(_, c)| matches!(c, ':' | '：'))
    else {
        no_colon(text, line, known, front, notes);
        return;
    };
    let (key, key_at) = trimmed(text, line.start..line.start + mark);
    let (value, value_at) = trimmed(text, line.start + mark + colon.len_utf8()..line.end);
    if !known.contains(&key) {
        notes.push(Note::error(
            "unknown-key",
            key_at,
            format!("开头的基本信息里没有“{key}”这个键"),
            format!("可用的键有：{}；多余的请删去", known.join("、")),
        ));
    } else if front.get(key).is_some() {
        notes.push(Note::error(
            "doubled-key",
            key_at,
            format!("“{key}”写了两遍"),
            "只留一行，多余的删去",
        ));
    } else if value.is_empty() {
        notes.push(Note::error(
            "empty-value",
            key_at,
            format!("“{key}”后面没有内容"),
            format!("写成“{key}: 内容”；不需要就删去这一行"),
        ));
    } else {
        front.entries.push(Entry {
            key,
            key_at,
            value,
            value_at,
        });
    }
}

fn head_help(known: &[&str]) -> String {
    let example = if known.contains(&"专题") {
        "专题: 防止返贫\n来源: 《文件名》（文号）"
    } else {
        "细目表: 村党组织书记·镇内赛笔试\n岗位: [村党组织书记]\n时长: 40分钟\n及格: 60\n难度: 2.8"
    };
    format!("在文件最前面（第一行起）写上这几行，内容换成自己的：\n---\n{example}\n---")
}

/// A line without a colon: the key and its value where they can be told apart, so that nothing more is said of them.
fn no_colon<'a>(
    text: &'a str,
    line: Range<usize>,
    known: &[&str],
    front: &mut FrontMatter<'a>,
    notes: &mut Vec<Note>,
) {
    let (content, at) = trimmed(text, line.clone());
    let parted = known
        .iter()
        .find_map(|key| content.strip_prefix(key).map(|rest| (key.len(), rest)));
    let help = match parted {
        Some((key, rest)) => format!("中间要有冒号，写成：\n{}: {}", &content[..key], rest.trim()),
        None => format!(
            "每一行写成“名称: 内容”，名称只有：{}；多余的行删去",
            known.join("、")
        ),
    };
    notes.push(Note::error("front-matter-line", line, "这一行缺冒号", help));
    if let Some((key, _)) = parted {
        let (value, value_at) = trimmed(text, at.start + key..at.end);
        front.entries.push(Entry {
            key: &content[..key],
            key_at: at.start..at.start + key,
            value,
            value_at,
        });
    }
}

/// The words of `[甲, 乙]` or `甲、乙`, in either width.
pub(in crate::bank) fn words<'a>(value: &'a str, at: &Range<usize>) -> Vec<Word<'a>> {
    let open = value.trim_start_matches(['[', '［', '【']);
    let base = at.start + (value.len() - open.len());
    let inner = open.trim_end_matches([']', '］', '】']);
    let mut words = Vec::new();
    let mut start = 0;
    for piece in inner.split([',', '，', '、', ';', '；']) {
        let word = piece.trim();
        let lead = piece.len() - piece.trim_start().len();
        if !word.is_empty() {
            let from = base + start + lead;
            words.push((word, from..from + word.len()));
        }
        start += piece.len();
        start += inner[start..].chars().next().map_or(0, char::len_utf8);
    }
    words
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// The text without spaces and without quotes around it.
fn trimmed(text: &str, range: Range<usize>) -> Word<'_> {
    let raw = &text[range.clone()];
    let start = range.start + (raw.len() - raw.trim_start().len());
    let word = raw.trim();
    for quote in ['"', '\''] {
        if word.len() > 2 && word.starts_with(quote) && word.ends_with(quote) {
            let inner = &word[1..word.len() - 1];
            return (inner, start + 1..start + 1 + inner.len());
        }
    }
    (word, start..start + word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_entries_in_both_widths_with_their_places() {
        let text = "---\n专题： 甲\n岗位: [乙， 丙]\n---\n# 甲\n";
        let sheet = Sheet::new("a.md", text);
        let mut notes = Vec::new();
        let front = read(&sheet, &["专题", "岗位"], &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        assert_eq!(front.get("专题").map(|entry| entry.value), Some("甲"));
        let posts = front.get("岗位").expect("is there");
        let found = words(posts.value, &posts.value_at);
        assert_eq!(found.len(), 2);
        for (word, at) in found {
            assert_eq!(&text[at], word);
        }
        assert_eq!(&text[front.end..], "# 甲\n");
    }
}
