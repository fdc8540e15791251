//! Whatever happens, in whatever order: kept up is the same as computed from nothing.

use proptest::prelude::*;

use super::*;
use crate::{
    bank::points::Points,
    contest::{board::board, units::UnitRule},
};

fn row(number: usize, total: i64) -> Row {
    Row {
        person: format!("p{number:03}"),
        // Some share a name.
        name: format!("张{}", number % 7),
        unit: format!("第{}村", number % 5),
        division: ["村两委组", "镇机关干部组", "镇领导组"][number % 3].into(),
        points: None,
        total: Points(total),
        time_used_ms: 0,
        finished_at_ms: 0,
        ruled: crate::grading::rulings::Ruled::default(),
    }
}

/// A grade, a void or a correction of one of them; few values, so that many are equal.
fn changes() -> impl Strategy<Value = Vec<(usize, Option<i64>, i64, i64)>> {
    let change = (
        0..40_usize,
        proptest::option::weighted(0.85, 0..12_i64),
        0..4_i64,
        0..4_i64,
    );
    proptest::collection::vec(change, 0..200)
}

fn rules() -> impl Strategy<Value = Rules> {
    let keys = prop_oneof![
        Just(vec![]),
        Just(vec![TieKey::TimeUsed]),
        Just(vec![TieKey::HandInOrder]),
        Just(vec![TieKey::TimeUsed, TieKey::HandInOrder]),
    ];
    let units = prop_oneof![
        Just(UnitRule::MeanTimesTurnout),
        Just(UnitRule::MeanOfSitters),
        Just(UnitRule::TopMean(3)),
        Just(UnitRule::Sum),
    ];
    (keys, units).prop_map(|(tie_keys, unit_rule)| Rules {
        tie_keys,
        unit_rule,
        ..Rules::usual("small".into())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn kept_up_is_computed_from_nothing(changes in changes(), rules in rules(), mixed in any::<bool>()) {
        let total = |number| if mixed && number % 2 == 0 { 5_000 } else { 10_000 };
        let mut rows: Vec<Row> = (0..40).map(|number| row(number, total(number))).collect();
        let mut kept = Standings::new(rows.clone(), &rules);
        for (number, points, time_used_ms, finished_at_ms) in changes {
            let row = &mut rows[number];
            row.points = points.map(|points| Points(points * 100));
            (row.time_used_ms, row.finished_at_ms) = match points {
                Some(_) => (time_used_ms, finished_at_ms),
                None => (0, 0),
            };
            row.ruled.counted = number as u32 % 3;
            kept.set(row);
        }
        let truth = board(&rows, &rules);
        prop_assert_eq!(kept.board(), truth.clone());
        for people in truth.people.values() {
            for (place, standing) in people.iter().enumerate() {
                let own = kept.of(&standing.row.person).expect("an entrant");
                prop_assert_eq!(&own, standing);
                let first = kept.first(&standing.row.division, place + 1);
                prop_assert_eq!(&first[place], standing);
            }
        }
    }
}

#[test]
fn blocks_are_cut_and_dropped_and_nobody_is_lost() {
    let rules = Rules::usual("small".into());
    let mut rows: Vec<Row> = (0..5_000).map(|number| row(number, 10_000)).collect();
    let mut kept = Standings::new(rows.clone(), &rules);
    // Everybody to the front one after the other, then all to one place, then away again.
    for round in 0..3_i64 {
        for (number, row) in (0..).zip(&mut rows) {
            row.points = match round {
                0 => Some(Points(number)),
                1 => Some(Points(7)),
                _ => (number % 2 == 0).then_some(Points(number % 97)),
            };
            kept.set(row);
        }
        assert_eq!(kept.board(), board(&rows, &rules));
    }
    assert_eq!(kept.entrants(), 5_000);
    assert_eq!(kept.of("nobody"), None);
}
