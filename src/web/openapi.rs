//! `/api/openapi.json`: what the JSON doors take and give, for programs. A test holds it against the router.

mod boards;
mod spot_checks;

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};

use crate::{error::Code, web::state::Web};

pub fn routes() -> Router<Web> {
    Router::new().route("/api/openapi.json", get(async || Json(document())))
}

/// One door: method, path, what it does, what it takes, what it gives.
struct Door {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    body: Option<Value>,
    answers: &'static [(&'static str, &'static str)],
    gives: Value,
}

/// The whole document, OpenAPI 3.1.
pub fn document() -> Value {
    let mut paths = serde_json::Map::new();
    for door in doors() {
        let place = paths.entry(door.path).or_insert_with(|| json!({}));
        place[door.method] = operation(&door);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "政策一口清", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": {
            "schemas": all_schemas(),
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::web::state::COOKIE },
            },
        },
        "security": [{ "session": [] }],
    })
}

fn operation(door: &Door) -> Value {
    let mut responses = serde_json::Map::new();
    for (status, description) in door.answers {
        let content = match status.as_bytes()[0] {
            b'3' => json!({}),
            b'2' if door.gives.is_null() => json!({}),
            b'2' => json!({ "application/json": { "schema": door.gives } }),
            _ => json!({ "application/problem+json": { "schema": reference("Problem") } }),
        };
        responses.insert(
            (*status).to_owned(),
            json!({ "description": description, "content": content }),
        );
    }
    let names = door
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    let mut parameters: Vec<Value> = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if door.path.contains("/board") {
        let of = json!({ "type": "string", "enum": ["people", "units"] });
        parameters
            .push(json!({ "name": "division", "in": "query", "schema": { "type": "string" } }));
        parameters.push(json!({ "name": "of", "in": "query", "schema": of }));
    }
    if door.path.ends_with("/lookup") {
        parameters.push(json!({ "name": "q", "in": "query", "schema": { "type": "string" } }));
    }
    let mut operation =
        json!({ "summary": door.summary, "parameters": parameters, "responses": responses });
    if let Some(body) = &door.body {
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": body } } });
    }
    operation
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(properties: &Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

fn doors() -> Vec<Door> {
    let mut doors = session_doors();
    doors.extend(attempt_doors());
    doors.extend(boards::doors());
    doors.extend(spot_checks::doors());
    doors.push(lookup_door());
    doors.push(practice_door());
    doors.push(pack_door());
    doors
}

fn pack_door() -> Door {
    Door {
        method: "post",
        path: "/api/v1/practice/packs",
        summary: "练习包：带答案的题，没有网络时用；不写 topics 就按本人岗位选。作答以后传到 /api/v1/practice/{id}/steps",
        body: Some(object(
            &json!({ "topics": { "type": "array", "items": { "type": "string" } } }),
        )),
        answers: &[
            ("200", "练习包；keep 是要一起存下的地址"),
            ("400", "bad-request"),
            ("401", "没有登录"),
            ("409", "正在作答，或者没有能练的题"),
        ],
        gives: object(&json!({
            "id": { "type": "string" },
            "at": { "type": "string", "format": "date-time" },
            "topics": { "type": "array", "items": { "type": "string" } },
            "keep": { "type": "array", "items": { "type": "string" } },
            "questions": { "type": "array", "items": { "type": "object" } },
        })),
    }
}

fn lookup_door() -> Door {
    Door {
        method: "get",
        path: "/api/v1/lookup",
        summary: "查政策：题库里对得上的答案，最合适的在前；不带 q 时只说离线包在哪里",
        body: None,
        answers: &[
            ("200", "查到的"),
            ("401", "没有登录"),
            ("409", "正在作答，不能查"),
        ],
        gives: object(&json!({
            "pack": { "type": "string" },
            "fit": { "type": "boolean" },
            "results": { "type": "array", "items": { "type": "object" } },
        })),
    }
}

fn practice_door() -> Door {
    let step = object(&json!({
        "seq": { "type": "integer", "minimum": 1 },
        "number": { "type": "integer" },
        "answer": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }, { "type": "null" }] },
        "at": { "type": "string", "format": "date-time" },
    }));
    Door {
        method: "post",
        path: "/api/v1/practice/{go}/steps",
        summary: "练习的作答，没有网络时答的可以以后再传：按 seq 的先后，同一个 seq 只算一次，at 是手机上答的时间",
        body: Some(object(
            &json!({ "steps": { "type": "array", "items": step, "maxItems": crate::app::coach::ANSWERS_MAX } }),
        )),
        answers: &[
            ("200", "acknowledged 及以前的，除了 rejected，都在盘上"),
            ("400", "bad-request"),
            ("401", "没有登录"),
            ("404", "not-found"),
            ("409", "attempt-closed：模拟卷已经结束"),
            ("413", "too-large"),
        ],
        gives: object(&json!({
            "acknowledged": { "type": "integer" },
            "rejected": { "type": "array", "items": { "type": "object" } },
            "server_time": { "type": "string", "format": "date-time" },
        })),
    }
}

