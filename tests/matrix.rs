//! Every route as every kind of person: nobody learns of, or touches, what is not theirs.

mod support;

use std::{collections::BTreeSet, fs};

use support::township::{Township, encoded};
use yikouqing::{
    app::examiner::Choice,
    bank::points::Points,
    contest::{
        round::Release,
        spot_check::{Sort, event::EventRules},
    },
    exchange::bank_folder,
};

/// Who asks, in the order of a row's figures. The two who may act come last, so that the others meet things untouched.
const PERSONS: [&str; 8] = [
    "",       // nobody
    "王秀兰", // an entrant, but not the one whose attempt it is
    "孙玉珍", // a cadre of another village
    "吴海涛", // organizer of another village
    "郑丽娟", // trainer
    "冯志强", // judge
    "李建国", // the entrant whose attempt it is
    "何静",   // organizer of the village whose round it is
];

/// Route, how it is asked for, and the answers. `R` a round of 桃源村, `A` 李建国's attempt in it, `P` 李建国.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, &str, [u16; 8])] = &[
    ("/", "GET /", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/about", "GET /about", "", [200; 8]),
    ("/healthz", "GET /healthz", "", [200; 8]),
    ("/readyz", "GET /readyz", "", [200; 8]),
    ("/api/openapi.json", "GET /api/openapi.json", "", [200; 8]),
    // Only from this machine, and these requests come from nowhere.
    ("/metrics", "GET /metrics", "", [404; 8]),
    ("/assets/{name}", "GET /assets/none.css", "", [404; 8]),
    ("/pictures/{name}", "GET /pictures/none.png", "", [404; 8]),
    ("/t/{ticket}", "GET /t/none", "", [401; 8]),
    ("/t/{ticket}", "POST /t/none", "", [401; 8]),
    ("/api/v1/session", "POST /api/v1/session", r#"{"ticket":"none"}"#, [401; 8]),
    ("/api/v1/rounds", "GET /api/v1/rounds", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    // Who sits a paper looks nothing up.
    ("/lookup", "GET /lookup?q=x", "", [401, 200, 200, 200, 200, 200, 409, 200]),
    ("/lookup/pack.json", "GET /lookup/pack.json", "", [401, 200, 200, 200, 200, 200, 409, 200]),
    ("/api/v1/lookup", "GET /api/v1/lookup?q=x", "", [401, 200, 200, 200, 200, 200, 409, 200]),
    ("/rounds/{round}/start", "GET /rounds/R/start", "", [401, 200, 404, 404, 404, 404, 303, 404]),
    ("/rounds/{round}/board", "GET /rounds/R/board", "", [401, 200, 404, 404, 404, 404, 200, 200]),
    ("/rounds/{round}/board/mine", "GET /rounds/R/board/mine", "", [401, 404, 404, 404, 404, 404, 404, 404]),
    ("/rounds/{round}/projector", "GET /rounds/R/projector", "", [401, 200, 404, 404, 404, 404, 200, 200]),
    ("/api/v1/rounds/{round}/board", "GET /api/v1/rounds/R/board", "", [401, 200, 404, 404, 404, 404, 200, 200]),
    ("/api/v1/rounds/{round}/board/events", "GET /api/v1/rounds/R/board/events", "", [401, 200, 404, 404, 404, 404, 200, 200]),
    ("/attempts/{attempt}", "GET /attempts/A", "", [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/attempts/{attempt}/card", "GET /attempts/A/card", "", [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/attempts/{attempt}/submit", "GET /attempts/A/submit", "", [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/attempts/{attempt}/answer", "POST /attempts/A/answer", "number=1&answer=A", [401, 404, 404, 404, 404, 404, 303, 404]),
    ("/api/v1/attempts/{attempt}", "GET /api/v1/attempts/A", "", [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/api/v1/attempts/{attempt}/steps", "POST /api/v1/attempts/A/steps", r#"{"steps":[]}"#, [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/rounds/{round}/start", "POST /rounds/R/start", "", [401, 303, 403, 403, 403, 403, 303, 403]),
    ("/api/v1/rounds/{round}/attempts", "POST /api/v1/rounds/R/attempts", "{}", [401, 200, 403, 403, 403, 403, 200, 403]),
    ("/bank", "GET /bank", "", [401, 403, 403, 403, 200, 403, 403, 403]),
    ("/bank/topics/{topic}", "GET /bank/topics/none", "", [401, 403, 403, 403, 404, 403, 403, 403]),
    ("/rounds", "GET /rounds", "", [401, 403, 403, 200, 403, 403, 403, 200]),
    ("/rounds", "POST /rounds", "name=x", [401, 403, 403, 400, 403, 403, 403, 400]),
    ("/rounds/new", "GET /rounds/new", "", [401, 403, 403, 200, 403, 403, 403, 200]),
    ("/rounds/{round}", "GET /rounds/R", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/roster", "GET /roster", "", [401, 403, 403, 200, 403, 403, 403, 200]),
    ("/roster", "GET /roster?unit=U", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/roster", "POST /roster", "", [401, 403, 403, 400, 403, 403, 403, 400]),
    ("/roster/tickets", "POST /roster/tickets", "unit=U", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/{action}", "POST /rounds/R/seal", "", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/{action}", "POST /rounds/R/extend", "minutes=5&reason=x", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/{action}", "POST /rounds/R/pause", "reason=x", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/{action}", "POST /rounds/R/resume", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/{action}", "POST /rounds/R/hold", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/{action}", "POST /rounds/R/reveal", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/attempts/{attempt}/submit", "POST /attempts/A/submit", "", [401, 404, 404, 404, 404, 404, 303, 404]),
    ("/api/v1/attempts/{attempt}/submit", "POST /api/v1/attempts/A/submit", "", [401, 404, 404, 404, 404, 404, 200, 404]),
    ("/rounds/{round}/{action}", "POST /rounds/R/close", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/{action}", "POST /rounds/R/announce", "", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/{action}", "POST /rounds/R/nothing", "", [401, 403, 403, 404, 403, 403, 403, 404]),
    ("/rounds/{round}/monitor", "GET /rounds/R/monitor", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/monitor/events", "GET /rounds/R/monitor/events", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/attempts/{attempt}", "GET /rounds/R/attempts/A", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/rulings", "GET /rounds/R/rulings", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/attempts/{attempt}/rule", "POST /rounds/R/attempts/A/rule", "number=99&element=1&said=yes&reason=x", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/entrants", "GET /rounds/R/entrants", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/entrants", "POST /rounds/R/entrants", "who=nobody&reason=x", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/entrants/{person}", "GET /rounds/R/entrants/P", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/entrants/{person}/{action}", "POST /rounds/R/entrants/P/extend", "minutes=1&reason=x", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/entrants/{person}/{action}", "POST /rounds/R/entrants/P/leave", "reason=x", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/attempts/{attempt}/{action}", "POST /rounds/R/attempts/A/accept", "reason=x", [401, 403, 403, 404, 403, 403, 403, 409]),
    ("/rounds/{round}/attempts/{attempt}/{action}", "POST /rounds/R/attempts/A/reopen", "minutes=1&reason=x", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/attempts/{attempt}/{action}", "POST /rounds/R/attempts/A/void", "reason=x", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/rounds/{round}/board.csv", "GET /rounds/R/board.csv", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/rounds/{round}/board.xlsx", "GET /rounds/R/board.xlsx", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/practice", "GET /practice", "", [401, 409, 200, 200, 200, 200, 200, 200]),
    ("/practice", "POST /practice", "wish=nothing", [401, 400, 400, 400, 400, 400, 400, 400]),
    ("/practice/topics", "GET /practice/topics", "", [401, 409, 200, 200, 200, 200, 200, 200]),
    ("/practice/mistakes", "GET /practice/mistakes", "", [401, 409, 200, 200, 200, 200, 200, 200]),
    ("/practice/favourites", "GET /practice/favourites", "", [401, 409, 200, 200, 200, 200, 200, 200]),
    ("/practice/favourites", "POST /practice/favourites", "question=none&mark=keep", [401, 409, 404, 404, 404, 404, 404, 404]),
    ("/practice/forget", "GET /practice/forget", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/practice/forget", "POST /practice/forget", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/practice/goes/{go}", "GET /practice/goes/G", "", [401, 409, 404, 404, 404, 404, 404, 404]),
    ("/practice/goes/{go}/answer", "POST /practice/goes/G/answer", "number=1&answer=A", [401, 409, 404, 404, 404, 404, 404, 404]),
    ("/practice/goes/{go}/overrule", "POST /practice/goes/G/overrule", "number=1&element=0", [401, 409, 404, 404, 404, 404, 404, 404]),
    ("/practice/goes/{go}/finish", "GET /practice/goes/G/finish", "", [401, 409, 404, 404, 404, 404, 404, 404]),
    ("/practice/goes/{go}/finish", "POST /practice/goes/G/finish", "", [401, 404, 404, 404, 404, 404, 404, 404]),
    ("/api/v1/practice/{go}/steps", "POST /api/v1/practice/G/steps", r#"{"steps":[]}"#, [401, 404, 404, 404, 404, 404, 404, 404]),
    ("/sw.js", "GET /sw.js", "", [200; 8]),
    ("/practice/offline", "GET /practice/offline", "", [401, 409, 200, 200, 200, 200, 200, 200]),
    ("/practice/offline/link", "POST /practice/offline/link", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/enter/{token}", "GET /enter/none", "", [401; 8]),
    ("/enter/{token}", "POST /enter/none", "", [401; 8]),
    ("/api/v1/practice/packs", "POST /api/v1/practice/packs", r#"{"topics":["none"]}"#, [401, 409, 409, 409, 409, 409, 409, 409]),
    ("/size", "POST /size", "size=2", [303; 8]),
    ("/training", "GET /training", "", [401, 403, 403, 200, 200, 403, 403, 200]),
    ("/training", "GET /training?unit=U", "", [401, 403, 403, 404, 200, 403, 403, 200]),
    ("/training/sheet", "GET /training/sheet", "", [401, 403, 403, 409, 409, 403, 403, 409]),
    ("/record", "GET /record", "", [401, 403, 403, 200, 403, 403, 403, 200]),
    ("/spot-checks", "GET /spot-checks", "", [401, 403, 403, 200, 200, 200, 403, 200]),
    ("/spot-checks", "POST /spot-checks", "unit=U&person=none&questions=1&sort=recall", [401, 403, 403, 404, 404, 404, 403, 404]),
    ("/spot-checks/new", "GET /spot-checks/new", "", [401, 403, 403, 200, 200, 200, 403, 200]),
    ("/spot-checks/{check}", "GET /spot-checks/C", "", [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/spot-checks/{check}/card", "GET /spot-checks/C/card", "", [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/spot-checks/{check}/mark", "POST /spot-checks/C/mark", "person=1&number=1&go=next", [401, 403, 403, 404, 404, 404, 403, 303]),
    ("/spot-checks/{check}/sheet", "GET /spot-checks/C/sheet", "", [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/api/v1/spot-checks", "GET /api/v1/spot-checks", "", [401, 403, 403, 200, 200, 200, 403, 200]),
    ("/api/v1/spot-checks", "POST /api/v1/spot-checks", r#"{"unit":"none","people":["none"]}"#, [401, 403, 403, 404, 404, 404, 403, 404]),
    ("/api/v1/spot-checks/{check}", "GET /api/v1/spot-checks/C", "", [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/api/v1/spot-checks/{check}/steps", "POST /api/v1/spot-checks/C/steps", r#"{"steps":[]}"#, [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/api/v1/spot-checks/{check}/finish", "POST /api/v1/spot-checks/C/finish", "{}", [401, 403, 403, 404, 404, 404, 403, 200]),
    ("/spot-checks/{check}/{action}", "POST /spot-checks/C/resume", "", [401, 403, 403, 404, 404, 404, 403, 303]),
    ("/spot-checks/{check}/{action}", "POST /spot-checks/C/finish", "", [401, 403, 403, 404, 404, 404, 403, 303]),
    // A trial has no points to enter.
    ("/spot-checks/{check}/{action}", "POST /spot-checks/C/enter", "", [401, 403, 403, 404, 404, 404, 403, 409]),
    ("/spot-checks/{check}/{action}", "POST /spot-checks/C/nothing", "", [401, 403, 403, 404, 404, 404, 403, 404]),
    ("/spot-results", "GET /spot-results", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/spot-events", "POST /spot-events", "name=x&unit=U&questions=0", [401, 403, 403, 400, 403, 403, 403, 400]),
    ("/spot-events/new", "GET /spot-events/new", "", [401, 403, 403, 200, 403, 403, 403, 200]),
    ("/spot-events/{event}", "GET /spot-events/E", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/spot-events/{event}/table.csv", "GET /spot-events/E/table.csv", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/spot-events/{event}/table.xlsx", "GET /spot-events/E/table.xlsx", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/spot-events/{event}/{action}", "POST /spot-events/E/leave", "person=none&reason=x", [401, 403, 403, 404, 403, 403, 403, 404]),
    ("/spot-events/{event}/{action}", "POST /spot-events/E/close", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/sign-in", "GET /sign-in", "", [200; 8]),
    ("/sign-in", "POST /sign-in", "phone=13900000001&secret=12345678", [401; 8]),
    ("/me", "GET /me", "", [401, 200, 200, 200, 200, 200, 200, 200]),
    ("/me/sessions/end", "POST /me/sessions/end", "", [401, 303, 303, 303, 303, 303, 303, 303]),
    ("/me/password", "POST /me/password", "password=short", [401, 409, 409, 409, 409, 409, 409, 409]),
    ("/setup/{token}", "GET /setup/none", "", [401; 8]),
    ("/setup/{token}", "POST /setup/none", "unit=x&name=x", [401; 8]),
    ("/roster/people/{person}", "GET /roster/people/P", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/roster/people/{person}/{action}", "POST /roster/people/P/code", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/roster/people/{person}/{action}", "POST /roster/people/P/ticket", "", [401, 403, 403, 404, 403, 403, 403, 200]),
    ("/roster/people/{person}/{action}", "POST /roster/people/P/revoke", "", [401, 403, 403, 404, 403, 403, 403, 303]),
    ("/sign-out", "POST /sign-out", "", [303; 8]),
];

/// Words that only who belongs to 桃源村 may read.
const SECRETS: [&str; 3] = ["桃源村内比", "李建国", "赵永福"];

struct Asked<'a> {
    method: &'a str,
    path: String,
    kind: &'static str,
    body: String,
}

/// A row's request, with the ids that this township has.
fn asked_for<'a>(
    township: &Township,
    [round, attempt, check, event]: [&str; 4],
    asked: &'a str,
    body: &str,
) -> Asked<'a> {
    let (method, path) = asked.split_once(' ').expect("a method and a path");
    let unit = format!("={}", township.units["桃源村"]);
    let part = |part: &str| match part {
        "R" => round.to_owned(),
        "A" => attempt.to_owned(),
        "C" => check.to_owned(),
        "E" => event.to_owned(),
        "P" => township.id("李建国").to_owned(),
        part => part.replace("=U", &unit),
    };
    let path: Vec<String> = path.split('/').map(part).collect();
    let path = path.join("/");
    let kind = match (method, path.starts_with("/api/")) {
        ("GET", _) => "",
        (_, true) => "application/json",
        _ if path == "/roster" => "multipart/form-data; boundary=x",
        _ => "application/x-www-form-urlencoded",
    };
    Asked {
        method,
        path,
        kind,
        body: body.replace("=U", &unit),
    }
}

#[tokio::test]
async fn every_route_as_every_kind_of_person() {
    let township = Township::sqlite().await;
    let round = township.open_round("test", "桃源村", "桃源村内比").await;
    let desk = township
        .app
        .start_attempt(&round, township.id("李建国"))
        .await
        .expect("a paper");
    let (check, event) = spot_check(&township).await;
    let mut sessions = Vec::new();
    for name in PERSONS {
        sessions.push(if name.is_empty() {
            String::new()
        } else {
            township.session(name).await
        });
    }
    let mut wrong = Vec::new();
    for (_, asked, body, expected) in ROUTES {
        let Asked {
            method,
            path,
            kind,
            body,
        } = asked_for(
            &township,
            [&round, &desk.attempt.id, &check, &event],
            asked,
            body,
        );
        let told = (PERSONS.iter().zip(&sessions)).zip(expected);
        for ((person, session), expected) in told {
            let answer = township.ask(method, session, &path, kind, &body).await;
            if answer.status.as_u16() != *expected {
                wrong.push(format!(
                    "{asked} as “{person}”: {} not {expected}",
                    answer.status
                ));
            }
            if answer.status.is_server_error() {
                wrong.push(format!("{asked} as “{person}” failed: {}", answer.body));
            }
            let inside = ["王秀兰", "李建国", "何静"].contains(person);
            for secret in SECRETS.iter().filter(|_| !inside) {
                if answer.body.contains(secret) || answer.body.contains(&encoded(secret)) {
                    wrong.push(format!("{asked} tells “{person}” of {secret}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A trial that 何静 began in her village, and an event of that village.
async fn spot_check(township: &Township) -> (String, String) {
    let village = &township.units["桃源村"];
    let choice = Choice {
        unit_id: village.clone(),
        event_id: None,
        person_ids: vec![township.id("李建国").to_owned()],
        questions: 1,
        sorts: vec![Sort::Recall],
        topics: vec![],
    };
    let examiner = township.id("何静");
    let check = township.app.start_spot_check(examiner, &choice).await;
    let rules = EventRules {
        questions: 1,
        points: Points::whole(20),
        sorts: vec![Sort::Recall],
        topics: vec![],
        divisions: vec![],
    };
    let made = township
        .app
        .create_spot_event("test", "桃源村抽问", village, rules);
    (check.expect("a trial"), made.await.expect("an event"))
}

/// What the stories' bank says only in keys and rationales, and what JSON and pages call these.
const KEY_MATERIAL: [&str; 12] = [
    "暗记",
    "暗处",
    "暗语",
    "\"key\"",
    "rationale",
    "difficulty",
    "难度</dt>",
    "\"verdict\"",
    "class=\"key\"",
    "正确答案",
    "选对",
    "解析",
];

/// Every route as everybody but a trainer, whose pages are the keys: while the round runs, nobody reads any of them.
#[tokio::test]
async fn nothing_that_anybody_is_told_before_the_release_has_key_material() {
    let township = Township::sqlite().await;
    let bank = bank_folder::read_folders(&["tests/stories/bank".into()]).expect("the bank");
    let look = township.app.publish(&bank).await.expect("it is published");
    assert_eq!(look.held, None);
    let mut draft = township.draft("桃源村", "桃源村内比");
    draft.rules.blueprint = "小卷".into();
    draft.rules.release = Release::HandIn;
    let round = township
        .app
        .create_round("test", draft)
        .await
        .expect("a round")
        .id;
    township
        .app
        .seal_round("test", &round)
        .await
        .expect("sealed");
    let li = township.id("李建国");
    let desk = township
        .app
        .start_attempt(&round, li)
        .await
        .expect("a paper");
    let mut told = 0;
    for (route, asked, body, _) in ROUTES {
        // 查政策 explains the open questions of the bank, whatever round runs: what it may tell is its own stories' to say.
        if asked.contains(" /lookup") {
            continue;
        }
        // The close and the announcement release; to give the tickets or the sign-ins up ends the walk.
        if ["close", "announce", "revoke", "end", "sign-out"]
            .iter()
            .any(|end| asked.ends_with(end))
        {
            continue;
        }
        for person in PERSONS.iter().filter(|person| **person != "郑丽娟") {
            let session = if person.is_empty() {
                String::new()
            } else {
                township.session(person).await
            };
            let made = [&round, desk.attempt.id.as_str(), "none", "none"];
            let ask = asked_for(&township, made, asked, body);
            let answer = township
                .ask(ask.method, &session, &ask.path, ask.kind, &ask.body)
                .await;
            let found: Vec<&&str> = KEY_MATERIAL
                .iter()
                .filter(|word| answer.body.contains(**word) && *route != "/api/openapi.json")
                .collect();
            assert!(
                found.is_empty(),
                "{asked} tells “{person}” {found:?}: {}",
                answer.body
            );
            told += usize::from(answer.status.is_success());
        }
    }
    assert!(told > 80, "only {told} pages were read");
}

#[test]
fn the_table_has_every_route_there_is() {
    let mut missing = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src/web")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source");
            for rest in text.split(".route(").skip(1) {
                let route = rest.split('"').nth(1).unwrap_or_default().to_owned();
                if !ROUTES.iter().any(|(known, ..)| *known == route) {
                    missing.insert(route);
                }
            }
        }
    }
    assert!(missing.is_empty(), "not in the matrix: {missing:?}");
}
