//! A bank made by arithmetic, for tests and measurements: the same on every machine, with uneven levels as real banks have.

use chrono::NaiveDate;
use yikouqing::bank::{
    blueprint::{Asks, Blueprint, Column, Row, RowTopic, Scoring},
    html::Html,
    points::Points,
    question::{
        Blanks, Body, Choice, Choices, Element, InForce, Kind, Material, Place, Purpose, Question,
        QuestionId, Recall, Revision, Saying, Source,
    },
};

pub(crate) const TOPICS: [&str; 4] = ["防止返贫", "社会救助", "村民自治", "土地承包"];

pub(crate) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day in June")
}

/// `each` questions of every kind in every topic, levels 1–5 with most in the middle, and `groups` materials a topic.
pub(crate) fn bank(each: usize, groups: usize) -> Vec<Question> {
    let mut questions = vec![];
    for (t, topic) in TOPICS.iter().enumerate() {
        for (k, kind) in Kind::ALL.into_iter().enumerate() {
            for n in 0..each {
                let mix = (n * 7 + t * 3 + k * 5) % 10;
                let difficulty = [1, 2, 2, 3, 3, 3, 3, 4, 4, 5][mix];
                let id = format!("t{t}-{k}-{n:03}");
                questions.push(question(&id, topic, difficulty, body(kind, n)));
            }
        }
        for n in 0..groups {
            for place in 0..2 + n % 2 {
                let id = format!("t{t}-m{n:02}-{place}");
                let level = 1 + ((n + place * 2 + t) % 5) as u8;
                let kind = [Kind::Single, Kind::Multiple, Kind::Blanks][place];
                let mut question = question(&id, topic, level, body(kind, n));
                question.place.line = 10_000 + n * 10 + place;
                question.material = Some(Material {
                    id: QuestionId(format!("t{t}-m{n:02}")),
                    title: format!("材料{n}"),
                    html: Html::escaped(&format!("材料{n}的正文")),
                });
                questions.push(question);
            }
        }
    }
    questions
}

pub(crate) fn question(id: &str, topic: &str, difficulty: u8, body: Body) -> Question {
    Question {
        id: QuestionId(id.to_owned()),
        revision: Revision(format!("rev-{id}")),
        rationale_revision: Revision::default(),
        topic: topic.to_owned(),
        folder: String::new(),
        posts: vec![],
        difficulty,
        purpose: Purpose::General,
        source: Source::default(),
        in_force: InForce::default(),
        replaces: None,
        material: None,
        stem: Html::escaped(&format!("{id}的题干")),
        stem_text: format!("{id}的题干"),
        body,
        rationale: Html::escaped("机密解析"),
        place: Place {
            file: format!("{topic}.md"),
            line: 1,
        },
    }
}

pub(crate) fn body(kind: Kind, n: usize) -> Body {
    let choice = |text: &str| Choice {
        html: Html::escaped(text),
        text: text.to_owned(),
    };
    match kind {
        Kind::Single | Kind::Multiple => Body::Choices(Choices {
            choices: ["选项一", "选项二", "选项三", "选项四"].map(choice).into(),
            key: if kind == Kind::Single {
                vec![n % 4]
            } else {
                vec![0, 2]
            },
            multiple: kind == Kind::Multiple,
            fixed_order: n % 10 == 9,
        }),
        Kind::Judgement => Body::Judgement {
            truth: n.is_multiple_of(2),
        },
        Kind::Blanks => Body::Blanks(Blanks {
            accepted: vec![vec!["60".to_owned()], vec!["机密答案".to_owned()]],
            any_order: false,
        }),
        Kind::Recall => Body::Recall(Recall {
            elements: vec![Element {
                html: Html::escaped("机密要点"),
                sayings: vec![Saying {
                    text: "机密要点".to_owned(),
                    decisive: vec!["机密要点".to_owned()],
                }],
            }],
            ordered: false,
        }),
    }
}

fn row(topic: RowTopic, counts: &[u32]) -> Row {
    Row {
        topic,
        counts: counts.to_vec(),
    }
}

fn topic(name: &str) -> RowTopic {
    RowTopic::Topic(name.to_owned())
}

/// 单选 多选 判断 填空 口答 材料: the dialect's example with a column of materials.
pub(crate) fn blueprint() -> Blueprint {
    let column = |asks, points, scoring| Column {
        asks,
        points: Points(points),
        scoring,
    };
    Blueprint {
        name: "村党组织书记·镇内赛笔试".to_owned(),
        posts: vec![],
        limit_seconds: 2_400,
        pass: Points::whole(60),
        difficulty: 2.8,
        tolerance: 0.05,
        columns: vec![
            column(Asks::Kind(Kind::Single), 200, Scoring::AllOrNothing),
            column(Asks::Material, 1_000, Scoring::AllOrNothing),
            column(Asks::Kind(Kind::Multiple), 300, Scoring::PartialHalf),
            column(Asks::Kind(Kind::Judgement), 200, Scoring::AllOrNothing),
            column(Asks::Kind(Kind::Blanks), 200, Scoring::PerBlank),
            column(Asks::Kind(Kind::Recall), 500, Scoring::PerElement),
        ],
        rows: vec![
            row(topic("防止返贫"), &[6, 1, 3, 4, 2, 1]),
            row(topic("社会救助"), &[4, 0, 2, 2, 1, 0]),
            row(topic("村民自治"), &[4, 0, 1, 2, 0, 1]),
            row(RowTopic::Other, &[4, 0, 2, 2, 2, 0]),
        ],
        place: Place::default(),
    }
}
