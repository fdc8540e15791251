//! 单选 and 多选: a task list, `[x]` before what is right.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::bank::{
    dialect::{
        Reader,
        attributes::{Attributes, Class},
        boxes, mended, options,
        render::{Codes, Renderer},
        sections::{self, Events},
        sheet::Note,
        typed, values,
    },
    question::{Body, Choice, Choices},
};

/// Papers letter their choices A to Z.
const MOST: usize = 26;

/// A choice as it was read.
#[derive(Debug)]
pub(in crate::bank) struct ReadChoice {
    pub(in crate::bank) choice: Choice,
    pub(in crate::bank) keyed: bool,
    pub(in crate::bank) at: Range<usize>,
}

/// A list with at least one box in it.
pub(in crate::bank) fn is_task_list(block: Events<'_, '_>) -> bool {
    matches!(sections::tag(block), Some(Tag::List(_)))
        && block
            .iter()
            .any(|(event, _)| matches!(event, Event::TaskListMarker(_)))
}

/// A bullet list in which somebody tried to draw boxes.
pub(in crate::bank) fn is_mistyped_list(reader: &Reader<'_>, block: Events<'_, '_>) -> bool {
    matches!(sections::tag(block), Some(Tag::List(_)))
        && sections::items(block)
            .iter()
            .any(|item| boxes::item_box(reader.sheet, &sections::range(item)).is_some())
}

/// Every item, whether sound or not; what is wrong is noted.
pub(in crate::bank) fn read(reader: &mut Reader<'_>, list: Events<'_, '_>) -> Vec<ReadChoice> {
    if let Some(Tag::List(Some(_))) = sections::tag(list) {
        let at = reader.sheet.line_range(sections::range(list).start);
        let line = reader.sheet.slice(&at);
        let rest = line.find('[').map_or(line, |bracket| &line[bracket..]);
        reader.notes.push(Note::error(
            "numbered-choices",
            at,
            "选项前面不要编号，系统会自动编 A、B、C、D",
            format!("每个选项都用“- ”开头，例如：\n- {rest}"),
        ));
    }
    sections::items(list)
        .into_iter()
        .filter_map(|item| read_item(reader, item))
        .collect()
}

fn read_item(reader: &mut Reader<'_>, item: Events<'_, '_>) -> Option<ReadChoice> {
    let line = reader.sheet.line_range(sections::range(item).start);
    let mut content = sections::unwrapped(sections::inside(item));
    // In a loose list the box stands before its paragraph.
    let keyed = if let Some((Event::TaskListMarker(keyed), _)) = content.first() {
        content = &content[1..];
        *keyed
    } else {
        let (note, keyed) = boxes::unboxed(reader.sheet, &sections::range(item));
        reader.notes.push(note);
        keyed
    };
    if typed::lines_in_item(reader, content) {
        return None;
    }
    content = sections::unwrapped(content);
    if let Some((_, at)) = content
        .iter()
        .find(|(event, _)| matches!(event, Event::Start(Tag::List(_))))
    {
        reader.notes.push(Note::error(
            "nested-list",
            reader.sheet.line_range(at.start),
            "这一行缩进太多，成了上一项里面的小项",
            format!(
                "删去行首多余的空格：\n{}",
                reader.sheet.line_text(at.start).trim()
            ),
        ));
        return None;
    }
    let mut renderer = Renderer::new(reader, Codes::Forbidden);
    renderer.events(content);
    let (html, text, _) = renderer.finish();
    if text.trim().is_empty() {
        reader.notes.push(Note::error(
            "empty-choice",
            line.clone(),
            "这个选项是空的",
            "在方括号后面写上选项内容，或者删去这一行",
        ));
    }
    let placeholder = mended::placeholder(&text, &line);
    reader.notes.extend(placeholder);
    Some(ReadChoice {
        choice: Choice { html, text },
        keyed,
        at: line,
    })
}

