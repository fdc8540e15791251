//! 抽问, while it runs: one screen a question, everything of the session in one page, so that the network may go.

use serde::Serialize;

use crate::{
    contest::spot_check::Mark,
    web::{
        page::{Page, Safe},
        pages::parts::{Notice, sample},
    },
};

/// A session as the examiner's phone keeps it: questions with keys. Also the reply of the JSON door.
#[derive(Debug, Clone, Serialize)]
pub struct Asking {
    pub check: String,
    pub scored: bool,
    pub finished: bool,
    pub people: Vec<AskedPerson>,
    pub marks: Vec<SetMark>,
    pub last_seq: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct AskedPerson {
    /// From 1.
    pub person: u32,
    pub name: String,
    pub unit: String,
    pub post: String,
    pub questions: Vec<AskedQuestion>,
}

#[derive(Debug, Clone, Serialize)]
pub struct AskedQuestion {
    pub number: u32,
    /// 口答, 材料 …
    pub word: &'static str,
    pub topic: String,
    pub material_html: Option<Safe>,
    pub stem_html: Safe,
    pub choices: Vec<KeyedChoice>,
    /// What can be ticked apart. One that is `whole` is just right or wrong.
    pub parts: Vec<Part>,
    pub whole: bool,
    /// The order counts.
    pub ordered: bool,
    pub rationale_html: Safe,
    pub source: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct KeyedChoice {
    pub letter: String,
    pub html: Safe,
    pub key: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Its decisive words are strong.
    pub html: Safe,
    /// Other ways to say it.
    pub others: Vec<String>,
}

/// What stands for a person's question.
#[derive(Debug, Clone, Serialize)]
pub struct SetMark {
    pub person: u32,
    pub number: u32,
    pub mark: Mark,
}

/// `GET /spot-checks/{id}?person=1&number=1`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotAsk {
    pub notice: Option<Notice>,
    pub asking: Asking,
    pub examinee: AskedPerson,
    pub asked: AskedQuestion,
    pub mark: Option<Mark>,
    pub people: usize,
    pub count: usize,
    pub first: bool,
    /// What comes after: `question`, `person` or `end`.
    pub after: &'static str,
}

/// `GET /spot-checks/{id}/card`: who was asked what, and the end.
#[derive(Debug, Clone, Serialize)]
pub struct SpotCard {
    pub check: String,
    pub people: Vec<CardPerson>,
    pub unasked: usize,
}

#[derive(Debug, Clone, Serialize)]
pub struct CardPerson {
    pub person: u32,
    pub name: String,
    pub unit: String,
    pub cells: Vec<CardCell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct CardCell {
    pub number: u32,
    pub asked: bool,
}

impl SpotAsk {
    /// This place of the session; `None` where there is none.
    pub fn at(asking: Asking, person: u32, number: u32, notice: Option<Notice>) -> Option<SpotAsk> {
        let examinee = asking.people.iter().find(|each| each.person == person)?;
        let asked = examinee
            .questions
            .iter()
            .find(|each| each.number == number)?;
        let count = examinee.questions.len();
        let after = match (
            number as usize == count,
            person as usize == asking.people.len(),
        ) {
            (false, _) => "question",
            (true, false) => "person",
            (true, true) => "end",
        };
        let here = |set: &&SetMark| (set.person, set.number) == (person, number);
        Some(SpotAsk {
            notice,
            examinee: examinee.clone(),
            asked: asked.clone(),
            mark: asking.marks.iter().find(here).map(|set| set.mark.clone()),
            people: asking.people.len(),
            first: (person, number) == (1, 1),
            count,
            after,
            asking,
        })
    }
}

impl Asking {
    /// Three people of all lengths, a question of every look.
    pub(in crate::web) fn sample() -> Asking {
        let questions = sample_questions();
        let person = |person, who: crate::web::pages::parts::Who| AskedPerson {
            person,
            name: who.name,
            unit: who.unit,
            post: who.post,
            questions: questions.clone(),
        };
        Asking {
            check: "c1".into(),
            scored: true,
            finished: false,
            people: vec![person(1, sample::who()), person(2, sample::long_who())],
            marks: vec![SetMark {
                person: 1,
                number: 1,
                mark: Mark {
                    said: [0, 2].into(),
                    comment: "</script>要脱稿".into(),
                },
            }],
            last_seq: 7,
        }
    }
}

/// One of elements in an order, one with material and choices.
fn sample_questions() -> Vec<AskedQuestion> {
    let part = |text: &str, others: &[&str]| Part {
        html: sample::html(text),
        others: others.iter().map(|text| (*text).to_owned()).collect(),
    };
    let recall = AskedQuestion {
        number: 1,
        word: "口答",
        topic: "乡村振兴促进法".into(),
        material_html: None,
        stem_html: sample::html("请说出乡村振兴的“二十字”总要求。"),
        choices: vec![],
        parts: vec![
            part("产业兴旺", &[]),
            part("生态宜居", &["生态好、住得舒服"]),
            part("乡风文明", &[]),
            part("治理有效", &[]),
            part("生活富裕", &[]),
        ],
        whole: false,
        ordered: true,
        rationale_html: sample::html("五句各四个字。"),
        source: "《中华人民共和国乡村振兴促进法》（2021年4月29日通过）第三条".into(),
    };
    let choice = |letter: &str, text: &str, key| KeyedChoice {
        letter: letter.into(),
        html: sample::html(text),
        key,
    };
    let single = AskedQuestion {
        number: 2,
        word: "材料",
        material_html: Some(sample::html(
            "李某一家三口，妻子常年患病，家里收入减少，想申请低保。",
        )),
        stem_html: sample::html("李家的低保申请，应当向哪里提出？"),
        choices: vec![
            choice("A", "本村的村委会", false),
            choice("B", "户籍地乡镇政府", true),
        ],
        parts: vec![part("户籍地乡镇政府", &[])],
        whole: true,
        ordered: false,
        ..recall.clone()
    };
    vec![recall, single]
}

impl Page for SpotAsk {
    const TEMPLATE: &'static str = "spot_ask.html";

    fn samples() -> Vec<SpotAsk> {
        [(1, 1), (1, 2), (2, 1), (2, 2)]
            .into_iter()
            .filter_map(|(person, number)| SpotAsk::at(Asking::sample(), person, number, None))
            .collect()
    }
}

impl Page for SpotCard {
    const TEMPLATE: &'static str = "spot_card.html";

    fn samples() -> Vec<SpotCard> {
        let cells = |asked| {
            let cell = |number| CardCell {
                number,
                asked: number <= asked,
            };
            (1..=5).map(cell).collect()
        };
        let person = |person, name: &str, asked| CardPerson {
            person,
            name: name.into(),
            unit: "桃源村".into(),
            cells: cells(asked),
        };
        let some = SpotCard {
            check: "c1".into(),
            people: vec![
                person(1, "李建国", 5),
                person(2, "阿卜杜热西提·买买提明·努尔麦麦提", 2),
            ],
            unasked: 3,
        };
        let mut all = some.clone();
        all.people.truncate(1);
        all.unasked = 0;
        vec![some, all]
    }
}
