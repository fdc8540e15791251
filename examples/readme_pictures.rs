//! Takes the README's pictures from a running `demo`: `readme_pictures data/demo/links.json [FOLDER]`.
//!
//! With a folder, every page as phone and desk see it goes there too, for looking at.

use std::{env, error::Error, fs, path::Path};

use serde_json::Value;

#[path = "../tests/support/mod.rs"]
mod support;

use support::browser::Browser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let links = arguments.next().ok_or("where is the demo's links.json?")?;
    let links: Value = serde_json::from_str(&fs::read_to_string(links)?)?;
    let link = |name: &str| links[name].as_str().unwrap_or_default().to_owned();
    if let Some(folder) = arguments.next() {
        look_at_everything(&link, Path::new(&folder)).await?;
    }
    take_phone(&link("cadre")).await;
    take_board(&link("board")).await;
    Ok(())
}

async fn sign_in(browser: &Browser, ticket: &str) {
    browser.go(ticket).await;
    browser.click_text("进入").await;
    browser.wait_for_text_gone("请不要点").await;
}

/// The exam as a cadre meets it: a question of several choices, two of them chosen, saved.
async fn take_phone(ticket: &str) {
    let phone = Browser::phone().await;
    open_exam(&phone, ticket).await;
    while phone.text_of("#question .chip").await.contains("单选") {
        choose(&phone, 2).await;
        phone.click_text("下一题").await;
    }
    choose(&phone, 2).await;
    choose(&phone, 3).await;
    phone.screenshot("docs/images/phone.png").await;
}

/// Ticks a choice, unless a run before has.
async fn choose(phone: &Browser, place: u32) {
    let choice = format!(".choices label:nth-of-type({place})");
    let chosen = format!("return document.querySelector('{choice} input').checked");
    if phone.script(&chosen).await != true {
        phone.click(&choice).await;
    }
    phone.wait_for_text("✓ 已保存").await;
}

async fn open_exam(phone: &Browser, ticket: &str) {
    sign_in(phone, ticket).await;
    // To the start of the round that is open, or to the paper begun before.
    if phone.url().await.path().ends_with("/start") {
        phone.click_text("开始，计时").await;
    }
    phone.wait_for_text("答题卡").await;
}

/// The projector's board, once simulated cadres have handed in.
async fn take_board(board: &str) {
    let desk = Browser::desk().await;
    desk.go(&format!("{}/projector", board.trim_end_matches("/board")))
        .await;
    desk.text_of("[data-of=people] tr:nth-child(8) .name").await;
    desk.screenshot("docs/images/board.png").await;
}

async fn look_at_everything(
    link: &dyn Fn(&str) -> String,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let board = link("board");
    let round = board.trim_end_matches("/board").to_owned();
    let host = round
        .split("/rounds/")
        .next()
        .unwrap_or_default()
        .to_owned();
    for (width, browser) in [
        ("phone", Browser::phone().await),
        ("desk", Browser::desk().await),
    ] {
        let shot = async |name: &str, path: &str| {
            browser.go(path).await;
            browser
                .screenshot_whole(folder.join(format!("{name}.{width}.png")))
                .await;
        };
        shot("sign-in", &host).await;
        shot("bad-ticket", &format!("{host}/t/x")).await;
        shot("about", &format!("{host}/about")).await;
        shot("nothing", &format!("{host}/x")).await;
        shot("ticket", &link("cadre")).await;
        shot("board", &board).await;
        shot("board-units", &format!("{board}?of=units")).await;
        shot("projector", &format!("{round}/projector")).await;
        sign_in(&browser, &link("cadre")).await;
        shot("home", &host).await;
        shot("start", &format!("{round}/start")).await;
        shot("board-cadre", &board).await;
        shot("practice", &format!("{host}/practice")).await;
        shot("lookup", &format!("{host}/lookup?q=老人走了丧葬费")).await;
        look_at_exam(&browser, &link("cadre"), folder, width).await;
        look_at_finished(&browser, &host, folder, width).await;
        sign_in(&browser, &link("organizer")).await;
        shot("home-organizer", &host).await;
        shot("training", &format!("{host}/training")).await;
        shot("rounds", &format!("{host}/rounds")).await;
        shot("new-round", &format!("{host}/rounds/new")).await;
        shot("round", &round).await;
        shot("monitor", &format!("{round}/monitor")).await;
        shot("record", &format!("{host}/record")).await;
        shot("roster", &format!("{host}/roster")).await;
        browser.click_text("桃源村").await;
        browser.click_text("印参赛证").await;
        browser.wait_for_text("张，用浏览器的").await;
        browser
            .screenshot_whole(folder.join(format!("tickets.{width}.png")))
            .await;
        sign_in(&browser, &link("trainer")).await;
        shot("bank", &format!("{host}/bank")).await;
        browser.click("table.list a").await;
        browser.wait_for_text("左边是干部看到的样子").await;
        browser
            .screenshot(folder.join(format!("questions.{width}.png")))
            .await;
        for complaint in browser.complaints().await {
            println!("{width}: {complaint}");
        }
    }
    Ok(())
}

/// A round that is over, as one of its entrants sees it.
async fn look_at_finished(browser: &Browser, host: &str, folder: &Path, width: &str) {
    let shot = async |name: &str| {
        let name = format!("{name}.{width}.png");
        browser.screenshot_whole(folder.join(name)).await;
    };
    browser.go(host).await;
    let card = "//section[contains(., '村内比·第一场')]";
    for (link, name) in [("看成绩", "finished-result"), ("看榜", "finished-board")] {
        browser.go(host).await;
        let there = format!(
            "return document.evaluate(\"{card}//a[.='{link}']\", document, null, 9).singleNodeValue.href"
        );
        let there = browser.script(&there).await;
        browser.go(there.as_str().unwrap_or_default()).await;
        shot(name).await;
    }
    browser.click("tr.mine summary").await;
    shot("finished-board-why").await;
    browser.click_text("单位").await;
    browser.wait_for_text("应参赛人数").await;
    browser.click("tbody tr:first-child summary").await;
    shot("finished-units-why").await;
}

/// The exam from its first question to the result.
async fn look_at_exam(browser: &Browser, ticket: &str, folder: &Path, width: &str) {
    let shot = async |name: &str| {
        let name = format!("{name}.{width}.png");
        browser.screenshot_whole(folder.join(name)).await;
    };
    open_exam(browser, ticket).await;
    shot("exam").await;
    browser.click(".choices label:nth-of-type(2)").await;
    browser.wait_for_text("✓ 已保存").await;
    shot("exam-saved").await;
    browser.click_text("答题卡").await;
    shot("exam-sheet").await;
    browser.click("[data-to=hand-in]").await;
    shot("exam-hand-in").await;
    browser.click("#really").await;
    browser.wait_for_text("交卷凭证").await;
    shot("result").await;
    browser.click_text("回首页").await;
    shot("home-after").await;
    browser.click_text("看成绩").await;
    shot("result-keys").await;
}
