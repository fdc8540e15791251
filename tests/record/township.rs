//! A small township with a small bank: quick to draw, all kinds of questions, people who know some of it.

use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::Connection;
use yikouqing::{
    app::{
        App,
        organizer::Draft,
        proctor::{Desk, SentStep},
    },
    bank::{
        SourceFile,
        fault::{Fault, Severity},
        question::Kind,
    },
    clock::Clock,
    contest::round::{Papers, Rules},
    people::{Person, Unit, UnitKind},
    store::{Store, archive, people},
};

/// 2026-02-18 10:00 +08:00.
const NOW: i64 = 1_771_380_000_000;
const HOUR: i64 = 3_600_000;
/// What everybody says.
pub(crate) const SAID: &str = "大事不出镇和小事不出村";

#[derive(Debug)]
pub(crate) struct Township {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Clock,
    /// Id and name; the township first.
    pub(crate) units: Vec<(String, String)>,
    pub(crate) people: Vec<(String, String)>,
}

impl Township {
    pub(crate) async fn open(url: &str) -> Township {
        let clock = Clock::fixed(NOW);
        let store = Store::open(url).await.expect("a database");
        let app = App::open(store, clock.clone(), "http://x".into());
        let look = app.publish(&bank()).await.expect("a bank");
        let error = |fault: &&Fault| fault.severity == Severity::Error;
        let errors: Vec<_> = look.faults.iter().filter(error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let units: Vec<(String, String)> = ["青溪镇", "桃源村", "柳河村"]
            .iter()
            .enumerate()
            .map(|(place, name)| (format!("unit{place}"), (*name).to_owned()))
            .collect();
        let people: Vec<(String, String)> = [
            "李建国",
            "王秀兰",
            "张国庆",
            "刘桂香",
            "陈永福",
            "杨春梅",
            "赵志强",
        ]
        .iter()
        .enumerate()
        .map(|(place, name)| (format!("person-{place}-x"), (*name).to_owned()))
        .collect();
        let mut tx = app.store.write().await.unwrap();
        for (place, (id, name)) in units.iter().enumerate() {
            let unit = Unit {
                id: id.clone(),
                parent_id: (place > 0).then(|| units[0].0.clone()),
                name: name.clone(),
                kind: UnitKind::of_name(name),
            };
            people::add_unit(&mut tx, &unit).await.unwrap();
        }
        for (place, (id, name)) in people.iter().enumerate() {
            let person = Person {
                id: id.clone(),
                name: name.clone(),
                unit_id: units[1 + place % 2].0.clone(),
                phone: format!("1390000000{place}"),
                posts: vec!["村文书".into()],
            };
            people::save_person(&mut tx, &person, NOW).await.unwrap();
        }
        tx.commit().await.unwrap();
        Township {
            app,
            clock,
            units,
            people,
        }
    }

    pub(crate) async fn open_round(
        &self,
        name: &str,
        papers: Papers,
        change: impl FnOnce(&mut Rules),
    ) -> String {
        let mut rules = Rules::usual("小卷".into());
        rules.papers = papers;
        rules.attempts = if papers == Papers::Each { 2 } else { 1 };
        rules.unit_entrants_min = 2;
        change(&mut rules);
        let now_ms = self.clock.now_ms();
        let draft = Draft {
            name: name.into(),
            unit: String::new(),
            opens_at_ms: now_ms,
            closes_at_ms: now_ms + 2 * HOUR,
            limit_ms: None,
            rules,
        };
        let round = self.app.create_round("x", draft).await.expect("a round");
        self.app.seal_round("x", &round.id).await.expect("it seals");
        round.id
    }

    /// A round that everybody but the last sat, some twice, one of them beyond the time; closed.
    pub(crate) async fn contest(&self, name: &str, papers: Papers) -> String {
        let round = self.open_round(name, papers, |_| {}).await;
        for who in 0..self.people.len() - 2 {
            self.clock.advance(60_000);
            self.sit(&round, who).await;
        }
        if papers == Papers::Each {
            self.sit(&round, 0).await;
            self.sit(&round, 1).await;
        }
        let slow = self.people.len() - 2;
        let (desk, steps) = self.answers(&round, slow).await;
        let (attempt, person) = (&desk.attempt.id, &self.people[slow].0);
        self.app
            .keep_steps(attempt, person, &steps[..3])
            .await
            .unwrap();
        self.clock.advance(3 * HOUR);
        self.app.close_what_is_over().await.unwrap();
        round
    }

    /// Starts, changes a mind, answers and hands in; the more people, the less they know.
    pub(crate) async fn sit(&self, round: &str, who: usize) {
        let (desk, steps) = self.answers(round, who).await;
        let (attempt, person) = (&desk.attempt.id, &self.people[who].0);
        self.clock.advance(1_000 * (who as i64 + 7));
        self.app.keep_steps(attempt, person, &steps).await.unwrap();
        let last = steps.last().map(|step| step.seq);
        self.app.hand_in(attempt, person, last, &[]).await.unwrap();
    }

    async fn answers(&self, round: &str, who: usize) -> (Desk, Vec<SentStep>) {
        let desk = self.app.start_attempt(round, &self.people[who].0).await;
        let desk = desk.expect("an attempt");
        let answer = |number: u32, kind: Kind| -> Value {
            match kind {
                Kind::Single => json!(["A", "B", "C", "D"][(number as usize + who) % 4]),
                Kind::Multiple => json!(["A", "C"]),
                Kind::Judgement => json!(["A", "B"][who % 2]),
                Kind::Blanks => json!(["2026年3月30日"]),
                Kind::Recall => json!(SAID),
            }
        };
        let steps = desk.attempt.paper.questions.iter().map(|asked| {
            let kind = desk.publication.by_revision[&asked.revision].kind();
            SentStep {
                seq: desk.last_seq + i64::from(asked.number),
                number: asked.number,
                answer: answer(asked.number, kind),
                elapsed_ms: Some(5_000),
            }
        });
        let steps = steps.collect();
        (desk, steps)
    }
}

/// What was said, over a whole round.
pub(crate) async fn steps_of(app: &App, round: &str) -> Vec<String> {
    let mut tx = app.store.read().await.unwrap();
    let steps = archive::steps_of(&mut tx, round).await.unwrap();
    assert!(!steps.is_empty());
    steps
        .into_values()
        .flatten()
        .map(|(step, _)| format!("{:?}", step.answer))
        .collect()
}

#[expect(clippy::format_push_string, reason = "a bank is written once a test")]
fn bank() -> Vec<SourceFile> {
    let mut text = String::from(
        "---\n专题: 测试\n来源: 《测试条例》（2020年1月1日公布）\n施行: 2020-01-01\n---\n\n# 测试\n",
    );
    let topics = [
        "低保",
        "特困",
        "临时救助",
        "医保",
        "养老",
        "住房",
        "饮水",
        "教育",
        "残疾",
        "土地",
        "宅基地",
        "殡葬",
    ];
    for (place, topic) in topics.iter().enumerate() {
        let level = place % 3 + 1;
        text += &format!(
            "\n## {topic}申请的第一步应当找哪个部门办理？ {{#s-{place:03} 难度={level}}}\n\n- [x] {topic}经办窗口\n- [ ] 县公安局户籍科\n- [ ] 镇中心小学\n- [ ] 村口小卖部\n\n> 依据：第{}条\n>\n> 说明。\n",
            place + 1
        );
        text += &format!(
            "\n## 办理{topic}要带齐哪些材料？ {{#m-{place:03} 难度={level}}}\n\n- [x] {topic}申请表原件\n- [x] 居民身份证\n- [ ] 结婚请柬\n- [ ] 电影票根\n\n> 依据：第{}条\n>\n> 说明。\n",
            place + 21
        );
        text += &format!(
            "\n## 办理{topic}不收任何费用。 {{#j-{place:03} 难度={level}}}\n\n- [x] 正确\n- [ ] 错误\n\n> 依据：第{}条\n>\n> 说明。\n",
            place + 41
        );
    }
    for (place, topic) in topics.iter().take(3).enumerate() {
        text += &format!(
            "\n## {topic}条例自 `2026年3月30日` 起施行。 {{#b-{place:03} 难度=2}}\n\n> 依据：第{}条\n>\n> 说明。\n",
            place + 61
        );
        text += &format!(
            "\n## 请说出{topic}工作的三句话。 {{#r-{place:03} 难度=2}}\n\n1. **小事不出村**\n2. **大事不出镇**\n3. **矛盾不上交**\n\n> 依据：第{}条\n>\n> 说明。\n",
            place + 71
        );
    }
    let blueprint = "---\n细目表: 小卷\n时长: 30分钟\n及格: 10\n难度: 2.0\n容差: 0.3\n---\n\n| 专题 | 单选 | 多选 | 判断 | 填空 | 口答 |\n|---|---|---|---|---|---|\n| 每题分值 | 2 | 4 | 1 | 3 | 6 |\n| 评分 | | 少选得一半 | 答错扣1分 | | |\n| 测试 | 4 | 2 | 2 | 1 | 1 |\n";
    let posts = "# 岗位表\n\n| 岗位 | 别名 | 组别 |\n|---|---|---|\n| 村文书 | 文书 | 村干部组 |\n";
    [
        ("测试.md", text.as_str()),
        ("blueprints/小卷.md", blueprint),
        ("posts.md", posts),
    ]
    .into_iter()
    .map(|(path, text)| SourceFile {
        path: path.into(),
        bytes: text.as_bytes().to_vec(),
    })
    .collect()
}

/// Rows as the first version wrote them, a table each that others hang on.
pub(crate) const ROWS_OF_THE_FIRST_VERSION: &[&str] = &[
    "INSERT INTO units (id, parent_id, name, kind) VALUES ('u1', NULL, '青溪镇', 'township')",
    "INSERT INTO persons (id, name, unit_id, phone, posts, created_at_ms) VALUES ('p1', '李建国', 'u1', '', '[\"村文书\"]', 1)",
    "INSERT INTO grants (person_id, role, unit_id) VALUES ('p1', 'organizer', 'u1')",
    "INSERT INTO tickets (hash, person_id, created_at_ms) VALUES ('h1', 'p1', 1)",
    "INSERT INTO rounds (id, name, unit_id, state, opens_at_ms, closes_at_ms, limit_ms, rules, created_at_ms) VALUES
     ('r1', '笔试', 'u1', 'draft', 1, 2, 60000, '{\"tier\":\"township\",\"blueprint\":\"小卷\",\"blueprint_of\":{},\"attempts\":1,\"attempts_per_day\":null,\"counts\":\"best\",\"papers\":\"each\",\"release\":\"close\",\"tie_keys\":[],\"unit_rule\":\"mean_times_turnout\",\"unit_entrants_min\":5,\"audience\":\"entrants\",\"rehearsal\":false}', 1)",
    "INSERT INTO entrants (round_id, person_id, name, unit_id, unit_name, post, division) VALUES ('r1', 'p1', '李建国', 'u1', '青溪镇', '村文书', '村干部组')",
    "INSERT INTO acts (id, at_ms, actor, act, subject, detail) VALUES ('a1', 1, 'program', 'create-round', 'r1', '{}')",
];

/// As if a newer program had been here.
pub(crate) async fn pretend_newer(url: &str) {
    const TEXT: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                        SELECT 9999, 'newer', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    if url.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        sqlx::query(TEXT).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::query(TEXT).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}
