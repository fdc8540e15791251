//! One cadre and the practice pages: ten, the mistakes book, spoken answers, a mock paper, and what is under seal.

use serde_json::{Value, json};
use yikouqing::{bank::question::Kind, contest::round::Release, exchange::round_file::People};

use crate::{
    practice::{DAY_MS, Right},
    stage::{MINUTE_MS, Stage},
    stories,
};

stories! {
    every_answer_is_told_at_once_and_no_key_comes_before_it,
    a_mistake_comes_back_and_leaves_after_two_days,
    a_spoken_answer_shows_what_was_heard_and_a_miss_may_be_overruled,
    a_mock_paper_keeps_the_exams_clock_and_tells_at_its_end,
    nothing_under_seal_is_practised,
    practice_is_on_no_list_board_or_export,
    somebody_takes_all_of_it_away,
}

async fn every_answer_is_told_at_once_and_no_key_comes_before_it(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let home = li.get("/practice").await.expect(200);
    assert!(home.text.contains("练十题") && home.text.contains("小卷"));
    let go = li.practise("wish=ten").await;
    let view = stage.go("李建国", &go).await;
    assert_eq!(view.go.paper.questions.len(), 10);
    for number in 1..=10 {
        let page = li.look(&go, number).await.expect(200);
        assert_eq!(page.key_material(), Vec::<&str>::new(), "before the answer");
        assert!(page.text.contains("新题"), "why it is there");
        assert!(!page.text.contains("分</span>"), "practice has no points");
    }
    li.say(&go, 1, &Stage::right_in(&view, 1)).await.expect(303);
    let page = li.look(&go, 1).await.expect(200);
    assert!(page.text.contains("✓ 答对了"), "{}", page.text);
    assert!(page.text.contains("暗记") && page.text.contains("青政发〔2025〕1号"));
    assert!(
        !page.text.contains("别人第一次"),
        "nobody else has answered"
    );

    li.say(&go, 2, &Value::Null).await.expect(303);
    let page = li.look(&go, 2).await.expect(200);
    assert!(page.text.contains("没有作答") && page.text.contains("暗记"));
    // Told is told: the same form again, now with the key known, changes nothing.
    li.say(&go, 2, &Stage::right_in(&view, 2)).await.expect(303);
    assert!(li.look(&go, 2).await.text.contains("没有作答"));
    let empty = li
        .form(&format!("/practice/goes/{go}/answer"), "number=3")
        .await;
    assert!(empty.page(400).contains("还没有作答"));
    let page = li.look(&go, 3).await.expect(200);
    assert_eq!(page.key_material(), Vec::<&str>::new());

    let wang = stage.cadre("王秀兰").await;
    wang.look(&go, 1).await.expect(404);
    wang.say(&go, 3, &json!("A")).await.expect(404);
    let end = li
        .get(&format!("/practice/goes/{go}?at=end"))
        .await
        .expect(200);
    assert!(end.text.contains("答对了") && end.text.contains("还没答"));
    assert!(li.get("/practice").await.text.contains("接着练"));
}

async fn a_mistake_comes_back_and_leaves_after_two_days(stage: Stage) {
    let li = stage.cadre("李建国").await;
    li.practise_all(&stage, "李建国", "wish=ten", Right::None)
        .await;
    let book = li.get("/practice/mistakes").await.expect(200);
    assert_eq!(book.text.matches("在两个不同的日子答对就出本").count(), 10);
    stage.clock.advance(DAY_MS);
    let go = li.practise("wish=ten").await;
    let again = stage.go("李建国", &go).await;
    let missed = again.go.reasons.values().filter(|why| *why == "上次答错");
    assert_eq!(missed.count(), 6, "{:?}", again.go.reasons);

    for left in ["再有一天答对就出本", "错题本是空的"] {
        li.practise_all(&stage, "李建国", "wish=mistakes", Right::All)
            .await;
        let book = li.get("/practice/mistakes").await.expect(200);
        assert!(book.text.contains(left), "{}", book.text);
        stage.clock.advance(DAY_MS);
    }
    let nothing = li.form("/practice", "wish=mistakes").await;
    assert!(nothing.page(409).contains("错题本是空的"));
}

