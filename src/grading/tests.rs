//! The presets of product.md 3.1 by example, and what must hold for every answer.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    bank::{
        html::Html,
        question::{Blanks, Choice, Choices, InForce, Place, Purpose, QuestionId, Recall, Source},
    },
    paper::PaperQuestion,
};

fn question(body: Body) -> Question {
    Question {
        id: QuestionId("q".to_owned()),
        revision: Revision::default(),
        rationale_revision: Revision::default(),
        topic: String::new(),
        folder: String::new(),
        posts: vec![],
        difficulty: 3,
        purpose: Purpose::General,
        source: Source::default(),
        in_force: InForce::default(),
        replaces: None,
        material: None,
        stem: Html::default(),
        stem_text: String::new(),
        body,
        rationale: Html::default(),
        place: Place::default(),
    }
}

fn multiple(choices: usize, key: &[usize]) -> Question {
    let choice = Choice {
        html: Html::default(),
        text: String::new(),
    };
    question(Body::Choices(Choices {
        choices: vec![choice; choices],
        key: key.to_vec(),
        multiple: true,
        fixed_order: false,
    }))
}

fn blanks(accepted: &[&[&str]], any_order: bool) -> Question {
    let texts = |ways: &&[&str]| ways.iter().map(|way| (*way).to_owned()).collect();
    question(Body::Blanks(Blanks {
        accepted: accepted.iter().map(texts).collect(),
        any_order,
    }))
}

