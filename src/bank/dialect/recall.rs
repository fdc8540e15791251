//! 口答: an ordered list of elements; bold decides, `|` parts other ways to say it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::bank::{
    dialect::{
        Reader,
        attributes::{Attributes, Class},
        marks, mended, raw_html,
        render::{Codes, Renderer},
        sections::{self, Ev, Events},
        sheet::Note,
        typed,
    },
    question::{Body, Element, Recall, Saying},
};

pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    list: Events<'_, '_>,
    attributes: &Attributes,
) -> Option<Body> {
    let mark = reader.notes.len();
    let elements: Vec<Element> = sections::items(list)
        .into_iter()
        .filter_map(|item| read_element(reader, item))
        .collect();
    if reader.failed_since(mark) {
        return None;
    }
    Some(Body::Recall(Recall {
        elements,
        ordered: attributes.class(Class::Ordered).is_some(),
    }))
}

fn read_element(reader: &mut Reader<'_>, item: Events<'_, '_>) -> Option<Element> {
    let line = reader.sheet.line_range(sections::range(item).start);
    let content = sections::unwrapped(sections::inside(item));
    if typed::lines_in_item(reader, content) {
        return None;
    }
    let block = content.iter().find(|(event, _)| {
        matches!(
            event,
            Event::Start(Tag::List(_) | Tag::Paragraph | Tag::BlockQuote(_) | Tag::Table(_))
        )
    });
    if let Some((_, at)) = block {
        reader.notes.push(Note::error(
            "nested-list",
            reader.sheet.line_range(at.start),
            "一个要点只写一行，下面不能再分小点或分段",
            "把它并到要点那一行里，或者单独编号成一个要点",
        ));
        return None;
    }
    // The first way to say it is the one shown; the others are for matching.
    let sayings = read_sayings(reader, content, &line)?;
    let (whole, cut) = up_to_bar(content);
    let mut renderer = Renderer::new(reader, Codes::Plain);
    renderer.events(whole);
    renderer.events(cut.as_slice());
    let (html, _, _) = renderer.finish();
    Some(Element { html, sayings })
}

fn read_sayings(
    reader: &mut Reader<'_>,
    content: Events<'_, '_>,
    line: &Range<usize>,
) -> Option<Vec<Saying>> {
    let mark = reader.notes.len();
    let mut sayings = vec![silent()];
    let mut bold: Option<String> = None;
    for (event, at) in content {
        match event {
            Event::Start(Tag::Strong) => bold = Some(String::new()),
            Event::End(TagEnd::Strong) => {
                let words = bold.take().unwrap_or_default();
                if let Some(saying) = sayings.last_mut() {
                    saying.decisive.push(words.trim().to_owned());
                }
            }
            Event::Text(text) => {
                marks::marks(reader, text, at, false);
                if bold.is_some() && text.contains(['|', '｜']) {
                    reader.notes.push(bar_in_bold(reader, at));
                }
                add_words(&mut sayings, text);
                if let Some(words) = &mut bold {
                    words.push_str(text);
                }
            }
            Event::Code(_) => reader.notes.push(Note::error(
                "code-outside-blanks",
                at.clone(),
                "要点里不能挖空",
                format!(
                    "去掉反引号，写成：\n{}\n哪些字非说不可，再在它的前后各写两个 * 加粗",
                    reader.sheet.line_text(at.start).trim_end().replace('`', "")
                ),
            )),
            Event::Html(_) | Event::InlineHtml(_) => {
                reader.notes.push(raw_html::note(reader.sheet, at));
            }
            Event::Start(Tag::Image { .. }) => reader.notes.push(Note::error(
                "picture-in-element",
                at.clone(),
                "要点是要说出来的话，不能放图片",
                "图片放到题干里",
            )),
            _ => {}
        }
    }
    check_sayings(reader, &mut sayings, line);
    (!reader.failed_since(mark)).then_some(sayings)
}

