//! 查政策 at a villager's door: by plain form, and in the page itself once the network is gone, with the same answers.

use std::collections::HashSet;

use serde_json::json;
use yikouqing::{
    bank::Bank,
    clock::Clock,
    exchange::embedded_bank,
    lookup::{index::Index, measure},
    web::assets,
};

use crate::{
    support::browser::{Browser, Offline},
    walk::{
        ground::Ground,
        hands::{enter, no_complaints, no_complaints_but},
    },
};

/// Everyday words, pinyin with and without its vowels, slips, an official word, nothing at all.
const ASKED: [&str; 8] = [
    "住院报销",
    "zhaijidi shenpi",
    "zjd",
    "育儿补帖",
    "城里人能不能来村里买房子",
    "60天 信访",
    "ＡＰＰ打卡",
    "老人走了丧葬费",
];

async fn shown(phone: &Browser) -> Vec<String> {
    let ids =
        "return [...document.querySelectorAll('#found [data-id]')].map((each) => each.dataset.id)";
    let ids = phone.script(ids).await;
    let ids = ids.as_array().expect("a list").iter();
    ids.map(|id| id.as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_cut_network_changes_no_answer() {
    let files = embedded_bank::files();
    let ground = Ground::bare(&files).await;
    ground.settle().await;
    let today = Clock::System.today();
    let index = Index::new(&Bank::read(&files, today), today);
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    phone.fill("#q", ASKED[0]).await;
    phone.click("form[role=search] button").await;
    phone.wait_for_text("已存到这一页").await;
    let by_form = shown(&phone).await;
    assert_eq!(by_form.len(), 8);
    phone.offline(Offline::Yes).await;
    for asked in ASKED {
        phone
            .script("document.querySelector('#found').replaceChildren()")
            .await;
        phone.fill("#q", asked).await;
        phone.click(".seek button").await;
        phone.wait_for_text("依据：").await;
        let found = index.search(asked, &HashSet::new(), 8);
        let expected: Vec<&str> = found
            .entries
            .iter()
            .map(|entry| entry.id.0.as_str())
            .collect();
        assert_eq!(shown(&phone).await, expected, "{asked}");
    }
    no_complaints_but(&phone, "ERR_INTERNET_DISCONNECTED").await;
}

/// The phone's own ranking and the server's, over everything that either set asks: the same entries in the same order.
#[tokio::test]
async fn the_phone_ranks_every_question_as_the_server_does() {
    let files = embedded_bank::files();
    let ground = Ground::bare(&files).await;
    ground.settle().await;
    let today = Clock::System.today();
    let index = Index::new(&Bank::read(&files, today), today);
    let sets = [
        include_str!("../lookup/dev.tsv"),
        include_str!("../lookup/held-out.tsv"),
    ];
    let cases = sets.map(|text| measure::cases(text).expect("a query, a tab, ids"));
    let asked: Vec<String> = cases.into_iter().flatten().map(|case| case.query).collect();
    assert!(asked.len() >= 200, "{}", asked.len());
    let expected: Vec<Vec<String>> = asked
        .iter()
        .map(|query| {
            let found = index.search(query, &HashSet::new(), 8);
            found
                .entries
                .into_iter()
                .map(|entry| entry.id.0.clone())
                .collect()
        })
        .collect();
    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    phone.go(&ground.url("/lookup")).await;
    phone.wait_for_text("已存到这一页").await;
    let script = format!(
        "return (async () => {{
            const {{ Index }} = await import({module:?});
            const pack = await fetch(document.querySelector('.seek').dataset.pack);
            const index = new Index(await pack.json());
            return {asked}.map((query) => index.search(query, 8).results.map((entry) => entry.id));
        }})()",
        module = assets::url("ranking.js"),
        asked = json!(asked),
    );
    let ranked = phone.script(&script).await;
    for ((query, expected), ranked) in asked
        .iter()
        .zip(expected)
        .zip(ranked.as_array().expect("a list for every question"))
    {
        assert_eq!(ranked, &json!(expected), "{query}");
    }
    no_complaints(&phone).await;
}

#[tokio::test]
async fn a_plain_form_answers_without_javascript() {
    let ground = Ground::new().await;
    let phone = Browser::phone().await;
    phone
        .cdp(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    enter(&phone, &ground, "李建国").await;
    phone.fill("#q", "二十字总要求").await;
    phone.click("form[role=search] button").await;
    phone.wait_for_text("产业兴旺").await;
    phone.wait_for_text("依据：").await;
    no_complaints(&phone).await;
}
