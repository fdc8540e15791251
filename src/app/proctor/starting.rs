//! Whether somebody may start, and the paper they get.

use std::collections::HashMap;

use crate::{
    app::memory::{Hall, lock, seen_on},
    attempt::deadline::Deadline,
    clock::{civil, fresh_id, hex},
    contest::round::{Entrant, Papers, Phase},
    error::{Code, Error, Result},
    paper::{
        assemble::{History, reorder},
        seal::{Secret, division_seed, person_seed},
    },
    store::{
        attempts::{Attempt, State},
        queue::NewAttempt,
    },
};

/// The queue knows an attempt by round, person and number: asking for the one that stands resumes it. Its own id would
/// look like an attempt just made.
pub(super) fn resumed(attempt: &Attempt, now_ms: i64) -> NewAttempt {
    NewAttempt {
        id: fresh_id(now_ms),
        round_id: attempt.round_id.clone(),
        person_id: attempt.person_id.clone(),
        number: attempt.number,
        seed: String::new(),
        drawn_with: String::new(),
        paper: String::new(),
        started_at_ms: attempt.started_at_ms,
        deadline_at_ms: attempt.deadline_at_ms,
    }
}

pub(super) fn may_start(hall: &Hall, mine: &[Attempt], now_ms: i64) -> Result<()> {
    let round = &hall.round;
    match round.phase(now_ms) {
        Phase::Open => {}
        Phase::Paused => {
            return Err(Error::refused(
                Code::RoundPaused,
                "本场暂停了，恢复后再开始，时间不会少",
            ));
        }
        Phase::Upcoming => {
            let opens = civil(round.opens_at_ms).format("%-m月%-d日%H:%M");
            return Err(Error::refused(
                Code::RoundNotOpen,
                format!("还没到开始时间，{opens}开始"),
            ));
        }
        Phase::Draft | Phase::Closed | Phase::Announced => {
            return Err(Error::refused(Code::RoundNotOpen, "本场已经结束"));
        }
    }
    // A void one never happened, as far as chances go.
    let counted: Vec<&Attempt> = mine
        .iter()
        .filter(|each| each.state != State::Void)
        .collect();
    if counted.len() >= round.rules.attempts as usize {
        return Err(Error::refused(
            Code::AttemptsUsedUp,
            "本场的作答次数已经用完",
        ));
    }
    let today = civil(now_ms).date_naive();
    let today_count = counted
        .iter()
        .filter(|each| civil(each.started_at_ms).date_naive() == today)
        .count();
    match round.rules.attempts_per_day {
        Some(most) if today_count >= most as usize => Err(Error::refused(
            Code::AttemptsUsedUp,
            "今天的作答次数已经用完，明天再来",
        )),
        _ => Ok(()),
    }
}

pub(super) fn draw(
    hall: &Hall,
    entrant: &Entrant,
    number: u32,
    mine: &[Attempt],
    now_ms: i64,
) -> Result<NewAttempt> {
    let round = &hall.round;
    let secret = Secret::from_hex(round.secret.as_deref().unwrap_or_default())
        .ok_or_else(|| Error::internal("这一场没有封存的种子", round.id.clone()))?;
    let assembler = hall.assembler(&entrant.post)?;
    let own_seed = person_seed(&secret, &entrant.person_id, number);
    let (paper, history) = match round.rules.papers {
        Papers::Each => {
            let history = History {
                seen: seen_on(mine.iter().map(|attempt| &attempt.paper)),
                used: lock(&hall.used).clone(),
            };
            (assembler.assemble(&own_seed, &history), history)
        }
        Papers::Same => {
            let history = History::default();
            let common = assembler.assemble(&division_seed(&secret, &entrant.division), &history);
            (
                reorder(&common, &hall.publication.by_revision, &own_seed),
                history,
            )
        }
    };
    let deadline = Deadline {
        started_at_ms: now_ms,
        limit_ms: round.limit_ms,
        closes_at_ms: round.closes_at_ms + round.extension_ms + round.paused_total_ms,
        extension_ms: entrant.extension_ms,
        paused_ms: 0,
    };
    Ok(NewAttempt {
        id: fresh_id(now_ms),
        round_id: round.id.clone(),
        person_id: entrant.person_id.clone(),
        number,
        seed: hex(&own_seed),
        drawn_with: drawn_with(&history),
        paper: serde_json::to_string(&paper).expect("papers serialize"),
        started_at_ms: now_ms,
        deadline_at_ms: deadline.at_ms(),
    })
}

/// The history a paper was drawn with, so that anybody can draw it again: what was seen, and counts above zero.
fn drawn_with(history: &History) -> String {
    let mut seen: Vec<&str> = history.seen.iter().map(|id| id.0.as_str()).collect();
    seen.sort_unstable();
    let used: std::collections::BTreeMap<&str, u32> = history
        .used
        .iter()
        .map(|(id, count)| (id.0.as_str(), *count))
        .collect();
    serde_json::to_string(&HashMap::from([
        ("seen", serde_json::json!(seen)),
        ("used", serde_json::json!(used)),
    ]))
    .expect("ids and counts serialize")
}
