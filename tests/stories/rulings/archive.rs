//! Rulings and words that came late, on other copies, in archives, after a purge; and archives of another version of the grading.

use serde_json::{Value, json};
use yikouqing::{
    app::{archivist::Purge, auditor, rulings::Wanted},
    bank::points::Points,
    contest::round::Release,
    exchange::round_file::{People, RoundFile},
    grading::{Found, GRADING_VERSION},
};

use super::{REASON, SAID, export, rule, say, spoken_round};
use crate::{
    stage::{ACTOR, LIMIT_MS, Stage},
    stories,
};

stories! {
    a_ruling_says_nothing_of_words_that_came_later,
    another_copy_follows,
    two_organizers_at_once_lose_nothing_of_each_other,
    an_archive_with_rulings_verifies_and_a_tampered_one_does_not,
    an_archive_of_another_version_of_the_grading_is_not_called_false,
    where_the_words_are_purged_nothing_is_ruled,
}

async fn a_ruling_says_nothing_of_words_that_came_later(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Hand).await;
    let li = stage.cadre("李建国").await;
    let sitting = li.start(&round).await;
    let number = sitting.number_of("recall");
    let first = sitting.step(1, number, &json!(SAID));
    li.send_steps(&sitting, &[first]).await.expect(200);
    stage.clock.advance(LIMIT_MS + 2_000);
    stage.tick().await;
    let later = sitting.step(2, number, &json!("暗语细记，不得收费"));
    li.send_steps(&sitting, &[later])
        .await
        .problem(409, "attempt-closed");
    stage.take_in(&round).await;
    let zhou = stage.cadre("周敏").await;
    rule(&zhou, &round, &sitting, 1, "yes", REASON)
        .await
        .expect(303);
    let ruled = stage.points(&sitting.attempt).await;
    // The late words take the place of those that were ruled on: two elements of their own, and none by the ruling.
    let accepted = stage.app.accept_late_steps(ACTOR, &sitting.attempt, "断网");
    accepted.await.expect("accepted");
    assert_eq!(stage.points(&sitting.attempt).await, ruled);
    let page = zhou
        .get(&format!(
            "/rounds/{}/attempts/{}",
            round.id, sitting.attempt
        ))
        .await;
    assert!(
        page.page(200).contains("针对的是改动以前的回答"),
        "{}",
        page.text
    );
    let why = stage.app.standings(&round.id).await.expect("a board");
    let mut rows = why.people.values().flatten();
    let row = rows.find(|each| each.row.name == "李建国").expect("a row");
    assert!(!row.why.contains("裁定"), "{}", row.why);
    rule(&zhou, &round, &sitting, 1, "yes", "这一次也算")
        .await
        .expect(303);
    assert!(stage.points(&sitting.attempt).await > ruled);
    let file = export(&stage, &round, People::Named).await;
    assert_eq!(auditor::verify(&file).deviations, Vec::<String>::new());
}

async fn another_copy_follows(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    let other = stage.another_app().await;
    other.poll_versions().await.expect("a poll");
    let before = other.standings(&round.id).await.expect("a board");
    let zhou = stage.cadre("周敏").await;
    rule(&zhou, &round, &sitting, 1, "yes", REASON)
        .await
        .expect(303);
    other.poll_versions().await.expect("a poll");
    other.refresh_boards().await.expect("the boards");
    let after = other.standings(&round.id).await.expect("a board");
    assert_ne!(after.people, before.people);
    let truth = other.compute_standings(&round.id).await.expect("a board");
    assert_eq!(after.people, truth.people);
    let said = after
        .people
        .values()
        .flatten()
        .any(|row| row.why.contains("经裁定计入"));
    assert!(said, "{:?}", after.people);
    other.store.close().await;
}

async fn two_organizers_at_once_lose_nothing_of_each_other(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let mut sittings = Vec::new();
    for name in ["李建国", "王秀兰", "张国庆", "刘桂香"] {
        let cadre = stage.cadre(name).await;
        sittings.push(say(&stage, &cadre, &round, SAID).await);
    }
    stage.take_in(&round).await;
    let other = stage.another_app().await;
    for sitting in &sittings {
        let wanted = |element| Wanted {
            number: sitting.number_of("recall") as u32,
            element,
            found: Found::Yes,
            reason: REASON,
        };
        let (first, second) = (wanted(1), wanted(2));
        let (one, two) = tokio::join!(
            stage.app.rule_on_element(ACTOR, &sitting.attempt, &first),
            other.rule_on_element(ACTOR, &sitting.attempt, &second)
        );
        one.expect("a ruling");
        two.expect("a ruling");
        // Everything else was right, and the third element too.
        assert_eq!(stage.points(&sitting.attempt).await, 1_800);
    }
    other.store.close().await;
}

