//! A paper as Markdown, to read in a terminal or to print.

use std::fmt::Write;

use crate::{
    attempt::answer::letter,
    cli::paper::keys::{KeyedQuestion, KeyedSheet, sections},
};

pub(super) fn markdown(paper: &KeyedSheet, with_keys: bool) -> String {
    let mut text = format!(
        "# {}\n\n满分 {} 分，共 {} 题。\n",
        paper.title,
        paper.points,
        paper.questions.len()
    );
    for section in sections(&paper.questions) {
        let _ = write!(text, "\n## {}\n", section.heading);
        let mut material = None;
        for question in section.questions {
            if question.shown.material != material {
                material = question.shown.material;
                let shown = paper
                    .materials
                    .iter()
                    .find(|each| Some(each.number) == material);
                if let Some(shown) = shown {
                    let _ = write!(
                        text,
                        "\n材料{}：\n\n{}\n",
                        shown.number,
                        shown.html.as_str().trim()
                    );
                }
            }
            put_question(&mut text, question);
        }
    }
    if with_keys {
        put_keys(&mut text, &paper.questions);
    }
    text
}

fn put_question(text: &mut String, question: &KeyedQuestion) {
    let stem = question.stem_text.trim().replace('\n', "\n   ");
    let _ = write!(
        text,
        "\n{}\\. {stem}（{} 分）\n",
        question.shown.number, question.shown.points
    );
    if !question.choice_texts.is_empty() {
        text.push('\n');
    }
    for (place, choice) in question.choice_texts.iter().enumerate() {
        let _ = writeln!(text, "- {}．{choice}", letter(place));
    }
}

fn put_keys(text: &mut String, questions: &[KeyedQuestion]) {
    text.push_str("\n## 参考答案\n\n| 题号 | 答案 | 难度 | 专题 | 题目编号 | 依据 |\n|---|---|---|---|---|---|\n");
    for question in questions {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            question.shown.number,
            cell(&question.key_text()),
            question.difficulty,
            cell(&question.topic),
            question.id.0,
            cell(&question.source)
        );
    }
}
