//! From what somebody typed to what to look for: asking words dropped, everyday words beside official ones, pinyin read.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::{
    bank::synonyms::Synonyms,
    lookup::{
        sound::Sounds,
        words::{self, ASKING, Run, Token, WEIGHTS},
    },
};

/// The most letters of pinyin that are read as one, and the most characters of a query that count.
const SPELLED_MAX: usize = 24;
const QUERY_MAX: usize = 200;
/// The most words that one spelling stands for.
const READINGS_MAX: usize = 3;

/// One thing asked for. An entry gets what its best way gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    pub ways: Vec<Way>,
}

/// One way to say it.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub weight: f64,
    pub tokens: Vec<Token>,
}

/// A stretch of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// With the synonyms' row.
    Said(Range<usize>, usize),
    Asking(Range<usize>),
    Plain(Range<usize>),
}

impl Piece {
    fn range(&self) -> &Range<usize> {
        match self {
            Piece::Said(at, _) | Piece::Asking(at) | Piece::Plain(at) => at,
        }
    }

    /// Its first and last character; none of what only asks.
    fn ends(&self, characters: &[char]) -> Option<(char, char)> {
        match self {
            Piece::Asking(_) => None,
            Piece::Said(at, _) | Piece::Plain(at) => {
                Some((characters[at.start], characters[at.end - 1]))
            }
        }
    }
}

/// What queries are read with: the bank's synonyms, sounds, and texts in which spelled words are sought.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    pub sounds: Sounds,
    /// By first character, longest first.
    said: HashMap<char, Vec<(Vec<char>, usize)>>,
    official: Vec<Vec<String>>,
    /// First character → rest, longest first.
    asking: HashMap<char, Vec<Vec<char>>>,
    /// Runs in which a spelled word may stand, each with how much finding it there says.
    spoken: Vec<(Vec<char>, u32)>,
    /// First two letters → where in `spoken` something that is typed so may begin: run and place.
    beginnings: HashMap<[u8; 2], Vec<(u32, u32)>>,
}

