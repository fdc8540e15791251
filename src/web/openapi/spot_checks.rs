//! 抽问 in the OpenAPI document: its doors and what goes through them.

use serde_json::{Value, json};

use crate::web::openapi::{Door, object, reference};

pub(super) fn doors() -> Vec<Door> {
    vec![
        Door {
            method: "get",
            path: "/api/v1/spot-checks",
            summary: "我抽问过的",
            body: None,
            answers: &[("200", "新的在前"), ("403", "not-allowed")],
            gives: json!({ "type": "array", "items": reference("SpotCheck") }),
        },
        Door {
            method: "post",
            path: "/api/v1/spot-checks",
            summary: "选人、抽题、开始；event 写明计入哪一场，没有就是试抽",
            body: Some(start()),
            answers: &[
                ("201", "抽好的题，带要点和答案"),
                ("400", "bad-request"),
                ("403", "not-allowed"),
                ("404", "not-found"),
                (
                    "409",
                    "conflict：题不够、人已经抽过、要回避，或自己有卷子没交",
                ),
            ],
            gives: reference("SpotCheckDesk"),
        },
        Door {
            method: "get",
            path: "/api/v1/spot-checks/{check}",
            summary: "自己的一次抽问：题、要点、已经记下的",
            body: None,
            answers: &[("200", "一次给全"), ("404", "not-found")],
            gives: reference("SpotCheckDesk"),
        },
        Door {
            method: "post",
            path: "/api/v1/spot-checks/{check}/steps",
            summary: "记：答复时已经落盘；同一步重发无妨",
            body: Some(steps()),
            answers: &[
                ("200", "acknowledged 及以前的，除了 rejected，都在盘上"),
                ("404", "not-found"),
                ("409", "attempt-closed：抽问已经结束"),
                ("413", "too-large"),
            ],
            gives: object(&json!({
                "acknowledged": { "type": "integer" }, "highest": { "type": "integer" },
                "rejected": { "type": "array", "items": object(&json!({ "seq": { "type": "integer" }, "code": { "type": "string" } })) },
            })),
        },
        Door {
            method: "post",
            path: "/api/v1/spot-checks/{check}/finish",
            summary: "结束；重复结束无妨",
            body: None,
            answers: &[("200", "情况表的地址"), ("404", "not-found")],
            gives: object(&json!({ "sheet": { "type": "string" } })),
        },
    ]
}

fn start() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let sorts: Vec<&str> = crate::contest::spot_check::Sort::ALL
        .iter()
        .map(|sort| sort.text())
        .collect();
    object(&json!({
        "unit": { "type": "string" }, "event": { "type": ["string", "null"] }, "people": texts, "topics": texts,
        "questions": { "type": "integer", "minimum": 1, "maximum": crate::contest::spot_check::QUESTIONS_MAX },
        "sorts": { "type": "array", "items": { "type": "string", "enum": sorts } },
    }))
}

fn steps() -> Value {
    let step = object(&json!({
        "seq": { "type": "integer" }, "person": { "type": "integer" }, "number": { "type": "integer" }, "mark": mark(),
    }));
    let most = crate::app::examiner::marking::STEPS_MAX;
    object(&json!({ "steps": { "type": "array", "items": step, "maxItems": most } }))
}

fn mark() -> Value {
    let mark = object(&json!({
        "said": { "type": "array", "items": { "type": "integer" } }, "comment": { "type": "string" },
    }));
    json!({ "oneOf": [{ "type": "null" }, mark] })
}

/// Name → schema.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let (text, whole) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let time = json!({ "type": "string", "format": "date-time" });
    let yes = json!({ "type": "boolean" });
    let check = json!({
        "id": text, "event": { "type": ["string", "null"] }, "state": text, "started": time,
        "finished": { "type": ["string", "null"] }, "people": { "type": "array", "items": text },
    });
    let question = object(&json!({
        "number": whole, "word": text, "topic": text, "material_html": { "type": ["string", "null"] },
        "stem_html": text, "rationale_html": text, "source": text, "whole": yes, "ordered": yes,
        "choices": { "type": "array", "items": object(&json!({ "letter": text, "html": text, "key": yes })) },
        "parts": { "type": "array", "items": object(&json!({ "html": text, "others": { "type": "array", "items": text } })) },
    }));
    let person = object(&json!({
        "person": whole, "name": text, "unit": text, "post": text,
        "questions": { "type": "array", "items": question },
    }));
    let set = object(&json!({ "person": whole, "number": whole, "mark": mark() }));
    let desk = json!({
        "check": text, "scored": yes, "finished": yes, "last_seq": whole,
        "people": { "type": "array", "items": person }, "marks": { "type": "array", "items": set },
    });
    vec![
        ("SpotCheck", object(&check)),
        ("SpotCheckDesk", object(&desk)),
    ]
}
