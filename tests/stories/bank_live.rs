//! The bank changes while rounds are set up, run and are over: nothing breaks, and the past stays as it was.

use std::{fs, path::PathBuf};

use serde_json::json;
use yikouqing::{contest::round::Rules, exchange::bank_folder};

use crate::{
    stage::{ACTOR, Stage, bank::FULL},
    stories,
};

stories! {
    a_faulty_question_keeps_its_last_good_text_while_its_neighbours_go_live,
    a_faulty_head_keeps_the_whole_file,
    a_question_taken_away_is_gone,
    a_change_that_starves_a_round_is_held_whole_and_says_so,
    past_papers_show_what_was_asked,
    a_sealed_round_asks_from_the_bank_it_was_sealed_with,
    two_banks_are_served_together,
    two_copies_of_one_folder_publish_a_change_once,
    a_posts_table_with_a_fault_keeps_the_last_good_one,
}

const RELIEF: &str = "relief.md";

async fn a_faulty_question_keeps_its_last_good_text_while_its_neighbours_go_live(mut stage: Stage) {
    let before = stage.live_stem("s-001").await.expect("live");
    stage.edit(
        RELIEF,
        "- [x] 路灯管护组第二方案",
        "- [ ] 路灯管护组第二方案",
    );
    stage.edit(
        RELIEF,
        "## 路灯的管护办法采用哪一个方案？",
        "## 路灯改过的题干有错？",
    );
    stage.edit(
        RELIEF,
        "## 文化站的管护办法采用哪一个方案？",
        "## 文化站改过的题干没错？",
    );
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(look.kept_back, ["s-001"]);
    assert_eq!(look.held, None);
    assert_eq!(
        look.faults
            .iter()
            .filter(|fault| fault.question.as_deref() == Some("s-001"))
            .count(),
        1
    );
    assert_eq!(stage.live_stem("s-001").await, Some(before));
    assert_eq!(
        stage.live_stem("s-002").await.as_deref(),
        Some("文化站改过的题干没错？")
    );

    let trainer = stage.cadre("何静").await;
    let page = trainer.get("/bank").await.expect(200);
    assert!(
        page.text.contains("relief.md") && page.text.contains("改法"),
        "{}",
        page.text
    );
    let topic = trainer
        .get("/bank/topics/%E6%95%91%E5%8A%A9%E6%94%BF%E7%AD%96")
        .await
        .expect(200);
    assert!(topic.text.contains("上一次没错的版本"));
    assert_eq!(stage.count("acts WHERE act = 'look-at-keys'").await, 1);

    stage.edit(
        RELIEF,
        "- [ ] 路灯管护组第二方案",
        "- [x] 路灯管护组第二方案",
    );
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(look.kept_back, Vec::<String>::new());
    assert_eq!(
        stage.live_stem("s-001").await.as_deref(),
        Some("路灯改过的题干有错？")
    );
}

async fn a_faulty_head_keeps_the_whole_file(mut stage: Stage) {
    stage.edit(RELIEF, "专题: 救助政策\n", "");
    stage.edit("affairs.md", "## 河堤", "## 新的河堤");
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(
        look.held, None,
        "nothing is missing: the last good questions stay"
    );
    assert_eq!(look.kept_back.len(), 17);
    assert!(stage.live_stem("s-001").await.is_some());
    let round = stage.round(|_| {}).await;
    assert_eq!(
        stage
            .cadre("李建国")
            .await
            .start(&round)
            .await
            .questions()
            .len(),
        8
    );
}

async fn a_question_taken_away_is_gone(mut stage: Stage) {
    let text = stage.file(RELIEF);
    let (from, to) = (
        text.find("## 路灯").expect("s-001"),
        text.find("## 文化站").expect("s-002"),
    );
    stage.write(RELIEF, &format!("{}{}", &text[..from], &text[to..]));
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!((&look.held, look.kept_back.len()), (&None, 0));
    assert_eq!(stage.live_stem("s-001").await, None);
    assert!(stage.live_stem("s-002").await.is_some());
}

async fn a_change_that_starves_a_round_is_held_whole_and_says_so(mut stage: Stage) {
    let draft = stage.draft(Rules::usual(FULL.into()));
    let round = stage.app.create_round(ACTOR, draft).await.expect("a draft");
    let text = stage.file(RELIEF);
    let without = &text[text.find("## 文化站").expect("s-002")..];
    let head = &text[..text.find("## 路灯").expect("s-001")];
    stage.write(RELIEF, &format!("{head}{without}"));
    stage.edit("affairs.md", "## 河堤", "## 新的河堤");
    let look = stage.app.publish(&stage.bank).await.expect("looked at");
    let held = look.held.clone().expect("held");
    assert!(
        held.contains("镇内赛·笔试") && held.contains("单选"),
        "{held}"
    );
    assert!(
        stage.live_stem("s-001").await.is_some(),
        "the whole change waits"
    );
    assert!(
        !stage
            .live_stem("s-020")
            .await
            .unwrap_or_default()
            .contains("新的")
    );
    let page = stage.cadre("何静").await.get("/bank").await.expect(200);
    assert!(page.text.contains("先不上线"));

    stage
        .app
        .seal_round(ACTOR, &round.id)
        .await
        .expect("the seal");
    let look = stage.app.publish(&stage.bank).await.expect("looked at");
    assert!(look.held.is_some(), "sealed rounds hold it as well");
    assert_eq!(
        stage
            .cadre("李建国")
            .await
            .start(&round)
            .await
            .questions()
            .len(),
        8
    );
    stage.take_in(&round).await;
    stage.clock.advance(3 * crate::stage::HOUR_MS);
    stage.tick().await;
    let look = stage.app.publish(&stage.bank).await.expect("looked at");
    assert_eq!(look.held, None, "nobody needs it any more");
    assert_eq!(stage.live_stem("s-001").await, None);
}

