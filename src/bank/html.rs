//! HTML that may be shown unescaped, because this room made it.

use serde::{Deserialize, Serialize};

/// Markup made by the dialect's renderer from Markdown: raw HTML of authors is a fault and never gets in here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    pub(in crate::bank) fn trusted(markup: String) -> Html {
        Html(markup)
    }

    /// Plain text, escaped.
    pub fn escaped(text: &str) -> Html {
        let mut markup = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => markup.push_str("&amp;"),
                '<' => markup.push_str("&lt;"),
                '>' => markup.push_str("&gt;"),
                '"' => markup.push_str("&quot;"),
                '\'' => markup.push_str("&#39;"),
                other => markup.push(other),
            }
        }
        Html(markup)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
