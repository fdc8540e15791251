//! The dialect from outside: every file of `tests/bank` with what is read from it, every broken file of
//! `tests/broken` with what a new trainer is told, and that no text whatever makes reading fail.

use std::{fs, path::Path};

use chrono::NaiveDate;
use proptest::prelude::*;
use yikouqing::{
    bank::{Bank, SourceFile, fault::Fault, tidy},
    exchange::fault_text::{self, Colors},
};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day")
}

fn name_of(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .expect("test files have names")
}

/// The file under the name that says what it is, beside the pictures of its folder.
fn files(path: &Path) -> Vec<SourceFile> {
    let name = name_of(path);
    let (stored, needs_questions) = match name.split_once('-').map_or("", |(kind, _)| kind) {
        "blueprint" => (format!("blueprints/{name}"), true),
        "posts" => ("posts.md".to_owned(), false),
        "synonyms" => ("synonyms.md".to_owned(), false),
        _ => (name.to_owned(), false),
    };
    let mut files = vec![SourceFile {
        path: stored,
        bytes: fs::read(path).expect("the glob found it"),
    }];
    let mut add = |path: &str, file: &str| {
        if let Ok(bytes) = fs::read(Path::new("tests/bank").join(file)) {
            files.push(SourceFile {
                path: path.to_owned(),
                bytes,
            });
        }
    };
    add("figures/map.png", "figures/map.png");
    add("figures/renamed.png", "figures/renamed.png");
    if needs_questions {
        add("stock/village.md", "stock/village.md");
        add("stock/petition.md", "stock/petition.md");
    }
    files
}

#[test]
fn what_is_read_from_every_form() {
    insta::glob!("bank/*.md", |path| {
        let bank = Bank::read(&files(path), day());
        let name = name_of(path);
        let read = match name.split_once('-').map_or("", |(kind, _)| kind) {
            "blueprint" => serde_json::to_string_pretty(&bank.blueprints),
            "posts" => serde_json::to_string_pretty(&bank.posts),
            "synonyms" => serde_json::to_string_pretty(&bank.synonyms),
            _ => serde_json::to_string_pretty(&bank.questions),
        };
        let shown = format!(
            "{}\n\n{}",
            read.expect("plain data"),
            fault_text::faults(&bank.faults, Colors::Plain)
        );
        insta::assert_snapshot!(shown.trim_end());
    });
}

#[test]
fn what_a_new_trainer_is_told() {
    insta::glob!("broken/*.md", |path| {
        let bank = Bank::read(&files(path), day());
        assert!(bank.has_errors(), "{} is broken", path.display());
        insta::assert_snapshot!(fault_text::faults(&bank.faults, Colors::Plain).trim_end());
    });
}

fn question_file(text: impl Into<Vec<u8>>) -> Vec<SourceFile> {
    vec![SourceFile {
        path: "甲/a.md".to_owned(),
        bytes: text.into(),
    }]
}

/// Whatever is said of a text must point into it.
fn check_faults(faults: &[Fault]) {
    for fault in faults {
        assert!(fault.line >= 1 && fault.column >= 1 && fault.length >= 1);
        assert!(
            !fault.message.is_empty() && !fault.help.is_empty(),
            "{fault:?}"
        );
        assert!(!fault.text.contains('\n'), "{fault:?}");
    }
    fault_text::faults(faults, Colors::Plain);
}

fn tidied(path: &str, text: &str) -> String {
    let files = [SourceFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }];
    let changed = tidy::tidied(&files, |_| true).pop();
    changed.map_or(text.to_owned(), |file| {
        String::from_utf8(file.bytes).expect("it was text")
    })
}

#[test]
fn ids_are_given_after_the_highest_and_the_rest_is_put_straight() {
    let text = "---\r\n专题: 甲\r\n---\r\n# 甲\r\n## 一 {#fp-007 难度=1}\r\n* [X] 对  \r\n* [ ] 错\r\n\r\n\r\n## 二 {.多选 难度=2}\r\n\r\n- [x] 丙\r\n- [ ] 丁\r\n\r\n## 三";
    assert_eq!(
        tidied("a.md", text),
        "---\r\n专题: 甲\r\n---\r\n\r\n# 甲\r\n\r\n## 一 {#fp-007 难度=1}\r\n\r\n- [x] 对\r\n- [ ] 错\r\n\r\n## 二 {#fp-008 .多选 难度=2}\r\n\r\n- [x] 丙\r\n- [ ] 丁\r\n\r\n## 三 {#fp-009}\r\n"
    );
    assert_eq!(
        tidied("a/防 Land_Law.md", "## 一\n"),
        "## 一 {#land-law-001}\n"
    );
    assert_eq!(tidied("README.md", "## 一"), "## 一");
    assert_eq!(tidied("posts.md", "## 一 \n"), "## 一\n");
}

fn bank_of(text: &str) -> Bank {
    Bank::read(&question_file(text), day())
}

const SOUND: &str = "---\n专题: 甲\n来源: 《法》\n---\n\n## 一？ {#a-1 难度=1}\n\n- [x] 甲\n- [ ] 乙\n\n> 依据：第一条\n>\n> 因为。\n\n## 二 `1` {#a-2 难度=1}\n";

