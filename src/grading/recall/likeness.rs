//! When something said is taken for a word of the key: the same characters, the same or nearly the same sounds, small
//! words between, and in longer words one slip. A number, a denial, or a character that carries a direction or a quantity
//! only ever stands for itself.

use crate::grading::{
    numbers::Token,
    recall::{
        letters::Letters,
        sound::{Likeness, Present},
        spoken::Word,
    },
};

/// Costs are hundredths of a slip.
pub(super) type Cost = u16;

const NEVER: Cost = 10_000;
const SAME_SOUND: Cost = 10;
const NEAR_SOUND: Cost = 30;
const AKIN_SOUND: Cost = 60;
const MISHEARD: Cost = 70;
const SMALL_WORD: Cost = 8;
const STUTTER: Cost = 5;
const CLAUSE: Cost = 20;
const ADDED: Cost = 80;
pub(super) const SLIP: Cost = 100;
/// Words of speech that one row of an alignment has room for.
const ROW: usize = 32;

/// Something said, taken for a word of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Words of what was said, the end excluded.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) cost: Cost,
}

/// What a decisive word may cost, by how many characters it has: short ones must sound right whole.
fn allowed(length: usize) -> Cost {
    match length {
        0 | 1 => 0,
        2 => 35,
        3 => 70,
        4 => 100,
        5 => 115,
        6 => 130,
        7 | 8 => 160,
        _ => 210,
    }
}

/// Whether a number of the key may be heard as another one, and 以下 as 以上: asked only to find out that somebody said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    Exact,
    Any,
}

/// What a word of the key is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Against<'a> {
    /// Characters of the other elements: what they consist of is no slip of this one.
    pub(super) others: &'a Letters,
    /// Those that are a decisive word by themselves.
    pub(super) single: &'a Letters,
    pub(super) figures: Figures,
}

/// The places of `said` where the decisive word may begin: anywhere, where another number is taken for its own.
pub(super) fn beginnings(
    said: &[Word],
    keyed: &[Word],
    against: Against<'_>,
    present: &Present,
) -> impl Iterator<Item = usize> {
    // The second one too: of a long word the first may be swallowed.
    let heads = keyed.iter().take(if keyed.len() >= 5 { 2 } else { 1 });
    let sounds = heads.clone().filter_map(|word| word.sound);
    let audible = heads.clone().all(|word| word.sound.is_some());
    let exact = against.figures == Figures::Exact;
    let places = present.places(sounds).filter(|_| audible && exact);
    let sounding = keyed.iter().filter(|word| must_sound(word));
    let sounding: Vec<u128> = sounding
        .filter_map(|word| present.places(word.sound.into_iter()))
        .collect();
    let window = window(keyed.len());
    let may_be = move |at: usize| {
        let Some(places) = places else {
            return true;
        };
        let ahead = u128::MAX.checked_shr(128_u32.saturating_sub(window as u32));
        let ahead = ahead.unwrap_or_default() << at;
        let lacking = sounding.iter().filter(|places| **places & ahead == 0);
        places >> at & 1 == 1 && lacking.count() <= slips(keyed.len())
    };
    (0..said.len()).filter(move |at| may_be(*at))
}

/// So many words from where one begins may belong to it.
fn window(length: usize) -> usize {
    length + length / 2 + 4
}

/// Of a word of this length at most so many characters may be no more than slips.
fn slips(length: usize) -> usize {
    usize::from(length >= 4) + usize::from(length >= 9)
}

/// No small word, which may be left out, and no denial, of which each is the same.
fn must_sound(word: &Word) -> bool {
    !word.traits.joins && word.denial.is_none() && word.sound.is_some()
}

