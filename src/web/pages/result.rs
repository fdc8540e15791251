//! After the hand-in: the receipt, the points once they may be seen, and after release every question with its key.

use serde::Serialize;

use crate::{
    bank::{points::Points, question::Kind},
    grading::Verdict,
    web::{
        page::{Page, Safe},
        pages::{
            parts::{Asked, Who, sample},
            start::Release,
        },
    },
};

/// `GET /attempts/{id}` when it has ended.
#[derive(Debug, Clone, Serialize)]
pub struct ResultPage {
    pub who: Who,
    pub round: String,
    pub round_name: String,
    pub ended: Ended,
    pub finished_at_ms: i64,
    pub used_ms: i64,
    /// `None` while grading runs.
    pub receipt: Option<String>,
    pub answered: u32,
    pub count: u32,
    pub total: Points,
    pub pass: Option<Points>,
    /// Where they may be seen now.
    pub points: Option<Points>,
    pub release: Release,
    pub board: bool,
    /// Empty while nothing of the paper may be shown.
    pub questions: Vec<Graded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    HandedIn,
    /// The server closed it at the deadline, with everything saved up to it.
    TimedOut,
    Void,
}

/// A question with what was given; the rest stays empty until the keys may be seen.
#[derive(Debug, Clone, Serialize)]
pub struct Graded {
    pub asked: Asked,
    /// Letters or texts.
    pub given: Vec<String>,
    pub points: Option<Points>,
    pub verdict: Option<Verdict>,
    /// Letters; blanks and recall have theirs in `parts`.
    pub key: Vec<String>,
    pub parts: Vec<Part>,
    pub rationale: Option<Safe>,
    /// Document and clause.
    pub source: Option<String>,
}

/// One blank or one element.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// The accepted text or the element.
    pub wanted: Safe,
    pub found: bool,
    /// Blank: what was written. Recall: the words taken for the element.
    pub taken: Option<String>,
    pub ruling: Option<PartRuling>,
}

/// What an organizer ruled of an element.
#[derive(Debug, Clone, Serialize)]
pub struct PartRuling {
    /// Whether it counts by it.
    pub counts: bool,
    pub reason: String,
    /// Made after the announcement.
    pub correction: bool,
}

impl Page for ResultPage {
    const TEMPLATE: &'static str = "result.html";

    fn samples() -> Vec<ResultPage> {
        let waiting = ResultPage {
            who: sample::who(),
            round: "r1".into(),
            round_name: "镇内赛笔试".into(),
            ended: Ended::HandedIn,
            finished_at_ms: sample::NOW,
            used_ms: 1_852_000,
            receipt: Some("7K2M-Q0XD-93FA".into()),
            answered: 58,
            count: 60,
            total: Points::whole(100),
            pass: Some(Points::whole(60)),
            points: None,
            release: Release::Close {
                closes_at_ms: sample::NOW + 30 * sample::MINUTE,
            },
            board: false,
            questions: vec![],
        };
        let mut timed_out = waiting.clone();
        (timed_out.ended, timed_out.receipt) = (Ended::TimedOut, None);
        timed_out.release = Release::Hand;
        timed_out.who = sample::long_who();
        let mut pointed = waiting.clone();
        pointed.points = Some(Points(8650));
        pointed.release = Release::Handin {
            closes_at_ms: sample::NOW + 30 * sample::MINUTE,
        };
        let graded = Graded::samples();
        pointed.questions = graded.clone().into_iter().map(Graded::unreleased).collect();
        let mut released = pointed.clone();
        (released.release, released.board) = (Release::Released, true);
        released.questions = graded;
        let mut void = waiting.clone();
        void.ended = Ended::Void;
        vec![released, waiting, timed_out, pointed, void]
    }
}

impl Graded {
    pub(in crate::web) fn samples() -> Vec<Graded> {
        let judged = sample::asked(
            2,
            Kind::Judgement,
            "村民委员会每届任期五年。",
            &["正确", "错误"],
        );
        let single = sample::asked(
            3,
            Kind::Single,
            "丰收节定在每年的哪一天？",
            &["公历9月23日", "农历秋分日"],
        );
        let filled = sample::asked(
            4,
            Kind::Blanks,
            "信访事项自受理之日起（第1空）日内办结，可以延长（第2空）日。",
            &[],
        );
        let said = sample::asked(5, Kind::Recall, "请说出乡村振兴的“二十字”总要求。", &[]);
        let words = "产业兴旺，生态宜居，治理有效，生活富裕";
        let all = ["A", "B", "D"];
        let mut blanks = Graded::sample(filled, &["60", "15"], &[], Verdict::Partial);
        blanks.parts = vec![
            Part::sample("60", Some("60")),
            Part::sample("30", Some("15")),
        ];
        let mut recall = Graded::sample(said, &[words], &[], Verdict::Partial);
        recall.parts = ["产业兴旺", "生态宜居", "乡风文明", "治理有效", "生活富裕"]
            .into_iter()
            .map(|element| Part::sample(element, (element != "乡风文明").then_some(element)))
            .collect();
        for (place, counts) in [(2, true), (4, false)] {
            recall.parts[place].found = counts;
            recall.parts[place].ruling = Some(PartRuling {
                counts,
                reason: "方言口音，“乡风”听成了“香风”，现场三位评委一致认定说到".into(),
                correction: counts,
            });
        }
        vec![
            Graded::sample(sample::multiple(1), &all, &all, Verdict::Right),
            Graded::sample(judged, &["B"], &["A"], Verdict::Wrong),
            Graded::sample(single, &[], &["B"], Verdict::Unanswered),
            blanks,
            recall,
        ]
    }

    fn sample(asked: Asked, given: &[&str], key: &[&str], verdict: Verdict) -> Graded {
        let points = match verdict {
            Verdict::Right => asked.points,
            Verdict::Partial => Points(150),
            Verdict::Wrong | Verdict::Unanswered => Points::ZERO,
        };
        let why = "五大振兴是产业振兴、人才振兴、文化振兴、生态振兴、组织振兴。";
        Graded {
            asked,
            given: given.iter().map(ToString::to_string).collect(),
            points: Some(points),
            verdict: Some(verdict),
            key: key.iter().map(ToString::to_string).collect(),
            parts: vec![],
            rationale: Some(sample::html(why)),
            source: Some("《中华人民共和国乡村振兴促进法》第四条".into()),
        }
    }

    /// As it may be shown before the release.
    pub(super) fn unreleased(self) -> Graded {
        Graded {
            points: None,
            verdict: None,
            key: vec![],
            parts: vec![],
            rationale: None,
            source: None,
            ..self
        }
    }
}

impl Part {
    fn sample(wanted: &str, taken: Option<&str>) -> Part {
        Part {
            wanted: sample::html(wanted),
            found: taken == Some(wanted),
            taken: taken.map(Into::into),
            ruling: None,
        }
    }
}
