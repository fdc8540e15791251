//! Which places of its decisive words say a saying together: near each other, in one breath, and in an order that leaves
//! its meaning.

use crate::grading::recall::{
    candidates::overlap,
    key::{Decisive, KeyedSaying},
    likeness::Place,
    spoken::Word,
};

/// Words at most between decisive words said in another order than the key's.
const TURNED: usize = 4;

/// From every place on, the nearest ones of all the others; per decisive word, in the saying's order.
pub(super) fn together(
    saying: &KeyedSaying,
    places: &[Vec<Place>],
    said: &[Word],
) -> Vec<Vec<Place>> {
    if places.iter().any(Vec::is_empty) {
        return vec![];
    }
    let mut starts: Vec<usize> = places.iter().flatten().map(|place| place.start).collect();
    starts.sort_unstable();
    starts.dedup();
    // Long words choose first, so that 农村 does not take the place of 农村集体.
    let mut order: Vec<usize> = (0..saying.decisive.len()).collect();
    order.sort_by_key(|&word| std::cmp::Reverse(saying.decisive[word].words.len()));
    starts
        .into_iter()
        .filter_map(|start| {
            let mut taken: Vec<Option<Place>> = vec![None; saying.decisive.len()];
            for &word in &order {
                let free = |place: &&Place| {
                    let range = (place.start, place.end);
                    let mut others = taken.iter().flatten();
                    place.start >= start && !others.any(|o| overlap(range, (o.start, o.end)))
                };
                taken[word] = Some(*places[word].iter().find(free)?);
            }
            let taken: Vec<Place> = taken.into_iter().flatten().collect();
            let end = taken.iter().map(|place| place.end).max()?;
            let near = end - start <= saying.stretch && in_one_breath(&taken, saying, said);
            near.then_some(taken)
        })
        .collect()
}

/// Across clauses only whole words in the key's order go together, and nothing denied stands between them unless the
/// saying denies it.
fn in_one_breath(taken: &[Place], saying: &KeyedSaying, said: &[Word]) -> bool {
    let mut sorted: Vec<&Place> = taken.iter().collect();
    sorted.sort_by_key(|place| place.start);
    let in_order = taken.windows(2).all(|pair| pair[0].start < pair[1].start);
    if !in_order && (pairs_crossed(taken) || turns_itself_round(saying)) {
        return false;
    }
    let short = saying.decisive.iter().any(|word| word.words.len() == 1);
    sorted.windows(2).all(|pair| {
        let between = &said[pair[0].end..pair[1].start];
        let crosses = between.iter().any(|word| word.opens) || said[pair[1].start].opens;
        let denies = between.iter().any(|word| word.denial.is_some());
        let turned = !in_order && between.len() > TURNED;
        let figure = |place: &Place| {
            said[place.start..place.end]
                .iter()
                .any(|word| word.char().is_none())
        };
        let crosses_with_figure =
            crosses && (figure(pair[0]) || figure(pair[1])) && between.len() > 1;
        !turned
            && !crosses_with_figure
            && (!crosses || (in_order && !short))
            && (!denies || saying.denies)
    })
}

/// 社会主导、政府参与 is not 政府主导、社会参与: four words or more keep their order, but for where it begins.
fn pairs_crossed(taken: &[Place]) -> bool {
    let mut order: Vec<usize> = (0..taken.len()).collect();
    order.sort_by_key(|&at| taken[at].start);
    let next = |pair: &[usize]| pair[1] == (pair[0] + 1) % taken.len();
    taken.len() > 3 && !order.windows(2).all(next)
}

/// 事前预防、事后帮扶: the one word is the other's opposite, so that the order decides.
fn turns_itself_round(saying: &KeyedSaying) -> bool {
    let words = || saying.decisive.iter().enumerate();
    let opposes = |one: &Decisive, other: &Decisive| {
        let same = one.words.len() == other.words.len() && one.words.len() > 1;
        let mut pairs = one.words.iter().zip(&other.words);
        same && one.words[0].token == other.words[0].token
            && pairs.any(|(a, b)| a.traits.oppose(b.traits) && a.token != b.token)
    };
    words().any(|(at, one)| words().any(|(other, two)| other > at && opposes(one, two)))
}
