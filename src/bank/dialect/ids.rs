//! Ids that nobody has: the file's own prefix and the number after the highest in use.

use std::collections::{HashMap, HashSet};

use crate::bank::fault::Fault;

/// Stands in a help for an id that is free; which one only shows when every file has been read. Nobody types these.
pub(in crate::bank) const FREE_ID: &str = "\u{F8FE}\u{F8FF}";

#[derive(Debug, Default)]
pub(in crate::bank) struct Ids {
    taken: HashSet<String>,
    /// The highest number of each prefix that was asked for.
    highest: HashMap<String, u32>,
}

impl Ids {
    pub(in crate::bank) fn take_all(&mut self, ids: impl Iterator<Item = String>) {
        self.taken.extend(ids);
        self.highest.clear();
    }

    pub(in crate::bank) fn next(&mut self, prefix: &str) -> String {
        let in_use = || {
            let numbers = self.taken.iter().filter_map(|id| {
                id.strip_prefix(prefix)?
                    .strip_prefix('-')?
                    .parse::<u32>()
                    .ok()
            });
            numbers.max().unwrap_or(0)
        };
        let highest = self.highest.get(prefix).copied().unwrap_or_else(in_use);
        let next = highest.saturating_add(1);
        self.highest.insert(prefix.to_owned(), next);
        let id = format!("{prefix}-{next:03}");
        self.taken.insert(id.clone());
        id
    }
}

/// The prefix most ids of the file have; else the file's name in what an id may hold.
pub(in crate::bank) fn prefix<'i>(file: &str, ids: impl Iterator<Item = &'i str>) -> String {
    let mut prefixes: Vec<&str> = ids
        .filter_map(|id| id.rsplit_once('-'))
        .filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|(prefix, _)| prefix)
        .collect();
    prefixes.sort_unstable();
    let most = prefixes
        .chunk_by(|one, other| one == other)
        .max_by_key(|same| same.len())
        .map(|same| same[0]);
    if let Some(most) = most {
        return most.to_owned();
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if matches!(c, '_' | ' ' | '.') { '-' } else { c })
        .filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
        .take(40)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        "q".to_owned()
    } else {
        plain.to_owned()
    }
}

/// Puts a free id, each time another, where a help left room for one. `taken` says in which file every id stands.
pub(in crate::bank) fn suggest<'f>(
    faults: &mut [Fault],
    taken: impl IntoIterator<Item = (String, &'f str)>,
) {
    let mut open = faults
        .iter_mut()
        .filter(|fault| fault.help.contains(FREE_ID))
        .peekable();
    if open.peek().is_none() {
        return;
    }
    let mut by_file: HashMap<&str, Vec<String>> = HashMap::new();
    let mut ids = Ids::default();
    for (id, file) in taken {
        by_file.entry(file).or_default().push(id.clone());
        ids.take_all(std::iter::once(id));
    }
    let mut prefixes: HashMap<String, String> = HashMap::new();
    for fault in open {
        let own = by_file
            .get(fault.file.as_str())
            .map_or(&[][..], Vec::as_slice);
        let prefix = prefixes
            .entry(fault.file.clone())
            .or_insert_with(|| self::prefix(&fault.file, own.iter().map(String::as_str)));
        fault.help = fault.help.replace(FREE_ID, &ids.next(prefix));
    }
}