/// Without bold words the whole saying decides; an empty one is none.
fn check_sayings(reader: &mut Reader<'_>, sayings: &mut [Saying], line: &Range<usize>) {
    for saying in &mut *sayings {
        saying.text = saying.text.trim().to_owned();
        saying.decisive.retain(|words| !words.is_empty());
        if saying.decisive.is_empty() {
            saying.decisive.push(saying.text.clone());
        }
    }
    let empty = |saying: &Saying| !saying.text.chars().any(char::is_alphanumeric);
    if sayings.iter().any(empty) {
        let note = empty_element(reader, line, sayings.iter().all(empty));
        reader.notes.push(note);
    }
    let placeholder = sayings
        .iter()
        .find_map(|saying| mended::placeholder(&saying.text, line));
    reader.notes.extend(placeholder);
}

fn silent() -> Saying {
    Saying {
        text: String::new(),
        decisive: Vec::new(),
    }
}

/// Goes on with the last way to say it; every bar begins another.
fn add_words(sayings: &mut Vec<Saying>, text: &str) {
    for (index, piece) in text.split(['|', '｜']).enumerate() {
        if index > 0 {
            sayings.push(silent());
        }
        if let Some(saying) = sayings.last_mut() {
            saying.text.push_str(piece);
        }
    }
}

/// The element's own line: with its number and a placeholder, or without the bar that parts nothing.
fn empty_element(reader: &Reader<'_>, line: &Range<usize>, nothing: bool) -> Note {
    let text = reader.sheet.slice(line).trim();
    let (message, help) = if nothing {
        let number: String = text.chars().take_while(char::is_ascii_digit).collect();
        (
            "这个要点是空的",
            format!(
                "没有这一条，就整行删去；有，就写成这样，但不要照抄“{0}”，换成真正的要点：\n{number}. {0}",
                mended::ELEMENT
            ),
        )
    } else {
        let kept: Vec<&str> = text
            .split(['|', '｜'])
            .map(str::trim)
            .filter(|piece| piece.chars().any(char::is_alphabetic))
            .collect();
        (
            "| 的一边没有写话",
            format!(
                "| 用来隔开几种说法，多余的 | 删去，写成：\n{}",
                kept.join("|")
            ),
        )
    };
    Note::error("empty-element", line.clone(), message, help)
}

fn bar_in_bold(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_text(at.start).trim_end();
    let parts: Vec<&str> = line.split("**").collect();
    let bars = |part: &str| part.contains(['|', '｜']);
    let written = if let [before, bold, behind] = parts[..]
        && !bars(before)
        && !bars(behind)
    {
        // Each saying whole, with the words around the bold ones.
        let open = before.find(". ").map_or(0, |dot| dot + 2);
        let (number, before) = before.split_at(open);
        let sayings: Vec<String> = bold
            .split(['|', '｜'])
            .map(|words| format!("{before}**{}**{behind}", words.trim()))
            .collect();
        format!("{number}{}", sayings.join("|"))
    } else {
        line.replace(['|', '｜'], "**|**")
    };
    Note::error(
        "bar-in-bold",
        at.clone(),
        "| 不能写在加粗里面",
        format!("| 两边各是一种完整的说法，各自加粗，写成：\n{written}"),
    )
}

/// The events of the first saying: those that are whole, and the text that a bar cuts.
fn up_to_bar<'e, 'a>(content: Events<'e, 'a>) -> (Events<'e, 'a>, Option<Ev<'a>>) {
    let mut events = content.iter().enumerate();
    let cut = events.find_map(|(index, (event, at))| {
        let Event::Text(text) = event else {
            return None;
        };
        let (before, _) = text.split_once(['|', '｜'])?;
        let before = Event::Text(before.to_owned().into());
        Some((&content[..index], Some((before, at.clone()))))
    });
    cut.unwrap_or((content, None))
}
