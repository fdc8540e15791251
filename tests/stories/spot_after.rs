//! After 抽问: the examined see their own result, an event goes out as tables, and what examiners wrote goes with a purge.

use serde_json::json;
use yikouqing::{app::archivist::Purge, exchange::round_file::People, people::Role};

use crate::{
    spot_checks::{ask_all, begin, judge, page, path, person_id, step},
    spot_events::event,
    stage::{ACTOR, Stage},
    stories,
};

stories! {
    the_examined_see_points_once_they_count_and_keys_once_it_is_over,
    an_event_goes_out_as_tables_and_that_is_on_record,
    what_examiners_wrote_goes_with_a_purge_and_the_ticks_stay,
    a_purged_round_takes_the_comments_on_its_people,
}

const RESULTS: &str = "/spot-results";

async fn the_examined_see_points_once_they_count_and_keys_once_it_is_over(stage: Stage) {
    let event = event(&stage).await;
    let (judge, organizer) = (judge(&stage, "孙德明", "").await, stage.cadre("周敏").await);
    let (li, wang) = (stage.cadre("李建国").await, stage.cadre("王秀兰").await);
    let desk = begin(&stage, &judge, &["李建国"], Some(&event)).await;
    ask_all(&judge, &desk, 1).await;
    assert!(!li.get("/").await.text.contains(RESULTS));
    assert!(
        li.get(RESULTS)
            .await
            .expect(200)
            .text
            .contains("还没有成绩")
    );
    organizer.form(&page(&desk, "/enter"), "").await.expect(303);
    let home = li.get("/").await.text;
    assert!(home.contains("&#x2f;spot-results") || home.contains(RESULTS));
    let running = li.get(RESULTS).await.expect(200).text;
    assert!(
        running.contains("40 分") && running.contains("正在进行"),
        "{running}"
    );
    assert!(
        !running.contains("暗语") && !running.contains("名</span>"),
        "no keys, no rank: {running}"
    );
    organizer
        .form(&format!("/spot-events/{event}/close"), "")
        .await
        .expect(303);
    let over = li.get(RESULTS).await.expect(200).text;
    assert!(
        over.contains("第 1 名") && over.contains("✓ 暗语"),
        "{over}"
    );
    let missed = wang.get(RESULTS).await.expect(200).text;
    assert!(
        missed.contains("没有成绩") && !missed.contains("暗语"),
        "{missed}"
    );
    // Who sits a paper gets no keys by this door either.
    let round = stage.round(|_| ()).await;
    li.start(&round).await;
    let sitting = li.get(RESULTS).await.expect(200).text;
    assert!(
        sitting.contains("40 分") && !sitting.contains("暗语"),
        "{sitting}"
    );
}

async fn an_event_goes_out_as_tables_and_that_is_on_record(stage: Stage) {
    let event = event(&stage).await;
    let (judge, organizer) = (judge(&stage, "孙德明", "").await, stage.cadre("周敏").await);
    let desk = begin(&stage, &judge, &["李建国"], Some(&event)).await;
    ask_all(&judge, &desk, 1).await;
    organizer
        .form(&page(&desk, "/enter"), "reason=%3D1%2B1")
        .await
        .expect(303);
    stage.clock.advance(1_000);
    organizer
        .form(&page(&desk, "/reverse"), "reason=%E9%94%99")
        .await
        .expect(303);
    let table = |of: &str| format!("/spot-events/{event}/table.csv{of}");
    let ledger = organizer.get(&table("")).await.expect(200).text;
    let lines: Vec<&str> = ledger.lines().collect();
    assert_eq!(lines.len(), 3, "{ledger}");
    assert!(
        lines[1].contains("李建国") && lines[1].contains(",计入,40,周敏,'=1+1"),
        "{ledger}"
    );
    assert!(lines[2].contains(",撤销,-40,周敏,错"), "{ledger}");
    let people = organizer.get(&table("?of=people")).await.expect(200).text;
    assert!(
        people.contains("还没有计入") && !people.contains("缺考"),
        "{people}"
    );
    let units = organizer.get(&table("?of=units")).await.expect(200).text;
    assert!(units.contains("应抽"), "{units}");
    organizer.get(&table("?of=keys")).await.page(400);
    judge.get(&table("")).await.page(403);
    organizer
        .get(&format!("/spot-events/{event}/table.xlsx"))
        .await
        .expect(200);
    assert_eq!(stage.count("acts WHERE act = 'export-spot-event'").await, 4);
}

