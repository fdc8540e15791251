//! 榜: a round's standings by division and by unit, on phones and on the hall's projector.

use serde::Serialize;

use crate::{
    bank::points::Points,
    clock,
    web::{page::Page, pages::parts::sample},
};

/// `GET /rounds/{id}/board?division=…&of=people|units`.
#[derive(Debug, Clone, Serialize)]
pub struct BoardPage {
    pub board: Board,
    /// Where `board.js` listens; `None` when nothing will change any more.
    pub events: Option<String>,
    /// The visitor's way back: a cadre's home or an organizer's round; nothing for the public.
    pub back: Option<&'static str>,
}

/// `GET /rounds/{id}/projector`: one or two boards side by side, readable at ten metres.
#[derive(Debug, Clone, Serialize)]
pub struct Projector {
    pub round_name: String,
    pub live: Live,
    pub handed_in: u32,
    pub entrants: u32,
    pub remaining_ms: Option<i64>,
    pub panels: Vec<Panel>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Panel {
    pub board: Board,
    pub events: Option<String>,
}

/// A board as page, JSON and event alike: what is masked or held back is so in all three.
#[derive(Debug, Clone, Serialize)]
pub struct Board {
    pub round: String,
    pub round_name: String,
    pub of: Of,
    /// `None`: everybody.
    pub division: Option<String>,
    pub divisions: Vec<String>,
    pub live: Live,
    pub handed_in: u32,
    pub entrants: u32,
    /// RFC 3339.
    pub server_time: String,
    pub closes: String,
    /// Until the round closes; `None` once it has, or while it stands still.
    pub remaining_ms: Option<i64>,
    /// How ties and units are counted: `同分并列`, `总分 ÷ 应参赛人数`.
    pub rule: String,
    /// What is masked here and for whom, where something is.
    pub masking: Option<String>,
    /// Empty while held back.
    pub standings: Vec<Standing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    People,
    Units,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Live {
    /// 实时成绩.
    Live,
    /// 暂停公布.
    Held,
    /// Points are not shown before the release.
    Waiting,
    /// 成绩, as it stands after the release.
    Announced,
}

#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Tells rows apart when they move; not a person's id where names are masked.
    pub id: String,
    /// `None`: shown unranked (a unit with too few entrants).
    pub rank: Option<u32>,
    pub name: String,
    /// A person's; empty for units.
    pub unit: String,
    /// Units: rounded to a hundredth for showing only.
    pub points: Points,
    pub used_ms: Option<i64>,
    /// Units: how many sat, of how many.
    pub sat: Option<u32>,
    pub entrants: Option<u32>,
    /// One sentence each.
    pub why: Vec<String>,
    /// A person's: ranks are within it.
    pub division: Option<String>,
    /// Address of what the row rests on, for who may see it: the person, and the organizer.
    pub details: Option<String>,
    /// The visitor's own row.
    pub mine: bool,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "board.html";

    fn samples() -> Vec<BoardPage> {
        let page = |board| BoardPage {
            board,
            events: Some("/api/v1/rounds/r1/board/events?of=people".into()),
            back: Some("/"),
        };
        let mut held = Board::sample_people();
        (held.live, held.standings) = (Live::Held, vec![]);
        let mut waiting = held.clone();
        waiting.live = Live::Waiting;
        let mut empty = Board::sample_people();
        (empty.standings, empty.handed_in) = (vec![], 0);
        let mut announced = Board::sample_people();
        announced.live = Live::Announced;
        announced.remaining_ms = None;
        announced.masking = Some("只有自己和主办单位看得到全名；这里别人的名字用＊遮住。".into());
        announced.standings[0].name = "阿卜杜热西提·买买提明·努尔麦麦提".into();
        announced.standings[0].unit = "新时代文明实践示范街道桃花源记忆社区第十三村民小组".into();
        let mut done = page(announced);
        (done.events, done.back) = (None, None);
        let people = page(Board::sample_people());
        vec![
            people,
            page(Board::sample_units()),
            page(held),
            page(waiting),
            page(empty),
            done,
        ]
    }
}

impl Page for Projector {
    const TEMPLATE: &'static str = "projector.html";

    fn samples() -> Vec<Projector> {
        let panel = |board| Panel {
            board,
            events: Some("/api/v1/rounds/r1/board/events".into()),
        };
        let live = Projector {
            round_name: "镇内赛·笔试".into(),
            live: Live::Live,
            handed_in: 143,
            entrants: 186,
            remaining_ms: Some(728_000),
            panels: vec![panel(Board::sample_people()), panel(Board::sample_units())],
        };
        let mut held = live.clone();
        held.live = Live::Held;
        for panel in &mut held.panels {
            (panel.board.live, panel.board.standings) = (Live::Held, vec![]);
        }
        held.remaining_ms = None;
        vec![live, held]
    }
}

impl Board {
    fn sample_people() -> Board {
        let row = |rank, name: &str, unit: &str, points, seconds: i64, why: &str| Standing {
            id: name.into(),
            rank: Some(rank),
            name: name.into(),
            unit: unit.into(),
            points: Points(points),
            used_ms: Some(seconds * 1000),
            sat: None,
            entrants: None,
            why: vec![why.into()],
            division: None,
            details: (name == "李建国").then(|| "/rounds/r1/board/mine".into()),
            mine: name == "李建国",
        };
        let tie = "与另一人同为 86.5 分，同分并列第 2 名。";
        Board {
            round: "r1".into(),
            round_name: "镇内赛·笔试".into(),
            of: Of::People,
            division: Some("村党支部书记组".into()),
            divisions: ["村党支部书记组", "村委会主任组", "村两委组", "镇机关干部组"]
                .map(Into::into)
                .into(),
            live: Live::Live,
            handed_in: 143,
            entrants: 186,
            server_time: clock::rfc3339(sample::NOW),
            closes: clock::rfc3339(sample::NOW + 728_000),
            remaining_ms: Some(728_000),
            rule: "同分并列".into(),
            masking: None,
            standings: vec![
                row(1, "王秀兰", "柳河村", 9400, 1731, "94 分，本组最高。"),
                row(2, "张国庆", "青山村", 8650, 1852, tie),
                row(2, "李建国", "桃源村", 8650, 1864, tie),
                row(4, "赵永福", "石桥村", 8400, 1600, "84 分，前面有 3 人。"),
                row(5, "陈桂香", "双溪村", 8150, 2400, "81.5 分，前面有 4 人。"),
            ],
        }
    }

    fn sample_units() -> Board {
        let row = |rank, name: &str, sat, entrants, points| Standing {
            id: name.into(),
            rank,
            name: name.into(),
            unit: String::new(),
            points: Points(points),
            used_ms: None,
            sat: Some(sat),
            entrants: Some(entrants),
            why: vec![format!(
                "应参赛 {entrants} 人，已交卷 {sat} 人；没有交卷的按 0 分算。"
            )],
            division: None,
            details: None,
            mine: name == "桃源村",
        };
        Board {
            of: Of::Units,
            division: None,
            rule: "总分 ÷ 应参赛人数".into(),
            standings: vec![
                row(Some(1), "青山村", 31, 31, 8240),
                row(Some(2), "桃源村", 28, 29, 8010),
                row(Some(3), "柳河村", 24, 27, 7690),
                row(Some(4), "双溪村", 30, 34, 7125),
                row(None, "镇派出所", 3, 3, 9000),
            ],
            ..Board::sample_people()
        }
    }
}
