//! The exam: one question at a time. Without JavaScript each is a form; with it, `exam.js` reads the whole paper from
//! the page and keeps what is not yet saved. Neither ever holds anything of a key.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    bank::{html::Html, points::Points, question::Kind},
    clock,
    paper::sheet::{Sheet, SheetChoice, SheetMaterial, SheetQuestion},
    web::{
        page::{DataBlock, Page},
        pages::parts::{Asked, Notice, Offered, Passage, TimeLeft, sample},
    },
};

/// `GET /attempts/{id}?q=N`. Its form posts `number`, `answer` (repeated) and `go` (`next`, `prev`, `sheet` or a
/// number) to `/attempts/{id}/answer`.
#[derive(Debug, Clone, Serialize)]
pub struct Exam {
    pub attempt: String,
    /// The `Sitting`, for the script.
    pub sitting: DataBlock,
    pub round_name: String,
    /// Where to when time is up or the round is left.
    pub notice: Option<Notice>,
    pub time: TimeLeft,
    /// The round stands still: the clock too.
    pub paused: bool,
    pub asked: Asked,
    pub material: Option<Passage>,
    /// Letters or texts of what is on disk for this question.
    pub answer: Vec<String>,
    pub count: u32,
    pub saved: u32,
    pub previous: Option<u32>,
    pub next: Option<u32>,
}

/// What a phone needs to sit a paper: the reply of `POST /api/v1/rounds/{round}/attempts`, and the page's data block.
#[derive(Debug, Clone, Serialize)]
pub struct Sitting {
    pub attempt: String,
    /// RFC 3339.
    pub server_time: String,
    pub deadline: String,
    pub paper: Sheet,
    /// By question number, in the wire form of answers.
    pub answers: BTreeMap<u32, Value>,
    pub last_seq: i64,
}

impl Exam {
    /// The page of question `number`, or of the first where there is no such number. A paper has at least one question.
    pub fn at(sitting: Sitting, number: u32, time: TimeLeft) -> Exam {
        let questions = &sitting.paper.questions;
        let place = questions.iter().position(|each| each.number == number);
        let place = place.unwrap_or(0);
        let question = &questions[place];
        let material = question.material.and_then(|number| {
            let materials = &sitting.paper.materials;
            materials.iter().find(|each| each.number == number)
        });
        Exam {
            round_name: sitting.paper.title.clone(),
            notice: None,
            time,
            paused: false,
            asked: asked(question),
            material: material.map(|material| Passage {
                number: material.number,
                html: (&material.html).into(),
            }),
            answer: texts(sitting.answers.get(&question.number)),
            count: questions.len() as u32,
            saved: sitting.answers.len() as u32,
            previous: place.checked_sub(1).map(|before| questions[before].number),
            next: questions.get(place + 1).map(|next| next.number),
            sitting: DataBlock::of(&sitting),
            attempt: sitting.attempt,
        }
    }
}

fn asked(question: &SheetQuestion) -> Asked {
    let offered = |choice: &SheetChoice| Offered {
        letter: choice.letter.clone(),
        html: (&choice.html).into(),
    };
    Asked {
        number: question.number,
        kind: question.kind,
        points: question.points,
        stem: (&question.stem_html).into(),
        choices: question.choices.iter().map(offered).collect(),
        blanks: question.blanks,
    }
}

/// The wire form as a list of texts.
fn texts(answer: Option<&Value>) -> Vec<String> {
    match answer {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().unwrap_or_default().to_owned())
            .collect(),
        _ => vec![],
    }
}

impl Page for Exam {
    const TEMPLATE: &'static str = "exam.html";

    fn samples() -> Vec<Exam> {
        let time = TimeLeft {
            remaining_ms: 1_476_000,
            deadline_at_ms: sample::NOW + 1_476_000,
        };
        let mut pages: Vec<Exam> = (1..=6)
            .map(|number| Exam::at(Sitting::sample(), number, time))
            .collect();
        pages[1].notice = Some(Notice::wait("这一题的答案太长，没有存上。请缩短后再存。"));
        pages[2].paused = true;
        pages[3].time.remaining_ms = 58_000;
        pages
    }
}

impl Sitting {
    pub(in crate::web) fn sample() -> Sitting {
        let material = "材料：桃源村村民张某一家四口，2025年10月因病住院，自付医疗费3.2万元，家庭人均纯收入降到监测线以下。村里入户核实后，拟把他家纳入监测对象。";
        Sitting {
            attempt: "a1".into(),
            server_time: clock::rfc3339(sample::NOW),
            deadline: clock::rfc3339(sample::NOW + 1_476_000),
            paper: Sheet {
                title: "镇内赛笔试".into(),
                points: Points::whole(100),
                questions: Sitting::sample_questions(),
                materials: vec![SheetMaterial {
                    number: 1,
                    html: Html::escaped(material),
                }],
            },
            answers: BTreeMap::from([
                (1, json!(["A", "B", "D"])),
                (4, json!(["60", ""])),
                (5, json!("产业兴旺，生态宜居，乡风文明")),
            ]),
            last_seq: 1_000_000,
        }
    }
}

impl Sitting {
    /// One of every kind, two of them under a material, one with long choices.
    fn sample_questions() -> Vec<SheetQuestion> {
        let long = "对符合条件的脱离贫困人口和监测对象，由县级人民政府组织乡镇、村两级干部入户核查并在村内公示不少于五个工作日";
        let asked = |number, kind, stem: &str, choices: &[&str]| {
            sheet_question(sample::asked(number, kind, stem, choices))
        };
        let steps = [long, "农户自己申报即可", "村干部直接确定", long];
        let days = ["公历9月23日", "农历秋分日", "农历八月十五", "公历10月1日"];
        let mut questions = vec![
            sheet_question(sample::multiple(1)),
            asked(
                2,
                Kind::Single,
                "防止返贫监测对象的识别程序，下列说法完整的是哪一项？",
                &steps,
            ),
            asked(
                3,
                Kind::Judgement,
                "村民委员会每届任期五年，届满应当及时举行换届选举。",
                &["正确", "错误"],
            ),
            asked(
                4,
                Kind::Blanks,
                "信访事项自受理之日起（第1空）日内办结；情况复杂的，经批准可以延长（第2空）日。",
                &[],
            ),
            asked(5, Kind::Recall, "请说出乡村振兴的“二十字”总要求。", &[]),
            asked(6, Kind::Single, "中国农民丰收节定在每年的哪一天？", &days),
        ];
        for question in &mut questions[1..3] {
            question.material = Some(1);
        }
        questions
    }
}

/// A sample as the sheet has it.
fn sheet_question(asked: Asked) -> SheetQuestion {
    let choices = asked.choices.into_iter().map(|offered| SheetChoice {
        letter: offered.letter,
        html: offered.html.0,
    });
    SheetQuestion {
        number: asked.number,
        kind: asked.kind,
        points: asked.points,
        stem_html: asked.stem.0,
        material: None,
        choices: choices.collect(),
        blanks: asked.blanks,
    }
}
