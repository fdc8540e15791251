//! What went wrong, said so that a person knows what is safe and what to do.

use serde::Serialize;

use crate::web::page::Page;

/// Any page that could not be made: 400, 403, 404, 409, 413, 500, 503.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// What happened.
    pub title: String,
    /// What is safe and what to do, a sentence each.
    pub lines: Vec<String>,
    /// The one thing to do.
    pub go: Option<Way>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Way {
    pub label: String,
    pub href: String,
}

impl ErrorPage {
    pub fn new(title: impl Into<String>, lines: &[&str]) -> ErrorPage {
        ErrorPage {
            title: title.into(),
            lines: lines.iter().map(ToString::to_string).collect(),
            go: Some(Way {
                label: "回首页".into(),
                href: "/".into(),
            }),
        }
    }

    /// The page of a status, where nothing better is known. `detail` says what happened, when somebody does.
    pub fn of(status: u16, detail: Option<String>) -> ErrorPage {
        let (title, lines): (&str, &[&str]) = match status {
            400 | 422 => (
                "发来的内容不完整",
                &["什么都没有改动。", "请返回上一页，再填一次。"],
            ),
            403 => ("这一页你不能看", &["要看它，请找主办单位给你授权。"]),
            404 | 410 => (
                "没有找到这一页",
                &["可能是链接没有复制完整，或者已经撤下。"],
            ),
            405 => ("不能这样打开这一页", &["请回首页，从按钮进去。"]),
            409 => ("现在不能这样做", &["什么都没有改动，已经保存的都在。"]),
            413 => (
                "文件太大了",
                &["什么都没有导入。", "请删去图片和多余的表，再上传。"],
            ),
            429 | 503 => (
                "现在人多，请等几秒再试",
                &["已经保存的都在。", "等几秒，再点一次刚才的按钮。"],
            ),
            _ => (
                "系统出了问题",
                &["已经保存的都在。", "请稍等再试；还是不行，请告诉主办单位。"],
            ),
        };
        let title = detail.unwrap_or_else(|| title.to_owned());
        ErrorPage::new(title.trim_end_matches('。'), lines)
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";

    fn samples() -> Vec<ErrorPage> {
        let refused = "这一场已经收卷，不能再开始作答。".to_owned();
        let mut pages: Vec<ErrorPage> = [400, 403, 404, 413, 500, 503]
            .into_iter()
            .map(|status| ErrorPage::of(status, None))
            .collect();
        pages.push(ErrorPage::of(409, Some(refused)));
        pages.push(ErrorPage {
            go: None,
            ..ErrorPage::of(500, None)
        });
        pages
    }
}
