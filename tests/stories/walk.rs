//! The thin walk: a roster file, a ticket, a start, answers, the hand-in, the result, the board.

use serde_json::{Value, json};

use crate::{
    stage::{Stage, cadre::Cadre, reply::assert_no_keys},
    stories,
};

stories! {
    from_the_roster_to_the_board,
    the_walk_works_without_scripts,
}

async fn from_the_roster_to_the_board(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let phone = Cadre::nobody(&stage.door);
    let ticket = format!("/t/{}", stage.ticket("李建国"));

    let page = phone.get(&ticket).await.expect(200);
    assert_eq!(page.header("set-cookie"), "", "looking signs nobody in");
    assert!(page.text.contains("李**") && !page.text.contains("李建国"));
    let li = stage.cadre("李建国").await;

    let rounds = li.get("/api/v1/rounds").await.expect(200).json();
    assert_eq!(rounds[0]["id"], round.id.as_str());
    assert_eq!(rounds[0]["state"], "open");
    assert_eq!(rounds[0]["limit_seconds"], 2400);
    assert_eq!(rounds[0]["attempts_left"], 1);
    assert_eq!(rounds[0]["attempt"], Value::Null);

    let sitting = li.start(&round).await;
    assert!(sitting.fresh);
    assert_eq!(
        sitting.reply["server_time"],
        "2026-03-02T10:00:00.000+08:00"
    );
    assert_eq!(sitting.reply["deadline"], "2026-03-02T10:40:00.000+08:00");
    assert_eq!(sitting.reply["paper"]["points"], json!(18));
    assert_eq!(sitting.questions().len(), 8);
    let answers = stage.right_answers(&sitting).await;
    for (number, answer) in (1..).zip(&answers) {
        let step = sitting.step(number, number, answer);
        let body = li.send_steps(&sitting, &[step]).await.expect(200).json();
        assert_eq!(body["acknowledged"], sitting.last_seq + number);
        assert_eq!(body["rejected"], json!([]));
        assert_eq!(body["taken_over"], false);
    }
    // The right answers come back to whoever gave them; nothing else of the key may.
    let handed_in = li
        .submit(&sitting, &json!({ "last_seq": sitting.last_seq + 8 }))
        .await
        .expect(200)
        .json();
    assert_eq!(handed_in["outcome"], Value::Null);
    assert_eq!(handed_in["receipt"].as_str().map(str::len), Some(14));
    assert_no_keys(&stage.door.replies());

    stage
        .app
        .close_round("story", &round.id)
        .await
        .expect("the close");
    let outcome = li.outcome(&sitting).await;
    assert_eq!(outcome["points"], json!(18));
    assert_eq!(outcome["total"], json!(18));
    let board = li.board(&round, "division=村党组织书记组").await;
    assert_eq!(board["standings"][0]["name"], "李建国");
    assert_eq!(board["standings"][0]["rank"], 1);
    assert_eq!(board["standings"][0]["points"], json!(18));
    assert_eq!(board["handed_in"], 1);
    assert_eq!(board["entrants"], 10);
}

async fn the_walk_works_without_scripts(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let phone = Cadre::nobody(&stage.door);
    let ticket = format!("/t/{}", stage.ticket("李建国"));
    let signed_in = phone.form(&ticket, "").await.expect(303);
    let start = format!("/rounds/{}/start", round.id);
    assert_eq!(
        signed_in.header("location"),
        start,
        "one round is open: straight to it"
    );
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));

    let li = stage.cadre("李建国").await;
    let home = li.get("/").await.expect(200);
    assert!(home.text.contains("镇内赛·笔试"));
    assert!(li.get(&start).await.expect(200).text.contains("开始"));
    let started = li.form(&start, "").await;
    let exam = started.expect(303).header("location").to_owned();
    let attempt = exam.trim_start_matches("/attempts/").to_owned();
    assert!(
        li.get(&exam)
            .await
            .expect(200)
            .text
            .contains("第 1 题，共 8 题")
    );

    // A resume, for the letters of this paper only.
    let sitting = li.start(&round).await;
    assert_eq!(sitting.attempt, attempt);
    for (number, answer) in (1..).zip(stage.right_answers(&sitting).await) {
        let texts: Vec<String> = match answer {
            Value::Array(all) => all.iter().map(text).collect(),
            one => vec![text(&one)],
        };
        let fields = texts
            .iter()
            .fold(String::new(), |fields, text| fields + "&answer=" + text);
        let saved = li
            .form(
                &format!("{exam}/answer"),
                &format!("number={number}&go=next{fields}"),
            )
            .await
            .expect(303);
        let next = if number == 8 {
            format!("{exam}/card?q=8")
        } else {
            format!("{exam}?q={}", number + 1)
        };
        assert_eq!(saved.header("location"), next);
    }
    assert!(
        li.get(&format!("{exam}/card"))
            .await
            .expect(200)
            .text
            .contains('8')
    );
    li.get(&format!("{exam}/submit")).await.expect(200);
    li.form(&format!("{exam}/submit"), "").await.expect(303);
    let result = li.get(&exam).await.expect(200);
    assert!(result.text.contains("已交卷") && result.text.contains("交卷凭证"));
    assert!(
        !result.text.contains("18 分</span>"),
        "points wait for the close"
    );

    stage
        .app
        .close_round("story", &round.id)
        .await
        .expect("the close");
    let result = li.get(&exam).await.expect(200).text;
    for said in ["18 分", "暗记", "✓ 你选对"] {
        assert!(result.contains(said), "{said}: {result}");
    }
    let board = li
        .get(&format!("/rounds/{}/board", round.id))
        .await
        .expect(200);
    assert!(board.text.contains("李建国"));
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
