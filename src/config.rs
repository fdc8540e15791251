//! Flags and environment → configuration, once for all commands.

use std::path::{Path, PathBuf};

use clap::Args;

/// Where the data is, and where phones find it.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// 数据库：sqlite:路径 或 postgres://…
    #[arg(
        long,
        env = "YIKOUQING_DATABASE",
        default_value = "sqlite:data/yikouqing.db",
        hide_env_values = true
    )]
    pub database: String,
    /// 题库文件夹，可以写多次；不写就用当前文件夹里的 question_bank，再没有就用程序自带的题库
    #[arg(long = "bank", env = "YIKOUQING_BANK", value_delimiter = ',')]
    pub banks: Vec<PathBuf>,
    /// 手机访问的网址，参赛证上的链接用它开头；不写就是监听的地址
    #[arg(long, env = "YIKOUQING_PUBLIC_URL")]
    pub public_url: Option<String>,
}

impl Config {
    /// The folders to watch; none where the bank inside the program serves.
    pub fn folders(&self) -> Vec<PathBuf> {
        let usual = PathBuf::from("question_bank");
        if self.banks.is_empty() && Path::new(&usual).is_dir() {
            vec![usual]
        } else {
            self.banks.clone()
        }
    }
}
