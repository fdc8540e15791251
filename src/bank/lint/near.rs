//! Questions that ask the same twice, in one file or across files. Fast for thousands: only stems that share a rare
//! pair of characters are compared (prefix filtering for a Jaccard threshold).

use std::{collections::HashMap, sync::Arc};

use crate::bank::{
    lint::Remark,
    question::{Body, Question, QuestionId},
};

/// Pairs of neighbouring characters in common ÷ pairs in either: from 4/5 on stems are near-equal.
const SHARE: (usize, usize) = (4, 5);
/// Shorter stems are alike by nature.
const SHORTEST: usize = 6;

/// A stem as the pairs in it, ascending, each by the number it got when it was first met.
struct Asked {
    letters: String,
    pairs: Vec<u32>,
}

/// Every pair's number, and how many stems have it.
#[derive(Default)]
struct Pairs {
    numbers: HashMap<(char, char), u32>,
    spread: Vec<u32>,
}

pub(super) fn remarks(questions: &[Arc<Question>]) -> Vec<Remark> {
    let mut all = Pairs::default();
    let asked: Vec<Asked> = questions
        .iter()
        .map(|question| all.asked(question))
        .collect();
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); all.spread.len()];
    let mut remarks = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        if one.letters.chars().count() < SHORTEST {
            continue;
        }
        let mut rarest = one.pairs.clone();
        rarest.sort_unstable_by_key(|pair| (all.spread[*pair as usize], *pair));
        let length = rarest.len();
        rarest.truncate(length - (length * SHARE.0).div_ceil(SHARE.1) + 1);
        let mut earlier: Vec<usize> = rarest
            .iter()
            .flat_map(|pair| &holders[*pair as usize])
            .copied()
            .collect();
        earlier.sort_unstable();
        earlier.dedup();
        let twin = earlier.into_iter().find(|other| {
            let twin = (&*questions[*other], &asked[*other]);
            same((&questions[index], one), twin)
        });
        remarks.extend(twin.map(|twin| remark(&questions[index], &questions[twin])));
        for pair in rarest {
            holders[pair as usize].push(index);
        }
    }
    remarks
}

impl Pairs {
    fn asked(&mut self, question: &Question) -> Asked {
        let letters = letters(&question.stem_text);
        let both = letters.chars().zip(letters.chars().skip(1));
        let mut pairs: Vec<u32> = both.map(|pair| self.number(pair)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        for pair in &pairs {
            self.spread[*pair as usize] += 1;
        }
        Asked { letters, pairs }
    }

    fn number(&mut self, pair: (char, char)) -> u32 {
        let next = self.spread.len() as u32;
        let number = *self.numbers.entry(pair).or_insert(next);
        if number == next {
            self.spread.push(0);
        }
        number
    }
}

fn remark(question: &Question, twin: &Question) -> Remark {
    let message = format!(
        "这道题和 {}（{} 第 {} 行）问的几乎一样",
        twin.id.0, twin.place.file, twin.place.line
    );
    Remark::on(
        question,
        "near-equal-stems",
        &question.stem_text,
        message,
        "两道留一道；要是问的不是一回事，把不同的地方写进题干",
    )
}

/// What is right, in the letters that matter and in an order of its own.
fn key_of(question: &Question) -> Vec<String> {
    let mut key: Vec<String> = match &question.body {
        Body::Choices(choices) => choices
            .key
            .iter()
            .map(|index| letters(&choices.choices[*index].text))
            .collect(),
        Body::Judgement { truth } => vec![truth.to_string()],
        Body::Blanks(blanks) => blanks
            .accepted
            .iter()
            .filter_map(|accepted| accepted.first().map(|text| letters(text)))
            .collect(),
        Body::Recall(_) => vec![],
    };
    key.sort_unstable();
    key
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn figures(letters: &str) -> impl Iterator<Item = char> {
    let figure = |c: &char| c.is_numeric() || "〇零一二三四五六七八九十百千万两半".contains(*c);
    letters.chars().filter(figure)
}

/// Near-equal stems of one kind are twins unless something that decides differs: a figure, the key, the material.
fn same((question, one): (&Question, &Asked), (twin, other): (&Question, &Asked)) -> bool {
    let equal = one.letters == other.letters;
    if !equal && !are_near(&one.pairs, &other.pairs) {
        return false;
    }
    if question.kind() != twin.kind()
        || material_of(question) != material_of(twin)
        || !figures(&one.letters).eq(figures(&other.letters))
    {
        return false;
    }
    // 下列说法正确的是 asks whatever its choices say.
    let open = ["下列", "以下", "哪些", "哪项", "哪一项", "说法"];
    key_of(question) == key_of(twin) || equal && !open.iter().any(|word| one.letters.contains(word))
}

fn material_of(question: &Question) -> Option<&QuestionId> {
    question.material.as_ref().map(|material| &material.id)
}

fn are_near(one: &[u32], other: &[u32]) -> bool {
    let shared = one
        .iter()
        .filter(|pair| other.binary_search(pair).is_ok())
        .count();
    let either = one.len() + other.len() - shared;
    shared * SHARE.1 >= either * SHARE.0
}
