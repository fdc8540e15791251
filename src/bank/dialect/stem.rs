//! The stem: the heading's words, then the blocks down to the answer part.

use std::ops::Range;

use crate::bank::{
    dialect::{
        Reader, attributes,
        render::{Codes, Renderer},
        sections::{self, Events},
        sheet::Note,
    },
    html::Html,
};

/// HTML, plain text, and the blanks in it.
pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    heading: Events<'_, '_>,
    blocks: &[Events<'_, '_>],
    codes: Codes,
) -> (Html, String, Vec<(String, Range<usize>)>) {
    let inline = sections::inside(heading);
    if inline.is_empty() {
        let line = reader.sheet.line_range(sections::range(heading).start);
        let help = match attributes::braces(reader, heading) {
            Some(inside) => format!(
                "在 ## 后面写题干：\n## 题干 {{{}}}",
                reader.sheet.slice(&inside)
            ),
            None => "在 ## 后面写题干，例如：\n## 耕地的承包期是多少年？".to_owned(),
        };
        reader
            .notes
            .push(Note::error("no-stem", line, "没有题干", help));
    }
    let mut renderer = Renderer::new(reader, codes);
    if blocks.is_empty() {
        renderer.events(inline);
    } else {
        renderer.wrapped(inline);
        for block in blocks {
            renderer.events(block);
        }
    }
    renderer.finish()
}
