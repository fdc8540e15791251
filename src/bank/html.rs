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

    /// The words without markup, one space between blocks; a picture leaves nothing.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        let mut rest = self.0.as_str();
        while let Some(at) = rest.find(['<', '&']) {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('<') {
                let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
                if is_block(tag) && !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
                rest = behind;
            } else {
                let entity = ENTITIES
                    .iter()
                    .find_map(|(entity, c)| Some((c, rest.strip_prefix(entity)?)));
                let (c, behind) = entity.unwrap_or((&'&', &rest[1..]));
                text.push(*c);
                rest = behind;
            }
        }
        text.push_str(rest);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const ENTITIES: [(&str, char); 5] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
];

fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    let name = name.split([' ', '/']).next().unwrap_or("");
    matches!(
        name,
        "p" | "br" | "li" | "ul" | "ol" | "tr" | "td" | "th" | "table" | "div" | "blockquote"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_out_as_they_went_in() {
        let odd = "a<b & \"c\" 'd' &amp; 甲";
        assert_eq!(Html::escaped(odd).text(), odd);
        let blocks =
            Html::trusted("<p>甲<strong>乙</strong></p><ul><li>丙</li></ul><br/>&丁<".into());
        assert_eq!(blocks.text(), "甲乙 丙 &丁");
    }
}
