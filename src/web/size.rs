//! 字号: three type sizes, kept in the browser as a cookie and written into `<html>` on the way out, so that they work
//! without scripts. A size is the phone's, not a person's.

use axum::{
    Form, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use serde::Deserialize;

use crate::web::state::{Web, cookie_of};

const COOKIE: &str = "yikouqing_size";
/// As `layout.html` opens every page.
const OPENING: &str = "<html lang=\"zh-CN\">";

pub fn routes() -> Router<Web> {
    Router::new().route("/size", post(choose_size))
}

#[derive(Debug, Deserialize)]
struct SizeForm {
    /// 1 标准, 2 大, 3 特大; anything else is 标准.
    size: String,
}

async fn choose_size(headers: HeaderMap, Form(form): Form<SizeForm>) -> Response {
    let size = known(&form.size).unwrap_or("1");
    let kept = format!("{COOKIE}={size}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    ([(header::SET_COOKIE, kept)], Redirect::to(&back(&headers))).into_response()
}

/// The sizes other than 标准.
fn known(size: &str) -> Option<&'static str> {
    ["2", "3"].into_iter().find(|each| *each == size)
}

/// The page that the form stood on, by its path alone; home where the browser does not say.
fn back(headers: &HeaderMap) -> String {
    let from = headers.get(header::REFERER);
    let from = from.and_then(|from| from.to_str().ok()?.parse::<Uri>().ok());
    let path = from.as_ref().and_then(Uri::path_and_query);
    let path = path.map_or("/", |path| path.as_str());
    if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// The size that this browser asked for, other than 标准.
pub fn asked_for(headers: &HeaderMap) -> Option<&'static str> {
    cookie_of(headers, COOKIE).and_then(known)
}

/// Gives pages this size.
pub async fn dress(response: Response, size: &str) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Pages are in memory; nothing is left to fail.
    let page = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let page = String::from_utf8_lossy(&page);
    let page = dressed(&page, size);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}

/// In this size, which the button of it says to ears too.
fn dressed(page: &str, size: &str) -> String {
    let opening = format!("<html lang=\"zh-CN\" data-size=\"{size}\">");
    let button = |size: &str, pressed| format!("value=\"{size}\" aria-pressed=\"{pressed}\"");
    page.replacen(OPENING, &opening, 1)
        .replacen(&button("1", "true"), &button("1", "false"), 1)
        .replacen(&button(size, "false"), &button(size, "true"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::{
        page::{Page, render},
        pages::about::About,
    };

    #[test]
    fn one_size_is_pressed_and_it_is_the_chosen_one() {
        let page = render(&About::samples()[0]);
        for (size, page) in [
            ("1", page.clone()),
            ("2", dressed(&page, "2")),
            ("3", dressed(&page, "3")),
        ] {
            let pressed = format!("value=\"{size}\" aria-pressed=\"true\"");
            assert!(page.contains(&pressed), "{size}");
            assert_eq!(page.matches("aria-pressed=\"true\"").count(), 1, "{size}");
            assert_eq!(page.contains(&format!("data-size=\"{size}\"")), size != "1");
        }
    }

    fn back_from(referer: &'static str) -> String {
        let headers = [(header::REFERER, referer.parse().expect("a header"))];
        back(&headers.into_iter().collect())
    }

    #[test]
    fn the_way_back_is_a_page_of_ours() {
        assert_eq!(back_from("https://kq.example/lookup?q=x"), "/lookup?q=x");
        assert_eq!(back_from("https://kq.example"), "/");
        assert_eq!(back_from("https://kq.example//evil.example"), "/");
        assert_eq!(back_from("nonsense of any kind"), "/");
        assert_eq!(back(&HeaderMap::new()), "/");
    }
}
