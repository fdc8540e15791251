//! Two copies of the program over one database: what one is told, the other knows after one look at the version rows.

use std::sync::Arc;

use serde_json::{Value, json};
use yikouqing::{
    app::memory::Hall,
    contest::round::{Release, Round},
    web::{server, state::Demonstration},
};

use crate::{
    stage::{ACTOR, LIMIT_MS, MINUTE_MS, Stage, cadre::Cadre, door::Door},
    stories,
};

stories! {
    a_start_on_one_steps_on_the_other_and_the_hand_in_on_the_first,
    more_time_and_a_pause_are_known_everywhere_after_one_look,
    a_session_that_ended_ends_everywhere,
    a_right_given_by_one_is_known_to_the_other,
    whoever_closes_first_closes_once_and_it_is_graded_once,
    a_board_on_another_copy_moves_person_by_person,
    a_change_in_one_round_leaves_the_others_in_memory,
}

/// Another copy, with its own door.
struct Copy {
    app: std::sync::Arc<yikouqing::app::App>,
    door: Door,
}

impl Copy {
    async fn of(stage: &Stage) -> Copy {
        let app = stage.another_app().await;
        let door = Door::new(server::router(app.clone(), Demonstration::No));
        // As a copy that has been running for a while.
        app.poll_versions().await.expect("a poll");
        Copy { app, door }
    }

    /// The same phone, its next requests shared out to this copy.
    fn meets(&self, cadre: &Cadre) -> Cadre {
        Cadre {
            door: self.door.clone(),
            ..cadre.clone()
        }
    }

    async fn end(self) {
        self.app.store.close().await;
    }
}

async fn a_start_on_one_steps_on_the_other_and_the_hand_in_on_the_first(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::HandIn)
        .await;
    let other = Copy::of(&stage).await;
    let li = stage.cadre("李建国").await;
    let there = other.meets(&li);
    let sitting = li.start(&round).await;
    for (place, answer) in (1..).zip(stage.right_answers(&sitting).await) {
        let step = sitting.step(place, place, &answer);
        let cadre = if place % 2 == 0 { &li } else { &there };
        cadre.send_steps(&sitting, &[step]).await.expect(200);
    }
    let last = sitting.last_seq + 8;
    let one = li.submit(&sitting, &json!({ "last_seq": last })).await;
    let two = there.submit(&sitting, &json!({ "last_seq": last })).await;
    assert_eq!(one.expect(200).json(), two.expect(200).json());
    assert_eq!(there.outcome(&sitting).await["points"], json!(18));
    other.end().await;
}

async fn more_time_and_a_pause_are_known_everywhere_after_one_look(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let other = Copy::of(&stage).await;
    let li = stage.cadre("李建国").await;
    let there = other.meets(&li);
    let sitting = li.start(&round).await;
    there.send_steps(&sitting, &[]).await.expect(200);
    stage
        .app
        .extend_round(ACTOR, &round.id, None, 10 * MINUTE_MS, "停电")
        .await
        .expect("more time");
    other.app.poll_versions().await.expect("a poll");
    // A deadline is the row's own: the next step knows it, polled or not; the round's window comes with the poll.
    stage.clock.advance(LIMIT_MS + 5 * MINUTE_MS);
    let late = sitting.step(1, 1, &Value::Null);
    there.send_steps(&sitting, &[late]).await.expect(200);
    let wang = other.meets(&stage.cadre("王秀兰").await);
    stage.pause(&round).await;
    other.app.poll_versions().await.expect("a poll");
    wang.try_start(&round).await.problem(409, "round-paused");
    let step = sitting.step(2, 1, &Value::Null);
    let kept = there.send_steps(&sitting, &[step]).await.expect(200);
    assert_eq!(kept.json()["paused"], json!(true));
    stage.resume(&round).await;
    other.app.poll_versions().await.expect("a poll");
    wang.start(&round).await;
    other.end().await;
}

