//! Replies that a program may keep if it asks each time whether they still stand: an `ETag`, and 304 where it matches. Never
//! for exam pages and desks, which nothing may keep.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::clock::hex;

/// A tag of what a reply says. Weak: two replies under one tag say the same, packed or not, an hour earlier or later.
pub fn tag_of(said: &[u8]) -> String {
    let hash = Sha256::digest(said);
    format!("W/\"{}\"", hex(&hash[..16]))
}

/// The reply under its tag, or 304 and nothing where the asker has it. Other headers of the reply come with both.
pub fn unless_known(asked: &HeaderMap, tag: &str, reply: impl IntoResponse) -> Response {
    let mut response = reply.into_response();
    let tag_value = HeaderValue::from_str(tag).expect("a tag is hex in quotes");
    response.headers_mut().insert(header::ETAG, tag_value);
    if !is_known(asked, tag) || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts.status, parts.headers).into_response()
}

fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || bare(known) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(known: &[&str]) -> u16 {
        let mut asked = HeaderMap::new();
        for known in known {
            asked.append(header::IF_NONE_MATCH, known.parse().unwrap());
        }
        let tag = tag_of(b"the board");
        unless_known(&asked, &tag, "the board").status().as_u16()
    }

    #[test]
    fn known_by_any_spelling_of_the_tag_and_by_no_other() {
        let tag = tag_of(b"the board");
        let strong = tag.trim_start_matches("W/");
        assert_eq!(status(&[]), 200);
        assert_eq!(status(&[&tag_of(b"another")]), 200);
        for known in [&tag, strong, &format!("\"x\" , {tag}"), "*"] {
            assert_eq!(status(&[known]), 304, "{known}");
        }
        assert_eq!(status(&["\"x\"", &tag]), 304);
    }
}
