//! What is said of an element after it: up to the next element that was heard, nothing may take it back.
//!
//! 村霸嘛，人家镇得住场面，可以当: what decides stands clauses behind the name. A clause that says another element ends the
//! territory; a list shares what is said of its last member.

use crate::grading::recall::{
    candidates::{Candidate, Heard},
    key::KeyedElement,
    lexicon::joins,
    spoken::Word,
    stem::{Asks, Stem},
};

/// Clauses behind its own that may still speak of an element.
const FOLLOWING: usize = 2;
/// What is left of a name behind its decisive words has at most so many.
const NAME: usize = 4;
/// A denial so close before an element is that one's.
const NEAR: usize = 4;
/// What says that a thing is not so, clauses behind the thing's name.
const DISMISSALS: &str = "没这 没那 没得 没有这 没有那 没有的事 没有他 没有它 没写 没列 没规定 没要求 没提 没讲 没说 没算 没包括 没有要求 没有规定 没有写 没有说 没有讲 \
    不提 不讲 不在 不算 不罚 不归 不收 不给 不补 不发 不认 不要 不用 不搞 不必 不需 不做 不行 不存在 不属 不包括 不计 不追究 不考虑 不参加 不了的 不着的 \
    谁规定 谁说 谁讲 谁定的 哪个讲 哪个说 哪个规定 哪里能 哪里有 哪有 哪来 难道 凭什么 何必 降下 往下降 往下走 减下来 停下来 压下来 退下来 放下来 缩下来 往后放 往后排 往后靠 \
    免了 取消 免予 免谈 算了 拉倒 作罢 排除 除外 例外 删了 删掉 去掉 砍掉 靠边 省了 省掉 跳过 略过 多余 别的文件 另外一个文件 可以不 可不 可有可无 随便 随意 看心情 无所谓 也行 也成 没必要 没有必要 没用 没意义 走过场 只管";
/// Behind what is forbidden these let it pass.
const LETS: &str = "可以 允许 准许 能当 能行 随便 没关系 没事 不要紧 不管 不查 也行 也成 照样 照常 无所谓 不碍事 不算";
/// Behind what is left out these take it in.
const COUNTS: &str = "还是要 还得 照样 照常 要补的 算进去 要算的 不能免";
/// These hold a thing fast although a denial is in them.
const HOLDS: &str = "不可以不 不能不 不得不 不可少 不能少 不要忘 不能忘 不在话下 不用说 不提了不 不行的话 不能走过场 不准走过场 不走过场 不要走过场 不搞走过场 不能随便 不能随意 不得随意 不是随便 不许随便 不准取消 不能取消 不得取消";

/// Whether what follows the chosen element `at`, up to the next one, takes it back.
pub(super) fn taken_back(
    at: usize,
    elements: &[KeyedElement],
    (heard, chosen): (&[Heard], &[Option<&Candidate>]),
    stem: &Stem,
    (text, said): (&str, &[Word]),
) -> bool {
    let Some(own) = chosen[at] else {
        return false;
    };
    let after = chosen.iter().enumerate();
    let after = after.filter_map(|(at, each)| Some((at, (*each)?)));
    let next = after
        .filter(|(_, other)| other.first() > own.last())
        .min_by_key(|(_, other)| other.first());
    let from = own.last() + 1;
    let (clause, to) = reach(from, another(at, from, elements, heard, said), said);
    let plain = matches!(stem.asks, Asks::Plainly | Asks::ForChoices);
    let denies = elements[at].sayings[own.saying].denies;
    let dismissed = if plain && !denies {
        denied(&said[from..clause]) || says_one(DISMISSALS, text, &said[from..to])
    } else {
        let turned = match stem.asks {
            Asks::ForForbidden => LETS,
            Asks::ForExempt => COUNTS,
            _ => return false,
        };
        says_one(turned, text, &said[from..to])
    };
    let listed = |next: usize| {
        let between = &said[from..next];
        let joined = between.iter().all(|word| word.char().is_some_and(joins));
        let named = said[next].listed && between.len() <= NAME;
        let one = !said[next].opens && between.iter().all(|word| !word.opens);
        one && (named || (joined && !between.is_empty()))
    };
    dismissed
        || next.is_some_and(|(other, next)| {
            listed(next.first()) && taken_back(other, elements, (heard, chosen), stem, (text, said))
        })
}

/// Where behind `from` another element begins, said or denied.
fn another(
    at: usize,
    from: usize,
    elements: &[KeyedElement],
    heard: &[Heard],
    said: &[Word],
) -> Option<usize> {
    let others = heard.iter().enumerate().filter(|(other, _)| *other != at);
    let foreign = |start: usize, end: usize| {
        let mut words = said[start..end].iter();
        words.any(|word| word.char().is_none_or(|c| !elements[at].own.contain(c)))
    };
    let starts = others.flat_map(|(_, heard)| {
        let whole = heard.said.iter().chain(&heard.opposed);
        let whole = whole.map(|each| (each.first(), each.last() + 1));
        let words = heard.places.iter().flatten().flatten();
        let words = words.filter(|place| place.cost == 0 && place.end - place.start > 1);
        whole.chain(words.map(|place| (place.start, place.end)))
    });
    let behind = starts.filter(|&(start, end)| start >= from && foreign(start, end));
    behind.map(|(start, _)| start).min()
}

/// Where the clause from `from` on ends for its element, and where the clauses end that may speak of it.
fn reach(from: usize, next: Option<usize>, said: &[Word]) -> (usize, usize) {
    let end = next.unwrap_or(said.len());
    let opens: Vec<usize> = (from..end).filter(|&at| said[at].opens).collect();
    let clause = opens.first().copied();
    // The clause that says the next element is that one's.
    let own = next.map(|next| (from..=next).rev().find(|&at| said[at].opens));
    let last = match own {
        Some(Some(start)) => start,
        Some(None) => end.saturating_sub(NEAR).max(from),
        None => end,
    };
    let to = opens.get(FOLLOWING).map_or(last, |&third| third.min(last));
    (clause.unwrap_or(last).min(last), to)
}

fn denied(words: &[Word]) -> bool {
    words.iter().any(|word| word.denial.is_some())
}

fn says_one(phrases: &str, text: &str, words: &[Word]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return false;
    };
    let stretch = &text[first.start..last.end];
    let holds = HOLDS.split(' ').any(|word| stretch.contains(word));
    !holds
        && phrases
            .split(' ')
            .any(|word| !word.is_empty() && stretch.contains(word))
}
