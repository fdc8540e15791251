//! 查政策: what a person may look up depends on what they sit, and reserved questions are never found.

use serde_json::{Value, json};

use crate::{
    stage::{Stage, cadre::Cadre},
    stories,
};

stories! {
    the_answer_stands_with_its_clause,
    who_sits_a_paper_looks_nothing_up_and_its_questions_wait_for_the_release,
    a_reserved_question_is_never_found,
    what_was_said_before_stands_beside,
    the_pack_is_kept_by_its_name_and_changes_with_the_bank,
    every_copy_knows_the_synonyms,
}

async fn ids(cadre: &Cadre, query: &str) -> Vec<String> {
    let found = cadre
        .get(&format!("/api/v1/lookup?q={query}"))
        .await
        .expect(200)
        .json();
    let results = found["results"].as_array().expect("results").clone();
    let id = |entry: &Value| entry["id"].as_str().expect("an id").to_owned();
    results.iter().map(id).collect()
}

async fn pack_address(cadre: &Cadre) -> String {
    let found = cadre.get("/api/v1/lookup").await.expect(200).json();
    found["pack"].as_str().expect("an address").to_owned()
}

/// 路灯, as an address has it.
const LAMPS: &str = "%E8%B7%AF%E7%81%AF";

async fn the_answer_stands_with_its_clause(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let page = li.get(&format!("/lookup?q={LAMPS}")).await.expect(200).text;
    let first = page.split("data-id=").nth(1).expect("an answer");
    assert!(first.starts_with("\"s-001\""), "{first}");
    for words in [
        "路灯管护组第二方案",
        "《青溪镇救助办法》（青政发〔2025〕1号）第1条",
    ] {
        assert!(first.contains(words), "{words}: {first}");
    }
    let nothing = li.get("/lookup?q=%F0%9F%8F%A0").await.expect(200).text;
    assert!(nothing.contains("没有查到"), "{nothing}");
    let start = li.get("/lookup").await.expect(200).text;
    assert!(
        start.contains("救助政策") && !start.contains("data-id"),
        "{start}"
    );
    let topic = li
        .get("/lookup?topic=%E6%95%91%E5%8A%A9%E6%94%BF%E7%AD%96")
        .await
        .expect(200)
        .text;
    assert!(
        topic.contains("s-001") && !topic.contains("s-020"),
        "{topic}"
    );
    let nobody = Cadre::nobody(&stage.door);
    nobody
        .get("/api/v1/lookup?q=x")
        .await
        .problem(401, "not-signed-in");
}

async fn who_sits_a_paper_looks_nothing_up_and_its_questions_wait_for_the_release(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let before = pack_address(&li).await;
    let sitting = li.start(&round).await;
    for path in ["/api/v1/lookup", "/api/v1/lookup?q=x"] {
        let detail = li.get(path).await.problem(409, "conflict");
        assert!(detail.contains("正在作答"), "{detail}");
    }
    for path in ["/lookup?q=x", "/lookup", &before] {
        assert_eq!(li.get(path).await.status, 409, "{path}");
    }
    wang.get("/lookup").await.expect(200);

    let attempt = yikouqing::store::attempts::find(
        &mut stage.app.store.read().await.expect("a snapshot"),
        &sitting.attempt,
    )
    .await;
    let paper = attempt.expect("attempts").expect("the attempt").paper;
    let own: Vec<String> = paper
        .questions
        .iter()
        .map(|asked| asked.id.0.clone())
        .collect();
    li.submit(&sitting, &json!({})).await.expect(200);
    let pack = li.get(&pack_address(&li).await).await.expect(200).json();
    let packed = |pack: &Value, id: &str| {
        pack["entries"]
            .as_array()
            .expect("entries")
            .iter()
            .any(|entry| entry["id"] == id)
    };
    for id in &own {
        assert!(!packed(&pack, id), "{id} waits for the release");
    }
    assert!(packed(
        &wang
            .get(&pack_address(&wang).await)
            .await
            .expect(200)
            .json(),
        &own[0]
    ));
    let page = li
        .get(&format!(
            "/lookup?topic={}",
            "%E6%95%91%E5%8A%A9%E6%94%BF%E7%AD%96"
        ))
        .await
        .expect(200)
        .text;
    assert!(own.iter().all(|id| !page.contains(&format!("\"{id}\""))));
    assert_ne!(pack_address(&li).await, before);

    stage.take_in(&round).await;
    let pack = li.get(&pack_address(&li).await).await.expect(200).json();
    assert!(own.iter().all(|id| packed(&pack, id)), "released");
    assert_eq!(pack_address(&li).await, before);
}

