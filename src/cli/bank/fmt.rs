//! `bank fmt`: missing ids given and written back, small things put straight, nothing else touched.

use std::process::ExitCode;

use crate::{
    bank::tidy,
    cli::bank::{Fmt, Mode, print, selection::Selection},
    error::Result,
    exchange::bank_folder,
};

pub(super) fn run(fmt: &Fmt) -> Result<ExitCode> {
    let selection = Selection::read(&fmt.place.paths)?;
    let changed = tidy::tidied(&selection.folders.files, |file| selection.wants(file));
    for file in &changed {
        let path = selection.folders.on_disk(&file.path);
        match fmt.mode() {
            Mode::Check => print(&format!("需要整理：{}\n", path.display()))?,
            Mode::Write => {
                bank_folder::replace(&path, &file.bytes)?;
                print(&format!("已整理：{}\n", path.display()))?;
            }
        }
    }
    match (fmt.mode(), changed.len()) {
        (_, 0) => print("整理完毕：没有要改的。\n")?,
        (Mode::Check, count) => {
            print(&format!(
                "有 {count} 份文件需要整理，运行 yikouqing bank fmt 写回。\n"
            ))?;
            return Ok(ExitCode::FAILURE);
        }
        (Mode::Write, count) => print(&format!("整理完毕：改了 {count} 份文件。\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}
