//! What a round is refused for when it is set up, and what may be drawn at all.

use std::collections::BTreeSet;

use yikouqing::{
    bank::{
        blueprint::{Blueprint, Row, RowTopic},
        question::{InForce, Purpose, Question},
    },
    paper::assemble::{Assembler, Shortage, Use},
};

use crate::{assembler, synthetic};

fn refused(bank: &[Question], blueprint: &Blueprint, post: Option<&str>) -> Vec<String> {
    Assembler::new(bank, blueprint, post, synthetic::day(), Use::Contest)
        .err()
        .unwrap_or_default()
        .iter()
        .map(Shortage::to_string)
        .collect()
}

#[test]
fn what_is_short_is_said_cell_by_cell() {
    let bank: Vec<Question> = synthetic::bank(7, 1)
        .into_iter()
        .filter(|q| !(q.id.0.starts_with("t0-0") && q.difficulty == 3))
        .collect();
    let told = refused(&bank, &synthetic::blueprint(), None);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("“防止返贫”的单选要 6 道") && told[0].contains("只有"),
        "{told:?}"
    );
    let mut blueprint = synthetic::blueprint();
    blueprint.difficulty = 4.9;
    let told = refused(&synthetic::bank(20, 3), &blueprint, None);
    assert!(told[0].starts_with("难度达不到：要求平均 4.9"), "{told:?}");
    blueprint.rows.iter_mut().for_each(|row| row.counts.fill(0));
    assert_eq!(refused(&bank, &blueprint, None), ["组卷方案里没有要出的题"]);
}

/// A bank of singles of one topic, one of each given change, and a blueprint that asks for `count` of them.
fn small(count: u32, change: impl Fn(usize, &mut Question)) -> (Vec<Question>, Blueprint) {
    let mut bank: Vec<Question> = synthetic::bank(6, 0)
        .into_iter()
        .filter(|q| q.id.0.starts_with("t0-0"))
        .collect();
    for (place, question) in bank.iter_mut().enumerate() {
        question.difficulty = 3;
        change(place, question);
    }
    let mut blueprint = synthetic::blueprint();
    blueprint.difficulty = 3.0;
    blueprint.columns.truncate(1);
    blueprint.rows = vec![Row {
        topic: RowTopic::Topic("防止返贫".to_owned()),
        counts: vec![count],
    }];
    (bank, blueprint)
}

#[test]
fn only_questions_in_force_for_the_post_and_the_purpose_are_drawn() {
    let day = synthetic::day();
    let (bank, mut blueprint) = small(2, |place, question| match place {
        0 => {
            question.in_force = InForce {
                from: None,
                until: day.pred_opt(),
            }
        }
        1 => {
            question.in_force = InForce {
                from: day.succ_opt(),
                until: None,
            }
        }
        2 => question.purpose = Purpose::Practice,
        3 => question.purpose = Purpose::Contest,
        4 => question.posts = vec!["村文书".to_owned()],
        _ => {
            question.in_force = InForce {
                from: Some(day),
                until: Some(day),
            }
        }
    });
    let drawn =
        |blueprint: &Blueprint, post, purposes| -> Result<BTreeSet<String>, Vec<Shortage>> {
            let assembler = Assembler::new(&bank, blueprint, post, day, purposes)?;
            Ok(assembler.questions().map(|(id, _)| id.0.clone()).collect())
        };
    let set = |ids: &[&str]| Ok(ids.iter().map(|id| (*id).to_owned()).collect());
    assert_eq!(
        drawn(&blueprint, None, Use::Contest),
        set(&["t0-0-003", "t0-0-005"])
    );
    assert_eq!(
        drawn(&blueprint, None, Use::Practice),
        set(&["t0-0-002", "t0-0-005"])
    );
    assert_eq!(
        drawn(&blueprint, Some("村文书"), Use::Contest),
        set(&["t0-0-003", "t0-0-004", "t0-0-005"])
    );
    assert_eq!(
        drawn(&blueprint, Some("村委会主任"), Use::Contest),
        set(&["t0-0-003", "t0-0-005"])
    );
    blueprint.posts = vec!["村文书".to_owned()];
    assert_eq!(
        drawn(&blueprint, None, Use::Contest),
        set(&["t0-0-003", "t0-0-004", "t0-0-005"])
    );
}

#[test]
fn a_topic_row_takes_its_questions_from_the_folder_row_above_it() {
    let (bank, mut blueprint) = small(1, |place, question| {
        question.folder = if place < 4 {
            "惠民/低保".to_owned()
        } else {
            "惠民政策".to_owned()
        };
        if place < 2 {
            question.topic = "低保".to_owned();
        }
    });
    let rows = [
        RowTopic::Folder("惠民".to_owned()),
        RowTopic::Topic("低保".to_owned()),
        RowTopic::Other,
    ];
    blueprint.rows = rows
        .map(|topic| Row {
            topic,
            counts: vec![1],
        })
        .into();
    let capacity = assembler(&bank, &blueprint).capacity();
    let available: Vec<(&str, u32)> = capacity
        .cells
        .iter()
        .map(|c| (c.row.as_str(), c.available))
        .collect();
    assert_eq!(available, [("惠民", 2), ("低保", 2), ("其他", 2)]);
    assert_eq!(capacity.papers, "8 套");
}