impl Reader {
    pub fn new(sounds: Sounds, synonyms: &Synonyms, texts: &[String]) -> Reader {
        let mut reader = Reader {
            sounds,
            ..Reader::default()
        };
        for row in &synonyms.rows {
            for said in &row.said {
                let characters: Vec<char> = said.chars().collect();
                if let Some(first) = characters.first() {
                    let number = reader.official.len();
                    reader
                        .said
                        .entry(*first)
                        .or_default()
                        .push((characters, number));
                }
            }
            reader.official.push(row.official.clone());
            for word in row.said.iter().chain(&row.official) {
                reader.hear(word, 3);
            }
        }
        for words in reader.said.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.0.len()));
        }
        for word in ASKING {
            let characters: Vec<char> = word.chars().collect();
            reader
                .asking
                .entry(characters[0])
                .or_default()
                .push(characters);
        }
        for words in reader.asking.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        }
        for text in texts {
            reader.hear(text, 1);
        }
        reader
    }

    fn hear(&mut self, text: &str, weight: u32) {
        for run in words::runs(text) {
            if let Run::Chinese(characters) = run {
                let run = self.spoken.len() as u32;
                for place in 0..characters.len() {
                    for first in self.sounds.first_letters(&characters[place..]) {
                        let heard = self.beginnings.entry(first).or_default();
                        heard.push((run, place as u32));
                    }
                }
                self.spoken.push((characters, weight));
            }
        }
    }

    /// Empty where nothing but asking words was typed.
    pub fn read(&self, query: &str) -> Vec<Clause> {
        let query: String = query.chars().take(QUERY_MAX).collect();
        let mut clauses = Vec::new();
        for run in words::runs(&query) {
            match run {
                Run::Chinese(characters) => self.chinese(&characters, &mut clauses),
                Run::Letters(letters) => clauses.extend(self.spelled(&letters)),
                Run::Digits(digits) => clauses.push(Clause::of(1.0, vec![words::digits(&digits)])),
            }
        }
        clauses
    }

    fn chinese(&self, characters: &[char], clauses: &mut Vec<Clause>) {
        let mut before: Option<char> = None;
        for piece in self.pieces(characters) {
            let Some((first, last)) = piece.ends(characters) else {
                before = None;
                continue;
            };
            // What two neighbours make together is lost where each is looked for by itself.
            if let Some(before) = before {
                let mut seam = self.tokens(&[before, first]);
                seam.retain(|token| !matches!(token, Token::One(_)));
                clauses.push(Clause::of(1.0, seam));
            }
            before = Some(last);
            clauses.push(match piece {
                Piece::Said(at, row) => self.synonym(&characters[at], row),
                Piece::Plain(at) | Piece::Asking(at) => {
                    Clause::of(1.0, self.tokens(&characters[at]))
                }
            });
        }
    }

    /// Everyday words and asking words, the longest that fit from left to right, and what stands between them.
    fn pieces(&self, characters: &[char]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut at, mut plain_from) = (0, 0);
        while at < characters.len() {
            let rest = &characters[at..];
            let said = self.said.get(&rest[0]).into_iter().flatten();
            let said = said.into_iter().find(|(word, _)| rest.starts_with(word));
            let asking = self.asking.get(&rest[0]).into_iter().flatten();
            let asking = asking.into_iter().find(|word| rest.starts_with(word));
            let asks = asking.map_or(0, Vec::len);
            let found = match said {
                Some((word, row)) if word.len() >= asks => Piece::Said(at..at + word.len(), *row),
                _ if asks > 0 => Piece::Asking(at..at + asks),
                _ => {
                    at += 1;
                    continue;
                }
            };
            if plain_from < at {
                pieces.push(Piece::Plain(plain_from..at));
            }
            at = found.range().end;
            plain_from = at;
            pieces.push(found);
        }
        if plain_from < at {
            pieces.push(Piece::Plain(plain_from..at));
        }
        pieces
    }

    fn synonym(&self, said: &[char], row: usize) -> Clause {
        let mut clause = Clause::of(1.0, self.tokens(said));
        for official in &self.official[row] {
            let weight = WEIGHTS.official;
            clause.ways.push(Way {
                weight,
                tokens: self.of_text(official),
            });
        }
        clause
    }

    /// The words of the bank that sound like these letters, and the letters themselves.
    fn spelled(&self, letters: &str) -> Option<Clause> {
        let itself = Way {
            weight: 1.0,
            tokens: vec![words::letters(letters)],
        };
        let mut clause = Clause { ways: vec![itself] };
        let asking = |word: &&[char]| self.sounds.spelled_in_full(word, letters);
        if self
            .asking
            .values()
            .flatten()
            .map(Vec::as_slice)
            .any(|word| asking(&word))
        {
            return None;
        }
        let readings = self.readings(letters);
        let most = readings.iter().map(|(_, count)| *count).max().unwrap_or(1);
        for (word, count) in readings {
            let share = (f64::from(count) / f64::from(most)).sqrt();
            let mut meant = Vec::new();
            self.chinese(&word, &mut meant);
            let ways = meant.into_iter().flat_map(|clause| clause.ways);
            clause.ways.extend(ways.map(|way| Way {
                weight: way.weight * share,
                ..way
            }));
        }
        Some(clause)
    }

    /// The shortest words that sound so, the most frequent first.
    fn readings(&self, letters: &str) -> Vec<(Vec<char>, u32)> {
        if letters.len() < 2 || letters.len() > SPELLED_MAX {
            return vec![];
        }
        let mut counts: BTreeMap<&[char], u32> = BTreeMap::new();
        let bytes = letters.as_bytes();
        let begun = self.beginnings.get(&[bytes[0], bytes[1]]);
        for (run, start) in begun.into_iter().flatten() {
            let (run, weight) = &self.spoken[*run as usize];
            let rest = &run[*start as usize..];
            if let Some(length) = self.sounds.spelled(rest, letters) {
                *counts.entry(&rest[..length]).or_default() += weight;
            }
        }
        let shortest = counts.keys().map(|word| word.len()).min().unwrap_or(0);
        counts.retain(|word, _| word.len() == shortest);
        let mut found: Vec<(Vec<char>, u32)> = counts
            .into_iter()
            .map(|(word, count)| (word.to_vec(), count))
            .collect();
        found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        found.truncate(READINGS_MAX);
        found
    }

    /// Every token of a text, as often as it stands there.
    pub fn of_text(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        for run in words::runs(text) {
            match run {
                Run::Chinese(characters) => tokens.extend(self.tokens(&characters)),
                Run::Letters(letters) => tokens.push(words::letters(&letters)),
                Run::Digits(digits) => tokens.push(words::digits(&digits)),
            }
        }
        tokens
    }

    fn tokens(&self, characters: &[char]) -> Vec<Token> {
        let mut tokens: Vec<Token> = characters.iter().map(|c| Token::One(*c)).collect();
        for pair in characters.windows(2) {
            tokens.push(Token::Two(pair[0], pair[1]));
            if let (Some(one), Some(other)) =
                (self.sounds.number(pair[0]), self.sounds.number(pair[1]))
            {
                tokens.push(Token::Sound(one, other));
            }
        }
        tokens.extend(
            characters
                .windows(3)
                .map(|three| Token::Apart(three[0], three[2])),
        );
        tokens
    }
}

impl Clause {
    fn of(weight: f64, tokens: Vec<Token>) -> Clause {
        Clause {
            ways: vec![Way { weight, tokens }],
        }
    }
}
