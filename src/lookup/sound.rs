//! How characters sound: for what was mistyped by sound, and for what was typed as pinyin, whole or initials.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use encoding_rs::GBK;
use pinyin::{ToPinyin, ToPinyinMulti};

use crate::lookup::words::is_chinese;

/// The readings of the characters that matter: those of the texts given, and the 3,755 most usual.
#[derive(Debug, Clone, Default)]
pub struct Sounds {
    readings: HashMap<char, Vec<String>>,
    /// The first reading's number among the sounds that are told apart.
    numbers: HashMap<char, u16>,
}

impl Sounds {
    pub fn of(texts: impl Iterator<Item = char>) -> Sounds {
        let characters: BTreeSet<char> = usual()
            .into_iter()
            .chain(texts.filter(|c| is_chinese(*c)))
            .collect();
        let mut sounds = Sounds::default();
        let mut told_apart = BTreeMap::new();
        for c in characters {
            let readings = readings(c);
            if let Some(first) = readings.first() {
                let next = told_apart.len() as u16;
                let number = *told_apart.entry(near(first)).or_insert(next);
                sounds.numbers.insert(c, number);
                sounds.readings.insert(c, readings);
            }
        }
        sounds
    }

    pub fn number(&self, c: char) -> Option<u16> {
        self.numbers.get(&c).copied()
    }

    /// Without tones, the usual one first; none for what has no known sound.
    pub fn readings(&self, c: char) -> &[String] {
        self.readings.get(&c).map_or(&[], Vec::as_slice)
    }

    /// Reading → the characters that are read so first, and behind a comma those that can be.
    pub fn table(&self) -> BTreeMap<&str, String> {
        let mut first: BTreeMap<&str, (String, String)> = BTreeMap::new();
        let characters: BTreeMap<&char, &Vec<String>> = self.readings.iter().collect();
        for (c, readings) in characters {
            for (place, reading) in readings.iter().enumerate() {
                let (firsts, others) = first.entry(reading).or_default();
                if place == 0 {
                    firsts.push(*c);
                } else {
                    others.push(*c);
                }
            }
        }
        let joined = |(firsts, others): (String, String)| {
            if others.is_empty() {
                firsts
            } else {
                format!("{firsts},{others}")
            }
        };
        first
            .into_iter()
            .map(|(reading, both)| (reading, joined(both)))
            .collect()
    }

    /// How many of these characters, from the first, sound as the whole of what was typed: each by a full reading or
    /// by its initial. The fewest, where there are several ways.
    pub fn spelled(&self, characters: &[char], typed: &str) -> Option<usize> {
        if typed.is_empty() {
            return Some(0);
        }
        let (first, rest) = characters.split_first()?;
        let mut fewest = None;
        for reading in self.readings(*first) {
            let parts = [reading.as_str(), initial(reading), &reading[..1]];
            for (place, part) in parts.into_iter().enumerate() {
                if parts[..place].contains(&part) {
                    continue;
                }
                let Some(behind) = typed.strip_prefix(part) else {
                    continue;
                };
                let count = self.spelled(rest, behind).map(|count| count + 1);
                fewest = [fewest, count].into_iter().flatten().min();
            }
        }
        fewest
    }

    /// Every pair of letters that something typed for these characters can begin with: both of the first one's, or one of
    /// each.
    pub fn first_letters(&self, characters: &[char]) -> BTreeSet<[u8; 2]> {
        let mut pairs = BTreeSet::new();
        let Some((first, rest)) = characters.split_first() else {
            return pairs;
        };
        let next = rest.first().map_or(&[][..], |next| self.readings(*next));
        for reading in self.readings(*first) {
            let reading = reading.as_bytes();
            pairs.extend(reading.get(1).map(|second| [reading[0], *second]));
            pairs.extend(next.iter().map(|next| [reading[0], next.as_bytes()[0]]));
        }
        pairs
    }

    /// Whether these characters, all of them, are read as what was typed, letter by letter.
    pub fn spelled_in_full(&self, characters: &[char], typed: &str) -> bool {
        let Some((first, rest)) = characters.split_first() else {
            return typed.is_empty();
        };
        let mut readings = self.readings(*first).iter();
        readings.any(|reading| {
            let behind = typed.strip_prefix(reading.as_str());
            behind.is_some_and(|behind| self.spelled_in_full(rest, behind))
        })
    }
}

/// GB 2312's first level.
fn usual() -> Vec<char> {
    let pairs: Vec<u8> = (0xb0..=0xd7u8)
        .flat_map(|high| (0xa1..=0xfeu8).flat_map(move |low| [high, low]))
        .collect();
    let (text, _) = GBK.decode_without_bom_handling(&pairs);
    text.chars().filter(|c| is_chinese(*c)).collect()
}

fn readings(c: char) -> Vec<String> {
    let all = c
        .to_pinyin()
        .into_iter()
        .chain(c.to_pinyin_multi().into_iter().flatten());
    let mut readings = Vec::new();
    for sound in all {
        // As it is typed. A few odd interjections have no vowel that a keyboard knows.
        let reading = sound.plain().replace('ü', "v");
        if reading.bytes().all(|byte| byte.is_ascii_lowercase()) && !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

fn initial(reading: &str) -> &str {
    let length = if reading[1..].starts_with('h') { 2 } else { 1 };
    &reading[..length.min(reading.len())]
}

/// What dialects and thumbs mix up is one sound: zh/z, ch/c, sh/s, n/l, and ng/n at the end.
pub fn near(reading: &str) -> String {
    let start = initial(reading);
    let (start, rest) = if start.len() == 2 {
        (&start[..1], &reading[2..])
    } else {
        reading.split_at(1)
    };
    let start = if start == "n" { "l" } else { start };
    let rest = rest.strip_suffix('g').unwrap_or(rest);
    format!("{start}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_sounds_are_one_and_others_are_not() {
        let sounds = Sounds::of("殡".chars());
        let same = |one: char, other: char| sounds.number(one) == sounds.number(other);
        assert!(same('帖', '贴') && same('宾', '殡') && same('农', '龙') && same('真', '蒸'));
        assert!(!same('基', '保') && !same('绿', '路'));
        assert!(sounds.readings('律').contains(&"lv".to_owned()));
        assert_eq!(sounds.number('🏠'), None);
    }

    #[test]
    fn typed_pinyin_is_read_whole_by_initials_and_mixed() {
        let sounds = Sounds::of("宅基地审批".chars());
        let word: Vec<char> = "宅基地审批".chars().collect();
        for (typed, count) in [
            ("zhaijidi", Some(3)),
            ("zjd", Some(3)),
            ("zhjd", Some(3)),
            ("zhaijd", Some(3)),
            ("zhaijidishenpi", Some(5)),
            ("zjx", None),
            ("falv", None),
            ("zhaijidishenpiy", None),
        ] {
            assert_eq!(sounds.spelled(&word, typed), count, "{typed}");
        }
    }
}
