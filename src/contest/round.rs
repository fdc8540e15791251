//! 场次: one scheduled contest event, its rules as sealed, and what follows from the clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contest::{
    counting::Counts,
    ranking::TieKey,
    units::{MIN_ENTRANTS, UnitRule},
};

#[derive(Debug, Clone)]
pub struct Round {
    pub id: String,
    pub name: String,
    pub unit_id: String,
    pub state: State,
    pub opens_at_ms: i64,
    pub closes_at_ms: i64,
    pub limit_ms: i64,
    pub rules: Rules,
    /// The frozen bank; empty in a draft.
    pub publication_id: String,
    /// Hex; public only after release.
    pub secret: Option<String>,
    pub secret_hash: String,
    /// JSON: the proof sheet made at sealing.
    pub proof: Option<String>,
    pub paused_at_ms: Option<i64>,
    pub paused_total_ms: i64,
    pub extension_ms: i64,
    pub board_held: bool,
    pub released_at_ms: Option<i64>,
}

/// What is decided and stored; open and paused follow from the clock and a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Draft,
    Sealed,
    Closed,
    Announced,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sealed => "sealed",
            State::Closed => "closed",
            State::Announced => "announced",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        [State::Draft, State::Sealed, State::Closed, State::Announced]
            .into_iter()
            .find(|state| state.text() == text)
    }
}

/// What a candidate meets now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Draft,
    Upcoming,
    Open,
    Paused,
    Closed,
    Announced,
}

/// Everything that sealing freezes beside bank and entrants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    pub tier: Tier,
    /// The blueprint of every post that has none of its own.
    pub blueprint: String,
    /// Post → blueprint.
    pub blueprint_of: BTreeMap<String, String>,
    pub attempts: u32,
    pub attempts_per_day: Option<u32>,
    pub counts: Counts,
    pub papers: Papers,
    pub release: Release,
    pub tie_keys: Vec<TieKey>,
    pub unit_rule: UnitRule,
    /// A unit with fewer entrants is shown unranked.
    pub unit_entrants_min: u32,
    pub audience: Audience,
    /// Whether the board moves while the round runs, as far as points may be seen then.
    #[serde(default)]
    pub showing: Showing,
    pub rehearsal: bool,
}

impl Rules {
    /// Where nothing else is declared: one attempt, each a different paper, everything released at the close.
    pub fn usual(blueprint: String) -> Rules {
        Rules {
            tier: Tier::default(),
            blueprint,
            blueprint_of: BTreeMap::new(),
            attempts: 1,
            attempts_per_day: None,
            counts: Counts::Best,
            papers: Papers::default(),
            release: Release::default(),
            tie_keys: vec![],
            unit_rule: UnitRule::MeanTimesTurnout,
            unit_entrants_min: MIN_ENTRANTS,
            audience: Audience::default(),
            showing: Showing::default(),
            rehearsal: false,
        }
    }

    pub fn blueprint_for(&self, post: &str) -> &str {
        self.blueprint_of.get(post).unwrap_or(&self.blueprint)
    }

    /// Every blueprint the round may draw by, once each.
    pub fn blueprints(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .blueprint_of
            .values()
            .chain([&self.blueprint])
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Group,
    Village,
    #[default]
    Township,
}

impl Tier {
    pub fn parse(text: &str) -> Option<Tier> {
        match text {
            "group" => Some(Tier::Group),
            "village" => Some(Tier::Village),
            "township" => Some(Tier::Township),
            _ => None,
        }
    }

    pub fn chinese(self) -> &'static str {
        match self {
            Tier::Group => "组内练",
            Tier::Village => "村内比",
            Tier::Township => "镇内赛",
        }
    }
}

/// How papers of one round relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Papers {
    /// Each a different paper, equally hard.
    #[default]
    Each,
    /// 同卷异序: one paper a division, each in a different order.
    Same,
}

