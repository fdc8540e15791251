//! A text as it counts when spoken: numbers by value, no marks, no spaces, no words that only fill.

use crate::grading::numbers::{Read, Token, read};

#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) token: Token,
    /// Bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// A clause ended just before.
    pub(super) opens: bool,
}

/// Longer ones first. None of them carries a number or a polarity.
const FILLERS: [&str; 22] = [
    "就是说",
    "那个",
    "这个",
    "就是",
    "然后",
    "的话",
    "其实",
    "应该说",
    "嗯",
    "啊",
    "呃",
    "哦",
    "噢",
    "唔",
    "诶",
    "呐",
    "呢",
    "吧",
    "嘛",
    "呀",
    "的",
    "了",
];

pub(super) fn words(text: &str) -> Vec<Word> {
    let reads = read(text);
    let mut words: Vec<Word> = Vec::with_capacity(reads.len());
    let mut opens = true;
    let mut at = 0;
    while at < reads.len() {
        if let Some(length) = filler(&reads[at..]) {
            at += length;
            continue;
        }
        match &reads[at].token {
            Token::Char(c) if ends_clause(*c) => opens = true,
            Token::Char(c) if !c.is_alphanumeric() => {}
            token => {
                words.push(Word {
                    token: token.clone(),
                    start: reads[at].start,
                    end: reads[at].end,
                    opens,
                });
                opens = false;
            }
        }
        at += 1;
    }
    words
}

fn filler(reads: &[Read]) -> Option<usize> {
    FILLERS.iter().find_map(|filler| {
        let length = filler.chars().count();
        let here = reads.len() >= length
            && filler
                .chars()
                .zip(reads)
                .all(|(c, read)| read.token == Token::Char(c));
        here.then_some(length)
    })
}

/// 、 parts no clauses: 不得收费、摊派 forbids both.
fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '。' | '.' | '；' | ';' | '！' | '!' | '？' | '?' | '：' | ':' | '\n'
    )
}
