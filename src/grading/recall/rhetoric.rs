//! What denies without a word of denial: questions that expect no answer (哪里轮得到, 谁还去管, 怎么好干预), and exceptions
//! (除了公示，其他都要).

use crate::grading::recall::lexicon::Denial;

/// How such a question begins, and what makes it one when it follows at once.
const QUESTIONS: [(&str, &str); 5] = [
    ("难道", "还有 还要 还 有 能 要 会 说 是 也 就"),
    (
        "哪里 哪儿 哪",
        "能 会 要 用 需 轮 是 算 给 讲 管 顾 得了 还 该 敢 有 可能 够 谈 肯 容 由得 行 来的 写 规定 在 包括 \
         查 减 搞 做 提",
    ),
    (
        "谁 哪个",
        "还 会 要 敢 愿 肯 说 讲 规定 稀罕 在乎 有空 有那 有工夫 有功夫 理 去管 管它 管他 管你 管这 听 信 认 去查 来认 \
         来罚 来管 来查 看哦 看啊 高兴 乐意 舍得 晓得 知道 告诉",
    ),
    (
        "怎么 怎 咋个 咋 啷个 岂 焉 凭啥 凭什么 为什么要 为啥要 何曾 几时 什么时候 啥时候",
        "能 会 可能 好去 好管 好干 敢 可以 轮 还 该 肯 行呢 算得 用得 谈得 允许 要 规定 说过 讲过 需要",
    ),
    (
        "有什么 有啥 有么子 没什么 没有什么 没啥",
        "好 必要 用 意思 可 意义 关系",
    ),
];

/// A thing and these after it: it is waved away.
const WHAT_FOR: [&str; 9] = [
    "做什么",
    "干什么",
    "干嘛",
    "干吗",
    "干啥",
    "做啥",
    "搞么子",
    "做么子",
    "搞什么",
];
const THINGS: &str = "它他这那管要查";

/// 除了公示 leaves it out unless something is said to come to it: 除了公示，还有评议.
const EXCEPTS: [&str; 9] = [
    "除了", "除去", "除开", "抛开", "撇开", "除掉", "刨开", "刨去", "除却",
];
const ADDS: [&str; 8] = ["还", "也", "另外", "再", "外加", "加上", "以外就是", "接着"];
/// What is said to come to an exception stands so near.
const EXCEPT_REACH: usize = 48;

/// Any of what is read here begins so.
const STARTS: &str = "难哪谁怎咋啷岂焉凭为何几什啥有没它他这那管要查除抛撇刨不";

type At<'a> = &'a dyn Fn(usize) -> Option<char>;

/// The denial that starts here without being a word of denial, what it is said as, and how many characters it has.
pub(super) fn denial(at: At<'_>) -> Option<(Denial, &'static str, usize)> {
    at(0).filter(|c| STARTS.contains(*c))?;
    question(at)
        .or_else(|| what_for(at))
        .or_else(|| never_mind(at))
        .or_else(|| exception(at))
}

fn question(at: At<'_>) -> Option<(Denial, &'static str, usize)> {
    QUESTIONS.iter().find_map(|(begins, goes_on)| {
        let begins = begins.split(' ').filter(|word| says(at, 0, word));
        let longest = begins.max_by_key(|word| word.len())?;
        let length = longest.chars().count();
        let next = goes_on.split(' ').find(|word| says(at, length, word));
        let next = next.or_else(|| comes(at, length).then_some(""));
        let next =
            next.or_else(|| (longest.starts_with('哪') && exclaims(at, length)).then_some(""))?;
        // 谁主管谁负责, 哪里有困难就帮到哪里 ask nothing.
        let first = longest.chars().next();
        let again = (length + 1..length + 8).any(|ahead| at(ahead).is_some() && at(ahead) == first);
        (!again).then_some((Denial::Question, longest, length + next.chars().count()))
    })
}

/// 谁来评它, 哪个去看哦.
fn comes(at: At<'_>, from: usize) -> bool {
    let comes = at(from).is_some_and(|c| "来去".contains(c));
    comes
        && (from + 2..from + 5).any(|ahead| at(ahead).is_some_and(|c| "它他呀啊哦呢嘛".contains(c)))
}

/// 生态哪里宜居了.
fn exclaims(at: At<'_>, from: usize) -> bool {
    (from + 1..from + 4).any(|ahead| at(ahead).is_some_and(|c| "了呢哦啊呀".contains(c)))
}

/// 考虑它做什么.
fn what_for(at: At<'_>) -> Option<(Denial, &'static str, usize)> {
    at(0).filter(|c| THINGS.contains(*c))?;
    let word = WHAT_FOR.iter().find(|word| says(at, 1, word))?;
    Some((Denial::Wave, "做什么", 1 + word.chars().count()))
}

/// 不管它, 管他呢 and nothing more.
fn never_mind(at: At<'_>) -> Option<(Denial, &'static str, usize)> {
    let begins = ["不去管", "不管", "不理", "莫管", "别管", "管"];
    let length = begins
        .iter()
        .find(|word| says(at, 0, word))?
        .chars()
        .count();
    at(length).filter(|c| "它他她这那".contains(*c))?;
    let rest = (length + 1..length + 4)
        .find(|ahead| !at(*ahead).is_some_and(|c| "个些们了呢啊嘛".contains(c)))?;
    let ends = at(rest).is_none_or(|c| !c.is_alphanumeric());
    ends.then_some((Denial::Wave, "不管它", rest))
}

fn exception(at: At<'_>) -> Option<(Denial, &'static str, usize)> {
    let long = EXCEPTS.iter().find(|word| says(at, 0, word));
    let length = match long {
        Some(word) => word.chars().count(),
        // 除低保对象外.
        None if at(0) == Some('除') => {
            (2..24).find(|ahead| at(*ahead) == Some('外'))?;
            1
        }
        None => return None,
    };
    let adds = |ahead: usize| ADDS.iter().any(|word| says(at, ahead, word));
    let still = |ahead: usize| says(at, ahead, "还是") || says(at, ahead, "再说");
    let mut sentence =
        (length..EXCEPT_REACH).take_while(|ahead| !matches!(at(*ahead), Some('。' | '；')));
    let added = sentence.any(|ahead| adds(ahead) && !still(ahead));
    (!added).then_some((Denial::Release, "除了", length))
}

fn says(at: At<'_>, from: usize, word: &str) -> bool {
    word.chars()
        .enumerate()
        .all(|(place, c)| at(from + place) == Some(c))
}
