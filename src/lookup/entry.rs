//! What a question says once it is answered: the sentence, where it stands, since when, and what was said before.

use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::bank::{
    Bank,
    question::{Body, Kind, Purpose, Question, QuestionId},
};

/// A line of an answer, in pieces: every second one, from the second on, is what was asked for and is marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub Vec<String>);

/// One thing that the bank knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub id: QuestionId,
    pub kind: Kind,
    pub topic: String,
    /// Empty where the answer is a sentence by itself.
    pub asked: String,
    /// At least one; several are a list.
    pub answer: Vec<Line>,
    pub explanation: String,
    pub document: String,
    pub clause: String,
    /// In force since.
    pub since: Option<NaiveDate>,
    /// The household or case that the question is about.
    pub material: Option<Case>,
    pub before: Option<Before>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    pub title: String,
    pub text: String,
}

/// What was right before: of the question that this one replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Before {
    pub id: QuestionId,
    pub asked: String,
    pub answer: Vec<Line>,
    pub document: String,
    pub clause: String,
    /// The last day on which it was so, where that is known.
    pub until: Option<NaiveDate>,
}

impl Line {
    pub fn plain(text: impl Into<String>) -> Line {
        Line(vec![text.into()])
    }

    pub fn text(&self) -> String {
        self.0.concat()
    }
}

impl Entry {
    /// What was right before goes where its question is one of these.
    #[must_use]
    pub fn without(mut self, questions: &HashSet<QuestionId>) -> Entry {
        self.before = self.before.filter(|before| !questions.contains(&before.id));
        self
    }
}

/// The entries of a bank: what is in force on this day, without what is kept for contests. In the bank's order.
pub fn entries(bank: &Bank, day: NaiveDate) -> Vec<Entry> {
    let open = |question: &&Question| question.purpose != Purpose::Contest;
    bank.questions
        .iter()
        .map(Arc::as_ref)
        .filter(open)
        .filter(|question| question.in_force.on(day))
        .map(|question| {
            let replaced = question.replaces.as_ref().and_then(|id| bank.question(id));
            Entry {
                before: replaced.filter(open).map(before),
                ..entry(question)
            }
        })
        .collect()
}

fn entry(question: &Question) -> Entry {
    let (asked, answer) = said(question);
    let case = |material: &crate::bank::question::Material| Case {
        title: material.title.clone(),
        text: material.html.text(),
    };
    Entry {
        id: question.id.clone(),
        kind: question.kind(),
        topic: question.topic.clone(),
        asked,
        answer,
        explanation: question.rationale.text(),
        document: question.source.document.clone(),
        clause: question.source.clause.clone(),
        since: question.in_force.from,
        material: question.material.as_ref().map(case),
        before: None,
    }
}

fn before(question: &Question) -> Before {
    let (asked, answer) = said(question);
    Before {
        id: question.id.clone(),
        asked,
        answer,
        document: question.source.document.clone(),
        clause: question.source.clause.clone(),
        until: question.in_force.until,
    }
}

/// What is asked, and the lines that answer it.
fn said(question: &Question) -> (String, Vec<Line>) {
    let stem = question
        .stem_text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match &question.body {
        Body::Choices(choices) => {
            let keyed = choices
                .key
                .iter()
                .filter_map(|index| choices.choices.get(*index));
            (
                stem,
                keyed.map(|choice| Line::plain(&choice.text)).collect(),
            )
        }
        Body::Judgement { truth: true } => (String::new(), vec![Line::plain(stem)]),
        Body::Judgement { truth: false } => (
            format!("“{}”这样说对吗？", stem.trim_end_matches('。')),
            vec![Line::plain("不对。")],
        ),
        Body::Blanks(blanks) => {
            let filled = blanks
                .accepted
                .iter()
                .filter_map(|accepted| accepted.first());
            (String::new(), vec![fill(&stem, filled)])
        }
        Body::Recall(recall) => {
            let sayings = recall
                .elements
                .iter()
                .filter_map(|element| element.sayings.first());
            (
                stem,
                sayings.map(|saying| Line::plain(&saying.text)).collect(),
            )
        }
    }
}