fn filled(texts: &[&str]) -> Answer {
    Answer::Filled(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn points(question: &Question, answer: &Answer, full: i64, scoring: Scoring) -> i64 {
    grade_question(question, Some(answer), Points(full), scoring, 1)
        .points
        .0
}

fn presets() -> [Scoring; 5] {
    [
        Scoring::AllOrNothing,
        Scoring::PartialProportional,
        Scoring::PartialHalf,
        Scoring::PartialEach(Points(50)),
        Scoring::PartialFixed(Points(100)),
    ]
}

#[test]
fn a_part_of_the_key_is_worth_what_the_preset_says() {
    let question = multiple(5, &[0, 1, 3]);
    let part = |chosen: &[usize], full| {
        presets().map(|scoring| points(&question, &Answer::Chosen(chosen.to_vec()), full, scoring))
    };
    assert_eq!(part(&[0, 3], 200), [0, 133, 100, 100, 100]);
    assert_eq!(part(&[1], 101), [0, 33, 50, 50, 100]);
    assert_eq!(part(&[0, 1, 3], 200), [200; 5]);
    assert_eq!(part(&[0, 1, 2, 3], 200), [0; 5]);
    assert_eq!(part(&[2], 200), [0; 5]);
    // c·|S| and c stay within the full points.
    assert_eq!(part(&[0, 3], 80), [0, 53, 40, 80, 80]);
}

#[test]
fn nothing_chosen_is_unanswered_and_costs_nothing() {
    let question = question(Body::Judgement { truth: true });
    let rule = Scoring::WrongDeducts(Points(100));
    for answer in [None, Some(&Answer::Chosen(vec![]))] {
        let grade = grade_question(&question, answer, Points(200), rule, 7);
        assert_eq!(
            (grade.number, grade.points, grade.verdict),
            (7, Points(0), Verdict::Unanswered)
        );
    }
    assert_eq!(points(&question, &Answer::Chosen(vec![0]), 200, rule), 200);
    assert_eq!(points(&question, &Answer::Chosen(vec![1]), 200, rule), -100);
    assert_eq!(
        points(
            &question,
            &Answer::Chosen(vec![1]),
            200,
            Scoring::AllOrNothing
        ),
        0
    );
}

#[test]
fn blanks_compare_by_value() {
    let question = blanks(
        &[&["15"], &["农村集体经济组织", "集体经济组织"], &["50%"]],
        false,
    );
    let rule = Scoring::PerBlank;
    for texts in [
        ["十五", "农村 集体经济组织", "百分之五十"],
        [" １５ ", "集体经济组织。", "５０％"],
    ] {
        assert_eq!(
            points(&question, &filled(&texts), 200, rule),
            200,
            "{texts:?}"
        );
    }
    assert_eq!(
        points(&question, &filled(&["5", "集体经济组织", "50"]), 200, rule),
        66
    );
    assert_eq!(points(&question, &filled(&["15"]), 200, rule), 66);
    assert_eq!(
        points(
            &question,
            &filled(&["15", "", "50%"]),
            200,
            Scoring::AllBlanks
        ),
        0
    );
}

#[test]
fn blanks_in_any_order_are_matched_as_well_as_possible() {
    // 甲 fits both blanks, 乙 only the first: taking 甲 for the first would lose one.
    let question = blanks(&[&["甲", "乙"], &["甲"]], true);
    assert_eq!(
        points(&question, &filled(&["甲", "乙"]), 200, Scoring::PerBlank),
        200
    );
    assert_eq!(
        points(&question, &filled(&["乙", "乙"]), 200, Scoring::PerBlank),
        100
    );
    let grade = grade_question(
        &question,
        Some(&filled(&["丙", "甲"])),
        Points(200),
        Scoring::PerBlank,
        1,
    );
    let found: Vec<_> = grade.parts.iter().map(|part| part.found).collect();
    assert_eq!(
        (grade.verdict, found),
        (Verdict::Partial, vec![Found::No, Found::Yes])
    );
}

#[test]
fn recall_gives_its_share_per_element_and_everything_for_all() {
    let element = |word: &str| crate::bank::question::Element {
        html: Html::default(),
        sayings: vec![crate::bank::question::Saying {
            text: word.to_owned(),
            decisive: vec![word.to_owned()],
        }],
    };
    let question = question(Body::Recall(Recall {
        elements: ["申请", "评议", "公示"].map(element).into(),
        ordered: false,
    }));
    let said = |text: &str| {
        points(
            &question,
            &Answer::Said(text.to_owned()),
            500,
            Scoring::PerElement,
        )
    };
    assert_eq!(said("先评议，后公示"), 333);
    assert_eq!(said("申请评议公示"), 500);
    assert_eq!(said("不知道"), 0);
}

fn paper_of(questions: &[Question], full: Points, scoring: Scoring) -> (Paper, Questions) {
    let mut by_revision = Questions::new();
    let mut asked = vec![];
    for (place, question) in questions.iter().enumerate() {
        let revision = Revision(format!("r{place}"));
        by_revision.insert(revision.clone(), std::sync::Arc::new(question.clone()));
        asked.push(PaperQuestion {
            number: place as u32 + 1,
            id: question.id.clone(),
            revision,
            points: full,
            scoring,
            order: vec![],
        });
    }
    let paper = Paper {
        blueprint: String::new(),
        assembly_version: 1,
        total: full * questions.len() as u32,
        questions: asked,
    };
    (paper, by_revision)
}

#[test]
fn deductions_stop_at_the_section_and_leave_the_others_alone() {
    let mut questions = vec![question(Body::Judgement { truth: true }); 3];
    questions.push(multiple(3, &[0]));
    let (paper, by_revision) =
        paper_of(&questions, Points(200), Scoring::WrongDeducts(Points(300)));
    let (right, wrong) = (Answer::Chosen(vec![0]), Answer::Chosen(vec![1]));
    let answers = BTreeMap::from([(1, &right), (2, &wrong), (4, &right)]);
    let outcome = grade_paper(&paper, &by_revision, &answers);
    // Judgement: 2 − 3 + 0 → 0; the choice question keeps its 2.
    assert_eq!((outcome.points, outcome.total), (Points(200), Points(800)));
    assert_eq!(outcome.grades[1].points, Points(-300));
    assert_eq!(outcome.grades[2].verdict, Verdict::Unanswered);
}

#[test]
fn a_revision_that_is_not_there_is_named() {
    let (paper, _) = paper_of(&[multiple(3, &[0])], Points(200), Scoring::AllOrNothing);
    assert_eq!(
        missing(&paper, &Questions::new()),
        [Revision("r0".to_owned())]
    );
}

fn subset(of: usize) -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence((0..of).collect::<Vec<_>>(), 0..=of)
}

proptest! {
    #[test]
    fn choices_stay_in_bounds_and_another_right_one_never_costs(
        key in subset(6).prop_filter("a key", |key| !key.is_empty()),
        chosen in subset(6),
        full in 1_i64..1_000,
    ) {
        let question = multiple(6, &key);
        for scoring in presets() {
            let now = points(&question, &Answer::Chosen(chosen.clone()), full, scoring);
            prop_assert!((0..=full).contains(&now));

            let mut more: BTreeSet<usize> = chosen.iter().copied().collect();
            for right in &key {
                more.insert(*right);
                let more = Answer::Chosen(more.iter().copied().collect());
                prop_assert!(points(&question, &more, full, scoring) >= now);
            }
            let whole = points(&question, &Answer::Chosen(key.clone()), full, scoring);
            prop_assert_eq!(whole, full);
        }
    }

    #[test]
    fn any_order_does_not_hang_on_the_order(order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle()) {
        let question = blanks(&[&["一"], &["二", "三"], &["三"], &["四", "一"]], true);
        let texts = ["1", "2", "3", "5"];
        let turned: Vec<&str> = order.iter().map(|place| texts[*place]).collect();
        prop_assert_eq!(points(&question, &filled(&turned), 400, Scoring::PerBlank), 300);
    }

    #[test]
    fn no_text_breaks_the_matcher(said in "[产业兴旺不是十百万点分之0-9%/，。 的]{0,60}") {
        let key = Recall {
            elements: vec![crate::bank::question::Element {
                html: Html::default(),
                sayings: vec![crate::bank::question::Saying { text: "产业兴旺".to_owned(), decisive: vec!["产业".to_owned(), "兴旺".to_owned()] }],
            }],
            ordered: false,
        };
        for part in recall::find(&key, "", &said) {
            if let Some((start, end)) = part.taken {
                prop_assert!(said.get(start..end).is_some_and(|taken| taken.contains('产') || taken.contains('兴')));
            }
        }
    }

    #[test]
    fn a_number_reads_as_itself(number in 0_u64..2_000_000) {
        let reads = numbers::read(&number.to_string());
        prop_assert_eq!(&reads[0].token, &numbers::Token::Number(number.to_string()));
        let chinese = numbers::read(&chinese(number));
        prop_assert_eq!(chinese.len(), 1);
        prop_assert_eq!(&chinese[0].token, &numbers::Token::Number(number.to_string()));
    }
}

/// The textbook form of a number below a hundred million.
fn chinese(number: u64) -> String {
    if number == 0 {
        return "零".to_owned();
    }
    let (high, low) = (number / 10_000, number % 10_000);
    let mut text = String::new();
    if high > 0 {
        text = section(high) + "万";
        if low > 0 && low < 1_000 {
            text.push('零');
        }
    }
    if low > 0 { text + &section(low) } else { text }
}

fn section(number: u64) -> String {
    let digits = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let mut text = String::new();
    let mut gap = false;
    for (unit, name) in [(1_000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = number / unit % 10;
        if digit == 0 {
            gap |= !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        text.push(digits[digit as usize]);
        text.push_str(name);
    }
    text
}
