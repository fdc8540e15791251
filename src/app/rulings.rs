//! 裁定: what organizers decide of the elements of a spoken answer, on record, from the close of a round on.

pub mod disputes;

use std::sync::Arc;

use serde_json::json;

use crate::{
    app::{
        App,
        archivist::must_be_kept,
        decisions::{refused, stated},
        memory::Publication,
        permission::is_person,
        proctor::question_of,
    },
    attempt::{
        answer::Answer,
        steps::{Step, standing_steps},
    },
    bank::question::Body,
    contest::round::{Round, State as RoundState},
    error::{Code, Error, Result},
    grading::{Found, Outcome, rulings::Ruling},
    store::{
        Tx,
        attempts::{self, Attempt, State},
        decisions,
        rulings::{self, Signed},
    },
};

/// What somebody wants ruled.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Question number on the paper, from 1.
    pub number: u32,
    /// Place among the question's elements, from 1.
    pub element: u32,
    /// Whether it counts as said.
    pub found: Found,
    pub reason: &'a str,
}

/// An ended attempt as it stands before a ruling.
struct Case {
    attempt: Attempt,
    outcome: Outcome,
    steps: Vec<Step>,
    rulings: Vec<Ruling>,
    publication: Arc<Publication>,
}

impl App {
    /// Rules that an element counts as said, or does not. The newest ruling of an element stands; nothing else of the
    /// attempt moves. After the announcement it is on record as a correction.
    pub async fn rule_on_element(
        &self,
        actor: &str,
        attempt_id: &str,
        wanted: &Wanted<'_>,
    ) -> Result<()> {
        let reason = stated(wanted.reason)?;
        let mut tx = self.store.write().await?;
        let (round, attempt) = self.attempt_run_by(&mut tx, actor, attempt_id).await?;
        may_rule(actor, &round, &attempt)?;
        must_be_kept(&mut tx, &round.id).await?;
        let case = self.case(&mut tx, &round, attempt).await?;
        let signed = Signed {
            ruling: Ruling {
                number: wanted.number,
                element: wanted.element,
                seq: case.seq_of(wanted)?,
                before: case.found(wanted)?,
                after: wanted.found,
                reason: reason.to_owned(),
                correction: round.state == RoundState::Announced,
                at_ms: self.clock.now_ms(),
            },
            actor: actor.to_owned(),
        };
        case.must_be_news(&signed.ruling)?;
        let outcome = case.ruled(&signed.ruling);
        rulings::append(&mut tx, &round.id, attempt_id, &signed).await?;
        decisions::replace_outcome(&mut tx, attempt_id, &outcome).await?;
        let said = |found| found == Found::Yes;
        let detail = json!({
            "attempt": attempt_id, "person": case.attempt.person_id, "reason": reason,
            "number": wanted.number, "element": wanted.element, "correction": signed.ruling.correction,
            "before": { "said": said(signed.ruling.before), "points": case.outcome.points },
            "after": { "said": said(wanted.found), "points": outcome.points },
        });
        self.decided(tx, actor, "rule-on-element", &round, detail)
            .await
    }

    /// The attempt, if it belongs to this round and this actor runs it.
    pub async fn must_run_attempt(
        &self,
        actor: &str,
        round_id: &str,
        attempt_id: &str,
    ) -> Result<()> {
        let mut tx = self.store.read().await?;
        self.must_run(&mut tx, actor, round_id).await?;
        let attempt = attempts::find(&mut tx, attempt_id).await?;
        attempt
            .filter(|attempt| attempt.round_id == round_id)
            .map(drop)
            .ok_or_else(|| Error::NotFound("这次作答".into()))
    }

    async fn case(&self, tx: &mut Tx, round: &Round, attempt: Attempt) -> Result<Case> {
        let outcome = attempt.outcome.clone();
        let outcome = outcome.ok_or_else(|| refused("这份试卷还没有评完分，请稍等一下再裁定"))?;
        let steps = attempts::steps(tx, &attempt.id).await?;
        let signed = rulings::of_attempt(tx, &attempt.id).await?;
        Ok(Case {
            attempt,
            outcome,
            steps,
            rulings: signed.into_iter().map(|each| each.ruling).collect(),
            publication: self.publication(tx, &round.publication_id).await?,
        })
    }
}

/// Who may rule on this attempt now.
pub(in crate::app) fn may_rule(actor: &str, round: &Round, attempt: &Attempt) -> Result<()> {
    if is_person(actor) && actor == attempt.person_id {
        return Err(refused("自己的作答不能自己裁定，请另一位主办人员来裁定"));
    }
    if !matches!(round.state, RoundState::Closed | RoundState::Announced) {
        return Err(refused("还没有收卷，收卷以后才能裁定"));
    }
    match attempt.state {
        State::HandedIn | State::TimedOut => Ok(()),
        State::Open => Err(refused("这份试卷还在作答，交了以后才能裁定")),
        State::Void => Err(refused("这次作答已经作废，不再裁定")),
    }
}

impl Case {
    /// The step whose words are ruled on.
    fn seq_of(&self, wanted: &Wanted<'_>) -> Result<i64> {
        let (number, element) = (wanted.number, wanted.element);
        let bad = |detail: String| Error::refused(Code::BadRequest, detail);
        let (_, question) = question_of(&self.attempt.paper, number, &self.publication)
            .ok_or_else(|| bad(format!("这份试卷没有第 {number} 题")))?;
        let Body::Recall(recall) = &question.body else {
            let detail = format!("第 {number} 题不是口答题，只有口答题的要点可以裁定");
            return Err(bad(detail));
        };
        if !(1..=recall.elements.len()).contains(&(element as usize)) {
            return Err(bad(format!("第 {number} 题没有第 {element} 个要点")));
        }
        let standing = standing_steps(&self.steps);
        let said = standing.get(&number).filter(|step| {
            let answer = step.answer.as_ref();
            answer.is_some_and(|answer| matches!(answer, Answer::Said(_)) && !answer.is_empty())
        });
        said.map(|step| step.seq)
            .ok_or_else(|| refused(format!("第 {number} 题没有作答，没有可以裁定的话")))
    }

    /// Whether the element counts now.
    fn found(&self, wanted: &Wanted<'_>) -> Result<Found> {
        let mut grades = self.outcome.grades.iter();
        let grade = grades.find(|grade| grade.number == wanted.number);
        let place = (wanted.element as usize).checked_sub(1);
        let part = grade
            .zip(place)
            .and_then(|(grade, place)| grade.parts.get(place));
        part.map(|part| part.found)
            .ok_or_else(|| Error::internal("成绩单里没有这个要点", format!("{wanted:?}")))
    }

    /// A first ruling may confirm what the program found; after that only another one is news.
    fn must_be_news(&self, next: &Ruling) -> Result<()> {
        let about = |ruling: &&Ruling| {
            (ruling.number, ruling.element, ruling.seq) == (next.number, next.element, next.seq)
        };
        let newest = self.rulings.iter().rev().find(about);
        if newest.is_some_and(|newest| newest.after == next.after) {
            return Err(refused("这个要点已经是这样裁定的了"));
        }
        Ok(())
    }

    fn ruled(&self, next: &Ruling) -> Outcome {
        let rulings: Vec<Ruling> = self.rulings.iter().chain([next]).cloned().collect();
        let questions = &self.publication.by_revision;
        let outcome = self.outcome.clone();
        outcome.ruled(&self.attempt.paper, questions, &rulings, &self.steps)
    }
}
