//! Text can be read: every pair of colours that stands on a page, light and dark, has 4.5:1 or better (WCAG 2.2 AA),
//! and nothing is set smaller than 14 px.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// Token of the text, token of its ground, and where they meet.
const PAIRS: &[(&str, &str, &str)] = &[
    ("ink", "paper", "everything read"),
    ("ink", "card", "text on a card"),
    (
        "ink",
        "cobalt-wash",
        "a chosen choice, the own row of a board",
    ),
    (
        "ink",
        "field-wash",
        "the key among the choices, words that were heard",
    ),
    ("soft", "paper", "notes"),
    ("soft", "card", "notes on a card"),
    ("soft", "field-wash", "what was typed, beside the key"),
    ("soft", "cobalt-wash", "a person's post once chosen"),
    ("vermilion", "paper", "quiet buttons, the clock"),
    ("vermilion", "card", "quiet buttons on a card"),
    ("vermilion", "vermilion-wash", "alerts, ✗ 答错了"),
    ("on", "vermilion", "the one button to press"),
    ("field", "paper", "✓ 已存好"),
    ("field", "card", "✓ 已存好 on a card"),
    ("field", "field-wash", "✓ 答对了, a done cell of 答题卡"),
    ("wheat", "paper", "◌ 还没存上"),
    ("wheat", "card", "◌ 还没存上 on a card"),
    ("wheat", "wheat-wash", "chips, notices, a waiting cell"),
    ("cobalt", "paper", "links"),
    ("cobalt", "card", "links on a card"),
    ("cobalt", "wheat-wash", "a link in a notice"),
    ("cobalt", "cobalt-wash", "the tab that is open"),
    ("card", "cobalt", "the letter of a chosen choice"),
];

const LEAST: f64 = 4.5;
/// Of the root, as `app.css` sets it.
const REM_PX: f64 = 17.0;
const SMALLEST_PX: f64 = 14.0;

fn sheets() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets");
    let files = fs::read_dir(folder).expect("the assets");
    let paths = files.map(|file| file.expect("a file").path());
    let mut sheets: Vec<(String, String)> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "css"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), fs::read_to_string(&path).expect("text"))
        })
        .collect();
    sheets.sort();
    sheets
}

type Tokens = BTreeMap<String, [u8; 3]>;

/// The colours of a `:root{…}` block: `--ink:#1e1a16` and the short `#fff`.
fn tokens(block: &str) -> Tokens {
    let declared = block.split([';', '{', '}', '\n']);
    declared
        .filter_map(|each| {
            let (name, value) = each.trim().strip_prefix("--")?.split_once(':')?;
            let hex = value.trim().strip_prefix('#')?;
            let hex = match hex.len() {
                3 => hex.chars().flat_map(|digit| [digit, digit]).collect(),
                _ => hex.to_owned(),
            };
            let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
            Some((name.to_owned(), [byte(0)?, byte(2)?, byte(4)?]))
        })
        .collect()
}

/// Light, and dark where only what changes is said again.
fn themes() -> [(&'static str, Tokens); 2] {
    let sheets = sheets();
    let (_, app) = sheets
        .iter()
        .find(|(name, _)| name == "app.css")
        .expect("app.css");
    let (before, dark) = app
        .split_once("@media (prefers-color-scheme:dark)")
        .expect("a dark theme");
    let light = tokens(before);
    let mut night = light.clone();
    night.extend(tokens(dark.split("}}").next().unwrap_or_default()));
    [("light", light), ("dark", night)]
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_measure_is_the_one_of_wcag() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
}

#[test]
fn text_stands_out_from_its_ground_by_day_and_by_night() {
    let mut low = Vec::new();
    for (theme, tokens) in themes() {
        for (text, ground, place) in PAIRS {
            let colour = |token: &str| {
                let found = tokens.get(token);
                *found.unwrap_or_else(|| panic!("app.css has no --{token}"))
            };
            let reached = contrast(colour(text), colour(ground));
            println!("{theme:5} {reached:5.2} --{text} on --{ground}: {place}");
            if reached < LEAST {
                low.push(format!(
                    "{theme} {reached:.2} --{text} on --{ground}: {place}"
                ));
            }
        }
    }
    assert!(low.is_empty(), "below {LEAST}:1: {low:#?}");
}

/// Rules as selector and declarations; what stands inside `@media` too, print aside.
fn rules(css: &str) -> Vec<(String, String)> {
    let mut rules = Vec::new();
    let (mut printed, mut depth) = (false, 0_i32);
    for piece in css.split_inclusive(['{', '}']) {
        if let Some(head) = piece.strip_suffix('{') {
            let head = head.rsplit("*/").next().unwrap_or_default().trim();
            if head.starts_with("@media print") {
                (printed, depth) = (true, 0);
            }
            depth += i32::from(printed);
            rules.push((head.to_owned(), String::new()));
        } else if let Some(body) = piece.strip_suffix('}') {
            depth -= i32::from(printed);
            if let Some(last) = rules.last_mut().filter(|_| !printed) {
                last.1.push_str(body);
            }
            printed &= depth > 0;
        }
    }
    rules
}

fn value<'a>(body: &'a str, property: &str) -> Option<&'a str> {
    let declared = body.split(';').filter_map(|each| each.split_once(':'));
    declared
        .filter(|(name, _)| name.trim() == property)
        .map(|(_, value)| value.trim())
        .next_back()
}

fn token(value: &str) -> Option<&str> {
    let inside = value.strip_prefix("var(--")?;
    inside.split(')').next()
}

#[test]
fn no_rule_sets_a_pair_that_is_not_measured() {
    let mut unmeasured = Vec::new();
    for (name, css) in sheets() {
        for (selector, body) in rules(&css) {
            let text = value(&body, "color").and_then(token);
            let ground = value(&body, "background").and_then(token);
            let (Some(text), Some(ground)) = (text, ground) else {
                continue;
            };
            let known = PAIRS
                .iter()
                .any(|(one, other, _)| (*one, *other) == (text, ground));
            if !known {
                unmeasured.push(format!("{name}: {selector}: --{text} on --{ground}"));
            }
        }
    }
    assert!(unmeasured.is_empty(), "{unmeasured:#?}");
}

#[test]
fn colours_come_from_the_tokens() {
    let mut bare = Vec::new();
    for (name, css) in sheets() {
        for (selector, body) in rules(&css) {
            // Tickets are cut from white paper whatever the theme.
            let paper = selector.starts_with(".ticket") || selector.contains(":root");
            for property in ["color", "background", "border-color"] {
                let set = value(&body, property).filter(|set| set.starts_with('#') && !paper);
                if let Some(set) = set {
                    bare.push(format!("{name}: {selector}: {property}: {set}"));
                }
            }
        }
    }
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn nothing_is_set_smaller_than_fourteen_pixels() {
    let mut small = Vec::new();
    for (name, css) in sheets() {
        for (selector, body) in rules(&css) {
            let size = value(&body, "font-size").and_then(|size| size.strip_suffix("rem"));
            let size: Option<f64> = size.and_then(|size| size.parse().ok());
            if let Some(px) = size
                .map(|size| size * REM_PX)
                .filter(|px| *px < SMALLEST_PX)
            {
                small.push(format!("{name}: {selector}: {px} px"));
            }
        }
    }
    assert!(small.is_empty(), "{small:#?}");
}
