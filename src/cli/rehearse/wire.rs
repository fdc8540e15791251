//! One phone's connection: HTTP/1.1 kept alive over a socket that counts its bytes, with the session's cookie.

use std::{
    io::{self, Read},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::Incoming,
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::timeout,
};

/// How long a phone waits for an answer before it calls the connection dead.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// The connection failed; nothing is known about what the server did.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

/// What one request asks for.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    None,
    /// A form without fields, as a button sends it.
    Form,
    Json(Bytes),
}

impl Ask {
    pub(super) fn get(path: impl Into<String>) -> Ask {
        Ask {
            method: Method::GET,
            path: path.into(),
            body: Body::None,
        }
    }

    /// A button pressed.
    pub(super) fn press(path: impl Into<String>) -> Ask {
        Ask {
            method: Method::POST,
            path: path.into(),
            body: Body::Form,
        }
    }

    pub(super) fn json(path: impl Into<String>, value: &serde_json::Value) -> Ask {
        Ask {
            method: Method::POST,
            path: path.into(),
            body: Body::Json(value.to_string().into()),
        }
    }
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    /// Seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) body: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Wire {
    /// `host:port`.
    host: String,
    open: Option<SendRequest<Full<Bytes>>>,
    pub(super) cookie: Option<String>,
    pub(super) traffic: Arc<Traffic>,
}

/// Bytes on the socket, headers included.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    down: AtomicU64,
    up: AtomicU64,
}

impl Traffic {
    /// Down and up.
    pub(super) fn so_far(&self) -> (u64, u64) {
        (
            self.down.load(Ordering::Relaxed),
            self.up.load(Ordering::Relaxed),
        )
    }
}

impl Wire {
    pub(super) fn to(host: &str) -> Wire {
        Wire {
            host: host.to_owned(),
            open: None,
            cookie: None,
            traffic: Arc::default(),
        }
    }

    /// Another connection of the same phone.
    pub(super) fn again(&self) -> Wire {
        Wire {
            host: self.host.clone(),
            open: None,
            cookie: self.cookie.clone(),
            traffic: self.traffic.clone(),
        }
    }

    /// Sends one request and reads its answer whole. A cookie that is set is kept.
    pub(super) async fn send(&mut self, ask: &Ask) -> Result<Reply, Broken> {
        let answered = timeout(ANSWER_TIMEOUT, async {
            let response = self.ask(ask, "gzip").await?;
            let (parts, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| broken(&error))?;
            Ok((parts, body.to_bytes()))
        });
        let answered = answered
            .await
            .unwrap_or_else(|_| Err(Broken(format!("等了 {} 秒", ANSWER_TIMEOUT.as_secs()))));
        let (parts, body) = answered.inspect_err(|_| self.open = None)?;
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        if let Some(cookie) = text(header::SET_COOKIE) {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let zipped = text(header::CONTENT_ENCODING) == Some("gzip");
        Ok(Reply {
            status: parts.status.as_u16(),
            location: text(header::LOCATION).map(str::to_owned),
            retry_after: text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok()),
            body: if zipped { unzip(&body)? } else { body.into() },
        })
    }

    /// Opens a stream that goes on: server-sent events.
    pub(super) async fn follow(&mut self, path: &str) -> Result<Response<Incoming>, Broken> {
        self.ask(&Ask::get(path), "identity").await
    }

    async fn ask(&mut self, ask: &Ask, encoding: &str) -> Result<Response<Incoming>, Broken> {
        if self.open.as_ref().is_none_or(SendRequest::is_closed) {
            self.open = Some(self.connect().await?);
        }
        let mut request = Request::builder()
            .method(&ask.method)
            .uri(&ask.path)
            .header(header::HOST, &self.host)
            .header(header::ACCEPT_ENCODING, encoding);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if ask.method != Method::GET {
            request = request.header(header::ORIGIN, format!("http://{}", self.host));
        }
        let (kind, body) = match &ask.body {
            Body::None => (None, Bytes::new()),
            Body::Form => (Some("application/x-www-form-urlencoded"), Bytes::new()),
            Body::Json(text) => (Some("application/json"), text.clone()),
        };
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| broken(&error))?;
        let open = self.open.as_mut().expect("opened above");
        open.ready().await.map_err(|error| broken(&error))?;
        open.send_request(request)
            .await
            .map_err(|error| broken(&error))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Broken> {
        let stream = TcpStream::connect(&self.host)
            .await
            .map_err(|error| broken(&error))?;
        stream.set_nodelay(true).map_err(|error| broken(&error))?;
        let counted = Counted {
            stream,
            traffic: self.traffic.clone(),
        };
        let (open, connection) = handshake(TokioIo::new(counted))
            .await
            .map_err(|error| broken(&error))?;
        // Its end, good or bad, shows at the next request.
        tokio::spawn(async move { drop(connection.await) });
        Ok(open)
    }
}

fn broken(error: &dyn std::error::Error) -> Broken {
    Broken(
        error
            .source()
            .map_or_else(|| error.to_string(), |source| format!("{error}：{source}")),
    )
}

fn unzip(body: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut plain = Vec::with_capacity(body.len() * 4);
    flate2::read::GzDecoder::new(body)
        .read_to_end(&mut plain)
        .map_err(|error| broken(&error))?;
    Ok(plain)
}

#[derive(Debug)]
struct Counted {
    stream: TcpStream,
    traffic: Arc<Traffic>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let count = buffer.filled().len() - before;
        self.traffic.down.fetch_add(count as u64, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.traffic.up.fetch_add(count as u64, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