async fn a_session_that_ended_ends_everywhere(stage: Stage) {
    let other = Copy::of(&stage).await;
    let li = stage.cadre("李建国").await;
    let wang = stage.cadre("王秀兰").await;
    let (there, hers) = (other.meets(&li), other.meets(&wang));
    for cadre in [&li, &there, &hers] {
        cadre.get("/api/v1/rounds").await.expect(200);
    }
    let request = li.request(axum::http::Method::DELETE, "/api/v1/session");
    let request = request.body(axum::body::Body::empty()).expect("a request");
    stage.door.send(request).await.expect(204);
    // Here at once; there after one look.
    li.get("/api/v1/rounds").await.problem(401, "not-signed-in");
    other.app.poll_versions().await.expect("a poll");
    there
        .get("/api/v1/rounds")
        .await
        .problem(401, "not-signed-in");
    hers.get("/api/v1/rounds").await.expect(200);

    let person = stage.text("SELECT id FROM persons WHERE name = '王秀兰'");
    let person = person.await;
    stage
        .app
        .revoke_sign_ins(ACTOR, &person)
        .await
        .expect("taken back");
    wang.get("/api/v1/rounds")
        .await
        .problem(401, "not-signed-in");
    other.app.poll_versions().await.expect("a poll");
    hers.get("/api/v1/rounds")
        .await
        .problem(401, "not-signed-in");
    other.end().await;
}

async fn a_right_given_by_one_is_known_to_the_other(stage: Stage) {
    let other = Copy::of(&stage).await;
    let li = stage.cadre("李建国").await;
    let there = other.meets(&li);
    for cadre in [&li, &there] {
        cadre.get("/rounds").await.page(403);
    }
    stage
        .app
        .grant(
            ACTOR,
            "李建国",
            yikouqing::people::Role::Organizer,
            "桃源村",
        )
        .await
        .expect("a grant");
    li.get("/rounds").await.expect(200);
    other.app.poll_versions().await.expect("a poll");
    there.get("/rounds").await.expect(200);
    other.end().await;
}

async fn whoever_closes_first_closes_once_and_it_is_graded_once(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let other = Copy::of(&stage).await;
    let mut sittings = Vec::new();
    for name in ["李建国", "王秀兰", "张国庆", "刘桂香", "陈永福"] {
        let cadre = stage.cadre(name).await;
        let sitting = cadre.start(&round).await;
        let answers = stage.right_answers(&sitting).await;
        let step = sitting.step(1, 1, &answers[0]);
        cadre.send_steps(&sitting, &[step]).await.expect(200);
        sittings.push(sitting);
    }
    stage.clock.advance(LIMIT_MS + 2_000);
    let (one, two) = tokio::join!(
        stage.app.close_what_is_over(),
        other.app.close_what_is_over()
    );
    one.expect("closing");
    two.expect("closing");
    assert_eq!(stage.count("attempts WHERE state = 'timed_out'").await, 5);
    let numbers = "SELECT CAST(COUNT(*) AS TEXT) FROM attempts WHERE outcome IS NOT NULL AND board_number IS NOT NULL";
    assert_eq!(stage.text(numbers).await, "5");
    for sitting in &sittings {
        assert!(stage.points(&sitting.attempt).await > 0);
    }
    other.end().await;
}

