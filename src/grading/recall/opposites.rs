//! Words that turn each other round: 自愿 is not 强制, and whoever says the one where the key has the other has not said it.

use crate::grading::recall::{
    polarity::says,
    spoken::{self, Word},
};

/// Read both ways.
const PAIRS: &str = "净收入/毛收入 净收入/总收入 以上/以下 以内/以外 以前/以后 之前/之后 事前/事后 至少/最多 至少/至多 未满/年满 未满/已满 高于/低于 超出/低于 \
    多于/少于 较大/较小 自愿/强制 自愿/强迫 自愿/硬性 公开/保密 公开/秘密 公开/私下 公开/暗箱 公示/保密 集体/个人 集体/一个人 \
    集体/支书 集体/一人 会议/个人 会议/支书 会议/一个人 讨论/支书 讨论/一个人 讨论/个人 民主/支书 民主/一个人 民主/个人 民主/独断 民主/包办 集中/分散 统一/分散 有偿/无偿 \
    有偿/白给 有偿/免费 免费/收费 合法/非法 依法/违法 合法/违法 依法/随意 按规定/随意 允许/不准 提高/降低 提升/降低 提升/下降 \
    提升/压低 提高/压低 增加/减少 增长/下降 增收/减收 上升/下降 扩大/缩小 扩大/压缩 加强/放松 加强/减弱 加强/淡化 强化/弱化 强化/淡化 \
    从严/放宽 从严/从宽 严格/放松 严格/宽松 收紧/放宽 平等/歧视 平等/有别 优先/靠后 优先/排后 优先/往后 优先/滞后 主动/被动 \
    直接/间接 长期/短期 长期/临时 稳定/临时 定期/随意 及时/拖延 及时/延后 及早/拖延 尽早/拖延 提前/推迟 提前/滞后 \
    国有/私有 公有/私有 公益/营利 公益/盈利 公益/赚钱 节俭/铺张 节俭/大操大办 节俭/排场 节约/浪费 文明/愚昧 文明/陋习 绿色/污染 \
    保护/破坏 珍惜/浪费 合理/无理 合理/随意 合理/乱 健全/拆散 巩固/放弃 完善/打乱 支持/打压 鼓励/限制 鼓励/打击 开放/封闭 先进/落后 \
    富裕/贫困 富裕/贫穷 富裕/受穷 兴旺/萧条 兴旺/衰败 宜居/脏乱 有效/无效 有效/失效 安全/危险 书面/口头 书面/打电话 全部/部分 \
    男性/女性 重度/轻度 重病/小病 严重/轻微 上级/下级 上年/下年 上年度/本年度 下月/当月 下月/本月 次月/当月 次月/上月 本村/外村 \
    本集体/外来 本地/外地 政府/市场 内部/外部 线上/线下 正向/反向 激励/惩罚 公平/偏袒 公正/偏心 共享/独占 共建/单干 共建/各干各的 \
    自主/包办 自主/代替 自我/上级 自己/别人 信任/怀疑 团结/分裂 和谐/对立 法治/人治 保障/削减 集体/私人 全面/片面 \
    精准/笼统 精准/粗放 分类/一刀切 分类/不分 分级/不分 属地/异地 创新/守旧 高效/低效 便民/扰民 减轻/加重 精简/增加 减少/增加 减/增 \
    规范/随意 珍惜/糟蹋 融合/分割 融合/分离 互补/对立 互促/互斥 同责/各管各 免/收 就近/远处 前/后 先/后 发放/停发 发放/扣 积极/被动 积极/消极 乡村/城市 残疾/正常 残疾/健全 残疾/健康 缺失/良好 不当/良好 缺失/到位 公开/悄悄 公开/偷偷 公开/暗中 违规/依规 违规/合规 违法/合法 \
    违法/依法 精简/多发 精简/多开 减少/多发 少发/多发 少开/多开 优先/最后 优先/再说 优先/往后 规范/放开 规范/放任 困难/富裕 贫困/富裕 困难/宽裕 困难/好过 书面/口头 \
    签订/口头 会议/领导定 讨论/拍板 讨论/村长 民主/拍板 协商/拍板 群众/领导 无偿/收钱 统筹/各管各 协同/各管各 协同/各干各 互促/各管各 互补/各管各 共同/各自 共同/单独 融合/各管各 \
    专款/挪用 专用/挪用 足额/克扣 按时/拖欠 按时/拖 及时/拖 及时/慢慢 马上/慢慢 立即/慢慢 主动/等靠要 上门/坐等 稳定/不稳 增加/下降 发展/倒退 发展/停滞 兴旺/冷清 富裕/贫 宜居/污染 \
    有效/混乱 文明/野蛮 文明/落后 长期/暂时 长期/短暂 暂时/长期 临时/长期 临时/永久 一次性/每月 实名/匿名 全覆盖/抽查 全部/一部分 多数/少数 同意/反对 赞成/反对 加强/削弱 扩大/压减 \
    严格/马虎 严格/睁一只眼 从严/从轻 严/松 认真/应付 深入/浮 真/假 早/晚 早/迟 优惠/涨价 免收/收取 减免/加收 奖励/处罚 鼓励/处罚 就近/跑远 常住/临时 本人/别人 本人/他人";

/// What turns round what any of these texts says, and stands in none of them nor in the stem.
pub(super) fn of(texts: &[&str], stem: &str) -> Vec<Vec<Word>> {
    let mut contrary: Vec<Vec<Word>> = vec![];
    let has = |word: &str| texts.iter().any(|text| text.contains(word));
    for (one, other) in PAIRS.split(' ').filter_map(|pair| pair.split_once('/')) {
        for (own, turned) in [(one, other), (other, one)] {
            let long = own.chars().nth(1).is_some();
            if long && has(own) && !has(turned) && !stem.contains(turned) {
                let turned = spoken::words(turned);
                let says = turned.iter().any(|word| word.denial.is_none());
                contrary.extend(says.then_some(turned));
            }
        }
    }
    // 无固定生活来源 is turned round by 有固定.
    for text in texts {
        for (at, lack) in text.match_indices('无') {
            let after: String = text[at + lack.len()..].chars().take(2).collect();
            let turned = format!("有{after}");
            if after.chars().count() == 2 && !has(&turned) && !stem.contains(&turned) {
                contrary.push(spoken::words(&turned));
            }
        }
    }
    contrary
}

/// Where in `from..to` one of them is said and not denied.
pub(super) fn said_in(
    contrary: &[Vec<Word>],
    said: &[Word],
    from: usize,
    to: usize,
) -> Option<(usize, usize)> {
    (from..to).find_map(|at| {
        let rest = &said[at..to];
        let word = contrary.iter().find(|word| {
            rest.len() >= word.len() && word.iter().zip(rest).all(|(a, b)| a.token == b.token)
        })?;
        let end = at + word.len();
        let before = from.max(at.saturating_sub(4))..at;
        let denied = before.clone().any(|at| said[at].denial.is_some());
        let follows = said[end..to]
            .iter()
            .take(2)
            .any(|word| word.denial.is_some());
        // 从集中到分散, 避免铺张.
        let avoided = before.clone().any(|at| {
            ["避免", "防", "减少", "破除", "整治", "治理", "解决"]
                .iter()
                .any(|word| says(&said[at..], word))
        });
        (!denied && !follows && !avoided).then_some((at, end))
    })
}
