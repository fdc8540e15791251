//! The result page: the receipt, and what the release rule lets be seen.

use crate::{
    app::registrar::SignedIn,
    contest::round::{Release, Shown},
    error::Error,
    store::attempts::State as AttemptState,
    web::{
        candidate::who,
        outcome,
        pages::{
            result::{Ended, ResultPage},
            start::{self},
        },
        state::Web,
    },
};

pub(super) fn release_of(shown: Shown, rule: Release, closes_at_ms: i64) -> start::Release {
    match (shown, rule) {
        (Shown::Keys, _) => start::Release::Released,
        (_, Release::HandIn) => start::Release::Handin { closes_at_ms },
        (_, Release::Close) => start::Release::Close { closes_at_ms },
        (_, Release::Hand) => start::Release::Hand,
    }
}

pub(super) async fn result_page(
    web: &Web,
    member: &SignedIn,
    attempt_id: &str,
) -> Result<ResultPage, Error> {
    let view = web.app.attempt_view(attempt_id, &member.person.id).await?;
    let round = &view.hall.round;
    let (attempt, name) = (&view.attempt, view.attempt.paper.blueprint.clone());
    let blueprint = view
        .hall
        .publication
        .bank
        .blueprints
        .iter()
        .find(|each| each.name == name);
    let finished_at_ms = attempt.finished_at_ms.unwrap_or(view.now_ms);
    Ok(ResultPage {
        who: who(member),
        round: round.id.clone(),
        round_name: round.name.clone(),
        ended: match attempt.state {
            AttemptState::HandedIn => Ended::HandedIn,
            AttemptState::Void => Ended::Void,
            AttemptState::Open | AttemptState::TimedOut => Ended::TimedOut,
        },
        finished_at_ms,
        used_ms: attempt.time_used_ms(finished_at_ms),
        receipt: attempt.receipt.clone(),
        answered: view.given.len() as u32,
        count: attempt.paper.questions.len() as u32,
        total: attempt.paper.total,
        pass: blueprint.map(|blueprint| blueprint.pass),
        points: attempt
            .outcome
            .as_ref()
            .filter(|_| view.shown >= Shown::Points)
            .map(|outcome| outcome.points),
        release: release_of(
            view.shown,
            round.rules.release,
            round.window_ends_at_ms(view.now_ms),
        ),
        board: true,
        questions: outcome::graded(&view),
    })
}
