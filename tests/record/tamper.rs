//! A file of a round that was changed anywhere that matters does not verify.

use proptest::prelude::{Strategy, prop_assert, prop_assume, proptest};
use serde_json::{Value, json};
use yikouqing::{
    app::auditor,
    contest::round::Papers,
    exchange::round_file::{People, RoundFile},
};

use crate::township::Township;

/// Leaves of the file that nothing in it can vouch for: when and with what it was written, what only the clock needed.
const FREE: [&str; 17] = [
    // What is given again is the same whatever version gave it first.
    "/outcome/grading_version",
    // Shows in the board where the attempt counts, and nowhere where it does not.
    "/paused_ms",
    // Sealed to the second.
    "/round/limit_ms",
    "/exported_at",
    "/program",
    "/round/unit",
    "/round/state",
    "/round/closes_at_ms",
    "/extension_ms",
    "/round/paused_total_ms",
    "/seal/proof/closes",
    "/seal/proof/sealed_at",
    "/deadline_at_ms",
    "/elapsed_ms",
    "/unit_id",
    "/state",
    // Counts that draw the same paper all the same.
    "/drawn_with/used",
];

fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                leaves(value, &format!("{path}/{}", key.replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}/{place}"), found);
            }
        }
        Value::Null => {}
        _ => found.push(path.to_owned()),
    }
}

fn tampered(leaf: &Value) -> Value {
    match leaf {
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => json!(whole + 1),
            None => json!(number.as_f64().unwrap_or(0.0) + 0.5),
        },
        Value::String(text) => {
            let last = if text.ends_with('0') { "1" } else { "0" };
            let kept: String = text
                .chars()
                .take(text.chars().count().saturating_sub(1))
                .collect();
            json!(kept + last)
        }
        other => other.clone(),
    }
}

/// Another order than the one that was drawn, whichever that was.
fn backwards(file: &Value) -> Value {
    let order = &file["attempts"][0]["paper"]["questions"][0]["order"];
    order.as_array().unwrap().iter().rev().cloned().collect()
}

fn holds(file: &Value) -> bool {
    let bytes = serde_json::to_vec(file).unwrap();
    RoundFile::read(&bytes).is_ok_and(|file| auditor::verify(&file).holds())
}

#[test]
fn flipping_any_field_that_matters_is_found() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let file = runtime.block_on(async {
        let town = Township::open(&url).await;
        let round = town.contest("笔试", Papers::Each).await;
        town.app
            .export_round("x", &round, People::Named)
            .await
            .unwrap()
    });
    let whole = serde_json::to_value(&file).unwrap();
    assert!(holds(&whole));
    for (path, value) in [
        ("/seal/secret", json!("00".repeat(32))),
        ("/attempts/0/outcome/points", json!(99.5)),
        ("/board/people/村干部组/0/rank", json!(7)),
        ("/board/units/0/rank", json!(7)),
        ("/attempts/0/paper/questions/0/order", backwards(&whole)),
        ("/round/rules/counts", json!("last")),
        ("/round/limit_ms", json!(3_600_000)),
        ("/entrants/0/on_leave", json!(true)),
        ("/attempts/2/state", json!("void")),
        ("/attempts/0/steps", json!([])),
    ] {
        let mut changed = whole.clone();
        *changed
            .pointer_mut(path)
            .unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!holds(&changed), "{path} could be changed");
    }
    let mut fewer = whole.clone();
    fewer["attempts"].as_array_mut().unwrap().pop();
    assert!(!holds(&fewer), "an attempt could be taken out");

    let mut paths = Vec::new();
    leaves(&whole, "", &mut paths);
    paths.retain(|path| {
        let step = path.contains("/steps/") && !path.contains("/answer");
        !step
            && !FREE
                .iter()
                .any(|free| path.ends_with(free) || path.contains(&format!("{free}/")))
            && !path.ends_with("/post")
    });
    // Questions are most of the file; every field of the rest is tried, and some of them.
    let (bank, rest): (Vec<_>, Vec<_>) = paths.into_iter().partition(|p| p.starts_with("/bank/"));
    let changed = |path: &str| {
        let mut changed = whole.clone();
        let leaf = changed.pointer_mut(path).unwrap();
        *leaf = tampered(leaf);
        changed
    };
    for path in rest
        .iter()
        .filter(|path| !path.starts_with("/attempts/") || path.starts_with("/attempts/1/"))
    {
        assert!(!holds(&changed(path)), "{path} could be changed");
    }
    proptest!(|(place in (0..bank.len()).prop_map(|place| place))| {
        let path = &bank[place];
        prop_assume!(!path.ends_with("/place/line") || path.contains("questions"));
        prop_assert!(!holds(&changed(path)), "{} could be changed", path);
    });
}
