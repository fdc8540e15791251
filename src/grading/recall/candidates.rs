//! Every place in a text that may stand for an element: the decisive words of one of its sayings, close together, denied
//! where the saying denies them and nowhere else.

use crate::grading::recall::{
    breath::together,
    halves,
    key::{Decisive, KeyedElement, KeyedSaying},
    likeness::{self, Against, Cost, Figures, Place},
    polarity,
    sound::Present,
    spoken::Word,
    stance::{Context, Stance},
    stem::Stem,
};

/// Word ranges taken for the decisive words, ascending, never empty, without overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) taken: Vec<(usize, usize)>,
    pub(super) saying: usize,
    pub(super) cost: Cost,
}

impl Candidate {
    pub(super) fn first(&self) -> usize {
        self.taken[0].0
    }

    /// The last word, included.
    pub(super) fn last(&self) -> usize {
        self.taken[self.taken.len() - 1].1 - 1
    }

    /// How many words it takes.
    pub(super) fn words(&self) -> usize {
        self.taken.iter().map(|(start, end)| end - start).sum()
    }

    /// What is said of two elements in one breath, word by word, is said of neither.
    pub(super) fn clashes(&self, other: &Candidate) -> bool {
        self.meets((other.first(), other.last() + 1))
    }

    pub(super) fn meets(&self, range: (usize, usize)) -> bool {
        overlap((self.first(), self.last() + 1), range)
    }
}

/// What was heard of one element.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Places that say it, the likeliest first.
    pub(super) said: Vec<Candidate>,
    /// Places that say the opposite.
    pub(super) opposed: Vec<Candidate>,
    /// Of those the ones that can be no condition.
    pub(super) denied: Vec<Candidate>,
    /// Per saying and decisive word, where it was heard.
    pub(super) places: Vec<Vec<Vec<Place>>>,
}

/// Places at most looked at per decisive word and kept per element: nobody says one thing more often, and a text of one
/// word a thousand times over must not hold up the grader.
const KEPT: usize = 64;

/// Nobody says these for a syllable of a name.
const FUNCTION: &str = "也就都还这那他她它你我们很把被己吗呢吧";
/// A piece of these is no other word.
const WHOLE: [&str; 8] = [
    "办公室",
    "申请人",
    "自己",
    "负责人",
    "当事人",
    "监护人",
    "代理人",
    "工作组",
];

/// What each end of a clause between its words makes a place less likely.
const CLAUSE: Cost = 12;

/// Words at most from what is taken back to the word that restates it.
const TAKEN_BACK: usize = 3;

pub(super) fn of_elements(elements: &[KeyedElement], stem: &Stem, said: &[Word]) -> Vec<Heard> {
    let repeated = stem.repeated(said);
    let present = Present::of(said.iter().map(|word| word.sound));
    let mut heard: Vec<Heard> = elements
        .iter()
        .map(|element| Heard {
            places: places(element, said, &repeated, &present),
            ..Heard::default()
        })
        .collect();
    for at in 0..elements.len() {
        let listened = listen(at, elements, stem, said, &heard);
        heard[at].said = tidy(listened.said);
        heard[at].opposed = tidy(listened.opposed);
        heard[at].denied = tidy(listened.denied);
    }
    heard
}

