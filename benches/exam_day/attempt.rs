//! The server's CPU and bytes for a complete attempt (start, page, steps one by one, hand-in, outcome), 256 at once,
//! beside the same through our own floor.

use std::{io::Read, sync::Arc};

use futures::future::join_all;
use serde_json::{Value, json};

use crate::{
    client::{Client, Reply},
    floor::{self, Pages},
    ground::{Ground, POSTS, Server},
};

pub const AT_ONCE: usize = 256;
/// The floor is so quick that one pass would be a few hundredths of a second, which is how finely time is counted.
const FLOOR_PASSES: usize = 8;

/// A tuned Moodle 4.3 on a two-core machine: start, page, 4 autosaves, hand-in, result.
const MOODLE_CPU_SECONDS: f64 = 0.31;
const MOODLE_BYTES: f64 = 81.0 * 1024.0;

pub async fn measure() {
    for steps in [20, 4] {
        let ground = Ground::sqlite(AT_ONCE + POSTS.len()).await;
        let app = ground.open().await;
        let mut cookies: Vec<String> = ground
            .sessions(&app, AT_ONCE + POSTS.len())
            .await
            .into_iter()
            .map(|(cookie, _)| cookie)
            .collect();
        app.store.close().await;
        let first = cookies.split_off(AT_ONCE);
        let server = ground.serve();
        let mut pages = None;
        // One of each post: what is made once for all of them is not the 256's.
        for cookie in &first {
            pages = Some(sit(&server.host, cookie, &ground.round, steps).await.pages);
        }
        let pages = pages.expect("there are posts");
        let ours = cost(&server, &cookies, &ground.round, steps).await;
        drop(server);
        let folder = tempfile::tempdir().expect("a folder");
        let floor = floor::start(&pages, folder.path());
        let mut floor_cpu = 0.0;
        for _ in 0..FLOOR_PASSES {
            floor_cpu += cost(&floor, &cookies, "floor", steps).await.cpu_seconds;
        }
        floor_cpu /= FLOOR_PASSES as f64;
        println!(
            "{steps} steps, {AT_ONCE} at once: {:.2} ms of server CPU an attempt; floor {:.2} ms; {:.1}x; {:.1} KB down",
            ours.cpu_seconds * 1e3,
            floor_cpu * 1e3,
            ours.cpu_seconds / floor_cpu,
            ours.bytes_down / 1024.0
        );
        println!(
            "  beside Moodle's {MOODLE_CPU_SECONDS} s and 81 KB with 4 autosaves: {:.0}x less CPU, {:.1}x fewer bytes",
            MOODLE_CPU_SECONDS / ours.cpu_seconds,
            MOODLE_BYTES / ours.bytes_down
        );
    }
}

/// Per attempt.
pub struct Cost {
    pub cpu_seconds: f64,
    pub bytes_down: f64,
    pub wall_seconds: f64,
}

/// Everybody sits at once.
pub async fn cost(server: &Server, cookies: &[String], round: &str, steps: usize) -> Cost {
    let count = cookies.len() as f64;
    let before = server.cpu_seconds();
    let begun = std::time::Instant::now();
    let sitting = cookies.iter().map(|cookie| {
        let (host, cookie, round) = (server.host.clone(), cookie.clone(), round.to_owned());
        tokio::spawn(async move { sit(&host, &cookie, &round, steps).await.down })
    });
    let down: u64 = join_all(sitting)
        .await
        .into_iter()
        .map(|down| down.expect("a candidate"))
        .sum();
    Cost {
        wall_seconds: begun.elapsed().as_secs_f64(),
        cpu_seconds: (server.cpu_seconds() - before) / count,
        bytes_down: down as f64 / count,
    }
}

struct Sat {
    pages: Pages,
    down: u64,
}

/// One complete attempt. The round `floor` is our own floor's, whose pages say nothing.
async fn sit(host: &str, cookie: &str, round: &str, steps: usize) -> Sat {
    let mut phone = Client::connect(host, cookie).await;
    let begun = phone
        .ask("POST", &format!("/rounds/{round}/start"), None)
        .await;
    assert_eq!(begun.status, 303, "{}", plain(&begun));
    let place = begun.headers["location"].clone();
    let page = phone.ask("GET", &place, None).await;
    assert_eq!(page.status, 200, "{}", plain(&page));
    let (mut seq, answers) = if round == "floor" {
        (1_000_000, Arc::new(vec![(1, json!("A"))]))
    } else {
        read_exam(&plain(&page))
    };
    let door = format!("/api/v1{place}");
    for turn in 0..steps {
        seq += 1;
        let (number, answer) = &answers[turn % answers.len()];
        let step = json!({ "steps": [{ "seq": seq, "number": number, "answer": answer, "elapsed_ms": 81_234 }] });
        let kept = phone
            .ask("POST", &format!("{door}/steps"), Some(&step.to_string()))
            .await;
        assert_eq!(kept.status, 200, "{}", plain(&kept));
    }
    let last = json!({ "last_seq": seq }).to_string();
    let submitted = phone
        .ask("POST", &format!("{door}/submit"), Some(&last))
        .await;
    assert_eq!(submitted.status, 200, "{}", plain(&submitted));
    let outcome_place = if round == "floor" {
        format!("{place}/outcome")
    } else {
        place
    };
    let outcome = phone.ask("GET", &outcome_place, None).await;
    assert_eq!(outcome.status, 200, "{}", plain(&outcome));
    Sat {
        down: phone.down,
        pages: Pages {
            exam: page.body,
            outcome: outcome.body,
            submitted: submitted.body,
        },
    }
}

fn plain(reply: &Reply) -> String {
    if reply
        .headers
        .get("content-encoding")
        .is_none_or(|coding| coding != "gzip")
    {
        return String::from_utf8_lossy(&reply.body).into_owned();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(reply.body.as_slice())
        .read_to_string(&mut text)
        .expect("gzip");
    text
}

/// The base of the numbers, and an answer that each question can take.
fn read_exam(page: &str) -> (i64, Arc<Vec<(u64, Value)>>) {
    let (_, rest) = page.split_once("id=\"exam\">").expect("a paper");
    let text = rest.split_once("</script>").expect("its end").0;
    let exam: Value = serde_json::from_str(text).expect("JSON");
    let questions = exam["paper"]["questions"].as_array().expect("questions");
    let answer = |question: &Value| match question["kind"].as_str() {
        Some("multiple") => json!(["A", "B"]),
        Some("blanks") => json!(vec![
            "15";
            question["blanks"].as_u64().unwrap_or(1) as usize
        ]),
        Some("recall") => json!("防止返贫监测对象由村里评议公示以后报镇里。"),
        _ => json!("B"),
    };
    let answers = questions
        .iter()
        .map(|question| {
            (
                question["number"].as_u64().expect("a number"),
                answer(question),
            )
        })
        .collect();
    (
        exam["last_seq"].as_i64().expect("a base"),
        Arc::new(answers),
    )
}
