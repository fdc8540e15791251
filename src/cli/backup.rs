//! `backup` and `restore`: the whole database as one file. PostgreSQL has its own tools, which we name.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use crate::{
    config::Config,
    error::Result,
    store::backup::{self, Replace, sqlite_path},
};

#[derive(Debug, Args)]
pub struct Backup {
    /// 备份写到哪个文件
    file: PathBuf,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// backup 写的文件
    file: PathBuf,
    /// 数据库里已经有数据也换掉，原来的改名留着
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    config: Config,
}

pub async fn back_up(command: Backup) -> Result<ExitCode> {
    let Some(database) = sqlite_path(&command.config.database) else {
        let url = without_password(&command.config.database);
        let file = quoted(&command.file);
        return Ok(use_instead(
            "备份",
            &format!("pg_dump --format=custom --file={file} --dbname='{url}'"),
        ));
    };
    backup::backup(&database, &command.file).await?;
    println!("已备份到 {}。", command.file.display());
    println!("备份里有姓名和手机号，请收好；恢复用 yikouqing restore。");
    Ok(ExitCode::SUCCESS)
}

pub async fn restore(command: Restore) -> Result<ExitCode> {
    let Some(database) = sqlite_path(&command.config.database) else {
        let url = without_password(&command.config.database);
        let file = quoted(&command.file);
        return Ok(use_instead(
            "恢复",
            &format!("pg_restore --clean --if-exists --single-transaction --dbname='{url}' {file}"),
        ));
    };
    let replace = if command.replace {
        Replace::KeepAside
    } else {
        Replace::Never
    };
    let aside = backup::restore(&command.file, &database, replace).await?;
    println!("已恢复到 {}。", database.display());
    if let Some(aside) = aside {
        println!("原来的数据库留在 {}。", aside.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn use_instead(what: &str, command: &str) -> ExitCode {
    eprintln!("PostgreSQL 数据库请用它自己的工具{what}（密码放在环境变量 PGPASSWORD 里）：");
    eprintln!("  {command}");
    ExitCode::from(2)
}

/// What is printed may be read by others.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.split_once('@') {
        Some((who, place)) => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{place}")
        }
        None => url.to_owned(),
    }
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_never_printed() {
        assert_eq!(
            without_password("postgres://li:geheim@db:5432/quiz?sslmode=require"),
            "postgres://li@db:5432/quiz?sslmode=require"
        );
        assert_eq!(without_password("postgres://db/quiz"), "postgres://db/quiz");
    }
}
