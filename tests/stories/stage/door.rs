//! The one door to the router: swapped when the program restarts, and remembering every reply that went through it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use tower::ServiceExt;

use crate::stage::reply::Reply;

#[derive(Clone)]
pub(crate) struct Door {
    router: Arc<Mutex<Router>>,
    replies: Arc<Mutex<Vec<Reply>>>,
}

impl Door {
    pub(crate) fn new(router: Router) -> Door {
        Door {
            router: Arc::new(Mutex::new(router)),
            replies: Arc::default(),
        }
    }

    pub(crate) fn replace(&self, router: Router) {
        *self.router.lock().expect("a router") = router;
    }

    /// As a browser sends it: with a host, and nothing that is not in the request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let asked = format!("{} {}", request.method(), request.uri());
        let router = self.router.lock().expect("a router").clone();
        let response = router.oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.expect("a whole reply");
        let reply = Reply {
            asked,
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        };
        self.replies.lock().expect("replies").push(reply.clone());
        reply
    }

    /// A reply that goes on, as a stream of events does; it is not remembered.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        let router = self.router.lock().expect("a router").clone();
        router.oneshot(request).await.expect("a router never fails")
    }

    /// Everything that was answered so far, to anybody.
    pub(crate) fn replies(&self) -> Vec<Reply> {
        self.replies.lock().expect("replies").clone()
    }
}
