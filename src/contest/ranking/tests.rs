//! Examples of the rules, and that the order is a total preorder whatever the rows.

use proptest::prelude::*;

use super::*;

fn row(person: &str, points: Option<i64>, time_used_ms: i64, finished_at_ms: i64) -> Row {
    Row {
        person: person.to_owned(),
        name: person.to_owned(),
        unit: "青山村".to_owned(),
        division: "村干部".to_owned(),
        points: points.map(Points),
        total: Points::whole(100),
        time_used_ms,
        finished_at_ms,
        ruled: Ruled::default(),
    }
}

fn brief(standings: &[Standing]) -> Vec<(Option<u32>, &str, &str)> {
    standings
        .iter()
        .map(|each| (each.rank, each.row.person.as_str(), each.why.as_str()))
        .collect()
}

#[test]
fn without_keys_equal_points_share_a_rank_and_the_next_is_skipped() {
    let rows = [
        row("丁", Some(9_000), 1, 1),
        row("甲", Some(9_850), 9, 9),
        row("丙", Some(9_500), 1, 2),
        row("乙", Some(9_500), 5, 1),
        row("戊", None, 0, 0),
    ];
    assert_eq!(
        brief(&rank_people(&rows, &[])),
        [
            (Some(1), "甲", "98.5 分，最高分"),
            (Some(2), "丙", "比前一名少 3.5 分；与另一人同分，并列"),
            (Some(2), "乙", "比前一名少 3.5 分；与另一人同分，并列"),
            (Some(4), "丁", "比前一名少 5 分"),
            (None, "戊", "缺考"),
        ]
    );
}

#[test]
fn declared_keys_part_equals_and_say_so() {
    let rows = [
        row("甲", Some(9_000), 72_000, 300),
        row("乙", Some(9_000), 60_000, 500),
        row("丙", Some(9_000), 60_000, 400),
    ];
    let keys = [TieKey::TimeUsed, TieKey::HandInOrder];
    assert_eq!(
        brief(&rank_people(&rows, &keys)),
        [
            (Some(1), "丙", "90 分，最高分"),
            (Some(2), "乙", "同分，交卷晚 0.1 秒"),
            (Some(3), "甲", "同分，用时多 12 秒"),
        ]
    );
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Few values, so that ties of every sort are common.
    let one = (proptest::option::of(0_i64..4), 0_i64..3, 0_i64..3);
    proptest::collection::vec(one, 0..9).prop_map(|drawn| {
        drawn
            .into_iter()
            .enumerate()
            .map(|(n, (points, time, finished))| row(&format!("p{n}"), points, time, finished))
            .collect()
    })
}

fn keys() -> impl Strategy<Value = Vec<TieKey>> {
    proptest::sample::subsequence(vec![TieKey::TimeUsed, TieKey::HandInOrder], 0..=2).prop_shuffle()
}

proptest! {
    #[test]
    fn the_input_order_changes_nothing(rows in rows(), keys in keys(), turn in 0_usize..9) {
        let mut turned = rows.clone();
        if !turned.is_empty() {
            let places = turn % turned.len();
            turned.rotate_left(places);
            turned.reverse();
        }
        prop_assert_eq!(rank_people(&rows, &keys), rank_people(&turned, &keys));
    }

    #[test]
    fn it_is_a_total_preorder_and_ranks_count_who_is_ahead(rows in rows(), keys in keys()) {
        for a in &rows {
            for b in &rows {
                prop_assert_eq!(compare(a, b, &keys), compare(b, a, &keys).reverse());
                for c in &rows {
                    if compare(a, b, &keys).is_le() && compare(b, c, &keys).is_le() {
                        prop_assert!(compare(a, c, &keys).is_le());
                    }
                }
            }
        }
        for standing in rank_people(&rows, &keys) {
            let ahead = rows.iter().filter(|other| compare(other, &standing.row, &keys).is_lt());
            let expected = standing.row.points.map(|_| ahead.count() as u32 + 1);
            prop_assert_eq!(standing.rank, expected);
        }
    }

    #[test]
    fn more_points_never_rank_worse(rows in rows(), keys in keys(), who in 0_usize..9) {
        prop_assume!(!rows.is_empty());
        let who = who % rows.len();
        let place = |rows: &[Row]| {
            let standings = rank_people(rows, &keys);
            standings.into_iter().find(|s| s.row.person == format!("p{who}")).and_then(|s| s.rank)
        };
        let before = place(&rows);
        let mut better = rows.clone();
        better[who].points = better[who].points.map(|points| points + Points(1));
        prop_assert!(place(&better) <= before);
    }
}
