//! Desks: the organizer's roster, tickets and round from draft to announcement; the trainer's bank.

use fantoccini::Locator;
use yikouqing::{clock::civil, contest::round::Release, people::Role};

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{COUNT, answer, at_question, enter, no_complaints, no_complaints_but, start},
    },
};

#[tokio::test]
async fn a_trainer_reads_the_bank_as_a_cadre_sees_it() {
    let ground = Ground::new().await;
    let desk = Browser::desk().await;
    enter(&desk, &ground, "何静").await;
    desk.click_text("题库").await;
    desk.wait_for_text("专题和题型").await;
    desk.click_text("试题").await;
    desk.wait_for_text(&format!("共 {COUNT} 题")).await;
    desk.wait_for_text("乡村振兴促进法所说的“五大振兴”").await;
    desk.wait_for_text("李某一家三口").await;
    desk.wait_for_text("六十").await;
    let answers = desk.text_of("#walk-02 .known").await;
    assert!(answers.contains("A、B、D"), "{answers}");
    no_complaints(&desk).await;

    // The organizer's pages are not the trainer's.
    desk.go(&ground.url("/rounds")).await;
    desk.wait_for_text("您没有这个授权").await;
}

#[tokio::test]
async fn an_organizer_leads_a_round_from_draft_to_announcement() {
    let ground = Ground::new().await;
    let desk = Browser::desk().await;
    enter(&desk, &ground, "周敏").await;
    desk.click_text("场次和名册").await;
    desk.wait_for_text("还没有场次").await;
    desk.click_text("新建场次").await;
    desk.fill("[name=name]", "镇内赛·笔试").await;
    let now_ms = ground.app.clock.now_ms();
    set_time(&desk, "opens", now_ms - MINUTE_MS).await;
    set_time(&desk, "closes", now_ms - 2 * MINUTE_MS).await;
    desk.click_text("建好，去核对").await;
    desk.wait_for_text("截止时间要晚于开始时间").await;
    let name = desk.script("return document.querySelector('[name=name]').value");
    assert_eq!(name.await, "镇内赛·笔试", "what was typed is kept");
    set_time(&desk, "closes", now_ms + 60 * MINUTE_MS).await;
    drop(desk.complaints().await);
    desk.click_text("建好，去核对").await;
    desk.wait_for_text("草稿").await;
    desk.click_text("封卷").await;
    desk.wait_for_text("封卷记录").await;
    desk.wait_for_text("周敏封卷").await;
    desk.wait_for_text("密钥指纹").await;

    let phone = Browser::phone().await;
    enter(&phone, &ground, "李建国").await;
    start(&phone).await;
    answer(&phone).await;
    phone.wait_for_text("✓ 已保存").await;

    // The monitor tells of it by itself, and pauses from where it stands.
    desk.click_text("监考").await;
    desk.wait_for_text("自动更新").await;
    desk.wait_for_text("1 题").await;
    desk.fill("form[action$=pause] [name=reason]", "会场停电")
        .await;
    desk.click_text("暂停").await;
    desk.wait_for_text("恢复作答").await;
    phone.click_text("下一题").await;
    at_question(&phone, 2).await;
    answer(&phone).await;
    phone.wait_for_text("主办单位按了暂停，时间也停着").await;
    desk.click_text("恢复作答").await;
    desk.wait_for_text("提前收卷").await;
    desk.wait_for_text("2 题").await;
    desk.click_text("镇内赛·笔试").await;
    desk.wait_for_text("封卷记录").await;
    phone.wait_for_text_gone("主办单位按了暂停").await;

    desk.click_text("确定现在就收卷").await;
    desk.click_text("提前收卷").await;
    let address = desk.url().await;
    let round = address.path().rsplit('/').next().expect("a round's page");
    assert_eq!(ground.saved(round, "李建国").await, [1, 2]);
    desk.click_text("公布成绩").await;
    desk.wait_for_text("已公布").await;
    desk.click_text("看榜").await;
    desk.wait_for_text("李建国").await;
    phone.go(&ground.url("/")).await;
    phone.click_text("看成绩").await;
    phone.wait_for_text("一题一题看").await;
    phone.wait_for_text("依据").await;
    no_complaints(&desk).await;
}

/// A `datetime-local` field takes keys in the order of the machine's language: the value is set instead.
async fn set_time(desk: &Browser, field: &str, at_ms: i64) {
    let time = civil(at_ms).format("%Y-%m-%dT%H:%M");
    desk.script(&format!(
        "document.querySelector('[name={field}]').value = '{time}'"
    ))
    .await;
}

#[tokio::test]
async fn a_roster_is_taken_as_it_is_and_its_tickets_sign_in() {
    let ground = Ground::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let csv = folder.path().join("补充名册.csv");
    let bad = "姓名,村,职务\n孙小明,白鹭村,宇航员\n";
    std::fs::write(&csv, bad).expect("a file");
    let desk = Browser::desk().await;
    enter(&desk, &ground, "周敏").await;
    desk.go(&ground.url("/roster")).await;
    desk.wait_for_text("阿克塔什维吾尔民族村").await;
    upload(&desk, csv.to_str().expect("a path")).await;
    desk.wait_for_text("现在名册还没有变").await;
    desk.wait_for_text("把“宇航员”当作哪个岗位？").await;

    std::fs::write(&csv, bad.replace("宇航员", "文书")).expect("a file");
    upload(&desk, csv.to_str().expect("a path")).await;
    desk.wait_for_text("新增 1 人，更新 0 人").await;

    // A title row, merged cells and aliases of posts; one of three is known already.
    let xlsx = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/walk/roster.xlsx");
    upload(&desk, xlsx).await;
    desk.wait_for_text("新增 2 人，更新 0 人，没变 1 人").await;
    desk.click_text("白鹭村").await;
    desk.wait_for_text("印参赛证（白鹭村）").await;
    desk.wait_for_text_gone("李建国").await;
    desk.wait_for_text("还没发").await;
    desk.click_text("印参赛证（白鹭村）").await;
    desk.wait_for_text("共 3 张").await;
    desk.wait_for_text("欧阳晓燕").await;
    let codes = desk
        .client()
        .find_all(Locator::Css(".ticket svg path"))
        .await;
    assert_eq!(codes.expect("QR codes").len(), 3);
    desk.go(&ground.url("/roster")).await;
    desk.wait_for_text("✓ 已发").await;
    no_complaints_but(&desk, "422").await;
}

async fn upload(desk: &Browser, path: &str) {
    desk.choose_file(path).await;
    desk.click_text("导入").await;
}

/// Every page as somebody with a long name and all rights meets it on a phone.
#[tokio::test]
async fn every_page_fits_a_phone_and_none_complains() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::HandIn).await;
    let name = "买买提明·阿卜杜热合曼";
    ground.grant(name, Role::Organizer).await;
    ground.grant(name, Role::Trainer).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, name).await;
    let paths = [
        "/",
        "/about",
        &format!("/rounds/{round}/start"),
        &format!("/rounds/{round}/board"),
        &format!("/rounds/{round}/board?of=units"),
        "/rounds",
        "/rounds/new",
        &format!("/rounds/{round}"),
        &format!("/rounds/{round}/monitor"),
        &format!("/rounds/{round}/entrants"),
        "/record",
        "/roster",
        "/bank",
        "/bank/topics/%E8%AF%95%E9%A2%98",
    ];
    for path in paths {
        phone.go(&ground.url(path)).await;
        let wide = phone
            .script("return document.documentElement.scrollWidth")
            .await;
        assert!(wide.as_i64() <= Some(360), "{path} is {wide} wide");
        no_complaints(&phone).await;
    }
}
