//! Papers nobody picked by hand: drawn from the secret, drawn again by a stranger, one paper for all where declared.

use std::collections::{BTreeMap, BTreeSet};

use yikouqing::{
    app::memory::assembler_for,
    clock::hex,
    contest::round::{Papers, Round},
    paper::{
        Paper,
        assemble::{History, reorder},
        drawn_with,
        seal::{Secret, division_seed, person_seed, published_hash},
    },
};

use crate::{
    stage::{ACTOR, Stage},
    stories,
};

stories! {
    every_paper_can_be_drawn_again_from_the_secret,
    one_paper_in_different_orders,
    equal_papers_use_questions_evenly,
    a_post_may_have_a_blueprint_of_its_own,
    questions_on_one_material_keep_together,
}

async fn paper_of(stage: &Stage, attempt: &str, column: &str) -> String {
    stage
        .text(&format!(
            "SELECT {column} FROM attempts WHERE id = '{attempt}'"
        ))
        .await
}

async fn draw_again(stage: &Stage, round: &Round, attempt: &str) -> Paper {
    let [person, number, post] = [
        "person_id",
        "CAST(number AS TEXT)",
        "(SELECT post FROM entrants e WHERE e.round_id = attempts.round_id AND e.person_id = attempts.person_id)",
    ];
    let person = paper_of(stage, attempt, person).await;
    let number: u32 = paper_of(stage, attempt, number)
        .await
        .parse()
        .expect("a number");
    let post = paper_of(stage, attempt, post).await;
    let secret = Secret::from_hex(round.secret.as_deref().expect("a secret")).expect("hex");
    assert_eq!(published_hash(&secret), round.secret_hash);
    let seed = person_seed(&secret, &person, number);
    assert_eq!(paper_of(stage, attempt, "seed").await, hex(&seed));
    let hall = stage.app.hall(&round.id).await.expect("the round");
    let bank = &hall.publication.bank;
    let assembler = assembler_for(bank, round.rules.blueprint_for(&post), &post, round)
        .expect("it can be filled");
    match round.rules.papers {
        Papers::Each => {
            let drawn_with = paper_of(stage, attempt, "drawn_with").await;
            let history = drawn_with::unpack(&drawn_with, &hall.publication.ids);
            assembler.assemble(&seed, &history.expect("a history"))
        }
        Papers::Same => {
            let division = bank.posts.find(&post).expect("a post").division.clone();
            let common =
                assembler.assemble(&division_seed(&secret, &division), &History::default());
            reorder(&common, &hall.publication.by_revision, &seed)
        }
    }
}

async fn every_paper_can_be_drawn_again_from_the_secret(stage: Stage) {
    let round = stage.round(|draft| draft.rules.attempts = 2).await;
    let mut attempts = Vec::new();
    for name in ["李建国", "王秀兰", "张国庆", "李建国", "吴玉珍", "王秀兰"] {
        attempts.push(stage.cadre(name).await.sit(&stage, &round, 1).await.attempt);
    }
    stage.take_in(&round).await;
    for attempt in &attempts {
        let stored: Paper =
            serde_json::from_str(&paper_of(&stage, attempt, "paper").await).expect("a paper");
        assert_eq!(draw_again(&stage, &round, attempt).await, stored);
    }
    let papers: BTreeSet<String> = stage
        .texts("SELECT paper FROM attempts")
        .await
        .into_iter()
        .collect();
    assert_eq!(papers.len(), attempts.len(), "each a different paper");
}

