//! Setting a round up: what cannot be held is refused now, never at the bell; what is sealed stays.

use serde_json::Value;
use yikouqing::{
    contest::round::{Release, Rules, State},
    error::Error,
};

use crate::{
    stage::{
        ACTOR, HOUR_MS, Stage,
        bank::{FULL, SMALL},
    },
    stories,
};

stories! {
    a_blueprint_that_cannot_be_filled_is_refused_when_the_round_is_set_up,
    what_was_fillable_as_a_draft_is_tried_again_at_the_seal,
    a_round_is_sealed_once_and_shows_its_proof,
    nonsense_is_refused_in_chinese,
    two_seals_at_once_make_one_secret,
    every_act_is_on_record,
}

async fn a_blueprint_that_cannot_be_filled_is_refused_when_the_round_is_set_up(mut stage: Stage) {
    stage.edit("blueprints/tight.md", "细目表: 满卷", "细目表: 另一卷");
    stage.app.publish(&stage.bank).await.expect("published");
    let missing = stage
        .app
        .create_round(ACTOR, stage.draft(Rules::usual(FULL.into())))
        .await;
    let told = missing.expect_err("unknown").to_string();
    assert!(told.contains(FULL) && told.contains(SMALL), "{told}");
    // Repealed before the round opens: in the bank, but not to be asked that day.
    stage.edit(RELIEF, "来源:", "失效: 2026-03-05\n来源:");
    stage.app.publish(&stage.bank).await.expect("published");
    let mut draft = stage.draft(Rules::usual(SMALL.into()));
    draft.opens_at_ms += 7 * 24 * HOUR_MS;
    draft.closes_at_ms += 7 * 24 * HOUR_MS;
    let told = stage
        .app
        .create_round(ACTOR, draft)
        .await
        .expect_err("unfillable")
        .to_string();
    assert!(
        told.contains("组不成卷") && told.contains("救助政策"),
        "{told}"
    );
    assert_eq!(stage.count("rounds").await, 0);
    stage
        .app
        .create_round(ACTOR, stage.draft(Rules::usual(SMALL.into())))
        .await
        .expect("today it can");
}

const RELIEF: &str = "relief.md";

async fn what_was_fillable_as_a_draft_is_tried_again_at_the_seal(stage: Stage) {
    let mut draft = stage.draft(Rules::usual(SMALL.into()));
    draft.unit = "石桥村".into();
    let round = stage.app.create_round(ACTOR, draft).await.expect("a draft");
    // Behind the program's back, as by a copy of another version.
    stage
        .execute("UPDATE rounds SET rules = REPLACE(rules, '小卷', '没有的卷')")
        .await;
    assert!(stage.app.seal_round(ACTOR, &round.id).await.is_err());
    assert_eq!(stage.text("SELECT state FROM rounds").await, "draft");
    assert_eq!(stage.count("entrants").await, 0);
}

async fn a_round_is_sealed_once_and_shows_its_proof(stage: Stage) {
    let round = stage
        .round(|draft| draft.rules.release = Release::Hand)
        .await;
    assert_eq!(round.state, State::Sealed);
    assert!(matches!(
        stage.app.seal_round(ACTOR, &round.id).await,
        Err(Error::Refused(_))
    ));
    let after = stage.app.round(&round.id).await.expect("the round");
    assert_eq!(
        (after.secret, after.secret_hash.clone()),
        (round.secret.clone(), round.secret_hash)
    );
    let proof: Value =
        serde_json::from_str(after.proof.as_deref().expect("a proof")).expect("JSON");
    assert_eq!(proof["entrants"], 10);
    assert_eq!(proof["rules"]["release"], "hand");
    assert_eq!(proof["secret_hash"], after.secret_hash.as_str());
    let publication = stage
        .text("SELECT value FROM versions WHERE name = 'bank'")
        .await;
    assert_eq!(proof["publication"], publication.as_str());
    assert!(
        !after
            .proof
            .expect("a proof")
            .contains(&round.secret.expect("a secret"))
    );
}

