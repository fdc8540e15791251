//! A phone with an outbox: keeps what was not acknowledged, sends it again, gives up on nothing.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::ground::PATIENCE;

/// Where copies of the program answer now, and how many steps they have acknowledged and requests refused, to all phones
/// together.
#[derive(Clone)]
pub(crate) struct Addresses {
    now: Arc<watch::Sender<Vec<String>>>,
    acknowledged: Arc<watch::Sender<usize>>,
    refused: Arc<watch::Sender<usize>>,
}

impl Addresses {
    pub(crate) fn new() -> Addresses {
        Addresses {
            now: Arc::new(watch::Sender::new(vec![])),
            acknowledged: Arc::new(watch::Sender::new(0)),
            refused: Arc::new(watch::Sender::new(0)),
        }
    }

    /// A copy that died is taken off, the next one put on.
    pub(crate) fn set(&self, addresses: &[&str]) {
        self.now
            .send_replace(addresses.iter().map(ToString::to_string).collect());
    }

    /// The next one in turn; while there is none, a phone waits.
    async fn pick(&self, turn: usize) -> String {
        let mut now = self.now.subscribe();
        let some = now.wait_for(|addresses| !addresses.is_empty()).await;
        let addresses = some.expect("somebody may still set them");
        addresses[turn % addresses.len()].clone()
    }

    /// Waits until so many more steps are acknowledged.
    pub(crate) async fn more(&self, steps: usize) {
        wait_for_more(&self.acknowledged, steps).await;
    }

    /// Waits until so many more requests got no answer, or were told to come again.
    pub(crate) async fn more_refused(&self, requests: usize) {
        wait_for_more(&self.refused, requests).await;
    }
}

async fn wait_for_more(counter: &watch::Sender<usize>, more: usize) {
    let mut now = counter.subscribe();
    let wanted = *now.borrow() + more;
    let reached = tokio::time::timeout(PATIENCE, now.wait_for(|now| *now >= wanted)).await;
    reached.expect("the hall goes on").expect("a count");
}

pub(crate) struct Phone {
    client: Client<HttpConnector, Body>,
    addresses: Addresses,
    ticket: String,
    cookie: String,
    turn: usize,
    pub(crate) round: String,
    pub(crate) attempt: String,
    next_seq: i64,
    questions: i64,
    outbox: BTreeMap<i64, Value>,
    /// By sequence number: the question and what was said to it. Every one of these was answered with 200.
    pub(crate) acknowledged: BTreeMap<i64, (i64, Value)>,
    pub(crate) receipt: Option<String>,
    /// Requests that got no answer, or were told to come again.
    pub(crate) refused: usize,
}

impl Phone {
    pub(crate) fn new(addresses: &Addresses, ticket: &str, round: &str) -> Phone {
        Phone {
            client: Client::builder(TokioExecutor::new()).build(HttpConnector::new()),
            addresses: addresses.clone(),
            ticket: ticket.to_owned(),
            cookie: String::new(),
            turn: 0,
            round: round.to_owned(),
            attempt: String::new(),
            next_seq: 0,
            questions: 1,
            outbox: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            receipt: None,
            refused: 0,
        }
    }

