//! Warnings over sound questions: what a careful colleague would say of them. Each must be right, or it is noise.

mod figures;
mod keys;
mod near;
mod replaced;
mod wording;

use std::{collections::BTreeMap, sync::Arc};

use crate::bank::question::Question;

/// What is said of a question or, at its first line, of a file.
#[derive(Debug)]
pub(in crate::bank) struct Remark {
    pub(in crate::bank) code: &'static str,
    pub(in crate::bank) file: String,
    /// From 1.
    pub(in crate::bank) line: usize,
    /// The words meant, where they stand in that line; else the whole line is.
    pub(in crate::bank) words: String,
    pub(in crate::bank) message: String,
    pub(in crate::bank) help: String,
    pub(in crate::bank) question: Option<String>,
}

impl Remark {
    fn on(
        question: &Question,
        code: &'static str,
        words: &str,
        message: String,
        help: &str,
    ) -> Remark {
        Remark {
            code,
            file: question.place.file.clone(),
            line: question.place.line,
            words: words.to_owned(),
            message,
            help: help.to_owned(),
            question: Some(question.id.0.clone()),
        }
    }

    fn on_file(file: &str, code: &'static str, message: String, help: String) -> Remark {
        Remark {
            code,
            file: file.to_owned(),
            line: 1,
            words: String::new(),
            message,
            help,
            question: None,
        }
    }
}

pub(in crate::bank) fn remarks(questions: &[Arc<Question>]) -> Vec<Remark> {
    let mut remarks = near::remarks(questions);
    remarks.extend(replaced::remarks(questions));
    for question in questions {
        remarks.extend(wording::double_negative(question));
        remarks.extend(wording::all_of_the_above(question));
        remarks.extend(figures::yearless(question));
    }
    let mut by_file: BTreeMap<&str, Vec<&Question>> = BTreeMap::new();
    for question in questions {
        by_file
            .entry(&question.place.file)
            .or_default()
            .push(question);
    }
    for (file, questions) in by_file {
        remarks.extend(keys::longest(file, &questions));
        remarks.extend(keys::letters(file, &questions));
        remarks.extend(keys::truths(file, &questions));
    }
    remarks
}
