//! The key made ready for listening: each saying's decisive words read as speech, and which of them it denies itself.

use crate::{
    bank::question::{Element, Saying},
    grading::{
        numbers::Token,
        recall::{
            letters::Letters,
            likeness::{self, Against, Figures},
            polarity::{Around, Denied},
            spoken::{self, Word},
        },
    },
};

#[derive(Debug)]
pub(super) struct KeyedElement {
    pub(super) sayings: Vec<KeyedSaying>,
    /// Characters of the other elements that are none of this one's.
    pub(super) others: Letters,
    /// Single characters that decide another element.
    pub(super) single: Letters,
    /// All characters of its own sayings.
    pub(super) own: Letters,
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
    /// The saying denies it: 不得**收费**.
    pub(super) denied: bool,
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

pub(super) fn of(elements: &[Element]) -> Vec<KeyedElement> {
    let characters: Vec<Letters> = elements
        .iter()
        .map(|element| {
            let sayings = element.sayings.iter();
            sayings.flat_map(|saying| saying.text.chars()).collect()
        })
        .collect();
    elements
        .iter()
        .enumerate()
        .map(|(place, element)| {
            let own = &characters[place];
            let others = characters.iter().flat_map(Letters::iter);
            KeyedElement {
                sayings: element.sayings.iter().map(KeyedSaying::of).collect(),
                others: others.filter(|c| !own.contain(*c)).collect(),
                single: other_singles(elements, place),
                own: own.clone(),
            }
        })
        .collect()
}

fn other_singles(elements: &[Element], place: usize) -> Letters {
    let others = elements.iter().enumerate();
    let others = others.filter(|(at, _)| *at != place);
    others.flat_map(|(_, element)| single(element)).collect()
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

impl KeyedSaying {
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
        let nothing = Letters::default();
        let exact = Against {
            others: &nothing,
            single: &nothing,
            figures: Figures::Exact,
        };
        // Where each stands in the saying, one after the other: that decides what the saying denies.
        let mut from = 0;
        let mut decisive = Vec::with_capacity(read.len());
        for (text, words) in read {
            let place =
                (from..whole.len()).find_map(|at| likeness::heard_at(&whole, at, &words, exact));
            let denied = place.is_some_and(|place| {
                let around = Around {
                    words: &whole,
                    start: place.start,
                    end: place.end,
                    from,
                    claimed: &[],
                    own: &[],
                    goes_on: &|_| false,
                };
                from = place.end;
                around.denied() != Denied::No
            });
            decisive.push(Decisive {
                text: text.clone(),
                words,
                denied,
            });
        }
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
