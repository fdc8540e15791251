//! 作答核对 at an organizer's desk: from a rank down to the answer, each look on record.

use axum::{
    Router,
    extract::{Path, State},
    response::Html,
    routing::get,
};
use serde_json::Value;

use crate::{
    app::{
        candidate::AttemptView,
        monitor::{SeatState, evidence::Evidence},
        proctor::question_of,
        registrar::SignedIn,
    },
    attempt::{answer::Answer, steps::Step},
    bank::{blueprint::Scoring, question::Question},
    clock::civil,
    contest::round::Shown,
    error::Error,
    paper::PaperQuestion,
    web::{
        desk::{entrant::place, rulings::spoken_rows, staff},
        error::WebError,
        outcome,
        page::render,
        pages::{
            evidence::{EvidencePage, StepRow, Weighed},
            parts::Staff,
        },
        state::{Organizer, Web},
    },
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/rounds/{round}/attempts/{attempt}", get(show_evidence))
}

async fn show_evidence(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, attempt)): Path<(String, String)>,
) -> Result<Html<String>, WebError> {
    let page = evidence_page(&web, &who, &round, &attempt).await?;
    Ok(Html(render(&page)))
}

pub(super) async fn evidence_page(
    web: &Web,
    who: &SignedIn,
    round: &str,
    attempt: &str,
) -> Result<EvidencePage, Error> {
    let evidence = web.app.evidence(&who.person.id, round, attempt).await?;
    Ok(page(evidence, staff(who)))
}

fn page(evidence: Evidence, staff: Staff) -> EvidencePage {
    let questions = weighed(&evidence);
    let Evidence {
        entrant,
        view,
        steps,
        standing,
        no_ruling,
        ..
    } = evidence;
    let (attempt, round) = (&view.attempt, &view.hall.round);
    let until_ms = attempt.finished_at_ms.unwrap_or(view.now_ms);
    EvidencePage {
        staff,
        notice: None,
        round: round.id.clone(),
        round_name: round.name.clone(),
        person: entrant.person_id,
        name: entrant.name,
        unit: entrant.unit_name,
        division: entrant.division,
        number: attempt.number,
        state: SeatState::of(attempt.state.text()),
        started_at_ms: attempt.started_at_ms,
        deadline_at_ms: attempt.deadline_at_ms,
        finished_at_ms: attempt.finished_at_ms,
        used_ms: attempt.time_used_ms(until_ms),
        paused_ms: attempt.paused_ms,
        receipt: attempt.receipt.clone(),
        points: attempt.outcome.as_ref().map(|outcome| outcome.points),
        total: attempt.paper.total,
        place: standing.map(|standing| place(standing, round)),
        keys: view.shown == Shown::Keys,
        questions,
        no_ruling,
        back: "",
        unreadable: steps.iter().filter(|(step, _)| step.number == 0).count(),
    }
}

/// Every question with the steps it was answered by, and the elements of what was said.
fn weighed(evidence: &Evidence) -> Vec<Weighed> {
    let view = &evidence.view;
    let (paper, publication) = (&view.attempt.paper, &view.hall.publication);
    outcome::graded(view)
        .into_iter()
        .filter_map(|question| {
            let (asked, banked) = question_of(paper, question.asked.number, publication)?;
            Some(Weighed {
                rule: rule(asked.scoring),
                elements: match view.shown {
                    Shown::Keys => spoken_rows(evidence, banked, &question),
                    Shown::Nothing | Shown::Points => vec![],
                },
                steps: step_rows(&evidence.steps, view, asked, banked),
                question,
            })
        })
        .collect()
}

/// The steps about one question, as they came.
fn step_rows(
    steps: &[(Step, Option<i64>)],
    view: &AttemptView,
    asked: &PaperQuestion,
    question: &Question,
) -> Vec<StepRow> {
    let about = || steps.iter().filter(|(step, _)| step.number == asked.number);
    let counts = |(step, accepted): &&(Step, Option<i64>)| !step.late || accepted.is_some();
    let standing = about().filter(counts).map(|(step, _)| step.seq).max();
    // What was taken back at last leaves nothing that stands.
    let standing = standing.filter(|_| view.given.contains_key(&asked.number));
    about()
        .map(|(step, accepted_at_ms)| StepRow {
            seq: step.seq,
            time: civil(step.at_ms).format("%H:%M:%S%.3f").to_string(),
            elapsed_ms: step.elapsed_ms,
            answer: said(step.answer.as_ref(), question, asked),
            late: step.late,
            accepted_at_ms: *accepted_at_ms,
            stands: standing == Some(step.seq),
        })
        .collect()
}

/// Letters of this paper, or texts.
fn said(answer: Option<&Answer>, question: &Question, asked: &PaperQuestion) -> Vec<String> {
    match answer.map(|answer| answer.to_wire(question, asked)) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().unwrap_or_default().to_owned())
            .collect(),
        _ => vec![],
    }
}

/// As blueprints say it.
fn rule(scoring: Scoring) -> String {
    match scoring {
        Scoring::AllOrNothing => "全对得分".into(),
        Scoring::PartialProportional => "少选按比例".into(),
        Scoring::PartialHalf => "少选得一半".into(),
        Scoring::PartialEach(points) => format!("少选每项得 {points} 分"),
        Scoring::PartialFixed(points) => format!("少选得 {points} 分"),
        Scoring::WrongDeducts(points) => format!("答错扣 {points} 分"),
        Scoring::PerBlank => "每空计分".into(),
        Scoring::AllBlanks => "全对计分".into(),
        Scoring::PerElement => "按说到的要点计分".into(),
    }
}
