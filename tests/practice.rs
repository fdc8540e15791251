//! `yikouqing practice simulate`: one command, one table, one chart, the same figures for the same seed.

use std::process::{Command, Output};

fn simulate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yikouqing"))
        .args(["practice", "simulate"])
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it writes text")
}

#[test]
fn the_table_is_reproducible_and_ten_chosen_hold_more_in_every_kind_of_person() {
    let first = simulate(&["--people", "12"]);
    assert!(first.status.success(), "{}", text(&first.stderr));
    let table = text(&first.stdout);
    assert_eq!(table, text(&simulate(&["--people", "12"]).stdout));
    assert_ne!(
        table,
        text(&simulate(&["--people", "12", "--seed", "2"]).stdout)
    );
    for who in ["忘得快", "一般", "忘得慢", "全体"] {
        let line = table
            .lines()
            .find(|line| line.trim_start().starts_with(who))
            .unwrap();
        let more = line.split_whitespace().nth(6).unwrap();
        assert!(more.starts_with('+') && more != "+0.0", "{line}");
    }
}

#[test]
fn the_chart_is_an_svg_of_both_courses_for_each_kind_of_person() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unit.svg");
    let done = simulate(&[
        "--people",
        "3",
        "--days",
        "9",
        "--chart",
        path.to_str().unwrap(),
    ]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let chart = std::fs::read_to_string(&path).unwrap();
    assert!(chart.starts_with("<svg xmlns=") && chart.ends_with("</svg>\n"));
    assert_eq!(chart.matches("<polyline").count(), 6);
    assert_eq!(
        chart
            .split("points=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .split(' ')
            .count(),
        10
    );
}

#[test]
fn a_chart_that_cannot_be_written_and_too_few_people_are_said_plainly() {
    let nowhere = simulate(&[
        "--people",
        "3",
        "--days",
        "2",
        "--chart",
        "/no/such/folder/unit.svg",
    ]);
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(
        text(&nowhere.stderr).contains("写不了图"),
        "{}",
        text(&nowhere.stderr)
    );
    assert_eq!(simulate(&["--people", "2"]).status.code(), Some(2));
}
