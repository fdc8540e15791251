//! 我的抽问成绩: what an entrant sees of 计分抽问.

use serde::Serialize;

use crate::{
    bank::points::Points,
    web::{
        page::Page,
        pages::{
            parts::sample,
            spot_sheet::{SheetPerson, sample_rows},
        },
    },
};

/// `GET /spot-results`.
#[derive(Debug, Clone, Serialize)]
pub struct SpotResults {
    /// The newest first.
    pub results: Vec<OwnSpotResult>,
}

#[derive(Debug, Clone, Serialize)]
pub struct OwnSpotResult {
    pub name: String,
    pub ended: bool,
    /// `None`: not examined before the event ended.
    pub points: Option<Points>,
    pub total: Points,
    /// Once the event has ended, as all below.
    pub rank: Option<u32>,
    pub division: String,
    pub why: String,
    /// One, or none while it may not be shown.
    pub sheet: Vec<SheetPerson>,
    /// Something keeps the sheet back that will go away.
    pub withheld: bool,
}

impl Page for SpotResults {
    const TEMPLATE: &'static str = "spot_results.html";

    fn samples() -> Vec<SpotResults> {
        let who = sample::who();
        let running = OwnSpotResult {
            name: "镇内赛·现场抽问".into(),
            ended: false,
            points: Some(Points(3333)),
            total: Points::whole(80),
            rank: None,
            division: String::new(),
            why: String::new(),
            sheet: vec![],
            withheld: false,
        };
        let ended = OwnSpotResult {
            ended: true,
            rank: Some(2),
            division: "村党组织书记组".into(),
            why: "比前一名少 6.67 分".into(),
            sheet: vec![SheetPerson {
                name: who.name,
                unit: who.unit,
                post: who.post,
                points: Points(3333),
                full: Points::whole(80),
                complete: true,
                counted: true,
                rows: sample_rows(),
            }],
            ..running.clone()
        };
        let withheld = OwnSpotResult {
            name: "青溪镇2026年上半年“政策一口清”比武活动村党组织书记、村委会主任专场现场抽问"
                .into(),
            sheet: vec![],
            withheld: true,
            ..ended.clone()
        };
        let missed = OwnSpotResult {
            points: None,
            rank: None,
            withheld: false,
            ..withheld.clone()
        };
        vec![
            SpotResults {
                results: vec![running, ended, withheld, missed],
            },
            SpotResults { results: vec![] },
        ]
    }
}
