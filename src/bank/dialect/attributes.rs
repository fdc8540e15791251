//! `{#id .类 键=值}` at a heading's end, read from the source so that every word has its place.

use std::ops::Range;

use chrono::NaiveDate;
use pulldown_cmark::{Event, Tag};

use crate::bank::{
    dialect::{
        Reader,
        ids::FREE_ID,
        mended,
        sections::Events,
        sheet::{Note, Sheet},
        values,
    },
    question::{Purpose, QuestionId},
};

/// The classes that mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bank) enum Class {
    Multiple,
    AnyOrder,
    FixedOrder,
    Ordered,
    Material,
}

#[derive(Debug, Default)]
pub(in crate::bank) struct Attributes {
    pub(in crate::bank) id: Option<QuestionId>,
    pub(in crate::bank) id_at: Range<usize>,
    pub(in crate::bank) classes: Vec<(Class, Range<usize>)>,
    pub(in crate::bank) difficulty: Option<u8>,
    /// Some where it differs from the file's.
    pub(in crate::bank) posts: Option<Vec<String>>,
    pub(in crate::bank) purpose: Option<Purpose>,
    pub(in crate::bank) from: Option<(NaiveDate, Range<usize>)>,
    pub(in crate::bank) until: Option<(NaiveDate, Range<usize>)>,
    pub(in crate::bank) replaces: Option<QuestionId>,
}

impl Class {
    const ALL: [(Class, &str); 5] = [
        (Class::Multiple, "多选"),
        (Class::AnyOrder, "任意顺序"),
        (Class::FixedOrder, "固定顺序"),
        (Class::Ordered, "按序"),
        (Class::Material, "材料"),
    ];

    pub(in crate::bank) fn chinese(self) -> &'static str {
        Class::ALL
            .iter()
            .find(|(class, _)| *class == self)
            .map_or("", |(_, name)| name)
    }
}

impl Attributes {
    pub(in crate::bank) fn class(&self, wanted: Class) -> Option<&Range<usize>> {
        self.classes
            .iter()
            .find(|(class, _)| *class == wanted)
            .map(|(_, at)| at)
    }
}

/// Where the attributes of this heading stand, if Markdown took them for attributes: the inside of the braces.
pub(in crate::bank) fn braces(
    reader: &Reader<'_>,
    heading: Events<'_, '_>,
) -> Option<Range<usize>> {
    braces_of(reader.sheet, heading)
}

/// The same without a reader.
pub(in crate::bank) fn braces_of(
    sheet: &Sheet<'_>,
    heading: Events<'_, '_>,
) -> Option<Range<usize>> {
    let (
        Event::Start(Tag::Heading {
            id, classes, attrs, ..
        }),
        range,
    ) = heading.first()?
    else {
        return None;
    };
    if id.is_none() && classes.is_empty() && attrs.is_empty() {
        return None;
    }
    let source = sheet.slice(range);
    let open = source.rfind('{')?;
    let close = source.rfind('}').filter(|close| *close > open)?;
    Some(range.start + open + 1..range.start + close)
}

