//! A real Chromium as people hold it: a small phone, or the desk of an organizer. Its network can be cut.
//!
//! Every helper waits until what it needs is there, at most `PATIENCE`, and then says what the page showed instead.

use std::{fs, path::Path, time::Duration};

use axum::http::Method;
use base64::{Engine, prelude::BASE64_STANDARD};
use fantoccini::{Locator, elements::Element, error::CmdError, wd::WebDriverCompatibleCommand};
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::driver::Driver;

const PATIENCE: Duration = Duration::from_secs(15);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// One browser with one tab; closed and its profile removed when dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
}

/// Whether the network is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    Yes,
    No,
}

impl Browser {
    /// A small Android phone: 360 × 740 CSS pixels, two device pixels each, touch.
    pub async fn phone() -> Browser {
        let browser = Browser::open(json!({
            "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true,
        }))
        .await;
        browser
            .cdp(
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": true }),
            )
            .await;
        browser
    }

    /// A desk, or a projector: 1280 × 800.
    pub async fn desk() -> Browser {
        Browser::open(json!({
            "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false,
        }))
        .await
    }

    async fn open(screen: Value) -> Browser {
        let browser = Browser {
            driver: Driver::start().await,
        };
        browser
            .cdp("Emulation.setDeviceMetricsOverride", screen)
            .await;
        browser.cdp("Network.enable", json!({})).await;
        browser
    }

    /// For what has no helper here.
    pub fn client(&self) -> &fantoccini::Client {
        &self.driver.client
    }