    /// One request to one copy: status, body, cookie. `None` where nothing came back.
    async fn ask(&mut self, method: Method, path: &str, body: &Value) -> Option<(u16, Value)> {
        self.turn += 1;
        let address = self.addresses.pick(self.turn).await;
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{address}{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, &self.cookie)
            .body(Body::from(body.to_string()))
            .expect("a request");
        let answer =
            tokio::time::timeout(Duration::from_secs(20), self.client.request(request)).await;
        let answer = answer.ok()?.ok()?;
        let status = answer.status().as_u16();
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            cookie
                .split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.cookie);
        }
        let bytes = to_bytes(Body::new(answer.into_body()), 1 << 22)
            .await
            .ok()?;
        Some((
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        ))
    }

    /// Asks until somebody answers with something else than "come again".
    pub(crate) async fn insist(
        &mut self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        loop {
            match self.ask(method.clone(), path, body).await {
                Some((status, body)) if status < 500 && status != 429 => return (status, body),
                _ => self.count_refusal(),
            }
        }
    }

    pub(crate) async fn sign_in(&mut self) {
        let ticket = json!({ "ticket": self.ticket });
        let (status, body) = self.insist(Method::POST, "/api/v1/session", &ticket).await;
        assert_eq!(status, 204, "{body}");
    }

    /// Starts or resumes: a fresh block of numbers. What the server says stands is what was acknowledged last.
    pub(crate) async fn start(&mut self) {
        let path = format!("/api/v1/rounds/{}/attempts", self.round);
        let (status, body) = self.insist(Method::POST, &path, &json!({})).await;
        assert!(matches!(status, 200 | 201), "{status} {body}");
        let attempt = body["attempt"].as_str().expect("an id");
        assert!(
            self.attempt.is_empty() || self.attempt == attempt,
            "another attempt"
        );
        attempt.clone_into(&mut self.attempt);
        self.next_seq = body["last_seq"].as_i64().expect("a number");
        self.questions = body["paper"]["questions"]
            .as_array()
            .expect("a paper")
            .len() as i64;
    }

    /// Puts one more answer into the outbox.
    pub(crate) fn answer(&mut self) -> i64 {
        self.next_seq += 1;
        let number = self.next_seq % self.questions + 1;
        let answer = json!(["A", "B", "C"][(self.next_seq % 3) as usize]);
        let step = json!({ "seq": self.next_seq, "number": number, "answer": answer, "elapsed_ms": self.next_seq });
        self.outbox.insert(self.next_seq, step);
        self.next_seq
    }

    /// Sends the outbox once; what is acknowledged leaves it.
    pub(crate) async fn send(&mut self) -> Option<u16> {
        let steps: Vec<&Value> = self.outbox.values().collect();
        let body = json!({ "steps": steps });
        let path = format!("/api/v1/attempts/{}/steps", self.attempt);
        let Some((status, told)) = self.ask(Method::POST, &path, &body).await else {
            self.count_refusal();
            return None;
        };
        if status == 200 {
            self.take_acknowledged(&told);
        } else {
            self.count_refusal();
        }
        Some(status)
    }

    fn take_acknowledged(&mut self, told: &Value) {
        let up_to = told["acknowledged"].as_i64().expect("a number");
        let rejected: Vec<i64> = told["rejected"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|each| each["seq"].as_i64())
            .collect();
        let sent = self.outbox.len();
        let later = self.outbox.split_off(&(up_to + 1));
        for (seq, step) in std::mem::replace(&mut self.outbox, later) {
            // A letter is no answer to a spoken question: refused in words, which is an answer too.
            if !rejected.contains(&seq) {
                self.acknowledged.insert(
                    seq,
                    (
                        step["number"].as_i64().expect("a number"),
                        step["answer"].clone(),
                    ),
                );
            }
        }
        let fewer = sent - self.outbox.len();
        self.addresses.acknowledged.send_modify(|now| *now += fewer);
    }

    fn count_refusal(&mut self) {
        self.refused += 1;
        self.addresses.refused.send_modify(|now| *now += 1);
    }

    /// Answers and sends, again and again, until everything is acknowledged.
    pub(crate) async fn sit(&mut self, steps: usize) {
        for _ in 0..steps {
            self.answer();
            self.send().await;
        }
        while !self.outbox.is_empty() {
            self.send().await;
        }
    }

    /// Hands in, twice: the second time says the same.
    pub(crate) async fn hand_in(&mut self) {
        let path = format!("/api/v1/attempts/{}/submit", self.attempt);
        let mut receipts = Vec::new();
        for _ in 0..2 {
            let (status, body) = self.insist(Method::POST, &path, &json!({})).await;
            assert_eq!(status, 200, "{body}");
            receipts.push(body["receipt"].as_str().expect("a receipt").to_owned());
        }
        assert_eq!(receipts[0], receipts[1]);
        self.receipt = receipts.pop();
    }

    pub(crate) async fn board(&mut self) -> Value {
        let path = format!("/api/v1/rounds/{}/board?of=people", self.round);
        self.insist(Method::GET, &path, &Value::Null).await.1
    }
}
