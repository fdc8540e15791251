//! Stories of signing in: codes, passwords, tickets taken back, the first organizer. Each on SQLite and on PostgreSQL.

mod support;

use support::{
    postgres,
    township::{Township, code, encoded, on_both},
};
use yikouqing::{
    app::set_up::FirstOrganizer,
    error::{Code, Error},
    people::Role,
};

const PHONE: &str = "13900000001";

#[tokio::test]
async fn a_shown_code_signs_in_once_within_ten_minutes_and_five_tries() {
    on_both(async |town| {
        let (app, he, li) = (&town.app, town.id("何静"), town.id("李建国"));
        let shown = app.show_code(he, li).await.expect("a code");
        let session = app.sign_in_by_phone("139 0000 0001", &shown.code).await;
        let who = app
            .session(&session.expect("a session"))
            .await
            .expect("a reader");
        assert_eq!(who.expect("signed in").person.name, "李建国");
        let again = app.sign_in_by_phone(PHONE, &shown.code).await;
        assert_eq!(code(again), Some(Code::NotSignedIn));

        let shown = app.show_code(he, li).await.expect("a code");
        let wrong = if shown.code == "00000000" {
            "00000001"
        } else {
            "00000000"
        };
        for _ in 0..5 {
            assert!(app.sign_in_by_phone(PHONE, wrong).await.is_err());
        }
        let used_up = app.sign_in_by_phone(PHONE, &shown.code).await;
        assert_eq!(code(used_up), Some(Code::NotSignedIn));

        let old = app.show_code(he, li).await.expect("a code");
        town.clock.advance(10 * 60_000);
        let too_late = app.sign_in_by_phone(PHONE, &old.code).await;
        assert_eq!(code(too_late), Some(Code::NotSignedIn));
        let other_phone = app.show_code(he, li).await.expect("a code");
        assert!(
            app.sign_in_by_phone("13900000002", &other_phone.code)
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_gives_a_sign_in_to_somebody_beyond_their_reach() {
    on_both(async |town| {
        let (app, he, zhou) = (&town.app, town.id("何静"), town.id("周敏"));
        let outside = app.show_code(he, town.id("孙玉珍")).await;
        assert!(matches!(outside, Err(Error::NotFound(_))));
        // 李建国 lives in 何静's village, and is made an organizer of the whole township.
        app.grant("test", "李建国", Role::Organizer, "")
            .await
            .expect("a grant");
        let li = town.id("李建国");
        assert_eq!(code(app.show_code(he, li).await), Some(Code::NotAllowed));
        assert_eq!(code(app.issue_ticket(he, li).await), Some(Code::NotAllowed));
        assert_eq!(
            code(app.revoke_sign_ins(he, li).await),
            Some(Code::NotAllowed)
        );
        let tickets = app.issue_tickets(he, "").await.expect("tickets");
        assert!(tickets.iter().all(|ticket| ticket.person != "李建国"));
        app.show_code(zhou, li)
            .await
            .expect("the township's organizer may");
    })
    .await;
}

#[tokio::test]
async fn taking_sign_ins_back_ends_tickets_and_sessions() {
    on_both(async |town| {
        let (app, he, li) = (&town.app, town.id("何静"), town.id("李建国"));
        let ticket = app.issue_ticket(he, li).await.expect("a ticket");
        let token = ticket.link.rsplit('/').next().expect("a token").to_owned();
        let session = app.sign_in(&token).await.expect("a session");
        let here = app.sign_in(&token).await.expect("a session");
        assert_eq!(
            app.own_sessions(li, &here).await.expect("sessions").len(),
            2
        );
        assert_eq!(app.end_other_sessions(li, &here).await.expect("ended"), 1);
        assert!(app.session(&session).await.expect("a reader").is_none());
        app.revoke_sign_ins(he, li).await.expect("taken back");
        assert!(app.session(&here).await.expect("a reader").is_none());
        assert_eq!(code(app.sign_in(&token).await), Some(Code::NotSignedIn));
        app.issue_ticket(he, li)
            .await
            .expect("a new one is possible");
    })
    .await;
}

#[tokio::test]
async fn organizers_may_have_a_password_and_guessing_locks_it_for_a_while() {
    on_both(async |town| {
        let app = &town.app;
        let session = town.session("周敏").await;
        let zhou = app
            .session(&session)
            .await
            .expect("a reader")
            .expect("signed in");
        let short = app.set_password(&zhou, &session, "qingxi").await;
        assert_eq!(code(short), Some(Code::BadRequest));
        app.set_password(&zhou, &session, "青溪镇政策一口清2026")
            .await
            .expect("set");
        let cadre = town.session("李建国").await;
        let li = app
            .session(&cadre)
            .await
            .expect("a reader")
            .expect("signed in");
        let refused = app.set_password(&li, &cadre, "青溪镇政策一口清2026").await;
        assert_eq!(code(refused), Some(Code::NotAllowed));

        let phone = "13900000006";
        app.sign_in_by_phone(phone, "青溪镇政策一口清2026")
            .await
            .expect("in");
        for _ in 0..5 {
            assert!(app.sign_in_by_phone(phone, "guess-guess").await.is_err());
        }
        let locked = app.sign_in_by_phone(phone, "青溪镇政策一口清2026").await;
        assert_eq!(code(locked), Some(Code::NotSignedIn));
        town.clock.advance(10 * 60_000);
        app.sign_in_by_phone(phone, "青溪镇政策一口清2026")
            .await
            .expect("in again");
    })
    .await;
}

async fn first_start(town: Township) {
    let app = &town.app;
    assert!(app.rounds_run_by("x").await.expect("none").is_empty());
    let old = app
        .first_organizer_link()
        .await
        .expect("a link")
        .expect("no organizer yet");
    let link = app
        .first_organizer_link()
        .await
        .expect("a link")
        .expect("no organizer yet");
    let path = |link: &str| link.replace("http://kq.test", "");
    assert_eq!(town.get("", &path(&old)).await.status, 401);
    assert_eq!(town.get("", &path(&link)).await.status, 200);
    let missing = town.post("", &path(&link), "unit=&name=").await;
    assert_eq!(missing.status, 400);
    let form = format!("unit={}&name={}&phone=", encoded("青溪镇"), encoded("周敏"));
    let made = town.post("", &path(&link), &form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let session = made
        .cookie
        .split(['=', ';'])
        .nth(1)
        .expect("a session")
        .to_owned();
    assert_eq!(town.get(&session, "/rounds").await.status, 200);
    assert_eq!(town.post("", &path(&link), &form).await.status, 401);
    assert!(app.first_organizer_link().await.expect("asked").is_none());
    let second = FirstOrganizer {
        unit: "青溪镇".into(),
        name: "别人".into(),
        phone: String::new(),
    };
    assert_eq!(
        code(app.set_up("guess", &second).await),
        Some(Code::NotSignedIn)
    );
}

#[tokio::test]
async fn the_first_organizer_comes_through_a_link_that_works_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    first_start(Township::empty(&url).await).await;
    let schema = postgres::schema().await;
    let town = Township::empty(&schema).await;
    let store = town.app.store.clone();
    first_start(town).await;
    store.close().await;
}

#[tokio::test]
async fn the_pages_of_signing_in_work_as_plain_forms() {
    let town = Township::sqlite().await;
    let he = town.session("何静").await;
    let li = town.id("李建国");
    let page = town
        .post(&he, &format!("/roster/people/{li}/code"), "")
        .await;
    let digits = page
        .body
        .split("big num\">")
        .nth(1)
        .expect("a code")
        .chars();
    let code: String = digits.take_while(|c| *c != '<').collect();
    let form = format!("phone={PHONE}&secret={}", encoded(&code));
    let entered = town.post(&he, "/sign-in", &form).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    // 换人: who was signed in on this phone before is not any more.
    assert_eq!(town.get(&he, "/rounds").await.status, 401);
    let session = entered
        .cookie
        .split(['=', ';'])
        .nth(1)
        .expect("a session")
        .to_owned();
    let me = town.get(&session, "/me").await;
    assert!(me.body.contains("这部手机") && !me.body.contains("设密码"));
}

#[tokio::test]
async fn the_own_page_tells_of_the_password_and_ends_what_is_signed_in_elsewhere() {
    on_both(async |town| {
        let (here, there) = (town.session("周敏").await, town.session("周敏").await);
        let me = town.get(&here, "/me").await.body;
        assert!(me.contains("还没设密码") && me.contains("其他手机上都退出"));
        assert!(me.contains("action=\"/sign-out\" data-sign-out"));
        let ended = town.post(&here, "/me/sessions/end", "").await;
        assert_eq!(ended.status, 303);
        assert_eq!(town.get(&there, "/me").await.status, 401);
        let password = format!("password={}", encoded("青溪镇政策一口清2026"));
        let set = town.post(&here, "/me/password", &password).await;
        assert_eq!(set.status, 200);
        assert!(set.body.contains("设过密码") && !set.body.contains("还没设密码"));
        // On a phone that somebody holds, signing in by number says who, masked, and lets them leave first.
        let form = town.get(&here, "/sign-in").await.body;
        assert!(form.contains("周*") && !form.contains("周敏"));
        assert!(
            !town
                .get("", "/sign-in")
                .await
                .body
                .contains("data-sign-out")
        );
    })
    .await;
}