async fn an_archive_with_rulings_verifies_and_a_tampered_one_does_not(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    let number = sitting.number_of("recall") as u32;
    // The second one takes the first back, the third confirms what the program found: none of them moves a grade.
    for (element, found) in [(1, Found::Yes), (1, Found::No), (2, Found::No)] {
        let reason = "李建国说的是方言";
        let wanted = Wanted {
            number,
            element,
            found,
            reason,
        };
        let ruled = stage
            .app
            .rule_on_element(ACTOR, &sitting.attempt, &wanted)
            .await;
        ruled.expect("a ruling");
    }
    let whole = serde_json::to_value(export(&stage, &round, People::Named).await).expect("JSON");
    let deviations = |tamper: &dyn Fn(&mut Value)| {
        let mut file = whole.clone();
        tamper(&mut file["attempts"][0]["rulings"]);
        let bytes = serde_json::to_vec(&file).expect("bytes");
        auditor::verify(&RoundFile::read(&bytes).expect("a file")).deviations
    };
    assert_eq!(deviations(&|_| {}), Vec::<String>::new());
    let list = |rulings: &mut Value| rulings.as_array().expect("rulings").clone();
    for (what, tamper) in [
        (
            "all taken out",
            &(|rulings: &mut Value| *rulings = json!([])) as &dyn Fn(&mut Value),
        ),
        ("the last taken out", &|rulings| {
            drop(rulings.as_array_mut().map(Vec::pop));
        }),
        ("one added", &|rulings| {
            let mut more = list(rulings);
            more.push(more[0].clone());
            *rulings = json!(more);
        }),
        ("turned round", &|rulings| {
            rulings[1]["after"] = json!("yes");
        }),
        ("another element", &|rulings| {
            rulings[2]["element"] = json!(3);
        }),
        ("another reason", &|rulings| {
            rulings[0]["reason"] = json!("x");
        }),
        ("another time", &|rulings| rulings[0]["at_ms"] = json!(1)),
        ("other words", &|rulings| rulings[0]["seq"] = json!(1)),
    ] {
        assert!(!deviations(tamper).is_empty(), "{what}");
    }
    let masked = export(&stage, &round, People::Masked).await;
    assert_eq!(auditor::verify(&masked).deviations, Vec::<String>::new());
    let text = serde_json::to_string(&masked).expect("JSON");
    assert!(!text.contains("李建国") && masked.attempts[0].rulings.len() == 3);
}

async fn an_archive_of_another_version_of_the_grading_is_not_called_false(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    let mut file = export(&stage, &round, People::Named).await;
    assert_eq!(
        auditor::verify(&file).grading_versions,
        [GRADING_VERSION].into()
    );
    // Another version heard nothing of the spoken answer.
    let outcome = file.attempts[0].outcome.as_mut().expect("an outcome");
    let spoken = &mut outcome.grades[sitting.number_of("recall") as usize - 1];
    outcome.points = outcome.points - spoken.points;
    spoken.points = Points::ZERO;
    spoken
        .parts
        .iter_mut()
        .for_each(|part| part.found = Found::No);
    assert_eq!(
        auditor::verify(&file).verdict(),
        auditor::Verdict::Disagrees
    );
    let outcome = file.attempts[0].outcome.as_mut().expect("an outcome");
    outcome.grading_version = GRADING_VERSION + 1;
    let deviations = auditor::verify(&file).deviations;
    assert!(
        !deviations.is_empty(),
        "a board of other points is still found"
    );
    file.board = auditor::board_again(&file);
    let audit = auditor::verify(&file);
    assert_eq!(audit.deviations, Vec::<String>::new());
    assert_eq!(audit.unsettled.len(), 1, "{:?}", audit.unsettled);
    assert_eq!(audit.verdict(), auditor::Verdict::Unsettled);
    // A sum that does not add up is false in every version.
    let outcome = file.attempts[0].outcome.as_mut().expect("an outcome");
    outcome.points = outcome.points + Points::whole(1);
    assert_eq!(
        auditor::verify(&file).verdict(),
        auditor::Verdict::Disagrees
    );
}

async fn where_the_words_are_purged_nothing_is_ruled(mut stage: Stage) {
    let round = spoken_round(&mut stage, Release::Close).await;
    let li = stage.cadre("李建国").await;
    let sitting = say(&stage, &li, &round, SAID).await;
    stage.take_in(&round).await;
    stage
        .app
        .announce_round(ACTOR, &round.id)
        .await
        .expect("announced");
    stage.clock.advance(1_000);
    export(&stage, &round, People::Named).await;
    let purged = stage
        .app
        .purge_round(ACTOR, &round.id, Purge::ForReal)
        .await;
    purged.expect("purged");
    let before = stage.points(&sitting.attempt).await;
    let zhou = stage.cadre("周敏").await;
    let reply = rule(&zhou, &round, &sitting, 1, "yes", "x").await;
    assert!(reply.page(409).contains("已经清除"), "{}", reply.text);
    assert_eq!(stage.points(&sitting.attempt).await, before);
    let list = zhou.get(&format!("/rounds/{}/rulings", round.id)).await;
    assert!(list.page(200).contains("没有争议要点"));
}