/// A trial of two people with a comment on each.
async fn commented_trial(stage: &Stage) -> serde_json::Value {
    let judge = judge(stage, "孙德明", "").await;
    let desk = begin(stage, &judge, &["李建国", "王秀兰"], None).await;
    let said = |seq, person| {
        let mut step = step(seq, person, 1, &[0, 2]);
        step["mark"]["comment"] = json!(format!("第{person}个人慌了"));
        step
    };
    let steps = json!({ "steps": [said(1, 1), said(2, 2)] });
    judge
        .post(&format!("{}/steps", path(&desk)), &steps)
        .await
        .expect(200);
    judge
        .post(&format!("{}/finish", path(&desk)), &json!({}))
        .await
        .expect(200);
    desk
}

async fn marks(stage: &Stage) -> Vec<String> {
    stage
        .texts("SELECT mark FROM spot_check_steps ORDER BY seq")
        .await
}

async fn what_examiners_wrote_goes_with_a_purge_and_the_ticks_stay(stage: Stage) {
    commented_trial(&stage).await;
    let now_ms = stage.clock.now_ms();
    let purge = async |before_ms, how| {
        let purged = stage.app.purge_spot_comments(ACTOR, before_ms, how).await;
        purged.expect("a purge")
    };
    assert_eq!(
        purge(now_ms, Purge::ForReal).await,
        0,
        "it ended now, not before"
    );
    assert_eq!(purge(now_ms + 1, Purge::DryRun).await, 2);
    assert!(marks(&stage).await[0].contains("慌了"), "only a look");
    assert_eq!(purge(now_ms + 1, Purge::ForReal).await, 2);
    let kept = marks(&stage).await;
    assert!(
        kept.iter()
            .all(|mark| mark.contains("[0,2]") && !mark.contains("慌了")),
        "{kept:?}"
    );
    assert_eq!(purge(now_ms + 1, Purge::ForReal).await, 0);
    assert_eq!(
        stage.count("acts WHERE act = 'purge-spot-comments'").await,
        1
    );
}

async fn a_purged_round_takes_the_comments_on_its_people(stage: Stage) {
    commented_trial(&stage).await;
    let (li, wang) = (
        person_id(&stage, "李建国").await,
        person_id(&stage, "王秀兰").await,
    );
    let round = stage.round(|_| ()).await;
    stage.take_in(&round).await;
    // Who holds a grant stays, with what was said of them.
    stage
        .app
        .grant(ACTOR, "王秀兰", Role::Judge, "")
        .await
        .expect("a grant");
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("announced");
    let exported = stage
        .app
        .export_round(ACTOR, &round.id, People::Named)
        .await;
    exported.expect("an export");
    // An event that runs needs everybody it is to examine.
    let event = event(&stage).await;
    let dry = stage.app.purge_round(ACTOR, &round.id, Purge::DryRun).await;
    assert_eq!(dry.expect("a look").persons, 0);
    let organizer = stage.cadre("周敏").await;
    organizer
        .form(&format!("/spot-events/{event}/close"), "")
        .await
        .expect(303);
    let purged = stage
        .app
        .purge_round(ACTOR, &round.id, Purge::ForReal)
        .await;
    purged.expect("a purge");
    let (_, persons) = stage.app.people().await.expect("people");
    let named = |id: &String| {
        persons
            .iter()
            .any(|person| person.id == *id && !person.name.is_empty())
    };
    assert!(!named(&li) && named(&wang));
    let kept = marks(&stage).await;
    assert!(
        !kept[0].contains("慌了") && kept[1].contains("慌了"),
        "{kept:?}"
    );
}
