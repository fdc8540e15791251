//! `grant`: gives somebody a right over a unit. The first organizer is made this way.

use std::process::ExitCode;

use clap::Args;

use crate::{
    clock::Clock,
    config::Config,
    error::{Code, Error, Result},
    people::Role,
};

#[derive(Debug, Args)]
pub struct Grant {
    /// 姓名，同名的写“单位/姓名”
    person: String,
    /// organizer 主办单位、trainer 命题人员、judge 评委
    role: String,
    /// 管哪个单位（含下级），不写就是整个镇
    #[arg(long, default_value = "")]
    unit: String,
    #[command(flatten)]
    config: Config,
}

pub async fn run(command: Grant) -> Result<ExitCode> {
    let role = Role::parse(&command.role).ok_or_else(|| {
        Error::refused(
            Code::BadRequest,
            "授权要写 organizer（主办单位）、trainer（命题人员）或 judge（评委）",
        )
    })?;
    let app = command.config.open(Clock::System).await?;
    let person = app
        .grant("command-line", &command.person, role, &command.unit)
        .await?;
    println!("已给{}授权：{}", person.name, command.role);
    app.store.close().await;
    Ok(ExitCode::SUCCESS)
}