/// The sentence with its blanks filled in; the spaces that authors must leave around a blank go.
fn fill<'a>(stem: &str, mut filled: impl Iterator<Item = &'a String>) -> Line {
    let mut pieces = Vec::new();
    for (place, part) in stem.split(BLANK).enumerate() {
        if place > 0 {
            pieces.push(filled.next().cloned().unwrap_or_default());
        }
        pieces.push(part.trim().to_owned());
    }
    Line(pieces)
}

const BLANK: &str = "____";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::SourceFile;

    fn read(text: &str) -> Vec<Entry> {
        let head = "---\n专题: 试\n来源: 《试行办法》\n---\n\n# 试\n\n";
        let file = SourceFile {
            path: "a.md".into(),
            bytes: [head, text].concat().into_bytes(),
        };
        let day = NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
        entries(&Bank::read(&[file], day), day)
    }

    fn texts(entry: &Entry) -> Vec<String> {
        entry.answer.iter().map(Line::text).collect()
    }

    #[test]
    fn every_kind_answers_in_its_own_way() {
        let all = read(
            "## 哪些可以？ {#a-1 难度=1}\n\n- [x] 甲\n- [ ] 乙\n- [x] 丙\n\n\
             ## 天是蓝的。 {#a-2 难度=1}\n\n- [x] 正确\n- [ ] 错误\n\n\
             ## 地是方的。 {#a-3 难度=1}\n\n- [ ] 正确\n- [x] 错误\n\n> 地是圆的。\n\n\
             ## 自受理起 `60|六十` 日内办结。 {#a-4 难度=1}\n\n> 依据：第一条\n\n\
             ## 说出两样。 {#a-5 难度=1}\n\n1. **春**天|春季\n2. 秋天\n",
        );
        assert_eq!(texts(&all[0]), ["甲", "丙"]);
        assert_eq!(
            (all[1].asked.as_str(), texts(&all[1])),
            ("", vec!["天是蓝的。".to_owned()])
        );
        assert_eq!(all[2].asked, "“地是方的”这样说对吗？");
        assert_eq!(
            (texts(&all[2]), all[2].explanation.as_str()),
            (vec!["不对。".to_owned()], "地是圆的。")
        );
        assert_eq!(
            all[3].answer,
            [Line(vec![
                "自受理起".into(),
                "60".into(),
                "日内办结。".into()
            ])]
        );
        assert_eq!(
            (all[3].document.as_str(), all[3].clause.as_str()),
            ("《试行办法》", "第一条")
        );
        assert_eq!(texts(&all[4]), ["春天", "秋天"]);
    }

    #[test]
    fn what_is_reserved_or_out_of_force_is_no_entry_and_what_was_replaced_stands_beside() {
        let all = read(
            "## 现在几天？ {#a-1 难度=1 施行=2026-07-01 取代=a-2}\n\n- [x] 五天\n- [ ] 三天\n\n\
             ## 原来几天？ {#a-2 难度=1 失效=2026-06-30}\n\n- [ ] 五天\n- [x] 三天\n\n\
             ## 留着比的？ {#a-3 难度=1 用途=比武}\n\n- [x] 是\n- [ ] 否\n\n\
             ## 换过的？ {#a-4 难度=1 取代=a-3}\n\n- [x] 是的\n- [ ] 否的\n",
        );
        let ids: Vec<&str> = all.iter().map(|entry| entry.id.0.as_str()).collect();
        assert_eq!(ids, ["a-1", "a-4"]);
        let before = all[0].before.as_ref().expect("a-2");
        assert_eq!(
            (before.answer[0].text(), before.until),
            ("三天".into(), NaiveDate::from_ymd_opt(2026, 6, 30))
        );
        assert_eq!(
            all[1].before, None,
            "a reserved question stays out here too"
        );
    }
}
