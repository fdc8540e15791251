//! 抽问 on an examiner's phone: the network goes in the middle, nothing waits for it, and the sheet has every tick.

use fantoccini::Locator;
use yikouqing::people::Role;

use crate::{
    support::browser::{Browser, Offline},
    walk::{
        ground::Ground,
        hands::{enter, no_complaints, no_complaints_but},
        road::Road,
    },
};

#[tokio::test]
async fn a_spot_check_goes_on_without_the_network_and_its_sheet_has_every_tick() {
    let ground = Ground::new().await;
    ground.grant("赵永福", Role::Judge).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "赵永福").await;
    choose(&phone, &ground.url("/spot-checks")).await;
    phone.wait_for_text("第 1 人，共 2 人").await;
    phone.script("window.sameNoReload = true").await;
    let mut ticked = tick(&phone).await;
    phone.wait_for_text("✓ 已存好").await;
    phone.click("#to-next").await;

    phone.offline(Offline::Yes).await;
    phone.wait_for_text("第 2 题，共 2 题").await;
    ticked += tick(&phone).await;
    phone.wait_for_text("◌ 记在手机上，网络一好就补传").await;
    phone.click_text("下一人").await;
    phone.wait_for_text("第 2 人，共 2 人").await;
    phone.wait_for_text("还有 1 题没传上").await;
    ticked += tick(&phone).await;
    phone
        .fill("[name=comment]", "说得准，<b>再顺一点</b>")
        .await;
    phone.click("#to-next").await;
    phone.wait_for_text("第 2 题，共 2 题").await;
    // 没说到 is set down as well, with one tap.
    phone.click_text("去结束").await;
    phone.wait_for_text("都问完了").await;
    phone.wait_for_text("还有 3 题没传上").await;
    fits(&phone).await;
    phone.click_text("结束抽问，出情况表").await;
    phone.wait_for_text("补完自动出情况表").await;
    assert_eq!(phone.script("return window.sameNoReload").await, true);

    phone.offline(Offline::No).await;
    phone.wait_for_text("抽问情况表").await;
    phone.wait_for_text("试抽，不打分").await;
    phone.wait_for_text("说得准，<b>再顺一点</b>").await;
    let sheet = phone.text_of("main").await;
    assert_eq!(sheet.matches('✓').count(), ticked, "{sheet}");
    assert!(!sheet.contains("没问"), "{sheet}");
    fits(&phone).await;
    let left = phone.script("return Object.keys(localStorage).join()");
    assert!(!left.await.as_str().unwrap_or_default().contains("spot-"));
    phone.click_text("返回抽问").await;
    phone.wait_for_text("已结束").await;
    no_complaints_but(&phone, "ERR_INTERNET_DISCONNECTED").await;
}

/// Two people, two questions each, out of four.
async fn choose(phone: &Browser, list: &str) {
    phone.go(list).await;
    fits(phone).await;
    phone.click_text("试抽（不打分）").await;
    phone.click_text("青溪镇").await;
    phone.wait_for_text("选人").await;
    fits(phone).await;
    phone.click_text("李建国").await;
    phone.click_text("王秀兰").await;
    phone.fill("[name=questions]", "2").await;
    phone.click_text("填空").await;
    phone.click_text("抽题，开始").await;
    fits(phone).await;
}

/// Ticks the first part of the question on the screen: how many ticks the sheet must show for it.
async fn tick(phone: &Browser) -> usize {
    let first = phone.client().find(Locator::Css("#question [name=said]"));
    first.await.expect("something to tick");
    phone.click("#question .choices .choice:first-child").await;
    1
}

pub(super) async fn fits(phone: &Browser) {
    let wide = phone
        .script("return document.documentElement.scrollWidth")
        .await;
    let at = phone.url().await;
    assert!(wide.as_i64() <= Some(360), "{at} is {wide} wide");
}