    pub async fn go(&self, url: &str) {
        self.client()
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    pub async fn reload(&self) {
        self.client().refresh().await.expect("the page loads again");
    }

    pub async fn url(&self) -> Url {
        self.client()
            .current_url()
            .await
            .expect("a page has an address")
    }

    /// Cuts the network, or joins it again. Pages see `offline` and `online` events.
    pub async fn offline(&self, offline: Offline) {
        self.cdp(
            "Network.emulateNetworkConditions",
            json!({
                "offline": offline == Offline::Yes,
                "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
            }),
        )
        .await;
    }

    /// Taps the first visible button, link, label or disclosure that says this: exactly, or else as a part.
    pub async fn click_text(&self, text: &str) {
        self.until(
            &format!("something to tap that says “{text}”"),
            async || {
                let Some(element) = self.tappable(text).await? else {
                    return Ok(false);
                };
                self.tap(element).await
            },
        )
        .await;
    }

    /// In the middle of the screen, where nothing that sticks to an edge lies over it.
    async fn tap(&self, element: Element) -> Result<bool, CmdError> {
        let to_the_middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let place = serde_json::to_value(&element)?;
        self.client().execute(to_the_middle, vec![place]).await?;
        element.click().await.map(|()| true)
    }

    async fn tappable(&self, text: &str) -> Result<Option<Element>, CmdError> {
        let text = xpath_literal(text);
        for says in [
            format!("normalize-space(.)={text}"),
            format!("contains(normalize-space(.),{text})"),
        ] {
            let xpath = format!(
                "//*[(self::a or self::button or self::label or self::summary or @role='button') and {says}]"
            );
            for element in self.client().find_all(Locator::XPath(&xpath)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
        }
        Ok(None)
    }

    /// Taps what the CSS selector finds.
    pub async fn click(&self, css: &str) {
        self.until(&format!("something to tap at {css}"), async || {
            let element = self.client().find(Locator::Css(css)).await?;
            self.tap(element).await
        })
        .await;
    }

    /// Chooses the file that a form sends.
    pub async fn choose_file(&self, path: &str) {
        self.until("a field for a file", async || {
            let field = self.client().find(Locator::Css("input[type=file]")).await?;
            field.send_keys(path).await.map(|()| true)
        })
        .await;
    }

    /// Types into a field, in place of what stood there.
    pub async fn fill(&self, css: &str, text: &str) {
        self.until(&format!("a field {css}"), async || {
            let field = self.client().find(Locator::Css(css)).await?;
            field.clear().await?;
            field.send_keys(text).await.map(|()| true)
        })
        .await;
    }

    /// The visible text of the first element that the CSS selector finds.
    pub async fn text_of(&self, css: &str) -> String {
        let search = Locator::Css(css);
        let found = self
            .client()
            .wait()
            .at_most(PATIENCE)
            .every(LOOK_AGAIN)
            .for_element(search)
            .await;
        match found {
            Ok(element) => element.text().await.expect("an element has a text"),
            Err(error) => panic!("no {css} ({error}); the page: {}", self.page().await),
        }
    }

    /// Waits until the page visibly says this.
    pub async fn wait_for_text(&self, text: &str) {
        self.until(&format!("“{text}”"), async || {
            Ok(self.visible().await?.contains(text))
        })
        .await;
    }

    /// Waits until the page no longer says this.
    pub async fn wait_for_text_gone(&self, text: &str) {
        self.until(&format!("no “{text}”"), async || {
            Ok(!self.visible().await?.contains(text))
        })
        .await;
    }

    /// What the screen shows, as PNG; the folder is made if need be.
    pub async fn screenshot(&self, path: impl AsRef<Path>) {
        self.capture(path.as_ref(), json!({ "format": "png" }))
            .await;
    }

    /// The whole page from top to bottom, as PNG.
    pub async fn screenshot_whole(&self, path: impl AsRef<Path>) {
        self.capture(
            path.as_ref(),
            json!({ "format": "png", "captureBeyondViewport": true }),
        )
        .await;
    }

    async fn capture(&self, path: &Path, mut parameters: Value) {
        if parameters["captureBeyondViewport"] == true {
            let size = self.cdp("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
            parameters["clip"] = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        }
        let answer = self.cdp("Page.captureScreenshot", parameters).await;
        let png = BASE64_STANDARD
            .decode(answer["data"].as_str().expect("a picture"))
            .expect("base64");
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder for the picture");
        }
        fs::write(path, png).expect("the picture is written");
    }

    /// What the page complained about on its console since last asked: script errors, refused content, failed loads.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.issue("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Runs JavaScript in the page; `return` gives the answer.
    pub async fn script(&self, script: &str) -> Value {
        self.client()
            .execute(script, vec![])
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// A command of the Chrome DevTools Protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.issue(
            "goog/cdp/execute",
            json!({ "cmd": command, "params": parameters }),
        )
        .await
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        let told = body.to_string();
        let answer = self.client().issue_cmd(Vendor { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{told}: {error}"))
    }

    async fn visible(&self) -> Result<String, CmdError> {
        let text = self
            .client()
            .execute(
                "return document.body ? document.body.innerText : ''",
                vec![],
            )
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    async fn page(&self) -> String {
        let address = self
            .client()
            .current_url()
            .await
            .map(String::from)
            .unwrap_or_default();
        format!(
            "{address}\n{}",
            self.visible()
                .await
                .unwrap_or_else(|error| error.to_string())
        )
    }

    /// Looks again and again; an element that is not there yet, or went away with its page, is a reason to look again.
    async fn until(&self, what: &str, look: impl AsyncFn() -> Result<bool, CmdError>) {
        let mut last = None;
        let looking = async {
            loop {
                match look().await {
                    Ok(true) => return,
                    Ok(false) => last = None,
                    Err(error @ CmdError::Standard(_)) => last = Some(error.to_string()),
                    Err(error) => panic!("waiting for {what}: {error}"),
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        if tokio::time::timeout(PATIENCE, looking).await.is_err() {
            let page = self.page().await;
            panic!("waited for {what} ({last:?}); the page: {page}");
        }
    }
}

/// XPath has no escapes: a text with both quotes is put together from pieces.
fn xpath_literal(text: &str) -> String {
    let pieces: Vec<_> = text
        .split('"')
        .map(|piece| format!("\"{piece}\""))
        .collect();
    if let [piece] = pieces.as_slice() {
        piece.clone()
    } else {
        format!("concat({})", pieces.join(",'\"',"))
    }
}

/// A command of chromedriver's own, below the session's address.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!(
            "session/{}/{}",
            session_id.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _request_url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
