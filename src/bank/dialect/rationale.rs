//! The block quote after the answer part: `依据：` lines name document and clause, the rest explains.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::bank::{
    dialect::{
        Reader, question,
        render::{Codes, Renderer},
        sections::{self, Ev, Events},
    },
    html::Html,
    question::Source,
};

/// The explanation and the source. `document` is the file's 来源, empty where it has none.
pub(in crate::bank) fn read(
    reader: &mut Reader<'_>,
    quotes: &[Events<'_, '_>],
    document: &str,
) -> (Html, Source) {
    let mut source = Source {
        document: document.to_owned(),
        clause: String::new(),
    };
    if quotes.is_empty() {
        return (question::no_rationale(), source);
    }
    let mut cited: Vec<String> = Vec::new();
    let mut renderer = Renderer::new(reader, Codes::Plain);
    for quote in quotes {
        for block in sections::blocks(sections::inside(quote)) {
            if !matches!(sections::tag(block), Some(Tag::Paragraph)) {
                renderer.events(block);
            } else if let Some(kept) = part_paragraph(block, &mut cited) {
                renderer.events(&kept);
            } else {
                renderer.events(block);
            }
        }
    }
    let (html, _, _) = renderer.finish();
    for line in &cited {
        cite(line, document, &mut source);
    }
    (html, source)
}

/// Lines that begin 依据： go to `cited`, the others stay a paragraph; None where no line cites.
fn part_paragraph<'a>(block: Events<'_, 'a>, cited: &mut Vec<String>) -> Option<Vec<Ev<'a>>> {
    let inside = sections::inside(block);
    let cuts = |(event, _): &Ev<'a>| matches!(event, Event::SoftBreak | Event::HardBreak);
    let before = cited.len();
    let mut kept: Vec<&[Ev<'a>]> = Vec::new();
    for line in inside.split(cuts) {
        match citation(line) {
            Some(cites) => cited.push(cites),
            None => kept.push(line),
        }
    }
    if cited.len() == before {
        return None;
    }
    let mut explained = Vec::new();
    if kept.iter().all(|line| line.is_empty()) {
        return Some(explained);
    }
    let at = sections::range(block);
    explained.push((Event::Start(Tag::Paragraph), at.clone()));
    for (index, line) in kept.iter().enumerate() {
        if index > 0
            && let (Some((_, before)), Some((_, after))) = (kept[index - 1].last(), line.first())
        {
            explained.push((Event::SoftBreak, before.end..after.start));
        }
        explained.extend_from_slice(line);
    }
    explained.push((Event::End(TagEnd::Paragraph), at));
    Some(explained)
}

/// What follows `依据：` on this line.
fn citation(line: &[Ev<'_>]) -> Option<String> {
    let (Event::Text(first), _) = line.first()? else {
        return None;
    };
    let rest = first.trim_start().strip_prefix("依据")?.trim_start();
    let rest = rest.strip_prefix(['：', ':'])?;
    let mut text = rest.trim_start().to_owned();
    for (event, _) in &line[1..] {
        if let Event::Text(more) | Event::Code(more) = event {
            text.push_str(more);
        }
    }
    Some(text.trim_end().to_owned())
}

/// `《…》（…）第三条`, `第三条`, or, where the file names the document, any clause.
fn cite(line: &str, file_document: &str, source: &mut Source) {
    let (document, clause) = part_citation(line, !file_document.is_empty());
    if !document.is_empty() && (source.clause.is_empty() || source.document.is_empty()) {
        document.clone_into(&mut source.document);
        clause.clone_into(&mut source.clause);
        return;
    }
    if !source.clause.is_empty() {
        source.clause.push('；');
    }
    source.clause.push_str(document);
    source.clause.push_str(clause);
}

fn part_citation(line: &str, has_document: bool) -> (&str, &str) {
    let part = |end: usize| {
        (
            &line[..end],
            line[end..].trim_start_matches(['，', ',', ' ', '　']),
        )
    };
    if line.starts_with('《') {
        let mut end = line
            .find('》')
            .map_or(line.len(), |at| at + '》'.len_utf8());
        if line[end..].starts_with(['（', '(']) {
            end = line[end..].find(['）', ')']).map_or(end, |at| {
                end + at + line[end + at..].chars().next().map_or(0, char::len_utf8)
            });
        }
        return part(end);
    }
    if has_document || line.starts_with('第') {
        return ("", line);
    }
    part(line.find('第').unwrap_or(line.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_is_parted_into_document_and_clause() {
        for (line, has, document, clause) in [
            ("第七条", true, "", "第七条"),
            (
                "《条例》（国令1号），第七条",
                true,
                "《条例》（国令1号）",
                "第七条",
            ),
            (
                "国办发〔2023〕1号 第二部分",
                false,
                "国办发〔2023〕1号",
                "第二部分",
            ),
            ("附件一", true, "", "附件一"),
            ("附件一", false, "附件一", ""),
        ] {
            let (found, rest) = part_citation(line, has);
            assert_eq!((found.trim(), rest), (document, clause), "{line}");
        }
    }
}