async fn past_papers_show_what_was_asked(mut stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.blueprint = FULL.into())
        .await;
    let li = stage.cadre("李建国").await;
    let sitting = li.sit(&stage, &round, 8).await;
    stage.take_in(&round).await;
    let (before, outcome) = (
        li.get(&format!("/attempts/{}", sitting.attempt))
            .await
            .expect(200),
        li.outcome(&sitting).await,
    );
    assert!(before.text.contains("路灯的管护办法"));

    stage.edit(
        RELIEF,
        "## 路灯的管护办法采用哪一个方案？",
        "## 完全换了一题？",
    );
    stage.edit(RELIEF, "- [x] 路灯管护组第二方案", "- [ ] 换了选项");
    stage.edit(RELIEF, "- [ ] 路灯管护组第一方案", "- [x] 换了答案");
    stage.edit(RELIEF, "暗记1号解析", "换了解析");
    stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(
        stage.live_stem("s-001").await.as_deref(),
        Some("完全换了一题？")
    );
    stage.restart().await;

    let after = li
        .get(&format!("/attempts/{}", sitting.attempt))
        .await
        .expect(200);
    assert_eq!(after.text, before.text);
    assert_eq!(li.outcome(&sitting).await, outcome);
    assert_eq!(outcome["points"], outcome["total"]);
}

async fn a_sealed_round_asks_from_the_bank_it_was_sealed_with(mut stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.blueprint = FULL.into())
        .await;
    stage.edit(
        RELIEF,
        "## 路灯的管护办法采用哪一个方案？",
        "## 封存以后才换的题干？",
    );
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(look.held, None);
    let sealed = stage
        .cadre("李建国")
        .await
        .start(&round)
        .await
        .reply
        .to_string();
    assert!(sealed.contains("路灯的管护办法") && !sealed.contains("封存以后"));
    let next = stage
        .round(|draft| draft.rules.blueprint = FULL.into())
        .await;
    let fresh = stage
        .cadre("王秀兰")
        .await
        .start(&next)
        .await
        .reply
        .to_string();
    assert!(fresh.contains("封存以后") && !fresh.contains("路灯的管护办法"));
}

async fn two_banks_are_served_together(stage: Stage) {
    let folder = tempfile::TempDir::new().expect("a folder");
    let own = folder.path().join("own");
    fs::create_dir_all(&own).expect("a folder");
    let text = stage
        .file("affairs.md")
        .replace("专题: 村务公开", "专题: 本镇比武")
        .replace("{#", "{#own-");
    fs::write(own.join("own.md"), text).expect("a file");
    let sheet = "---\n细目表: 两库合卷\n时长: 10分钟\n及格: 3\n难度: 2\n容差: 0.5\n---\n\n\
        | 专题 | 单选 | 判断 |\n|---|---|---|\n| 每题分值 | 2 | 1 |\n| 本镇比武 | 2 | 1 |\n| 救助政策 | 2 | |\n";
    fs::create_dir_all(own.join("blueprints")).expect("a folder");
    fs::write(own.join("blueprints/both.md"), sheet).expect("a file");

    let folders = [PathBuf::from("tests/stories/bank"), own];
    let files = bank_folder::read_folders(&folders).expect("both");
    let look = stage.app.publish(&files).await.expect("published");
    assert_eq!(look.held, None);
    assert!(
        stage.live_stem("s-001").await.is_some() && stage.live_stem("own-s-020").await.is_some()
    );
    let round = stage
        .round(|draft| draft.rules.blueprint = "两库合卷".into())
        .await;
    let sitting = stage.cadre("李建国").await.start(&round).await;
    assert_eq!(sitting.questions().len(), 5);
    assert_eq!(sitting.reply["paper"]["points"], json!(9));
}

async fn two_copies_of_one_folder_publish_a_change_once(mut stage: Stage) {
    let other = stage.another_app().await;
    stage.edit(RELIEF, "## 路灯的", "## 甲的路灯的");
    let (one, two) = tokio::join!(stage.app.publish(&stage.bank), other.publish(&stage.bank));
    assert_eq!(one.expect("published").held, None);
    assert_eq!(two.expect("published").held, None);
    other.publish(&stage.bank).await.expect("published");
    assert_eq!(stage.count("acts WHERE act = 'publish-bank'").await, 2);
    let stem = stage.live_stem("s-001").await.expect("live");
    assert!(stem.starts_with("甲的路灯的"));
    other.store.close().await;
}

async fn a_posts_table_with_a_fault_keeps_the_last_good_one(mut stage: Stage) {
    stage.edit(
        "posts.md",
        "| 村文书 | 文书 | 村两委组 |",
        "| 村文书 | 文书 | |",
    );
    let look = stage.app.publish(&stage.bank).await.expect("looked at");
    assert!(
        look.faults.iter().any(|fault| fault.file == "posts.md"),
        "{:?}",
        look.faults
    );
    let round = stage.round(|_| {}).await;
    let wang = stage.cadre("王秀兰").await;
    wang.sit(&stage, &round, 8).await;
    stage.take_in(&round).await;
    let board = wang.board(&round, "").await;
    assert_eq!(board["standings"][0]["division"], "村两委组");
}
