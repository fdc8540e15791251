//! Every request that changes something must come from our own pages.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
};

use crate::{
    error::{Code, Error},
    web::error::WebError,
};

/// Why a request is not carried out: changes from other sites, known by `Sec-Fetch-Site` where the browser sends it, else
/// by `Origin`.
pub fn refusal(request: &Request) -> Option<WebError> {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.or_else(|| {
        request
            .uri()
            .authority()
            .map(axum::http::uri::Authority::as_str)
    });
    if reads || is_same_origin(request.headers(), host.unwrap_or_default()) {
        return None;
    }
    let detail = "这个请求不是从本系统的页面发出的，没有执行。请回到本系统的页面再点一次";
    Some(Error::refused(Code::CrossSite, detail).into())
}

fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    match (site, origin) {
        // `none` is a page opened from nowhere (typed, bookmarked); only a navigation sends it, and it has no Origin.
        (Some("same-origin"), _) | (Some("none") | None, None) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from == host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    value.parse().expect("a header"),
                )
            })
            .collect();
        is_same_origin(&headers, "kq.example:8080")
    }

    #[test]
    fn our_own_pages_and_plain_programs_pass_and_nobody_else() {
        assert!(asked(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(asked(&[("origin", "http://kq.example:8080")]));
        assert!(asked(&[]));
        assert!(!asked(&[("sec-fetch-site", "cross-site")]));
        assert!(!asked(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://kq.example:8080")
        ]));
        assert!(!asked(&[("origin", "null")]));
        assert!(!asked(&[("origin", "http://kq.example")]));
        assert!(!asked(&[
            ("sec-fetch-site", "none"),
            ("origin", "http://evil.example")
        ]));
    }
}