/// Reads the words of the braces; what is not one is noted.
pub(in crate::bank) fn read(reader: &mut Reader<'_>, heading: Events<'_, '_>) -> Attributes {
    let mut attributes = Attributes::default();
    let Some(inside) = braces(reader, heading) else {
        return attributes;
    };
    let source = reader.sheet.slice(&inside);
    let spaced =
        |word: &str| word.starts_with(['=', '＝']) || word.ends_with(['=', '＝', ',', '，', '、']);
    let cut = source.split_whitespace().any(spaced);
    if cut {
        reader.notes.push(spaces_inside(source, inside.clone()));
    }
    let mut start = 0;
    for word in source.split(|c: char| c.is_whitespace()) {
        let at = inside.start + start..inside.start + start + word.len();
        start += word.len();
        start += source[start..].chars().next().map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let bare_id = attributes.id.is_none() && is_bare_id(word);
        if bare_id {
            reader.notes.push(Note::error(
                "id-without-hash",
                at.clone(),
                "编号前面少了 #",
                format!(
                    "写成：\n{}",
                    mended::replaced(reader.sheet, &at, &format!("#{word}"))
                ),
            ));
            read_id(reader, &mut attributes, word, at);
        } else if let Some(id) = word.strip_prefix('#') {
            read_id(reader, &mut attributes, id, at);
        } else if let Some(name) = word.strip_prefix('.') {
            read_class(reader, &mut attributes, name, at);
        } else if !cut {
            read_pair(reader, &mut attributes, word, at);
        }
    }
    if cut {
        attributes.difficulty = attributes.difficulty.or(Some(3));
    }
    if let (Some((from, _)), Some((until, at))) = (&attributes.from, &attributes.until)
        && until < from
    {
        reader.notes.push(dates_reversed(at.clone()));
    }
    attributes
}

