//! A cadre with a phone: what they can do at the doors, and a paper on their desk.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};
use yikouqing::{
    app::proctor::question_of,
    attempt::answer::Answer,
    bank::question::{Body as Asked, Question},
    contest::round::Round,
};

use crate::stage::{Stage, door::Door, reply::Reply};

/// Somebody with a session.
#[derive(Clone)]
pub(crate) struct Cadre {
    pub(crate) door: Door,
    pub(crate) cookie: String,
}

/// What a start gave.
#[derive(Debug, Clone)]
pub(crate) struct Sitting {
    pub(crate) fresh: bool,
    pub(crate) attempt: String,
    pub(crate) last_seq: i64,
    /// The whole reply.
    pub(crate) reply: Value,
}

impl Sitting {
    /// The paper as the phone got it.
    pub(crate) fn questions(&self) -> &[Value] {
        self.reply["paper"]["questions"]
            .as_array()
            .expect("questions")
    }

    pub(crate) fn number_of(&self, kind: &str) -> i64 {
        let asked = self.questions().iter().find(|each| each["kind"] == kind);
        asked.expect("a question of this kind")["number"]
            .as_i64()
            .expect("a number")
    }

    /// The `place`th step of this page's block.
    pub(crate) fn step(&self, place: i64, number: i64, answer: &Value) -> Value {
        json!({ "seq": self.last_seq + place, "number": number, "answer": answer, "elapsed_ms": place * 1000 })
    }

    pub(crate) fn steps_address(&self) -> String {
        format!("/api/v1/attempts/{}/steps", self.attempt)
    }
}

impl Cadre {
    pub(crate) async fn sign_in(door: &Door, ticket: &str) -> Cadre {
        let nobody = Cadre::nobody(door);
        let reply = nobody
            .post("/api/v1/session", &json!({ "ticket": ticket }))
            .await
            .expect(204);
        let cookie = reply.header("set-cookie").split(';').next();
        Cadre {
            door: door.clone(),
            cookie: cookie.expect("a cookie").to_owned(),
        }
    }

    /// A phone that nobody has signed in on.
    pub(crate) fn nobody(door: &Door) -> Cadre {
        Cadre {
            door: door.clone(),
            cookie: String::new(),
        }
    }

    /// A request of this phone, to be completed by the story.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "kq.example");
        if self.cookie.is_empty() {
            request
        } else {
            request.header(header::COOKIE, &self.cookie)
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).body(Body::empty());
        self.door.send(request.expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_text(path, "application/json", body.to_string())
            .await
    }

    pub(crate) async fn form(&self, path: &str, fields: &str) -> Reply {
        let kind = "application/x-www-form-urlencoded";
        self.post_text(path, kind, fields.to_owned()).await
    }

    pub(crate) async fn post_text(
        &self,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Reply {
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, content_type);
        self.door
            .send(request.body(body.into()).expect("a request"))
            .await
    }

    pub(crate) async fn try_start(&self, round: &Round) -> Reply {
        let path = format!("/api/v1/rounds/{}/attempts", round.id);
        self.post(&path, &Value::Null).await
    }

    /// Starts, or resumes what is open.
    #[track_caller]
    pub(crate) fn start(&self, round: &Round) -> impl Future<Output = Sitting> {
        let caller = std::panic::Location::caller();
        async move {
            let reply = self.try_start(round).await;
            assert!(
                matches!(reply.status, 200 | 201),
                "{caller}: {} {}",
                reply.status,
                reply.text
            );
            let body = reply.json();
            Sitting {
                fresh: reply.status == 201,
                attempt: body["attempt"].as_str().expect("an id").to_owned(),
                last_seq: body["last_seq"].as_i64().expect("a number"),
                reply: body,
            }
        }
    }

    pub(crate) async fn send_steps(&self, sitting: &Sitting, steps: &[Value]) -> Reply {
        self.post(&sitting.steps_address(), &json!({ "steps": steps }))
            .await
    }

    pub(crate) async fn submit(&self, sitting: &Sitting, body: &Value) -> Reply {
        let path = format!("/api/v1/attempts/{}/submit", sitting.attempt);
        self.post(&path, body).await
    }

    /// Answers the first `right` questions right, the others not at all, and hands in.
    pub(crate) async fn sit(&self, stage: &Stage, round: &Round, right: usize) -> Sitting {
        let sitting = self.start(round).await;
        let steps: Vec<Value> = (1..)
            .zip(stage.right_answers(&sitting).await)
            .take(right)
            .map(|(number, answer)| sitting.step(number, number, &answer))
            .collect();
        self.submit(&sitting, &json!({ "steps": steps }))
            .await
            .expect(200);
        sitting
    }

    pub(crate) async fn outcome(&self, sitting: &Sitting) -> Value {
        let path = format!("/api/v1/attempts/{}", sitting.attempt);
        self.get(&path).await.expect(200).json()["outcome"].clone()
    }

    pub(crate) async fn board(&self, round: &Round, query: &str) -> Value {
        let path = format!("/api/v1/rounds/{}/board?{query}", round.id);
        self.get(&path).await.expect(200).json()
    }
}

impl Stage {
    /// What earns every point of this paper, by question, as a phone would send it.
    pub(crate) async fn right_answers(&self, sitting: &Sitting) -> Vec<Value> {
        let mut tx = self.app.store.read().await.expect("a snapshot");
        let attempt = yikouqing::store::attempts::find(&mut tx, &sitting.attempt).await;
        drop(tx);
        let attempt = attempt.expect("attempts").expect("the attempt");
        let hall = self.app.hall(&attempt.round_id).await.expect("the round");
        let paper = &attempt.paper;
        let asked = paper.questions.iter().map(|asked| {
            question_of(paper, asked.number, &hall.publication).expect("a question of the bank")
        });
        asked
            .map(|(asked, question)| right_answer(question).to_wire(question, asked))
            .collect()
    }
}

pub(crate) fn right_answer(question: &Question) -> Answer {
    match &question.body {
        Asked::Choices(choices) => Answer::Chosen(choices.key.clone()),
        Asked::Judgement { truth } => Answer::Chosen(vec![usize::from(!truth)]),
        Asked::Blanks(blanks) => Answer::Filled(
            blanks
                .accepted
                .iter()
                .map(|texts| texts[0].clone())
                .collect(),
        ),
        Asked::Recall(recall) => {
            let said = recall
                .elements
                .iter()
                .map(|each| each.sayings[0].text.clone());
            Answer::Said(said.collect::<Vec<_>>().join("，"))
        }
    }
}
