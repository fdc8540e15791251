//! The step queue under a crowd: everything lands once, and what fails fails alone.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yikouqing::{
    attempt::{answer::Answer, steps::Step},
    clock::fresh_id,
    error::Code,
    store::queue::{HandIn, NewAttempt, Steps},
};

use crate::{
    stage::{LIMIT_MS, Stage, cadre::Sitting},
    stories,
};

stories! {
    two_hundred_requests_at_once_land_once_each,
    in_a_batch_a_job_that_fails_fails_alone,
    a_close_and_the_last_steps_at_once_lose_nothing,
    two_copies_that_grade_at_once_grade_once,
}

const NAMES: [&str; 10] = [
    "赵镇长",
    "周敏",
    "何静",
    "李建国",
    "王秀兰",
    "张国庆",
    "刘桂香",
    "陈永福",
    "孙德明",
    "吴玉珍",
];

async fn two_hundred_requests_at_once_land_once_each(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let mut desks = Vec::new();
    for name in NAMES {
        let cadre = stage.cadre(name).await;
        let sitting = cadre.start(&round).await;
        desks.push((cadre, sitting));
    }
    // Twenty requests a person, each sent twice, every other one with a step that another request has as well.
    let requests = (0..20).flat_map(|place| {
        desks.iter().flat_map(move |(cadre, sitting)| {
            let steps = vec![
                sitting.step(place * 2 + 1, place % 8 + 1, &Value::Null),
                sitting.step(place * 2 + 2, place % 8 + 1, &Value::Null),
                sitting.step(1, 1, &Value::Null),
            ];
            [
                (cadre.clone(), sitting.clone(), steps.clone()),
                (cadre.clone(), sitting.clone(), steps),
            ]
        })
    });
    let sent = requests.map(|(cadre, sitting, steps)| {
        tokio::spawn(async move {
            let body = cadre.send_steps(&sitting, &steps).await.expect(200).json();
            assert_eq!(body["rejected"], json!([]));
        })
    });
    let sent: Vec<_> = sent.collect();
    assert_eq!(sent.len(), 400);
    for one in sent {
        one.await.expect("answered");
    }
    for (_, sitting) in &desks {
        let on_disk = stage.steps_on_disk(&sitting.attempt).await;
        let seqs: Vec<i64> = on_disk
            .iter()
            .map(|step| step.seq - sitting.last_seq)
            .collect();
        assert_eq!(seqs, (1..=40).collect::<Vec<_>>());
    }
    assert_eq!(stage.count("steps").await, 400);
}

fn step(sitting: &Sitting, place: i64, answer: Option<Answer>, at_ms: i64) -> Step {
    Step {
        seq: sitting.last_seq + place,
        number: 1,
        answer,
        elapsed_ms: None,
        at_ms,
        late: false,
    }
}

async fn in_a_batch_a_job_that_fails_fails_alone(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let mut sittings = Vec::new();
    for name in NAMES {
        sittings.push(stage.cadre(name).await.start(&round).await);
    }
    let damaged = sittings[4].attempt.clone();
    stage
        .execute(&format!(
            "UPDATE attempts SET paper = '{{' WHERE id = '{damaged}'"
        ))
        .await;
    let (queue, at_ms) = (&stage.app.queue, stage.clock.now_ms());
    let steps = |sitting: &Sitting| Steps {
        attempt_id: sitting.attempt.clone(),
        steps: vec![step(sitting, 1, Some(Answer::Chosen(vec![0])), at_ms)],
        at_ms,
    };
    let stray = NewAttempt {
        id: fresh_id(at_ms),
        round_id: "nowhere".into(),
        person_id: "nobody".into(),
        number: 1,
        seed: String::new(),
        drawn_with: "{}".into(),
        paper: "{}".into(),
        started_at_ms: at_ms,
        deadline_at_ms: at_ms,
    };
    let nowhere = Steps {
        attempt_id: "nowhere".into(),
        steps: vec![],
        at_ms,
    };
    let (started, unknown, handed_in) = tokio::join!(
        queue.start(stray),
        queue.keep(nowhere),
        futures::future::join_all(sittings.iter().map(|sitting| {
            queue.hand_in(HandIn {
                steps: steps(sitting),
                last_seq: Some(sitting.last_seq + 1),
            })
        })),
    );
    assert!(started.is_err(), "no such round");
    assert!(unknown.is_err(), "no such attempt");
    for (sitting, answer) in sittings.iter().zip(handed_in) {
        let on_disk = stage.steps_on_disk(&sitting.attempt).await.len();
        let state = stage
            .text(&format!(
                "SELECT state FROM attempts WHERE id = '{}'",
                sitting.attempt
            ))
            .await;
        if sitting.attempt == damaged {
            assert!(answer.is_err());
            assert_eq!((on_disk, state.as_str()), (0, "open"), "nothing half-done");
        } else {
            assert!(answer.expect("an answer").is_ok());
            assert_eq!((on_disk, state.as_str()), (1, "handed_in"));
        }
    }
    let refused = queue
        .keep(steps(&sittings[4]))
        .await
        .map(|kept| kept.acknowledged);
    assert_eq!(
        refused.expect("steps need no paper"),
        sittings[4].last_seq + 1
    );
    assert_eq!(Code::Busy.text(), "busy");
}

async fn a_close_and_the_last_steps_at_once_lose_nothing(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let cadre = stage.cadre("李建国").await;
    let sitting = cadre.start(&round).await;
    let answers = stage.right_answers(&sitting).await;
    stage.clock.advance(LIMIT_MS);
    let (at_ms, other) = (stage.clock.now_ms(), stage.another_app().await);
    // Read whole at the deadline, written while two copies close.
    let last: Vec<Value> = (1..=8)
        .map(|place| sitting.step(place, place, &answers[place as usize - 1]))
        .collect();
    let kept = cadre.send_steps(&sitting, &last);
    let (kept, one, two) = tokio::join!(
        kept,
        stage
            .app
            .queue
            .close(sitting.attempt.clone(), at_ms + 1_000),
        other.queue.close(sitting.attempt.clone(), at_ms + 1_000),
    );
    assert!(
        one.expect("closed") != two.expect("closed"),
        "one of them did"
    );
    stage.tick().await;
    let counted = stage
        .steps_on_disk(&sitting.attempt)
        .await
        .iter()
        .filter(|step| !step.late)
        .count() as i64;
    stage.app.grade(&sitting.attempt).await.expect("grading");
    let points = stage.points(&sitting.attempt).await;
    if kept.status == 200 {
        assert_eq!((counted, points), (8, 1800), "acknowledged is graded");
    } else {
        kept.problem(409, "attempt-closed");
        assert_eq!((counted, points), (0, 0), "refused is not");
    }
    other.store.close().await;
}

async fn two_copies_that_grade_at_once_grade_once(stage: Stage) {
    let round = stage.round(|_| {}).await;
    let mut attempts = BTreeSet::new();
    for name in NAMES {
        attempts.insert(stage.cadre(name).await.sit(&stage, &round, 4).await.attempt);
    }
    stage
        .execute("UPDATE attempts SET outcome = NULL, points = NULL")
        .await;
    let other = stage.another_app().await;
    stage
        .execute("UPDATE attempts SET outcome = NULL, points = NULL")
        .await;
    let (one, two) = tokio::join!(stage.app.grade_leftovers(), other.grade_leftovers());
    one.expect("grading");
    two.expect("grading");
    assert_eq!(stage.count("attempts WHERE points > 0").await, 10);
    other.store.close().await;
}
