//! When things go wrong: the network is cut, a second phone takes over, time runs out. Every answer is there.

use yikouqing::{contest::round::Release, store::attempts::State};

use crate::{
    support::browser::{Browser, Offline},
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{
            COUNT, KNOWN, answer, at_question, enter, hand_in, no_complaints, no_complaints_but,
            start, state,
        },
    },
};

#[tokio::test]
async fn a_cut_network_and_a_reload_lose_nothing() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::Close).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    start(&phone).await;
    for number in 1..=2 {
        at_question(&phone, number).await;
        answer(&phone).await;
        phone.wait_for_text("✓ 已保存").await;
        phone.click_text("下一题").await;
    }
    phone.offline(Offline::Yes).await;
    for number in 3..=COUNT {
        at_question(&phone, number).await;
        answer(&phone).await;
        phone.wait_for_text("这一题还没存上，请别关页面").await;
        if number < COUNT {
            phone.click_text("下一题").await;
        }
    }
    phone.click_text("答题卡").await;
    phone
        .wait_for_text(&format!("还没存上 {} 题", COUNT - 2))
        .await;
    assert_eq!(ground.saved(&round, "李建国").await, [1, 2]);
    // WeChat closes the page: what is left is what the phone kept.
    ground.hold_steps();
    phone.offline(Offline::No).await;
    phone.script("window.onbeforeunload = null").await;
    phone
        .cdp("Page.reload", serde_json::json!({ "ignoreCache": true }))
        .await;
    accept_leaving(&phone).await;
    phone.wait_for_text("第 7 题，共 7 题").await;
    phone.wait_for_text("还没存上").await;
    ground.let_steps_in();
    phone.wait_for_text_gone("还没存上").await;
    let desk = ground.desk_of(&round, "李建国").await;
    assert_eq!(desk.answers.len(), KNOWN.len(), "{:?}", desk.answers);
    hand_in(&phone).await;
    let desk = ground.desk_of(&round, "李建国").await;
    let outcome = desk.attempt.outcome.expect("graded at once");
    assert_eq!(
        outcome.points, outcome.total,
        "every answer stands as given"
    );
    no_complaints_but(&phone, "ERR_INTERNET_DISCONNECTED").await;
}

/// The page asks before it lets go of what is not saved; the person leaves all the same.
async fn accept_leaving(phone: &Browser) {
    // An error only says that nothing was asked.
    drop(phone.client().accept_alert().await);
}

#[tokio::test]
async fn a_second_phone_takes_over_and_the_first_learns_of_it() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::Close).await;
    let first = Browser::phone().await;
    enter(&first, &ground, "李建国").await;
    start(&first).await;
    let place = answer(&first).await;
    first.wait_for_text("✓ 已保存").await;

    let second = Browser::phone().await;
    enter(&second, &ground, "李建国").await;
    at_question(&second, 1).await;
    assert_eq!(
        state(&second).await,
        "✓ 已保存",
        "KNOWN[{place}] came along"
    );
    second.click_text("下一题").await;
    answer(&second).await;
    second.wait_for_text("✓ 已保存").await;

    first.click_text("下一题").await;
    answer(&first).await;
    first.wait_for_text("正在另一部手机上作答").await;
    assert_eq!(ground.saved(&round, "李建国").await, [1, 2]);
    first.click_text("在这部手机上接着答").await;
    at_question(&first, 2).await;
    hand_in(&first).await;
    no_complaints(&first).await;
    no_complaints(&second).await;
}

#[tokio::test]
async fn when_time_runs_out_what_is_saved_counts() {
    let ground = Ground::new().await;
    let round = ground.open_round(10_000, Release::Close).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    start(&phone).await;
    answer(&phone).await;
    phone.wait_for_text("✓ 已保存").await;
    phone.wait_for_text("时间到，系统已经替你收卷").await;
    phone.wait_for_text("存好的 1 题都算数").await;
    let desk = ground.desk_of(&round, "李建国").await;
    assert_eq!(desk.attempt.state, State::TimedOut);
    assert_eq!(
        desk.attempt.finished_at_ms,
        Some(desk.attempt.deadline_at_ms)
    );
    // The refusal that tells the page of the end.
    no_complaints_but(&phone, "409").await;
}
