//! 裁定 on an organizer's phone: from the list of disputes to the candidate's result.

use serde_json::json;
use yikouqing::{app::proctor::SentStep, bank::question::Kind, contest::round::Release};

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::{enter, no_complaints},
        spot::fits,
    },
};

const REASON: &str = "方言口音，现场评委听到说了";

/// 李建国 says the opposite of one element, as the program hears it; his attempt.
async fn say(ground: &Ground, round: &str) -> String {
    let (_, people) = ground.app.people().await.expect("people");
    let li = people.iter().find(|person| person.name == "李建国");
    let li = &li.expect("somebody on the roster").id;
    let desk = ground.app.start_attempt(round, li).await.expect("a paper");
    let kind = |revision| desk.publication.by_revision[revision].kind();
    let mut asked = desk.attempt.paper.questions.iter();
    let spoken = asked.find(|asked| kind(&asked.revision) == Kind::Recall);
    let seq = desk.last_seq + 1;
    let step = SentStep {
        seq,
        number: spoken.expect("a spoken question").number,
        answer: json!("生态宜居，生活富裕，不要产业兴旺"),
        elapsed_ms: None,
    };
    let attempt = desk.attempt.id;
    let kept = ground.app.keep_steps(&attempt, li, &[step]).await;
    kept.expect("it is kept");
    let ended = ground.app.hand_in(&attempt, li, Some(seq), &[]).await;
    ended.expect("handed in");
    attempt
}

#[tokio::test]
async fn an_organizer_rules_on_a_phone_and_the_candidate_reads_why() {
    let ground = Ground::new().await;
    let round = ground.open_round(30 * MINUTE_MS, Release::Close).await;
    let attempt = say(&ground, &round).await;
    let closed = ground.app.close_round("test", &round).await;
    closed.expect("the close");

    let phone = Browser::phone().await;
    enter(&phone, &ground, "周敏").await;
    phone.go(&ground.url(&format!("/rounds/{round}"))).await;
    phone.click_text("口答争议").await;
    phone.wait_for_text("1 个要点，1 个还没有裁定").await;
    phone.wait_for_text("意思说反了").await;
    fits(&phone).await;
    phone.click_text("算说到").await;
    phone.fill("[name=reason]", REASON).await;
    phone.click("form.rule button").await;
    phone.wait_for_text("都已裁定").await;
    fits(&phone).await;
    phone.click_text("李建国").await;
    phone.wait_for_text("周敏裁定计入").await;
    fits(&phone).await;
    no_complaints(&phone).await;

    let own = Browser::phone().await;
    enter(&own, &ground, "李建国").await;
    own.go(&ground.url(&format!("/attempts/{attempt}"))).await;
    own.wait_for_text(&format!("经主办单位裁定计入：{REASON}"))
        .await;
    fits(&own).await;
    own.go(&ground.url(&format!("/rounds/{round}/board"))).await;
    own.click_text("为什么").await;
    own.wait_for_text("1 个口答要点经裁定计入").await;
    no_complaints(&own).await;
}
