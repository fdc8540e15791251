//! The candidate's view of a paper: the form of the doors, and no key in it.

use yikouqing::{
    bank::question::Body,
    paper::{assemble::History, seal::numbered_seed, sheet::sheet},
};

use crate::{assembler, by_revision, find, synthetic};

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