/// The decisive word from exactly `at` on, if it was said there.
pub(super) fn heard_at(
    said: &[Word],
    at: usize,
    keyed: &[Word],
    against: Against<'_>,
) -> Option<Place> {
    if !may_begin(said.get(at)?, keyed, against) {
        return None;
    }
    let length = keyed.len();
    let most = allowed(length);
    let skipped = match (keyed.first(), said.get(at)) {
        (Some(first), Some(here)) if replaced(here, first, length, against) < SLIP => 0,
        // The first character was swallowed.
        (Some(first), Some(here)) if length >= 5 => {
            let next = replaced(here, &keyed[1], 99, against) == 0;
            if !next || dropped(first, length) >= NEVER || length < 5 {
                return None;
            }
            1
        }
        _ => return None,
    };
    let window = &said[at..said.len().min(at + window(length))];
    let width = window.len() + 1;
    // Asked thousands of times an answer: only very long words need more than the stack.
    let mut short_rows = [NEVER; 2 * ROW];
    let mut long_rows = vec![];
    let rows = if width <= ROW {
        &mut short_rows[..2 * width]
    } else {
        long_rows.resize(2 * width, NEVER);
        &mut long_rows[..]
    };
    let rows = rows.split_at_mut(width);
    let (end, cost) = aligned(window, keyed, skipped, against, rows)?;
    (cost <= most).then_some(Place {
        start: at,
        end: at + end,
        cost,
    })
}

/// What rules out most places before anything is aligned: the first word, or the second one of a long word, sounds so.
#[inline]
fn may_begin(here: &Word, keyed: &[Word], against: Against<'_>) -> bool {
    let Some(first) = keyed.first() else {
        return false;
    };
    let same = |keyed: &Word| match (here.char(), keyed.char()) {
        (Some(here), Some(keyed)) => here == keyed,
        (None, None) => here.token == keyed.token,
        _ => false,
    };
    let sounds =
        || matches!((&here.sound, &first.sound), (Some(here), Some(first)) if here.may_be(first));
    against.figures == Figures::Any
        || same(first)
        || sounds()
        || (keyed.len() >= 5 && same(&keyed[1]))
}

/// The end in `window` of the cheapest way to take it for `keyed`, and what that costs; none when it costs too much.
fn aligned(
    window: &[Word],
    keyed: &[Word],
    skipped: usize,
    against: Against<'_>,
    rows: (&mut [Cost], &mut [Cost]),
) -> Option<(usize, Cost)> {
    let length = keyed.len();
    let most = allowed(length);
    // row[j]: the least cost of having taken keyed[..i] for window[..j].
    let (mut row, mut next) = rows;
    if skipped == 0 {
        row[0] = 0;
    } else {
        row[0] = dropped(&keyed[0], length);
    }
    for (place, key) in keyed.iter().enumerate().skip(skipped) {
        let drop = dropped(key, length);
        next[0] = if place == skipped {
            NEVER
        } else {
            row[0].saturating_add(drop).min(NEVER)
        };
        let mut least = next[0];
        for (index, here) in window.iter().enumerate() {
            let swapped = if row[index] > most || (index > 0 && parted(here, place, keyed)) {
                NEVER
            } else {
                row[index] + replaced(here, key, length, against)
            };
            let left_out = row[index + 1].saturating_add(drop);
            let put_in = if next[index] > most {
                NEVER
            } else {
                let before = index.checked_sub(1).map(|before| &window[before]);
                next[index] + added(here, before, length)
            };
            next[index + 1] = swapped.min(left_out).min(put_in).min(NEVER);
            least = least.min(next[index + 1]);
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut row, &mut next);
    }
    let ends = row.iter().copied().enumerate().skip(1);
    ends.min_by_key(|(_, cost)| *cost)
}

/// Whether a mark before `said` keeps it from going on with a word of the key: short words are said in one breath, and a
/// denial that opens a clause belongs to that.
fn parted(said: &Word, place: usize, keyed: &[Word]) -> bool {
    let length = if keyed.iter().all(|word| word.char().is_some()) {
        keyed.len()
    } else {
        usize::MAX
    };
    let denies = keyed[place].denial.is_some() || (place == 1 && keyed[0].denial.is_some());
    (length <= 4 && said.opens) || (length <= 3 && said.listed) || (denies && said.opens)
}