impl Papers {
    /// As forms and flags say it.
    pub fn parse(text: &str) -> Option<Papers> {
        match text {
            "each" => Some(Papers::Each),
            "same" => Some(Papers::Same),
            _ => None,
        }
    }
}

/// When points and keys may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// Points and keys at the round's close.
    #[default]
    Close,
    /// Points at hand-in, keys at the close.
    HandIn,
    /// Both when an organizer says so (announcing does).
    Hand,
}

impl Release {
    /// As forms and flags say it.
    pub fn parse(text: &str) -> Option<Release> {
        match text {
            "close" => Some(Release::Close),
            "handin" => Some(Release::HandIn),
            "hand" => Some(Release::Hand),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    #[default]
    Entrants,
    Public,
}

impl Audience {
    /// As forms and flags say it.
    pub fn parse(text: &str) -> Option<Audience> {
        match text {
            "entrants" => Some(Audience::Entrants),
            "public" => Some(Audience::Public),
            _ => None,
        }
    }
}

/// When the board shows points that may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Showing {
    /// As they come in; only a release at hand-in lets any be seen before the close.
    #[default]
    Live,
    /// Nothing before the close.
    AfterClose,
}

impl Showing {
    /// As forms and flags say it.
    pub fn parse(text: &str) -> Option<Showing> {
        match text {
            "live" => Some(Showing::Live),
            "after-close" => Some(Showing::AfterClose),
            _ => None,
        }
    }
}

/// 参赛人: a person as sealed into a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    pub person_id: String,
    pub name: String,
    pub unit_id: String,
    pub unit_name: String,
    pub post: String,
    pub division: String,
    /// Approved leave is not absence: it leaves the number of entrants.
    pub on_leave: bool,
    /// Added after sealing, on record.
    pub late: bool,
    /// More time for the attempts that this person begins.
    #[serde(default)]
    pub extension_ms: i64,
}

/// How much of a graded attempt may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    Nothing,
    Points,
    /// Keys, rationales and sources too.
    Keys,
}

impl Round {
    /// The window's end as it stands: with extensions, pauses, and the pause that runs.
    pub fn window_ends_at_ms(&self, now_ms: i64) -> i64 {
        self.closes_at_ms
            + self.extension_ms
            + self.paused_total_ms
            + self.standing_still_ms(now_ms)
    }

    /// For how long the pause that runs has lasted: all deadlines move by that much.
    pub fn standing_still_ms(&self, now_ms: i64) -> i64 {
        self.paused_at_ms
            .map_or(0, |since_ms| (now_ms - since_ms).max(0))
    }

    pub fn phase(&self, now_ms: i64) -> Phase {
        match self.state {
            State::Draft => Phase::Draft,
            State::Closed => Phase::Closed,
            State::Announced => Phase::Announced,
            State::Sealed if now_ms < self.opens_at_ms => Phase::Upcoming,
            State::Sealed if self.paused_at_ms.is_some() => Phase::Paused,
            State::Sealed if now_ms >= self.window_ends_at_ms(now_ms) => Phase::Closed,
            State::Sealed => Phase::Open,
        }
    }

    /// Whether the board may show points to those it is for; a board held back shows none all the same.
    pub fn board_shows(&self) -> bool {
        let closed = matches!(self.state, State::Closed | State::Announced);
        self.shown() != Shown::Nothing && (closed || self.rules.showing == Showing::Live)
    }

    /// A closed *state* is meant here, not a window that ran out: while somebody still sits on an extension, keys wait.
    pub fn shown(&self) -> Shown {
        let closed = matches!(self.state, State::Closed | State::Announced);
        match self.rules.release {
            Release::Close | Release::HandIn if closed => Shown::Keys,
            Release::HandIn => Shown::Points,
            Release::Hand if self.released_at_ms.is_some() => Shown::Keys,
            Release::Close | Release::Hand => Shown::Nothing,
        }
    }
}
