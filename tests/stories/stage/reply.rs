//! A reply as it arrived, and what may be expected of one.

use axum::http::HeaderMap;
use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// `POST /api/v1/…`
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// What the small bank says only in keys and rationales, and what JSON and pages call them.
const KEY_MATERIAL: [&str; 13] = [
    "暗记",
    "暗处",
    "暗语",
    "\"key\"",
    "rationale",
    "difficulty",
    "\"verdict\"",
    "\"source\"",
    "class=\"key\"",
    "正确答案",
    "你选对",
    "解析",
    "难度",
];

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// A refusal in JSON, as RFC 9457 has it, with the stable code and a detail in Chinese. Gives the detail.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.asked
        );
        let body = self.json();
        assert_eq!(body["code"], code, "{}: {}", self.asked, self.text);
        assert_eq!(body["status"], status, "{}", self.asked);
        let detail = body["detail"].as_str().unwrap_or_default().to_owned();
        assert!(is_chinese(&detail), "{}: {detail}", self.asked);
        detail
    }

    /// A refusal as a page in Chinese.
    #[track_caller]
    pub(crate) fn page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        assert!(
            self.header("content-type").starts_with("text/html"),
            "{}: {}",
            self.asked,
            self.header("content-type")
        );
        assert!(is_chinese(&self.text), "{}: {}", self.asked, self.text);
        &self.text
    }

    /// The key material in it, none before the release rule allows it.
    pub(crate) fn key_material(&self) -> Vec<&'static str> {
        KEY_MATERIAL
            .into_iter()
            .filter(|word| self.text.contains(word))
            .collect()
    }
}

/// At least half of the letters are.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('一'..='龥').contains(&c)) && !text.contains("rejection")
}

/// Nothing that anybody got gives a key away.
#[track_caller]
pub(crate) fn assert_no_keys(replies: &[Reply]) {
    assert!(!replies.is_empty());
    for reply in replies {
        let found = reply.key_material();
        assert!(
            found.is_empty(),
            "{} gives away {found:?}: {}",
            reply.asked,
            reply.text
        );
    }
}
