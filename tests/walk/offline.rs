//! In the hills: 练习包 downloaded, the road washed away, the page loaded again from the phone, questions answered, a policy
//! looked up; the road mended, every answer on the server once. And what a browser that cannot is told.

use serde_json::json;
use yikouqing::{
    contest::round::Release,
    store::{people, practice},
};

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{enter, no_complaints, no_complaints_but, start},
        road::Road,
    },
};

async fn look(browser: &Browser, name: &str) {
    if let Some(folder) = option_env!("OFFLINE_PICTURES") {
        std::fs::create_dir_all(folder).expect("a folder");
        browser
            .screenshot_whole(format!("{folder}/{name}.png"))
            .await;
    }
}

/// Question and grade of every answer of 李建国 on disk, in the order given.
async fn on_disk(ground: &Ground) -> Vec<(String, String)> {
    let mut tx = ground.app.store.read().await.expect("a snapshot");
    let all = people::persons(&mut tx).await.expect("people");
    let li = all.iter().find(|person| person.name == "李建国");
    let told = practice::told_to(&mut tx, &li.expect("李建国").id).await;
    let told = told.expect("answers").into_iter();
    told.map(|each| (each.question.0, each.held.text().to_owned()))
        .collect()
}

/// Answers what is asked, rightly; which question it was.
async fn answer_offline(phone: &Browser) {
    let kind = phone.text_of("#going .chip").await;
    if kind == "口答" {
        phone.click_text("看要点").await;
        phone.wait_for_text("说到了哪几条").await;
        phone
            .script("document.querySelectorAll('#asking input').forEach((each) => each.click())")
            .await;
        phone.click_text("对好了").await;
    } else {
        crate::walk::hands::answer(phone).await;
        phone.click_text("答好了").await;
    }
    phone.wait_for_text("答对了").await;
}

#[tokio::test]
async fn a_day_without_signal() {
    let ground = Ground::new().await;
    let road = Road::to(ground.address).await;
    let phone = Browser::phone().await;
    let ticket = ground.ticket("李建国").await;
    let (_, token) = ticket.rsplit_once("/t/").expect("a ticket's link");
    phone.go(&road.url(&format!("/t/{token}"))).await;
    phone.click_text("进入").await;
    phone.wait_for_text_gone("请不要点").await;
    phone.go(&road.url("/practice")).await;
    phone.click_text("练习包").await;
    phone.wait_for_text("按你的岗位选").await;
    look(&phone, "before-360").await;
    phone.click("#fetch button").await;
    phone.wait_for_text("存好了").await;
    phone.wait_for_text("7 题").await;
    look(&phone, "kept-360").await;
    // The workers must hold their pages before the road goes.
    phone.go(&road.url("/lookup")).await;
    phone.wait_for_text("已存到这一页").await;
    phone
        .script("return navigator.serviceWorker.ready.then(() => true)")
        .await;

    road.open.send_replace(false);
    phone.go(&road.url("/practice/offline")).await;
    phone.reload().await;
    phone.wait_for_text("手机上有练习包").await;
    phone.click_text("开始练").await;
    look(&phone, "asked-360").await;
    if phone.text_of("#going .chip").await == "口答" {
        phone.click_text("看要点").await;
        phone.click_text("对好了").await;
        phone.wait_for_text("答错了").await;
    } else {
        phone.click_text("不会，看答案").await;
        phone.wait_for_text("没有作答").await;
    }
    look(&phone, "told-360").await;
    for _ in 0..6 {
        phone.click_text("下一题").await;
        answer_offline(&phone).await;
    }
    phone.click_text("练完了").await;
    phone.wait_for_text("还有 7 处作答").await;
    look(&phone, "waiting-360").await;
    phone.go(&road.url("/lookup?q=丰收节")).await;
    phone.wait_for_text("农历秋分日").await;
    assert_eq!(on_disk(&ground).await, []);
    // No other page comes from the phone; the driver may call the browser's own page for that a failure.
    drop(phone.client().goto(&road.url("/practice")).await);
    phone.wait_for_text_gone("练十题").await;

    road.open.send_replace(true);
    phone.go(&road.url("/practice/offline")).await;
    phone.wait_for_text("都传回去了").await;
    let once = on_disk(&ground).await;
    assert_eq!(once.len(), 7, "{once:?}");
    let right = once.iter().filter(|(_, held)| held == "right");
    assert_eq!(
        (once[0].1.as_str(), right.count()),
        ("wrong", 6),
        "{once:?}"
    );
    phone.reload().await;
    phone.wait_for_text("都传回去了").await;
    assert_eq!(on_disk(&ground).await, once);

    no_complaints_but(&phone, "ERR_").await;
    phone.go(&road.url("/me")).await;
    phone.click_text("换人作答").await;
    phone.wait_for_text("请扫参赛证").await;
    let left = "return caches.keys().then((names) => names.length + localStorage.length)";
    assert_eq!(
        phone.script(left).await,
        json!(0),
        "nothing of the one before"
    );
}

/// What a thumb must hit and is less than 44 points tall; a label counts for its field.
async fn small_targets(phone: &Browser) -> serde_json::Value {
    phone
        .script(
            "const all = document.querySelectorAll('a, button, summary, textarea, select, input:not([type=hidden])');
             return [...all].filter((each) => each.offsetParent && !each.matches('.unseen'))
               .filter((each) => (each.closest('label') || each).getBoundingClientRect().height < 44)
               .map((each) => location.pathname + ' ' + each.outerHTML.slice(0, 90))",
        )
        .await
}

