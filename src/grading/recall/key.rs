//! The key made ready for listening: each saying's decisive words read as speech, and which of them it denies itself.

use std::collections::{BTreeSet, HashMap};

use crate::{
    bank::question::{Element, Saying},
    grading::{
        numbers::Token,
        recall::{
            letters::Letters,
            lexicon,
            likeness::{self, Against, Figures},
            opposites,
            polarity::{Around, Denied},
            spoken::{self, Word},
        },
    },
};

/// These name nothing.
const SMALL: &str =
    "法律规定要求什么是不有没个了的了着过得到里上下中内这那谁哪怎样人家做搞看说讲算用行";

#[derive(Debug)]
pub(super) struct KeyedElement {
    pub(super) sayings: Vec<KeyedSaying>,
    /// How many different decisive words they have.
    pub(super) kinds: usize,
    /// Characters of the other elements that are none of this one's.
    pub(super) others: Letters,
    /// Two words in a row of another element that neither this one nor the stem has, ascending: 应急 of 应急处置.
    others_pairs: Vec<(char, char)>,
    /// Single characters that decide another element.
    pub(super) single: Letters,
    /// All characters of its own sayings.
    pub(super) own: Letters,
    /// All numbers of its own sayings.
    pub(super) numbers: Vec<String>,
    /// What follows numbers of other elements.
    pub(super) others_measure: Letters,
    /// What follows numbers of its own.
    pub(super) measures: Letters,
    /// The ranks of government that it names.
    pub(super) ranks: Letters,
    /// Words that turn it round.
    pub(super) contrary: Vec<Vec<Word>>,
}

#[derive(Debug)]
pub(super) struct KeyedSaying {
    pub(super) words: Vec<Word>,
    pub(super) decisive: Vec<Decisive>,
    /// What follows a name's head that alone decides: 振兴 of **产业**振兴.
    pub(super) tail: Option<Vec<Word>>,
    /// The longest stretch of said words that may hold them all.
    pub(super) stretch: usize,
    /// There is a denial in it.
    pub(super) denies: bool,
}

#[derive(Debug)]
pub(super) struct Decisive {
    /// As the bank has it.
    pub(super) text: String,
    pub(super) words: Vec<Word>,
    /// Which of the element's different decisive words it is: many sayings share one.
    pub(super) kind: usize,
    /// The saying denies it: 不得**收费**.
    pub(super) denied: bool,
    /// A word before it holds a denial for both, and people say that again: **未纳入低保**、**特困**.
    pub(super) shares: bool,
}

impl Decisive {
    pub(super) fn has_number(&self) -> bool {
        let mut tokens = self.words.iter().map(|word| &word.token);
        tokens.any(|token| matches!(token, Token::Number(_)))
    }

    /// A number, or a character that could be turned round.
    pub(super) fn has_figure(&self) -> bool {
        self.has_number()
            || self
                .words
                .iter()
                .any(|word| word.char().is_some() && word.traits.weigh())
    }
}

pub(super) fn of(elements: &[Element], stem: &str) -> Vec<KeyedElement> {
    let characters: Vec<Letters> = elements
        .iter()
        .map(|element| {
            let sayings = element.sayings.iter();
            sayings.flat_map(|saying| saying.text.chars()).collect()
        })
        .collect();
    let pairs: Vec<BTreeSet<(char, char)>> = elements.iter().map(pairs).collect();
    let of_stem = pairs_of(stem);
    elements
        .iter()
        .enumerate()
        .map(|(place, element)| {
            let own = &characters[place];
            let others_pairs = pairs.iter().flatten();
            let others_pairs: BTreeSet<(char, char)> = others_pairs
                .filter(|pair| !pairs[place].contains(*pair) && !of_stem.contains(*pair))
                .copied()
                .collect();
            let others = characters.iter().flat_map(Letters::iter);
            let texts = element.sayings.iter().map(|saying| saying.text.as_str());
            let texts: Vec<&str> = texts.collect();
            let sayings: Vec<KeyedSaying> = element.sayings.iter().map(KeyedSaying::of).collect();
            let (sayings, kinds) = told_apart(sayings);
            KeyedElement {
                numbers: sayings.iter().flat_map(KeyedSaying::numbers).collect(),
                others_measure: others_measure(elements, place),
                measures: measures(element).into_iter().collect(),
                contrary: opposites::of(&texts, stem),
                ranks: own.iter().filter(|c| "省市县乡".contains(*c)).collect(),
                sayings,
                kinds,
                others_pairs: others_pairs.into_iter().collect(),
                others: others.filter(|c| !own.contain(*c)).collect(),
                single: other_singles(elements, place),
                own: own.clone(),
            }
        })
        .collect()
}

/// The sayings, with their decisive words numbered by text, and how many numbers there are.
fn told_apart(mut sayings: Vec<KeyedSaying>) -> (Vec<KeyedSaying>, usize) {
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for word in sayings.iter_mut().flat_map(|saying| &mut saying.decisive) {
        let next = kinds.len();
        word.kind = *kinds.entry(word.text.clone()).or_insert(next);
    }
    let kinds = kinds.len();
    (sayings, kinds)
}

fn pairs(element: &Element) -> BTreeSet<(char, char)> {
    let sayings = element.sayings.iter();
    sayings.flat_map(|saying| pairs_of(&saying.text)).collect()
}

/// Two words in a row, none of them a denial, that name something.
fn pairs_of(text: &str) -> BTreeSet<(char, char)> {
    let small = |c: char| lexicon::traits(c).light || SMALL.contains(c);
    let words = spoken::words(text);
    let pairs = words.windows(2).filter_map(|pair| {
        let denies = pair.iter().any(|word| word.denial.is_some());
        let (one, two) = pair[0].char().zip(pair[1].char())?;
        let names = !small(one) || !small(two);
        (names && !denies).then_some((one, two))
    });
    pairs.collect()
}