async fn nonsense_is_refused_in_chinese(stage: Stage) {
    let usual = || stage.draft(Rules::usual(SMALL.into()));
    let with = |change: fn(&mut yikouqing::app::organizer::Draft)| {
        let mut draft = usual();
        change(&mut draft);
        draft
    };
    for (draft, word) in [
        (with(|draft| draft.name = "  ".into()), "名称"),
        (with(|draft| draft.name = "长".repeat(61)), "名称"),
        (with(|draft| draft.closes_at_ms = draft.opens_at_ms), "截止"),
        (with(|draft| draft.limit_ms = Some(9_999)), "时长"),
        (with(|draft| draft.rules.attempts = 0), "次数"),
        (with(|draft| draft.rules.attempts_per_day = Some(0)), "次数"),
        (with(|draft| draft.unit = "没有的村".into()), "没有的村"),
    ] {
        let told = stage
            .app
            .create_round(ACTOR, draft)
            .await
            .expect_err("refused")
            .to_string();
        assert!(told.contains(word), "{told}");
    }
    assert_eq!(stage.count("rounds").await, 0);
    let past = with(|draft| {
        draft.opens_at_ms -= 3 * HOUR_MS;
        draft.closes_at_ms -= 3 * HOUR_MS;
    });
    let round = stage.app.create_round(ACTOR, past).await.expect("a draft");
    let told = stage
        .app
        .seal_round(ACTOR, &round.id)
        .await
        .expect_err("over")
        .to_string();
    assert!(told.contains("截止"), "{told}");
    assert!(matches!(
        stage.app.seal_round(ACTOR, "nowhere").await,
        Err(Error::NotFound(_))
    ));
    for state in ["pause", "resume", "announce"] {
        let done = match state {
            "pause" => stage.app.pause_round(ACTOR, &round.id, "").await,
            "resume" => stage.app.resume_round(ACTOR, &round.id).await,
            _ => stage.app.announce_round(ACTOR, &round.id).await,
        };
        assert!(matches!(done, Err(Error::Refused(_))), "{state} of a draft");
    }
}

async fn two_seals_at_once_make_one_secret(stage: Stage) {
    let round = stage
        .app
        .create_round(ACTOR, stage.draft(Rules::usual(SMALL.into())))
        .await
        .expect("a draft");
    let other = stage.another_app().await;
    let (one, two) = tokio::join!(
        stage.app.seal_round(ACTOR, &round.id),
        other.seal_round(ACTOR, &round.id)
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(stage.count("acts WHERE act = 'seal-round'").await, 1);
    assert_eq!(stage.count("entrants").await, 10);
    other.store.close().await;
}

async fn every_act_is_on_record(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let app = &stage.app;
    app.pause_round("甲", &round.id, "停电")
        .await
        .expect("a pause");
    app.resume_round("甲", &round.id).await.expect("it goes on");
    app.extend_round("甲", &round.id, None, HOUR_MS, "补时")
        .await
        .expect("more time");
    app.close_round("甲", &round.id).await.expect("the close");
    app.announce_round("甲", &round.id)
        .await
        .expect("the announcement");
    let acts = stage
        .texts(&format!(
            "SELECT act FROM acts WHERE subject = '{}' ORDER BY at_ms, act",
            round.id
        ))
        .await;
    for act in [
        "create-round",
        "seal-round",
        "pause-round",
        "resume-round",
        "extend-round",
        "end-window",
        "close-round",
        "announce-round",
    ] {
        assert!(
            acts.iter().any(|each| each == act),
            "{act} is not in {acts:?}"
        );
    }
    assert_eq!(stage.count("acts WHERE act = 'import-roster'").await, 1);
    assert_eq!(stage.count("acts WHERE act = 'grant'").await, 2);
    assert_eq!(stage.count("acts WHERE act = 'issue-tickets'").await, 1);
}
