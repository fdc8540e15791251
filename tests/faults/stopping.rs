//! The program told to stop while a request is under way, and what whoever runs it reads off: the address it prints, and
//! the doors that watch over it.

use std::path::Path;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use yikouqing::store::{Store, attempts};

use crate::ground::{Copy, Ground};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_under_way_is_answered_and_then_the_program_ends_well() {
    let ground = Ground::sqlite();
    let hall = ground.settle(1).await;
    let mut copy = ground.serve().await;
    let ticket = serde_json::json!({ "ticket": hall.tickets[0] }).to_string();
    let signed_in = ask(&copy, "POST", "/api/v1/session", "", &ticket).await;
    let cookie = signed_in.split("set-cookie: ").nth(1).expect("a cookie");
    let cookie = format!(
        "cookie: {}\r\n",
        cookie.split(';').next().unwrap_or_default()
    );
    let path = format!("/api/v1/rounds/{}/attempts", hall.round);
    let started = ask(&copy, "POST", &path, &cookie, "{}").await;
    let body = started.split("\r\n\r\n").nth(1).expect("a body");
    let started: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let attempt = started["attempt"].as_str().expect("an attempt").to_owned();
    let seq = started["last_seq"].as_i64().expect("a number") + 1;

    let step = serde_json::json!({ "steps": [{ "seq": seq, "number": 1, "answer": null }] });
    let path = format!("/api/v1/attempts/{attempt}/steps");
    let request = request("POST", &path, &cookie, &step.to_string());
    let (first, second) = request.split_at(request.len() - 10);
    let mut stream = TcpStream::connect(&copy.address).await.expect("a line");
    stream
        .write_all(first.as_bytes())
        .await
        .expect("half of it");
    // Answered after it, so the half request has been read.
    assert!(
        ask(&copy, "GET", "/healthz", "", "")
            .await
            .contains(" 200 ")
    );
    copy.terminate();
    while TcpStream::connect(&copy.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(copy.is_running(), "somebody is still being listened to");
    stream.write_all(second.as_bytes()).await.expect("the rest");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer.contains(&format!("\"acknowledged\":{seq}")),
        "{answer}"
    );
    assert_eq!(copy.ended().await, Some(0));

    let store = Store::open(&ground.database).await.expect("a file");
    let mut tx = store.read().await.expect("a snapshot");
    let kept = attempts::steps(&mut tx, &attempt).await.expect("steps");
    assert_eq!(kept.iter().map(|step| step.seq).collect::<Vec<_>>(), [seq]);
    drop(tx);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_for_phones_has_the_port_that_the_system_gave() {
    let copy = Ground::sqlite().serve().await;
    assert!(!copy.address.ends_with(":0"), "{}", copy.address);
    assert_eq!(copy.for_phones, format!("http://{}", copy.address));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_for_this_machine_or_for_the_token() {
    let ground = Ground::sqlite();
    let token = [("YIKOUQING_METRICS_TOKEN", Path::new("keep-it"))];
    let copy = ground.serve_with(&token).await;
    for (path, said) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = ask(&copy, "GET", path, "", "").await;
        assert!(
            answer.starts_with("HTTP/1.1 200 ") && answer.ends_with(said),
            "{answer}"
        );
    }
    let proxied = "x-forwarded-for: 203.0.113.9\r\n";
    for (headers, status) in [
        (String::new(), "200"),
        (proxied.to_owned(), "404"),
        (format!("{proxied}authorization: Bearer keep-i\r\n"), "404"),
        (format!("{proxied}authorization: Basic keep-it\r\n"), "404"),
        (format!("{proxied}authorization: Bearer keep-it\r\n"), "200"),
    ] {
        let answer = ask(&copy, "GET", "/metrics", &headers, "").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{headers}: {answer}"
        );
        assert_eq!(
            answer.contains("yikouqing_queue_waiting 0"),
            status == "200"
        );
    }
    // Without a token nobody from elsewhere has it.
    let copy = ground.serve().await;
    let empty = format!("{proxied}authorization: Bearer \r\n");
    let answer = ask(&copy, "GET", "/metrics", &empty, "").await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: kq\r\nconnection: close\r\n{headers}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The whole answer, head and body.
async fn ask(copy: &Copy, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(&copy.address).await.expect("a line");
    let request = request(method, path, headers, body);
    stream.write_all(request.as_bytes()).await.expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer
}
