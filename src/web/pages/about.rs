//! 本系统保存什么、为什么、多久.

use serde::Serialize;

use crate::web::page::Page;

/// `GET /about`.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// Who runs this installation and can be asked.
    pub host: Option<String>,
    pub demonstration: bool,
}

impl Page for About {
    const TEMPLATE: &'static str = "about.html";

    fn samples() -> Vec<About> {
        vec![
            About {
                host: Some("青溪镇农业农村综合服务中心".into()),
                demonstration: false,
            },
            About {
                host: None,
                demonstration: true,
            },
        ]
    }
}
