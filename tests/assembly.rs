//! What holds for every paper of a blueprint, whatever bank, seed and history; golden papers; and the simulation's promise.

#[path = "assembly/command.rs"]
mod command;
#[path = "assembly/properties.rs"]
mod properties;
#[path = "assembly/setting_up.rs"]
mod setting_up;
#[path = "assembly/sheet.rs"]
mod sheet;
#[path = "golden/synthetic.rs"]
mod synthetic;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use yikouqing::{
    bank::{
        blueprint::Blueprint,
        question::{Kind, Question, QuestionId},
    },
    paper::{
        Paper, Questions,
        assemble::{ASSEMBLY_VERSION, Assembler, History, Use, reorder},
        equivalence::simulate,
        seal::numbered_seed,
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
