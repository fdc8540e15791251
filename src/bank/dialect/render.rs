//! Markdown events → HTML made here and nowhere else, and the same as plain text. Authors' raw HTML never passes.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use crate::bank::{
    dialect::{Reader, marks, pictures, raw_html, sections::Events, sheet::Note},
    html::Html,
};

/// What inline code means where we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bank) enum Codes {
    /// In a stem without an answer part: a blank and its answer.
    Blanks,
    /// In questions of other kinds.
    Forbidden,
    /// In rationales: just code.
    Plain,
}

#[derive(Debug, Default)]
pub(in crate::bank) struct Rendered {
    pub(in crate::bank) html: String,
    pub(in crate::bank) text: String,
    /// The inside of each code that is a blank, with its place.
    pub(in crate::bank) blanks: Vec<(String, Range<usize>)>,
}

/// Renders; call it for part after part of one stem.
#[derive(Debug)]
pub(in crate::bank) struct Renderer<'r, 'a> {
    reader: &'r mut Reader<'a>,
    codes: Codes,
    rendered: Rendered,
    alignments: Vec<Alignment>,
    cell: usize,
    in_head: bool,
    in_table: bool,
}

impl<'r, 'a> Renderer<'r, 'a> {
    pub(in crate::bank) fn new(reader: &'r mut Reader<'a>, codes: Codes) -> Renderer<'r, 'a> {
        Renderer {
            reader,
            codes,
            rendered: Rendered::default(),
            alignments: Vec::new(),
            cell: 0,
            in_head: false,
            in_table: false,
        }
    }

    pub(in crate::bank) fn finish(self) -> (Html, String, Vec<(String, Range<usize>)>) {
        let Rendered {
            html,
            mut text,
            blanks,
        } = self.rendered;
        let trimmed = text.trim_end().len();
        text.truncate(trimmed);
        (Html::trusted(html), text, blanks)
    }

    /// A paragraph around what is not a block itself.
    pub(in crate::bank) fn wrapped(&mut self, inline: Events<'_, '_>) {
        self.rendered.html.push_str("<p>");
        self.events(inline);
        self.rendered.html.push_str("</p>");
        self.break_text();
    }

