//! 榜 on a phone: every row says why it stands where it stands, with JavaScript and without it.

use serde_json::json;
use yikouqing::contest::round::Release;

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{answer, enter, hand_in, no_complaints, start},
    },
};

#[tokio::test]
async fn a_row_says_why_and_leads_down_to_the_answers() {
    ask_why(Browser::phone().await).await;
}

#[tokio::test]
async fn a_row_says_why_without_javascript() {
    let phone = Browser::phone().await;
    let off = json!({ "value": true });
    phone.cdp("Emulation.setScriptExecutionDisabled", off).await;
    ask_why(phone).await;
}

/// 李建国 knows the first question, 王秀兰 and 赵永福 none: these two share the second place.
async fn ask_why(phone: Browser) {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::HandIn).await;
    for name in ["王秀兰", "赵永福", "李建国"] {
        let sitting = Browser::phone().await;
        enter(&sitting, &ground, name).await;
        start(&sitting).await;
        if name == "李建国" {
            answer(&sitting).await;
            sitting.wait_for_text("✓ 已保存").await;
        }
        hand_in(&sitting).await;
    }
    enter(&phone, &ground, "王秀兰").await;
    phone
        .go(&ground.url(&format!("/rounds/{round}/board")))
        .await;
    phone.wait_for_text("李建国").await;
    phone.click("tr.mine summary").await;
    phone.wait_for_text("与另一人同分，并列").await;
    let wide = phone
        .script("return document.documentElement.scrollWidth")
        .await;
    assert!(wide.as_i64() <= Some(360), "the open row is {wide} wide");
    // Down to the answers: of the own row only.
    let links = phone
        .script("return document.querySelectorAll('tbody a').length")
        .await;
    assert_eq!(links, 1);
    phone.click("tr.mine details a").await;
    phone.wait_for_text("交卷凭证").await;
    no_complaints(&phone).await;

    // Units say it too.
    phone
        .go(&ground.url(&format!("/rounds/{round}/board?of=units")))
        .await;
    phone.click("tbody tr:first-child summary").await;
    phone.wait_for_text("少于 5 人").await;
    no_complaints(&phone).await;
}
