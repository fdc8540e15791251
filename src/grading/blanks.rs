//! 填空: each blank by value, in order or in any order.

use crate::{
    bank::{blueprint::Scoring, points::Points, question::Blanks},
    grading::{
        Found, Graded, PartGrade,
        numbers::{Token, read},
        rules,
    },
};

pub(super) fn grade(key: &Blanks, texts: &[String], full: Points, scoring: Scoring) -> Graded {
    let accepted: Vec<Vec<Vec<Token>>> = key
        .accepted
        .iter()
        .map(|ways| ways.iter().map(|way| value(way)).collect())
        .collect();
    let written: Vec<Vec<Token>> = texts.iter().map(|text| value(text)).collect();
    let fits = |field: usize, blank: usize| {
        let written = written.get(field).filter(|tokens| !tokens.is_empty());
        written.is_some_and(|tokens| accepted[blank].contains(tokens))
    };
    let blanks = accepted.len();
    let right: Vec<bool> = if key.any_order {
        best_matching(blanks, &fits)
    } else {
        (0..blanks).map(|blank| fits(blank, blank)).collect()
    };
    let found = right.iter().filter(|right| **right).count();
    let parts = right
        .into_iter()
        .map(|right| PartGrade {
            found: if right { Found::Yes } else { Found::No },
            taken: None,
        })
        .collect();
    Graded::of_parts(rules::parts_found(scoring, full, found, blanks), parts)
}

/// What a written text is worth comparing: numbers by value, width and case folded, spaces and quotation marks gone,
/// marks at the end gone.
fn value(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = read(text)
        .into_iter()
        .map(|read| read.token)
        .filter(|token| !matches!(token, Token::Char(c) if c.is_whitespace() || "《》〈〉“”‘’\"'「」".contains(*c)))
        .collect();
    while let Some(Token::Char('。' | '.' | ',' | '、' | ';' | '!')) = tokens.last() {
        tokens.pop();
    }
    tokens
}

/// Fields that can be given a blank each, as many as possible: augmenting paths, fields in order.
fn best_matching(blanks: usize, fits: &dyn Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut owner: Vec<Option<usize>> = vec![None; blanks];
    (0..blanks)
        .map(|field| take(field, fits, &mut owner, &mut vec![false; blanks]))
        .collect()
}

fn take(
    field: usize,
    fits: &dyn Fn(usize, usize) -> bool,
    owner: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for blank in 0..owner.len() {
        if tried[blank] || !fits(field, blank) {
            continue;
        }
        tried[blank] = true;
        if owner[blank].is_none_or(|other| take(other, fits, owner, tried)) {
            owner[blank] = Some(field);
            return true;
        }
    }
    false
}
