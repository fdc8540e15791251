//! A Rust file as the architecture test sees it: code without comments and literals, its paths, its functions.

use std::ops::Range;

/// Code with every comment, string and character literal blanked out, so that a word found in it is code.
/// Lines and columns stay what they were.
pub(crate) struct Source {
    pub(crate) code: String,
    /// What stands under `#[cfg(test)]`.
    tests: Vec<Range<usize>>,
}

/// A path such as `crate::bank::fault`, its segments, and where it stands.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    pub(crate) at: usize,
}

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) at: usize,
    pub(crate) body_lines: usize,
}

impl Source {
    /// `name` tells a file of tests (`…/tests.rs`) from the rest.
    pub(crate) fn new(name: &str, text: &str) -> Source {
        let code = blank_literals(text);
        let mut tests: Vec<_> = code
            .match_indices("#[cfg(test)]")
            .filter_map(|(at, _)| {
                let open = at + code[at..].find(['{', ';'])?;
                Some(at..closing(&code, open))
            })
            .collect();
        if name.trim_end_matches(".rs").ends_with("/tests") {
            tests.push(0..code.len());
        }
        Source { code, tests }
    }

    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.code[..at].matches('\n').count()
    }

    pub(crate) fn is_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// Every path that begins with `root::`, groups in braces taken apart.
    pub(crate) fn paths(&self, root: &str) -> Vec<Path> {
        let mut paths = Vec::new();
        for (at, _) in self.words(root) {
            let rest = &self.code[at + root.len()..];
            if let Some(tail) = rest.strip_prefix("::") {
                let before = paths.len();
                tree(tail, &mut Vec::new(), &mut paths);
                paths[before..].iter_mut().for_each(|path| path.at = at);
            }
        }
        paths
    }

    /// Whole words, not a part of a longer path to their left.
    pub(crate) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        self.code.match_indices(word).filter(move |(at, _)| {
            let before = self.code[..*at].chars().next_back();
            let after = self.code[at + word.len()..].chars().next();
            !before.is_some_and(|c| is_name(c) || c == ':') && !after.is_some_and(is_name)
        })
    }

    pub(crate) fn functions(&self) -> Vec<Function> {
        self.words("fn")
            .filter_map(|(at, _)| {
                let rest = &self.code[at + 2..];
                let name: String = rest
                    .trim_start()
                    .chars()
                    .take_while(|c| is_name(*c))
                    .collect();
                let open = at + 2 + body(rest)?;
                let lines = self.line(closing(&self.code, open)) - self.line(open);
                let body_lines = lines.saturating_sub(1);
                (!name.is_empty()).then_some(Function {
                    name,
                    at,
                    body_lines,
                })
            })
            .collect()
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the body's brace opens after a signature; `None` for a signature alone.
fn body(signature: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in signature.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ';' if depth == 0 => return None,
            '{' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// The place of the brace that closes the one at `open`; `open` itself where there is none.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at;
        }
    }
    code.len()
}

/// Reads `a::{b, c::d}` into `a::b` and `a::c::d`; answers how much of the text it read.
fn tree(text: &str, prefix: &mut Vec<String>, paths: &mut Vec<Path>) -> usize {
    let depth = prefix.len();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let name: String = text[at..]
            .chars()
            .take_while(|c| is_name(*c) || *c == '*')
            .collect();
        at += name.len();
        if !name.is_empty() {
            prefix.push(name);
        } else if text[at..].starts_with('{') {
            at += 1;
            while !text[at..].starts_with('}') && at < text.len() {
                at += tree(&text[at..], prefix, paths);
                at += text[at..].find([',', '}']).unwrap_or(text[at..].len());
                at += usize::from(text[at..].starts_with(','));
                at += text[at..].len() - text[at..].trim_start().len();
            }
            prefix.truncate(depth);
            return (at + 1).min(text.len());
        }
        if text[at..].starts_with("::") {
            at += 2;
        } else {
            let segments = prefix.clone();
            // A macro is not a room: `crate::on!(…)`.
            if prefix.len() > depth && !text[at..].starts_with('!') {
                paths.push(Path { segments, at: 0 });
            }
            prefix.truncate(depth);
            return at;
        }
    }
}

fn blank_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = literal(rest, code.chars().next_back());
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(
                rest[..length]
                    .bytes()
                    .map(|b| if b == b'\n' { '\n' } else { ' ' }),
            );
            rest = &rest[length..];
        }
    }
    code
}

/// The length of the comment or literal that begins here; 0 where none does.
fn literal(text: &str, before: Option<char>) -> usize {
    let end = |from: usize, mark: &str| {
        text[from..]
            .find(mark)
            .map_or(text.len(), |found| from + found + mark.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return end(2, "*/");
    }
    if text.starts_with('r') && !before.is_some_and(|c| is_name(c) && c != 'b') {
        let hashes = text[1..].chars().take_while(|c| *c == '#').count();
        if text[1 + hashes..].starts_with('"') {
            return end(2 + hashes, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    if let Some(inner) = text.strip_prefix('"') {
        return 1 + quoted(inner, '"');
    }
    if let Some(inner) = text.strip_prefix('\'') {
        let mut chars = inner.chars();
        let (one, two) = (chars.next(), chars.next());
        // Otherwise a lifetime.
        if one == Some('\\') || two == Some('\'') {
            return 1 + quoted(inner, '\'');
        }
    }
    0
}

/// How far it is to just past the closing quote.
fn quoted(inner: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    inner.len()
}