async fn a_board_on_another_copy_moves_person_by_person(stage: Stage) {
    let round = stage
        .round(|draft| {
            draft.rules.release = Release::HandIn;
            draft.rules.attempts = 3;
        })
        .await;
    let other = Copy::of(&stage).await;
    let followed = other
        .app
        .follow_standings(&round.id)
        .await
        .expect("a board");
    let same = async |what: &str| {
        other.app.poll_versions().await.expect("a poll");
        other.app.refresh_boards().await.expect("the boards");
        let kept = other.app.standings(&round.id).await.expect("a board");
        let truth = other.app.compute_standings(&round.id).await.expect("one");
        assert_eq!(kept.people, truth.people, "{what}");
        assert_eq!(kept.units, truth.units, "{what}");
        assert_eq!(kept.states, truth.states, "{what}");
        let counts = |board: &yikouqing::app::spectator::Standings| {
            (board.handed_in, board.sitting, board.entrants)
        };
        assert_eq!(counts(&kept), counts(&truth), "{what}");
    };
    let mut attempts = Vec::new();
    for (name, right) in [("李建国", 3), ("王秀兰", 8), ("张国庆", 3), ("孙德明", 5)] {
        let cadre = stage.cadre(name).await;
        attempts.push(cadre.sit(&stage, &round, right).await.attempt);
        same("a hand-in").await;
    }
    assert!(followed.borrow().number >= 4, "told of each");
    let again = stage.cadre("李建国").await;
    let second = again.start(&round).await;
    same("somebody sits a second time").await;
    stage
        .app
        .void_attempt(ACTOR, &attempts[1], "替考")
        .await
        .expect("void");
    same("a void").await;
    again.submit(&second, &json!({})).await.expect(200);
    same("the second one is worse").await;
    stage
        .app
        .reopen_attempt(ACTOR, &attempts[2], MINUTE_MS, "误触交卷")
        .await
        .expect("reopened");
    same("reopened").await;
    let absent = stage.text("SELECT id FROM persons WHERE name = '陈永福'");
    let absent = absent.await;
    let leave = yikouqing::app::decisions::Leave::Approved;
    stage
        .app
        .set_leave(ACTOR, &round.id, &absent, leave, "住院")
        .await
        .expect("leave");
    same("leave").await;
    stage.clock.advance(2 * LIMIT_MS);
    stage.tick().await;
    same("closed").await;
    other.end().await;
}

async fn a_change_in_one_round_leaves_the_others_in_memory(mut stage: Stage) {
    let (one, two) = (stage.round(|_| {}).await, stage.round(|_| {}).await);
    let other = Copy::of(&stage).await;
    stage.app.poll_versions().await.expect("a poll");
    let apps = [stage.app.clone(), other.app.clone()];
    let halls = async |round: &Round| {
        let read = apps.iter().map(|app| app.hall(&round.id));
        let halls: Vec<_> = futures::future::join_all(read).await;
        halls.into_iter().map(|hall| hall.expect("a hall"))
    };
    let same = |before: &[Arc<Hall>], after: &[Arc<Hall>]| -> Vec<bool> {
        let pairs = before.iter().zip(after);
        pairs.map(|(one, two)| Arc::ptr_eq(one, two)).collect()
    };
    let ones: Vec<_> = halls(&one).await.collect();
    let twos: Vec<_> = halls(&two).await.collect();
    stage.pause(&one).await;
    stage
        .app
        .extend_round(ACTOR, &one.id, None, MINUTE_MS, "停电")
        .await
        .expect("more time");
    for app in &apps {
        app.poll_versions().await.expect("a poll");
    }
    let paused: Vec<_> = halls(&one).await.collect();
    assert_eq!(same(&ones, &paused), [false, false]);
    assert!(paused.iter().all(|hall| hall.round.paused_at_ms.is_some()));
    let untouched: Vec<_> = halls(&two).await.collect();
    assert_eq!(same(&twos, &untouched), [true, true]);

    // What is on record about people is about no round.
    stage.issue_tickets().await;
    for app in &apps {
        app.poll_versions().await.expect("a poll");
    }
    let still: Vec<_> = halls(&one).await.collect();
    assert_eq!(same(&paused, &still), [true, true]);
    // A program that says nothing of what it changed may have changed anything.
    stage
        .execute("UPDATE versions SET number = number + 1 WHERE name = 'rounds'")
        .await;
    other.app.poll_versions().await.expect("a poll");
    let again: Vec<_> = halls(&two).await.collect();
    assert_eq!(same(&twos, &again), [true, false]);
    other.end().await;
}