#[test]
fn a_revision_changes_with_what_is_asked_and_graded_and_with_nothing_else() {
    let base = bank_of(SOUND);
    let revision = |bank: &Bank| bank.questions[0].revision.clone();
    assert_eq!(revision(&base).0.len(), 32);
    for (from, to) in [
        ("难度=1", "难度=4"),
        ("因为", "由于"),
        ("# 一", "#   一"),
        ("---\n\n", "---\n\n\n\n"),
        ("《法》", "《令》"),
    ] {
        let other = bank_of(&SOUND.replace(from, to));
        assert_eq!(revision(&base), revision(&other), "{from} → {to}");
    }
    for (from, to) in [
        ("一？", "壹？"),
        ("- [ ] 乙", "- [ ] 丙"),
        ("- [x] 甲\n- [ ] 乙", "- [ ] 甲\n- [x] 乙"),
    ] {
        let other = bank_of(&SOUND.replace(from, to));
        assert_ne!(revision(&base), revision(&other), "{from} → {to}");
        assert_ne!(base.revision(), other.revision(), "{from} → {to}");
    }
    let explained = bank_of(&SOUND.replace("因为", "由于"));
    assert_ne!(
        base.questions[0].rationale_revision,
        explained.questions[0].rationale_revision
    );
    assert_eq!(base.revision(), explained.revision());
    assert_ne!(
        base.revision(),
        bank_of(&SOUND.replace("难度=1", "难度=2")).revision()
    );
}

#[test]
fn an_error_keeps_its_question_out_and_not_its_neighbours() {
    let base = bank_of(SOUND);
    let broken = bank_of(&SOUND.replace("[x]", "[ ]"));
    assert_eq!(broken.questions, [base.questions[1].clone()]);
    assert!(broken.keeps_out(&base.questions[0]));
    let removed = bank_of(&SOUND.replace("## 二 `1` {#a-2 难度=1}\n", ""));
    assert!(!removed.keeps_out(&base.questions[1]));
    let headless = bank_of(&SOUND.replace("专题: 甲\n", ""));
    assert!(headless.questions.is_empty() && headless.keeps_out(&base.questions[1]));
}

/// Pieces that mean something here, so that random texts reach deep.
const PIECES: &[&str] = &[
    "---\n",
    "专题: 甲\n",
    "来源：《法》\n",
    "岗位: [村文书， 甲]\n",
    "施行: 2021-06-01\n",
    "\n",
    "\n\n",
    "# 题\n",
    "## 题干",
    "### 小题",
    "##题",
    "＃＃ 题",
    " {#a-1 难度=2}",
    " {#a-2 .材料}",
    " {.多选 难度=9}",
    " ｛#a｝",
    " {#a",
    "\n- [ ] 甲",
    "\n- [x] 乙",
    "\n* [X] 丙",
    "\n+ 丁",
    "\n- 【x】戊",
    "\n-[x] 己",
    "\nA. 庚",
    "\nB、辛",
    "\n答案：B",
    "\n- [x] 正确",
    "\n- [ ] 错误",
    "\n1. **要点**|别的",
    "\n2. “**词**”的|",
    "**“词”**的",
    "____",
    "`60|六十`",
    "`|`",
    "``",
    "`",
    "\n> 依据：第七条",
    "\n>\n> 解析",
    "\n> 依据：《法》（甲）第一条",
    "<b>",
    "<!-- -->",
    "![图](b.png)",
    "![图](b c.png)",
    "[链](javascript:a)",
    "\n| 甲 | 乙 |\n|---|---|\n| `1|2` | 3 |\n",
    "\n```\n",
    "\n    code\n",
    "  \n",
    "\\\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{feff}",
    "\u{200b}",
    "字",
    "a",
    " ",
    "{",
    "}",
    "|",
    "*",
    "_",
    "\n---\n",
    "\n===\n",
    "每题分值",
    "细目表: 甲\n",
    "时长: 40分钟\n",
    "及格: 60\n",
    "难度: 2.8\n",
    "| 专题 | 单选 |\n|---|---|\n| 每题分值 | 2 |\n| 甲 | 1 |\n",
];

fn dialect_like() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check_faults(&Bank::read(&question_file(bytes), day()).faults);
    }

    #[test]
    fn any_text_is_read_whatever_its_file_is_for(text in prop_oneof![dialect_like(), "\\PC{0,200}"]) {
        for path in ["a.md", "blueprints/b.md", "posts.md"] {
            let files = [SourceFile { path: path.to_owned(), bytes: text.clone().into_bytes() }];
            check_faults(&Bank::read(&files, day()).faults);
        }
    }

    #[test]
    fn tidying_twice_is_tidying_once_and_loses_no_question(text in dialect_like()) {
        let text = format!("---\n专题: 甲\n来源: 《法》\n---\n{text}");
        let before = question_file(text.clone());
        let after = match tidy::tidied(&before, |_| true).pop() {
            Some(file) => vec![file],
            None => before.clone(),
        };
        let again = tidy::tidied(&after, |_| true);
        prop_assert!(again.is_empty(), "{:?}\n→ {:?}\n→ {:?}", text, String::from_utf8_lossy(&after[0].bytes), again);
        let (before, after) = (Bank::read(&before, day()), Bank::read(&after, day()));
        for question in before.questions {
            let kept = after.question(&question.id);
            prop_assert_eq!(kept.map(|kept| &kept.revision), Some(&question.revision));
        }
    }
}
