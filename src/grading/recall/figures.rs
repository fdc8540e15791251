//! Numbers beside an element that the key does not have: 公示三个月 is not 公示.

use crate::grading::{numbers::Token, recall::spoken::Word};

/// What these count is measured; 三个 and 五项 count things that are named anyway.
const MEASURES: &str = "年月日天周岁元块万亿级亩倍成折档度米里斤半期届代季时";
/// 个月, 小时, 星期, 平方.
const LONG_MEASURES: [&str; 4] = ["个月", "小时", "平方", "分钟"];

/// Where a measure is said that none of `known` numbers explains, outside of `taken`.
pub(super) fn strange(
    said: &[Word],
    (from, to): (usize, usize),
    taken: &[(usize, usize)],
    known: &dyn Fn(&str, Option<char>) -> bool,
) -> Option<(usize, usize)> {
    (from..to).find_map(|at| {
        let Token::Number(number) = &said[at].token else {
            return None;
        };
        let used = taken.iter().any(|range| range.0 <= at && at < range.1);
        let measure = said.get(at + 1).and_then(Word::char);
        let long = |word: &str| {
            let mut at = at;
            word.chars().all(|c| {
                at += 1;
                said.get(at).is_some_and(|word| word.is(c))
            })
        };
        let measured = number.contains(['%', '/'])
            || measure.is_some_and(|c| MEASURES.contains(c))
            || LONG_MEASURES.iter().any(|word| long(word));
        // 三天两头.
        let often = measure == Some('天') && said.get(at + 3).is_some_and(|word| word.is('头'));
        // 2026年, 上一年, 这三级.
        let year = number.len() == 4 && measure == Some('年');
        let last = number == "1"
            && at > 0
            && said[at - 1]
                .char()
                .is_some_and(|c| "上前头同当".contains(c));
        let told_off = at > 0 && said[at - 1].char().is_some_and(|c| "这那".contains(c));
        (measured && !used && !often && !year && !last && !told_off && !known(number, measure))
            .then_some((at, at + 1))
    })
}
