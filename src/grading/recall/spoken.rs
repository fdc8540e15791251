//! A text as it counts when spoken: numbers by value, no marks, no spaces, no words that only fill, everyday words as
//! written ones, and what was said twice in a stutter once.

use crate::grading::{
    numbers::{Read, Token, read},
    recall::{
        lexicon::{self, Denial, Traits, Turn},
        rhetoric,
        sound::Sound,
    },
};

#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says on its own what stood just before"
)]
pub(super) struct Word {
    /// Of every denial the same one, `不`.
    pub(super) token: Token,
    pub(super) sound: Option<Sound>,
    pub(super) traits: Traits,
    pub(super) denial: Option<Denial>,
    /// A denial as it was said; of others nothing.
    pub(super) written: &'static str,
    /// Bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// A clause ended just before.
    pub(super) opens: bool,
    /// A clause, a pause, a space or a filler stood just before.
    pub(super) apart: bool,
    /// The next thing begins here: it was counted (第四, 一是) or led in (还有, 最后).
    pub(super) anew: bool,
    /// 、 stood just before.
    pub(super) listed: bool,
    /// 的 stood just before: what precedes it describes this.
    pub(super) described: bool,
    /// The speaker took back what stands before this: 不对, 说错了.
    pub(super) corrects: bool,
}

impl Word {
    pub(super) fn char(&self) -> Option<char> {
        match self.token {
            Token::Char(c) => Some(c),
            Token::Number(_) => None,
        }
    }

    pub(super) fn is(&self, c: char) -> bool {
        self.token == Token::Char(c)
    }
}

pub(super) fn words(text: &str) -> Vec<Word> {
    let mut speech = Speech {
        text,
        reads: read(text),
        words: Vec::with_capacity(text.len() / 3),
        opens: true,
        apart: true,
        anew: true,
        listed: false,
        described: false,
        corrects: false,
    };
    let mut at = 0;
    while at < speech.reads.len() {
        at += speech.take(at);
    }
    let mut words = without_stutter(speech.words);
    unname(&mut words);
    // 高不高, 方不方便 ask, they deny nothing.
    for at in 1..words.len().saturating_sub(1) {
        let asks = words[at].written == "不" && words[at - 1].token == words[at + 1].token;
        if asks && !words[at].opens && !words[at + 1].opens {
            (words[at].denial, words[at].written) = (None, "");
        }
    }
    words
}

/// 八不准, 四个不摘 are names; 一不准, 二不准 count prohibitions.
fn unname(words: &mut [Word]) {
    let names = |words: &[Word], at: usize| {
        let number = |at: Option<usize>| {
            at.is_some_and(
                |at| matches!(&words[at].token, Token::Number(n) if n != "1" && n != "2"),
            )
        };
        let counted = at.checked_sub(1).filter(|before| words[*before].is('个'));
        words[at].denial.is_some()
            && !words[at].opens
            && (number(at.checked_sub(1)) || number(counted.and_then(|at| at.checked_sub(1))))
    };
    let all: Vec<usize> = (0..words.len()).filter(|&at| names(words, at)).collect();
    if let [only] = all[..] {
        (words[only].denial, words[only].written) = (None, "");
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each says on its own what stood just before"
)]
struct Speech<'a> {
    text: &'a str,
    reads: Vec<Read>,
    words: Vec<Word>,
    opens: bool,
    apart: bool,
    anew: bool,
    listed: bool,
    described: bool,
    corrects: bool,
}