/// The tab is closed and opened again before the network came back: what was ticked is still there and gets sent.
#[tokio::test]
async fn ticks_outlive_the_page() {
    let ground = Ground::new().await;
    ground.grant("赵永福", Role::Judge).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "赵永福").await;
    choose(&phone, &ground.url("/spot-checks")).await;
    phone.wait_for_text("第 1 题，共 2 题").await;
    ground.hold_steps();
    tick(&phone).await;
    phone.wait_for_text("◌ 记在手机上").await;
    let session = phone.url().await;
    phone
        .script("window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true)")
        .await;
    phone.go(&ground.url("/about")).await;
    // An error only says that nothing was asked.
    drop(phone.client().accept_alert().await);
    phone.go(session.as_str()).await;
    phone.wait_for_text("◌ 记在手机上").await;
    ground.let_steps_in();
    phone.wait_for_text("✓ 已存好").await;
    no_complaints(&phone).await;
}

/// Two phones of one examiner in one session use the same numbers: neither loses what it set down.
#[tokio::test]
async fn two_phones_in_one_session_lose_nothing() {
    let ground = Ground::new().await;
    ground.grant("赵永福", Role::Judge).await;
    let (first, second) = (Browser::phone().await, Browser::phone().await);
    enter(&first, &ground, "赵永福").await;
    choose(&first, &ground.url("/spot-checks")).await;
    first.wait_for_text("第 1 题，共 2 题").await;
    let session = first.url().await;
    enter(&second, &ground, "赵永福").await;
    second.go(session.as_str()).await;
    second.wait_for_text("第 1 题，共 2 题").await;
    tick(&first).await;
    first.wait_for_text("✓ 已存好").await;
    second.click("#skip").await;
    second.wait_for_text("第 2 题，共 2 题").await;
    tick(&second).await;
    second.wait_for_text("✓ 已存好").await;
    second.click("#to-card").await;
    second.click_text("结束抽问，出情况表").await;
    second.wait_for_text("抽问情况表").await;
    let sheet = second.text_of("main").await;
    assert_eq!(sheet.matches('✓').count(), 2, "{sheet}");
    no_complaints(&second).await;
}

/// The page itself is loaded again while the road is cut: it opens from the phone, with every tick, and nothing of it
/// stays once the session has ended.
#[tokio::test]
async fn a_session_opens_again_without_the_network() {
    let ground = Ground::new().await;
    ground.grant("赵永福", Role::Judge).await;
    let road = Road::to(ground.address).await;
    let phone = Browser::phone().await;
    let ticket = ground.ticket("赵永福").await;
    let (_, token) = ticket.rsplit_once("/t/").expect("a ticket's link");
    phone.go(&road.url(&format!("/t/{token}"))).await;
    phone.click_text("进入").await;
    phone.wait_for_text_gone("请不要点").await;
    choose(&phone, &road.url("/spot-checks")).await;
    phone.wait_for_text("第 1 题，共 2 题").await;
    // Without the page's worker there is nothing to see here.
    let ready = "return navigator.serviceWorker.ready.then(() => true)";
    assert_eq!(phone.script(ready).await, true);
    let mut ticked = tick(&phone).await;
    phone.wait_for_text("✓ 已存好").await;

    road.open.send_replace(false);
    phone.reload().await;
    phone.wait_for_text("第 1 题，共 2 题").await;
    phone.wait_for_text("✓ 已存好").await;
    phone.click("#to-next").await;
    phone.wait_for_text("第 2 题，共 2 题").await;
    ticked += tick(&phone).await;
    phone.wait_for_text("◌ 记在手机上").await;
    phone.reload().await;
    phone.wait_for_text("第 2 题，共 2 题").await;
    phone.wait_for_text("◌ 记在手机上").await;

    road.open.send_replace(true);
    phone.script("dispatchEvent(new Event('online'))").await;
    phone.wait_for_text("✓ 已存好").await;
    phone.click("#to-card").await;
    phone.click_text("结束抽问，出情况表").await;
    phone.wait_for_text("抽问情况表").await;
    let sheet = phone.text_of("main").await;
    assert_eq!(sheet.matches('✓').count(), ticked, "{sheet}");
    let left =
        "return caches.keys().then((names) => [...names, ...Object.keys(localStorage)].join())";
    let left = phone.script(left).await;
    assert!(
        !left.as_str().unwrap_or_default().contains("spot"),
        "{left}"
    );
}
