//! The simulated unit as one SVG: what is held day by day, with 练十题 and with ten at random, by kind of forgetter.

use std::fmt::Write;

use crate::practice::simulate::{Course, Held, Speed};

const PANEL: (f64, f64) = (300.0, 260.0);
const LEFT: f64 = 52.0;
const TOP: f64 = 78.0;
const GAP: f64 = 28.0;

/// Three panels side by side, one scale.
pub(super) fn svg(courses: &[Course]) -> String {
    let width = LEFT + 3.0 * (PANEL.0 + GAP);
    let height = TOP + PANEL.1 + 56.0;
    let mut text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="{width}" height="{height}" fill="#fff"/>
<text x="{LEFT}" y="28" font-size="17" font-weight="bold">练十题与随机十题：记住的题占全部的多少</text>
<line x1="{LEFT}" y1="48" x2="82" y2="48" stroke="#b3261e" stroke-width="3"/><text x="90" y="53">练十题</text>
<line x1="150" y1="48" x2="180" y2="48" stroke="#5f6b7a" stroke-width="3" stroke-dasharray="6 4"/><text x="188" y="53">随机十题</text>
"##
    );
    for (place, speed) in Speed::ALL.into_iter().enumerate() {
        let own: Vec<&Course> = courses
            .iter()
            .filter(|course| course.speed == speed)
            .collect();
        let left = LEFT + place as f64 * (PANEL.0 + GAP);
        put_panel(&mut text, left, speed, &own);
    }
    text.push_str("</svg>\n");
    text
}

fn put_panel(text: &mut String, left: f64, speed: Speed, own: &[&Course]) {
    let (width, height) = PANEL;
    let bottom = TOP + height;
    let mut put = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    for tenth in (0..=10).step_by(2) {
        let y = bottom - height * f64::from(tenth) / 10.0;
        put(format!(
            r##"<line x1="{left}" y1="{y}" x2="{}" y2="{y}" stroke="#ddd"/>"##,
            left + width
        ));
        if left <= LEFT {
            put(format!(
                r#"<text x="{}" y="{}" text-anchor="end">{}%</text>"#,
                left - 8.0,
                y + 4.0,
                tenth * 10
            ));
        }
    }
    let days = own
        .first()
        .map_or(0, |course| course.random.by_day.len() - 1);
    for (share, anchor) in [(0.0, "start"), (0.5, "middle"), (1.0, "end")] {
        put(format!(
            r#"<text x="{}" y="{}" text-anchor="{anchor}">第{:.0}天</text>"#,
            left + width * share,
            bottom + 20.0,
            days as f64 * share
        ));
    }
    put(format!(
        r#"<text x="{}" y="{}" text-anchor="middle" font-weight="bold">{}（{} 人）</text>"#,
        left + width / 2.0,
        bottom + 44.0,
        speed.chinese(),
        own.len()
    ));
    let dashed = r##"stroke="#5f6b7a" stroke-dasharray="6 4""##;
    for (of, stroke) in [
        ((|course| &course.random) as fn(&Course) -> &Held, dashed),
        (|course| &course.coach, r##"stroke="#b3261e""##),
    ] {
        let points = points(own, of, left, days);
        put(format!(
            r#"<polyline fill="none" {stroke} stroke-width="2.5" points="{points}"/>"#
        ));
    }
}

/// The mean over people, day by day, in the panel's coordinates.
fn points(own: &[&Course], of: fn(&Course) -> &Held, left: f64, days: usize) -> String {
    let (width, height) = PANEL;
    (0..=days)
        .map(|day| {
            let sum: f64 = own.iter().map(|course| of(course).by_day[day]).sum();
            let share = sum / own.len().max(1) as f64;
            let x = left + width * day as f64 / days.max(1) as f64;
            format!("{x:.1},{:.1}", TOP + height * (1.0 - share))
        })
        .collect::<Vec<_>>()
        .join(" ")
}
