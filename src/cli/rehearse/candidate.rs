//! One invented candidate with a phone: the pages and doors of exam day in the order of exam day, no shortcuts.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use crate::cli::rehearse::{
    figures::{Phase, Sample, Tally},
    plan::{KeptStep, Sat},
    wire::{Ask, Broken, Reply, Wire},
};

/// How often a busy server is asked again; with its own Retry-After that is more than a minute.
const RETRIES_MAX: u32 = 40;
const RECONNECTS_MAX: u32 = 5;

#[derive(Debug)]
pub(super) struct Candidate {
    place: usize,
    pub(super) wire: Wire,
    ticket: String,
    pub(super) tally: Tally,
    paper: Paper,
    pub(super) sat: Sat,
}

/// The data block of the exam page.
#[derive(Debug, Default, Deserialize)]
struct Exam {
    last_seq: i64,
    paper: Paper,
}

#[derive(Debug, Default, Deserialize)]
struct Paper {
    questions: Vec<Question>,
}

#[derive(Debug, Deserialize)]
struct Question {
    number: u32,
    kind: String,
    choices: Vec<Choice>,
    blanks: usize,
}

#[derive(Debug, Deserialize)]
struct Choice {
    letter: String,
}

impl Candidate {
    pub(super) fn new(place: usize, host: &str, ticket: &str) -> Candidate {
        Candidate {
            place,
            wire: Wire::to(host),
            ticket: ticket.to_owned(),
            tally: Tally::default(),
            paper: Paper::default(),
            sat: Sat::default(),
        }
    }

    /// What this phase asks of one candidate. Who failed before has nothing left to do.
    pub(super) async fn act(&mut self, phase: Phase, round: &str, pace: Pace) {
        let sitting = !self.sat.attempt.is_empty();
        let done = match phase {
            Phase::SignIn => self.sign_in().await,
            Phase::Start => self.start(round).await,
            Phase::Page if sitting => self.open_paper().await,
            Phase::Steps if sitting => self.answer(pace).await,
            Phase::HandIn if sitting => self.hand_in().await,
            Phase::Outcome if sitting => self.look_at_outcome().await,
            Phase::Board if sitting => {
                let asked = Ask::get(format!("/rounds/{round}/board"));
                self.ask(&asked, &[200]).await.map(drop)
            }
            _ => Ok(()),
        };
        if let Err(error) = done {
            self.tally.errors.push(error);
        }
    }

    /// Two taps: the ticket's page, and its button.
    async fn sign_in(&mut self) -> Result<(), String> {
        let ticket = self.ticket.clone();
        self.ask(&Ask::get(&ticket), &[200]).await?;
        self.ask(&Ask::press(&ticket), &[303]).await.map(drop)
    }

    async fn start(&mut self, round: &str) -> Result<(), String> {
        let asked = Ask::press(format!("/rounds/{round}/start"));
        let reply = self.ask(&asked, &[303]).await?;
        let to = reply.location.unwrap_or_default();
        let attempt = to.strip_prefix("/attempts/");
        attempt
            .ok_or_else(|| format!("开考以后转到了 {to}"))?
            .clone_into(&mut self.sat.attempt);
        Ok(())
    }

    async fn open_paper(&mut self) -> Result<(), String> {
        let asked = Ask::get(format!("/attempts/{}", self.sat.attempt));
        let reply = self.ask(&asked, &[200]).await?;
        let page = String::from_utf8_lossy(&reply.body);
        let exam: Exam = data_block(&page)
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or("答题页上没有试卷")?;
        self.paper = exam.paper;
        self.sat.last_seq = exam.last_seq;
        Ok(())
    }

    /// One step after the other, each waiting for the answer to the last, as a phone does.
    async fn answer(&mut self, pace: Pace) -> Result<(), String> {
        let count = self.paper.questions.len();
        if count == 0 {
            return Ok(());
        }
        for turn in 0..pace.steps {
            sleep_until(pace.at(self.place, turn)).await;
            let question = &self.paper.questions[turn as usize % count];
            let step = KeptStep {
                seq: self.sat.last_seq + 1,
                number: question.number,
                answer: invented(question, self.place + turn as usize),
            };
            let sent = json!({ "steps": [{
                "seq": step.seq, "number": step.number, "answer": step.answer,
                "elapsed_ms": pace.begun.elapsed().as_millis() as u64,
            }] });
            let asked = Ask::json(
                format!("/api/v1/attempts/{}/steps", self.sat.attempt),
                &sent,
            );
            let reply = read_json(&self.ask(&asked, &[200]).await?)?;
            let refused = reply["rejected"]
                .as_array()
                .is_some_and(|all| !all.is_empty());
            if refused || reply["acknowledged"].as_i64() < Some(step.seq) {
                return Err(format!("一步没有存上：{reply}"));
            }
            self.sat.last_seq = step.seq;
            self.sat.steps.push(step);
        }
        Ok(())
    }

    async fn hand_in(&mut self) -> Result<(), String> {
        let sent = json!({ "last_seq": self.sat.last_seq });
        let asked = Ask::json(
            format!("/api/v1/attempts/{}/submit", self.sat.attempt),
            &sent,
        );
        let reply = read_json(&self.ask(&asked, &[200]).await?)?;
        reply["receipt"]
            .as_str()
            .ok_or("交了卷，没有交卷凭证")?
            .clone_into(&mut self.sat.receipt);
        Ok(())
    }

