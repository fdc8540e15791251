//! The form of 新建场次, read: a draft, or everything that is wrong with it at once.

use chrono::{DurationRound, TimeDelta};

use crate::{
    app::organizer::{Draft, draft_faults},
    clock::{civil, local_time},
    contest::{
        counting::Counts,
        ranking::TieKey,
        round::{Audience, Papers, Release, Rules, Showing, Tier},
        units::UnitRule,
    },
    people::UnitKind,
    web::pages::new_round::RoundForm,
};

/// What a form that has just been opened proposes.
pub(super) fn proposed(now_ms: i64, top: Option<UnitKind>) -> RoundForm {
    let hour = TimeDelta::hours(1);
    let next = civil(now_ms)
        .duration_trunc(hour)
        .map_or(now_ms, |hour| hour.timestamp_millis())
        + hour.num_milliseconds();
    let typed = |at_ms| civil(at_ms).format("%Y-%m-%dT%H:%M").to_string();
    RoundForm {
        tier: match top {
            Some(UnitKind::Village) => "village",
            Some(UnitKind::Group) => "group",
            _ => "township",
        }
        .into(),
        opens: typed(next),
        closes: typed(next + 2 * hour.num_milliseconds()),
        ..RoundForm::usual()
    }
}

/// The draft, or what is wrong with the form, each in Chinese with what to do.
pub(super) fn draft(form: &RoundForm, now_ms: i64) -> Result<Draft, Vec<String>> {
    let mut problems = Problems(vec![]);
    let rules = rules(form, &mut problems);
    let limit_ms = match form.limit_minutes.trim() {
        "" => None,
        minutes => problems
            .number(minutes, "作答时长要写分钟数，例如 40；不写就按组卷方案")
            .map(|minutes: i64| minutes.saturating_mul(60_000)),
    };
    let opens_at_ms = problems.some(
        local_time(form.opens.trim()),
        "开始时间要写成 2026-02-18T10:00 这样",
    );
    let closes_at_ms = problems.some(
        local_time(form.closes.trim()),
        "截止时间要写成 2026-02-18T11:00 这样",
    );
    let (Some(opens_at_ms), Some(closes_at_ms), Some(rules)) = (opens_at_ms, closes_at_ms, rules)
    else {
        return Err(problems.0);
    };
    let draft = Draft {
        name: form.name.clone(),
        unit: form.unit.clone(),
        opens_at_ms,
        closes_at_ms,
        limit_ms,
        rules,
    };
    let faults = draft_faults(&draft);
    problems.0.extend(faults.into_iter().map(str::to_owned));
    if draft.closes_at_ms <= now_ms && draft.opens_at_ms < draft.closes_at_ms {
        problems.0.push("截止时间已经过了，请改到现在以后".into());
    }
    if problems.0.is_empty() {
        Ok(draft)
    } else {
        Err(problems.0)
    }
}

fn rules(form: &RoundForm, problems: &mut Problems) -> Option<Rules> {
    let tier = problems.some(Tier::parse(&form.tier), "层级要选组内练、村内比或镇内赛");
    let counts = problems.some(Counts::parse(&form.counts), "请选多次作答怎么计分");
    let papers = problems.some(Papers::parse(&form.papers), "请选一人一卷或同卷异序");
    let release = problems.some(Release::parse(&form.release), "请选什么时候公布");
    let tie_keys = problems.some(TieKey::parse_all(&form.ties), "请选同分怎么排");
    let audience = problems.some(Audience::parse(&form.audience), "请选成绩榜给谁看");
    let showing = problems.some(Showing::parse(&form.showing), "请选成绩榜什么时候看");
    let attempts = problems.number(&form.attempts, "作答次数要写数字，例如 1");
    let unit_min = problems.number(&form.unit_min, "单位排名的最少人数要写数字，例如 5");
    let per_day = match form.attempts_per_day.trim() {
        "" => Some(None),
        text => problems
            .number(text, "每天的作答次数要写数字；不限就空着")
            .map(Some),
    };
    let unit_rule = match form.unit_rule.as_str() {
        "top" => problems.some(
            UnitRule::parse(&format!("top:{}", form.unit_top.trim())),
            "前几名均分：要写取几个人，1 到 1000 之间的数字",
        ),
        rule => problems.some(UnitRule::parse(rule), "请选单位怎么比"),
    };
    Some(Rules {
        tier: tier?,
        blueprint_of: form
            .by_post
            .iter()
            .filter_map(|(key, name)| Some((key.strip_prefix("post:")?.to_owned(), name.clone())))
            .filter(|(_, name)| !name.is_empty())
            .collect(),
        attempts: attempts?,
        attempts_per_day: per_day?,
        counts: counts?,
        papers: papers?,
        release: release?,
        tie_keys: tie_keys?,
        unit_rule: unit_rule?,
        unit_entrants_min: unit_min?,
        audience: audience?,
        showing: showing?,
        rehearsal: !form.rehearsal.is_empty(),
        ..Rules::usual(form.blueprint.clone())
    })
}

/// What is wrong so far; reading goes on, so that everything is said at once.
struct Problems(Vec<String>);

impl Problems {
    fn some<T>(&mut self, read: Option<T>, otherwise: &str) -> Option<T> {
        if read.is_none() {
            self.0.push(otherwise.to_owned());
        }
        read
    }

    fn number<T: std::str::FromStr>(&mut self, text: &str, otherwise: &str) -> Option<T> {
        self.some(text.trim().parse().ok(), otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-02-18 10:30 +08:00.
    const NOW_MS: i64 = 1_771_381_800_000;

    #[test]
    fn what_is_proposed_is_a_draft_as_soon_as_it_has_a_name() {
        let mut form = proposed(NOW_MS, None);
        assert_eq!(
            (form.opens.as_str(), form.closes.as_str()),
            ("2026-02-18T11:00", "2026-02-18T13:00")
        );
        assert_eq!(draft(&form, NOW_MS).unwrap_err().len(), 1);
        form.name = "笔试".into();
        form.blueprint = "卷".into();
        assert_eq!(
            draft(&form, NOW_MS).unwrap().rules,
            Rules::usual("卷".into())
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let mut form = proposed(NOW_MS, None);
        form.limit_minutes = "半小时".into();
        form.attempts = "两次".into();
        form.unit_rule = "top".into();
        form.unit_top = "0".into();
        form.ties = "time,time".into();
        form.closes = "明天".into();
        let problems = draft(&form, NOW_MS).unwrap_err();
        assert_eq!(problems.len(), 5, "{problems:?}");
    }
}
