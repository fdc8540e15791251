//! What a unit's organizer sees: nothing below five people, nothing of today, never a name.

use crate::{
    practice::{DAY_MS, Right},
    stage::Stage,
    stories,
};

stories! {
    weak_topics_show_from_five_people_on_and_a_day_later,
    how_many_others_missed_a_question_is_told_from_five_on,
}

const VILLAGE: [&str; 5] = ["李建国", "王秀兰", "张国庆", "刘桂香", "陈永福"];

async fn weak_topics_show_from_five_people_on_and_a_day_later(stage: Stage) {
    let zhou = stage.cadre("周敏").await;
    let sheet_of = async || zhou.get("/training/sheet").await;
    for (place, name) in VILLAGE.into_iter().enumerate() {
        let page = zhou.get("/training").await.expect(200);
        assert!(page.text.contains("还不到五个"), "after {place} people");
        assert!(sheet_of().await.page(409).contains("还不到五个"));
        let cadre = stage.cadre(name).await;
        let wish = "wish=topic&name=%E6%95%91%E5%8A%A9%E6%94%BF%E7%AD%96";
        // Seventeen questions of this topic: often enough that everybody meets the same ones.
        for _ in 0..4 {
            cadre.practise_all(&stage, name, wish, Right::None).await;
        }
    }
    let page = zhou.get("/training").await.expect(200);
    assert!(page.text.contains("还不到五个"), "nothing of today");
    stage.clock.advance(DAY_MS);
    let page = zhou.get("/training").await.expect(200);
    assert!(page.text.contains("救助政策") && page.text.contains("几乎都"));
    let sheet = sheet_of().await.expect(200);
    assert_eq!(sheet.text.matches("<article").count(), 10);
    assert!(sheet.text.contains("暗记") && sheet.text.contains("青政发〔2025〕1号"));
    for name in VILLAGE {
        assert!(!page.text.contains(name) && !sheet.text.contains(name));
    }
    // Whoever looked at keys is on record; whoever has no grant, or not this one, sees nothing.
    assert!(zhou.get("/record").await.text.contains("答案"));
    let li = stage.cadre("李建国").await;
    li.get("/training").await.expect(403);
    li.get("/training/sheet").await.expect(403);
    zhou.get("/training?unit=none").await.expect(404);
}

async fn how_many_others_missed_a_question_is_told_from_five_on(stage: Stage) {
    let wish = "wish=spoken";
    for name in VILLAGE {
        let cadre = stage.cadre(name).await;
        let go = cadre.practise(wish).await;
        for number in 1..=2 {
            cadre
                .say(&go, number, &serde_json::Value::Null)
                .await
                .expect(303);
            let page = cadre.look(&go, number).await.expect(200);
            assert!(!page.text.contains("别人第一次"), "fewer than five others");
        }
    }
    let sun = stage.cadre("孙德明").await;
    let go = sun.practise(wish).await;
    let view = stage.go("孙德明", &go).await;
    sun.say(&go, 1, &Stage::right_in(&view, 1))
        .await
        .expect(303);
    let page = sun.look(&go, 1).await.expect(200);
    assert!(
        page.text.contains("别人第一次答，几乎都没答对"),
        "{}",
        page.text
    );
}
