//! What the stem has to do with an answer: repeating it says nothing, and where it asks for what is forbidden, a denial
//! agrees with it.

use crate::grading::{
    numbers::Token,
    recall::{
        letters::Letters,
        spoken::{self, Word},
    },
};

/// So many words in a row in common with the stem are taken for a repetition of it.
const REPEATED: usize = 4;

/// What the stem makes of a denial in an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Asks {
    /// For what is, or has to be.
    #[default]
    Plainly,
    /// For what may be: any of them is one.
    ForChoices,
    /// For what is forbidden or to be prevented: 不得 agrees with it, 不用 and 可以 do not.
    ForForbidden,
    /// For what is left out of something: 不计入收入, 免予核查. To say that it is in contradicts.
    ForExempt,
    /// For what costs nothing: 不因哪些原因丧失.
    ForKept,
}

/// Of what is left out, how people say so: 不算 for 不计入.
const EVERYDAY: [(&str, &str); 4] = [
    ("计入", "算 算进 计算 列入"),
    ("核查", "要查 审查 核实"),
    ("丧失", "失去 除名"),
    ("补贴", "给补 要补 照补 给钱 发钱"),
];

#[derive(Debug, Default)]
pub(super) struct Stem {
    words: Vec<Word>,
    pub(super) asks: Asks,
    /// What it denies, as it and as people say it: 补贴 of 不予补贴.
    pub(super) verbs: Vec<Vec<Word>>,
    characters: Letters,
}

impl Stem {
    pub(super) fn of(text: &str) -> Stem {
        let unquoted = unquoted(text);
        let has = |words: &[&str]| words.iter().any(|word| unquoted.contains(word));
        let exempts = ["免予", "免于", "免除", "不予", "不因", "不计"];
        let forbids = ["禁止", "严禁", "不得", "不准", "不许", "不能", "避免"];
        let prevents = unquoted.contains("防止") && !unquoted.contains("防止返贫");
        let asks = if has(&["不因"]) {
            Asks::ForKept
        } else if has(&exempts) {
            Asks::ForExempt
        } else if has(&forbids) || prevents {
            Asks::ForForbidden
        } else if has(&["可以", "途径", "渠道", "方式", "路子", "办法", "哪些能"]) {
            Asks::ForChoices
        } else {
            Asks::Plainly
        };
        let verbs = if matches!(asks, Asks::ForExempt | Asks::ForKept) {
            exempted(&unquoted, &exempts)
        } else {
            vec![]
        };
        Stem {
            words: spoken::words(text),
            asks,
            verbs,
            characters: text.chars().collect(),
        }
    }

    pub(super) fn has(&self, c: char) -> bool {
        self.characters.contain(c)
    }

    /// A number that it names.
    pub(super) fn counts(&self, number: &str) -> bool {
        let mut words = self.words.iter();
        words.any(|word| matches!(&word.token, Token::Number(own) if own == number))
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

/// Names that the stem only quotes deny nothing: “四个不摘”.
fn unquoted(text: &str) -> String {
    let mut quoted = false;
    let bare = text.chars().filter(|c| {
        match c {
            '“' | '《' => quoted = true,
            '”' | '》' => quoted = false,
            _ => {}
        }
        !quoted
    });
    bare.collect()
}

/// 核查 of 免予核查, 丧失 of 不因哪些原因丧失, and everyday words for it.
fn exempted(stem: &str, exempts: &[&str]) -> Vec<Vec<Word>> {
    let after = exempts.iter().find_map(|word| {
        let (_, after) = stem.split_once(word)?;
        // 计 of 不计入 begins the verb.
        let from = if *word == "不计" { "计" } else { "" };
        Some(format!("{from}{after}"))
    });
    let after = after.unwrap_or_default();
    let verb = after
        .split_once("原因")
        .map_or(after.as_str(), |(_, verb)| verb);
    let verb: String = verb.chars().take(2).collect();
    let everyday = EVERYDAY.iter().filter(|(official, _)| *official == verb);
    let everyday = everyday.flat_map(|(_, everyday)| everyday.split(' '));
    let mut verbs: Vec<Vec<Word>> = everyday.map(spoken::words).collect();
    verbs.push(spoken::words(&verb));
    verbs.push(spoken::words("不免"));
    verbs
}
