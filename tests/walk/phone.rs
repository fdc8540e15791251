//! A cadre's way: ticket, start, answers of every kind, hand-in, result, board; with JavaScript and without it.

use serde_json::json;
use yikouqing::contest::round::Release;

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{COUNT, answer, at_question, enter, hand_in, no_complaints, start, state},
    },
};

#[tokio::test]
async fn from_the_ticket_to_the_board() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::HandIn).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    phone.wait_for_text("答题前请看一遍").await;
    phone.click_text("先不开始").await;
    phone.wait_for_text("李建国，").await;
    phone.wait_for_text("7 题").await;
    phone.click_text("开始作答").await;
    start(&phone).await;
    // One is left blank, wherever the paper has it: the last.
    for number in 1..COUNT {
        at_question(&phone, number).await;
        assert_eq!(state(&phone).await, "未作答");
        ground.hold_steps();
        answer(&phone).await;
        phone.wait_for_text("这一题还没存上，请别关页面").await;
        let saved = ground.saved(&round, "李建国").await;
        assert!(!saved.contains(&(number as u32)), "{saved:?}");
        ground.let_steps_in();
        phone.wait_for_text("✓ 已保存").await;
        let saved = ground.saved(&round, "李建国").await;
        assert!(
            saved.contains(&(number as u32)),
            "said to be saved: {saved:?}"
        );
        phone.click_text("下一题").await;
    }
    at_question(&phone, COUNT).await;
    phone.click_text("答题卡").await;
    phone
        .wait_for_text(&format!("已保存 {} 题", COUNT - 1))
        .await;
    phone.click("[data-to=hand-in]").await;
    phone
        .wait_for_text(&format!("未作答 1 题：第 {COUNT} 题"))
        .await;
    phone.click("#really").await;
    phone.wait_for_text("交卷凭证").await;
    let receipt = phone.text_of(".receipt").await;
    let desk = ground.desk_of(&round, "李建国").await;
    assert_eq!(Some(receipt), desk.attempt.receipt);
    let points = desk.attempt.outcome.expect("graded at once").points;
    phone.wait_for_text(&format!("{points} 分")).await;
    phone.click_text("看榜").await;
    phone.wait_for_text("村党组织书记组").await;
    phone.wait_for_text("李建国").await;
    assert_eq!(phone.text_of("tr.mine .rank").await, "1");
    no_complaints(&phone).await;
}

#[tokio::test]
async fn plain_forms_lead_to_the_result_without_javascript() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::Close).await;
    let phone = Browser::phone().await;
    phone
        .cdp(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    enter(&phone, &ground, "李建国").await;
    start(&phone).await;
    phone.wait_for_text("没有启用脚本，也能作答").await;
    for number in 1..COUNT {
        at_question(&phone, number).await;
        answer(&phone).await;
        phone.click_text("保存并到下一题").await;
    }
    at_question(&phone, COUNT).await;
    phone.click_text("上一题").await;
    at_question(&phone, COUNT - 1).await;
    assert_eq!(state(&phone).await, "✓ 已保存");
    phone.click_text("答题卡").await;
    phone
        .wait_for_text(&format!("已保存 {} 题", COUNT - 1))
        .await;
    phone.click_text("交卷").await;
    phone.wait_for_text("还有 1 题没有作答").await;
    phone.click_text(&format!("去答第 {COUNT} 题")).await;
    at_question(&phone, COUNT).await;
    answer(&phone).await;
    phone.click_text("保存，去交卷").await;
    phone.click_text("交卷").await;
    phone.wait_for_text(&format!("{COUNT} 题都答了")).await;
    phone.click_text("交卷").await;
    phone.wait_for_text("交卷凭证").await;
    phone.wait_for_text("收卷后，成绩和答案在这里公布").await;
    let desk = ground.desk_of(&round, "李建国").await;
    assert_eq!(desk.answers.len(), COUNT);
    let outcome = desk.attempt.outcome.expect("graded at once");
    assert_eq!(outcome.points, outcome.total, "every answer was right");
    no_complaints(&phone).await;
}

/// A second person's hand-in moves the board that somebody looks at.
#[tokio::test]
async fn an_open_board_moves_without_reload() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::HandIn).await;
    let desk = Browser::desk().await;
    desk.go(&ground.url(&format!("/rounds/{round}/projector")))
        .await;
    desk.wait_for_text("还没有人交卷").await;
    desk.script("window.sameNoReload = true").await;
    for name in ["李建国", "王秀兰"] {
        let phone = Browser::phone().await;
        enter(&phone, &ground, name).await;
        start(&phone).await;
        // 王秀兰 knows the first question, 李建国 none.
        if name == "王秀兰" {
            answer(&phone).await;
            phone.wait_for_text("✓ 已保存").await;
        }
        hand_in(&phone).await;
        desk.wait_for_text(name).await;
    }
    desk.wait_for_text("已交 2 / 6").await;
    let first = desk.text_of("tr.first .name").await;
    assert_eq!(first, "王秀兰");
    assert_eq!(desk.script("return window.sameNoReload").await, true);
    no_complaints(&desk).await;
}
