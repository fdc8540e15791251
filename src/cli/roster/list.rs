//! `roster list`: who is registered where, with which posts. Phone numbers are never shown in full.

use std::{collections::HashSet, process::ExitCode};

use clap::Args;
use serde::Serialize;

use crate::{
    app::organizer::{below, find_unit},
    cli::{ListFormat, print_json},
    clock::Clock,
    config::Config,
    error::Result,
    people::place_of,
};

#[derive(Debug, Args)]
pub struct ListPeople {
    /// 只列这个单位（含下级）的；组写成 桃源村/一组
    #[arg(long, default_value = "")]
    unit: String,
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    config: Config,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    name: String,
    unit: String,
    group: String,
    /// The main one first.
    posts: Vec<String>,
    phone_end: String,
    /// Holds a ticket that signs in.
    ticket: bool,
}

pub async fn run(command: ListPeople) -> Result<ExitCode> {
    let app = command.config.open(Clock::System).await?;
    let people = app.people().await;
    let holders = app.ticket_holders().await;
    app.store.close().await;
    let ((units, persons), holders) = (people?, holders?);
    let holders: HashSet<String> = holders.into_iter().collect();
    let within: HashSet<&str> = match command.unit.trim() {
        "" => units.iter().map(|unit| unit.id.as_str()).collect(),
        name => below(&units, &find_unit(&units, name)?.id)
            .into_iter()
            .collect(),
    };
    let here = persons
        .into_iter()
        .filter(|person| within.contains(person.unit_id.as_str()));
    let lines: Vec<Line> = here
        .map(|person| {
            let place = place_of(&units, &person.unit_id);
            let end = person.phone.len().saturating_sub(4);
            Line {
                unit: place.map_or_else(String::new, |place| place.unit.name.clone()),
                group: place.map_or_else(String::new, |place| place.group_name().to_owned()),
                phone_end: person.phone.get(end..).unwrap_or_default().to_owned(),
                ticket: holders.contains(&person.id),
                id: person.id,
                name: person.name,
                posts: person.posts,
            }
        })
        .collect();
    if command.format == ListFormat::Json {
        print_json(&lines);
        return Ok(ExitCode::SUCCESS);
    }
    if lines.is_empty() {
        println!("名册里还没有人。先用 roster import 导入。");
    }
    for line in lines {
        let texts = [
            line.name,
            match line.group.strip_prefix(&line.unit) {
                Some(_) => line.group,
                None => line.unit + &line.group,
            },
            line.posts.join("、"),
            line.phone_end,
            if line.ticket {
                "已发参赛证"
            } else {
                "没发参赛证"
            }
            .to_owned(),
        ];
        println!("{}", texts.join("\t"));
    }
    Ok(ExitCode::SUCCESS)
}
