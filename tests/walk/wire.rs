//! What a first visit costs: bytes as they go over the wire and requests, from the ticket to the first question.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};
use yikouqing::{
    contest::round::{Audience, Rules},
    exchange::embedded_bank,
};

use crate::{
    support::browser::Browser,
    walk::{
        ground::{Ground, MINUTE_MS},
        hands::no_complaints,
    },
};

/// `design/doors.md`: what a phone on a village network can wait for.
const BYTES_MAX: u64 = 30 * 1024;
const REQUESTS_MAX: usize = 8;

/// Stands between phone and server and counts every byte that goes to the phone, headers and all.
async fn counting_proxy(server: SocketAddr) -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((phone, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(server).await else {
                continue;
            };
            tokio::spawn(carry(phone, server, counted.clone()));
        }
    });
    (address, count)
}

async fn carry(phone: TcpStream, server: TcpStream, count: Arc<AtomicU64>) {
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { copy(&mut from_phone, &mut to_server).await });
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from_server.read(&mut bytes).await {
        count.fetch_add(read as u64, Ordering::SeqCst);
        if to_phone.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_first_visit_is_light() {
    let ground = Ground::bare(&embedded_bank::files()).await;
    ground.settle().await;
    let mut rules = Rules::usual("通用·镇内赛笔试".into());
    rules.audience = Audience::Public;
    ground.open_round_by(rules, 30 * MINUTE_MS).await;
    let ticket = ground.ticket("李建国").await;
    let (proxy, bytes) = counting_proxy(ground.address).await;
    let phone = Browser::phone().await;
    ground.requests();

    let path = ticket.rsplit_once("/t/").expect("a ticket's link").1;
    phone.go(&format!("http://{proxy}/t/{path}")).await;
    // Two taps.
    phone.click_text("进入").await;
    phone.click_text("开始，计时").await;
    phone.wait_for_text("第 1 题，共").await;
    phone.wait_for_text("下一题").await;
    no_complaints(&phone).await;

    let requests = ground.requests();
    let counted: Vec<&String> = requests
        .iter()
        .filter(|line| !line.ends_with("→ 303"))
        .collect();
    let total = bytes.load(Ordering::SeqCst);
    println!("first visit: {total} bytes in {} requests", counted.len());
    println!("{requests:#?}");
    assert!(total <= BYTES_MAX, "{total} bytes: {requests:#?}");
    assert!(counted.len() <= REQUESTS_MAX, "{requests:#?}");
}
