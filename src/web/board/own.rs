//! From the own row on a board to the own attempt that it rests on.

use axum::{
    extract::{Path, State},
    response::Redirect,
};

use crate::{
    contest::counting::Counts,
    error::Error,
    store::attempts::{self, Attempt, State as AttemptState},
    web::{
        error::WebError,
        state::{Member, Web},
    },
};

/// The attempt that counts, or of a mean the last one; its page shows what the release rule allows.
pub(super) async fn show_own(
    State(web): State<Web>,
    Member(member): Member,
    Path(round): Path<String>,
) -> Result<Redirect, WebError> {
    let mine = web.app.round_of(&round, &member.person.id).await?;
    let mut tx = web.app.store.read().await?;
    let attempts = attempts::of_person(&mut tx, &round, &member.person.id).await?;
    let ended = attempts.iter().filter(|each| {
        each.outcome.is_some() && !matches!(each.state, AttemptState::Open | AttemptState::Void)
    });
    let counts = match mine.hall.round.rules.counts {
        Counts::First => ended.min_by_key(|each| each.number),
        Counts::Best => ended.min_by_key(|each| rank(each)),
        Counts::Last | Counts::Mean => ended.max_by_key(|each| each.number),
    };
    let counts = counts.ok_or_else(|| Error::NotFound("您在这一场的成绩".into()))?;
    Ok(Redirect::to(&format!("/attempts/{}", counts.id)))
}

/// As `contest::counting` finds the best: most points, then least time, then the earlier one.
fn rank(attempt: &Attempt) -> (i64, i64, u32) {
    let points = attempt
        .outcome
        .as_ref()
        .map_or(0, |outcome| outcome.points.0);
    let used_ms = attempt
        .finished_at_ms
        .map_or(0, |at_ms| attempt.time_used_ms(at_ms));
    (-points, used_ms, attempt.number)
}