/// What is `claimed`, and where another element is only named in part, ascending.
fn named(element: &KeyedElement, said: &[Word], claimed: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let named = (0..said.len()).filter(|&first| element.names_another(said, first));
    let named = named.map(|first| (first, first + 2));
    let mut all: Vec<(usize, usize)> = named.chain(claimed.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What was said of the element `at` where its words were heard.
fn listen(
    at: usize,
    elements: &[KeyedElement],
    stem: &Stem,
    said: &[Word],
    heard: &[Heard],
) -> Heard {
    let others = || {
        let others = heard.iter().enumerate().filter(|(other, _)| *other != at);
        others.flat_map(|(_, heard)| heard.places.iter().flatten().flatten())
    };
    let range = |place: &Place| (place.start, place.end);
    // A denial does not reach across what another element may claim.
    let mut claimed: Vec<(usize, usize)> = others().map(range).collect();
    claimed.sort_unstable();
    claimed.dedup();
    let named = named(&elements[at], said, &claimed);
    let exact = others().filter(|place| place.cost == 0 && place.end - place.start > 1);
    let exact: Vec<(usize, usize)> = exact.map(range).collect();
    let own = heard[at].places.iter().flatten().flatten();
    let own: Vec<(usize, usize)> = own.map(range).collect();
    let element = &elements[at];
    let goes_on = |word: &Word| {
        let c = word.char();
        c.is_some_and(|c| element.own.contain(c) || stem.has(c))
    };
    let context = Context {
        said,
        claimed: &claimed,
        named: &named,
        exact: &exact,
        own: &own,
        stem,
        goes_on: &goes_on,
    };
    let mut listened = Heard::default();
    // Many sayings are heard in the same words: what they say is asked once.
    let mut asked: Vec<(TakenAs, bool)> = vec![];
    for (number, saying) in element.sayings.iter().enumerate() {
        for taken in together(saying, &heard[at].places[number], said) {
            let same = (taken_as(saying, &taken), saying.denies);
            if asked.contains(&same) || context.strewn(&taken) || context.is_anothers(&taken) {
                continue;
            }
            asked.push(same);
            let mut candidate = Candidate::sorted(&taken, number);
            // In one clause it is likelier than across two.
            let inside = &said[candidate.first() + 1..=candidate.last()];
            candidate.cost += CLAUSE * inside.iter().filter(|word| word.opens).count() as Cost;
            let stance = match context.stance(saying, &taken) {
                Stance::Agrees => context.beside(element, &taken),
                against => against,
            };
            match stance {
                Stance::Agrees if taken_back(&candidate, said) => listened.denied.push(candidate),
                Stance::Agrees => listened.said.push(candidate),
                Stance::Opposed => listened.opposed.push(candidate),
                Stance::Denied => {
                    listened.denied.push(candidate.clone());
                    listened.opposed.push(candidate);
                }
                Stance::OtherNumber => {}
            }
        }
    }
    listened
}

/// Of each word from where to where, whether it is denied, and whether it shares a denial.
type TakenAs = Vec<(usize, usize, bool, bool)>;

/// Where the words of a saying were heard, and what it denies of them.
fn taken_as(saying: &KeyedSaying, taken: &[Place]) -> TakenAs {
    let words = taken.iter().zip(&saying.decisive);
    words
        .map(|(place, word)| (place.start, place.end, word.denied, word.shares))
        .collect()
}

fn tidy(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| (a.cost, &a.taken).cmp(&(b.cost, &b.taken)));
    candidates.dedup_by(|a, b| a.taken == b.taken);
    candidates.truncate(KEPT);
    candidates
}

impl Candidate {
    fn sorted(taken: &[Place], saying: usize) -> Candidate {
        let mut ranges: Vec<(usize, usize)> = taken.iter().map(|p| (p.start, p.end)).collect();
        ranges.sort_unstable();
        Candidate {
            taken: ranges,
            saying,
            cost: taken.iter().map(|place| place.cost).sum(),
        }
    }
}

/// Per saying and decisive word, where it was heard.
fn places(
    element: &KeyedElement,
    said: &[Word],
    repeated: &[(usize, usize)],
    present: &Present,
) -> Vec<Vec<Vec<Place>>> {
    let against = Against {
        others: &element.others,
        single: &element.single,
        figures: Figures::Exact,
    };
    let mut found: Vec<Option<Vec<Place>>> = vec![None; element.kinds];
    let mut of_word = |saying: &KeyedSaying, word: &Decisive| {
        let only_denies =
            saying.decisive.len() > 1 && word.words.iter().all(|word| word.denial.is_some());
        if only_denies || !likeness::possible(present, &word.words) {
            return vec![];
        }
        let found = found[word.kind].get_or_insert_with(|| {
            let mut places = heard(word, said, against, present);
            places.retain(|place| !only_repeats(place, repeated));
            places
        });
        let own = found
            .iter()
            .filter(|place| !another_name(place, saying, said));
        own.copied().collect()
    };
    let sayings = element.sayings.iter();
    sayings
        .map(|saying| {
            let decisive = saying.decisive.iter();
            decisive.map(|word| of_word(saying, word)).collect()
        })
        .collect()
}

/// The speaker takes back what was just said: 公开，不对，是公示.
fn taken_back(candidate: &Candidate, said: &[Word]) -> bool {
    let mut after = said[candidate.last() + 1..].iter().take(TAKEN_BACK);
    after
        .find(|word| word.opens)
        .is_some_and(|next| next.corrects)
}

/// Within a repetition of the stem, and not the whole of it.
fn only_repeats(place: &Place, repeated: &[(usize, usize)]) -> bool {
    repeated.iter().any(|&(start, end)| {
        start <= place.start && place.end <= end && place.end - place.start < end - start
    })
}

/// Of a name of which the key decides by its head (**产业**振兴) the head within another name: 产业兴旺、.
fn another_name(place: &Place, saying: &KeyedSaying, said: &[Word]) -> bool {
    let Some(tail) = &saying.tail else {
        return false;
    };
    let end = place.end + tail.len();
    let Some(heard) = said.get(place.end..end) else {
        return false;
    };
    let whole = said.get(end).is_none_or(|next| next.apart);
    let other = heard.iter().zip(tail).all(|(heard, tail)| {
        let joined = !heard.apart && heard.char().is_some() && heard.denial.is_none();
        joined && !heard.traits.light && !likeness::alike(heard, tail)
    });
    whole && other
}

/// Where a decisive word was heard; of places that overlap the one that sounds most like it.
pub(super) fn heard(
    decisive: &Decisive,
    said: &[Word],
    against: Against<'_>,
    present: &Present,
) -> Vec<Place> {
    let words = &decisive.words;
    let mut all: Vec<Place> = likeness::beginnings(said, words, against, present)
        .filter_map(|at| likeness::heard_at(said, at, words, against))
        .filter(|place| {
            words.len() > 1 || spoken_for(&words[0]) || stands_alone(place, said, against)
        })
        .filter(|place| !torn(place, words, said))
        .take(KEPT)
        .collect();
    if all.is_empty() {
        all.extend(halves::apart(said, words, against, present));
    }
    if all.iter().any(|place| place.cost > 0) {
        all.sort_by_key(|place| (place.cost, place.start));
        let mut kept: Vec<Place> = Vec::with_capacity(all.len());
        for place in all {
            let range = (place.start, place.end);
            if !kept.iter().any(|k| overlap((k.start, k.end), range)) {
                kept.push(place);
            }
        }
        kept.sort_by_key(|place| place.start);
        all = kept;
    }
    all
}

/// Taken for a word by its sound although it is part of other words (办**公室** for 公示, **就记** for 救济), or reaching
/// across a pause to a denial that begins something else.
fn torn(place: &Place, keyed: &[Word], said: &[Word]) -> bool {
    let here = &said[place.start..place.end];
    let pauses = keyed.len() > 1
        && here
            .iter()
            .skip(1)
            .any(|word| word.denial.is_some() && word.apart);
    let small = |(said, keyed): (&Word, &Word)| {
        said.token != keyed.token && said.char().is_some_and(|c| FUNCTION.contains(c))
    };
    let cut = WHOLE.iter().any(|whole| {
        let length = whole.chars().count();
        let starts = place.start.saturating_sub(length - 1)..place.end;
        starts.into_iter().any(|at| {
            let within = at <= place.start && place.end <= at + length;
            let exceeds = at < place.start || place.end < at + length;
            exceeds && (within || at < place.start) && polarity::says(&said[at..], whole)
        })
    });
    pauses || (place.cost > 0 && keyed.len() == 2 && (cut || here.iter().zip(keyed).any(small)))
}

/// A denial or a number is a word wherever it stands.
fn spoken_for(word: &Word) -> bool {
    word.denial.is_some() || word.char().is_none()
}

/// A single character is a word only where it stands by itself or in a row of such: 省、市、县, 省市县.
fn stands_alone(place: &Place, said: &[Word], against: Against<'_>) -> bool {
    let of_row = |at: usize| {
        let c = said.get(at).and_then(Word::char);
        c.is_some_and(|c| against.single.contain(c))
    };
    let before = (0..place.start).rev().take_while(|&at| of_row(at)).count();
    let after = (place.end..said.len()).take_while(|&at| of_row(at)).count();
    let small = |word: &Word| word.traits.joins;
    let parted = said[place.start].apart || place.start == 0 || small(&said[place.start - 1]);
    let ends = said
        .get(place.end)
        .is_none_or(|next| next.apart || small(next));
    before + after >= 2 || (parted && ends)
}

pub(super) fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 < b.1 && b.0 < a.1
}
