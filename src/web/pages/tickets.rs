//! 参赛证 to print and cut: a card per person with the QR code that signs in.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{QrCode, sample},
};

/// `POST /roster/tickets` with `unit`. The links stand nowhere else: the page is not kept.
#[derive(Debug, Clone, Serialize)]
pub struct Tickets {
    /// The unit they are for: 青溪镇.
    pub title: String,
    pub issued_at_ms: i64,
    pub tickets: Vec<TicketCard>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TicketCard {
    pub name: String,
    pub unit: String,
    pub post: String,
    pub link: String,
    pub qr: QrCode,
}

impl TicketCard {
    pub fn new(name: String, unit: String, post: String, link: String) -> TicketCard {
        let qr = QrCode::of(&link);
        TicketCard {
            name,
            unit,
            post,
            link,
            qr,
        }
    }
}

impl Page for Tickets {
    const TEMPLATE: &'static str = "tickets.html";

    fn samples() -> Vec<Tickets> {
        let link = "https://yikouqing.example.gov.cn/t/MZXW6YTBOI2GKZTHNBUW4Z3F";
        let card = |who: crate::web::pages::parts::Who| {
            TicketCard::new(who.name, who.unit, who.post, link.into())
        };
        let empty = Tickets {
            title: "青溪镇".into(),
            issued_at_ms: sample::NOW,
            tickets: vec![],
        };
        let mut full = empty.clone();
        full.tickets = (0..9)
            .map(|place| {
                card(if place == 4 {
                    sample::long_who()
                } else {
                    sample::who()
                })
            })
            .collect();
        vec![full, empty]
    }
}
