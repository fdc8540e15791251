//! What holds for every paper of a blueprint, whatever bank, seed and history; golden papers; and the simulation's promise.

#[path = "golden/synthetic.rs"]
mod synthetic;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use proptest::prelude::*;
use yikouqing::{
    bank::{
        blueprint::{Asks, Blueprint, Row, RowTopic},
        points::Points,
        question::{Body, InForce, Kind, Purpose, Question, QuestionId},
    },
    paper::{
        Paper, Questions,
        assemble::{ASSEMBLY_VERSION, Assembler, History, Shortage, Use, reorder},
        equivalence::simulate,
        seal::numbered_seed,
        sheet::sheet,
    },
};

fn by_revision(bank: &[Question]) -> Questions {
    bank.iter()
        .map(|question| (question.revision.clone(), Arc::new(question.clone())))
        .collect()
}

fn assembler(bank: &[Question], blueprint: &Blueprint) -> Assembler {
    Assembler::new(bank, blueprint, None, synthetic::day(), Use::Contest).expect("it can be filled")
}

fn ids(paper: &Paper) -> Vec<&str> {
    paper
        .questions
        .iter()
        .map(|asked| asked.id.0.as_str())
        .collect()
}

fn find<'a>(questions: &'a Questions, paper: &Paper, place: usize) -> &'a Question {
    &questions[&paper.questions[place].revision]
}

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

