//! What a board says of its own rules: ties, how units count, what is masked.

use crate::{
    app::spectator::LiveBoard,
    contest::{ranking::TieKey, units::UnitRule},
    web::{
        board::{LEADERS, PUBLIC_ROWS, Viewer},
        pages::board::Of,
    },
};

pub(super) fn rule_text(live: &LiveBoard, of: Of) -> String {
    let rules = &live.hall.round.rules;
    match of {
        Of::People => match rules.tie_keys.first() {
            None => "同分并列".into(),
            Some(TieKey::TimeUsed) => "同分看用时".into(),
            Some(TieKey::HandInOrder) => "同分看交卷先后".into(),
        },
        Of::Units => match rules.unit_rule {
            UnitRule::MeanTimesTurnout => "总分 ÷ 应参赛人数".into(),
            UnitRule::MeanOfSitters => "实际参赛人均分".into(),
            UnitRule::TopMean(k) => format!("前 {k} 名均分"),
            UnitRule::Sum => "总分".into(),
        },
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
