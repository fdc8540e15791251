//! Words that are read as one: what fills, what denies, what only looks like a denial, and everyday words for written ones.
//!
//! Key and answer are read with the same table, so an entry can make two texts alike but never unlike themselves.

use std::sync::LazyLock;

/// What becomes of a word of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It says nothing and is dropped.
    Filler,
    /// It says nothing, and what stood before it is over: a denial does not reach across.
    Break,
    Denial(Denial, &'static str),
    /// Taken as it stands, though a sign of denial or a filler is in it.
    Plain,
    /// Read as another word.
    As(&'static str),
}

/// Hesitation, politeness, and words that only count the elements off. None carries a number.
const FILLERS: &str = "就是说 也就是说 也就是 就是 那个 这个 然后 的话 其实 应该说 应该是 可以说 怎么说 所谓 \
    比如说 比如 等等 之类 嗯 啊 呃 哦 噢 唔 诶 哎 呐 呢 吧 嘛 呀 哈 的 了 是吧 \
    是不是 对不对 好不好 对吧 好像 大概 可能是 差不多";

/// Words that part one thing said from the next.
const BREAKS: &str = "首先 其次 再次 最后 另外 还有 此外 接着 随后 之后 再就是 再一个 再有 再者 以及 \
    还差一个 还差 还漏 不好意思 对不起 不知道 记不清 记不住 记不得 记不起来 记不太清 不记得 不太记得 想不起来 \
    想不起 说不上来 说不好 说不清 不清楚 不太清楚 不确定 不太确定 没记住 没想起来 没记错 \
    没说错 没记牢 说不来 说不全 说不完 说不出 说不准 讲不出 讲不来 背不下来 背不全 背不出 答不上来 答不上 想不到 记不到 记不全 不晓得 \
    搞不清 搞不清楚 弄不清 不会了 没背下来 没背熟 没背到 没记全 没记到 忘了 忘记了 没有了 没了";

/// What stands just before these is taken back, wherever they stand.
const CORRECTIONS: &str = "不对不对 说错了 讲错了 记错了 搞错了 更正一下 哦不 哦不是 哦不对 哦不对不对 啊不对 呃不对 不是不是";
/// These take it back where they are a clause of their own.
const CORRECTING_CLAUSES: &str = "不对 不是 不不 更正";

/// What forbids.
const BANS: &str = "不允许 不可以 不应该 不应当 不得 不准 不许 不能够 不能 不可 不应 不宜 不让 不行 \
    严禁 禁止 杜绝 切勿 拒绝 反对 抵制";
/// What lets off, leaves out, or waves away: 不用公示, 公示免了, 何必公示.
const RELEASES: &str = "不需要 不一定要 不一定 不见得 不包括 不包括在内 不包含 不归 不作为 不属于 不用 不必 不必要 免予 免于 哪里有什么 哪里有啥 哪里管 哪里会 哪里要 哪里算 哪里是 哪里给 哪里讲 哪个讲 哪个说 谁说 谁讲 谁规定 哪个规定 \
    不算 不再 不含 不计 不列 不管 不理 不兴 不列入 无需 无须 用不着 用不上 没必要 没有必要 没啥必要 没什么必要 \
    有啥必要 有什么必要 有什么用 有啥用 何必 何须 何苦 何用 谈不上 轮不到 轮不上 顾不上 管不着 \
    哪用 哪用得着 哪需要 哪里用 哪里需要 哪还 哪里还 哪有 哪能 哪里能 哪来 哪来的 哪里来 哪个要 哪个还 哪个会 哪个愿 \
    谁还 谁要 谁会 谁愿 干嘛 干什么要 凭什么 犯不着 犯不上 犯得着 用得着 难道 取消 免去 免掉 免了 省了 省掉 省去 省略 跳过 略过 绕过 越过 \
    忽略 忽视 轻视 废除 废止 撤销 停掉 停办 停止 砍掉 去掉 拿掉 删掉 去除 排除 剔除";
/// What waves away what stands before it, never what comes after.
const WAVES: &str = "有必要吗 需要吗 有用吗 没用 没啥用 没什么用 没意义 没意思 才怪 算了 拉倒 作罢 停了 靠边站 \
    放一边 放到一边 搁一边 丢一边 免谈 可有可无 无所谓 没关系 没有关系 没事 没有事 不要紧 不打紧 不碍事 看情况 多余 白搭 走过场 \
    做样子 装样子 应付了事 排除在外 除外 例外 错误 是错的 不在内 不算数 随便 \
    不在里头 不在里面 不在其中 不在此列 不在其列 不在之列 不在禁止之列 不在禁止之内 不算在内 不包括在内 不包含在内 不列在内 不计在内 没算在内 没包括在内 \
    不用了 不要了 不搞了 不需要了 不必了 不讲了 不算了 不弄了 不做了 不办了 不提了 不评了 不抓了 就没了 也没了 都没了 就没有了 也没有了 都没有了 \
    随它去 随他去 由它去 由他去 随它 随他们 看着办 看心情 看人情 先放放 放一放 搁一搁 摆一边 丢开 甩开 撂一边 甩一边 扔一边 搁置 以后再说 \
    满足了再说 完了再说 后头再说 往后推 往后拖 另算 另外算 另说 另外说 另当别论 单独算 两码事 两回事 另一回事 不作数 不顶事 不当回事 不当事 \
    空话 假话 白费 白搞 泡汤 没影 没谱 骗人 瞎说 乱讲 胡扯 免开尊口 提不上 挨不上 沾不上 搭不上 够不上边 没人管 没人问 没人查 没人去 没人看 没人理 没人搞 \
    没有规定 没规定 没有要求 没要求 没有这 没这 没有那 没那 没有的事 没讲 没写 没提 没说 没列 没有写 没有讲 没有提 没有说 没有列 没得这 衰落 衰败 垮掉 早撤了 早就撤了 已经撤了 撤掉了 给撤了 剔出 剔了 踢出 另外再说 不在这里头 不在这里面 不在这里 不在那里 以外的 之外的 不列在里面 不列在里头 没列在里 算哪门子 算什么特 都可以免 没有这个要求 没有这一说 没这一说";
const LACKS: &str = "不搞 不讲 不实行 不当作 不当成 不当做 不进行 不提倡 不采取 不考虑 不要 不给 不是 不在 没有 没得 并没有 不存在 不具备 不具有";
const NOTS: &str = "不 别 勿 莫 甭";
const WITHOUTS: &str = "没 未 无 非";

const PLAIN: &str = "除此以外 除此之外 如何 任何 没着落 无着 老年人 老人院 不断 不仅仅 不仅 不但 不光 不论 不只 不单 不外乎 不动产 不当 不成 \
    不拢 不服 不通 不好 不了 不可避免 不得不 不能不 不可不 不容 没有异议 没异议 无异议 没有意见 没意见 不由自主 \
    不管谁 不管什么 不管怎 不管哪 不管是 不管有 不管多 不管如何 不管她 不管他 不管你 不管其 不管它 不管在 不在家 不在身边 能不能只 不能只 不能光 不要只 不要光 不良 不良贷款 不由得 不错 不影响 无论 无人机 \
    无障碍 无偿 非常 非遗 非物质 除非 未来 未成年 特别 分别 区别 级别 个别 识别 类别 性别 \
    差别 辨别 鉴别 别人 别的 别说 没错 不能少 不可少 必不可少 缺一不可 少不了 离不开 不放松 \
    不松劲 不落下 能不能 有没有 要不要 可不可以 会不会 行不行 该不该 不一样 不只是 不仅是 \
    这个月 那个月 的确 目的 了解 罢了 除了 为了 一了百了 了结 了断 终了 未了 末了 吧台 \
    就是否 其实际 的士 打的 一撤了之 无非 莫非 非得 非法 无人抚养 无人认领 无故 无理";

/// Everyday words and abbreviations for written ones. Both sides mean the same wherever cadres speak of policies.
const ALIKE: &str = "最低生活保障=低保 低保户=低保家庭 吃低保=低保家庭 基本医疗保险=基本医保 村民委员会=村委会 \
    居民委员会=居委会 妇女联合会=妇联 人民政府=政府 人民法院=法院 人民检察院=检察院 \
    人民调解=调解 块钱=元 块=元 星期=周 礼拜=周 周岁=岁 或者是=或 或者=或 以及=和 \
    或是=或 还是=或 立刻=立即 马上=立即 老人家=老年人 老人=老年人 小孩子=儿童 孩子=儿童 \
    小孩=儿童 娃娃=儿童 娃儿=儿童 打工=务工 老百姓=群众 百姓=群众 计生=计划生育 撂荒=抛荒 \
    丢荒=抛荒 低保边缘户=低保边缘家庭 语言残疾=言语残疾 自闭症=孤独症 致贫返贫=返贫致贫 发愁=愁 顶多=最多 撑死=最多 按法律=依法 照法律=依法 依照法律=依法 之内=以内 之下=以下 之上=以上 起码=至少 最少=至少 一回=一次 每个星期=每周 每星期=每周 次月=下月 节约=节俭 \
    早点=早 早早=早 尽早=早 及早=早 趁早=早 提早=早 早一步=早 早一点=早 长年=长期 常年=长期 上报=报告 盖房子=建房 建房子=建房 盖房=建房 造房=建房 \
    花销=支出 开销=支出 花费=支出 工钱=工资 薪水=工资 爹妈=父母 爸妈=父母 爹娘=父母 镇里=乡镇 镇上=乡镇 乡里=乡镇 县上=县里 村上=村里 \
    田土=土地 田地=土地 大伙儿=群众 大伙=群众 乡亲=群众 念书=上学 读书=上学 老两口=老年人 合规=符合规定 合规定=符合规定";

/// Denials by how far they reach and what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// Reaches far: 不得以任何名义向村民收费.
    Ban,
    /// Reaches far: 不用.
    Release,
    /// Reaches back only: 免了, 没关系.
    Wave,
    /// Reaches far: 没有.
    Lack,
    /// A question that expects no: reaches over all of its clause.
    Question,
    /// Of the next word or two: 不.
    Not,
    /// Of the next word or two: 无, 未.
    Without,
}

