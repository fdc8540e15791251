//! For every seed: counts, points, difficulty, sections, whole materials, new questions first, the same paper reordered.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::OnceLock,
};

use proptest::prelude::*;
use yikouqing::{
    bank::{
        blueprint::{Asks, Blueprint, RowTopic},
        points::Points,
        question::{Body, Kind, Question, QuestionId},
    },
    paper::{
        Paper, Questions,
        assemble::{Assembler, History, reorder},
        seal::numbered_seed,
    },
};

use crate::{assembler, by_revision, find, ids, synthetic};

/// Row × column → how many; materials counted as groups.
fn counts(paper: &Paper, questions: &Questions) -> BTreeMap<(String, String), u32> {
    let mut counts = BTreeMap::new();
    let mut groups = HashSet::new();
    for place in 0..paper.questions.len() {
        let question = find(questions, paper, place);
        let asks = match &question.material {
            Some(material) if !groups.insert(material.id.clone()) => continue,
            Some(_) => Asks::Material,
            None => Asks::Kind(question.kind()),
        };
        let key = (question.topic.clone(), asks.chinese().to_owned());
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn wanted(blueprint: &Blueprint) -> BTreeMap<(String, String), u32> {
    blueprint
        .cells()
        .map(|(row, column, count)| {
            let topic = match &row.topic {
                RowTopic::Topic(name) | RowTopic::Folder(name) => name.clone(),
                RowTopic::Other => "土地承包".to_owned(),
            };
            ((topic, column.asks.chinese().to_owned()), count)
        })
        .collect()
}

fn difficulty(paper: &Paper, questions: &Questions) -> f64 {
    let weight: i64 = paper
        .questions
        .iter()
        .map(|asked| asked.points.0 * i64::from(questions[&asked.revision].difficulty))
        .sum();
    weight as f64 / paper.total.0 as f64
}

type Made = (Questions, Assembler);

/// Made once for the properties that hold on any bank.
fn standard() -> &'static Made {
    static STANDARD: OnceLock<Made> = OnceLock::new();
    STANDARD.get_or_init(|| make(12, 4, &synthetic::blueprint()))
}

fn make(each: usize, groups: usize, blueprint: &Blueprint) -> Made {
    let bank = synthetic::bank(each, groups);
    (by_revision(&bank), assembler(&bank, blueprint))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_paper_has_the_counts_points_and_difficulty_of_its_blueprint(
        each in 7_usize..30, groups in 1_usize..6, target in 26_u32..32, seed in any::<u64>(),
    ) {
        let bank = synthetic::bank(each, groups);
        let questions = by_revision(&bank);
        let mut blueprint = synthetic::blueprint();
        blueprint.difficulty = f64::from(target) / 10.0;
        let assembler = assembler(&bank, &blueprint);
        let paper = assembler.assemble(&numbered_seed(seed), &History::default());
        prop_assert_eq!(counts(&paper, &questions), wanted(&blueprint));
        prop_assert_eq!(paper.total, blueprint.total());
        prop_assert_eq!(paper.questions.iter().map(|q| q.points).sum::<Points>(), paper.total);
        let off = difficulty(&paper, &questions) - blueprint.difficulty;
        prop_assert!(off.abs() <= blueprint.tolerance, "off by {off}");
        let different: HashSet<&str> = ids(&paper).into_iter().collect();
        prop_assert_eq!(different.len(), paper.questions.len(), "no question twice");
        prop_assert_eq!(&assembler.assemble(&numbered_seed(seed), &History::default()), &paper);
    }

    #[test]
    fn sections_follow_the_columns_and_materials_come_whole_at_the_end(seed in any::<u64>()) {
        static THREE_GROUPS: OnceLock<Made> = OnceLock::new();
        let (questions, assembler) = THREE_GROUPS.get_or_init(|| {
            let mut blueprint = synthetic::blueprint();
            blueprint.rows[1].counts[1] = 2;
            make(12, 5, &blueprint)
        });
        let paper = assembler.assemble(&numbered_seed(seed), &History::default());
        let numbers: Vec<u32> = paper.questions.iter().map(|q| q.number).collect();
        prop_assert_eq!(numbers, (1..=paper.questions.len() as u32).collect::<Vec<_>>());
        let mut runs: Vec<String> = vec![];
        let mut groups: BTreeMap<QuestionId, Vec<(usize, &Question, Points)>> = BTreeMap::new();
        for (place, asked) in paper.questions.iter().enumerate() {
            let question = find(questions, &paper, place);
            let run = match &question.material {
                Some(material) => {
                    groups.entry(material.id.clone()).or_default().push((place, question, asked.points));
                    "材料"
                }
                None => question.kind().chinese(),
            };
            if runs.last().map(String::as_str) != Some(run) {
                runs.push(run.to_owned());
            }
        }
        prop_assert_eq!(runs, ["单选", "多选", "判断", "填空", "口答", "材料"]);
        for (id, group) in groups {
            let whole = questions.values().filter(|q| q.material.as_ref().is_some_and(|m| m.id == id)).count();
            prop_assert_eq!(group.len(), whole);
            for pair in group.windows(2) {
                prop_assert_eq!(pair[1].0, pair[0].0 + 1, "together");
                prop_assert!(pair[0].1.place.line < pair[1].1.place.line, "in the source's order");
                prop_assert!((0..=1).contains(&(pair[0].2.0 - pair[1].2.0)), "split evenly, the rest to the first");
            }
            prop_assert_eq!(group.iter().map(|part| part.2).sum::<Points>(), Points::whole(10));
        }
    }

    #[test]
    fn choices_are_shuffled_except_where_their_order_means_something(seed in any::<u64>()) {
        let (questions, assembler) = standard();
        let paper = assembler.assemble(&numbered_seed(seed), &History::default());
        for asked in &paper.questions {
            let mut sorted = asked.order.clone();
            sorted.sort_unstable();
            match &questions[&asked.revision].body {
                Body::Choices(choices) => {
                    prop_assert_eq!(&sorted, &(0..choices.choices.len()).collect::<Vec<_>>());
                    prop_assert!(!choices.fixed_order || sorted == asked.order);
                }
                Body::Judgement { .. } => prop_assert_eq!(&asked.order, &[0, 1]),
                Body::Blanks(_) | Body::Recall(_) => prop_assert!(asked.order.is_empty()),
            }
        }
    }

    #[test]
    fn a_person_is_asked_new_questions_while_there_are_any(seed in any::<u64>()) {
        // Enough of every level for two papers without a repeat.
        static LARGE: OnceLock<Made> = OnceLock::new();
        let (_, assembler) = LARGE.get_or_init(|| make(40, 10, &synthetic::blueprint()));
        let mut history = History::default();
        let first = assembler.assemble(&numbered_seed(seed), &history);
        history.seen.extend(first.questions.iter().map(|q| q.id.clone()));
        // Others have used the rest more often: seen questions must stay out all the same.
        let others = assembler.questions().map(|(id, _)| id).filter(|id| !history.seen.contains(id));
        history.used = others.map(|id| (id.clone(), 9)).collect();
        let second = assembler.assemble(&numbered_seed(seed), &history);
        let again = second.questions.iter().filter(|q| history.seen.contains(&q.id)).count();
        prop_assert_eq!(again, 0);
    }

    #[test]
    fn the_same_paper_in_another_order_is_the_same_paper(seed in any::<u64>(), other in any::<u64>()) {
        let (questions, assembler) = standard();
        let paper = assembler.assemble(&numbered_seed(seed), &History::default());
        let turned = reorder(&paper, questions, &numbered_seed(other));
        let facts = |paper: &Paper| -> BTreeSet<(String, i64, usize)> {
            paper.questions.iter().map(|q| (q.id.0.clone(), q.points.0, q.order.len())).collect()
        };
        prop_assert_eq!(facts(&paper), facts(&turned));
        let kinds = |paper: &Paper| -> Vec<(Kind, bool)> {
            let mut kinds: Vec<_> = (0..paper.questions.len())
                .map(|place| find(questions, paper, place))
                .map(|q| (q.kind(), q.material.is_some()))
                .collect();
            kinds.retain(|(_, material)| !material);
            kinds
        };
        prop_assert_eq!(kinds(&paper), kinds(&turned));
        let material = |paper: &Paper| -> Vec<String> {
            ids(paper).into_iter().filter(|id| id.contains("-m")).map(str::to_owned).collect()
        };
        prop_assert_eq!(material(&paper), material(&turned), "one group: whole, in order, at the end");
        prop_assert_eq!(&reorder(&paper, questions, &numbered_seed(other)), &turned);
    }
}
