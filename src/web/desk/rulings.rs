//! 口答争议 at an organizer's desk: the list of disputed elements, and the ruling on one of them.

mod elements;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    app::{registrar::SignedIn, rulings::Wanted},
    error::{Code, Error},
    grading::Found,
    web::{
        candidate::round_state,
        desk::{evidence::evidence_page, staff},
        error::{WebError, status_of},
        page::render,
        pages::{parts::Notice, rulings::RulingsPage},
        state::{Organizer, Web},
    },
};

pub(super) use elements::spoken_rows;

/// Disputed elements on one page.
const PAGE_ROWS: usize = 50;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds/{round}/rulings", get(show_rulings))
        .route("/rounds/{round}/attempts/{attempt}/rule", post(rule))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    from: String,
}

async fn show_rulings(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let from = asked.from.parse().unwrap_or(0);
    let page = rulings_page(&web, &who, &round, from).await?;
    Ok(Html(render(&page)))
}

async fn rulings_page(
    web: &Web,
    who: &SignedIn,
    round: &str,
    from: usize,
) -> Result<RulingsPage, Error> {
    let disputes = web.app.disputes(&who.person.id, round).await?;
    let (round, count) = (&disputes.hall.round, disputes.rows.len());
    // Who follows an old address past the end stands at the beginning.
    let from = if from < count { from } else { 0 };
    let rows = disputes.rows.iter().skip(from).take(PAGE_ROWS);
    Ok(RulingsPage {
        staff: staff(who),
        notice: None,
        round: round.id.clone(),
        round_name: round.name.clone(),
        state: round_state(round.phase(web.app.clock.now_ms())),
        count,
        unruled: disputes.unruled,
        from,
        rows: rows
            .map(|row| elements::disputed_row(row, &who.person.id))
            .collect(),
        back: "rulings",
        before: (from > 0).then(|| from.saturating_sub(PAGE_ROWS)),
        after: (from + PAGE_ROWS < count).then_some(from + PAGE_ROWS),
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleForm {
    number: String,
    element: String,
    said: String,
    reason: String,
    /// `rulings`: where the form stands.
    back: String,
}

impl RuleForm {
    fn wanted(&self) -> Result<Wanted<'_>, Error> {
        let bad = |detail: &str| Error::refused(Code::BadRequest, detail);
        let whole = |text: &str| text.parse().map_err(|_| bad("题号和要点要写成数字"));
        Ok(Wanted {
            number: whole(&self.number)?,
            element: whole(&self.element)?,
            found: match self.said.as_str() {
                "yes" => Found::Yes,
                "no" => Found::No,
                _ => return Err(bad("请选“算说到”或“不算”")),
            },
            reason: &self.reason,
        })
    }

    /// Whether this is the form of that element.
    fn is_of(&self, number: u32, element: u32) -> bool {
        self.number == number.to_string() && self.element == element.to_string()
    }
}

async fn rule(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path((round, attempt)): Path<(String, String)>,
    Form(form): Form<RuleForm>,
) -> Result<Response, WebError> {
    let (app, actor) = (&web.app, who.person.id.as_str());
    app.must_run_attempt(actor, &round, &attempt).await?;
    let ruled = match form.wanted() {
        Ok(wanted) => app.rule_on_element(actor, &attempt, &wanted).await,
        Err(error) => Err(error),
    };
    match ruled {
        Ok(()) if form.back == "rulings" => {
            Ok(Redirect::to(&format!("/rounds/{round}/rulings")).into_response())
        }
        Ok(()) => {
            let to = format!("/rounds/{round}/attempts/{attempt}#q{}", form.number);
            Ok(Redirect::to(&to).into_response())
        }
        // What was typed comes back with the page of that answer, wherever the form stood.
        Err(Error::Refused(refusal)) => {
            let mut page = evidence_page(&web, &who, &round, &attempt).await?;
            page.notice = Some(Notice::alert(refusal.detail));
            let elements = page
                .questions
                .iter_mut()
                .flat_map(|each| &mut each.elements);
            for each in elements.filter(|each| form.is_of(each.number, each.element)) {
                each.typed.clone_from(&form.reason);
            }
            Ok((status_of(refusal.code), Html(render(&page))).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
