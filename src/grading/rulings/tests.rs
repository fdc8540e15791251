//! Rulings on a paper of one spoken and one judgement question.

use std::sync::Arc;

use super::*;
use crate::{
    attempt::{answer::Answer, steps::standing},
    bank::{
        blueprint::Scoring,
        html::Html,
        points::Points,
        question::{Element, Question, QuestionId, Recall, Revision, Saying},
    },
    grading::grade_paper,
};

fn question(id: &str, body: Body) -> Question {
    let mut question: Question = serde_json::from_str(
        r#"{"id":"x","revision":"x","rationale_revision":"","topic":"","folder":"","posts":[],"difficulty":1,
            "purpose":"general","source":{"document":"","clause":""},"in_force":{"from":null,"until":null},
            "material":null,"stem":"","stem_text":"","body":{"judgement":{"truth":true}},"rationale":"",
            "place":{"file":"","line":1}}"#,
    )
    .expect("a question");
    (question.id, question.body) = (QuestionId(id.to_owned()), body);
    question
}

fn paper() -> (Paper, Questions) {
    let element = |text: &str| Element {
        html: Html::escaped(text),
        sayings: vec![Saying {
            text: text.to_owned(),
            decisive: vec![text.to_owned()],
        }],
    };
    let recall = Recall {
        elements: ["早查渡口", "勤修路面", "细记台账"].map(element).into(),
        ordered: false,
    };
    let bodies = [Body::Recall(recall), Body::Judgement { truth: true }];
    let mut questions = Questions::new();
    let mut asked = Vec::new();
    for (number, body) in (1..).zip(bodies) {
        let revision = Revision(format!("r{number}"));
        let question = question(&revision.0, body);
        asked.push(PaperQuestion {
            number,
            id: question.id.clone(),
            revision: revision.clone(),
            points: Points::whole(5),
            scoring: Scoring::PerElement,
            order: vec![],
        });
        questions.insert(revision, Arc::new(question));
    }
    let paper = Paper {
        blueprint: String::new(),
        assembly_version: 1,
        total: Points::whole(10),
        questions: asked,
    };
    (paper, questions)
}

fn step(seq: i64, number: u32, answer: Answer) -> Step {
    Step {
        seq,
        number,
        answer: Some(answer),
        elapsed_ms: None,
        at_ms: 0,
        late: false,
    }
}

fn ruling(element: u32, seq: i64, before: Found, after: Found) -> Ruling {
    Ruling {
        number: 1,
        element,
        seq,
        before,
        after,
        reason: "方言".into(),
        correction: false,
        at_ms: 1,
    }
}

/// One element was said, and the judgement is right.
fn answers() -> Vec<Step> {
    vec![
        step(7, 1, Answer::Said("早查渡口".into())),
        step(8, 2, Answer::Chosen(vec![0])),
    ]
}

fn graded(steps: &[Step], rulings: &[Ruling]) -> Outcome {
    let (paper, questions) = paper();
    let outcome = grade_paper(&paper, &questions, &standing(steps));
    outcome.ruled(&paper, &questions, rulings, steps)
}

#[test]
fn the_newest_ruling_on_an_element_decides_it_and_the_sum_follows() {
    let steps = answers();
    assert_eq!(graded(&steps, &[]).points, Points(166 + 500));
    let said = ruling(2, 7, Found::No, Found::Yes);
    let outcome = graded(&steps, std::slice::from_ref(&said));
    assert_eq!(outcome.points, Points(333 + 500));
    assert_eq!(outcome.grades[0].verdict, Verdict::Partial);
    let third = ruling(3, 7, Found::No, Found::Yes);
    let all = graded(&steps, &[said.clone(), third]);
    assert_eq!(
        (all.points, all.grades[0].verdict),
        (Points::whole(10), Verdict::Right)
    );
    let taken_back = ruling(2, 7, Found::Yes, Found::No);
    let first = ruling(1, 7, Found::Yes, Found::No);
    let none = graded(&steps, &[said, taken_back, first]);
    assert_eq!(
        (none.points, none.grades[0].verdict),
        (Points(500), Verdict::Wrong)
    );
}

#[test]
fn a_ruling_says_nothing_of_other_words_and_nothing_where_nothing_was_said() {
    let mut steps = answers();
    let said = [ruling(2, 7, Found::No, Found::Yes)];
    steps.push(step(9, 1, Answer::Said("细记台账".into())));
    let outcome = graded(&steps, &said);
    assert_eq!(outcome.points, Points(166 + 500));
    assert_ne!(outcome.rulings, "", "it is on record all the same");
    let silent = graded(&steps[1..2], &said);
    assert_eq!(silent.points, Points(500));
    // Nor of what is no spoken question, or no element.
    let steps = answers();
    let mut stray = ruling(4, 7, Found::No, Found::Yes);
    assert_eq!(
        graded(&steps, std::slice::from_ref(&stray)).points,
        Points(666)
    );
    (stray.number, stray.element, stray.seq) = (2, 1, 8);
    assert_eq!(graded(&steps, &[stray]).points, Points(666));
}

#[test]
fn ruling_on_an_outcome_of_another_version_moves_nothing_else() {
    let (paper, questions) = paper();
    let steps = answers();
    let mut old = graded(&steps, &[]);
    // The version before gave nothing for the judgement.
    (old.grades[1].points, old.points, old.grading_version) = (Points::ZERO, Points(166), 0);
    let said = [ruling(2, 7, Found::No, Found::Yes)];
    let ruled = old.ruled(&paper, &questions, &said, &steps);
    assert_eq!((ruled.points, ruled.grading_version), (Points(333), 0));
}

#[test]
fn only_what_a_ruling_changed_is_counted() {
    let rulings = [
        ruling(1, 7, Found::Yes, Found::No),
        ruling(2, 7, Found::No, Found::Yes),
        ruling(2, 7, Found::Yes, Found::No),
        ruling(3, 7, Found::No, Found::Yes),
    ];
    let ruled = Ruled::of(&rulings);
    assert_eq!((ruled.counted, ruled.left_out), (1, 1));
    assert_eq!(
        ruled.chinese().as_deref(),
        Some("1 个口答要点经裁定计入，1 个口答要点经裁定不计")
    );
    assert_eq!(
        Ruled::of(&rulings[1..3]).chinese(),
        None,
        "back where it was"
    );
}

#[test]
fn the_digest_tells_of_every_ruling_and_of_every_word_of_it() {
    let one = ruling(1, 7, Found::Yes, Found::No);
    let mut other = one.clone();
    other.reason.push('了');
    assert_eq!(digest(&[]), "");
    assert_ne!(digest(std::slice::from_ref(&one)), digest(&[other]));
    assert_ne!(
        digest(std::slice::from_ref(&one)),
        digest(&[one.clone(), one])
    );
}
