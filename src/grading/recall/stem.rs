//! What the stem has to do with an answer: repeating it says nothing, and where it asks for what is forbidden, a denial
//! agrees with it.

use crate::grading::recall::{
    letters::Letters,
    lexicon::Denial,
    spoken::{self, Word},
};

/// So many words in a row in common with the stem are taken for a repetition of it.
const REPEATED: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Stem {
    words: Vec<Word>,
    /// 禁止从事哪些活动, 不予补贴的情形: an answer may say 不得 and mean the same.
    pub(super) denies: bool,
    /// What it denies: 补贴 of 不予补贴.
    pub(super) verbs: Vec<Vec<Word>>,
    characters: Letters,
}

impl Stem {
    pub(super) fn of(text: &str) -> Stem {
        let mut quoted = false;
        let unquoted: String = text
            .chars()
            .filter(|c| {
                match c {
                    '“' | '《' => quoted = true,
                    '”' | '》' => quoted = false,
                    _ => {}
                }
                !quoted
            })
            .collect();
        let words = spoken::words(&unquoted);
        let bans = |word: &Word| matches!(word.denial, Some(Denial::Ban | Denial::Not));
        let mut verbs: Vec<Vec<Word>> = (0..words.len())
            .filter(|&at| bans(&words[at]))
            .filter_map(|at| {
                let after = at + 1 + usize::from(words.get(at + 1)?.is('予'));
                Some(words.get(after..after + 2)?.to_vec())
            })
            .collect();
        let prevents = (unquoted.contains("防止") && !unquoted.contains("防止返贫"))
            || unquoted.contains("避免");
        let exempts = ["免予", "免于", "免除"]
            .iter()
            .any(|word| unquoted.contains(word));
        if exempts {
            verbs.push(spoken::words("不免"));
        }
        Stem {
            words: spoken::words(text),
            denies: words.iter().any(bans) || prevents || exempts,
            verbs,
            characters: text.chars().collect(),
        }
    }

    pub(super) fn has(&self, c: char) -> bool {
        self.characters.contain(c)
    }

    /// The stretches of what was said that repeat the stem, as ranges of words.
    pub(super) fn repeated(&self, said: &[Word]) -> Vec<(usize, usize)> {
        let mut repeated = vec![];
        let mut at = 0;
        while at < said.len() {
            let run = |from: usize| {
                let pairs = said[at..].iter().zip(&self.words[from..]);
                pairs.take_while(|(a, b)| a.token == b.token).count()
            };
            let longest = (0..self.words.len()).map(run).max().unwrap_or(0);
            if longest >= REPEATED {
                repeated.push((at, at + longest));
            }
            at += longest.max(1);
        }
        repeated
    }
}
