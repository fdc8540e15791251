//! 裁定: what organizers decide of elements of spoken answers, from the list of disputes to the board and the archive.

mod archive;

use serde_json::{Value, json};
use yikouqing::{
    contest::round::{Release, Round},
    exchange::round_file::{People, RoundFile},
};

use crate::{
    stage::{
        ACTOR, MINUTE_MS, Stage,
        cadre::{Cadre, Sitting},
        reply::Reply,
    },
    stories,
};

stories! {
    a_ruling_moves_the_grade_the_board_and_the_result_and_can_be_reversed,
    disputes_are_listed_with_doubts_first,
    nobody_rules_before_the_close_on_the_own_answer_or_on_what_was_not_said,
    bad_rulings_are_refused_and_what_was_typed_stays,
    a_ruling_after_the_announcement_is_a_correction_on_record,
}

/// Half of the first element, the opposite of the second, the third as it should be.
const SAID: &str = "早查渡口。可以收费。暗语细记";
const REASON: &str = "方言口音，现场评委听到说了";

/// A round whose spoken question has elements to dispute about.
async fn spoken_round(stage: &mut Stage, release: Release) -> Round {
    for place in ["渡口", "学堂"] {
        let first = format!("1. **暗语早查{place}**");
        stage.edit("relief.md", &first, "1. **早查渡口**，**早清河道**");
        let second = format!("2. **暗语勤修{place}**");
        stage.edit("relief.md", &second, "2. 不得**收费**");
        let third = format!("3. **暗语细记{place}**");
        stage.edit("relief.md", &third, "3. **暗语细记**");
    }
    stage.app.publish(&stage.bank).await.expect("the bank");
    stage.round(|draft| draft.rules.release = release).await
}

/// Answers everything right but the spoken question, to which it says this, and hands in.
async fn say(stage: &Stage, cadre: &Cadre, round: &Round, text: &str) -> Sitting {
    let sitting = cadre.start(round).await;
    let spoken = sitting.number_of("recall");
    let answers = (1..).zip(stage.right_answers(&sitting).await);
    let steps: Vec<Value> = answers
        .map(|(number, right)| {
            let answer = if number == spoken { json!(text) } else { right };
            sitting.step(number, number, &answer)
        })
        .collect();
    let body = json!({ "steps": steps });
    cadre.submit(&sitting, &body).await.expect(200);
    sitting
}

async fn rule(
    desk: &Cadre,
    round: &Round,
    sitting: &Sitting,
    element: u32,
    said: &str,
    reason: &str,
) -> Reply {
    let number = sitting.number_of("recall");
    let path = format!("/rounds/{}/attempts/{}/rule", round.id, sitting.attempt);
    let form = format!("number={number}&element={element}&said={said}&reason={reason}");
    desk.form(&path, &form).await
}