/// `fp-003`: an id whose # was forgotten.
pub(in crate::bank) fn is_bare_id(word: &str) -> bool {
    word.contains('-')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(in crate::bank) fn dates_reversed(at: Range<usize>) -> Note {
    Note::error(
        "dates-reversed",
        at,
        "失效的日子在施行之前",
        "施行写有效的第一天，失效写有效的最后一天，核对一下是不是写反了",
    )
}

fn read_id(reader: &mut Reader<'_>, attributes: &mut Attributes, id: &str, at: Range<usize>) {
    if attributes.id.is_some() {
        reader.notes.push(Note::error(
            "doubled-attribute",
            at,
            "一道题只能有一个编号",
            "只留一个 `#编号`",
        ));
        return;
    }
    if !is_sound_id(id) {
        let tidy: String = values::narrow(id)
            .to_lowercase()
            .chars()
            .map(|c| if c == '_' || c == '.' { '-' } else { c })
            .filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
            .collect();
        let tidy = tidy.trim_matches('-');
        let example = if tidy.is_empty() { FREE_ID } else { tidy };
        let written = mended::replaced(reader.sheet, &at, &format!("#{example}"));
        reader.notes.push(Note::error(
            "bad-id",
            at.clone(),
            format!("编号“{id}”写得不对"),
            format!("编号只用小写字母、数字和短横，最多 64 个字符，写成：\n{written}"),
        ));
    }
    attributes.id = Some(QuestionId(id.to_owned()));
    attributes.id_at = at;
}

fn is_sound_id(id: &str) -> bool {
    id.bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !id.starts_with('-')
        && !id.ends_with('-')
        && !id.is_empty()
        && id.len() <= 64
}

fn read_replaced(reader: &mut Reader<'_>, value: &str, at: Range<usize>) -> QuestionId {
    let id = value.trim_start_matches('#');
    if !is_sound_id(id) {
        reader.notes.push(Note::error(
            "bad-replaces",
            at,
            format!("“取代=”后面要写旧题的编号，“{value}”不是编号"),
            "写被换下来的那道题的编号，一道题只写一个，例如：取代=dibao-001",
        ));
    }
    QuestionId(id.to_owned())
}

fn read_class(reader: &mut Reader<'_>, attributes: &mut Attributes, name: &str, at: Range<usize>) {
    let found = Class::ALL.iter().find(|(_, chinese)| *chinese == name);
    if let Some((class, _)) = found {
        attributes.classes.push((*class, at));
        return;
    }
    let names: Vec<String> = Class::ALL
        .iter()
        .map(|(_, name)| format!(".{name}"))
        .collect();
    let written = mended::without(reader.sheet, &at);
    reader.notes.push(Note::error(
        "unknown-class",
        at,
        format!("没有“.{name}”这个标记"),
        format!(
            "单选、判断、填空、口答由写法自动认出，不用标。删去 .{name}，写成：\n{written}\n可用的标记只有：{}",
            names.join("、")
        ),
    ));
}

fn read_pair(reader: &mut Reader<'_>, attributes: &mut Attributes, word: &str, at: Range<usize>) {
    let Some((mark, equals)) = word.char_indices().find(|(_, c)| matches!(c, '=' | '＝')) else {
        reader
            .notes
            .push(unknown_attribute(reader.sheet, word, "", at));
        return;
    };
    let (key, value) = (&word[..mark], &word[mark + equals.len_utf8()..]);
    let value = value.trim_matches(['"', '“', '”']);
    let value_start = at.start + word.rfind(value).unwrap_or(mark);
    let value_at = value_start..value_start + value.len();
    if value.is_empty() {
        reader.notes.push(Note::error(
            "empty-value",
            at,
            format!("“{key}=”后面没有内容"),
            format!("写成 {key}=内容，等号两边不留空格；不需要就删去"),
        ));
        return;
    }
    let doubled = match key {
        "难度" => {
            let read = values::difficulty(value, &value_at, &mut reader.notes);
            attributes.difficulty.replace(read.unwrap_or(3)).is_some()
        }
        "岗位" => {
            let entry = ("岗位=", value, &value_at);
            let posts = values::posts(entry, reader.posts, &mut reader.notes);
            attributes.posts.replace(posts).is_some()
        }
        "用途" => {
            let read = values::purpose(value, &value_at, &mut reader.notes);
            attributes
                .purpose
                .replace(read.unwrap_or_default())
                .is_some()
        }
        "施行" => values::day(value, &value_at, &mut reader.notes)
            .is_some_and(|day| attributes.from.replace((day, value_at)).is_some()),
        "失效" => values::day(value, &value_at, &mut reader.notes)
            .is_some_and(|day| attributes.until.replace((day, value_at)).is_some()),
        "取代" => {
            let replaced = read_replaced(reader, value, value_at);
            attributes.replaces.replace(replaced).is_some()
        }
        _ => {
            let note = unknown_attribute(reader.sheet, key, value, at.clone());
            reader.notes.push(note);
            false
        }
    };
    if doubled {
        reader.notes.push(Note::error(
            "doubled-attribute",
            at,
            format!("“{key}”写了两遍"),
            "只留一个",
        ));
    }
}

/// `难度 = 1`, `岗位=甲, 乙`: Markdown cuts at every space.
fn spaces_inside(source: &str, at: Range<usize>) -> Note {
    let mut joined = String::with_capacity(source.len());
    for word in source.split_whitespace() {
        let goes_on = joined.ends_with(['=', '＝', ',', '，', '、'])
            || word.starts_with(['=', '＝', ',', '，', '、']);
        if !joined.is_empty() && !goes_on {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    let joined = joined.replace([',', '，'], "、");
    Note::error(
        "spaces-in-attribute",
        at,
        "花括号里，等号两边和几个岗位之间不能有空格",
        format!("写成：\n{{{joined}}}"),
    )
}

fn unknown_attribute(sheet: &Sheet<'_>, word: &str, value: &str, at: Range<usize>) -> Note {
    let help = if let Some(id) = word.strip_prefix('＃') {
        format!("编号前用半角的 #：{{#{id}}}")
    } else if word == "来源" {
        let document = if value.is_empty() {
            "《文件名》第几条"
        } else {
            value
        };
        format!(
            "花括号里不写来源。题干写成：\n{}\n再在这道题的最后空一行，写：\n> 依据：{document}",
            mended::without(sheet, &at)
        )
    } else {
        "花括号里可以写 #编号、难度、岗位、用途、施行、失效、取代和标记（如 .按序），等号两边和几个岗位之间都不留空格，例如：\n\
         {#xczx-001 难度=2 岗位=村文书、村民小组长 施行=2021-06-01}"
            .into()
    };
    Note::error(
        "unknown-attribute",
        at,
        format!("花括号里的“{word}”认不出来"),
        help,
    )
}
