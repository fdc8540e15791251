//! A paper as one HTML page that prints well: nothing loaded from anywhere.

use std::fmt::Write;

use crate::{
    bank::html::Html,
    cli::paper::keys::{KeyedQuestion, KeyedSheet, sections},
};

const STYLE: &str = "body{font:16px/1.7 'Source Han Serif SC','Noto Serif CJK SC',SimSun,serif;max-width:46em;margin:2em auto;padding:0 1em}\
h1{text-align:center}.who{text-align:center;word-spacing:1em}.question{margin:1em 0;break-inside:avoid}.question p{margin:.2em 0}\
ol.choices{list-style:upper-alpha;margin:.3em 0;padding-left:2em}[data-blank]::after{content:'＿＿＿＿＿＿'}\
.material{border:1px solid #999;padding:.5em 1em;margin:1em 0}.key{color:#a00;font-size:.9em}img{max-width:100%}";

pub(super) fn html(paper: &KeyedSheet, with_keys: bool) -> String {
    let title = Html::escaped(&paper.title);
    let title = title.as_str();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <h1>{title}</h1>\n<p class=\"who\">单位＿＿＿＿＿＿ 姓名＿＿＿＿＿＿ 得分＿＿＿＿</p>\n<p>满分 {} 分，共 {} 题。</p>\n",
        paper.points,
        paper.questions.len()
    );
    for section in sections(&paper.questions) {
        let _ = writeln!(page, "<h2>{}</h2>", section.heading);
        let mut material = None;
        for question in section.questions {
            if question.shown.material != material {
                material = question.shown.material;
                let shown = paper
                    .materials
                    .iter()
                    .find(|each| Some(each.number) == material);
                if let Some(shown) = shown {
                    let html = shown.html.as_str();
                    let _ = writeln!(
                        page,
                        "<div class=\"material\">材料{}：{html}</div>",
                        shown.number
                    );
                }
            }
            put_question(&mut page, question, with_keys);
        }
    }
    page.push_str("</html>\n");
    page
}

fn put_question(page: &mut String, question: &KeyedQuestion, with_keys: bool) {
    let shown = &question.shown;
    let _ = writeln!(
        page,
        "<div class=\"question\">{}. {}（{} 分）",
        shown.number,
        shown.stem_html.as_str(),
        shown.points
    );
    if !shown.choices.is_empty() {
        page.push_str("<ol class=\"choices\">");
        for choice in &shown.choices {
            let _ = write!(page, "<li>{}</li>", choice.html.as_str());
        }
        page.push_str("</ol>\n");
    }
    if with_keys {
        let _ = writeln!(
            page,
            "<div class=\"key\">答案：{}　难度：{}　依据：{}　（{}）{}</div>",
            Html::escaped(&question.key_text()).as_str(),
            question.difficulty,
            Html::escaped(&question.source).as_str(),
            question.id.0,
            question.rationale.as_str()
        );
    }
    page.push_str("</div>\n");
}
