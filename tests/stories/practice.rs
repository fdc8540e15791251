//! 练一练: told at once, private, never on a board; what was missed comes back; nothing that is under seal.

mod going;
mod offline;
mod pack;
mod unit;

use serde_json::Value;
use yikouqing::{
    app::{coach::GoView, proctor::question_of},
    bank::question::Kind,
    people::Person,
    store::people,
};

use crate::stage::{
    Stage,
    cadre::{Cadre, right_answer},
    reply::Reply,
};

/// One day.
pub(crate) const DAY_MS: i64 = 24 * crate::stage::HOUR_MS;

impl Stage {
    pub(crate) async fn person(&self, name: &str) -> Person {
        let mut tx = self.app.store.read().await.expect("a snapshot");
        let all = people::persons(&mut tx).await.expect("people");
        let found = all.into_iter().find(|person| person.name == name);
        found.unwrap_or_else(|| panic!("no {name} lives here"))
    }

    pub(crate) async fn go(&self, name: &str, id: &str) -> GoView {
        let person = self.person(name).await;
        self.app.practice_go(&person, id).await.expect("a go")
    }

    /// What answers this question of a go right, as a phone would send it.
    pub(crate) fn right_in(view: &GoView, number: u32) -> Value {
        let (asked, question) =
            question_of(&view.go.paper, number, &view.publication).expect("a question");
        right_answer(question).to_wire(question, asked)
    }

    pub(crate) fn kind_in(view: &GoView, number: u32) -> Kind {
        let (_, question) =
            question_of(&view.go.paper, number, &view.publication).expect("a question");
        question.kind()
    }
}

impl Cadre {
    /// Begins to practise: the go's id.
    pub(crate) async fn practise(&self, fields: &str) -> String {
        let reply = self.form("/practice", fields).await.expect(303);
        let to = reply.header("location");
        to.strip_prefix("/practice/goes/").expect(to).to_owned()
    }

    /// Answers by the plain form.
    pub(crate) async fn say(&self, go: &str, number: u32, answer: &Value) -> Reply {
        let texts = match answer {
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => vec![text.as_str()],
            _ => vec![],
        };
        let mut form = url::form_urlencoded::Serializer::new(format!("number={number}"));
        for text in texts {
            form.append_pair("answer", text);
        }
        if answer.is_null() {
            form.append_pair("go", "skip");
        }
        self.form(&format!("/practice/goes/{go}/answer"), &form.finish())
            .await
    }

    pub(crate) async fn look(&self, go: &str, number: u32) -> Reply {
        self.get(&format!("/practice/goes/{go}?q={number}")).await
    }

    /// Practises a go to its end, everything right or everything skipped; the number of questions.
    pub(crate) async fn practise_all(
        &self,
        stage: &Stage,
        name: &str,
        wish: &str,
        right: Right,
    ) -> u32 {
        let go = self.practise(wish).await;
        let view = stage.go(name, &go).await;
        let count = view.go.paper.questions.len() as u32;
        for number in 1..=count {
            let answer = match right {
                Right::All => Stage::right_in(&view, number),
                Right::None => Value::Null,
            };
            self.say(&go, number, &answer).await.expect(303);
        }
        count
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Right {
    All,
    None,
}
