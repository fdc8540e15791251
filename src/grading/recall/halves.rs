//! A longer word said in two: 结构要安全 or 安全的结构 for 结构安全, 民政部门牵头 for 民政牵头.

use crate::grading::recall::{
    likeness::{Against, Cost, Place, SLIP, beginnings, heard_at, possible},
    sound::Present,
    spoken::Word,
};

/// Words between the two halves of a word said in two.
const GAP: usize = 5;
/// Places of half a word that are looked at.
const MANY: usize = 8;

/// The places where `keyed` is said so.
pub(super) fn apart(
    said: &[Word],
    keyed: &[Word],
    against: Against<'_>,
    present: &Present,
) -> Vec<Place> {
    let denials = keyed.iter().filter(|word| word.denial.is_some()).count();
    let whole = keyed.iter().all(|word| word.char().is_some());
    if !(4..=8).contains(&keyed.len()) || !whole || denials > 1 {
        return vec![];
    }
    let mut places = vec![];
    let find = |half: &[Word]| -> Vec<Place> {
        let starts =
            beginnings(said, half, against, present).filter(|&at| begins(&said[at], &half[0]));
        starts
            .filter_map(|at| heard_at(said, at, half, against))
            .take(MANY)
            .collect()
    };
    if !said.iter().any(|word| begins(word, &keyed[0])) {
        return places;
    }
    for cut in 2..=keyed.len() - 2 {
        // A denial stays with what it denies: 责任照样不能摘 for 不摘责任.
        let parts = [&keyed[..cut], &keyed[cut..]];
        if !parts.iter().all(|half| possible(present, half)) {
            continue;
        }
        if parts
            .iter()
            .any(|half| half[1..].iter().any(|word| word.denial.is_some()))
        {
            continue;
        }
        let first = find(&keyed[..cut]);
        if first.is_empty() {
            continue;
        }
        for second in find(&keyed[cut..]) {
            let halves = first.iter().map(|first| (first, &second));
            places.extend(
                halves.filter_map(|(first, second)| joined(said, (first, second), keyed, against)),
            );
        }
    }
    places
}

fn begins(said: &Word, half: &Word) -> bool {
    said.token == half.token || said.sound == half.sound
}

/// Both halves of a word as one place, when nothing between them makes them something else.
fn joined(
    said: &[Word],
    (first, second): (&Place, &Place),
    keyed: &[Word],
    against: Against<'_>,
) -> Option<Place> {
    let turned = second.start < first.start;
    let (left, right) = if turned {
        (second, first)
    } else {
        (first, second)
    };
    if left.end > right.start || right.start - left.end > GAP {
        return None;
    }
    let between = &said[left.end..right.start];
    let clean = |word: &Word| {
        let own = word
            .char()
            .is_some_and(|c| !against.others.contain(c) || word.traits.light);
        // 农业减效益 is not 农业增效益.
        let turns = keyed
            .iter()
            .any(|keyed| keyed.token != word.token && keyed.traits.oppose(word.traits));
        own && !turns && word.denial.is_none() && !word.opens && !word.listed
    };
    let apart = between.iter().all(clean) && !said[right.start].opens && !said[right.start].listed;
    apart.then_some(Place {
        start: left.start,
        end: right.end,
        cost: SLIP
            + first.cost
            + second.cost
            + 5 * between.len() as Cost
            + if turned { 20 } else { 0 },
    })
}