async fn a_reserved_question_is_never_found(mut stage: Stage) {
    let li = stage.cadre("李建国").await;
    assert_eq!(ids(&li, LAMPS).await[0], "s-001");
    stage.edit("relief.md", "{#s-001 难度=2}", "{#s-001 难度=2 用途=比武}");
    stage.app.publish(&stage.bank).await.expect("published");
    assert!(!ids(&li, LAMPS).await.contains(&"s-001".to_owned()));
    let pack = li.get(&pack_address(&li).await).await.expect(200).text;
    assert!(
        !pack.contains("路灯管护组"),
        "neither in what a phone keeps"
    );
}

async fn what_was_said_before_stands_beside(mut stage: Stage) {
    let li = stage.cadre("李建国").await;
    stage.edit("relief.md", "{#s-001 难度=2}", "{#s-001 难度=2 取代=s-002}");
    stage.edit(
        "relief.md",
        "{#s-002 难度=2}",
        "{#s-002 难度=2 失效=2026-02-28}",
    );
    stage.app.publish(&stage.bank).await.expect("published");
    let page = li.get(&format!("/lookup?q={LAMPS}")).await.expect(200).text;
    assert!(page.contains("以前（到2026年2月28日）"), "{page}");
    assert!(page.contains("文化站管护组第三方案"), "{page}");
    let culture = "%E6%96%87%E5%8C%96%E7%AB%99";
    assert!(
        !ids(&li, culture).await.contains(&"s-002".to_owned()),
        "out of force"
    );
}

async fn the_pack_is_kept_by_its_name_and_changes_with_the_bank(mut stage: Stage) {
    let li = stage.cadre("李建国").await;
    let address = pack_address(&li).await;
    let kept = li.get(&address).await.expect(200);
    assert_eq!(
        kept.header("cache-control"),
        "private, max-age=31536000, immutable"
    );
    assert_eq!(
        li.get("/lookup/pack.json?v=0")
            .await
            .expect(200)
            .header("cache-control"),
        "no-store"
    );
    stage.edit("relief.md", "## 路灯", "## 新装的路灯");
    stage.app.publish(&stage.bank).await.expect("published");
    assert_ne!(pack_address(&li).await, address);
    assert_eq!(
        li.get(&address).await.expect(200).header("cache-control"),
        "no-store"
    );
}

async fn every_copy_knows_the_synonyms(mut stage: Stage) {
    let li = stage.cadre("李建国").await;
    let bulbs = "%E9%BB%91%E6%BC%86%E6%BC%86";
    assert!(!ids(&li, bulbs).await.contains(&"s-001".to_owned()));
    let table = "| 群众怎么说 | 政策上怎么说 |\n|---|---|\n| 黑漆漆 | 路灯 |\n";
    stage.bank.push(yikouqing::bank::SourceFile {
        path: "synonyms.md".into(),
        bytes: table.into(),
    });
    stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(ids(&li, bulbs).await[0], "s-001");
    stage.restart().await;
    assert_eq!(ids(&li, bulbs).await[0], "s-001", "read from the database");
    stage.edit("synonyms.md", "| 黑漆漆 | 路灯 |", "| 黑漆漆 | |");
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert!(
        look.faults
            .iter()
            .any(|fault| fault.code == "empty-synonym")
    );
    assert_eq!(
        ids(&li, bulbs).await[0],
        "s-001",
        "the last good table stays"
    );
}
