//! The index: which entries hold which tokens, how much each says there, and the entries that answer a query, best first.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::{
    bank::{Bank, question::QuestionId},
    lookup::{
        entry::{self, Entry, Line},
        query::{Clause, Reader, Way},
        sound::Sounds,
        words::{Token, WEIGHTS},
    },
};

/// The entries of a bank on a day, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub entries: Vec<Entry>,
    pub reader: Reader,
    postings: HashMap<Token, Postings>,
}

#[derive(Debug, Clone, Default)]
struct Postings {
    /// How much the token says, by how few entries hold it.
    rarity: f64,
    /// Entry → BM25 of the token there; ascending.
    gains: Vec<(u32, f64)>,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'a> {
    /// Best first.
    pub entries: Vec<&'a Entry>,
    pub fit: Fit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The first answers what was asked.
    Good,
    /// Nothing does; these come nearest.
    Nearest,
}

impl Index {
    pub fn new(bank: &Bank, day: NaiveDate) -> Index {
        let entries = entry::entries(bank, day);
        let texts: Vec<String> = entries
            .iter()
            .map(|entry| format!("{}，{}，{}", entry.topic, entry.asked, lines(&entry.answer)))
            .collect();
        let of_synonyms = bank
            .synonyms
            .rows
            .iter()
            .flat_map(|row| row.said.iter().chain(&row.official));
        let of_entries = entries.iter().flat_map(|entry| {
            let fields = fields(entry).map(|(text, _)| text);
            fields.join("").chars().collect::<Vec<char>>()
        });
        let sounds = Sounds::of(of_entries.chain(of_synonyms.flat_map(|word| word.chars())));
        let reader = Reader::new(sounds, &bank.synonyms, &texts);
        let postings = postings(&entries, &reader);
        Index {
            entries,
            reader,
            postings,
        }
    }

    /// The best `most` entries but these; none where nothing of the query is in any.
    pub fn search(&self, query: &str, without: &HashSet<QuestionId>, most: usize) -> Found<'_> {
        let clauses = self.reader.read(query);
        let scores = self.scores(&clauses);
        let mut best: Vec<(usize, f64)> = scores
            .into_iter()
            .enumerate()
            .filter(|(place, score)| *score > 0.0 && !without.contains(&self.entries[*place].id))
            .collect();
        best.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        best.truncate(most);
        let first = best
            .first()
            .map_or(0.0, |(place, _)| self.share(*place as u32, &clauses));
        Found {
            entries: best
                .into_iter()
                .map(|(place, _)| &self.entries[place])
                .collect(),
            fit: if first >= WEIGHTS.fit {
                Fit::Good
            } else {
                Fit::Nearest
            },
        }
    }

    fn scores(&self, clauses: &[Clause]) -> Vec<f64> {
        let mut scores = vec![0.0; self.entries.len()];
        for clause in clauses {
            let mut best = vec![0.0_f64; self.entries.len()];
            for way in &clause.ways {
                let mut gained = vec![0.0_f64; self.entries.len()];
                let scale = way.weight * self.evened(way, clause.ways.len());
                for token in &way.tokens {
                    let Some(postings) = self.postings.get(token) else {
                        continue;
                    };
                    let weight = scale * WEIGHTS.of(*token);
                    for (place, gain) in &postings.gains {
                        gained[*place as usize] += weight * gain;
                    }
                }
                for (best, gained) in best.iter_mut().zip(gained) {
                    *best = best.max(gained);
                }
            }
            for (score, best) in scores.iter_mut().zip(best) {
                *score += best;
            }
        }
        scores
    }

    /// Long words of policies would drown the rest of what was asked.
    fn evened(&self, way: &Way, ways: usize) -> f64 {
        if ways == 1 {
            return 1.0;
        }
        let (_, all) = self.of_way(u32::MAX, way);
        (WEIGHTS.word / all.max(WEIGHTS.word)).min(1.0)
    }

    /// How much of what was asked for stands in this entry, 0 to 1.
    fn share(&self, place: u32, clauses: &[Clause]) -> f64 {
        let (mut there, mut all) = (0.0, 0.0);
        for clause in clauses {
            let shares = clause.ways.iter().map(|way| self.of_way(place, way));
            let better = |one: (f64, f64), other: (f64, f64)| {
                if other.0 * one.1 > one.0 * other.1 {
                    other
                } else {
                    one
                }
            };
            let (held, asked) = shares.reduce(better).unwrap_or((0.0, 0.0));
            there += held;
            all += asked;
        }
        if all > 0.0 { there / all } else { 0.0 }
    }

    /// What this entry holds of a way, and all of it.
    fn of_way(&self, place: u32, way: &Way) -> (f64, f64) {
        let unknown = rarity(self.entries.len(), 0);
        let (mut there, mut all) = (0.0, 0.0);
        for token in &way.tokens {
            let postings = self.postings.get(token);
            let weight = WEIGHTS.of(*token) * postings.map_or(unknown, |postings| postings.rarity);
            all += weight;
            let holds = |postings: &Postings| {
                postings
                    .gains
                    .binary_search_by_key(&place, |(at, _)| *at)
                    .is_ok()
            };
            if postings.is_some_and(holds) {
                there += weight;
            }
        }
        (there, all)
    }
}

