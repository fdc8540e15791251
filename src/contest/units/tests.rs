//! The rules by example, exactness, and that nothing hangs on the order of the rows.

use proptest::prelude::*;

use super::*;

fn row(unit: &str, points: Option<i64>, total: i64) -> Row {
    Row {
        person: String::new(),
        name: String::new(),
        unit: unit.to_owned(),
        division: String::new(),
        points: points.map(Points),
        total: Points(total),
        time_used_ms: 0,
        finished_at_ms: 0,
        ruled: crate::grading::rulings::Ruled::default(),
    }
}

fn unit(name: &str, points: &[Option<i64>]) -> Vec<Row> {
    points
        .iter()
        .map(|points| row(name, *points, 10_000))
        .collect()
}

fn brief(standings: &[UnitStanding]) -> Vec<(Option<u32>, &str, &str)> {
    standings
        .iter()
        .map(|each| (each.rank, each.unit.as_str(), each.shown.as_str()))
        .collect()
}

#[test]
fn who_stays_away_costs_the_unit_by_default() {
    let mut rows = unit("甲村", &[Some(9_000), Some(9_000), None, None]);
    rows.extend(unit(
        "乙村",
        &[Some(6_000), Some(6_000), Some(6_000), Some(6_001)],
    ));
    let standings = rank_units(&rows, UnitRule::MeanTimesTurnout, 4);
    assert_eq!(
        brief(&standings),
        [(Some(1), "乙村", "60 分"), (Some(2), "甲村", "45 分")]
    );
    assert_eq!(standings[1].turnout, "2/4（50%）");
    assert_eq!(standings[1].why, "比前一名少 15 分，2 人没有参加");
    let sitters = rank_units(&rows, UnitRule::MeanOfSitters, 4);
    assert_eq!(brief(&sitters)[0], (Some(1), "甲村", "90 分"));
}

#[test]
fn a_hundredth_of_a_hundredth_still_decides_and_equals_share() {
    let mut rows = unit("甲村", &[Some(1), Some(0), Some(0)]);
    rows.extend(unit("乙村", &[Some(1), Some(1), Some(0)]));
    rows.extend(unit("丙村", &[Some(1), Some(0), Some(0)]));
    let standings = rank_units(&rows, UnitRule::default(), 1);
    let ranks: Vec<_> = standings
        .iter()
        .map(|s| (s.unit.as_str(), s.rank))
        .collect();
    assert_eq!(
        ranks,
        [("乙村", Some(1)), ("丙村", Some(2)), ("甲村", Some(2))]
    );
    assert_eq!(
        standings[2].why,
        "比前一名少不到 0.01 分；与另一个单位相等，并列"
    );
}

#[test]
fn the_best_k_are_divided_by_k_even_when_fewer_sat() {
    let mut rows = unit("甲村", &[Some(10_000), None, None]);
    rows.extend(unit("乙村", &[Some(6_000), Some(5_000), Some(0)]));
    let standings = rank_units(&rows, UnitRule::TopMean(2), 1);
    assert_eq!(
        brief(&standings),
        [(Some(1), "乙村", "55 分"), (Some(2), "甲村", "50 分")]
    );
}

#[test]
fn different_papers_count_as_fractions_of_their_own_totals() {
    // 甲: 50/60 and 80/100; 乙: 82/100 twice. By plain points 乙 would win by far more.
    let rows = [
        row("甲村", Some(5_000), 6_000),
        row("甲村", Some(8_000), 10_000),
        row("乙村", Some(8_200), 10_000),
        row("乙村", Some(8_100), 10_000),
    ];
    let standings = rank_units(&rows, UnitRule::default(), 1);
    assert_eq!(
        brief(&standings),
        [(Some(1), "甲村", "81.67%"), (Some(2), "乙村", "81.5%")]
    );
}

#[test]
fn small_and_absent_units_are_shown_unranked() {
    let mut rows = unit("小组", &[Some(10_000)]);
    rows.extend(unit("缺席村", &[None; 6]));
    rows.extend(unit("甲村", &[Some(10); 5]));
    let standings = rank_units(&rows, UnitRule::default(), MIN_ENTRANTS);
    let ranks: Vec<_> = standings
        .iter()
        .map(|s| (s.unit.as_str(), s.rank))
        .collect();
    assert_eq!(ranks, [("甲村", Some(1)), ("小组", None), ("缺席村", None)]);
    assert_eq!(standings[1].why, "应考 1 人，少于 5 人，只列出、不排名");
    assert_eq!(standings[2].why, "没有人参加，不排名");
}

proptest! {
    #[test]
    fn fractions_compare_as_the_numbers_they_are(a in 0_i128..1_000, b in 1_i128..1_000, c in 0_i128..1_000, d in 1_i128..1_000) {
        // Blown up until cross-multiplication overflows.
        let big = i128::MAX / 2_000;
        let (left, right) = (
            Fraction { numerator: a * big, denominator: b * big },
            Fraction { numerator: c * (big - 1), denominator: d * (big - 1) },
        );
        prop_assert_eq!(left.compare(right), (a * d).cmp(&(c * b)));
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(points in proptest::collection::vec((0_usize..3, proptest::option::of(0_i64..3)), 1..12)) {
        let rows: Vec<Row> = points.iter().map(|(unit, points)| row(["甲", "乙", "丙"][*unit], *points, 300)).collect();
        let mut turned = rows.clone();
        turned.reverse();
        for rule in [UnitRule::MeanTimesTurnout, UnitRule::MeanOfSitters, UnitRule::TopMean(2), UnitRule::Sum] {
            prop_assert_eq!(rank_units(&rows, rule, 2), rank_units(&turned, rule, 2));
        }
    }
}
