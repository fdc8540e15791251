//! 练一练: home, a question with its feedback, the end of a go, lists, and taking one's records away.

pub mod told;
pub mod training;

use serde::Serialize;

use crate::{
    bank::{points::Points, question::Kind},
    web::{
        page::{Page, Safe},
        pages::{
            parts::{Asked, Notice, Passage, TimeLeft, Who, sample},
            practice::told::ToldPage,
            result::Graded,
        },
    },
};

/// `GET /practice`.
#[derive(Debug, Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is there to practise: each opens its own card"
)]
pub struct PracticeHome {
    pub who: Who,
    pub notice: Option<Notice>,
    /// Where somebody left off: id and title.
    pub unfinished: Option<(String, String)>,
    /// Whether there is anything to practise.
    pub any: bool,
    pub spoken: bool,
    pub mistakes: bool,
    pub favourites: bool,
    /// Blueprints with their limits in seconds.
    pub mocks: Vec<(String, u32)>,
}

/// `GET /practice/topics`.
#[derive(Debug, Clone, Serialize)]
pub struct Topics {
    pub topics: Vec<TopicRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TopicRow {
    pub name: String,
}

/// `GET /practice/goes/{go}?q=N`: a question, or what it was answered and how that stands.
#[derive(Debug, Clone, Serialize)]
pub struct PracticeGo {
    pub go: String,
    pub title: String,
    pub notice: Option<Notice>,
    pub asked: Asked,
    pub count: u32,
    pub material: Option<Passage>,
    /// Why it was chosen.
    pub why: Option<String>,
    pub topic: String,
    /// Mock papers under way.
    pub time: Option<TimeLeft>,
    pub answer: Vec<String>,
    pub told: Option<ToldPage>,
    pub question: String,
    pub kept: bool,
    pub previous: Option<u32>,
    pub next: Option<u32>,
}

/// `GET /practice/goes/{go}?at=end`.
#[derive(Debug, Clone, Serialize)]
pub struct PracticeEnd {
    pub go: String,
    pub title: String,
    pub mock: Option<MockEnd>,
    pub rows: Vec<EndRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct MockEnd {
    pub points: Points,
    pub total: Points,
    pub pass: Option<Points>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EndRow {
    pub number: u32,
    pub stem: Safe,
    pub word: String,
    pub right: bool,
    /// Answered, and not right.
    pub missed: bool,
}

/// `GET /practice/goes/{go}/finish`, of a mock paper.
#[derive(Debug, Clone, Serialize)]
pub struct MockFinish {
    pub go: String,
    pub title: String,
    /// Numbers without an answer.
    pub open: Vec<u32>,
    pub count: u32,
}

/// `GET /practice/mistakes` and `GET /practice/favourites`.
#[derive(Debug, Clone, Serialize)]
pub struct PracticeList {
    pub listed: Listed,
    pub rows: Vec<ListRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    Mistakes,
    Favourites,
}

#[derive(Debug, Clone, Serialize)]
pub struct ListRow {
    pub id: String,
    pub kind: Kind,
    pub topic: String,
    pub stem: Safe,
    pub note: String,
}

/// `GET /practice/forget` and what follows.
#[derive(Debug, Clone, Serialize)]
pub struct ForgetPage {
    pub who: Who,
    pub done: bool,
}

impl Page for PracticeHome {
    const TEMPLATE: &'static str = "practice_home.html";

    fn samples() -> Vec<PracticeHome> {
        let full = PracticeHome {
            who: sample::who(),
            notice: None,
            unfinished: Some(("g1".into(), "练十题".into())),
            any: true,
            spoken: true,
            mistakes: true,
            favourites: true,
            mocks: vec![
                ("村党组织书记·村内比".into(), 1800),
                ("村党组织书记·镇内赛笔试".into(), 3600),
            ],
        };
        let fresh = PracticeHome {
            who: sample::long_who(),
            unfinished: None,
            mistakes: false,
            favourites: false,
            ..full.clone()
        };
        let refused = PracticeHome {
            notice: Some(Notice::wait("你有一场比武正在作答。交卷以后再来练。")),
            any: false,
            spoken: false,
            mocks: vec![],
            ..fresh.clone()
        };
        vec![full, fresh, refused]
    }
}

impl Page for Topics {
    const TEMPLATE: &'static str = "practice_topics.html";

    fn samples() -> Vec<Topics> {
        let row = |name: &str| TopicRow { name: name.into() };
        let some = ["最低生活保障", "医保与医疗救助", "孤儿与困境儿童保障"];
        vec![
            Topics {
                topics: some.map(row).into(),
            },
            Topics { topics: vec![] },
        ]
    }
}

impl Page for PracticeGo {
    const TEMPLATE: &'static str = "practice_go.html";

    fn samples() -> Vec<PracticeGo> {
        let mut graded = Graded::samples();
        let mut pages: Vec<PracticeGo> = vec![];
        for asked in graded.iter().map(|each| each.asked.clone()) {
            pages.push(PracticeGo {
                go: "g1".into(),
                title: "练十题".into(),
                notice: None,
                count: 10,
                material: None,
                why: Some("快忘了".into()),
                topic: "乡村振兴促进法".into(),
                time: None,
                answer: vec![],
                told: None,
                question: "revitalization-001".into(),
                kept: false,
                previous: None,
                next: Some(2),
                asked,
            });
        }
        pages[0].notice = Some(Notice::wait("还没有作答。"));
        for each in &mut graded {
            each.asked.points = Points::ZERO;
        }
        let told: Vec<PracticeGo> = pages
            .iter()
            .zip(graded)
            .map(|(page, graded)| PracticeGo {
                told: Some(ToldPage::sample(graded)),
                kept: true,
                ..page.clone()
            })
            .collect();
        let mut mock = pages[1].clone();
        mock.time = Some(TimeLeft {
            remaining_ms: 1_476_000,
            deadline_at_ms: sample::NOW + 1_476_000,
        });
        (mock.why, mock.next, mock.previous) = (None, None, Some(1));
        pages.extend(told);
        pages.push(mock);
        pages
    }
}

impl Page for PracticeEnd {
    const TEMPLATE: &'static str = "practice_end.html";

    fn samples() -> Vec<PracticeEnd> {
        let row = |number, word: &str, right| EndRow {
            number,
            stem: sample::html("村民委员会每届任期五年。"),
            word: word.into(),
            right,
            missed: word == "答错了",
        };
        let go = PracticeEnd {
            go: "g1".into(),
            title: "练十题".into(),
            mock: None,
            rows: vec![
                row(1, "答对了", true),
                row(2, "答错了", false),
                row(3, "还没答", false),
            ],
        };
        let mock = PracticeEnd {
            title: "村党组织书记·村内比".into(),
            mock: Some(MockEnd {
                points: Points(8650),
                total: Points::whole(100),
                pass: Some(Points::whole(60)),
            }),
            ..go.clone()
        };
        vec![go, mock]
    }
}

impl Page for MockFinish {
    const TEMPLATE: &'static str = "practice_finish.html";

    fn samples() -> Vec<MockFinish> {
        let all = MockFinish {
            go: "g1".into(),
            title: "村党组织书记·村内比".into(),
            open: vec![],
            count: 32,
        };
        let some = MockFinish {
            open: vec![3, 7],
            ..all.clone()
        };
        vec![all, some]
    }
}

impl Page for PracticeList {
    const TEMPLATE: &'static str = "practice_list.html";

    fn samples() -> Vec<PracticeList> {
        let row = ListRow {
            id: "revitalization-001".into(),
            kind: Kind::Multiple,
            topic: "乡村振兴促进法".into(),
            stem: sample::html("乡村振兴促进法所说的“五大振兴”，包括下列哪些？"),
            note: "再有一天答对就出本".into(),
        };
        let list = |listed, rows| PracticeList { listed, rows };
        vec![
            list(Listed::Mistakes, vec![row.clone()]),
            list(Listed::Mistakes, vec![]),
            list(
                Listed::Favourites,
                vec![ListRow {
                    note: String::new(),
                    ..row
                }],
            ),
            list(Listed::Favourites, vec![]),
        ]
    }
}

impl Page for ForgetPage {
    const TEMPLATE: &'static str = "practice_forget.html";

    fn samples() -> Vec<ForgetPage> {
        let asks = ForgetPage {
            who: sample::who(),
            done: false,
        };
        let done = ForgetPage {
            done: true,
            ..asks.clone()
        };
        vec![asks, done]
    }
}