impl Denial {
    /// Whether the one may stand for the other: 不得 is neither 不用 nor 未.
    pub(super) fn agrees(self, other: Denial) -> bool {
        let forbids = |denial| denial == Denial::Ban;
        let lets_off = |denial| matches!(denial, Denial::Release | Denial::Wave | Denial::Question);
        let lacks = |denial| denial == Denial::Without;
        let one_way = |one, other| forbids(one) && (lets_off(other) || lacks(other));
        !one_way(self, other) && !one_way(other, self)
    }
}

struct Entry {
    word: Vec<char>,
    turn: Turn,
}

/// By first character; of those the longest first.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let tables = [
        (PLAIN, Turn::Plain),
        (FILLERS, Turn::Filler),
        (BREAKS, Turn::Break),
    ];
    let denials = [
        (BANS, Denial::Ban),
        (RELEASES, Denial::Release),
        (WAVES, Denial::Wave),
        (LACKS, Denial::Lack),
        (NOTS, Denial::Not),
        (WITHOUTS, Denial::Without),
    ];
    let mut all: Vec<(&'static str, Turn)> = vec![];
    for (words, turn) in tables {
        all.extend(words.split(' ').map(|word| (word, turn)));
    }
    for (words, denial) in denials {
        let denials = words.split(' ');
        all.extend(denials.map(|word| (word, Turn::Denial(denial, word))));
    }
    let alike = ALIKE.split(' ').filter_map(|pair| pair.split_once('='));
    all.extend(alike.map(|(from, to)| (from, Turn::As(to))));
    let mut entries: Vec<Entry> = all
        .into_iter()
        .map(|(word, turn)| Entry {
            word: word.chars().collect(),
            turn,
        })
        .collect();
    entries.sort_by(|a, b| {
        let key = |entry: &Entry| (entry.word[0], std::cmp::Reverse(entry.word.len()));
        key(a).cmp(&key(b))
    });
    entries
});

