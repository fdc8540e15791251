//! What is true afterwards: compares what phones were told with what is on disk, and lets `verify` grade and rank again.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use crate::{
    ground::{Ground, Hall, run},
    phone::Phone,
};

/// Closes the round, exports it, has the export verified, and looks for every step that a phone was told is saved.
/// Prints the figures.
pub(crate) async fn nothing_is_lost(
    what: &str,
    faults: usize,
    ground: &Ground,
    hall: &Hall,
    phones: &mut [Phone],
) {
    ground.run(&["round", "close", &hall.round]).await;
    let file = ground.path("场次.json");
    let file = file.to_str().expect("a path");
    ground
        .run(&["round", "export", &hall.round, "--out", file])
        .await;
    // Draws the papers, grades the answers and ranks everybody again; fails where the file says otherwise.
    run(&["verify", file]).await;
    let export: Value =
        serde_json::from_slice(&std::fs::read(file).expect("an export")).expect("JSON");
    let attempts: BTreeMap<&str, &Value> = export["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| (attempt["id"].as_str().expect("an id"), attempt))
        .collect();
    assert_eq!(attempts.len(), phones.len(), "one attempt for everybody");
    let (mut acknowledged, mut refused) = (0, 0);
    for phone in phones.iter() {
        let attempt = attempts[phone.attempt.as_str()];
        let kept = steps_of(attempt);
        for (seq, said) in &phone.acknowledged {
            let found = kept
                .get(seq)
                .unwrap_or_else(|| panic!("step {seq} was acknowledged and is gone"));
            assert_eq!((found.0, letters(attempt, found)), *said, "step {seq}");
        }
        let state = if phone.receipt.is_some() {
            "handed_in"
        } else {
            "timed_out"
        };
        assert_eq!(attempt["state"], state);
        assert!(attempt["outcome"]["points"].is_number(), "graded");
        if let Some(receipt) = &phone.receipt {
            assert_eq!(
                attempt["receipt"],
                receipt.as_str(),
                "the receipt of the one hand-in"
            );
        }
        acknowledged += phone.acknowledged.len();
        refused += phone.refused;
    }
    board_is_the_exports(&export, &mut phones[0]).await;
    println!(
        "{what}: {faults} faults injected, {acknowledged} steps acknowledged, 0 lost ({refused} requests were sent again)"
    );
}

/// By sequence number: the question and the answer as it was stored.
fn steps_of(attempt: &Value) -> BTreeMap<i64, (i64, Value)> {
    let steps = attempt["steps"].as_array().expect("steps");
    let step = |step: &Value| {
        let number = step["number"].as_i64().expect("a number");
        (
            step["seq"].as_i64().expect("a number"),
            (number, step["answer"].clone()),
        )
    };
    steps.iter().map(step).collect()
}

/// Choices are stored as indexes in the source's order; the phone said a letter of its own paper's order.
fn letters(attempt: &Value, (number, answer): &(i64, Value)) -> Value {
    let asked = attempt["paper"]["questions"]
        .as_array()
        .expect("a paper")
        .iter()
        .find(|asked| asked["number"] == *number)
        .expect("the question");
    let order: Vec<i64> = asked["order"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    match answer["chosen"].as_array().map(Vec::as_slice) {
        Some([one]) => {
            let index = one.as_i64().expect("an index");
            let place = order
                .iter()
                .position(|each| *each == index)
                .map_or(index, |place| place as i64);
            Value::from(["A", "B", "C", "D", "E", "F"][place as usize])
        }
        _ if answer["filled"].is_array() => answer["filled"][0].clone(),
        _ => answer["said"].clone(),
    }
}

/// The board that the program shows is the one that the export was verified with.
async fn board_is_the_exports(export: &Value, phone: &mut Phone) {
    let mut wanted: Vec<(String, Value, f64)> = export["board"]["people"]
        .as_object()
        .expect("divisions")
        .values()
        .flat_map(|rows| rows.as_array().expect("rows"))
        .map(|standing| {
            let points = standing["row"]["points"].as_f64().expect("everybody sat");
            (
                standing["row"]["name"].as_str().expect("a name").to_owned(),
                standing["rank"].clone(),
                points,
            )
        })
        .collect();
    wanted.sort_by(|one, other| one.0.cmp(&other.0));
    // The round was closed by another process: the copy that serves hears of it within a poll.
    let shown = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let board = phone.board().await;
            let mut shown: Vec<(String, Value, f64)> = board["standings"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|row| {
                    (
                        row["name"].as_str().unwrap_or_default().to_owned(),
                        row["rank"].clone(),
                        row["points"].as_f64().unwrap_or(-1.0),
                    )
                })
                .collect();
            shown.sort_by(|one, other| one.0.cmp(&other.0));
            if shown == wanted {
                return;
            }
        }
    });
    if shown.await.is_err() {
        let board = phone.board().await;
        panic!("the board does not show what was graded: {board} instead of {wanted:?}");
    }
}