async fn a_spoken_answer_shows_what_was_heard_and_a_miss_may_be_overruled(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let go = li.practise("wish=spoken").await;
    let view = stage.go("李建国", &go).await;
    assert_eq!(Stage::kind_in(&view, 1), Kind::Recall);
    let whole = Stage::right_in(&view, 1);
    let first = whole
        .as_str()
        .expect("a text")
        .split('，')
        .next()
        .expect("an element");
    li.say(&go, 1, &json!(format!("那个，{first}")))
        .await
        .expect(303);
    let page = li.look(&go, 1).await.expect(200);
    assert!(page.text.contains("<mark>"), "{}", page.text);
    assert!(page.text.contains("✗ 没答全") && page.text.contains("✓ 说到"));
    let misses = page.text.matches("我说到了，没听出来").count();
    assert!(misses > 0);
    assert!(li.get("/practice/mistakes").await.text.contains("三句口诀"));

    for element in 0..=misses {
        let fields = format!("number=1&element={element}");
        let overrule = format!("/practice/goes/{go}/overrule");
        li.form(&overrule, &fields).await.expect(303);
        li.form(&overrule, &fields).await.expect(303);
    }
    let page = li.look(&go, 1).await.expect(200);
    assert!(page.text.contains("✓ 答对了") && page.text.contains("你说说到了"));
    let book = li.get("/practice/mistakes").await.expect(200);
    assert!(book.text.contains("错题本是空的"));
    let beyond = li
        .form(
            &format!("/practice/goes/{go}/overrule"),
            "number=1&element=99",
        )
        .await;
    assert_eq!(beyond.status, 404);
}

async fn a_mock_paper_keeps_the_exams_clock_and_tells_at_its_end(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let wish = format!("wish=mock&name={}", crate::stage::bank::SMALL);
    let go = li.practise(&wish).await;
    let view = stage.go("李建国", &go).await;
    assert_eq!(view.go.paper.questions.len(), 8);
    let page = li.look(&go, 1).await.expect(200);
    assert!(page.text.contains("10:40 收卷") && page.text.contains(" 分</span>"));
    for number in 1..=7 {
        li.say(&go, number, &Stage::right_in(&view, number))
            .await
            .expect(303);
        let page = li.look(&go, number).await.expect(200);
        assert!(!page.text.contains("暗记"), "told before the end");
    }
    // An answer may be changed until the end.
    li.say(&go, 7, &Value::Null).await.expect(303);
    li.say(&go, 7, &Stage::right_in(&view, 7)).await.expect(303);
    let finish = li
        .get(&format!("/practice/goes/{go}/finish"))
        .await
        .expect(200);
    assert!(finish.text.contains("还有 1 题没有作答"));
    stage.clock.advance(41 * MINUTE_MS);
    let late = li.say(&go, 8, &Stage::right_in(&view, 8)).await;
    assert_eq!(late.status, 409, "{}", late.text);
    let end = li.get(&format!("/practice/goes/{go}")).await.expect(200);
    assert!(end.text.contains("满分 18 分") && end.text.contains("没有作答"));
    assert!(li.look(&go, 1).await.text.contains("暗记"));
    // What was answered is held now, what was left out is not a miss.
    assert!(
        li.get("/practice/mistakes")
            .await
            .text
            .contains("错题本是空的")
    );
    li.form("/practice", "wish=mock&name=none")
        .await
        .expect(404);
}

async fn nothing_under_seal_is_practised(mut stage: Stage) {
    stage.edit("relief.md", "{#s-001 难度=2}", "{#s-001 难度=2 用途=比武}");
    stage.edit(
        "relief.md",
        "{#s-002 难度=2}",
        "{#s-002 难度=2 失效=2026-03-01}",
    );
    stage.app.publish(&stage.bank).await.expect("a bank");
    let li = stage.cadre("李建国").await;
    let practised = async || {
        let person = stage.person("李建国").await;
        let shelf = stage.app.shelf(&person).await.expect("a shelf");
        shelf
            .own()
            .map(|question| question.id.0.clone())
            .collect::<Vec<_>>()
    };
    let open = practised().await;
    assert!(open.contains(&"s-003".to_owned()));
    assert!(!open.contains(&"s-001".to_owned()), "kept for contests");
    assert!(!open.contains(&"s-002".to_owned()), "out of force");

    let round = stage
        .round(|draft| draft.rules.release = Release::Hand)
        .await;
    let go = li.practise("wish=ten").await;
    li.say(&go, 1, &Value::Null).await.expect(303);
    let sitting = li.start(&round).await;
    for path in [
        "/practice".to_owned(),
        "/practice/mistakes".to_owned(),
        format!("/practice/goes/{go}?q=1"),
    ] {
        let refused = li.get(&path).await;
        assert!(refused.page(409).contains("正在作答"), "{path}");
        assert_eq!(refused.key_material(), Vec::<&str>::new());
    }
    assert!(
        li.form("/practice", "wish=ten")
            .await
            .page(409)
            .contains("正在作答")
    );
    li.submit(&sitting, &json!({})).await.expect(200);
    stage.clock.advance(3 * 60 * MINUTE_MS);
    stage.tick().await;
    let mut tx = stage.app.store.read().await.expect("a snapshot");
    let attempt = yikouqing::store::attempts::find(&mut tx, &sitting.attempt).await;
    drop(tx);
    let paper = attempt.expect("attempts").expect("the attempt").paper;
    let open = practised().await;
    for asked in &paper.questions {
        assert!(!open.contains(&asked.id.0), "on a paper not released yet");
    }
    stage
        .app
        .announce_round(crate::stage::ACTOR, &round.id)
        .await
        .expect("announced");
    let open = practised().await;
    assert!(
        paper
            .questions
            .iter()
            .any(|asked| open.contains(&asked.id.0))
    );
}

