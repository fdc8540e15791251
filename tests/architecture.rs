//! The house rules that a tool can read: which room may know which, how long files and functions may be, their names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

#[path = "architecture/arrows.rs"]
mod arrows;
#[path = "architecture/deploy.rs"]
mod deploy;
#[path = "architecture/source.rs"]
mod source;

use arrows::{arrow_faults, circles, known_rooms, room_of};
use source::Source;

const FILE_LINES_MAX: usize = 400;
const BODY_LINES_MAX: usize = 60;

const NAMES_THAT_SAY_NOTHING: &[&str] = &[
    "prelude", "utils", "util", "helpers", "common", "manager", "mod",
];

#[test]
fn the_house_rules_hold() {
    let dependencies = dependencies();
    let mut arrows = BTreeMap::new();
    let mut faults = Vec::new();
    for path in rust_files("src") {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.to_str().unwrap();
        let inside = name
            .strip_prefix("src/")
            .unwrap()
            .strip_suffix(".rs")
            .unwrap();
        faults.extend(shape_faults(name, &text));
        faults.extend(arrow_faults(inside, &text, &dependencies));
        arrows.extend(
            known_rooms(inside, &text)
                .into_iter()
                .map(|(room, line)| ((room_of(inside).to_owned(), room), format!("{name}:{line}"))),
        );
    }
    for path in rust_files("tests") {
        let text = fs::read_to_string(&path).unwrap();
        faults.extend(size_faults(path.to_str().unwrap(), &text));
    }
    faults.extend(circles(&arrows));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Names, the first line, file and function sizes.
fn shape_faults(file: &str, text: &str) -> Vec<String> {
    let mut faults = size_faults(file, text);
    for part in file.trim_end_matches(".rs").split('/') {
        if NAMES_THAT_SAY_NOTHING.contains(&part) {
            faults.push(format!(
                "{file}:1: `{part}` does not say what the room is for"
            ));
        }
    }
    let source = Source::new(file, text);
    for function in source
        .functions()
        .iter()
        .filter(|function| !source.is_test(function.at))
    {
        if function.body_lines > BODY_LINES_MAX {
            let (line, name, lines) = (
                source.line(function.at),
                &function.name,
                function.body_lines,
            );
            faults.push(format!(
                "{file}:{line}: `{name}` has {lines} lines, at most {BODY_LINES_MAX} are allowed"
            ));
        }
    }
    faults
}

fn size_faults(file: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//! ") {
        faults.push(format!(
            "{file}:1: the first line says what the file is for: `//! …`"
        ));
    }
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        faults.push(format!(
            "{file}:{lines}: {lines} lines, at most {FILE_LINES_MAX} are allowed"
        ));
    }
    faults
}

/// The names under `[dependencies]`, as code writes them.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string("Cargo.toml").expect("tests run at the root");
    let from = manifest
        .find("[dependencies]")
        .expect("a manifest has dependencies");
    manifest[from..]
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(['=', '.'])?.0.trim().replace('-', "_")))
        .collect()
}

fn rust_files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a folder that can be read").path();
        if path.is_dir() {
            files.extend(rust_files(path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The rules themselves, on wrong code.
mod catches {
    use super::*;

    fn told(inside: &str, text: &str) -> String {
        let dependencies = ["sqlx", "serde", "pulldown_cmark", "tokio"]
            .map(String::from)
            .into();
        arrow_faults(inside, text, &dependencies).join("\n")
    }

    #[test]
    fn a_core_room_that_knows_the_right_or_the_shell() {
        let text = "use crate::{\n    bank::{fault::Fault, points::Points},\n    grading,\n};\n";
        assert_eq!(
            told("paper/draw", text),
            "src/paper/draw.rs:1: `paper` must not know `grading`"
        );
        assert!(
            told("bank", "fn now() -> i64 {\n    crate::clock::fresh()\n}").contains("bank.rs:2: ")
        );
        assert_eq!(
            told(
                "contest",
                "use crate::{attempt, bank::points, paper::Paper};"
            ),
            ""
        );
    }

    #[test]
    fn a_shell_room_that_knows_more_than_it_may() {
        assert_eq!(told("error", "use crate::bank::fault::Fault;"), "");
        assert!(told("error", "use crate::bank::{fault, question};").contains("`bank::question`"));
        assert!(told("app/proctor", "use crate::web;").contains("`app` must not know `web`"));
        assert!(told("main", "use yikouqing::cli;").is_empty());
        assert!(told("misc", "").contains("new room"));
    }

    #[test]
    fn crates_out_of_place() {
        assert!(
            told("web/board", "async fn f() {\n    sqlx::query(a);\n}")
                .contains("board.rs:2: `sqlx`")
        );
        assert!(told("bank/lint", "use pulldown_cmark::Parser;").contains("bank/dialect only"));
        assert_eq!(
            told("bank/dialect/blanks", "use pulldown_cmark::Parser;"),
            ""
        );
        assert!(
            told("grading", "#[derive(tokio::Mystery)]\nstruct A;").contains("pure crates only")
        );
    }

    #[test]
    fn a_core_that_reaches_out() {
        assert!(told("bank", "use std::{collections::BTreeMap, fs};").contains("`std::fs`"));
        assert!(told("paper", "use std::time::Instant;").contains("`std::time::Instant`"));
        assert!(told("paper", "pub async fn draw() {}").contains("`async`"));
        assert!(told("paper", "fn f() { super::store::open() }").contains("say `crate::"));
        let quiet = "//! std::fs\nconst A: &str = \"use std::fs;\";\n#[cfg(test)]\nmod tests {\n use std::fs;\n}\n";
        assert_eq!(told("paper", quiet), "");
    }

    #[test]
    fn shapes() {
        let long = format!(
            "//! Long.\nfn f(a: [u8; 2]) {{\n{}}}\n",
            "    g('{');\n".repeat(61)
        );
        assert_eq!(
            shape_faults("src/a.rs", &long),
            ["src/a.rs:2: `f` has 61 lines, at most 60 are allowed"]
        );
        assert!(shape_faults("src/web/utils.rs", "//! x\n")[0].contains("`utils`"));
        assert!(shape_faults("src/bank/mod.rs", "//! x\n")[0].contains("`mod`"));
        assert!(shape_faults("src/a/tests.rs", &long).is_empty());
        assert!(shape_faults("src/a.rs", "use x;\n")[0].contains("first line"));
        assert!(shape_faults("src/a.rs", &"//! x\n".repeat(401))[0].contains("401 lines"));
    }

    #[test]
    fn a_circle_of_peers() {
        let arrow = |from: &str, to: &str| ((from.to_owned(), to.to_owned()), "here".to_owned());
        let arrows = [
            arrow("bank", "people"),
            arrow("people", "bank"),
            arrow("paper", "bank"),
        ]
        .into();
        assert_eq!(circles(&arrows).len(), 1);
    }
}
