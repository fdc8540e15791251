//! Golden grades: the same answers to the same questions are given the same points, until `GRADING_VERSION` says otherwise.

use std::fmt::Write;

use chrono::NaiveDate;
use yikouqing::{
    attempt::answer::Answer,
    bank::{Bank, SourceFile, blueprint::Scoring, points::Points, question::Question},
    grading::{Found, GRADING_VERSION, grade_question},
};

/// What people say to `g-recall`: well, in other words, misheard, with fillers, denied, with a wrong number, as a heap.
const SAID: [&str; 18] = [
    "每天巡查两次，不得向农户收费，发现垃圾三日内清理，产业兴旺、生态宜居。",
    "每天要巡查两遍，不能向农户收费，发现了垃圾3天之内清理掉，产业要兴旺，生态要宜居",
    "嗯，那个，每天，每天巡查两次，然后就是不准收费，就是说，三日内把垃圾清理了",
    "每天寻查两次，不得向农户收废，三日内清理垃圾，产业新旺，生态宜居",
    "meitian巡查",
    "每天巡查两次，可以向农户收费",
    "不用每天巡查，收费也可以",
    "不得收费，但是也可以收费",
    "发现垃圾五日内清理",
    "发现垃圾三日内清理，也可以五日内清理",
    "垃圾三天内要清理干净",
    "产业兴旺",
    "生态宜居，产业兴旺，三日内清理，不得收费，每天巡查",
    "巡查收费三日产业生态每天农户垃圾清理兴旺宜居两次不得",
    "产业不兴旺，生态宜居",
    "不是每天巡查，是每周巡查",
    "今年谷子收成还可以，就是后山那条路雨一下就烂",
    "第一每天巡查；第二不得收费；第三３日内清理；第四产业兴旺和生态宜居",
];

fn bank() -> Vec<Question> {
    let file = SourceFile {
        path: "grades.md".into(),
        bytes: include_bytes!("golden/grades.md").to_vec(),
    };
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let bank = Bank::read(&[file], day);
    let questions = bank.questions.iter();
    questions.map(|question| (**question).clone()).collect()
}

fn find<'q>(questions: &'q [Question], id: &str) -> &'q Question {
    let found = questions.iter().find(|question| question.id.0 == id);
    found.unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn golden_grades_stay_as_they_were_given() {
    assert_eq!(GRADING_VERSION, 2, "a new version gets new golden grades");
    let questions = bank();
    let mut lines = String::new();
    let mut grade = |id: &str, scoring: Scoring, answer: &Answer| {
        let graded = grade_question(
            find(&questions, id),
            Some(answer),
            Points(1_000),
            scoring,
            1,
        );
        let parts = graded.parts.iter();
        let parts: String = parts
            .map(|part| if part.found == Found::Yes { '1' } else { '0' })
            .collect();
        let points = graded.points;
        writeln!(lines, "{id} {scoring:?} {points} {parts} {answer:?}").expect("a string");
    };
    for scoring in [
        Scoring::AllOrNothing,
        Scoring::PartialProportional,
        Scoring::PartialHalf,
        Scoring::PartialEach(Points(150)),
        Scoring::PartialFixed(Points(333)),
    ] {
        for chosen in [vec![0], vec![0, 1], vec![0, 1, 2], vec![0, 3], vec![]] {
            grade("g-multiple", scoring, &Answer::Chosen(chosen));
        }
    }
    for scoring in [Scoring::PerBlank, Scoring::AllBlanks] {
        for texts in [
            ["739", "镇民政办", "2026年3月30日"],
            ["七百三十九", " 镇民政办公室 ", "二〇二六年三月三十日"],
            ["７３９", "民政办", "2026-03-30"],
            ["", "镇民政办", "3月30日"],
        ] {
            grade(
                "g-blanks",
                scoring,
                &Answer::Filled(texts.map(Into::into).into()),
            );
        }
    }
    for said in SAID {
        grade("g-recall", Scoring::PerElement, &Answer::Said(said.into()));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("grades", lines));
}
