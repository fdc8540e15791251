//! `round create`: what the form of 新建场次 declares, as flags.

use clap::Args;

use crate::{
    app::organizer::Draft,
    cli::round::{ACTOR, bad, duration_ms, instant},
    clock::Clock,
    config::Config,
    contest::{
        counting::Counts,
        ranking::TieKey,
        round::{Audience, Papers, Release, Rules, Showing, Tier},
        units::{MIN_ENTRANTS, UnitRule},
    },
    error::Result,
};

#[derive(Debug, Args)]
pub struct Create {
    /// 场次名称
    #[arg(long)]
    name: String,
    /// 组卷方案；某个岗位另有方案时再写一次：--blueprint 岗位=方案
    #[arg(long = "blueprint", required = true)]
    blueprints: Vec<String>,
    /// 开始时间：now、2026-02-18T10:00 或带时区的写法（不带时区按北京时间）
    #[arg(long)]
    opens: String,
    /// 截止时间
    #[arg(long)]
    closes: String,
    /// 每人作答时长：40m 或 400s；不写就按组卷方案
    #[arg(long)]
    limit: Option<String>,
    /// 可以作答几次
    #[arg(long, default_value = "1")]
    attempts: u32,
    /// 每天最多几次
    #[arg(long)]
    attempts_per_day: Option<u32>,
    /// 多次作答怎么算：best、last、first、mean
    #[arg(long, default_value = "best")]
    counts: String,
    /// each 一人一卷，same 同卷异序
    #[arg(long, default_value = "each")]
    papers: String,
    /// group 组内练，village 村内比，township 镇内赛
    #[arg(long, default_value = "township")]
    tier: String,
    /// 哪个单位的人参加（含下级）；不写就是整个镇
    #[arg(long, default_value = "")]
    unit: String,
    /// close 收卷后公布，handin 交卷看分，hand 主办单位公布
    #[arg(long, default_value = "close")]
    release: String,
    /// 成绩榜给谁看：entrants 参赛人，public 所有人
    #[arg(long, default_value = "entrants")]
    audience: String,
    /// 成绩榜：live 能看分就看榜（配合 --release handin 就是实时榜），after-close 收卷后才看
    #[arg(long, default_value = "live")]
    board: String,
    /// 同分：none 并列，time 看用时，hand-in 看交卷先后，time,hand-in 先后都看
    #[arg(long, default_value = "none")]
    ties: String,
    /// 单位得分：turnout 总分÷应参赛人数，sitters 实际参赛人均分，top:3 前 3 名均分，sum 总分
    #[arg(long, default_value = "turnout")]
    units: String,
    /// 单位至少几人参赛才排名
    #[arg(long, default_value_t = MIN_ENTRANTS)]
    unit_min: u32,
    /// 演练场次
    #[arg(long)]
    rehearsal: bool,
    #[command(flatten)]
    config: Config,
}

pub(super) async fn run(command: Create) -> Result<()> {
    let app = command.config.open(Clock::System).await?;
    let draft = draft(&command, app.clock.now_ms())?;
    let round = app.create_round(ACTOR, draft).await?;
    if command.opens == "now" {
        app.seal_round(ACTOR, &round.id).await?;
    }
    app.store.close().await;
    println!("{}", round.id);
    Ok(())
}

fn draft(command: &Create, now_ms: i64) -> Result<Draft> {
    let common = command.blueprints.iter().find(|name| !name.contains('='));
    let common =
        common.ok_or_else(|| bad("要有一个不带岗位的 --blueprint，给没有单独方案的岗位用"))?;
    let mut rules = Rules::usual(common.clone());
    for (post, name) in command
        .blueprints
        .iter()
        .filter_map(|name| name.split_once('='))
    {
        rules.blueprint_of.insert(post.to_owned(), name.to_owned());
    }
    rules.attempts = command.attempts;
    rules.attempts_per_day = command.attempts_per_day;
    rules.counts = Counts::parse(&command.counts)
        .ok_or_else(|| bad("--counts 要写 best、last、first 或 mean"))?;
    rules.papers =
        Papers::parse(&command.papers).ok_or_else(|| bad("--papers 要写 each 或 same"))?;
    rules.release = Release::parse(&command.release)
        .ok_or_else(|| bad("--release 要写 close、handin 或 hand"))?;
    rules.showing =
        Showing::parse(&command.board).ok_or_else(|| bad("--board 要写 live 或 after-close"))?;
    rules.tie_keys = TieKey::parse_all(&command.ties)
        .ok_or_else(|| bad("--ties 要写 none、time、hand-in 或 time,hand-in"))?;
    rules.unit_rule = UnitRule::parse(&command.units)
        .ok_or_else(|| bad("--units 要写 turnout、sitters、top:人数 或 sum"))?;
    rules.unit_entrants_min = command.unit_min;
    rules.rehearsal = command.rehearsal;
    rules.tier =
        Tier::parse(&command.tier).ok_or_else(|| bad("--tier 要写 group、village 或 township"))?;
    rules.audience = Audience::parse(&command.audience)
        .ok_or_else(|| bad("--audience 要写 entrants 或 public"))?;
    Ok(Draft {
        name: command.name.clone(),
        unit: command.unit.clone(),
        opens_at_ms: instant(&command.opens, now_ms)?,
        closes_at_ms: instant(&command.closes, now_ms)?,
        limit_ms: command.limit.as_deref().map(duration_ms).transpose()?,
        rules,
    })
}
