//! One file's text with its line starts, and the notes taken while reading it: byte ranges first, faults at the end.

use std::ops::Range;

use crate::bank::fault::{Fault, Severity};

/// A file's text, without a byte order mark, and where its lines begin.
#[derive(Debug)]
pub(in crate::bank) struct Sheet<'a> {
    pub(in crate::bank) file: &'a str,
    pub(in crate::bank) text: &'a str,
    starts: Vec<usize>,
}

/// A fault before its place is worked out.
#[derive(Debug)]
pub(in crate::bank) struct Note {
    pub(in crate::bank) severity: Severity,
    pub(in crate::bank) code: &'static str,
    /// Bytes of the text.
    pub(in crate::bank) at: Range<usize>,
    pub(in crate::bank) message: String,
    pub(in crate::bank) help: String,
    pub(in crate::bank) question: Option<String>,
}

impl Note {
    pub(in crate::bank) fn error(
        code: &'static str,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Note {
        Note {
            severity: Severity::Error,
            code,
            at,
            message: message.into(),
            help: help.into(),
            question: None,
        }
    }

    pub(in crate::bank) fn warning(
        code: &'static str,
        at: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Note {
        Note {
            severity: Severity::Warning,
            ..Note::error(code, at, message, help)
        }
    }

    pub(in crate::bank) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl<'a> Sheet<'a> {
    pub(in crate::bank) fn new(file: &'a str, text: &'a str) -> Sheet<'a> {
        let mut starts = Vec::with_capacity(text.len() / 32);
        starts.push(0);
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        if text.contains('\r') {
            let lone = |(at, _): (usize, &str)| !text[at + 1..].starts_with('\n');
            let returns = text.match_indices('\r').filter(|found| lone(*found));
            starts.extend(returns.map(|(at, _)| at + 1));
            starts.sort_unstable();
        }
        Sheet { file, text, starts }
    }

    /// From 1.
    pub(in crate::bank) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }

    /// The bytes of the line this offset stands in, without its end.
    pub(in crate::bank) fn line_range(&self, offset: usize) -> Range<usize> {
        let line = self.line(offset);
        let start = self.starts[line - 1];
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let content = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + content.len()
    }

    /// Every line with its end and where it begins.
    pub(in crate::bank) fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> {
        let ends = self.starts[1..].iter().copied().chain([self.text.len()]);
        self.starts
            .iter()
            .zip(ends)
            .map(|(start, end)| (*start, &self.text[*start..end]))
    }

    /// Where the line behind the one of this offset begins; the text's length behind the last.
    pub(in crate::bank) fn next_line(&self, offset: usize) -> usize {
        let line = self.line(offset);
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// The bytes of these words in a line (from 1), or of the whole line.
    pub(in crate::bank) fn words_in_line(&self, line: usize, words: &str) -> Range<usize> {
        let start = self
            .starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let line = self.line_range(start);
        match self.text[line.clone()]
            .find(words)
            .filter(|_| !words.is_empty())
        {
            Some(at) => line.start + at..line.start + at + words.len(),
            None => line,
        }
    }

    pub(in crate::bank) fn line_text(&self, offset: usize) -> &'a str {
        &self.text[self.line_range(offset)]
    }

    pub(in crate::bank) fn slice(&self, range: &Range<usize>) -> &'a str {
        &self.text[range.clone()]
    }

    pub(in crate::bank) fn fault(&self, note: Note) -> Fault {
        let line = self.line_range(note.at.start.min(self.text.len()));
        let start = note.at.start.clamp(line.start, line.end);
        let end = note.at.end.clamp(start, line.end);
        let count = |range: Range<usize>| {
            self.text
                .get(range)
                .map_or(0, |between| between.chars().count())
        };
        Fault {
            severity: note.severity,
            code: note.code,
            file: self.file.to_owned(),
            line: self.line(line.start),
            column: count(line.start..start) + 1,
            length: count(start..end).max(1),
            text: self.text[line].to_owned(),
            message: note.message,
            help: note.help,
            question: note.question,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_and_lines_whatever_the_line_ends() {
        let text = "甲乙\r\n丙丁戊\r己\n";
        let sheet = Sheet::new("a.md", text);
        let at = text.find("丁戊").expect("is there");
        let fault = sheet.fault(Note::error("x", at..at + 6, "", ""));
        assert_eq!((fault.line, fault.column, fault.length), (2, 2, 2));
        assert_eq!(fault.text, "丙丁戊");
        assert_eq!(sheet.line(text.find('己').expect("is there")), 3);
        let end = sheet.fault(Note::error("x", text.len()..text.len() + 5, "", ""));
        assert_eq!((end.line, end.length), (4, 1));
    }
}
