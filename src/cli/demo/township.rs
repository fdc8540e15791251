//! 青溪镇: invented villages, groups, offices and cadres; an open round, one that opens soon, and the links of its guides.

use std::sync::Arc;

use crate::{
    app::{App, organizer::Draft, registrar::SignedIn},
    contest::round::{Audience, Phase, Release, Rules, State},
    error::{Error, Result},
    exchange::roster::RosterRow,
};

pub(in crate::cli::demo) const ACTOR: &str = "demo";
pub(in crate::cli::demo) const HOUR_MS: i64 = 3_600_000;
const BLUEPRINT: &str = "通用·镇内赛笔试";
const OPEN_ROUND: &str = "镇内赛·笔试";

const VILLAGES: [&str; 12] = [
    "桃源村",
    "柳河村",
    "青山村",
    "石桥村",
    "双溪村",
    "白鹭村",
    "松岭村",
    "向阳村",
    "清泉村",
    "枫林村",
    "云台村",
    "梅湾村",
];
const OFFICES: [&str; 3] = ["农业农村综合服务中心", "党政办公室", "民生服务中心"];
const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢",
];
const GIVEN: [&str; 25] = [
    "建国", "秀兰", "国庆", "桂香", "永福", "春梅", "志强", "玉珍", "德明", "小红", "文华", "丽娟",
    "长青", "素芳", "海涛", "月英", "振兴", "雪梅", "卫东", "晓燕", "光辉", "凤霞", "立新", "淑琴",
    "明亮",
];
const VILLAGE_POSTS: [&str; 8] = [
    "村党组织书记",
    "村委会主任",
    "副书记",
    "副主任",
    "村文书",
    "第一书记",
    "驻村工作队员",
    "包村包组干部",
];

/// One sign-in link per kind of person.
#[derive(Debug)]
pub(in crate::cli::demo) struct Links {
    pub(in crate::cli::demo) cadre: String,
    pub(in crate::cli::demo) cadre_id: String,
    pub(in crate::cli::demo) cadre_name: String,
    pub(in crate::cli::demo) organizer: String,
    pub(in crate::cli::demo) trainer: String,
    pub(in crate::cli::demo) judge: String,
    pub(in crate::cli::demo) board: String,
}

/// The heads of a village's groups, five to a group: so many are ranked as a unit.
const GROUPS: [&str; 3] = ["一组", "二组", "三组"];
const HEADS_OF_A_GROUP: usize = 5;

/// Who lives here: some three hundred people in all posts.
pub(in crate::cli::demo) fn roster() -> Vec<RosterRow> {
    let mut rows = Vec::new();
    let mut add = |unit: &str, group: &str, post: &str| {
        let count = rows.len();
        let name = format!(
            "{}{}",
            SURNAMES[(count * 7 + 1) % 24],
            GIVEN[(count * 11 + count / 24) % 25]
        );
        rows.push(RosterRow {
            row: count + 2,
            name,
            unit: unit.to_owned(),
            unit_column: "B".into(),
            group: group.to_owned(),
            posts: vec![post.to_owned()],
            post_column: "C".into(),
            phone: format!("139{count:08}"),
        });
    };
    for village in VILLAGES {
        for post in VILLAGE_POSTS {
            add(village, "", post);
        }
        for group in GROUPS {
            for _ in 0..HEADS_OF_A_GROUP {
                add(village, group, "村民小组长");
            }
        }
    }
    for _ in 0..7 {
        add("", "", "镇领导");
    }
    for office in OFFICES {
        for _ in 0..8 {
            add(office, "", "镇机关干部");
        }
    }
    name_the_guides(&mut rows);
    rows
}

/// Those whose links are printed have names of their own.
fn name_the_guides(rows: &mut [RosterRow]) {
    rows[0].name = "李建国".into();
    rows[0].posts = vec!["村党组织书记".into(), "村委会主任".into()];
    let office = rows.len() - 24;
    rows[office].name = "周敏".into();
    rows[office + 1].name = "何静".into();
    rows[office + 8].name = "孙志远".into();
}

pub(in crate::cli::demo) fn rules(release: Release) -> Rules {
    let mut rules = Rules::usual(BLUEPRINT.into());
    rules.release = release;
    rules.audience = Audience::Public;
    rules
}

pub(in crate::cli::demo) fn draft(
    name: &str,
    opens_at_ms: i64,
    closes_at_ms: i64,
    rules: Rules,
) -> Draft {
    Draft {
        name: name.into(),
        unit: String::new(),
        opens_at_ms,
        closes_at_ms,
        limit_ms: None,
        rules,
    }
}

/// An open round and one that opens soon, made where the last ones are over.
pub(in crate::cli::demo) async fn open_rounds(app: &Arc<App>) -> Result<String> {
    let now_ms = app.clock.now_ms();
    let (_, persons) = app.people().await?;
    let organizer = persons.iter().find(|person| person.name == "周敏");
    let organizer = organizer.map_or(ACTOR, |person| person.id.as_str());
    let rounds = app.rounds().await?;
    let phase = |wanted| {
        rounds
            .iter()
            .find(|round| round.state != State::Draft && round.phase(now_ms) == wanted)
    };
    if phase(Phase::Upcoming).is_none() {
        let rules = rules(Release::Close);
        let opens_at_ms = now_ms + 6 * HOUR_MS;
        let round = app
            .create_round(
                organizer,
                draft("村内比·第二场", opens_at_ms, opens_at_ms + HOUR_MS, rules),
            )
            .await?;
        app.seal_round(organizer, &round.id).await?;
    }
    if let Some(open) = phase(Phase::Open) {
        return Ok(open.id.clone());
    }
    let mut rules = rules(Release::HandIn);
    rules.attempts = 3;
    let round = app
        .create_round(
            organizer,
            draft(OPEN_ROUND, now_ms, now_ms + 4 * HOUR_MS, rules),
        )
        .await?;
    app.seal_round(organizer, &round.id).await?;
    Ok(round.id)
}

pub(in crate::cli::demo) async fn links(app: &Arc<App>, open_round: &str) -> Result<Links> {
    let tickets = app.issue_tickets(ACTOR, "").await?;
    let find = |name: &str, unit: &str| {
        tickets
            .iter()
            .find(|ticket| ticket.person == name && ticket.unit == unit)
            .map(|ticket| ticket.link.clone())
            .ok_or_else(|| Error::NotFound(format!("演示里的{name}")))
    };
    let cadre = find("李建国", "桃源村")?;
    let token = cadre.rsplit('/').next().unwrap_or_default();
    let SignedIn { person, .. } = app.look_at_ticket(token).await?;
    Ok(Links {
        cadre_id: person.id,
        cadre_name: person.name,
        cadre,
        organizer: find("周敏", "农业农村综合服务中心")?,
        trainer: find("何静", "农业农村综合服务中心")?,
        judge: find("孙志远", "党政办公室")?,
        board: format!("{}/rounds/{open_round}/board", app.public_url),
    })
}
