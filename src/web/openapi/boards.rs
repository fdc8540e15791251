//! The doors of the boards.

use crate::web::openapi::{Door, reference};

pub(super) fn doors() -> Vec<Door> {
    vec![
        Door {
            method: "get",
            path: "/api/v1/rounds/{round}/board",
            summary: "名次，每一行说得出为什么。带着上次的 ETag 来问（If-None-Match），没变就答 304；只有时间走了不算变",
            body: None,
            answers: &[
                ("200", "榜"),
                ("304", "和上次一样"),
                ("401", "只给参赛人看"),
                ("404", "not-found"),
            ],
            gives: reference("Board"),
        },
        Door {
            method: "get",
            path: "/api/v1/rounds/{round}/board/events",
            summary: "榜一变就发来新榜（server-sent events）",
            body: None,
            answers: &[
                ("200", "text/event-stream"),
                ("401", "只给参赛人看"),
                ("404", "not-found"),
                ("503", "busy：看的人太多，过一会儿再来"),
            ],
            gives: reference("Board"),
        },
    ]
}
