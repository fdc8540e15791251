//! What hands do on a phone: come in with the ticket, find the answers, watch what the page says.

use crate::{support::browser::Browser, walk::ground::Ground};

/// What to do where the stem says this: taps on choices, or texts into the fields.
pub(super) const KNOWN: [(&str, Act); 7] = [
    ("丰收节", Act::Tap(&["农历秋分日"])),
    ("五大振兴", Act::Tap(&["产业振兴", "人才振兴", "组织振兴"])),
    ("任期五年", Act::Tap(&["正确"])),
    ("信访事项", Act::Type(&["六十", "３０"])),
    (
        "二十字",
        Act::Type(&["产业兴旺，生态宜居，乡风文明，治理有效，生活富裕"]),
    ),
    ("李家的低保", Act::Tap(&["户籍地乡镇政府"])),
    ("不会写字", Act::Tap(&["正确"])),
];

pub(super) const COUNT: usize = KNOWN.len();

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Tap(&'static [&'static str]),
    Type(&'static [&'static str]),
}

/// Comes in with the ticket: to the one round that is open (its start, or the paper begun before), else home.
pub(super) async fn enter(browser: &Browser, ground: &Ground, name: &str) {
    let ticket = ground.ticket(name).await;
    browser.go(&ticket).await;
    browser.click_text("进入").await;
    browser.wait_for_text_gone("请不要点").await;
}

/// From the start page, where a ticket leads while one round is open, to the first question.
pub(super) async fn start(browser: &Browser) {
    browser.wait_for_text("答题前请看一遍").await;
    browser.click_text("开始，计时").await;
    at_question(browser, 1).await;
}

pub(super) async fn at_question(browser: &Browser, number: usize) {
    browser
        .wait_for_text(&format!("第 {number} 题，共 {COUNT} 题"))
        .await;
}

/// Answers the question on the screen, whichever it is; says its place in [`KNOWN`].
pub(super) async fn answer(browser: &Browser) -> usize {
    let stem = browser.text_of("#stem").await;
    let place = KNOWN
        .iter()
        .position(|(says, _)| stem.contains(says))
        .unwrap_or_else(|| panic!("a question that nobody knows: {stem}"));
    match KNOWN[place].1 {
        Act::Tap(choices) => {
            for choice in choices {
                browser.click_text(choice).await;
            }
        }
        Act::Type(texts) => {
            for (field, text) in texts.iter().enumerate() {
                let css = match texts.len() {
                    1 => "textarea[name=answer]".to_owned(),
                    _ => format!("label.field:nth-of-type({}) input", field + 1),
                };
                browser.fill(&css, text).await;
            }
        }
    }
    place
}

/// From a question to the receipt.
pub(super) async fn hand_in(phone: &Browser) {
    phone.click_text("答题卡").await;
    phone.click("[data-to=hand-in]").await;
    phone.click("#really").await;
    phone.wait_for_text("交卷凭证").await;
}

/// What stands under the question.
pub(super) async fn state(browser: &Browser) -> String {
    browser.text_of("#state").await
}

/// Nothing was refused, nothing failed, no script broke.
pub(super) async fn no_complaints(browser: &Browser) {
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "the console says: {complaints:#?}");
}

/// As above, apart from what the browser itself says of a failure that belongs to the story.
pub(super) async fn no_complaints_but(browser: &Browser, expected: &str) {
    let mut complaints = browser.complaints().await;
    complaints.retain(|line| !line.contains(expected));
    assert!(complaints.is_empty(), "the console says: {complaints:#?}");
}