fn session_doors() -> Vec<Door> {
    vec![
        Door {
            method: "post",
            path: "/api/v1/session",
            summary: "凭参赛证登录",
            body: Some(object(&json!({ "ticket": { "type": "string" } }))),
            answers: &[("204", "已登录，带回 Cookie"), ("401", "参赛证不能用了")],
            gives: Value::Null,
        },
        Door {
            method: "delete",
            path: "/api/v1/session",
            summary: "退出",
            body: None,
            answers: &[("204", "已退出")],
            gives: Value::Null,
        },
        Door {
            method: "get",
            path: "/api/v1/rounds",
            summary: "我的场次",
            body: None,
            answers: &[("200", "能做的排在前面"), ("401", "没有登录")],
            gives: json!({ "type": "array", "items": reference("Round") }),
        },
    ]
}

fn attempt_doors() -> Vec<Door> {
    let mut doors = step_doors();
    doors.push(Door {
        method: "get",
        path: "/api/v1/attempts/{attempt}",
        summary: "成绩；公布以后有答案和解析",
        body: None,
        answers: &[("200", "公布规则允许看的部分"), ("404", "not-found")],
        gives: object(&json!({
            "attempt": { "type": "string" }, "round": { "type": "string" }, "state": { "type": "string" },
            "receipt": { "type": ["string", "null"] }, "started": { "type": "string", "format": "date-time" },
            "finished": { "type": ["string", "null"], "format": "date-time" }, "outcome": reference("Outcome"),
        })),
    });
    doors
}

fn step_doors() -> Vec<Door> {
    let steps = json!({ "type": "array", "items": reference("Step"), "maxItems": crate::app::proctor::STEPS_MAX });
    vec![
        Door {
            method: "post",
            path: "/api/v1/rounds/{round}/attempts",
            summary: "开始作答，或接着答没有交的那一份",
            body: None,
            answers: &[
                ("201", "新的一份"),
                ("200", "还没有交的那一份，新的一段编号"),
                ("403", "not-entitled"),
                ("404", "not-found"),
                ("409", "round-not-open、round-paused、attempts-used-up"),
                ("503", "busy"),
            ],
            gives: reference("Sitting"),
        },
        Door {
            method: "post",
            path: "/api/v1/attempts/{attempt}/steps",
            summary: "保存：答复时已经落盘",
            body: Some(object(&json!({ "steps": steps }))),
            answers: &[
                ("200", "acknowledged 及以前的，除了 rejected，都在盘上"),
                ("400", "bad-request"),
                ("404", "not-found"),
                ("409", "attempt-closed：留存并注明迟到"),
                ("413", "too-large；迟到的步骤超过留存的上限也是"),
                ("503", "busy"),
            ],
            gives: reference("Kept"),
        },
        Door {
            method: "post",
            path: "/api/v1/attempts/{attempt}/submit",
            summary: "交卷；重复交得到同样的凭证",
            body: Some(object(
                &json!({ "last_seq": { "type": "integer" }, "steps": steps }),
            )),
            answers: &[
                ("200", "交卷凭证"),
                ("404", "not-found"),
                ("409", "steps-missing"),
                ("503", "busy"),
            ],
            gives: object(
                &json!({ "receipt": { "type": "string" }, "outcome": reference("Outcome") }),
            ),
        },
    ]
}

