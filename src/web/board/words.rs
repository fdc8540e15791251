//! What a board says of its own rules: ties, how units count, what is masked.

use crate::{
    app::spectator::Standings,
    contest::ranking::TieKey,
    web::{
        board::{LEADERS, PUBLIC_ROWS, Viewer},
        pages::board::Of,
    },
};

pub(super) fn rule_text(standings: &Standings, of: Of) -> String {
    let rules = &standings.hall.round.rules;
    match of {
        Of::People => TieKey::chinese(&rules.tie_keys).into(),
        Of::Units => rules.unit_rule.chinese(),
    }
}

pub(super) fn masking(viewer: &Viewer, of: Of) -> Option<String> {
    match (viewer, of) {
        (Viewer::Public, Of::People) => Some(format!("这里只公布每组前 {PUBLIC_ROWS} 名。")),
        (Viewer::Entrant { division, .. }, Of::People) if division != LEADERS => {
            Some("镇领导的名次只在镇领导之间公布。".into())
        }
        _ => None,
    }
}