/// How long the correction is that starts here, and whether it is one only as a clause of its own.
pub(super) fn correction(at: impl Fn(usize) -> Option<char>) -> Option<(usize, bool)> {
    let longest = |words: &str| {
        let words = words.split(' ');
        let here = words.filter(|word| {
            word.chars()
                .enumerate()
                .all(|(place, c)| at(place) == Some(c))
        });
        here.map(|word| word.chars().count()).max()
    };
    let always = longest(CORRECTIONS).map(|length| (length, false));
    always.or_else(|| longest(CORRECTING_CLAUSES).map(|length| (length, true)))
}

/// The longest word of the table at the start of what `at` gives character by character, and how many it has.
pub(super) fn longest(at: impl Fn(usize) -> Option<char>) -> Option<(Turn, usize)> {
    let first = at(0)?;
    if !traits(first).begins {
        return None;
    }
    let from = ENTRIES.partition_point(|entry| entry.word[0] < first);
    ENTRIES[from..]
        .iter()
        .take_while(|entry| entry.word[0] == first)
        .find(|entry| {
            let mut rest = entry.word.iter().enumerate().skip(1);
            rest.all(|(place, c)| at(place) == Some(*c))
        })
        .map(|entry| (entry.turn, entry.word.len()))
}

/// Small words that come between the words of a phrase without changing it.
const LIGHT: &str = "和与及跟或并且等来去要也都把对给在是就会地着再还又让使于为以所其将须需该由向被我们他她它你咱各种这那些一下";
/// Small words that join what stands on both sides of them.
const JOINS: &str = "和与及跟或并且等同还";