async fn a_ruling_moves_the_grade_the_board_and_the_result_and_can_be_reversed(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Hand).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    let zhou = stage.cadre("周敏").await;
    let before = stage.points(&sitting.attempt).await;
    rule(&zhou, &round, &sitting, 1, "yes", REASON)
        .await
        .expect(303);
    let ruled = stage.points(&sitting.attempt).await;
    assert!(ruled > before, "{ruled} after {before}");
    // What is not released yet tells nothing of it.
    let result = format!("/attempts/{}", sitting.attempt);
    assert!(!li.get(&result).await.page(200).contains("裁定"));
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("announced");
    stage.tick().await;
    let page = li.get(&result).await;
    let page = page.page(200);
    assert!(
        page.contains(&format!("经主办单位裁定计入：{REASON}")),
        "{page}"
    );
    let api = li.outcome(&sitting).await;
    let spoken = &api["questions"][sitting.number_of("recall") as usize - 1];
    assert_eq!(spoken["key"][0]["ruling"]["counts"], json!(true), "{api}");
    let board = li.board(&round, "").await;
    let why = board["standings"][0]["why"].to_string();
    assert!(why.contains("1 个口答要点经裁定计入"), "{why}");
    // Reversed by a further ruling; the first stays on record.
    stage.clock.advance(1_000);
    let evidence = format!("/rounds/{}/attempts/{}", round.id, sitting.attempt);
    rule(
        &zhou,
        &round,
        &sitting,
        1,
        "no",
        "复核三位评委的记录，没有说到",
    )
    .await
    .expect(303);
    assert_eq!(stage.points(&sitting.attempt).await, before);
    let page = zhou.get(&evidence).await;
    let page = page.page(200);
    for told in [
        REASON,
        "复核三位评委的记录，没有说到",
        "周敏裁定计入",
        "周敏裁定不计",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let board = li.board(&round, "").await;
    assert!(!board["standings"][0]["why"].to_string().contains("裁定"));
    assert_eq!(stage.count("rulings").await, 2);
    let acts = stage.app.acts_about(ACTOR, &round.id).await.expect("acts");
    let mut acts = acts.iter().filter(|each| each.act == "rule-on-element");
    let first = &acts.next().expect("the first").detail;
    assert_eq!(
        (&first["before"]["said"], &first["after"]["said"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(first["reason"], json!(REASON));
    assert!(acts.next().is_some());
    let record = zhou.get("/record?act=rule-on-element").await;
    let record = record.page(200);
    assert!(
        record.contains("裁定口答要点") && record.contains("算说到"),
        "{record}"
    );
}

async fn disputes_are_listed_with_doubts_first(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    say(&stage, &stage.cadre("王秀兰").await, &round, "不知道").await;
    let zhou = stage.cadre("周敏").await;
    let path = format!("/rounds/{}/rulings", round.id);
    assert!(zhou.get(&path).await.page(200).contains("还没有收卷"));
    stage.take_in(&round).await;
    let page = zhou.get(&path).await;
    let page = page.page(200);
    assert!(page.contains("2 个要点，2 个还没有裁定"), "{page}");
    assert!(page.contains(SAID) && !page.contains("王秀兰"));
    let place = |text: &str| {
        page.find(text)
            .unwrap_or_else(|| panic!("no {text}: {page}"))
    };
    assert!(place("意思说反了") < place("没听到：早清河道"));
    let form = zhou.get(&format!("/rounds/{}", round.id)).await;
    assert!(
        form.page(200).contains(&path),
        "the round's page leads there"
    );
    let number = sitting.number_of("recall");
    let rule = format!("/rounds/{}/attempts/{}/rule", round.id, sitting.attempt);
    let fields = format!("number={number}&element=2&said=no&reason=确实说反了&back=rulings");
    let done = zhou.form(&rule, &fields).await.expect(303);
    assert_eq!(done.header("location"), path);
    let page = zhou.get(&path).await;
    let page = page.page(200);
    assert!(
        page.contains("2 个要点，1 个还没有裁定") && page.contains("裁定不计"),
        "{page}"
    );
    let looks = stage.count("acts WHERE act = 'look-at-keys'").await;
    assert!(looks >= 2, "every look is on record");
    let past = zhou.get(&format!("{path}?from=999")).await;
    assert!(past.page(200).contains("早清河道"));
    // Where nothing is in doubt the page says so.
    let empty = stage.round(|_| {}).await;
    let sun = stage.cadre("孙德明").await;
    sun.sit(&stage, &empty, 8).await;
    stage.take_in(&empty).await;
    let page = zhou.get(&format!("/rounds/{}/rulings", empty.id)).await;
    assert!(page.page(200).contains("没有争议要点"));
}

async fn nobody_rules_before_the_close_on_the_own_answer_or_on_what_was_not_said(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let (li, zhou) = (stage.cadre("李建国").await, stage.cadre("周敏").await);
    let sitting = say(&stage, &li, &round, SAID).await;
    let own = say(&stage, &zhou, &round, SAID).await;
    let silent = stage.cadre("王秀兰").await.sit(&stage, &round, 1).await;
    let open = stage.cadre("张国庆").await.start(&round).await;
    let refused = async |sitting: &Sitting, why: &str| {
        let reply = rule(&zhou, &round, sitting, 1, "yes", "x").await;
        assert!(reply.page(409).contains(why), "{why}: {}", reply.text);
    };
    refused(&sitting, "还没有收卷").await;
    refused(&open, "还没有收卷").await;
    stage.take_in(&round).await;
    // Somebody still sat: the clock takes it in.
    stage.clock.advance(1_000);
    stage.tick().await;
    refused(&own, "自己的作答不能自己裁定").await;
    refused(&silent, "没有作答").await;
    stage
        .app
        .void_attempt(ACTOR, &sitting.attempt, "替考")
        .await
        .expect("void");
    refused(&sitting, "已经作废").await;
    let minute = stage
        .app
        .reopen_attempt(ACTOR, &sitting.attempt, MINUTE_MS, "误判");
    minute.await.expect_err("keys can be read");
    assert_eq!(stage.count("rulings").await, 0);
    // Nor has the own page a form.
    let page = zhou
        .get(&format!("/rounds/{}/attempts/{}", round.id, own.attempt))
        .await;
    assert!(!page.page(200).contains("name=\"said\""));
}

async fn bad_rulings_are_refused_and_what_was_typed_stays(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let other = stage.round(|_| {}).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    let zhou = stage.cadre("周敏").await;
    let number = sitting.number_of("recall");
    let single = sitting.number_of("single");
    let path = format!("/rounds/{}/attempts/{}/rule", round.id, sitting.attempt);
    let long = "长".repeat(201);
    for (fields, status, told) in [
        (
            format!("number={number}&element=4&said=yes&reason=x"),
            400,
            "没有第 4 个要点",
        ),
        (
            format!("number={number}&element=0&said=yes&reason=x"),
            400,
            "没有第 0 个要点",
        ),
        (
            "number=99&element=1&said=yes&reason=x".into(),
            400,
            "没有第 99 题",
        ),
        (
            format!("number={single}&element=1&said=yes&reason=x"),
            400,
            "不是口答题",
        ),
        (
            format!("number={number}&element=1&said=maybe&reason=x"),
            400,
            "算说到",
        ),
        (
            format!("number={number}&element=-1&said=yes&reason=x"),
            400,
            "写成数字",
        ),
        (
            format!("number={number}&element=1&said=yes&reason=+"),
            400,
            "写明原因",
        ),
        (
            format!("number={number}&element=1&said=yes&reason={long}"),
            400,
            "200 字以内",
        ),
        (
            format!("number={number}&element=1&said=yes&reason=a%00b"),
            400,
            "写明原因",
        ),
        (String::new(), 400, "写成数字"),
    ] {
        let reply = zhou.form(&path, &fields).await;
        assert!(
            reply.page(status).contains(told),
            "{fields}: {}",
            reply.text
        );
    }
    let reply = rule(&zhou, &round, &sitting, 1, "maybe", "听录音确认").await;
    assert!(
        reply.page(400).contains("value=\"听录音确认\""),
        "{}",
        reply.text
    );
    for path in [
        format!("/rounds/{}/attempts/{}/rule", other.id, sitting.attempt),
        format!("/rounds/{}/attempts/none/rule", round.id),
        format!("/rounds/none/attempts/{}/rule", sitting.attempt),
    ] {
        zhou.form(&path, "number=1&element=1&said=yes&reason=x")
            .await
            .page(404);
    }
    zhou.get("/rounds/none/rulings").await.page(404);
    rule(&zhou, &round, &sitting, 1, "yes", "x")
        .await
        .expect(303);
    let again = rule(&zhou, &round, &sitting, 1, "yes", "y").await;
    assert!(again.page(409).contains("已经是这样裁定的了"));
    assert_eq!(stage.count("rulings").await, 1);
}

async fn a_ruling_after_the_announcement_is_a_correction_on_record(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("announced");
    let zhou = stage.cadre("周敏").await;
    let list = zhou.get(&format!("/rounds/{}/rulings", round.id)).await;
    assert!(list.page(200).contains("公布以后的更正"));
    rule(&zhou, &round, &sitting, 1, "yes", REASON)
        .await
        .expect(303);
    let page = li.get(&format!("/attempts/{}", sitting.attempt)).await;
    let told = format!("经主办单位裁定计入（公布以后更正）：{REASON}");
    assert!(page.page(200).contains(&told));
    let acts = stage.app.acts_about(ACTOR, &round.id).await.expect("acts");
    let act = acts.iter().find(|each| each.act == "rule-on-element");
    assert_eq!(act.expect("on record").detail["correction"], json!(true));
}

async fn export(stage: &Stage, round: &Round, people: People) -> RoundFile {
    let file = stage.app.export_round(ACTOR, &round.id, people).await;
    file.expect("an export")
}