fn all_schemas() -> Value {
    let mut all = schemas();
    for (name, schema) in spot_checks::schemas() {
        all[name] = schema;
    }
    all
}

fn schemas() -> Value {
    let (text, whole, points) = (
        json!({ "type": "string" }),
        json!({ "type": "integer" }),
        json!({ "type": "number", "multipleOf": 0.01 }),
    );
    let time = json!({ "type": "string", "format": "date-time" });
    let answer = json!({ "oneOf": [text, { "type": "array", "items": text }, { "type": "null" }] });
    let codes: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.text())
        .chain(["not-found", "internal"])
        .collect();
    json!({
        "Problem": object(&json!({
            "type": text, "title": text, "status": whole, "detail": text, "code": { "type": "string", "enum": codes },
        })),
        "Round": object(&json!({
            "id": text, "name": text, "state": text, "opens": time, "closes": time, "limit_seconds": whole,
            "attempts_left": whole, "attempt": { "type": ["string", "null"] }, "rehearsal": { "type": "boolean" },
        })),
        "Sitting": object(&json!({
            "attempt": text, "server_time": time, "deadline": time, "last_seq": whole,
            "paper": object(&json!({
                "title": text, "points": points,
                "questions": { "type": "array", "items": object(&json!({
                    "number": whole,
                    "kind": { "type": "string", "enum": ["single", "multiple", "judgement", "blanks", "recall"] },
                    "points": points, "stem_html": text, "material": { "type": ["integer", "null"] }, "blanks": whole,
                    "choices": { "type": "array", "items": object(&json!({ "letter": text, "html": text })) },
                })) },
                "materials": { "type": "array", "items": object(&json!({ "number": whole, "html": text })) },
            })),
            "answers": { "type": "object", "additionalProperties": answer },
        })),
        "Step": object(&json!({ "seq": whole, "number": whole, "answer": answer, "elapsed_ms": whole })),
        "Kept": object(&json!({
            "acknowledged": whole, "server_time": time, "deadline": time,
            "taken_over": { "type": "boolean" }, "paused": { "type": "boolean" },
            "rejected": { "type": "array", "items": object(&json!({ "seq": whole, "code": text })) },
        })),
        "Outcome": { "oneOf": [{ "type": "null" }, object(&json!({
            "points": points, "total": points,
            "questions": { "type": "array", "items": object(&json!({
                "number": whole, "given": { "type": "array", "items": text }, "points": points, "verdict": text,
                "key": { "type": "array" }, "rationale_html": text, "source": text,
            })) },
        }))] },
        "Board": object(&json!({
            "round": text, "round_name": text, "of": text, "live": text, "handed_in": whole, "entrants": whole,
            "division": { "type": ["string", "null"] }, "divisions": { "type": "array", "items": text },
            "standings": { "type": "array", "items": object(&json!({
                "rank": { "type": ["integer", "null"] }, "name": text, "unit": text, "points": points,
                "why": { "type": "array", "items": text },
            })) },
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The doors' own sources name every route; the document must name the same.
    #[test]
    fn every_door_is_described_and_nothing_else() {
        let sources = [
            include_str!("doors.rs"),
            include_str!("board.rs"),
            include_str!("examiner/doors.rs"),
            include_str!("lookup.rs"),
            include_str!("practice.rs"),
            include_str!("offline.rs"),
        ]
        .join("\n");
        let mut served: Vec<&str> = sources
            .split('"')
            .filter(|text| text.starts_with("/api/v1/") && !text.contains([' ', '，', '`']))
            .collect();
        served.retain(|path| !path.contains("{round}/board/events?"));
        served.sort_unstable();
        served.dedup();
        let document = document();
        let described: Vec<&String> = document["paths"]
            .as_object()
            .expect("paths")
            .keys()
            .collect();
        assert_eq!(served, described);
    }
}
