//! Faults in the manner of rustc: the place, the line itself, what is wrong, how to write it right.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::bank::fault::{Fault, Severity};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    Terminal,
    Plain,
}

/// All of them, an empty line after each.
pub fn faults(faults: &[Fault], colors: Colors) -> String {
    let renderer = match colors {
        Colors::Terminal => Renderer::styled(),
        Colors::Plain => Renderer::plain(),
    };
    let mut rendered = String::new();
    for fault in faults {
        rendered.push_str(&one(fault, &renderer));
        rendered.push_str("\n\n");
    }
    rendered
}

fn one(fault: &Fault, renderer: &Renderer) -> String {
    let level = match fault.severity {
        Severity::Error => Level::ERROR.with_name("错误"),
        Severity::Warning => Level::WARNING.with_name("提醒"),
    };
    let line = fault.text.as_str();
    let byte = |characters: usize| {
        line.char_indices()
            .nth(characters)
            .map_or(line.len(), |(at, _)| at)
    };
    let start = byte(fault.column - 1);
    let end = byte(fault.column - 1 + fault.length).max(start);
    let snippet = Snippet::source(line)
        .line_start(fault.line)
        .path(fault.file.as_str())
        .annotation(AnnotationKind::Primary.span(start..end));
    let help = annotate_snippets::normalize_untrusted_str(&fault.help);
    let report = level
        .primary_title(fault.message.as_str())
        .id(fault.code)
        .element(snippet)
        .element(Level::HELP.with_name("改法").message(help));
    renderer.render(&[report])
}