#[tokio::test]
async fn everything_is_reached_by_a_thumb_and_has_a_name() {
    let ground = Ground::new().await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    let pages = [
        "/",
        "/me",
        "/practice",
        "/practice/topics",
        "/practice/favourites",
        "/practice/offline",
        "/lookup",
        "/lookup?q=丰收节",
    ];
    for page in pages {
        phone.go(&ground.url(page)).await;
        assert_eq!(small_targets(&phone).await, json!([]), "{page}");
        assert_eq!(nameless(&phone).await, json!([]), "{page}");
    }
    phone.go(&ground.url("/practice")).await;
    phone.click_text("练十题").await;
    for number in 1..=7 {
        phone.wait_for_text(&format!("第 {number} 题，共")).await;
        assert_eq!(small_targets(&phone).await, json!([]));
        assert_eq!(nameless(&phone).await, json!([]));
        phone.click_text("不会，看答案").await;
        phone.wait_for_text("没有作答").await;
        assert_eq!(small_targets(&phone).await, json!([]));
        let focused = "return document.activeElement.id";
        assert_eq!(phone.script(focused).await, json!("verdict"));
        phone.click("a[data-next]").await;
    }
    ground.open_round(30 * MINUTE_MS, Release::Close).await;
    enter(&phone, &ground, "李建国").await;
    start(&phone).await;
    for number in 1..=7 {
        phone.wait_for_text(&format!("第 {number} 题，共")).await;
        assert_eq!(small_targets(&phone).await, json!([]));
        assert_eq!(nameless(&phone).await, json!([]));
        if number < 7 {
            phone.click("#to-next").await;
        }
    }
    no_complaints(&phone).await;
}

/// Fields and buttons that a screen reader could only call by their kind.
async fn nameless(phone: &Browser) -> serde_json::Value {
    phone
        .script(
            "return [...document.querySelectorAll('a, button, textarea, select, input:not([type=hidden])')]
               .filter((each) => each.offsetParent)
               .filter((each) => !(each.textContent.trim() || each.ariaLabel || each.labels?.length
                 || each.getAttribute('aria-labelledby')))
               .map((each) => location.pathname + ' ' + each.outerHTML.slice(0, 90))",
        )
        .await
}

#[tokio::test]
async fn wechat_is_told_plainly_and_gets_a_link() {
    let ground = Ground::new().await;
    let wechat = Browser::phone().await;
    let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 MicroMessenger/8.0";
    wechat
        .cdp(
            "Network.setUserAgentOverride",
            json!({ "userAgent": agent }),
        )
        .await;
    enter(&wechat, &ground, "李建国").await;
    wechat.go(&ground.url("/practice/offline")).await;
    wechat.wait_for_text("微信里存不下练习包").await;
    look(&wechat, "wechat-360").await;
    wechat.click_text("换到手机自带的浏览器").await;
    wechat.wait_for_text("只能用一次").await;
    look(&wechat, "link-360").await;
    let link = wechat
        .script("return document.querySelector('#link').value")
        .await;
    let other = Browser::phone().await;
    other.go(link.as_str().expect("a link")).await;
    other.wait_for_text("李**").await;
    other.click_text("进入").await;
    other.wait_for_text("下载练习包").await;
    no_complaints(&other).await;
    no_complaints(&wechat).await;
}

#[tokio::test]
async fn sizes_without_scripts_and_reading_aloud() {
    let ground = Ground::new().await;
    let phone = Browser::phone().await;
    let voice = "window.said = [];
        const voices = () => [{ lang: 'zh-CN' }];
        const synthesis = { getVoices: voices, speak: (each) => said.push(each.text), cancel: () => {} };
        Object.defineProperty(window, 'speechSynthesis', { value: synthesis });";
    phone
        .cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": voice }),
        )
        .await;
    enter(&phone, &ground, "李建国").await;
    phone.go(&ground.url("/lookup?q=丰收节")).await;
    phone.click("[data-aloud]").await;
    let said = phone.script("return window.said.join('|')").await;
    assert!(
        said.as_str()
            .is_some_and(|said| said.contains("农历秋分日")),
        "{said}"
    );
    let width = "return parseFloat(getComputedStyle(document.documentElement).fontSize)";
    let usual = phone.script(width).await.as_f64().expect("a size");
    phone.click_text("特大").await;
    // The same words stand on the page before and after: the button says which of the two this is.
    phone.text_of("[value='3'][aria-pressed='true']").await;
    let large = phone.script(width).await.as_f64().expect("a size");
    assert!(large > usual * 1.25, "{usual} → {large}");
    look(&phone, "lookup-large-360").await;
    phone.go(&ground.url("/practice")).await;
    phone.click_text("练十题").await;
    phone.wait_for_text("第 1 题").await;
    phone.click("[data-aloud]").await;
    let stem = phone.text_of("#stem").await;
    let said = phone.script("return window.said.join('')").await;
    let first: String = stem.chars().take(5).collect();
    assert!(
        said.as_str().is_some_and(|said| said.contains(&first)),
        "{stem}: {said}"
    );
    no_complaints(&phone).await;
}
