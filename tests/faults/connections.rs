//! What comes in from outside: thousands of idle connections, bodies cut in the middle, bodies that never end.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    audit::nothing_is_lost,
    ground::{Copy, Ground},
    load::Load,
    phone::Addresses,
};

const IDLE: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_and_broken_bodies_harm_nobody() {
    let ground = Ground::sqlite();
    let hall = ground.settle(12).await;
    let mut copy = ground.serve().await;
    let before = resident_kib(&copy);
    let mut idle = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        idle.push(
            TcpStream::connect(&copy.address)
                .await
                .expect("one more connection"),
        );
    }
    let addresses = Addresses::new();
    addresses.set(&[&copy.address]);
    let load = Load::begin(&hall, &addresses, 40);
    let mut endless = Vec::new();
    for turn in 0..200 {
        let mut stream = TcpStream::connect(&copy.address)
            .await
            .expect("a connection");
        let head = "POST /api/v1/attempts/x/steps HTTP/1.1\r\nhost: kq\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n{\"steps\":[";
        stream
            .write_all(head.as_bytes())
            .await
            .expect("half a request");
        if turn % 2 == 0 {
            drop(stream); // cut in the middle of the body
        } else {
            endless.push(stream); // and one that never goes on
        }
    }
    let flood = flood(&copy).await;
    assert!(
        flood < 64 << 20,
        "a body without an end was read for {flood} bytes"
    );
    let mut phones = load.finish().await;
    println!(
        "idle connections: {IDLE}, {} KiB each in the program",
        (resident_kib(&copy) - before) / IDLE as u64
    );
    assert!(copy.is_running());
    nothing_is_lost("cut and endless bodies", 201, &ground, &hall, &mut phones).await;
    drop((idle, endless, copy));
}

/// Sends a chunked body for as long as anybody takes it: how many bytes.
async fn flood(copy: &Copy) -> usize {
    let mut stream = TcpStream::connect(&copy.address)
        .await
        .expect("a connection");
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: kq\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("a head");
    let chunk = [b"1000\r\n".as_slice(), &[b' '; 4_096], b"\r\n"].concat();
    let mut sent = 0;
    let ended = tokio::time::timeout(Duration::from_mins(1), async {
        while sent < 256 << 20 && stream.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
    });
    ended.await.expect("somebody says stop");
    let mut answer = [0; 12];
    // The refusal may be lost with the connection; that it ended is what counts.
    let _ = stream.read(&mut answer).await;
    sent
}

fn resident_kib(copy: &Copy) -> u64 {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", copy.process())).expect("its status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .expect("its memory");
    line.trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number")
}