#[test]
fn golden_papers_stay_as_they_were_drawn() {
    assert_eq!(ASSEMBLY_VERSION, 1, "a new version gets new golden papers");
    let bank = synthetic::bank(12, 4);
    let assembler = assembler(&bank, &synthetic::blueprint());
    let worn = History {
        seen: ["t0-0-001", "t0-4-003"]
            .map(|id| QuestionId(id.to_owned()))
            .into(),
        used: (0..6)
            .map(|n| (QuestionId(format!("t1-0-{n:03}")), 1 + n % 2))
            .collect(),
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (name, seed, history) in [
            ("seed-1", 1, &History::default()),
            ("seed-2", 2, &History::default()),
            ("seed-1-worn", 1, &worn),
        ] {
            let paper = assembler.assemble(&numbered_seed(seed), history);
            let lines: Vec<String> = paper
                .questions
                .iter()
                .map(|q| format!("{:2} {} {} {:?}", q.number, q.id.0, q.points, q.order))
                .collect();
            insta::assert_snapshot!(name, lines.join("\n"));
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

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
        let bank = synthetic::bank(12, 5);
        let questions = by_revision(&bank);
        let mut blueprint = synthetic::blueprint();
        blueprint.rows[1].counts[1] = 2;
        let paper = assembler(&bank, &blueprint).assemble(&numbered_seed(seed), &History::default());
        let numbers: Vec<u32> = paper.questions.iter().map(|q| q.number).collect();
        prop_assert_eq!(numbers, (1..=paper.questions.len() as u32).collect::<Vec<_>>());
        let mut runs: Vec<String> = vec![];
        let mut groups: BTreeMap<QuestionId, Vec<(usize, &Question, Points)>> = BTreeMap::new();
        for (place, asked) in paper.questions.iter().enumerate() {
            let question = find(&questions, &paper, place);
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
            let whole = bank.iter().filter(|q| q.material.as_ref().is_some_and(|m| m.id == id)).count();
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
        let bank = synthetic::bank(12, 2);
        let questions = by_revision(&bank);
        let paper = assembler(&bank, &synthetic::blueprint()).assemble(&numbered_seed(seed), &History::default());
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
        // Thirty of each kind and topic: three papers fit without a repeat except where a level runs out.
        let bank = synthetic::bank(40, 10);
        let assembler = assembler(&bank, &synthetic::blueprint());
        let mut history = History::default();
        let first = assembler.assemble(&numbered_seed(seed), &history);
        history.seen.extend(first.questions.iter().map(|q| q.id.clone()));
        // Others have used the rest more often: seen questions must stay out all the same.
        history.used = bank.iter().filter(|q| !history.seen.contains(&q.id)).map(|q| (q.id.clone(), 9)).collect();
        let second = assembler.assemble(&numbered_seed(seed), &history);
        let again = second.questions.iter().filter(|q| history.seen.contains(&q.id)).count();
        prop_assert!(again <= 4, "{again} asked again");
    }

    #[test]
    fn the_same_paper_in_another_order_is_the_same_paper(seed in any::<u64>(), other in any::<u64>()) {
        let bank = synthetic::bank(12, 4);
        let questions = by_revision(&bank);
        let paper = assembler(&bank, &synthetic::blueprint()).assemble(&numbered_seed(seed), &History::default());
        let turned = reorder(&paper, &questions, &numbered_seed(other));
        let facts = |paper: &Paper| -> BTreeSet<(String, i64, usize)> {
            paper.questions.iter().map(|q| (q.id.0.clone(), q.points.0, q.order.len())).collect()
        };
        prop_assert_eq!(facts(&paper), facts(&turned));
        let kinds = |paper: &Paper| -> Vec<(Kind, bool)> {
            let mut kinds: Vec<_> = (0..paper.questions.len())
                .map(|place| find(&questions, paper, place))
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
        prop_assert_eq!(&reorder(&paper, &questions, &numbered_seed(other)), &turned);
    }
}

#[test]
fn orders_differ_between_people_of_one_paper() {
    let bank = synthetic::bank(12, 4);
    let questions = by_revision(&bank);
    let paper =
        assembler(&bank, &synthetic::blueprint()).assemble(&numbered_seed(1), &History::default());
    let orders: HashSet<Vec<String>> = (0..50)
        .map(|n| reorder(&paper, &questions, &numbered_seed(n)))
        .map(|paper| ids(&paper).into_iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(orders.len(), 50);
}

#[test]
fn less_used_questions_come_first() {
    let bank = synthetic::bank(20, 3);
    let assembler = assembler(&bank, &synthetic::blueprint());
    let mut history = History::default();
    for seed in 0..200 {
        let paper = assembler.assemble(&numbered_seed(seed), &history);
        for asked in paper.questions {
            *history.used.entry(asked.id).or_default() += 1;
        }
    }
    // Within one level of one cell nobody is ahead of another by more than one.
    let mut classes: HashMap<(String, Kind, u8), BTreeSet<u32>> = HashMap::new();
    for question in bank.iter().filter(|question| question.material.is_none()) {
        let key = (question.topic.clone(), question.kind(), question.difficulty);
        let used = history.used.get(&question.id).copied().unwrap_or(0);
        classes.entry(key).or_default().insert(used);
    }
    for (class, used) in classes {
        let (least, most) = (
            used.first().expect("not empty"),
            used.last().expect("not empty"),
        );
        assert!(most - least <= 1, "{class:?}: {used:?}");
    }
}

#[test]
fn simulated_papers_are_equal_different_and_use_the_bank() {
    let bank = synthetic::bank(40, 8);
    let report = simulate(&assembler(&bank, &synthetic::blueprint()), 1_000, 7);
    assert!(report.spread_ratio <= 0.1, "{}", report.spread_ratio);
    assert!(report.difficulty.min >= 2.75 && report.difficulty.max <= 2.85);
    assert!(report.overlap.mean_in_unit <= report.overlap_random.mean_in_unit);
    assert_eq!(report.exposure.never_used, Vec::<String>::new());
    assert!(
        report.capacity.papers_log10 > 30.0,
        "{}",
        report.capacity.papers
    );
    assert!(report.thin.is_empty());
    // Ten of each are too few for six a paper, and the report says where.
    let thin = simulate(
        &assembler(&synthetic::bank(10, 8), &synthetic::blueprint()),
        50,
        7,
    )
    .thin;
    let worst = thin
        .iter()
        .min_by(|a, b| a.ratio.total_cmp(&b.ratio))
        .expect("there are thin ones");
    assert_eq!(
        (worst.row.as_str(), worst.wanted, worst.available),
        ("防止返贫", 6, 10)
    );
}

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

#[test]
fn moving_questions_about_in_the_bank_changes_no_paper() {
    let bank = synthetic::bank(12, 4);
    let mut turned = bank.clone();
    turned.reverse();
    let draw = |bank: &[Question]| {
        assembler(bank, &synthetic::blueprint()).assemble(&numbered_seed(3), &History::default())
    };
    assert_eq!(draw(&bank), draw(&turned));
}

#[test]
fn the_sheet_has_the_form_of_the_doors_and_nothing_secret() {
    let bank = synthetic::bank(12, 4);
    let questions = by_revision(&bank);
    let paper =
        assembler(&bank, &synthetic::blueprint()).assemble(&numbered_seed(1), &History::default());
    let sheet = sheet(&paper, &questions).expect("the bank has them all");
    let wire = serde_json::to_value(&sheet).expect("plain data");
    let text = wire.to_string();
    for secret in [
        "机密",
        "difficulty",
        "key",
        "rationale",
        "revision",
        "rev-",
        "\"id\"",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_eq!(wire["title"], "村党组织书记·镇内赛笔试");
    assert_eq!(wire["points"], 110);
    let first = &wire["questions"][0];
    assert_eq!(
        (&first["number"], &first["kind"], &first["points"]),
        (&1.into(), &"single".into(), &2.into())
    );
    assert_eq!(first["choices"][3]["letter"], "D");
    assert!(first["material"].is_null());
    // A shown letter is the source's choice by the paper's order.
    let Body::Choices(source) = &find(&questions, &paper, 0).body else {
        panic!("a single choice")
    };
    let shown = source.choices[paper.questions[0].order[0]].html.as_str();
    assert_eq!(first["choices"][0]["html"], shown);
    let last = wire["questions"]
        .as_array()
        .and_then(|all| all.last())
        .expect("not empty");
    assert_eq!(last["material"], 1);
    assert_eq!(wire["materials"][0]["number"], 1);
    let judgement = wire["questions"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|q| q["kind"] == "judgement")
        .expect("asked");
    assert_eq!(
        (
            &judgement["choices"][0]["html"],
            &judgement["choices"][1]["html"]
        ),
        (&"正确".into(), &"错误".into())
    );
    let mut short = questions.clone();
    short.remove(&paper.questions[0].revision);
    assert_eq!(
        yikouqing::paper::sheet::sheet(&paper, &short),
        Err(paper.questions[0].revision.clone())
    );
}
