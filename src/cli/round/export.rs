//! `round export`: an ended round as one file that anybody can check.

use std::{
    fs::{self, OpenOptions},
    io::BufWriter,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use clap::Args;

use crate::{
    clock::Clock,
    config::Config,
    error::{Error, Result},
    exchange::round_file::{People, RoundFile},
};

#[derive(Debug, Args)]
pub struct Export {
    /// 场次编号
    id: String,
    /// 写到哪个文件
    #[arg(long)]
    out: PathBuf,
    /// 姓名和编号换成化名
    #[arg(long)]
    mask: bool,
    #[command(flatten)]
    config: Config,
}

pub(super) async fn run(command: Export) -> Result<()> {
    let app = command.config.open(Clock::System).await?;
    let people = if command.mask {
        People::Masked
    } else {
        People::Named
    };
    let file = app.export_round(super::ACTOR, &command.id, people).await?;
    app.store.close().await;
    save(&file, &command.out)?;
    println!(
        "已导出到 {}：{} 个参赛人，{} 份作答。",
        command.out.display(),
        file.entrants.len(),
        file.attempts.len()
    );
    if file.seal.secret.is_none() {
        println!(
            "成绩和答案还没有公布，文件里没有密钥，但有题目的答案，请先不要外传；公布以后再导出一次。"
        );
    }
    if people == People::Named {
        println!("文件里有姓名，请收好；要给外人核对，加 --mask 另导一份。");
    }
    Ok(())
}

/// Beside its place first, readable by its owner only, so that half a file is never taken for a whole one.
fn save(file: &RoundFile, out: &PathBuf) -> Result<()> {
    let mut unfinished = out.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let opened = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(|source| Error::internal(format!("写不到 {}", out.display()), source))?;
    file.write(BufWriter::new(&opened))?;
    opened.sync_all()?;
    Ok(fs::rename(&unfinished, out)?)
}