/// The choices with their key, or what keeps them from being a question. `shaped` is where the notes on its shape began.
pub(in crate::bank) fn body(
    reader: &mut Reader<'_>,
    list: Events<'_, '_>,
    read: Vec<ReadChoice>,
    attributes: &Attributes,
    shaped: usize,
) -> Option<Body> {
    // Where lines were lost to a mistake already told, counting what is left would only confuse.
    let whole = !reader.failed_since(shaped);
    let mark = reader.notes.len();
    let key: Vec<usize> = (0..read.len()).filter(|index| read[*index].keyed).collect();
    let declared = attributes.class(Class::Multiple).is_some();
    if read.len() > MOST {
        reader.notes.push(Note::error(
            "too-many-choices",
            read[MOST].at.clone(),
            format!("选项有 {} 个，最多 {MOST} 个", read.len()),
            "删去一些，或者拆成几道题",
        ));
    } else if !whole {
    } else if read.len() < 2 {
        reader.notes.push(Note::error(
            "too-few-choices",
            reader.sheet.line_range(sections::range(list).start),
            "选择题至少要有两个选项",
            "再加选项，每行一个，以“- [ ] ”开头，正确的写“- [x] ”",
        ));
    } else if key.is_empty() {
        note_no_key(reader, &read);
    } else if key.len() == read.len() && !declared {
        let note = all_keyed(reader, sections::range(list).start);
        reader.notes.push(note);
    }
    note_equal(reader, &read);
    note_lettered(reader, &read);
    if reader.failed_since(mark) {
        return None;
    }
    Some(Body::Choices(Choices {
        multiple: declared || key.len() > 1,
        fixed_order: attributes.class(Class::FixedOrder).is_some(),
        choices: read.into_iter().map(|read| read.choice).collect(),
        key,
    }))
}

fn all_keyed(reader: &Reader<'_>, start: usize) -> Note {
    let written = mended::heading_above(reader.sheet, start)
        .and_then(|heading| mended::headed(heading, Some(".多选")))
        .map_or_else(
            || "花括号里加上 .多选".to_owned(),
            |heading| format!("写成：\n{heading}"),
        );
    Note::error(
        "all-keyed",
        reader.sheet.line_range(start),
        "所有选项都标成了正确",
        format!(
            "单选题只留一个 [x]，其余改成 [ ]。如果真是全部都对的多选题，选项不动，题干{written}"
        ),
    )
}

fn note_no_key(reader: &mut Reader<'_>, read: &[ReadChoice]) {
    let first = &read[0];
    reader.notes.push(Note::error(
        "no-key",
        first.at.clone(),
        "这道题没有标出正确答案",
        format!(
            "在正确的选项前写 [x]，例如第一个对，就写成：\n- [x] {}",
            first.choice.text
        ),
    ));
}

/// Choices are shuffled: letters typed before them would stand in a jumble.
fn note_lettered(reader: &mut Reader<'_>, read: &[ReadChoice]) {
    let mut expected = 'A'..='J';
    let lettered = read.iter().all(|read| {
        options::lettered(&read.choice.text).map(|(letter, _)| letter) == expected.next()
    });
    if let (true, Some(first)) = (lettered, read.first()) {
        let words = options::lettered(&first.choice.text).map_or("", |(_, words)| words);
        let mark = if first.keyed { 'x' } else { ' ' };
        reader.notes.push(Note::error(
            "lettered-choices",
            first.at.clone(),
            "选项前面不要写字母：每个人看到的顺序不同，字母由系统编",
            format!("删去每个选项前的字母，例如：\n- [{mark}] {words}"),
        ));
    }
}

fn note_equal(reader: &mut Reader<'_>, read: &[ReadChoice]) {
    for (index, choice) in read.iter().enumerate().skip(1) {
        let text = &choice.choice.text;
        let mut before = read[..index].iter();
        if before.any(|other| folded(text).eq(folded(&other.choice.text)))
            && folded(text).next().is_some()
        {
            reader.notes.push(Note::error(
                "equal-choices",
                choice.at.clone(),
                format!("选项“{text}”出现了两次"),
                "改掉或删去其中一个",
            ));
        }
    }
}

/// As it is compared: in one width, without spaces.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(values::narrow_char)
        .filter(|c| !c.is_whitespace())
}
