//! Server-sent events of a board: made once per change for everybody of one kind, and the same bytes sent to all of them.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::StreamExt;
use serde_json::json;
use tokio::sync::watch;

use crate::{
    app::spectator::{Change, LiveBoard},
    error::Error,
    web::{
        board::{
            Asked, LEADERS, Reach, Viewer, board, is_hidden,
            packed::Coding,
            rows::{own_row, person_row, row_id},
            shown_as, viewer,
        },
        error::WebError,
        limits::{Asks, Place},
        pages::board::Of,
        state::{Member, Web},
    },
};

/// A line that means nothing, so that proxies and phones do not take a quiet board for a dead one.
const QUIET: Duration = Duration::from_secs(15);

pub(super) async fn board_events(
    State(web): State<Web>,
    member: Option<Member>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let coding = Coding::of(&headers);
    let member = member.map(|Member(member)| member);
    let account = member.as_ref().map(|member| member.person.id.as_str());
    if let Some(account) = account {
        web.limit(Asks::Board, account)?;
    }
    let viewer = viewer(&web, &round, member.as_deref()).await?;
    asked.of()?;
    let place = web.streams.take(account)?;
    let mut changes = web.app.follow_standings(&round).await?;
    changes.mark_changed();
    let spectator = Spectator {
        stopping: web.app.stopping.subscribe(),
        web,
        round,
        asked,
        viewer,
        coding,
        changes,
        own: None,
        then: None,
        _place: place,
    };
    let events = futures::stream::unfold(spectator, |mut spectator| async {
        let event = spectator.next().await?;
        Some((Ok::<Bytes, Infallible>(event), spectator))
    });
    let head = futures::stream::iter(coding.head().map(Ok));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept-encoding"),
    ];
    let mut response = (headers, Body::from_stream(head.chain(events))).into_response();
    if coding == Coding::Gzip {
        let gzip = HeaderValue::from_static("gzip");
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}

/// One who watches. Holds nothing of the board: a slow one misses what came between and waits for nobody.
struct Spectator {
    web: Web,
    round: String,
    asked: Asked,
    viewer: Viewer,
    coding: Coding,
    changes: watch::Receiver<Change>,
    stopping: watch::Receiver<bool>,
    /// The own row as it was last told.
    own: Option<String>,
    /// The board, where the own row went before it.
    then: Option<Bytes>,
    _place: Place,
}

impl Spectator {
    /// The next event; `None` when the program stops or the board is gone.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(board) = self.then.take() {
            return Some(board);
        }
        tokio::select! {
            changed = self.changes.changed() => changed.ok()?,
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            () = tokio::time::sleep(QUIET) => return Some(self.coding.wrap(":\n\n")),
        }
        // In a box of its own: what looking takes is held while somebody looks, not by everybody who waits.
        Box::pin(self.look()).await
    }

    async fn look(&mut self) -> Option<Bytes> {
        self.changes.borrow_and_update();
        let shared = self.shared().await.ok()?;
        match self.own_event().await {
            // The own row is sent first: when the board is drawn, it is there.
            Some(own) => {
                self.then = Some(shared);
                Some(self.coding.wrap(&own))
            }
            None => Some(shared),
        }
    }

    async fn shared(&self) -> Result<Bytes, Error> {
        let kind = Kind::of(&self.viewer);
        let coding = self.coding;
        let name = format!("{coding:?} {kind:?} {:?}", self.asked);
        let make = |live: &LiveBoard, now_ms| {
            let board = board(live, &self.asked, &kind.anybody(), Reach::Page, now_ms)?;
            let json = serde_json::to_string(&board).expect("boards serialize");
            Ok(coding.pack(format!("data: {json}\n\n")))
        };
        self.web.app.board_view(&self.round, &name, make).await
    }

    /// Where the spectator stands, if it is another place than before.
    async fn own_event(&mut self) -> Option<String> {
        let Viewer::Entrant { person, .. } = &self.viewer else {
            return None;
        };
        if self.asked.of().ok()? != Of::People {
            return None;
        }
        let (id, viewer, now_ms) = (row_id(person), &self.viewer, self.web.app.clock.now_ms());
        let look = |live: &LiveBoard| {
            // What is held back from everybody is held back from each.
            let hidden = is_hidden(shown_as(&live.hall.round, viewer, now_ms));
            let own = own_row(live, viewer).filter(|_| !hidden);
            own.map(|own| person_row(&own, viewer, &live.hall.round.id))
        };
        let row = self.web.app.look_at_board(&self.round, look).await.ok()?;
        let data = json!({ "id": id, "row": row }).to_string();
        if self.own.as_ref() == Some(&data) {
            return None;
        }
        let event = format!("event: own\ndata: {data}\n\n");
        self.own = Some(data);
        Some(event)
    }
}

/// Who sees the same.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Organizer,
    Leader,
    Entrant,
    Public,
}

impl Kind {
    fn of(viewer: &Viewer) -> Kind {
        match viewer {
            Viewer::Organizer => Kind::Organizer,
            Viewer::Entrant { division, .. } if division == LEADERS => Kind::Leader,
            Viewer::Entrant { .. } => Kind::Entrant,
            Viewer::Public => Kind::Public,
        }
    }

    /// Somebody of this kind who stands nowhere.
    fn anybody(self) -> Viewer {
        let entrant = |division: &str| Viewer::Entrant {
            person: String::new(),
            division: division.to_owned(),
        };
        match self {
            Kind::Organizer => Viewer::Organizer,
            Kind::Leader => entrant(LEADERS),
            Kind::Entrant => entrant(""),
            Kind::Public => Viewer::Public,
        }
    }
}
