//! Stories of people: who may do what, decisions on record, ways to sign in, rosters. Each on SQLite and on PostgreSQL.

mod support;

use serde_json::Value;
use support::township::{HOUR_MS, Township, code, on_both};
use yikouqing::{
    app::{
        decisions::Leave,
        monitor::SeatState,
        proctor::{Desk, SentStep},
    },
    error::{Code, Error},
    store::{Tx, attempts::State},
    web::outcome::key_letters,
};

fn is_missing<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::NotFound(_)))
}

/// What stands in the log under this act.
async fn acts(township: &Township, act: &str) -> Vec<Value> {
    let sql = "SELECT detail FROM acts WHERE act = $1";
    let rows: Vec<(String,)> = match &mut township.app.store.read().await.expect("a reader") {
        Tx::Sqlite(tx) => sqlx::query_as(sql).bind(act).fetch_all(&mut **tx).await,
        Tx::Postgres(tx) => sqlx::query_as(sql).bind(act).fetch_all(&mut **tx).await,
    }
    .expect("the log reads");
    let read = |(text,): &(String,)| serde_json::from_str(text).expect("JSON");
    rows.iter().map(read).collect()
}

/// The right answer to the first question with letters, as a phone sends it.
fn right_step(desk: &Desk, place: i64) -> SentStep {
    let asked = &desk.attempt.paper.questions;
    let (number, letters) = asked
        .iter()
        .map(|asked| {
            let question = &desk.publication.by_revision[&asked.revision];
            (asked.number, key_letters(question, &asked.order))
        })
        .find(|(_, letters)| letters.len() == 1)
        .expect("a question with one right letter");
    SentStep {
        seq: desk.last_seq + place,
        number,
        answer: letters[0].clone().into(),
        elapsed_ms: Some(1_000),
    }
}

async fn points(township: &Township, attempt: &str, person: &str) -> Option<i64> {
    let view = township.app.attempt_view(attempt, person).await;
    view.expect("the own attempt")
        .attempt
        .outcome
        .map(|outcome| outcome.points.0)
}

#[tokio::test]
async fn an_organizer_of_another_village_finds_nothing_to_act_on() {
    on_both(async |town| {
        let round = town.open_round(town.id("何静"), "", "桃源村内比").await;
        let desk = town.app.start_attempt(&round, town.id("李建国")).await;
        let attempt = desk.expect("a paper").attempt.id;
        let (app, other) = (&town.app, town.id("吴海涛"));
        let li = town.id("李建国");
        assert!(is_missing(&app.pause_round(other, &round, "x").await));
        assert!(is_missing(
            &app.extend_round(other, &round, Some(li), 60_000, "x").await
        ));
        assert!(is_missing(&app.void_attempt(other, &attempt, "x").await));
        assert!(is_missing(
            &app.accept_late_steps(other, &attempt, "x").await
        ));
        assert!(is_missing(
            &app.reopen_attempt(other, &attempt, 60_000, "x").await
        ));
        assert!(is_missing(
            &app.set_leave(other, &round, li, Leave::Approved, "x").await
        ));
        assert!(is_missing(
            &app.add_late_entrant(other, &round, "孙玉珍", "x").await
        ));
        assert!(is_missing(&app.monitor(other, &round).await));
        assert!(is_missing(
            &app.create_round(other, town.draft("桃源村", "x")).await
        ));
        assert!(is_missing(&app.issue_tickets(other, "桃源村").await));
        // The township's organizer stands above both.
        app.pause_round(town.id("周敏"), &round, "停电")
            .await
            .expect("paused");
        let mine = app.issue_tickets(other, "").await.expect("tickets");
        let names: Vec<&str> = mine.iter().map(|ticket| ticket.person.as_str()).collect();
        assert_eq!(names.len(), 2);
        assert!(names.iter().all(|name| ["孙玉珍", "钱长青"].contains(name)));
    })
    .await;
}

