//! The simulation's report in words.

use std::fmt::Write;

use crate::paper::{
    assemble::CellCapacity,
    equivalence::{Overlap, Report},
};

/// How many unused questions are named one by one.
const NAMED: usize = 20;

pub(super) fn report(report: &Report) -> String {
    let mut text = format!(
        "组卷方案：{}\n模拟 {} 份，每份 {} 题；题库能出 {}不同的卷子\n\n",
        report.blueprint,
        report.papers,
        round(report.questions_per_paper, 1),
        report.capacity.papers
    );
    difficulty(&mut text, report);
    overlap(&mut text, report);
    exposure(&mut text, report);
    thin(&mut text, &report.thin);
    text
}

fn difficulty(text: &mut String, report: &Report) {
    let (drawn, random) = (&report.difficulty, &report.difficulty_random);
    let _ = writeln!(
        text,
        "难度是否相当\n  要求平均 {}；各卷平均 {:.3}，最低 {:.3}，最高 {:.3}\n  各卷之间的标准差 {:.4}；按同样数目完全随机抽是 {:.4}，本方案是它的 {:.1}%\n",
        report.target,
        drawn.mean,
        drawn.min,
        drawn.max,
        drawn.deviation,
        random.deviation,
        report.spread_ratio * 100.0
    );
}

fn overlap(text: &mut String, report: &Report) {
    let line = |name: &str, overlap: &Overlap| {
        format!(
            "  {name}：平均 {:.2} 题，先后开考的 30 人之间平均 {:.2} 题，最多 {} 题\n",
            overlap.mean, overlap.mean_in_unit, overlap.max
        )
    };
    let _ = writeln!(
        text,
        "两份卷子有几题相同\n{}{}{}",
        line("本方案", &report.overlap),
        line("同样难度、各抽各的", &report.overlap_independent),
        line("完全随机", &report.overlap_random)
    );
}

fn exposure(text: &mut String, report: &Report) {
    let exposure = &report.exposure;
    let _ = writeln!(
        text,
        "每题用了几次\n  合用的 {} 题：最少 {} 次，平均 {} 次，最多 {} 次，没用上的 {} 题",
        exposure.questions,
        exposure.min,
        round(exposure.mean, 1),
        exposure.max,
        exposure.never_used.len()
    );
    if !exposure.never_used.is_empty() {
        let named = exposure
            .never_used
            .iter()
            .take(NAMED)
            .cloned()
            .collect::<Vec<_>>();
        let more = if exposure.never_used.len() > NAMED {
            " 等"
        } else {
            ""
        };
        let _ = writeln!(text, "  没用上：{}{more}", named.join("、"));
    }
    text.push('\n');
}

fn thin(text: &mut String, thin: &[CellCapacity]) {
    if thin.is_empty() {
        text.push_str("题库够用：每一格的题都不少于要抽的 5 倍\n");
        return;
    }
    text.push_str("题库偏少的地方（不到要抽的 5 倍，各卷容易重题）\n");
    for cell in thin {
        let wanted_more = (cell.wanted * 5).saturating_sub(cell.available);
        let _ = writeln!(
            text,
            "  {}·{}：要 {}，有 {}，最好再补 {wanted_more}",
            cell.row,
            cell.asks.chinese(),
            cell.wanted,
            cell.available
        );
    }
}

fn round(number: f64, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (number * factor).round() / factor
}
