//! 练习包 and the one-time link into the phone's own browser.

use serde::Serialize;

use crate::web::{
    page::Page,
    pages::parts::{Who, sample},
};

/// `GET /practice/offline`. Holds nobody's name: it is kept on the phone.
#[derive(Debug, Clone, Serialize)]
pub struct OfflinePage {
    /// The own posts' topics.
    pub topics: Vec<String>,
    /// Questions of a pack at most.
    pub most: usize,
    /// Asked for by the browser inside WeChat.
    pub wechat: bool,
    /// The township's address begins with https.
    pub https: bool,
}

/// What `POST /practice/offline/link` answers.
#[derive(Debug, Clone, Serialize)]
pub struct LinkPage {
    pub link: String,
    pub until_at_ms: i64,
    pub https: bool,
}

/// `GET /enter/{token}`. Its form posts to the same address.
#[derive(Debug, Clone, Serialize)]
pub struct EnterPage {
    pub token: String,
    /// The name masked (李＊国).
    pub who: Who,
    /// Somebody else is signed in on this phone: their masked name.
    pub instead_of: Option<String>,
}

/// A link that was used, is too old, or never was.
#[derive(Debug, Clone, Serialize)]
pub struct BadLink {}

impl Page for OfflinePage {
    const TEMPLATE: &'static str = "offline.html";

    fn samples() -> Vec<OfflinePage> {
        let topics = ["最低生活保障", "医保与医疗救助", "孤儿与困境儿童保障"];
        let page = OfflinePage {
            topics: topics.map(String::from).into(),
            most: 60,
            wechat: false,
            https: true,
        };
        let mut wechat = page.clone();
        wechat.wechat = true;
        let mut plain = page.clone();
        (plain.topics, plain.https) = (vec![], false);
        vec![page, wechat, plain]
    }
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "offline_link.html";

    fn samples() -> Vec<LinkPage> {
        let page = LinkPage {
            link: "https://kq.example.cn/enter/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4".into(),
            until_at_ms: sample::NOW + 10 * sample::MINUTE,
            https: true,
        };
        let mut plain = page.clone();
        plain.link = plain.link.replace("https", "http");
        plain.https = false;
        vec![page, plain]
    }
}

impl Page for EnterPage {
    const TEMPLATE: &'static str = "enter.html";

    fn samples() -> Vec<EnterPage> {
        let mut who = sample::who();
        who.name = "李＊国".into();
        let page = EnterPage {
            token: "sample".into(),
            who,
            instead_of: None,
        };
        let mut other = page.clone();
        other.instead_of = Some("王＊兰".into());
        vec![page, other]
    }
}

impl Page for BadLink {
    const TEMPLATE: &'static str = "bad_link.html";

    fn samples() -> Vec<BadLink> {
        vec![BadLink {}]
    }
}