#[tokio::test]
async fn somebody_added_late_and_leave_are_on_record_and_change_the_turnout() {
    on_both(async |town| {
        let (app, zhou) = (&town.app, town.id("周敏"));
        let round = town.open_round(zhou, "桃源村", "村内比").await;
        let no_reason = app.add_late_entrant(zhou, &round, "孙玉珍", " ").await;
        assert_eq!(code(no_reason), Some(Code::BadRequest));
        let nobody = app
            .add_late_entrant(zhou, &round, "没有这个人", "新到任")
            .await;
        assert!(is_missing(&nobody));
        let added = app
            .add_late_entrant(zhou, &round, "柳河村/孙玉珍", "新到任")
            .await;
        assert!(added.expect("added").late);
        let again = app.add_late_entrant(zhou, &round, "孙玉珍", "新到任").await;
        assert_eq!(code(again), Some(Code::Conflict));
        assert_eq!(
            app.compute_standings(&round)
                .await
                .expect("a board")
                .entrants,
            4
        );

        let wang = town.id("王秀兰");
        app.set_leave(zhou, &round, wang, Leave::Approved, "住院")
            .await
            .expect("on leave");
        assert_eq!(
            app.compute_standings(&round)
                .await
                .expect("a board")
                .entrants,
            3
        );
        let refused = app.start_attempt(&round, wang).await.map(drop);
        assert_eq!(code(refused), Some(Code::NotEntitled));
        app.set_leave(zhou, &round, wang, Leave::TakenBack, "出院")
            .await
            .expect("back");
        app.start_attempt(&round, wang).await.expect("a paper");
        let too_late = app
            .set_leave(zhou, &round, wang, Leave::Approved, "又住院")
            .await;
        assert_eq!(code(too_late), Some(Code::Conflict));

        let leaves = acts(&town, "set-leave").await;
        assert_eq!(leaves.len(), 2);
        assert!(
            leaves
                .iter()
                .any(|act| act["reason"] == "住院" && act["after"]["on_leave"] == true)
        );
        assert_eq!(
            acts(&town, "add-late-entrant").await[0]["before"]["entrants"],
            3
        );
    })
    .await;
}

#[tokio::test]
async fn more_time_for_one_holds_before_the_start_and_while_sitting() {
    on_both(async |town| {
        let (app, zhou) = (&town.app, town.id("周敏"));
        let round = town.open_round(zhou, "桃源村", "村内比").await;
        let (li, wang) = (town.id("李建国"), town.id("王秀兰"));
        app.extend_round(zhou, &round, Some(li), 300_000, "眼疾")
            .await
            .expect("more time");
        let desk = app.start_attempt(&round, li).await.expect("a paper");
        let limit = HOUR_MS / 2;
        assert_eq!(
            desk.attempt.deadline_at_ms,
            town.clock.now_ms() + limit + 300_000
        );
        app.extend_round(zhou, &round, Some(li), 60_000, "断网")
            .await
            .expect("more time");
        let desk = app.start_attempt(&round, li).await.expect("the same paper");
        assert_eq!(
            desk.attempt.deadline_at_ms,
            town.clock.now_ms() + limit + 360_000
        );
        let desk = app.start_attempt(&round, wang).await.expect("a paper");
        assert_eq!(desk.attempt.deadline_at_ms, town.clock.now_ms() + limit);
        let stranger = app
            .extend_round(zhou, &round, Some(town.id("孙玉珍")), 1, "x")
            .await;
        assert!(is_missing(&stranger));
    })
    .await;
}

#[tokio::test]
async fn late_steps_count_when_accepted_and_never_once_keys_could_be_read() {
    on_both(async |town| {
        let (app, zhou, li) = (&town.app, town.id("周敏"), town.id("李建国"));
        let round = town.open_round(zhou, "桃源村", "村内比").await;
        let desk = app.start_attempt(&round, li).await.expect("a paper");
        let attempt = desk.attempt.id.clone();
        town.clock.advance(HOUR_MS / 2 + 3_000);
        app.close_what_is_over().await.expect("closed");
        assert_eq!(points(&town, &attempt, li).await, Some(0));

        let kept = app.keep_steps(&attempt, li, &[right_step(&desk, 1)]).await;
        assert!(kept.expect("kept").kept.late);
        assert_eq!(points(&town, &attempt, li).await, Some(0));
        let seat = app.monitor(zhou, &round).await.expect("a monitor").rows;
        let li_seat = seat
            .iter()
            .find(|seat| seat.entrant.person_id == li)
            .expect("a seat");
        assert_eq!(
            (li_seat.state(), li_seat.attempts[0].late_steps),
            (SeatState::TimedOut, 1)
        );

        app.accept_late_steps(zhou, &attempt, "会场断网")
            .await
            .expect("accepted");
        let counted = points(&town, &attempt, li).await.expect("graded");
        assert!(counted > 0);
        let record = acts(&town, "accept-late-steps").await;
        assert_eq!(record[0]["before"]["outcome"]["points"], 0);
        assert_eq!(record[0]["steps"][0], desk.last_seq + 1);

        // The window ends, keys are out; what comes now is kept, and cannot be accepted.
        town.clock.advance(HOUR_MS);
        app.close_what_is_over().await.expect("closed");
        town.clock.advance(1_000);
        app.keep_steps(&attempt, li, &[right_step(&desk, 2)])
            .await
            .expect("kept");
        let cheated = app.accept_late_steps(zhou, &attempt, "求情").await;
        assert_eq!(code(cheated), Some(Code::Conflict));
        assert_eq!(points(&town, &attempt, li).await, Some(counted));
    })
    .await;
}