/// Whether enough of a word of the key sounds somewhere in the text.
pub(super) fn possible(present: &Present, keyed: &[Word]) -> bool {
    let sounding = keyed.iter().filter(|word| must_sound(word));
    let missing = sounding.filter(|word| word.sound.is_some_and(|sound| !present.has(sound)));
    missing.count() <= slips(keyed.len())
}

/// How many words from here on sound like the key, one by one.
pub(super) fn run(said: &[Word], keyed: &[Word]) -> usize {
    let pairs = said.iter().zip(keyed);
    pairs.take_while(|(said, keyed)| alike(said, keyed)).count()
}

/// The same word, or one that sounds somewhat like it.
pub(super) fn alike(said: &Word, keyed: &Word) -> bool {
    let sounds = said.sound.zip(keyed.sound);
    let near = sounds.is_some_and(|(said, keyed)| said.likeness(&keyed) != Likeness::Different);
    said.token == keyed.token || near
}

/// The cost of `said` in the place of `keyed`.
fn replaced(said: &Word, keyed: &Word, length: usize, against: Against<'_>) -> Cost {
    if said.token == keyed.token {
        let denials = said.denial.zip(keyed.denial);
        let alone = length > 1 || said.written == keyed.written;
        let agree = denials.is_none_or(|(said, keyed)| said.agrees(keyed) && alone);
        return if agree { 0 } else { NEVER };
    }
    if keyed.char().is_none() {
        let figures = said.char().is_none() && against.figures == Figures::Any;
        return if figures { 0 } else { NEVER };
    }
    let turned = said.char().is_some() && said.traits.oppose(keyed.traits);
    if turned && against.figures == Figures::Any {
        return 0;
    }
    // 风险不偿机制: in a long word 不 is what was heard of 补.
    let misheard = said.written == "不" && length >= 5 && !keyed.traits.weigh();
    if (said.denial.is_some() && !misheard) || turned || length < 2 {
        return NEVER;
    }
    let sound = match (&said.sound, &keyed.sound) {
        (Some(said), Some(keyed)) => said.likeness(keyed),
        _ => Likeness::Different,
    };
    let number = said.char().is_none();
    let weighs = keyed.denial.is_some() || keyed.traits.weigh() || number || said.traits.weigh();
    match sound {
        Likeness::Same if misheard => MISHEARD,
        Likeness::Same if keyed.denial.is_none() || length >= 4 => SAME_SOUND,
        Likeness::Near if keyed.denial.is_none() && said.denial.is_none() && !number => NEAR_SOUND,
        Likeness::Akin if length >= 4 && !weighs && said.denial.is_none() => AKIN_SOUND,
        _ if length >= 5
            && !weighs
            && said.denial.is_none()
            && !said.char().is_some_and(|c| against.others.contain(c)) =>
        {
            SLIP
        }
        _ => NEVER,
    }
}

/// The cost of not saying `keyed`.
fn dropped(keyed: &Word, length: usize) -> Cost {
    match keyed.token {
        Token::Char(_) if keyed.traits.joins && length >= 4 => SMALL_WORD,
        Token::Char(_) if keyed.denial.is_none() && !keyed.traits.weigh() && length >= 5 => SLIP,
        _ => NEVER,
    }
}

/// The cost of saying `said` too.
fn added(said: &Word, before: Option<&Word>, length: usize) -> Cost {
    let Token::Char(c) = said.token else {
        return NEVER;
    };
    if said.denial.is_some() || "但却而".contains(c) || (said.opens && length <= 4) {
        return NEVER;
    }
    let cost = if before.is_some_and(|before| before.token == said.token) {
        STUTTER
    } else if said.traits.light {
        SMALL_WORD
    } else if length >= 4 && (!said.traits.weigh() || c == '有') {
        ADDED
    } else {
        return NEVER;
    };
    cost + if said.opens { CLAUSE } else { 0 }
}