async fn practice_is_on_no_list_board_or_export(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let go = li.practise("wish=ten").await;
    let mock = format!("wish=mock&name={}", crate::stage::bank::SMALL);
    let mock = li.practise(&mock).await;
    for id in [&go, &mock] {
        li.get(&format!("/attempts/{id}")).await.expect(404);
        li.get(&format!("/api/v1/attempts/{id}")).await.expect(404);
        let steps = json!({ "steps": [{ "seq": 1, "number": 1, "answer": "A" }] });
        let path = format!("/api/v1/attempts/{id}/steps");
        li.post(&path, &steps).await.expect(404);
    }
    li.form(&format!("/practice/goes/{mock}/finish"), "")
        .await
        .expect(303);
    stage.tick().await;
    let rounds = li.get("/api/v1/rounds").await.expect(200);
    assert!(!rounds.text.contains(&go) && !rounds.text.contains(&mock));
    let zhou = stage.cadre("周敏").await;
    for path in [
        format!("/rounds/{}/board", round.id),
        format!("/rounds/{}/monitor", round.id),
        "/record".into(),
    ] {
        let page = zhou.get(&path).await.expect(200);
        assert!(
            !page.text.contains(&go) && !page.text.contains(&mock),
            "{path}"
        );
    }
    stage.clock.advance(3 * 60 * MINUTE_MS);
    stage.tick().await;
    let file = stage
        .app
        .export_round(crate::stage::ACTOR, &round.id, People::Named)
        .await;
    let text = serde_json::to_string(&file.expect("a file")).expect("JSON");
    assert!(!text.contains(&go) && !text.contains(&mock));
}

async fn somebody_takes_all_of_it_away(stage: Stage) {
    let li = stage.cadre("李建国").await;
    let wang = stage.cadre("王秀兰").await;
    li.practise_all(&stage, "李建国", "wish=ten", Right::None)
        .await;
    wang.practise_all(&stage, "王秀兰", "wish=ten", Right::None)
        .await;
    let kept = li
        .form("/practice/favourites", "question=s-003&mark=keep")
        .await;
    assert_eq!(kept.header("location"), "/practice/favourites");
    assert!(li.get("/practice/favourites").await.text.contains("养老院"));
    stage.clock.advance(1000);
    li.form("/practice/favourites", "question=s-003&mark=drop")
        .await
        .expect(303);
    assert!(!li.get("/practice/favourites").await.text.contains("养老院"));
    li.form("/practice/favourites", "question=none&mark=keep")
        .await
        .expect(404);
    li.form("/practice/favourites", "question=s-004&mark=keep")
        .await
        .expect(303);

    assert!(li.get("/about").await.text.contains("/practice/forget"));
    assert!(li.get("/practice/forget").await.text.contains("找不回来"));
    assert!(
        li.form("/practice/forget", "")
            .await
            .page(200)
            .contains("已清空")
    );
    assert!(
        li.get("/practice/mistakes")
            .await
            .text
            .contains("错题本是空的")
    );
    assert!(
        li.get("/practice/favourites")
            .await
            .text
            .contains("还没有收藏")
    );
    assert!(
        !wang
            .get("/practice/mistakes")
            .await
            .text
            .contains("错题本是空的")
    );
}
