//! Text as it is compared: runs of Chinese, of letters, of digits; their tokens; and the figures that weigh them.

use serde::Serialize;

/// Neighbours that are compared alike, without anything between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    Chinese(Vec<char>),
    /// `a`–`z`.
    Letters(String),
    /// `0`–`9`.
    Digits(String),
}

/// What a text is made of, for finding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Token {
    One(char),
    Two(char, char),
    /// With one character between them, whichever: a wrong one in the middle does no harm.
    Apart(char, char),
    /// Two neighbours by how they sound, tones and near sounds aside.
    Sound(u16, u16),
    /// The first twelve letters, in base 27.
    Letters(u64),
    /// The first eighteen digits, behind a 1 so that `07` is not `7`.
    Digits(u64),
}

/// How much each kind of token and each part of an entry counts. Chosen on `tests/lookup/dev.tsv` alone, by
/// the mean of 1 ÷ the place of the first answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Weights {
    pub one: f64,
    pub two: f64,
    pub apart: f64,
    pub sound: f64,
    pub plain: f64,
    pub asked: f64,
    pub answer: f64,
    pub topic: f64,
    pub explanation: f64,
    pub source: f64,
    pub material: f64,
    /// BM25's saturation and length normalization.
    pub k1: f64,
    pub b: f64,
    /// A policy's word that stands in for what was said.
    pub official: f64,
    /// Below this share of what was asked for, an entry is only the nearest.
    pub fit: f64,
    /// The most that one word with synonyms can say, in the measure of rarity.
    pub word: f64,
}

pub const WEIGHTS: Weights = Weights {
    one: 0.6,
    two: 1.0,
    apart: 0.3,
    sound: 0.3,
    plain: 1.0,
    asked: 3.0,
    answer: 1.8,
    topic: 1.6,
    explanation: 0.8,
    source: 0.4,
    material: 0.4,
    k1: 0.9,
    b: 0.3,
    official: 0.7,
    fit: 0.4,
    word: 14.0,
};

/// Words that ask or only bind: what remains without them is what is asked about.
pub const ASKING: &[&str] = &[
    "能不能",
    "可不可以",
    "要不要",
    "是不是",
    "有没有",
    "会不会",
    "行不行",
    "算不算",
    "该不该",
    "让不让",
    "怎么办",
    "怎么样",
    "怎么",
    "怎样",
    "咋办",
    "咋个",
    "咋",
    "如何",
    "为什么",
    "为啥",
    "什么",
    "啥",
    "哪些",
    "哪个",
    "哪里",
    "哪儿",
    "谁管",
    "多少",
    "几个",
    "多久",
    "多长时间",
    "什么时候",
    "请问",
    "我想问",
    "想问",
    "问一下",
    "我们",
    "我家",
    "我",
    "他们",
    "他",
    "她",
    "你",
    "您",
    "可以",
    "能",
    "吗",
    "呢",
    "吧",
    "啊",
    "的",
    "了",
    "是",
    "有",
    "就",
    "还",
    "也",
    "都",
    "这",
    "那",
    "个",
    "给",
    "和",
    "与",
    "在",
    "到",
    "被",
    "把",
    "让",
    "要",
    "会",
    "又",
    "再",
    "去",
    "现在",
    "今年",
    "的话",
    "如果",
    "一下",
];

/// The runs of a text, in its order. Full-width letters and digits count as the others, capitals as small letters.
pub fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut joined = false;
    for c in text.chars() {
        let c = narrow(c);
        match runs.last_mut().filter(|_| joined) {
            Some(Run::Chinese(run)) if is_chinese(c) => run.push(c),
            Some(Run::Letters(run)) if c.is_ascii_lowercase() => run.push(c),
            Some(Run::Digits(run)) if c.is_ascii_digit() => run.push(c),
            _ if is_chinese(c) => runs.push(Run::Chinese(vec![c])),
            _ if c.is_ascii_lowercase() => runs.push(Run::Letters(c.into())),
            _ if c.is_ascii_digit() => runs.push(Run::Digits(c.into())),
            _ => {
                joined = false;
                continue;
            }
        }
        joined = true;
    }
    runs
}

pub fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

fn narrow(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    c.to_ascii_lowercase()
}

pub fn letters(run: &str) -> Token {
    let digits = run.bytes().take(12);
    Token::Letters(digits.fold(0, |sum, byte| sum * 27 + u64::from(byte - b'a' + 1)))
}

pub fn digits(run: &str) -> Token {
    let digits = run.bytes().take(18);
    Token::Digits(digits.fold(1, |sum, byte| sum * 10 + u64::from(byte - b'0')))
}

impl Weights {
    pub fn of(&self, token: Token) -> f64 {
        match token {
            Token::One(_) => self.one,
            Token::Two(..) => self.two,
            Token::Apart(..) => self.apart,
            Token::Sound(..) => self.sound,
            Token::Letters(_) | Token::Digits(_) => self.plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_capitals_do_not_part_what_is_the_same() {
        assert_eq!(runs("ＡＰＰ打卡60天"), runs("app 打卡６０，天"));
        assert_eq!(
            runs("低保，2026"),
            [Run::Chinese(vec!['低', '保']), Run::Digits("2026".into())]
        );
        assert_eq!(runs("低 保").len(), 2);
        assert!(runs("？！ 🏠").is_empty());
    }

    #[test]
    fn long_words_and_leading_noughts_stay_what_they_are() {
        assert_ne!(digits("07"), digits("7"));
        assert_eq!(digits(&"9".repeat(40)), digits(&"9".repeat(18)));
        assert_eq!(letters(&"z".repeat(99)), letters(&"z".repeat(12)));
    }
}
