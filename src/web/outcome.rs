//! An outcome as far as the release rule lets it be seen: as JSON, and as the questions of the result page.

use serde_json::{Value, json};

use crate::{
    app::{candidate::AttemptView, proctor::question_of},
    attempt::answer::{Answer, letter},
    bank::{
        html::Html,
        question::{Body, Question},
    },
    contest::round::Shown,
    grading::{Found, QuestionGrade, Verdict, recall::Doubt, rulings::Ruling},
    paper::PaperQuestion,
    web::pages::{
        parts::{Asked, Offered},
        result::{Graded, Part, PartRuling},
    },
};

/// `null` while nothing may be seen or nothing is graded.
pub fn json(view: &AttemptView) -> Value {
    let Some(outcome) = view
        .attempt
        .outcome
        .as_ref()
        .filter(|_| view.shown >= Shown::Points)
    else {
        return Value::Null;
    };
    let questions: Vec<Value> = graded(view)
        .into_iter()
        .map(|graded| {
            let mut question = json!({ "number": graded.asked.number, "given": graded.given });
            if view.shown == Shown::Keys {
                question["points"] = json!(graded.points);
                question["verdict"] = json!(graded.verdict);
                question["key"] = key_json(&graded);
                question["rationale_html"] = json!(graded.rationale.map(|html| html.0));
                question["source"] = json!(graded.source);
            }
            question
        })
        .collect();
    json!({ "points": outcome.points, "total": outcome.total, "questions": questions })
}

fn key_json(graded: &Graded) -> Value {
    if graded.key.is_empty() {
        let parts = graded.parts.iter();
        parts
            .map(|part| {
                let mut key =
                    json!({ "text": part.wanted.0, "found": part.found, "taken": part.taken });
                if let Some(ruling) = &part.ruling {
                    key["ruling"] = json!(ruling);
                }
                key
            })
            .collect()
    } else {
        json!(graded.key)
    }
}

/// Every question with what was given; grades and keys only where they may be seen.
pub fn graded(view: &AttemptView) -> Vec<Graded> {
    if view.shown == Shown::Nothing {
        return Vec::new();
    }
    let grades = view
        .attempt
        .outcome
        .as_ref()
        .map_or(&[][..], |outcome| &outcome.grades);
    let of = |number| grades.iter().find(|grade| grade.number == number);
    view.attempt
        .paper
        .questions
        .iter()
        .filter_map(|asked| {
            let (asked, question) =
                question_of(&view.attempt.paper, asked.number, &view.hall.publication)?;
            let given = view.given.get(&asked.number);
            let grade = of(asked.number).filter(|_| view.shown == Shown::Keys);
            let mut graded = graded_question(asked, question, given, grade);
            for (element, part) in (1..).zip(&mut graded.parts) {
                let ruling = view.rulings.get(&(asked.number, element));
                part.ruling = ruling.map(part_ruling);
            }
            Some(graded)
        })
        .collect()
}

fn part_ruling(ruling: &Ruling) -> PartRuling {
    PartRuling {
        counts: ruling.after == Found::Yes,
        reason: ruling.reason.clone(),
        correction: ruling.correction,
    }
}

/// Why words that were heard do not count.
pub fn doubt_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Opposite => "意思说反了",
        Doubt::Contradicted => "正反两种都说了，不能算",
        Doubt::TwoNumbers => "说了两个不同的数，不能算",
        Doubt::Heap => "只是把词堆在一起，没有说成话",
    }
}

/// A question with what was given, and with its key where there is a grade to show.
pub fn graded_question(
    asked: &PaperQuestion,
    question: &Question,
    given: Option<&Answer>,
    grade: Option<&QuestionGrade>,
) -> Graded {
    let texts = given.map_or_else(Vec::new, |answer| texts_of(answer, question, asked));
    let shown = asked_question(asked, question);
    match grade {
        None => Graded {
            asked: shown,
            given: texts,
            points: None,
            verdict: None,
            key: vec![],
            parts: vec![],
            rationale: None,
            source: None,
        },
        Some(grade) => Graded {
            asked: shown,
            parts: parts(question, given, grade),
            given: texts,
            points: Some(grade.points),
            verdict: Some(grade.verdict),
            key: key_letters(question, &asked.order),
            rationale: Some((&question.rationale).into()),
            source: Some(source(question)),
        },
    }
}

/// An answer as a list of texts, letters as this paper shows them.
pub fn texts_of(answer: &Answer, question: &Question, asked: &PaperQuestion) -> Vec<String> {
    match answer.to_wire(question, asked) {
        Value::String(text) => vec![text],
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().unwrap_or_default().to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

/// A question as this paper shows it.
pub fn asked_question(asked: &PaperQuestion, question: &Question) -> Asked {
    let offered = |(place, html): (usize, Html)| Offered {
        letter: letter(place),
        html: html.into(),
    };
    let (choices, blanks): (Vec<Html>, usize) = match &question.body {
        Body::Choices(choices) => {
            let html = |index: &usize| {
                choices
                    .choices
                    .get(*index)
                    .map(|choice| choice.html.clone())
            };
            (asked.order.iter().filter_map(html).collect(), 0)
        }
        Body::Judgement { .. } => (vec![Html::escaped("正确"), Html::escaped("错误")], 0),
        Body::Blanks(blanks) => (vec![], blanks.accepted.len()),
        Body::Recall(_) => (vec![], 0),
    };
    Asked {
        number: asked.number,
        kind: question.kind(),
        points: asked.points,
        stem: (&question.stem).into(),
        choices: choices.into_iter().enumerate().map(offered).collect(),
        blanks,
    }
}

/// The key in the letters of this order.
pub fn key_letters(question: &Question, order: &[usize]) -> Vec<String> {
    match &question.body {
        Body::Choices(choices) => order
            .iter()
            .enumerate()
            .filter(|(_, index)| choices.key.contains(index))
            .map(|(place, _)| letter(place))
            .collect(),
        Body::Judgement { truth } => vec![letter(usize::from(!truth))],
        Body::Blanks(_) | Body::Recall(_) => vec![],
    }
}

/// Document and clause, as a person would cite them.
pub fn source(question: &Question) -> String {
    format!("{}{}", question.source.document, question.source.clause)
}

fn parts(question: &Question, given: Option<&Answer>, grade: &QuestionGrade) -> Vec<Part> {
    let wanted: Vec<Html> = match &question.body {
        Body::Blanks(blanks) => {
            let first =
                |texts: &Vec<String>| Html::escaped(texts.first().map_or("", String::as_str));
            blanks.accepted.iter().map(first).collect()
        }
        Body::Recall(recall) => recall
            .elements
            .iter()
            .map(|element| element.html.clone())
            .collect(),
        Body::Choices(_) | Body::Judgement { .. } => vec![],
    };
    let taken = |place: usize| match given {
        Some(Answer::Filled(texts)) => texts.get(place).filter(|text| !text.is_empty()).cloned(),
        Some(Answer::Said(text)) => {
            let (from, to) = grade.parts.get(place)?.taken?;
            text.get(from..to).map(str::to_owned)
        }
        _ => None,
    };
    wanted
        .into_iter()
        .enumerate()
        .map(|(place, html)| Part {
            wanted: html.into(),
            found: grade.verdict == Verdict::Right
                || grade
                    .parts
                    .get(place)
                    .is_some_and(|part| part.found == Found::Yes),
            taken: taken(place),
            ruling: None,
        })
        .collect()
}
