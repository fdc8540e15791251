//! From a page's struct to HTML: one environment, strict about names, escaping everything but the bank's own markup.

use std::{borrow::Cow, sync::OnceLock};

use minijinja::{
    Environment, UndefinedBehavior,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};
use rust_embed::RustEmbed;
use serde::{Serialize, Serializer};

use crate::{bank::html::Html, web::assets};

pub mod words;

/// A page: its struct names its template and knows what it looks like.
pub trait Page: Serialize {
    /// File name in `templates/`.
    const TEMPLATE: &'static str;

    /// Every state worth looking at: empty lists and long names included. Rendered by a test and by
    /// `examples/render_samples.rs`.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// The bank's markup, for templates: the only thing that is not escaped. In JSON it is a plain string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Safe(pub Html);

impl From<Html> for Safe {
    fn from(html: Html) -> Safe {
        Safe(html)
    }
}

impl From<&Html> for Safe {
    fn from(html: &Html) -> Safe {
        Safe(html.clone())
    }
}

impl Serialize for Safe {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.as_str().to_owned()).serialize(serializer)
    }
}

/// A value as JSON for a `<script type="application/json">` block: no character in it ends the block or begins another.
/// Written once, not taken apart for the template and put together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataBlock(String);

impl DataBlock {
    pub fn of<T: Serialize>(value: &T) -> DataBlock {
        let json = serde_json::to_string(value).expect("pages' own types serialize");
        let mut safe = String::with_capacity(json.len() + json.len() / 4);
        for c in json.chars() {
            match c {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                '\'' => safe.push_str("\\u0027"),
                other => safe.push(other),
            }
        }
        DataBlock(safe)
    }
}

impl Serialize for DataBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// The whole page. Pages are tested with all their samples, so a template that fails is a broken build.
pub fn render<P: Page>(page: &P) -> String {
    try_render(page).expect("every page renders all of its samples in the tests")
}

fn try_render<P: Page>(page: &P) -> Result<String, minijinja::Error> {
    environment()
        .get_template(P::TEMPLATE)?
        .render(Value::from(Serde(page)))
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(whitespace_trimmed());
        environment.set_loader(|name| {
            Ok(Templates::get(name).map(|file| match file.data {
                Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            }))
        });
        environment.add_function("asset", |name: &str| assets::url(name));
        words::add_to(&mut environment);
        environment
    })
}

/// Lines that hold only a tag leave nothing behind: pages go over thin networks.
fn whitespace_trimmed() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("Jinja's own delimiters")
}

#[cfg(test)]
mod tests;
