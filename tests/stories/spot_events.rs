//! 计分抽问: what counts is entered by an organizer, reversed on record; nobody examines the own house, nobody twice.

use serde_json::json;
use yikouqing::{
    bank::points::Points,
    contest::spot_check::{Sort, event::EventRules},
};

use crate::{
    spot_checks::{ask_all, begin, judge, order, page, path, person_id, step, unit_id},
    stage::{ACTOR, Stage, TOWNSHIP},
    stories,
};

stories! {
    what_counts_is_entered_once_and_reversed_on_record,
    an_examiner_keeps_out_of_the_own_house_where_it_counts,
    two_examiners_never_share_a_person,
}

pub(crate) async fn event(stage: &Stage) -> String {
    let rules = EventRules {
        questions: 2,
        points: Points::whole(20),
        sorts: vec![Sort::Recall],
        topics: vec![],
        divisions: vec![],
    };
    let top = unit_id(stage, TOWNSHIP).await;
    let made = stage.app.create_spot_event(ACTOR, "现场抽问", &top, rules);
    made.await.expect("an event")
}

async fn what_counts_is_entered_once_and_reversed_on_record(stage: Stage) {
    let event = event(&stage).await;
    let (judge, organizer) = (judge(&stage, "孙德明", "").await, stage.cadre("周敏").await);
    let desk = begin(&stage, &judge, &["李建国", "王秀兰"], Some(&event)).await;
    assert_eq!(stage.count("acts WHERE act = 'look-at-keys'").await, 1);
    organizer.form(&page(&desk, "/enter"), "").await.page(409);
    ask_all(&judge, &desk, 2).await;
    judge.form(&page(&desk, "/enter"), "").await.page(404);
    organizer
        .form(&page(&desk, "/enter"), "reason=")
        .await
        .expect(303);
    organizer.form(&page(&desk, "/enter"), "").await.page(409);
    let board = organizer
        .get(&format!("/spot-events/{event}"))
        .await
        .expect(200)
        .text;
    assert!(board.contains("40 分，最高分"), "{board}");
    assert!(
        judge
            .get(&page(&desk, "/sheet"))
            .await
            .text
            .contains("成绩已计入")
    );
    judge.form(&page(&desk, "/resume"), "").await.page(409);
    organizer.form(&page(&desk, "/reverse"), "").await.page(400);
    organizer
        .form(&page(&desk, "/reverse"), "reason=%E9%94%99")
        .await
        .expect(303);
    let board = organizer
        .get(&format!("/spot-events/{event}"))
        .await
        .expect(200)
        .text;
    assert!(
        !board.contains("最高分") && board.contains("撤销：错"),
        "{board}"
    );
    // Corrected: one element of one question was not said.
    judge.form(&page(&desk, "/resume"), "").await.expect(303);
    let mended = json!({ "steps": [step(99, 2, 1, &[0, 1])] });
    judge
        .post(&format!("{}/steps", path(&desk)), &mended)
        .await
        .expect(200);
    judge
        .post(&format!("{}/finish", path(&desk)), &json!({}))
        .await
        .expect(200);
    organizer.form(&page(&desk, "/enter"), "").await.expect(303);
    let points = stage
        .texts("SELECT CAST(points AS TEXT) FROM spot_entries ORDER BY points")
        .await;
    assert_eq!(
        points,
        ["-4000", "-4000", "3333", "4000", "4000", "4000"],
        "nothing is changed, all is there"
    );
    let acts = stage.texts("SELECT act FROM acts WHERE act LIKE '%-spot-check' AND actor <> 'story' ORDER BY at_ms, id").await;
    assert_eq!(
        acts.iter().filter(|act| *act == "enter-spot-check").count(),
        2
    );
    assert_eq!(
        acts.iter()
            .filter(|act| *act == "reverse-spot-check")
            .count(),
        1
    );
}

async fn an_examiner_keeps_out_of_the_own_house_where_it_counts(stage: Stage) {
    let event = event(&stage).await;
    let judge = judge(&stage, "张国庆", "").await;
    let own = order(&stage, TOWNSHIP, &["李建国"], Some(&event)).await;
    let detail = judge
        .post("/api/v1/spot-checks", &own)
        .await
        .problem(409, "conflict");
    assert!(detail.contains("回避"), "{detail}");
    let list = judge
        .get(&format!("/spot-checks/new?event={event}"))
        .await
        .expect(200)
        .text;
    assert!(
        list.contains("石桥村") && !list.contains("桃源村"),
        "{list}"
    );
    begin(&stage, &judge, &["李建国"], None).await;
    begin(&stage, &judge, &["孙德明"], Some(&event)).await;
    // On approved leave nobody is examined, and leaves the number of those to be.
    let organizer = stage.cadre("周敏").await;
    let person = person_id(&stage, "吴玉珍").await;
    let leave = format!("person={person}&reason=%E5%87%BA%E5%B7%AE");
    organizer
        .form(&format!("/spot-events/{event}/leave"), &leave)
        .await
        .expect(303);
    let away = order(&stage, TOWNSHIP, &["吴玉珍"], Some(&event)).await;
    judge
        .post("/api/v1/spot-checks", &away)
        .await
        .problem(409, "conflict");
    let board = organizer.get(&format!("/spot-events/{event}")).await.text;
    assert!(board.contains("应抽 9 人"), "{board}");
    organizer
        .form(&format!("/spot-events/{event}/close"), "")
        .await
        .expect(303);
    let after = order(&stage, TOWNSHIP, &["赵镇长"], Some(&event)).await;
    judge
        .post("/api/v1/spot-checks", &after)
        .await
        .problem(409, "conflict");
}

async fn two_examiners_never_share_a_person(stage: Stage) {
    let event = event(&stage).await;
    let judges = [
        judge(&stage, "孙德明", "").await,
        judge(&stage, "吴玉珍", "").await,
    ];
    let order = order(&stage, TOWNSHIP, &["李建国"], Some(&event)).await;
    let (one, other) = tokio::join!(
        judges[0].post("/api/v1/spot-checks", &order),
        judges[1].post("/api/v1/spot-checks", &order),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    // Void, with the reason: then somebody else may.
    let id = stage.text("SELECT id FROM spot_checks").await;
    let organizer = stage.cadre("周敏").await;
    organizer
        .form(&format!("/spot-checks/{id}/void"), "reason=")
        .await
        .page(400);
    organizer
        .form(&format!("/spot-checks/{id}/void"), "reason=x")
        .await
        .expect(303);
    judges[1]
        .post("/api/v1/spot-checks", &order)
        .await
        .expect(201);
    assert_eq!(stage.count("spot_checks").await, 2);
}
