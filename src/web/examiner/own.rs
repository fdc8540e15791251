//! 我的抽问成绩: the own results in 计分抽问, for whoever was examined.

use axum::{extract::State, response::Html};

use crate::{
    app::examiner::own::OwnResult,
    contest::spot_check::Weight,
    web::{
        candidate::who,
        error::WebError,
        page::render,
        pages::{
            spot_results::{OwnSpotResult, SpotResults},
            spot_sheet::SheetPerson,
        },
        state::{Member, Web},
    },
};

pub(super) async fn show(
    State(web): State<Web>,
    Member(member): Member,
) -> Result<Html<String>, WebError> {
    let results = web.app.own_spot_results(&member.person.id).await?;
    let row = |result: OwnResult| {
        let ended = result.event.closed_at_ms.is_some();
        let sheet = result.sheet.into_iter();
        let sheet: Vec<SheetPerson> = sheet
            .map(|sheet| SheetPerson::of(who(&member), sheet, Weight::Scored))
            .collect();
        let standing = result.standing.as_ref();
        OwnSpotResult {
            ended,
            points: result.points,
            total: result.event.rules.total(),
            rank: standing.and_then(|standing| standing.rank),
            division: standing.map_or_else(String::new, |each| each.row.division.clone()),
            why: standing.map_or_else(String::new, |each| each.why.clone()),
            withheld: ended && result.points.is_some() && sheet.is_empty(),
            sheet,
            name: result.event.name,
        }
    };
    let results = results.into_iter().map(row).collect();
    Ok(Html(render(&SpotResults { results })))
}
