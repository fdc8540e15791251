//! The lightest HTTP/1.1 client that will do, so that the load takes little of the cores it shares with the server.

use std::collections::HashMap;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A phone's connection, kept alive.
pub struct Client {
    stream: TcpStream,
    host: String,
    cookie: String,
    buffer: Vec<u8>,
    /// Bytes received, headers included.
    pub down: u64,
}

#[derive(Debug, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    /// As it came: perhaps compressed.
    pub body: Vec<u8>,
}

impl Client {
    /// `cookie` is the session's, name and all.
    pub async fn connect(host: &str, cookie: &str) -> Client {
        let stream = TcpStream::connect(host).await.expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        Client {
            stream,
            host: host.to_owned(),
            cookie: cookie.to_owned(),
            buffer: Vec::with_capacity(16 << 10),
            down: 0,
        }
    }

    /// One request and its whole answer. `body` is JSON where there is one.
    pub async fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> Reply {
        self.send(method, path, body).await;
        self.receive().await
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Option<&str>) {
        let (host, cookie, text) = (&self.host, &self.cookie, body.unwrap_or_default());
        let kind = match (method, body) {
            ("GET", _) => "",
            (_, Some(_)) => "content-type: application/json\r\n",
            (_, None) => "content-type: application/x-www-form-urlencoded\r\n",
        };
        let length = text.len();
        // Streams of events are read as they come.
        let coding = if path.contains("/events") {
            "identity"
        } else {
            "gzip"
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\naccept-encoding: {coding}\r\n{kind}content-length: {length}\r\n\r\n{text}"
        );
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("the server reads");
    }

    async fn receive(&mut self) -> Reply {
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
            self.fill().await;
        };
        let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
        let mut reply = read_head(&String::from_utf8_lossy(&head));
        if let Some(length) = reply.headers.get("content-length") {
            let length: usize = length.parse().expect("a length");
            while self.buffer.len() < length {
                self.fill().await;
            }
            reply.body = self.buffer.drain(..length).collect();
        } else if reply.headers.contains_key("transfer-encoding") {
            reply.body = self.chunks().await;
        }
        reply
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = find(&self.buffer, b"\r\n") {
                    break end;
                }
                self.fill().await;
            };
            let size = String::from_utf8_lossy(&self.buffer[..line]).into_owned();
            let size = usize::from_str_radix(size.trim(), 16).expect("a chunk's size");
            while self.buffer.len() < line + 2 + size + 2 {
                self.fill().await;
            }
            body.extend_from_slice(&self.buffer[line + 2..line + 2 + size]);
            self.buffer.drain(..line + 2 + size + 2);
            if size == 0 {
                return body;
            }
        }
    }

    async fn fill(&mut self) {
        let before = self.buffer.len();
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert!(read.expect("the server answers") > 0, "the server hung up");
        self.down += (self.buffer.len() - before) as u64;
    }

    /// Waits for the next bytes of a stream of events that hold this text, and forgets what came before.
    pub async fn event(&mut self, text: &str) {
        while find(&self.buffer, text.as_bytes()).is_none() {
            // What is cut in two may be the text itself.
            let keep = self.buffer.len().saturating_sub(text.len());
            self.buffer.drain(..keep);
            self.fill().await;
        }
        self.buffer.clear();
    }
}

fn read_head(text: &str) -> Reply {
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    Reply {
        status: status.and_then(|code| code.parse().ok()).expect("a status"),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: Vec::new(),
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}