fn postings(entries: &[Entry], reader: &Reader) -> HashMap<Token, Postings> {
    let mut counts: Vec<(HashMap<Token, f64>, f64)> = Vec::with_capacity(entries.len());
    let mut holders: HashMap<Token, usize> = HashMap::new();
    for entry in entries {
        let (mut held, mut length) = (HashMap::new(), 0.0);
        for (text, weight) in fields(entry) {
            length += weight * text.chars().count() as f64;
            for token in reader.of_text(&text) {
                *held.entry(token).or_insert(0.0) += weight;
            }
        }
        for token in held.keys() {
            *holders.entry(*token).or_default() += 1;
        }
        counts.push((held, length));
    }
    let total: f64 = counts.iter().map(|(_, length)| length).sum();
    let usual = total / entries.len().max(1) as f64;
    let mut postings: HashMap<Token, Postings> = HashMap::with_capacity(holders.len());
    for (place, (held, length)) in counts.into_iter().enumerate() {
        let long = WEIGHTS.k1 * (1.0 - WEIGHTS.b + WEIGHTS.b * length / usual);
        for (token, count) in held {
            let rarity = rarity(entries.len(), holders[&token]);
            let gain = rarity * count * (WEIGHTS.k1 + 1.0) / (count + long);
            let of_token = postings.entry(token).or_default();
            of_token.rarity = rarity;
            of_token.gains.push((place as u32, gain));
        }
    }
    postings
}

/// The texts of an entry that are searched, and how much each counts.
fn fields(entry: &Entry) -> [(String, f64); 6] {
    let material = entry.material.as_ref();
    let material = material.map_or(String::new(), |case| {
        format!("{}，{}", case.title, case.text)
    });
    [
        (entry.asked.clone(), WEIGHTS.asked),
        (lines(&entry.answer), WEIGHTS.answer),
        (entry.topic.clone(), WEIGHTS.topic),
        (entry.explanation.clone(), WEIGHTS.explanation),
        (
            format!("{}，{}", entry.document, entry.clause),
            WEIGHTS.source,
        ),
        (material, WEIGHTS.material),
    ]
}

fn lines(answer: &[Line]) -> String {
    let lines: Vec<String> = answer.iter().map(Line::text).collect();
    lines.join("，")
}

/// BM25's, never below zero.
fn rarity(entries: usize, holders: usize) -> f64 {
    let (entries, holders) = (entries as f64, holders as f64);
    (1.0 + (entries - holders + 0.5) / (holders + 0.5)).ln()
}