    async fn look_at_outcome(&mut self) -> Result<(), String> {
        let asked = Ask::get(format!("/attempts/{}", self.sat.attempt));
        self.ask(&asked, &[200]).await.map(drop)
    }

    /// What the server tells of the attempt now, for the check afterwards.
    pub(super) async fn ask_for_outcome(&mut self) {
        if self.sat.attempt.is_empty() {
            return;
        }
        let asked = Ask::get(format!("/api/v1/attempts/{}", self.sat.attempt));
        match self
            .ask(&asked, &[200])
            .await
            .and_then(|reply| read_json(&reply))
        {
            Ok(told) => self.sat.told = told,
            Err(error) => self.tally.errors.push(error),
        }
    }

    /// One request as a patient phone makes it: a busy server is asked again, a broken connection opened again.
    pub(super) async fn ask(&mut self, ask: &Ask, wanted: &[u16]) -> Result<Reply, String> {
        let (begun, (down, up)) = (Instant::now(), self.wire.traffic.so_far());
        let (mut retries, mut reconnects) = (0, 0);
        loop {
            match self.wire.send(ask).await {
                Ok(reply) if matches!(reply.status, 429 | 503) && retries < RETRIES_MAX => {
                    retries += 1;
                    self.tally.retried += 1;
                    sleep(Duration::from_secs(reply.retry_after.unwrap_or(1).min(10))).await;
                }
                Ok(reply) if wanted.contains(&reply.status) => {
                    let (down_now, up_now) = self.wire.traffic.so_far();
                    self.tally.samples.push(Sample {
                        micros: begun.elapsed().as_micros() as u64,
                        down: down_now - down,
                        up: up_now - up,
                    });
                    return Ok(reply);
                }
                Ok(reply) => return Err(refusal(ask, &reply)),
                Err(Broken(_)) if reconnects < RECONNECTS_MAX => {
                    reconnects += 1;
                    self.tally.reconnected += 1;
                    sleep(Duration::from_millis(100 << reconnects)).await;
                }
                Err(Broken(why)) => return Err(format!("连接断了：{why}")),
            }
        }
    }
}

/// When steps are sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) begun: Instant,
    pub(super) steps: u32,
    pub(super) seconds: u32,
}

impl Pace {
    /// For what has no steps.
    pub(super) fn none() -> Pace {
        Pace {
            begun: Instant::now(),
            steps: 0,
            seconds: 0,
        }
    }

    /// Spread evenly, every candidate at another moment between two beats.
    fn at(self, place: usize, turn: u32) -> Instant {
        let beat = f64::from(self.seconds) / f64::from(self.steps.max(1));
        let within = (place % 97) as f64 / 97.0;
        self.begun + Duration::from_secs_f64(beat * (f64::from(turn) + within))
    }
}

/// The paper as the page's script finds it.
fn data_block(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("id=\"exam\">")?;
    Some(rest.split_once("</script>")?.0)
}

/// An answer that this question can take; another one for another `chance`.
fn invented(question: &Question, chance: usize) -> Value {
    let letter = |at: usize| {
        let choice = question.choices.get(at % question.choices.len().max(1));
        choice.map_or("A", |choice| choice.letter.as_str())
    };
    match question.kind.as_str() {
        "single" => json!(letter(chance)),
        "multiple" if question.choices.len() > 1 => {
            let mut letters = [letter(chance), letter(chance + 1)];
            letters.sort_unstable();
            json!(letters)
        }
        "multiple" => json!([letter(chance)]),
        "judgement" => json!(if chance.is_multiple_of(2) { "A" } else { "B" }),
        "blanks" => json!(vec![format!("{chance}"); question.blanks]),
        _ => json!(format!("演练的口答，第 {chance} 次，说给群众听。")),
    }
}

pub(super) fn read_json(reply: &Reply) -> Result<Value, String> {
    serde_json::from_slice(&reply.body).map_err(|error| format!("答复不是 JSON：{error}"))
}

fn refusal(ask: &Ask, reply: &Reply) -> String {
    let why = serde_json::from_slice::<Value>(&reply.body).ok();
    let why = why.as_ref().and_then(|why| why["detail"].as_str());
    // Tickets and ids say nothing here, and tickets are keys.
    let place = ask
        .path
        .rsplit('/')
        .next()
        .filter(|_| !ask.path.starts_with("/t/"));
    format!(
        "{} …/{}：{} {}",
        ask.method,
        place.unwrap_or("参赛证"),
        reply.status,
        why.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_is_found_in_the_page_and_answered_by_kind() {
        let page = r#"<p>题</p><script type="application/json" id="exam">{"last_seq":7,"paper":{"questions":[
            {"number":1,"kind":"multiple","choices":[{"letter":"A"},{"letter":"B"},{"letter":"C"}],"blanks":0},
            {"number":2,"kind":"blanks","choices":[],"blanks":2}]}}</script>"#;
        let exam: Exam = serde_json::from_str(data_block(page).unwrap()).unwrap();
        assert_eq!(exam.last_seq, 7);
        // The letters stand in order however they were picked: that is how the server tells them again.
        assert_eq!(invented(&exam.paper.questions[0], 2), json!(["A", "C"]));
        assert_eq!(invented(&exam.paper.questions[1], 3), json!(["3", "3"]));
        assert_eq!(data_block("<p>已经交卷</p>"), None);
    }
}
