//! 监考 at an organizer's desk: the list, and its changes as server-sent events.

use std::{collections::HashMap, convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    response::{
        Html,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{Stream, stream};

use crate::{
    app::{
        monitor::{Monitor, Seat, SeatState},
        recorder::conflicts::Conflict,
    },
    clock::civil,
    contest::round::Phase,
    people::Role,
    web::{
        candidate::round_state,
        desk::{record::words, rounds::actions, staff},
        error::WebError,
        page::render,
        pages::monitor::{ConflictRow, LookRow, MonitorEvent, MonitorPage, SeatRow},
        state::{Organizer, Web},
    },
};

/// How often a watched round is looked at.
const PAUSE: Duration = Duration::from_secs(2);
/// The most looks at keys that are listed of one person; the log has them all.
const LOOKS_SHOWN: usize = 12;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/rounds/{round}/monitor", get(show_monitor))
        .route("/rounds/{round}/monitor/events", get(monitor_events))
}

async fn show_monitor(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Html<String>, WebError> {
    let monitor = web.app.monitor(&who.person.id, &round).await?;
    let rounds = web.app.rounds_run_by(&who.person.id).await?;
    let names: HashMap<&str, &str> = rounds
        .iter()
        .map(|round| (round.id.as_str(), round.name.as_str()))
        .collect();
    let conflicts = web.app.conflicts_in(&who.person.id, &round).await?;
    let event = event(&monitor);
    Ok(Html(render(&MonitorPage {
        staff: staff(&who),
        state: event.state,
        now_ms: monitor.now_ms,
        remaining_ms: event.remaining_ms,
        totals: event.totals,
        held: monitor.round.board_held,
        actions: actions(&monitor.round, monitor.round.phase(monitor.now_ms)),
        back: "monitor",
        conflicts: conflicts
            .iter()
            .map(|conflict| conflict_row(conflict, &names))
            .collect(),
        seats: event.seats,
        id: monitor.round.id,
        name: monitor.round.name,
    })))
}

fn event(monitor: &Monitor) -> MonitorEvent {
    let (round, now_ms) = (&monitor.round, monitor.now_ms);
    let phase = round.phase(now_ms);
    let seats = monitor.rows.iter();
    MonitorEvent {
        state: round_state(phase),
        time: civil(now_ms).format("%H:%M:%S").to_string(),
        remaining_ms: (phase == Phase::Open).then(|| round.window_ends_at_ms(now_ms) - now_ms),
        totals: monitor.totals(),
        seats: seats.map(|seat| seat_row(seat, now_ms)).collect(),
    }
}

pub(super) fn seat_row(seat: &Seat, now_ms: i64) -> SeatRow {
    let sits = seat.state() == SeatState::Sitting;
    let last = seat.attempts.last();
    let seen_at_ms = seat.last_seen_at_ms();
    SeatRow {
        person: seat.entrant.person_id.clone(),
        name: seat.entrant.name.clone(),
        unit: seat.entrant.unit_name.clone(),
        division: seat.entrant.division.clone(),
        late: seat.entrant.late,
        state: seat.state(),
        answered: seat.answered,
        deadline: last
            .filter(|_| sits)
            .map(|last| civil(last.deadline_at_ms).format("%H:%M").to_string()),
        seen_at_ms,
        quiet_ms: seen_at_ms.map(|at_ms| (now_ms - at_ms).max(0)),
        late_steps: seat.attempts.iter().map(|each| each.late_steps).sum(),
    }
}

fn conflict_row(conflict: &Conflict, rounds: &HashMap<&str, &str>) -> ConflictRow {
    let named = |subject: &str| rounds.get(subject).map(|name| (*name).to_owned());
    let looks = conflict.looks.iter().take(LOOKS_SHOWN);
    ConflictRow {
        person: conflict.person_id.clone(),
        name: conflict.name.clone(),
        unit: conflict.unit_name.clone(),
        roles: conflict.roles.iter().copied().map(Role::text).collect(),
        looks: looks
            .map(|entry| LookRow {
                at_ms: entry.at_ms,
                act: words::act(&entry.act),
                subject: named(&entry.subject).unwrap_or_else(|| words::shortened(&entry.subject)),
            })
            .collect(),
        looks_count: conflict.looks.len(),
    }
}

async fn monitor_events(
    State(web): State<Web>,
    Organizer(who): Organizer,
    Path(round): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    // Who may not watch is told so before anything is sent.
    web.app.monitor(&who.person.id, &round).await?;
    let watch = Watch {
        web,
        actor: who.person.id.clone(),
        round,
        sent: HashMap::new(),
        pause: Duration::ZERO,
    };
    let events = stream::unfold(watch, async |mut watch| {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// One organizer's open page.
struct Watch {
    web: Web,
    actor: String,
    round: String,
    /// Person → the row as it was last sent, without how long ago that was.
    sent: HashMap<String, SeatRow>,
    pause: Duration,
}

impl Watch {
    /// The seats that changed. Ends with the grant: every look asks for it again.
    async fn next(&mut self) -> Option<Event> {
        tokio::time::sleep(std::mem::replace(&mut self.pause, PAUSE)).await;
        let monitor = self.web.app.monitor(&self.actor, &self.round).await.ok()?;
        let mut event = event(&monitor);
        event.seats.retain(|seat| {
            let still = SeatRow {
                quiet_ms: None,
                ..seat.clone()
            };
            self.sent.insert(seat.person.clone(), still.clone()) != Some(still)
        });
        Event::default().json_data(event).ok()
    }
}
