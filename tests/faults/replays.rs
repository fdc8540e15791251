//! Phones that say everything twice, out of order, and long after; nonsense clocks included.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    audit::nothing_is_lost,
    ground::Ground,
    phone::{Addresses, Phone},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn said_twice_in_any_order_and_long_after_on_sqlite() {
    said_twice(Ground::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn said_twice_in_any_order_and_long_after_on_postgres() {
    said_twice(Ground::postgres().await).await;
}

async fn said_twice(ground: Ground) {
    let hall = ground.settle(6).await;
    let copy = ground.serve().await;
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let mut phones = Vec::new();
    let mut faults = 0;
    for ticket in &hall.tickets {
        let mut phone = Phone::new(&addresses, ticket, &hall.round);
        phone.sign_in().await;
        phone.start().await;
        phone.sit(20).await;
        let path = format!("/api/v1/attempts/{}/steps", phone.attempt);
        let told: Vec<(i64, (i64, Value))> = phone.acknowledged.clone().into_iter().collect();
        // Backwards, one request each, with a clock of the phone's that jumps about: harmless.
        for (place, (seq, (number, answer))) in told.iter().rev().enumerate() {
            let elapsed = [-1_i64, 0, i64::MAX, 86_400_000 * 400][place % 4];
            let step =
                json!({ "seq": seq, "number": number, "answer": answer, "elapsed_ms": elapsed });
            let (status, body) = phone
                .insist(Method::POST, &path, &json!({ "steps": [step] }))
                .await;
            assert!(matches!(status, 200 | 400 | 422), "{status} {body}");
            faults += 1;
        }
        // The same number for something else is named, and changes nothing.
        let (seq, (number, answer)) = &told[0];
        let other = if answer == "A" { "B" } else { "A" };
        let step = json!({ "seq": seq, "number": number, "answer": other, "elapsed_ms": 1 });
        let (status, body) = phone
            .insist(Method::POST, &path, &json!({ "steps": [step] }))
            .await;
        assert_eq!(
            (status, &body["rejected"][0]["code"]),
            (200, &json!("seq-reused")),
            "{body}"
        );
        phone.hand_in().await;
        // And once more after the end: known steps are nothing new.
        let step = json!({ "seq": seq, "number": number, "answer": answer, "elapsed_ms": 1 });
        let (status, _) = phone
            .insist(Method::POST, &path, &json!({ "steps": [step] }))
            .await;
        assert!(matches!(status, 200 | 409), "{status}");
        faults += 2;
        phones.push(phone);
    }
    nothing_is_lost(
        "replays and reordering",
        faults,
        &ground,
        &hall,
        &mut phones,
    )
    .await;
    drop(copy);
}
