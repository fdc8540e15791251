//! Which questions somebody may practise at all.

use chrono::NaiveDate;

use crate::bank::question::{Purpose, Question, QuestionId};

/// In force today, not kept for contests, and not on an own paper whose keys are not out yet.
pub fn may_practise(
    question: &Question,
    day: NaiveDate,
    is_barred: impl Fn(&QuestionId) -> bool,
) -> bool {
    question.purpose != Purpose::Contest && question.in_force.on(day) && !is_barred(&question.id)
}

/// Whether it belongs to one of these posts; without any post, everything does.
pub fn fits(question: &Question, posts: &[String]) -> bool {
    posts.is_empty() || posts.iter().any(|post| question.fits_post(post))
}
