//! 练一练 on a phone: 练十题, a 口答 with a miss overruled, the mistakes book; with JavaScript and without it.

use serde_json::json;

use crate::{
    support::browser::Browser,
    walk::{
        ground::Ground,
        hands::{answer, enter, no_complaints},
    },
};

/// Looked at by eye where a folder is named; the folder is made.
async fn look(browser: &Browser, name: &str) {
    if let Some(folder) = option_env!("PRACTICE_PICTURES") {
        std::fs::create_dir_all(folder).expect("a folder");
        browser
            .screenshot_whole(format!("{folder}/{name}.png"))
            .await;
    }
}

#[tokio::test]
async fn ten_questions_a_spoken_one_and_the_mistakes_book() {
    let ground = Ground::new().await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    phone.go(&ground.url("/practice")).await;
    look(&phone, "home-360").await;
    phone.click_text("练十题").await;
    phone.wait_for_text("第 1 题，共 7 题").await;
    phone.script("window.sameNoReload = true").await;
    for number in 1..=7 {
        phone
            .wait_for_text(&format!("第 {number} 题，共 7 题"))
            .await;
        if number == 1 {
            look(&phone, "asked-360").await;
            phone.click_text("不会，看答案").await;
            phone.wait_for_text("没有作答").await;
            phone.click_text("收藏这道题").await;
            phone.wait_for_text("已收藏").await;
        } else {
            answer(&phone).await;
            phone.click_text("答好了").await;
            phone.wait_for_text("答对了").await;
        }
        phone.wait_for_text("依据：").await;
        look(&phone, &format!("told-{number}-360")).await;
        if number < 7 {
            phone.click("a[data-next]").await;
        }
    }
    assert_eq!(phone.script("return window.sameNoReload").await, true);
    phone.click_text("练完了").await;
    phone.wait_for_text("再练十题").await;
    look(&phone, "end-360").await;

    phone.go(&ground.url("/practice/mistakes")).await;
    phone.wait_for_text("在两个不同的日子答对就出本").await;
    look(&phone, "mistakes-360").await;
    phone.click_text("补错题").await;
    phone.wait_for_text("第 1 题，共 1 题").await;
    answer(&phone).await;
    phone.click_text("答好了").await;
    phone.wait_for_text("答对了").await;
    phone.go(&ground.url("/practice/mistakes")).await;
    phone.wait_for_text("再有一天答对就出本").await;

    phone.go(&ground.url("/practice")).await;
    phone.click_text("练三道口答").await;
    phone.wait_for_text("二十字").await;
    let said = "嗯，首先是产业兴旺，然后就是生态宜居，还有治理有效，生活富裕";
    phone.fill("textarea[name=answer]", said).await;
    phone.click_text("答好了").await;
    phone.wait_for_text("没答全").await;
    phone.wait_for_text("没说到").await;
    assert_eq!(phone.text_of(".said mark").await, "产业兴旺1");
    look(&phone, "spoken-360").await;
    phone.click_text("我说到了，没听出来").await;
    phone.wait_for_text("你说说到了").await;
    phone.wait_for_text("答对了").await;
    no_complaints(&phone).await;
}

#[tokio::test]
async fn practice_works_as_plain_forms_without_javascript() {
    let ground = Ground::new().await;
    let phone = Browser::phone().await;
    let off = json!({ "value": true });
    phone.cdp("Emulation.setScriptExecutionDisabled", off).await;
    enter(&phone, &ground, "李建国").await;
    phone.go(&ground.url("/practice")).await;
    phone.click_text("练十题").await;
    for number in 1..=7 {
        phone
            .wait_for_text(&format!("第 {number} 题，共 7 题"))
            .await;
        answer(&phone).await;
        phone.click_text("答好了").await;
        phone.wait_for_text("答对了").await;
        phone.click("a[data-next]").await;
    }
    phone.wait_for_text("再练十题").await;
    phone.go(&ground.url("/practice/forget")).await;
    phone.click("form button").await;
    phone.wait_for_text("已清空").await;
    no_complaints(&phone).await;
}

#[tokio::test]
async fn what_a_desk_sees_of_practice() {
    let ground = Ground::new().await;
    let desk = Browser::desk().await;
    enter(&desk, &ground, "周敏").await;
    desk.go(&ground.url("/training")).await;
    desk.wait_for_text("还不到五个").await;
    look(&desk, "training-1280").await;
    desk.go(&ground.url("/practice")).await;
    look(&desk, "home-1280").await;
    no_complaints(&desk).await;
}
