//! Whether somebody may start, and the paper they get.

use std::collections::HashMap;

use crate::{
    app::memory::{Hall, Sitting, seen_on},
    attempt::deadline::Deadline,
    bank::question::QuestionId,
    clock::{civil, fresh_id, hex},
    contest::round::{Entrant, Papers, Phase},
    error::{Code, Error, Result},
    paper::{
        Paper,
        assemble::{History, reorder},
        drawn_with,
        seal::{Secret, division_seed, person_seed},
    },
    store::{
        attempts::{Attempt, State},
        queue::NewAttempt,
    },
};

/// A paper just drawn, as the queue wants it and as it will stand.
pub(super) struct Drawn {
    pub(super) row: NewAttempt,
    pub(super) attempt: Attempt,
}

/// The queue knows an attempt by round, person and number: asking for the one that stands resumes it. Its own id would
/// look like an attempt just made.
pub(super) fn resumed(sitting: &Sitting, now_ms: i64) -> NewAttempt {
    NewAttempt {
        id: fresh_id(now_ms),
        round_id: sitting.round_id.clone(),
        person_id: sitting.person_id.clone(),
        number: sitting.number,
        seed: String::new(),
        drawn_with: String::new(),
        paper: String::new(),
        started_at_ms: sitting.started_at_ms,
        deadline_at_ms: 0,
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

/// Draws, and counts the paper in at once: of a crowd that starts together, each is drawn after the one before.
pub(super) fn draw(
    hall: &Hall,
    entrant: &Entrant,
    number: u32,
    mine: &[Attempt],
    used: &mut HashMap<QuestionId, u32>,
    now_ms: i64,
) -> Result<Drawn> {
    let round = &hall.round;
    let secret = Secret::from_hex(round.secret.as_deref().unwrap_or_default())
        .ok_or_else(|| Error::internal("这一场没有封存的种子", round.id.clone()))?;
    let assembler = hall.assembler(&entrant.post)?;
    let own_seed = person_seed(&secret, &entrant.person_id, number);
    let (paper, drawn_with) = match round.rules.papers {
        Papers::Each => {
            let history = History {
                seen: seen_on(mine.iter().map(|attempt| &attempt.paper)),
                used: std::mem::take(used),
            };
            let paper = assembler.assemble(&own_seed, &history);
            let drawn_with = drawn_with::pack(&history, &hall.publication.ids);
            *used = history.used;
            for question in &paper.questions {
                *used.entry(question.id.clone()).or_insert(0) += 1;
            }
            (paper, drawn_with)
        }
        Papers::Same => {
            let history = History::default();
            let common = assembler.assemble(&division_seed(&secret, &entrant.division), &history);
            let paper = reorder(&common, &hall.publication.by_revision, &own_seed);
            (paper, drawn_with::pack(&history, &hall.publication.ids))
        }
    };
    let deadline = Deadline {
        started_at_ms: now_ms,
        limit_ms: round.limit_ms,
        closes_at_ms: round.closes_at_ms + round.extension_ms + round.paused_total_ms,
        extension_ms: entrant.extension_ms,
        paused_ms: 0,
    };
    let row = NewAttempt {
        id: fresh_id(now_ms),
        round_id: round.id.clone(),
        person_id: entrant.person_id.clone(),
        number,
        seed: hex(&own_seed),
        drawn_with,
        paper: serde_json::to_string(&paper).expect("papers serialize"),
        started_at_ms: now_ms,
        deadline_at_ms: deadline.at_ms(),
    };
    let attempt = begun(&row, paper);
    Ok(Drawn { row, attempt })
}

fn begun(row: &NewAttempt, paper: Paper) -> Attempt {
    Attempt {
        id: row.id.clone(),
        round_id: row.round_id.clone(),
        person_id: row.person_id.clone(),
        number: row.number,
        state: State::Open,
        paper,
        started_at_ms: row.started_at_ms,
        deadline_at_ms: row.deadline_at_ms,
        seq_reserved: 0,
        finished_at_ms: None,
        receipt: None,
        outcome: None,
        paused_ms: 0,
    }
}