/// Characters that carry a direction, a quantity, a rank or a denial, by what they may not be taken for: a slip in one of
/// them is no slip, and 以上 never sounds like 以下.
const GROUPS: &str = "上下 内外里 前后 多少 高低 大小 增减 升降 有无没未不免 男女 城乡 省市县镇乡村组 \
    年月日天周季时 买卖 进出 收支 公私 先后 早晚 新旧 轻重 强弱 长短 甲乙 父母 生死 主次 \
    借还 奖罚 全半 双单 正负 东南西北 左右 初末 超满足 退入 开关 禁准许可 停续 贷存 集散 \
    合分 同异 真假 动静 老幼 宽严 优劣 自他 净毛";

/// What a character is by the tables.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    pub(super) light: bool,
    pub(super) joins: bool,
    /// A word of the table of words begins with it.
    begins: bool,
    /// A bit for every group it is in.
    groups: u64,
}

impl Traits {
    /// It carries a direction, a quantity, a rank or a denial.
    pub(super) fn weigh(self) -> bool {
        self.groups != 0
    }

    /// A word of the table of words may begin with it.
    pub(super) fn begins(self) -> bool {
        self.begins
    }

    /// Of two that are not the same: they turn each other round.
    pub(super) fn oppose(self, other: Traits) -> bool {
        self.groups & other.groups != 0
    }
}

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;
static TRAITS: LazyLock<Vec<Traits>> = LazyLock::new(|| {
    let mut traits = vec![Traits::default(); (LAST - FIRST + 1) as usize];
    let mut mark = |text: &str, change: &dyn Fn(&mut Traits)| {
        for c in text.chars() {
            let place = u32::from(c).checked_sub(FIRST).map(|place| place as usize);
            if let Some(found) = place.and_then(|place| traits.get_mut(place)) {
                change(found);
            }
        }
    };
    mark(LIGHT, &|traits| traits.light = true);
    mark(JOINS, &|traits| traits.joins = true);
    let mut beginnings: String = ENTRIES.iter().map(|entry| entry.word[0]).collect();
    beginnings.push_str("不说讲记搞更哦啊呃");
    mark(&beginnings, &|traits| traits.begins = true);
    for (at, group) in GROUPS.split(' ').enumerate() {
        mark(group, &|traits| traits.groups |= 1 << (at % 64));
    }
    traits
});

pub(super) fn traits(c: char) -> Traits {
    let place = u32::from(c).checked_sub(FIRST);
    let found = place.and_then(|place| TRAITS.get(place as usize));
    found.copied().unwrap_or_default()
}

pub(super) fn joins(c: char) -> bool {
    traits(c).joins
}
