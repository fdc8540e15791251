//! 参赛证: whose it is, and the button behind which signing in stands; and the page for a ticket that is none.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Who, sample},
};

/// `GET /t/{ticket}`. Its form posts to `/t/{ticket}`.
#[derive(Debug, Clone, Serialize)]
pub struct Ticket {
    pub ticket: String,
    /// The name masked (李＊国).
    pub who: Who,
    /// Somebody else is signed in on this phone: their masked name.
    pub instead_of: Option<String>,
}

impl Page for Ticket {
    const TEMPLATE: &'static str = "ticket.html";

    fn samples() -> Vec<Ticket> {
        let mut who = sample::who();
        who.name = "李＊国".into();
        let mut long = sample::long_who();
        long.name = "阿＊＊＊＊＊＊＊＊＊＊＊＊＊＊麦提".into();
        vec![
            Ticket {
                ticket: "sample".into(),
                who,
                instead_of: None,
            },
            Ticket {
                ticket: "sample".into(),
                who: long,
                instead_of: Some("王＊兰".into()),
            },
        ]
    }
}

/// A link that is unknown, revoked or cut off.
#[derive(Debug, Clone, Serialize)]
pub struct BadTicket {}

impl Page for BadTicket {
    const TEMPLATE: &'static str = "bad_ticket.html";

    fn samples() -> Vec<BadTicket> {
        vec![BadTicket {}]
    }
}

/// Nobody is signed in where somebody has to be.
#[derive(Debug, Clone, Serialize)]
pub struct SignIn {}

impl Page for SignIn {
    const TEMPLATE: &'static str = "sign_in.html";

    fn samples() -> Vec<SignIn> {
        vec![SignIn {}]
    }
}
