//! Phrases that decide what is said of an element clauses behind its name, found in a text all at once.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Says that a thing is not so.
    Dismiss,
    /// Behind what is forbidden: lets it pass.
    Let,
    /// Behind what is left out: takes it in.
    Count,
    /// Holds a thing fast although a denial is in it.
    Hold,
    /// Speaks of the speaker's memory and of no element.
    Remember,
}

const DISMISSALS: &str = "谁规定 谁说 谁讲 谁定的 哪个讲 哪个说 哪个规定 降下 往下降 往下走 减下来 停下来 压下来 退下来 放下来 缩下来 往后放 往后排 往后靠 \
    删了 删掉 砍掉 省了 别的文件 另外一个文件 可以不 可不 照样 照旧 照常 照算 照发 有没有 不影响 越多越好 放低一 放低些 可以放低 放宽 放松 调低 压低 算什么 一个人定 一个人说 支书说了算 支书定 拍板就 自己的事 各家的事 别人的事 人家的事 家里的事 随意 也行 也成 只管 不罚 不追究";
const LETS: &str = "可以 允许 准许 能当 能行 随便 没关系 没事 不要紧 不管 不查 也行 也成 照样 照常 应该要 没问题 有什么不好 没什么不好 有啥不好 不在审查 没人禁 没有人禁 没人拦 是允许 就能 随便取 随便建 随便都 无所谓 不碍事 不算 自由 没有禁 没禁 不禁 不在禁止 没人管 没规定 没有规定 不用遵守 不用守 不必守 不限";
const COUNTS: &str = "还是要 还得 照样 照常 照算 照发 照给 要补的 算进去 要算的 要计入 要算进 不能免 没有这个待遇 没这个待遇 没有份 没份 享受不到 先查 得查 要查 照查 要取消 退出去 不在里头 不在里面 不算在里 不列在里 领补贴 可以补 可以领 能补 能领 可以免 丧失了 要补 照补";
const HOLDS: &str = "不可以不 不能不 不得不 不可少 不能少 不要忘 不能忘 不在话下 不用说 不提了不 不行的话 不能走过场 不准走过场 不走过场 不要走过场 不搞走过场 不能随便 不能随意 不得随意 不是随便 不许随便 有一项不 有一条不 有一样不 等不得 拖不得 缓不得 不能等 不能拖 不等人 不准取消 不能取消 不得取消";
const MEMORY: &str = "记 背 印象 清楚 晓得 晓不得 拿不准 不敢 没听 没想 想不 讲不 说不 答不 没答 不确定 有点乱 我就不 不会 不全 没学 没看 急 别忙 慌 多说 啰嗦";

/// By first character.
static PHRASES: LazyLock<HashMap<char, Vec<(&str, Does)>>> = LazyLock::new(|| {
    let tables = [
        (DISMISSALS, Does::Dismiss),
        (LETS, Does::Let),
        (COUNTS, Does::Count),
        (HOLDS, Does::Hold),
        (MEMORY, Does::Remember),
    ];
    let mut phrases: HashMap<char, Vec<(&str, Does)>> = HashMap::new();
    for (words, does) in tables {
        for word in words.split_whitespace() {
            let first = word.chars().next();
            phrases
                .entry(first.unwrap_or_default())
                .or_default()
                .push((word, does));
        }
    }
    phrases
});

/// Where in one text which phrase stands.
#[derive(Debug)]
pub(super) struct Phrases(Vec<(Does, Range<usize>)>);

impl Phrases {
    pub(super) fn of(text: &str) -> Phrases {
        // 照样不摘 lets nothing pass.
        let denied = |rest: &str| rest.starts_with(['不', '没', '莫', '别']);
        let mut found = vec![];
        for (at, first) in text.char_indices() {
            let Some(phrases) = PHRASES.get(&first) else {
                continue;
            };
            for &(word, does) in phrases {
                let rest = text[at..].strip_prefix(word);
                if rest.is_some_and(|rest| {
                    matches!(does, Does::Hold | Does::Remember) || !denied(rest)
                }) {
                    found.push((does, at..at + word.len()));
                }
            }
        }
        Phrases(found)
    }

    /// Whether one that does this stands within these bytes.
    pub(super) fn any(&self, does: Does, within: &Range<usize>) -> bool {
        let inside = |range: &Range<usize>| within.start <= range.start && range.end <= within.end;
        self.0
            .iter()
            .any(|(each, range)| *each == does && inside(range))
    }
}
