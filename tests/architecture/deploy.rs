//! What the deployment guide tells people to type, paste and watch is what the program has: commands, flags, variables,
//! addresses and figures.

use std::{collections::BTreeSet, fs};

use clap::{Command, CommandFactory};
use yikouqing::cli::Cli;

use crate::rust_files;

#[test]
fn the_deployment_guide_names_what_there_is() {
    let guide = fs::read_to_string("docs/deploy.md").unwrap();
    let web = rust_files("src/web");
    let web: String = web
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut faults = Vec::new();
    let commands = code_in(&guide)
        .into_iter()
        .filter_map(|code| command_in(code).map(|words| (code, words)));
    let mut checked = 0;
    for (code, words) in commands {
        checked += 1;
        faults.extend(command_fault(&words).map(|fault| format!("{fault}: {code}")));
    }
    let (flags, variables) = known(&Cli::command());
    for code in code_in(&guide).iter().filter(|code| code.starts_with("--")) {
        let flag = flag_of(code).unwrap();
        if !flags.contains(flag) {
            faults.push(format!("no command has {code}"));
        }
    }
    for name in words_of(&guide, |c| c.is_ascii_uppercase() || c == '_') {
        if name.starts_with("YIKOUQING_") && !variables.contains(name) {
            faults.push(format!("nobody reads {name}"));
        }
    }
    for name in words_of(&guide, |c| c.is_ascii_lowercase() || c == '_') {
        let figure = name.strip_prefix("yikouqing_");
        if figure.is_some_and(|figure| !web.contains(&format!("(\"{figure}\""))) {
            faults.push(format!("no figure is called {name}"));
        }
    }
    for address in addresses_in(&guide) {
        let begins = web.contains(&format!("\"{address}"));
        let ends = web.contains(&format!("{address}\""));
        if !begins && !ends {
            faults.push(format!("nothing is served at {address}"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert!(checked >= 8, "the guide has commands: {checked}");
}

/// Lines of code blocks, and what stands between backticks.
fn code_in(guide: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (place, block) in guide.split("```").enumerate() {
        if place % 2 == 1 {
            found.extend(block.lines().skip(1).map(str::trim));
        } else {
            found.extend(block.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// The words of one of our commands: after the program's name, or by themselves where they begin with a command's.
fn command_in(code: &str) -> Option<Vec<&str>> {
    let after = code
        .split_once("yikouqing ")
        .map_or(code, |(_, after)| after);
    let words: Vec<&str> = after.split_whitespace().collect();
    let named = Cli::command();
    let first = words.first()?;
    named.find_subcommand(first).map(|_| words.clone())
}

fn command_fault(words: &[&str]) -> Option<String> {
    let mut command = Cli::command();
    for word in words {
        if let Some(flag) = flag_of(word) {
            let has = command
                .get_arguments()
                .any(|argument| argument.get_long() == Some(flag));
            if !has {
                return Some(format!("{} has no --{flag}", command.get_name()));
            }
        } else if let Some(below) = command.find_subcommand(word) {
            command = below.clone();
        }
    }
    command
        .has_subcommands()
        .then(|| format!("{} is no whole command", command.get_name()))
}

fn flag_of(word: &str) -> Option<&str> {
    let flag = word.strip_prefix("--")?;
    flag.split([' ', '=']).next()
}

/// Every flag and every variable of every command.
fn known(command: &Command) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut flags = BTreeSet::new();
    // Read by the log itself.
    let mut variables = BTreeSet::from(["YIKOUQING_LOG".to_owned()]);
    for argument in command.get_arguments() {
        flags.extend(argument.get_long().map(str::to_owned));
        let variable = argument.get_env();
        variables.extend(variable.map(|name| name.to_string_lossy().into_owned()));
    }
    for below in command.get_subcommands() {
        let (more_flags, more_variables) = known(below);
        flags.extend(more_flags);
        variables.extend(more_variables);
    }
    (flags, variables)
}

fn words_of(guide: &str, letter: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    guide
        .split(move |c| !letter(c))
        .filter(|word| word.contains('_'))
}

/// nginx's locations, and addresses between backticks: `/readyz`, `^~ /t/`, `~ /events$`.
fn addresses_in(guide: &str) -> Vec<&str> {
    let locations = guide.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("location ")?;
        let pattern = rest.split('{').next()?.trim();
        Some(
            pattern
                .trim_start_matches(['^', '~', ' '])
                .trim_end_matches('$'),
        )
    });
    let spans = code_in(guide).into_iter().filter(|code| {
        let rest = code.strip_prefix('/');
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase()))
    });
    locations.chain(spans).collect()
}