    pub(in crate::bank) fn events(&mut self, events: Events<'_, '_>) {
        // Room for what stands in the source, so that nothing grows bit by bit.
        if let (Some((_, first)), Some((_, last))) = (events.first(), events.last()) {
            let length = last.end.saturating_sub(first.start);
            self.rendered.html.reserve(length);
            self.rendered.text.reserve(length);
        }
        let mut skip_to = 0;
        for (index, (event, at)) in events.iter().enumerate() {
            if index < skip_to {
                continue;
            }
            match event {
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let end = events[index..]
                        .iter()
                        .position(|(event, _)| matches!(event, Event::End(TagEnd::Image)))
                        .map_or(events.len(), |length| index + length);
                    self.picture(dest_url, &events[index + 1..end], at);
                    skip_to = end + 1;
                }
                Event::Start(tag) => self.open(tag, at),
                Event::End(tag) => self.close(*tag),
                other => self.leaf(other, at),
            }
        }
    }

    fn leaf(&mut self, event: &Event<'_>, at: &Range<usize>) {
        match event {
            Event::Text(text) => {
                marks::marks(self.reader, text, at, self.in_table);
                self.push(text);
            }
            Event::Code(code) => self.code(code, at),
            Event::SoftBreak => self.soft_break(at),
            Event::HardBreak => {
                self.rendered.html.push_str("<br>");
                self.break_text();
            }
            Event::Rule => self.rendered.html.push_str("<hr>"),
            Event::Html(_) | Event::InlineHtml(_) => self
                .reader
                .notes
                .push(raw_html::note(self.reader.sheet, at)),
            _ => {}
        }
    }

    fn code(&mut self, code: &str, at: &Range<usize>) {
        match self.codes {
            Codes::Plain => {
                self.rendered.html.push_str("<code>");
                self.push(code);
                self.rendered.html.push_str("</code>");
            }
            Codes::Forbidden => {
                self.reader.notes.push(code_outside_blanks(self.reader, at));
                self.push(code);
            }
            Codes::Blanks if self.in_table => self.reader.notes.push(blank_in_table(at)),
            Codes::Blanks => {
                let number = self.rendered.blanks.len() + 1;
                self.rendered.html.push_str("<span data-blank=\"");
                self.rendered.html.push_str(&number.to_string());
                self.rendered.html.push_str("\"></span>");
                self.rendered.text.push_str("____");
                self.rendered.blanks.push((code.to_owned(), at.clone()));
            }
        }
    }

    /// A line end between two Chinese characters is no space.
    fn soft_break(&mut self, at: &Range<usize>) {
        let text = self.reader.sheet.text;
        let wide = |c: Option<char>| c.is_some_and(|c| c as u32 >= 0x2E80);
        let before = text[..at.start].trim_end().chars().next_back();
        let after = text[at.end..]
            .trim_start_matches([' ', '>', '\t'])
            .chars()
            .next();
        if !(wide(before) && wide(after)) {
            self.push(" ");
        }
    }

    fn picture(&mut self, address: &str, inside: Events<'_, '_>, at: &Range<usize>) {
        let alt: String = inside
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if let Some(name) = pictures::find(self.reader, address, at) {
            let html = &mut self.rendered.html;
            html.push_str("<img src=\"/pictures/");
            html.push_str(&name);
            html.push_str("\" alt=\"");
            html.push_str(Html::escaped(&alt).as_str());
            html.push_str("\">");
            self.rendered.text.push_str("〔图");
            if !alt.is_empty() {
                self.rendered.text.push('：');
                self.rendered.text.push_str(&alt);
            }
            self.rendered.text.push('〕');
        }
    }

    fn open(&mut self, tag: &Tag<'_>, at: &Range<usize>) {
        let html = &mut self.rendered.html;
        match tag {
            Tag::Paragraph => html.push_str("<p>"),
            Tag::Strong => html.push_str("<strong>"),
            Tag::Emphasis => html.push_str("<em>"),
            Tag::BlockQuote(_) => html.push_str("<blockquote>"),
            Tag::List(None) => html.push_str("<ul>"),
            Tag::List(Some(1)) => html.push_str("<ol>"),
            Tag::List(Some(start)) => {
                html.push_str("<ol start=\"");
                html.push_str(&start.to_string());
                html.push_str("\">");
            }
            Tag::Item => html.push_str("<li>"),
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.in_table = true;
                html.push_str("<table>");
            }
            Tag::TableHead => {
                self.in_head = true;
                self.cell = 0;
                html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.cell = 0;
                html.push_str("<tr>");
            }
            Tag::TableCell => self.open_cell(),
            Tag::Link { dest_url, .. } => self.open_link(dest_url, at),
            Tag::CodeBlock(_) => self.reader.notes.push(code_block(self.reader, at)),
            _ => {}
        }
    }

    fn open_cell(&mut self) {
        let name = if self.in_head { "th" } else { "td" };
        let class = match self.alignments.get(self.cell) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            _ => "",
        };
        self.cell += 1;
        let html = &mut self.rendered.html;
        html.push('<');
        html.push_str(name);
        html.push_str(class);
        html.push('>');
    }

    fn open_link(&mut self, address: &str, at: &Range<usize>) {
        if !address.starts_with("https://") && !address.starts_with("http://") {
            self.reader.notes.push(Note::error(
                "bad-link",
                at.clone(),
                "链接只能指向 https:// 或 http:// 开头的网址",
                "写成 [文字](https://网址)；不需要链接就只留文字",
            ));
        }
        let html = &mut self.rendered.html;
        html.push_str("<a href=\"");
        html.push_str(Html::escaped(address).as_str());
        html.push_str("\" rel=\"noreferrer\">");
    }

    fn close(&mut self, tag: TagEnd) {
        let html = &mut self.rendered.html;
        let (markup, ends_line) = match tag {
            TagEnd::Paragraph => ("</p>", true),
            TagEnd::Strong => ("</strong>", false),
            TagEnd::Emphasis => ("</em>", false),
            TagEnd::BlockQuote(_) => ("</blockquote>", true),
            TagEnd::List(true) => ("</ol>", true),
            TagEnd::List(false) => ("</ul>", true),
            TagEnd::Item => ("</li>", true),
            TagEnd::Table => ("</tbody></table>", true),
            TagEnd::TableHead => ("</tr></thead><tbody>", true),
            TagEnd::TableRow => ("</tr>", true),
            TagEnd::TableCell if self.in_head => ("</th>", false),
            TagEnd::TableCell => ("</td>", false),
            TagEnd::Link => ("</a>", false),
            _ => ("", false),
        };
        html.push_str(markup);
        match tag {
            TagEnd::Table => self.in_table = false,
            TagEnd::TableHead => self.in_head = false,
            TagEnd::TableCell => self.rendered.text.push(' '),
            _ => {}
        }
        if ends_line {
            self.break_text();
        }
    }

    fn push(&mut self, text: &str) {
        self.rendered.text.push_str(text);
        escape_into(&mut self.rendered.html, text);
    }

    fn break_text(&mut self) {
        let text = &mut self.rendered.text;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }
}

/// Most text has nothing to escape and is copied as it is.
fn escape_into(html: &mut String, text: &str) {
    // Without a way out of the loop it takes many bytes at a time.
    let escapes = |any, byte| any | matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    if text.bytes().fold(false, escapes) {
        html.push_str(Html::escaped(text).as_str());
    } else {
        html.push_str(text);
    }
}

fn blank_in_table(at: &Range<usize>) -> Note {
    Note::error(
        "blank-in-table",
        at.clone(),
        "表格里不能挖空",
        "把要填的内容移到题干的句子里，例如：## 补助标准为每人每月 `80` 元。",
    )
}

fn code_outside_blanks(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_text(at.start).trim_end();
    let in_choice = line.trim_start().starts_with(['-', '*', '+']);
    let (message, otherwise) = if in_choice {
        ("选项里不用反引号 `", "")
    } else {
        (
            "反引号 ` 是挖空用的，这道题下面有选项或要点，不能再挖空",
            "\n如果这是填空题，就留着反引号，删去下面的选项或要点",
        )
    };
    let plain = line.replace('`', "");
    Note::error(
        "code-outside-blanks",
        at.clone(),
        message,
        format!("去掉反引号，写成：\n{plain}{otherwise}"),
    )
}

fn code_block(reader: &Reader<'_>, at: &Range<usize>) -> Note {
    let line = reader.sheet.line_text(at.start).trim();
    let (message, help) = if line.starts_with("```") || line.starts_with("~~~") {
        (
            "题目里不能用 ``` 把话围起来",
            "删去 ``` 这两行，内容直接写成一段".to_owned(),
        )
    } else {
        (
            "这一行行首的空格太多",
            format!("行首不留空格，写成：\n{line}"),
        )
    };
    Note::error(
        "code-block",
        reader.sheet.line_range(at.start),
        message,
        help,
    )
}