async fn one_paper_in_different_orders(stage: Stage) {
    let round = stage.round(|draft| draft.rules.papers = Papers::Same).await;
    let (mut sets, mut orders) = (BTreeSet::new(), BTreeSet::new());
    for name in ["王秀兰", "张国庆", "刘桂香", "陈永福", "吴玉珍"] {
        let attempt = stage.cadre(name).await.start(&round).await.attempt;
        let stored: Paper =
            serde_json::from_str(&paper_of(&stage, &attempt, "paper").await).expect("a paper");
        assert_eq!(draw_again(&stage, &round, &attempt).await, stored);
        let asked = stored.questions.iter();
        sets.insert(
            asked
                .clone()
                .map(|each| each.id.clone())
                .collect::<BTreeSet<_>>(),
        );
        orders.insert(
            asked
                .map(|each| (each.id.clone(), each.order.clone()))
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(sets.len(), 1, "a division gets the same questions");
    assert_eq!(orders.len(), 5, "everybody in another order");
    let mut twice = stage.draft(round.rules.clone());
    twice.rules.attempts = 2;
    assert!(
        stage.app.create_round(ACTOR, twice).await.is_err(),
        "the second time would be the same paper"
    );
}

async fn equal_papers_use_questions_evenly(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for name in ["李建国", "王秀兰", "张国庆", "刘桂香", "陈永福", "吴玉珍"] {
        let sitting = stage.cadre(name).await.start(&round).await;
        assert_eq!(sitting.reply["paper"]["points"], 18);
        let stem = &sitting.questions()[sitting.number_of("blanks") as usize - 1]["stem_html"];
        *used.entry(stem.to_string()).or_default() += 1;
    }
    assert_eq!(
        used.values().collect::<Vec<_>>(),
        [&2, &2, &2],
        "three questions for six papers"
    );
    // Coming back does not count as another use.
    let again = stage.cadre("李建国").await;
    again.start(&round).await;
    // Another copy reads it off the newest papers.
    let other = stage.another_app().await;
    for app in [&stage.app, &other] {
        let hall = app.hall(&round.id).await.expect("the round");
        let total = app.with_used(&hall, |used| used.values().sum::<u32>());
        assert_eq!(total.await.expect("counts"), 6 * 8);
    }
    other.store.close().await;
}

async fn a_post_may_have_a_blueprint_of_its_own(stage: Stage) {
    let round = stage
        .round(|draft| {
            draft
                .rules
                .blueprint_of
                .insert("村党组织书记".into(), crate::stage::bank::FULL.into());
        })
        .await;
    let li = stage.cadre("李建国").await.start(&round).await;
    let wang = stage.cadre("王秀兰").await.start(&round).await;
    assert_eq!(
        (
            li.reply["paper"]["points"].as_i64(),
            wang.reply["paper"]["points"].as_i64()
        ),
        (Some(18), Some(18))
    );
    let recalls = |sitting: &crate::stage::cadre::Sitting| {
        sitting
            .questions()
            .iter()
            .filter(|each| each["kind"] == "recall")
            .count()
    };
    assert_eq!((recalls(&li), recalls(&wang)), (2, 1));
}

async fn questions_on_one_material_keep_together(mut stage: Stage) {
    let sheet = stage.file("blueprints/small.md").replace("小卷", "材料卷");
    let head = &sheet[..sheet.find("| 专题").expect("a table")];
    let table =
        "| 专题 | 单选 | 材料 |\n|---|---|---|\n| 每题分值 | 2 | 3 |\n| 村务公开 | 3 | 1 |\n";
    stage.write("blueprints/material.md", &format!("{head}{table}"));
    let look = stage.app.publish(&stage.bank).await.expect("published");
    assert_eq!(look.held, None);
    let round = stage
        .round(|draft| draft.rules.blueprint = "材料卷".into())
        .await;
    let sitting = stage.cadre("李建国").await.start(&round).await;
    let materials = sitting.reply["paper"]["materials"]
        .as_array()
        .expect("materials")
        .clone();
    assert_eq!(materials.len(), 1);
    assert!(
        materials[0]["html"]
            .as_str()
            .is_some_and(|html| html.contains("王大爷"))
    );
    let under: Vec<i64> = sitting
        .questions()
        .iter()
        .filter(|each| each["material"] == 1)
        .filter_map(|each| each["number"].as_i64())
        .collect();
    assert_eq!(under.len(), 2);
    assert_eq!(under[1], under[0] + 1);
}