#[tokio::test]
async fn an_attempt_is_reopened_or_void_only_on_record_and_before_keys_are_out() {
    on_both(async |town| {
        let (app, zhou, li) = (&town.app, town.id("周敏"), town.id("李建国"));
        let round = town.open_round(zhou, "桃源村", "村内比").await;
        let desk = app.start_attempt(&round, li).await.expect("a paper");
        let attempt = desk.attempt.id.clone();
        app.hand_in(&attempt, li, None, &[])
            .await
            .expect("handed in");
        assert_eq!(points(&town, &attempt, li).await, Some(0));

        app.reopen_attempt(zhou, &attempt, 600_000, "误触交卷")
            .await
            .expect("open again");
        let desk = app.start_attempt(&round, li).await.expect("the same paper");
        assert_eq!(
            (desk.attempt.id.as_str(), desk.fresh),
            (attempt.as_str(), false)
        );
        let twice = app.reopen_attempt(zhou, &attempt, 600_000, "x").await;
        assert_eq!(code(twice), Some(Code::Conflict));
        app.keep_steps(&attempt, li, &[right_step(&desk, 1)])
            .await
            .expect("kept");
        app.hand_in(&attempt, li, None, &[])
            .await
            .expect("handed in");
        assert!(points(&town, &attempt, li).await > Some(0));
        let record = acts(&town, "reopen-attempt").await;
        assert_eq!(record[0]["before"]["state"], "handed_in");
        assert_eq!(record[0]["before"]["outcome"]["points"], 0);

        app.void_attempt(zhou, &attempt, "替考")
            .await
            .expect("void");
        let view = app
            .attempt_view(&attempt, li)
            .await
            .expect("the own attempt");
        assert_eq!(view.attempt.state, State::Void);
        assert_eq!(
            app.compute_standings(&round)
                .await
                .expect("a board")
                .handed_in,
            0
        );

        town.clock.advance(2 * HOUR_MS);
        app.close_what_is_over().await.expect("closed");
        let after = app.reopen_attempt(zhou, &attempt, 600_000, "求情").await;
        assert_eq!(code(after), Some(Code::Conflict));
    })
    .await;
}

#[tokio::test]
async fn the_monitor_and_its_forms_work_as_pages() {
    let town = Township::sqlite().await;
    let round = town.open_round("test", "桃源村", "村内比").await;
    let session = town.session("何静").await;
    let (li, wang) = (town.id("李建国"), town.id("王秀兰"));
    town.app.start_attempt(&round, li).await.expect("a paper");
    let page = town
        .get(&session, &format!("/rounds/{round}/monitor"))
        .await;
    assert!(
        page.body.contains("data-total=\"sitting\">1</dd>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("data-total=\"not_started\">2</dd>"));
    let leave = format!("/rounds/{round}/entrants/{wang}/leave");
    assert_eq!(town.post(&session, &leave, "reason=").await.status, 409);
    assert_eq!(town.post(&session, &leave, "reason=ill").await.status, 303);
    let extend = format!("/rounds/{round}/entrants/{li}/extend");
    let bad = town.post(&session, &extend, "reason=x&minutes=many").await;
    assert!(bad.status == 409 && bad.body.contains("分钟数要写成整数"));
    let page = town
        .get(&session, &format!("/rounds/{round}/entrants/{wang}"))
        .await;
    assert!(page.body.contains("取消请假"));
    let unknown = town
        .post(
            &session,
            &format!("/rounds/{round}/entrants"),
            "who=x&reason=y",
        )
        .await;
    assert!(unknown.status == 409 && unknown.body.contains("value=\"x\""));
    let board = format!("/rounds/{round}/hold");
    assert_eq!(town.post(&session, &board, "").await.status, 303);
    let page = town
        .get(&session, &format!("/rounds/{round}/monitor"))
        .await;
    assert!(page.body.contains("现场揭晓"));
}
