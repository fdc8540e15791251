//! What is wrong with a bank, where, and how to write it right: data first, rendering after.

use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Keeps its question (or blueprint) out of the bank.
    Error,
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub severity: Severity,
    /// Stable, kebab-case, for programs: `no-key`, `unknown-post`.
    pub code: &'static str,
    /// Relative to its bank's folder.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// How many characters of the line are meant, at least 1.
    pub length: usize,
    /// The line itself, without its end.
    pub text: String,
    /// What is wrong, in Chinese.
    pub message: String,
    /// How to write it right, in Chinese.
    pub help: String,
    /// The question it belongs to, where there is one.
    pub question: Option<String>,
}
