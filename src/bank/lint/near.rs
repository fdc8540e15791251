//! Questions that ask the same twice, in one file or across files. Fast for thousands: only stems that share a rare
//! pair of characters are compared (prefix filtering for a Jaccard threshold).

use std::collections::HashMap;

use crate::bank::{
    lint::Remark,
    question::{Body, Kind, Question},
};

/// Pairs of neighbouring characters in common ÷ pairs in either: from 4/5 on stems are near-equal.
const SHARE: (usize, usize) = (4, 5);
/// Shorter stems are alike by nature.
const SHORTEST: usize = 6;

/// A stem as what it asks: its letters, its pairs, its key.
struct Asked {
    letters: String,
    pairs: Vec<(char, char)>,
    figures: String,
    kind: Kind,
    key: Vec<String>,
    material: Option<String>,
}

pub(super) fn remarks(questions: &[Question]) -> Vec<Remark> {
    let asked: Vec<Asked> = questions.iter().map(asked).collect();
    let mut spread: HashMap<(char, char), usize> = HashMap::new();
    for pair in asked.iter().flat_map(|asked| &asked.pairs) {
        *spread.entry(*pair).or_default() += 1;
    }
    let mut holders: HashMap<(char, char), Vec<usize>> = HashMap::new();
    let mut remarks = Vec::new();
    for (index, one) in asked.iter().enumerate() {
        if one.letters.chars().count() < SHORTEST {
            continue;
        }
        let mut rarest = one.pairs.clone();
        rarest.sort_unstable_by_key(|pair| (spread[pair], *pair));
        let length = rarest.len();
        rarest.truncate(length - (length * SHARE.0).div_ceil(SHARE.1) + 1);
        let mut earlier: Vec<usize> = rarest
            .iter()
            .filter_map(|pair| holders.get(pair))
            .flatten()
            .copied()
            .collect();
        earlier.sort_unstable();
        earlier.dedup();
        let twin = earlier.into_iter().find(|other| same(one, &asked[*other]));
        remarks.extend(twin.map(|twin| remark(&questions[index], &questions[twin])));
        for pair in rarest {
            holders.entry(pair).or_default().push(index);
        }
    }
    remarks
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

fn asked(question: &Question) -> Asked {
    let letters = letters(&question.stem_text);
    let mut pairs: Vec<(char, char)> = letters.chars().zip(letters.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let figures = letters
        .chars()
        .filter(|c| c.is_numeric() || is_figure(*c))
        .collect();
    let key = match &question.body {
        Body::Choices(choices) => choices
            .key
            .iter()
            .map(|index| self::letters(&choices.choices[*index].text))
            .collect(),
        Body::Judgement { truth } => vec![truth.to_string()],
        Body::Blanks(blanks) => blanks
            .accepted
            .iter()
            .filter_map(|accepted| accepted.first().map(|text| self::letters(text)))
            .collect(),
        Body::Recall(_) => vec![],
    };
    Asked {
        letters,
        pairs,
        figures,
        kind: question.kind(),
        key,
        material: question
            .material
            .as_ref()
            .map(|material| material.id.0.clone()),
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn is_figure(c: char) -> bool {
    "〇零一二三四五六七八九十百千万两半".contains(c)
}

/// Near-equal stems of one kind are twins unless something that decides differs: a figure, the key, the material.
fn same(one: &Asked, other: &Asked) -> bool {
    if one.kind != other.kind || one.material != other.material || one.figures != other.figures {
        return false;
    }
    let mut keys = [one.key.clone(), other.key.clone()];
    for key in &mut keys {
        key.sort_unstable();
    }
    if one.letters == other.letters {
        // 下列说法正确的是 asks whatever its choices say.
        let open = ["下列", "以下", "哪些", "哪项", "哪一项", "说法"];
        return keys[0] == keys[1] || !open.iter().any(|word| one.letters.contains(word));
    }
    let shared = one
        .pairs
        .iter()
        .filter(|pair| other.pairs.binary_search(pair).is_ok())
        .count();
    let either = one.pairs.len() + other.pairs.len() - shared;
    keys[0] == keys[1] && shared * SHARE.1 >= either * SHARE.0
}
