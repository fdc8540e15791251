//! Which room may know which, and which crate belongs where.
//!
//! A new room, or a new pure crate for the core, is one entry in the tables (and a line in ARCHITECTURE.md).

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

const CORE: &[&str] = &[
    "people", "bank", "lookup", "paper", "attempt", "grading", "contest", "practice",
];

/// Room → the rooms it may know. Peers may know one another one way round only: there are no circles.
const ARROWS: &[(&str, &str)] = &[
    ("people", "bank"),
    ("bank", "people"),
    ("lookup", "bank"),
    ("paper", "people bank"),
    ("attempt", "people bank paper"),
    ("grading", "people bank paper attempt"),
    ("contest", "people bank paper attempt grading"),
    ("practice", "people bank paper attempt grading"),
    ("clock", ""),
    ("error", "bank::fault"),
    ("config", "error clock"),
    ("exchange", "CORE error"),
    ("store", "CORE error clock config exchange"),
    ("app", "CORE error clock config exchange store"),
    ("web", "CORE error clock config exchange store app"),
    ("cli", "CORE error clock config exchange store app web"),
    ("main", "CORE error clock config exchange store app web cli"),
];

/// What the core may import besides `std`.
const PURE_CRATES: &[&str] = &[
    "serde",
    "serde_json",
    "chrono",
    "rand",
    "rand_chacha",
    "sha2",
    "hmac",
    "fsrs",
    // How characters sound, and which are the usual ones: `lookup/sound`.
    "pinyin",
    "encoding_rs",
];

/// Crates that belong to one place: crate → where it may be used (a room, or a file and what is below it).
const PLACES: &[(&str, &[&str])] = &[
    ("pulldown_cmark", &["bank/dialect"]),
    ("sqlx", &["store", "error"]),
    ("axum", &["web", "cli"]),
    ("minijinja", &["web", "exchange"]),
    ("clap", &["cli", "config", "main"]),
    ("fsrs", &["practice"]),
];

/// `std` that reaches out of the core: files, network, other processes, threads, clocks.
const IMPURE_STD: &[&str] = &["fs", "net", "process", "env", "thread"];

/// `inside` is the path below `src/`, without `.rs`.
pub(crate) fn arrow_faults(
    inside: &str,
    text: &str,
    dependencies: &BTreeSet<String>,
) -> Vec<String> {
    let source = Source::new(inside, text);
    let room = room_of(inside);
    let mut faults = Vec::new();
    let mut say = |at: usize, what: String| {
        faults.push(format!("src/{inside}.rs:{}: {what}", source.line(at)));
    };
    let allowed = ARROWS
        .iter()
        .find(|(from, _)| *from == room)
        .map(|(_, to)| *to);
    if allowed.is_none() && room != "lib" {
        say(
            0,
            format!("`{room}` is a new room: give it a row in ARROWS of tests/architecture.rs"),
        );
    }
    for (at, path) in crate_paths(&source) {
        if !may_know(room, allowed.unwrap_or("CORE"), &path) {
            say(at, format!("`{room}` must not know `{}`", path.join("::")));
        }
    }
    for climb in ["super::super::", "super::"] {
        let leaves = climb == "super::super::" || !inside.contains('/');
        for (at, _) in source
            .code
            .match_indices(climb)
            .filter(|(at, _)| leaves && !source.is_test(*at))
        {
            say(
                at,
                format!("`{climb}` leads out of the room: say `crate::…`"),
            );
        }
    }
    for name in dependencies {
        for (at, _) in source
            .words(name)
            .filter(|(at, word)| names_crate(&source.code, *at, word))
        {
            if let Some(why) = misplaced(inside, name).filter(|_| !source.is_test(at)) {
                say(at, why);
            }
        }
    }
    if CORE.contains(&room) {
        for (at, what) in impurities(&source) {
            say(
                at,
                format!("the core has no I/O, no clock and no async: `{what}`"),
            );
        }
    }
    faults
}

pub(crate) fn room_of(inside: &str) -> &str {
    inside.split('/').next().unwrap_or(inside)
}

/// Paths into this crate, without their `crate`.
fn crate_paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    ["crate", "yikouqing"]
        .into_iter()
        .flat_map(|root| source.paths(root))
        .map(|path| (path.at, path.segments))
        .collect()
}

fn may_know(room: &str, allowed: &str, path: &[String]) -> bool {
    let target = path[0].as_str();
    let is_room = ARROWS.iter().any(|(name, _)| *name == target);
    !is_room
        || target == room
        || allowed.split(' ').any(|word| match word.split_once("::") {
            Some((first, second)) => first == target && path.get(1).is_some_and(|p| p == second),
            None => word == target || word == "CORE" && CORE.contains(&target),
        })
}

/// `name::…`, `use name;` or `use name as …`.
fn names_crate(code: &str, at: usize, name: &str) -> bool {
    code[at + name.len()..].starts_with("::") || code[..at].ends_with("use ")
}

/// Why this crate has no business in this file, if so.
fn misplaced(inside: &str, name: &str) -> Option<String> {
    let place = PLACES
        .iter()
        .find(|(placed, _)| *placed == name)
        .map(|(_, places)| *places);
    let at_home = |home: &&str| inside == *home || inside.starts_with(&format!("{home}/"));
    match place {
        Some(places) if places.iter().any(at_home) => None,
        Some(places) => Some(format!("`{name}` is used in {} only", places.join(", "))),
        None if CORE.contains(&room_of(inside)) && !PURE_CRATES.contains(&name) => Some(format!(
            "the core imports pure crates only, not `{name}` (PURE_CRATES in tests/architecture.rs)"
        )),
        None => None,
    }
}

fn impurities(source: &Source) -> Vec<(usize, String)> {
    let std = source.paths("std").into_iter().filter(|path| {
        let clock = path
            .segments
            .iter()
            .any(|word| word == "Instant" || word == "SystemTime");
        clock || IMPURE_STD.contains(&path.segments[0].as_str())
    });
    let mut found: Vec<_> = std
        .map(|path| (path.at, format!("std::{}", path.segments.join("::"))))
        .collect();
    found.extend(
        source
            .words("async")
            .map(|(at, word)| (at, word.to_owned())),
    );
    found.retain(|(at, _)| !source.is_test(*at));
    found
}

/// The rooms this file knows, each with a line where it does.
pub(crate) fn known_rooms(inside: &str, text: &str) -> Vec<(String, usize)> {
    let source = Source::new(inside, text);
    crate_paths(&source)
        .into_iter()
        .map(|(at, path)| (path[0].clone(), source.line(at)))
        .filter(|(room, _)| room != room_of(inside) && ARROWS.iter().any(|(name, _)| name == room))
        .collect()
}

pub(crate) fn circles(arrows: &BTreeMap<(String, String), String>) -> Vec<String> {
    arrows
        .iter()
        .filter(|((from, to), _)| from < to)
        .filter_map(|((from, to), there)| {
            let back = arrows.get(&(to.clone(), from.clone()))?;
            Some(format!(
                "{there}: `{from}` knows `{to}`, and `{to}` knows `{from}` at {back}: a circle"
            ))
        })
        .collect()
}
