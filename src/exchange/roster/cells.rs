//! Cells of a roster: how names, posts and phone numbers are written, and what may stand in one.

/// 李　华 is 李华: rosters pad two-character names so that they line up. Nor do characters that nobody sees count.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !unseen(*c)).collect()
}

fn unseen(c: char) -> bool {
    let joins_or_turns =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    c.is_whitespace() || c.is_control() || joins_or_turns || c == '\u{feff}'
}

/// The group of a cell; a dash says that there is none.
pub(super) fn group_in(text: &str) -> String {
    let group = squeezed(text);
    let none = ["-", "—", "——", "－", "/", "无", "0"];
    match group.as_str() {
        word if none.contains(&word) => String::new(),
        // A column 小组 often holds the bare number.
        word if is_number(word) => format!("第{word}组"),
        _ => group,
    }
}

fn is_number(word: &str) -> bool {
    (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn posts_in(text: &str) -> Vec<String> {
    let mut posts: Vec<String> = Vec::new();
    for post in text.split(['、', '，', ',', ';', '；', '/', '／', '\n', ' ', '　']) {
        let post = squeezed(post);
        if !post.is_empty() && !posts.contains(&post) {
            posts.push(post);
        }
    }
    posts
}

/// The first number of a cell, its digits only, without the country's 86.
pub(super) fn phone_in(text: &str) -> String {
    let first = text
        .split(['、', '，', ',', ';', '；', '/', '／', '\n'])
        .find(|part| !squeezed(part).is_empty())
        .unwrap_or_default();
    let digits: String = first.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest.to_owned(),
        _ => digits,
    }
}

/// A formula that was not computed (`=A1&B1`), or what Excel shows where it failed (`#REF!`).
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '#', '＝', '＋', '－', '＠'])
}

/// 0 → `A`, 26 → `AA`.
pub(super) fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    if place < 26 {
        last.to_string()
    } else {
        letter(place / 26 - 1) + &last.to_string()
    }
}
