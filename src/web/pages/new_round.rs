//! 新建场次: one form, with what the bank can fill beside each post.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bank::points::Points,
    contest::units::MIN_ENTRANTS,
    web::{
        page::Page,
        pages::parts::{Staff, sample},
    },
};

/// `GET /rounds/new`; its form posts [`RoundForm`]'s fields to `/rounds`.
#[derive(Debug, Clone, Serialize)]
pub struct NewRound {
    pub staff: Staff,
    /// What is wrong with the form as sent, each with what to do.
    pub problems: Vec<String>,
    /// Shows the rarely changed part of the form unfolded.
    pub rare: bool,
    pub form: RoundForm,
    pub units: Vec<UnitChoice>,
    pub blueprints: Vec<BlueprintChoice>,
    /// Posts people of the roster hold.
    pub posts: Vec<PostRow>,
    pub divisions: Vec<String>,
}

/// As typed, so that nothing is lost when the form comes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct RoundForm {
    pub name: String,
    /// `group`, `village` or `township`.
    pub tier: String,
    /// A unit's id.
    pub unit: String,
    /// As `<input type="datetime-local">` sends them, +08:00: `2026-02-18T10:00`.
    pub opens: String,
    pub closes: String,
    pub limit_minutes: String,
    pub attempts: String,
    /// `best`, `last`, `first` or `mean`.
    pub counts: String,
    /// `each` or `same`.
    pub papers: String,
    /// `close`, `handin` or `hand`.
    pub release: String,
    /// Empty: as many as there are.
    pub attempts_per_day: String,
    /// `none`, `time`, `hand-in`, or both by a comma.
    pub ties: String,
    /// `turnout`, `sitters`, `top` or `sum`.
    pub unit_rule: String,
    /// How many count where `unit_rule` is `top`.
    pub unit_top: String,
    pub unit_min: String,
    /// `entrants` or `public`.
    pub audience: String,
    /// `live` or `after-close`.
    pub showing: String,
    /// Anything: it is one.
    pub rehearsal: String,
    /// Blueprint of everybody whose post has none of its own.
    pub blueprint: String,
    /// Blueprint by post, sent as `post:村党组织书记=…`; empty means the common one.
    #[serde(flatten)]
    pub by_post: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct UnitChoice {
    pub id: String,
    pub name: String,
    pub people: u32,
}

#[derive(Debug, Clone, Serialize)]
pub struct BlueprintChoice {
    pub name: String,
    /// `60`, or `56～58` where materials differ in size.
    pub questions: String,
    pub total: Points,
    pub limit_seconds: i64,
    /// Why the bank cannot fill it now.
    pub problem: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PostRow {
    pub name: String,
    pub division: String,
    pub people: u32,
    /// The form's choice, else the blueprint made for this post.
    pub blueprint: String,
}

impl Page for NewRound {
    const TEMPLATE: &'static str = "new_round.html";

    fn samples() -> Vec<NewRound> {
        let blueprint = |name: &str, problem: Option<&str>| BlueprintChoice {
            name: name.into(),
            questions: "40".into(),
            total: Points::whole(100),
            limit_seconds: 2400,
            problem: problem.map(Into::into),
        };
        let post = |name: &str, people, blueprint: &str| PostRow {
            name: name.into(),
            division: "村两委组".into(),
            people,
            blueprint: blueprint.into(),
        };
        let empty = NewRound {
            staff: sample::staff(),
            problems: vec![],
            rare: false,
            form: RoundForm::usual(),
            units: vec![],
            blueprints: vec![],
            posts: vec![],
            divisions: vec![],
        };
        let mut ready = empty.clone();
        ready.form = RoundForm::sample();
        ready.units = vec![
            UnitChoice {
                id: "u1".into(),
                name: "青溪镇".into(),
                people: 412,
            },
            UnitChoice {
                id: "u2".into(),
                name: "桃源村".into(),
                people: 29,
            },
        ];
        let thin = "“社会救助”的多选要 4 题，题库只有 2 题";
        ready.blueprints = vec![
            blueprint("通用·笔试", None),
            blueprint("村党组织书记·镇内赛笔试", None),
            blueprint("镇领导·专场", Some(thin)),
        ];
        ready.posts = vec![
            post("村党组织书记", 26, "村党组织书记·镇内赛笔试"),
            post("村委会主任", 24, ""),
            post("村文书", 26, ""),
        ];
        ready.divisions = vec!["村党支部书记组".into(), "村两委组".into()];
        let mut refused = ready.clone();
        refused.form.closes.clone_from(&ready.form.opens);
        refused.rare = true;
        refused.form.name =
            "青溪镇2026年上半年“政策一口清”比武活动村党组织书记、村委会主任专场笔试".into();
        refused.form.unit_rule = "top".into();
        refused.problems = vec![
            "前几名均分：要写取几个人，1 到 1000 之间的数字".into(),
            "收卷时间要在开始时间之后：现在两个都是 2 月 18 日 10:00。".into(),
        ];
        vec![ready, refused, empty]
    }
}

impl Default for RoundForm {
    /// What a field left out means.
    fn default() -> RoundForm {
        RoundForm::usual()
    }
}

impl RoundForm {
    /// What most rounds declare.
    pub fn usual() -> RoundForm {
        let word = str::to_owned;
        RoundForm {
            name: String::new(),
            tier: word("township"),
            unit: String::new(),
            opens: String::new(),
            closes: String::new(),
            limit_minutes: String::new(),
            attempts: word("1"),
            counts: word("best"),
            papers: word("each"),
            release: word("close"),
            attempts_per_day: String::new(),
            ties: word("none"),
            unit_rule: word("turnout"),
            unit_top: String::new(),
            unit_min: MIN_ENTRANTS.to_string(),
            audience: word("entrants"),
            showing: word("live"),
            rehearsal: String::new(),
            blueprint: String::new(),
            by_post: BTreeMap::new(),
        }
    }

    /// Whether anything of the rarely changed part is not as usual.
    pub fn has_rare(&self) -> bool {
        let usual = RoundForm::usual();
        let rare = |form: &RoundForm| {
            [
                &form.counts,
                &form.attempts_per_day,
                &form.ties,
                &form.unit_rule,
                &form.unit_top,
                &form.unit_min,
                &form.audience,
                &form.showing,
                &form.rehearsal,
            ]
            .map(|text| text.trim().to_owned())
        };
        rare(self) != rare(&usual)
    }

    fn sample() -> RoundForm {
        RoundForm {
            name: "镇内赛笔试".into(),
            unit: "u1".into(),
            opens: "2026-02-18T10:00".into(),
            closes: "2026-02-18T11:00".into(),
            limit_minutes: "40".into(),
            blueprint: "通用·笔试".into(),
            ..RoundForm::usual()
        }
    }
}