impl Speech<'_> {
    /// Takes what stands at `at` and answers how many of the text's tokens that were.
    fn take(&mut self, at: usize) -> usize {
        if let Some(length) = self.counting(at) {
            (self.opens, self.apart, self.anew) = (true, true, true);
            return length;
        }
        let here = |ahead: usize| match self.reads.get(at + ahead)?.token {
            Token::Char(c) => Some(c),
            Token::Number(_) => None,
        };
        if let Some(length) = self.correction(at) {
            (self.opens, self.apart, self.corrects) = (true, true, true);
            return length;
        }
        let word = lexicon::longest(here);
        // 哪里有 is longer than any word of the table that begins so.
        if let Some((denial, written, length)) = rhetoric::denial(&here)
            && word.is_none_or(|(_, other)| other <= length)
        {
            self.turn(Turn::Denial(denial, written), at, length);
            return length;
        }
        if let Some((turn, length)) = word {
            self.turn(turn, at, length);
            return length;
        }
        match self.reads[at].token.clone() {
            Token::Char(c) if ends_clause(c) => (self.opens, self.apart) = (true, true),
            Token::Char(c) if !c.is_alphanumeric() => {
                self.apart = true;
                self.listed |= c == '、';
            }
            Token::Char(c) => self.push(Token::Char(c), at, at + 1),
            Token::Number(number) => match listed(&number) {
                Some(digits) if self.counts_ranks(at + 1) => {
                    for digit in digits {
                        self.push(Token::Number(digit), at, at + 1);
                    }
                }
                _ => self.push(Token::Number(number), at, at + 1),
            },
        }
        1
    }

    fn turn(&mut self, turn: Turn, at: usize, length: usize) {
        match turn {
            Turn::Filler => {
                self.apart = true;
                self.described = length == 1 && matches!(self.reads[at].token, Token::Char('的'));
            }
            Turn::Break => (self.opens, self.apart, self.anew) = (true, true, true),
            Turn::Plain => {
                for each in at..at + length {
                    self.push(self.reads[each].token.clone(), each, each + 1);
                }
            }
            Turn::Denial(denial, written) => {
                let first = match self.reads[at].token {
                    Token::Char(c) if length == 1 => Sound::of(c),
                    _ => None,
                };
                self.push(Token::Char('不'), at, at + length);
                if let Some(word) = self.words.last_mut() {
                    word.sound = first;
                    (word.denial, word.written) = (Some(denial), written);
                }
            }
            Turn::As(written) => {
                for c in written.chars() {
                    self.push(Token::Char(c), at, at + length);
                }
            }
        }
    }

    fn push(&mut self, token: Token, from: usize, to: usize) {
        // A number of one character may stand for a word that sounds like it: 一法 for 依法.
        let sound = match (&token, &self.reads[from]) {
            (Token::Char(c), _) => Sound::of(*c),
            (Token::Number(_), read) if read.end - read.start == 3 => {
                let mut characters = self.text[read.start..read.end].chars();
                characters.next().and_then(Sound::of)
            }
            _ => None,
        };
        let traits = match token {
            Token::Char(c) => lexicon::traits(c),
            Token::Number(_) => Traits::default(),
        };
        self.words.push(Word {
            token,
            sound,
            traits,
            denial: None,
            written: "",
            start: self.reads[from].start,
            end: self.reads[to - 1].end,
            opens: self.opens,
            apart: self.apart,
            anew: self.anew,
            listed: self.listed,
            described: self.described,
            corrects: self.corrects,
        });
        (self.opens, self.apart, self.anew) = (false, false, false);
        (self.listed, self.described, self.corrects) = (false, false, false);
    }

    /// 不对, 说错了, where nothing else can be meant: 收费是不对的 takes nothing back.
    fn correction(&self, at: usize) -> Option<usize> {
        let here = |ahead: usize| match self.reads.get(at + ahead)?.token {
            Token::Char(c) => Some(c),
            Token::Number(_) => None,
        };
        if self.words.is_empty() || !lexicon::traits(here(0)?).begins() {
            return None;
        }
        let (length, alone) = lexicon::correction(here)?;
        let next = here(length);
        let ends = next.is_none_or(|c| ends_clause(c) || c == '、' || c.is_whitespace());
        let restates = here(1) == Some('对') && next.is_some_and(|c| "是应".contains(c));
        (!alone || restates || ((self.opens || self.apart) && ends)).then_some(length)
    }

    /// 第一, 第二条, 一是, 1. and the like, where they count the elements off.
    fn counting(&self, at: usize) -> Option<usize> {
        let is = |ahead: usize, set: &str| {
            self.reads
                .get(at + ahead)
                .is_some_and(|read| matches!(read.token, Token::Char(c) if set.contains(c)))
        };
        let number = |ahead: usize| {
            self.reads
                .get(at + ahead)
                .is_some_and(|read| matches!(&read.token, Token::Number(n) if n.len() <= 2))
        };
        if is(0, "第其") && number(1) {
            if is(2, "书产时批次轮") {
                return None;
            }
            let length = 2 + usize::from(is(2, "个条项类点步种是就句"));
            return Some(length + usize::from(length == 3 && is(3, "是就")));
        }
        let apart = self.apart || self.opens;
        if number(0) && is(1, "是") {
            return Some(2);
        }
        if number(0) && is(1, "个条项") && is(2, "是就") {
            return Some(3);
        }
        (apart && number(0) && is(1, ".、．)）") && !number(2)).then_some(2)
    }

    /// 一二三级: ranks one by one, not a hundred and twenty-three.
    fn counts_ranks(&self, next: usize) -> bool {
        self.reads
            .get(next)
            .is_some_and(|read| matches!(read.token, Token::Char('级' | '类' | '等' | '档')))
    }
}

/// The digits of a number in which each follows the one before: 12, 123.
fn listed(number: &str) -> Option<Vec<String>> {
    let digits = number.as_bytes();
    let rising = digits.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let small = (2..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    (small && rising).then(|| number.chars().map(String::from).collect())
}

/// Of 基本基本医疗 and 发展发展 the first is dropped. Single characters stay: people do say 常常.
fn without_stutter(mut words: Vec<Word>) -> Vec<Word> {
    for length in (2..=6).rev() {
        let again = |words: &[Word], at: usize| {
            at + 2 * length <= words.len()
                && !words[at + length].listed
                && (!words[at + length].opens || words[at].apart)
                && (0..length).all(|each| words[at + each].token == words[at + length + each].token)
        };
        let mut at = 0;
        while at < words.len() {
            if again(&words, at) {
                let (opens, apart, anew) = (words[at].opens, words[at].apart, words[at].anew);
                words.drain(at..at + length);
                words[at].opens |= opens;
                words[at].apart |= apart;
                words[at].anew |= anew;
            } else {
                at += 1;
            }
        }
    }
    words
}

/// 、 parts no clauses: 不得收费、摊派 forbids both.
fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '。' | '.' | '；' | ';' | '！' | '!' | '？' | '?' | '：' | ':' | '\n'
    )
}