fn other_singles(elements: &[Element], place: usize) -> Letters {
    let others = elements.iter().enumerate();
    let others = others.filter(|(at, _)| *at != place);
    others.flat_map(|(_, element)| single(element)).collect()
}

fn others_measure(elements: &[Element], place: usize) -> Letters {
    let others = elements.iter().enumerate();
    let others = others.filter(|(at, _)| *at != place);
    others.flat_map(|(_, element)| measures(element)).collect()
}

/// What follows its numbers.
fn measures(element: &Element) -> Vec<char> {
    let mut measures = vec![];
    for saying in &element.sayings {
        let words = spoken::words(&saying.text);
        let pairs = words.windows(2);
        let numbers = pairs.filter(|pair| matches!(pair[0].token, Token::Number(_)));
        measures.extend(numbers.filter_map(|pair| pair[1].char()));
    }
    measures
}

fn starts(whole: &[Word], head: &Decisive) -> bool {
    let mut pairs = whole.iter().zip(&head.words);
    pairs.all(|(whole, head)| whole.token == head.token)
}

/// Single characters that decide.
fn single(element: &Element) -> impl Iterator<Item = char> {
    let sayings = element.sayings.iter();
    let decisive = sayings.flat_map(|saying| &saying.decisive);
    decisive.filter_map(|word| {
        let mut characters = word.chars();
        characters.next().filter(|_| characters.next().is_none())
    })
}

impl KeyedElement {
    /// At `first` another element is named in part.
    pub(super) fn names_another(&self, said: &[Word], first: usize) -> bool {
        let Some([one, two]) = said.get(first..first + 2) else {
            return false;
        };
        let pair = one.char().zip(two.char());
        let denies = one.denial.is_some() || two.denial.is_some();
        !two.opens
            && !denies
            && pair.is_some_and(|pair| self.others_pairs.binary_search(&pair).is_ok())
    }
}

impl KeyedSaying {
    pub(super) fn numbers(&self) -> impl Iterator<Item = String> {
        self.words.iter().filter_map(|word| match &word.token {
            Token::Number(number) => Some(number.clone()),
            Token::Char(_) => None,
        })
    }

    fn of(saying: &Saying) -> KeyedSaying {
        let whole = spoken::words(&saying.text);
        let read = saying
            .decisive
            .iter()
            .map(|text| (text, spoken::words(text)));
        let mut read: Vec<(&String, Vec<Word>)> =
            read.filter(|(_, words)| !words.is_empty()).collect();
        if read.is_empty() && !whole.is_empty() {
            read.push((&saying.text, whole.clone()));
        }
        let decisive = decisive(saying, &whole, read);
        let tail = match decisive.as_slice() {
            [head] if head.words.len() == 2 && whole.len() == 4 && starts(&whole, head) => {
                Some(whole[2..].to_vec())
            }
            _ => None,
        };
        KeyedSaying {
            decisive,
            tail,
            stretch: 2 * whole.len() + 10,
            denies: whole.iter().any(|word| word.denial.is_some()),
            words: whole,
        }
    }
}

/// The decisive words, `read` one by one, with what their saying makes of them.
fn decisive(saying: &Saying, whole: &[Word], read: Vec<(&String, Vec<Word>)>) -> Vec<Decisive> {
    let places = places(whole, &read);
    let own: Vec<(usize, usize)> = places.iter().flatten().copied().collect();
    let denies = |words: &[Word]| words.iter().any(|word| word.denial.is_some());
    let (mut from, mut held) = (0, false);
    let mut decisive = Vec::with_capacity(read.len());
    let mut behind = vec![];
    for ((text, words), place) in read.into_iter().zip(places) {
        let (mut denied, mut shares) = (false, false);
        if let Some((start, end)) = place {
            let around = Around {
                words: whole,
                start,
                end,
                from,
                claimed: &[],
                own: &own,
                goes_on: &|_| false,
            };
            shares = start - from <= 2 && held && !denies(&whole[from..start]);
            held |= denies(&whole[start..end]);
            from = end;
            denied = around.denied() != Denied::No;
            let after = around.denial_after().filter(|at| whole.len() - at > 1);
            if let Some(at) = after.filter(|at| !behind.contains(at)) {
                denied = false;
                behind.push(at);
            }
        }
        let text = text.clone();
        decisive.push(Decisive {
            text,
            words,
            kind: 0,
            denied,
            shares,
        });
    }
    // One denial serves all the words of a saying, and people set it where they like.
    let denied = decisive.iter().any(|word| word.denied);
    for word in &mut decisive {
        word.shares |= denied;
    }
    // 财产**没有超过**: what is denied behind a word decides as much as the word.
    decisive.extend(behind.into_iter().map(|at| {
        let words = whole[at..whole.len().min(at + 3)].to_vec();
        let text = saying.text[words[0].start..words[words.len() - 1].end].to_owned();
        Decisive {
            text,
            words,
            kind: 0,
            denied: false,
            shares: false,
        }
    }));
    decisive
}

/// Where each stands in the saying, one after the other: that decides what the saying denies.
fn places(whole: &[Word], read: &[(&String, Vec<Word>)]) -> Vec<Option<(usize, usize)>> {
    let nothing = Letters::default();
    let exact = Against {
        others: &nothing,
        single: &nothing,
        figures: Figures::Exact,
    };
    let mut from = 0;
    let places = read.iter().map(|(_, words)| {
        let mut starts = from..whole.len();
        let place = starts.find_map(|at| likeness::heard_at(whole, at, words, exact))?;
        from = place.end;
        Some((place.start, place.end))
    });
    places.collect()
}
