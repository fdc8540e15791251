//! How people deny, leave out and turn round what an element says, and what only looks like it.

use crate::grading::recall::{Ear, tests::key};

const STEPS: [&str; 4] = ["**公示**", "**民主评议**", "**乡镇审核**", "**县级审定**"];
const REST: &str = "乡镇审核，县级审定";

/// Of the four steps the ones that were heard.
fn heard(said: &str) -> Vec<usize> {
    let ear = Ear::of_key(&key(&STEPS, false), "请说出四个步骤。");
    let heard = ear.hear(said).into_iter().enumerate();
    heard
        .filter(|(_, heard)| heard.said)
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn questions_that_expect_no_deny() {
    for first in [
        "哪里要公示",
        "公示哪里轮得到村里",
        "公示谁去管它呀",
        "怎么可能公示",
        "公示嘛，考虑它做什么",
        "难道还有公示吗",
        "谁说要公示",
        "公示有什么用",
    ] {
        let said = format!("{first}，民主评议要的，{REST}");
        assert_eq!(heard(&said), [1, 2, 3], "{said}");
    }
}

#[test]
fn a_question_at_the_head_of_a_clause_asks_of_all_of_it() {
    assert_eq!(heard("谁说要公示和民主评议，乡镇审核，县级审定"), [2, 3]);
    assert_eq!(heard("难道要公示、民主评议，乡镇审核，县级审定"), [2, 3]);
}

#[test]
fn an_exception_leaves_out_unless_something_comes_to_it() {
    assert_eq!(
        heard("除了公示，民主评议、乡镇审核、县级审定都要"),
        [1, 2, 3]
    );
    assert_eq!(
        heard("除公示以外，民主评议、乡镇审核、县级审定都要"),
        [1, 2, 3]
    );
    assert_eq!(heard("民主评议，乡镇审核，县级审定，除了公示"), [1, 2, 3]);
    let all = "除了公示，还有民主评议、乡镇审核、县级审定";
    assert_eq!(heard(all), [0, 1, 2, 3]);
}

#[test]
fn clauses_behind_an_element_wave_it_away() {
    for behind in [
        "，法律没要求",
        "，这个就不用了",
        "，那是别人的事",
        "另当别论",
        "不在其列",
        "随它去",
        "不管它",
        "就免了",
    ] {
        let said = format!("民主评议，{REST}，公示{behind}");
        assert_eq!(heard(&said), [1, 2, 3], "{said}");
    }
}

#[test]
fn who_speaks_of_his_memory_or_of_the_rest_takes_nothing_back() {
    for behind in [
        "，后面的我记不住了",
        "，其他的拿不准",
        "，别的没有印象",
        "，不能等别人来催了才做",
        "，等不得",
    ] {
        let said = format!("民主评议，{REST}，公示{behind}");
        assert_eq!(heard(&said), [0, 1, 2, 3], "{said}");
    }
}

#[test]
fn what_is_said_of_several_is_said_of_each() {
    assert_eq!(heard("乡镇审核，县级审定，公示、民主评议就免了"), [2, 3]);
    assert_eq!(
        heard("乡镇审核县级审定公示民主评议这两样都不算"),
        Vec::<usize>::new()
    );
    assert_eq!(
        heard("乡镇审核，县级审定，公示民主评议这两样都不算"),
        [2, 3]
    );
}

#[test]
fn a_denial_between_two_serves_the_one_it_stands_at() {
    assert_eq!(heard("公示、不搞民主评议，乡镇审核，县级审定"), [0, 2, 3]);
    assert_eq!(heard("公示就免了，民主评议，乡镇审核，县级审定"), [1, 2, 3]);
    // It can be read both ways, and counts for neither.
    assert_eq!(heard("乡镇审核，县级审定，公示用不着搞民主评议"), [2, 3]);
}

#[test]
fn what_is_denied_of_the_opposite_agrees() {
    let elements = ["**文明节俭**", "**公益**惠民"];
    let said = |text: &str| -> Vec<bool> {
        let ear = Ear::of_key(&key(&elements, false), "原则");
        ear.hear(text).iter().map(|heard| heard.said).collect()
    };
    assert_eq!(said("公益惠民，文明节俭，不铺张"), [true, true]);
    assert_eq!(said("公益惠民，文明节俭，铺张一点也行"), [false, true]);
}

#[test]
fn pairs_of_words_keep_their_order() {
    let elements = [
        "**政府**来**主导**、**社会**来**参与**",
        "**事前预防**、**事后预防**",
    ];
    let said = |text: &str| -> Vec<bool> {
        let ear = Ear::of_key(&key(&elements, false), "相结合");
        ear.hear(text).iter().map(|heard| heard.said).collect()
    };
    assert_eq!(said("政府主导社会参与"), [true, false]);
    assert_eq!(said("社会参与政府主导"), [true, false]);
    assert_eq!(said("社会主导政府参与"), [false, false]);
    assert_eq!(said("事后预防，事前预防"), [false, false]);
}
