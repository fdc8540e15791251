//! 五个人、每人五题、十分钟: what of it is the program's. Taps are counted, machine time is taken and printed, not judged:
//! what is left of the ten minutes is for speaking.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use yikouqing::{exchange::embedded_bank, people::Role};

use crate::{
    support::browser::Browser,
    walk::{
        ground::Ground,
        hands::{enter, no_complaints},
    },
};

const PEOPLE: [&str; 5] = ["李建国", "王秀兰", "买买提明", "周敏", "何静"];
const QUESTIONS: usize = 5;

/// A phone in hands that count their taps.
struct Counted {
    phone: Browser,
    taps: usize,
}

impl Counted {
    async fn text(&mut self, says: &str) {
        self.taps += 1;
        self.phone.click_text(says).await;
    }

    async fn at(&mut self, css: &str) {
        self.taps += 1;
        self.phone.click(css).await;
    }
}

#[tokio::test]
async fn five_people_five_questions_each() {
    let ground = Ground::bare(&embedded_bank::files()).await;
    ground.settle().await;
    ground.grant("赵永福", Role::Judge).await;
    let phone = Browser::phone().await;
    enter(&phone, &ground, "赵永福").await;
    let mut hands = Counted { phone, taps: 0 };
    let began = Instant::now();
    hands.phone.go(&ground.url("/")).await;
    hands.text("抽问").await;
    hands.text("试抽（不打分）").await;
    hands.text("青溪镇").await;
    for name in PEOPLE {
        hands.text(name).await;
    }
    hands.text("抽题，开始").await;
    let (to_begin, chosen) = (hands.taps, began.elapsed());
    let mut ticked = 0;
    for person in 1..=PEOPLE.len() {
        for number in 1..=QUESTIONS {
            let here = format!("第 {person} 人，共 5 人");
            hands.phone.wait_for_text(&here).await;
            let here = format!("第 {number} 题，共 5 题");
            hands.phone.wait_for_text(&here).await;
            ticked += tick_half(&mut hands).await;
            hands.at("#to-next").await;
        }
    }
    hands.text("结束抽问，出情况表").await;
    hands.phone.wait_for_text("抽问情况表").await;
    let sheet = hands.phone.text_of("main").await;
    assert!(!sheet.contains("没问"), "{sheet}");
    let spent = began.elapsed();
    let asked = PEOPLE.len() * QUESTIONS;
    // One tap an element that was said, one to go on; nothing else.
    assert_eq!(hands.taps, to_begin + ticked + asked + 1);
    let seconds = |time: Duration| time.as_secs_f64();
    println!(
        "抽问 5 人 × 5 题：{} 次点击（选人 {to_begin}，勾要点 {ticked}，下一题 {asked}，结束 1）；\
         浏览器和程序共 {:.1} 秒（选人 {:.1} 秒），十分钟里每题还剩 {:.0} 秒说和听",
        hands.taps,
        seconds(spent),
        seconds(chosen),
        (600.0 - seconds(spent)) / asked as f64
    );
    no_complaints(&hands.phone).await;
}

/// What an ordinary answer has: every second element, at least one.
async fn tick_half(hands: &mut Counted) -> usize {
    let parts = hands.phone.client();
    let parts = parts.find_all(Locator::Css("#question .choices .choice"));
    let parts = parts.await.expect("something to tick").len();
    let said: Vec<usize> = (1..=parts).step_by(2).collect();
    for place in &said {
        let css = format!("#question .choices .choice:nth-child({place})");
        hands.at(&css).await;
    }
    said.len()
}
