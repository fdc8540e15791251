//! `yikouqing paper …` on a small Markdown bank: the forms, the same paper for the same seed, and plain refusals.

use std::{fmt::Write, fs, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

const BLUEPRINT: &str = "---
细目表: 测试卷
时长: 10分钟
及格: 3
难度: 3
---

| 专题 | 单选 | 判断 |
|---|---|---|
| 每题分值 | 2 | 1.5 |
| 防止返贫 | 2 | 1 |
";

fn bank() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text =
        "---\n专题: 防止返贫\n来源: 《办法》（国发〔2021〕1号）\n---\n\n# 防止返贫\n".to_owned();
    for n in 1..=6 {
        let _ = write!(
            text,
            "\n## 第{n}条说的期限是哪一个？ {{#q{n} 难度=3}}\n\n- [ ] {n}1日\n- [x] {n}2日\n- [ ] {n}3日\n\n> 依据：第{n}条\n>\n> 机密解析\n"
        );
    }
    text += "\n## 这是对的。 {#j1 难度=3}\n\n- [x] 正确\n- [ ] 错误\n\n> 依据：第七条\n";
    fs::create_dir(folder.path().join("blueprints")).expect("a folder");
    fs::write(folder.path().join("fpfp.md"), text).expect("a file");
    fs::write(folder.path().join("blueprints/test.md"), BLUEPRINT).expect("a file");
    folder
}

/// Exit code, standard output, standard error.
fn paper(bank: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_yikouqing"))
        .arg("paper")
        .args(arguments)
        .arg("--bank")
        .arg(bank)
        .output()
        .expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn json(bank: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = paper(bank, arguments);
    assert_eq!(code, Some(0), "{err}");
    serde_json::from_str(&out).expect("JSON")
}

#[test]
fn a_paper_comes_without_keys_unless_they_are_asked_for() {
    let bank = bank();
    let plain = [
        "assemble",
        "--blueprint",
        "测试卷",
        "--seed",
        "5",
        "--format",
        "json",
    ];
    let sheet = json(bank.path(), &plain);
    assert_eq!(
        (&sheet["title"], &sheet["points"]),
        (&"测试卷".into(), &5.5.into())
    );
    assert_eq!(sheet["questions"].as_array().map(Vec::len), Some(3));
    assert!(!sheet.to_string().contains("机密") && sheet["questions"][0].get("key").is_none());
    assert_eq!(
        sheet,
        json(bank.path(), &plain),
        "the same seed, the same paper"
    );

    let keyed = json(bank.path(), &[&plain[..], &["--with-keys"]].concat());
    let first = &keyed["questions"][0];
    assert_eq!(first["stem_html"], sheet["questions"][0]["stem_html"]);
    assert_eq!(
        (&first["difficulty"], &first["topic"]),
        (&3.into(), &"防止返贫".into())
    );
    let right = first["choices"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|c| c["letter"] == first["key"]);
    assert!(
        right.expect("the key is a letter shown")["html"]
            .to_string()
            .contains("2日")
    );
    assert!(first["rationale"].to_string().contains("机密解析"));
    for format in ["md", "html"] {
        let arguments = ["assemble", "--blueprint", "测试卷", "--format", format];
        let (_, text, _) = paper(bank.path(), &arguments);
        assert!(
            text.contains("一、单选题（2 题，每题 2 分，共 4 分）") && !text.contains("依据"),
            "{text}"
        );
        let (_, text, _) = paper(bank.path(), &[&arguments[..], &["--with-keys"]].concat());
        assert!(text.contains("依据"), "{text}");
    }
}

#[test]
fn the_simulation_reports_in_words_and_for_programs() {
    let bank = bank();
    let report = json(
        bank.path(),
        &[
            "simulate",
            "--blueprint",
            "测试卷",
            "--papers",
            "60",
            "--format",
            "json",
        ],
    );
    assert_eq!(
        (&report["papers"], &report["exposure"]["questions"]),
        (&60.into(), &7.into())
    );
    // Two of six, drawn evenly: each on twenty of sixty papers; the one judgement on all.
    assert_eq!(
        (&report["exposure"]["min"], &report["exposure"]["max"]),
        (&20.into(), &60.into())
    );
    let (code, text, _) = paper(
        bank.path(),
        &["simulate", "--blueprint", "测试卷", "--papers", "60"],
    );
    assert_eq!(code, Some(0));
    assert!(
        text.contains("防止返贫·单选：要 2，有 6，最好再补 4"),
        "{text}"
    );
}

#[test]
fn what_is_not_there_is_said_with_what_there_is() {
    let bank = bank();
    let (code, _, err) = paper(bank.path(), &["assemble", "--blueprint", "没有的"]);
    assert_eq!(
        (code, err.trim()),
        (Some(1), "错误：没有找到组卷方案“没有的”：题库里有 测试卷")
    );
    let hard = BLUEPRINT.replace("难度: 3", "难度: 4.5");
    fs::write(bank.path().join("blueprints/test.md"), hard).expect("a file");
    let (code, _, err) = paper(bank.path(), &["assemble", "--blueprint", "测试卷"]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("难度达不到：要求平均 4.5") && err.contains("更难的题"),
        "{err}"
    );
}
