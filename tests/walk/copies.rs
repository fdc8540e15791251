//! Two copies over one PostgreSQL, one of which is gone in the middle of a paper: the phone goes on with the other.

use yikouqing::contest::round::Release;

use crate::{
    support::{browser::Browser, postgres},
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{COUNT, KNOWN, answer, at_question, hand_in, no_complaints_but, start},
        road::Road,
    },
};

#[tokio::test]
async fn the_loss_of_a_copy_is_not_seen_on_the_phone() {
    let schema = postgres::schema().await;
    let folder = || tempfile::tempdir().expect("a folder");
    let first = Ground::over(schema.url(), folder()).await;
    first.fill().await;
    let second = Ground::over(schema.url(), folder()).await;
    let round = first.open_round(30 * MINUTE_MS, Release::Close).await;
    let road = Road::to(first.address).await;
    let phone = Browser::phone().await;
    let ticket = first.ticket("李建国").await;
    let (_, path) = ticket.split_once("/t/").expect("a ticket");
    phone.go(&road.url(&format!("/t/{path}"))).await;
    phone.click_text("进入").await;
    start(&phone).await;
    for number in 1..=3 {
        at_question(&phone, number).await;
        answer(&phone).await;
        phone.wait_for_text("✓ 已保存").await;
        phone.click_text("下一题").await;
    }
    // A step is on its way to the first copy and never arrives anywhere; whoever shares out requests takes the other one.
    first.hold_steps();
    at_question(&phone, 4).await;
    answer(&phone).await;
    road.server.send_replace(second.address);
    phone.wait_for_text("✓ 已保存").await;
    first.app.store.close().await;
    for number in 5..=COUNT {
        phone.click_text("下一题").await;
        at_question(&phone, number).await;
        answer(&phone).await;
        phone.wait_for_text("✓ 已保存").await;
    }
    hand_in(&phone).await;
    let desk = second.desk_of(&round, "李建国").await;
    assert_eq!(desk.answers.len(), KNOWN.len(), "{:?}", desk.answers);
    let outcome = desk
        .attempt
        .outcome
        .expect("graded by the copy that is left");
    assert_eq!(
        outcome.points, outcome.total,
        "every answer stands as given"
    );
    no_complaints_but(&phone, "ERR_").await;
    second.app.store.close().await;
}
