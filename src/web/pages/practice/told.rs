//! Feedback on one answer: the key, what was said or missed, what others did.

use serde::Serialize;

use crate::{
    bank::question::Kind,
    grading::Verdict,
    web::{page::Safe, pages::result::Graded},
};

/// Feedback.
#[derive(Debug, Clone, Serialize)]
pub struct ToldPage {
    pub verdict: Verdict,
    pub word: String,
    pub graded: Graded,
    /// Of a spoken answer: its words, those taken for an element marked.
    pub stretches: Vec<Stretch>,
    pub elements: Vec<ElementRow>,
    /// `约三成`; `None` where fewer than five others answered.
    pub others: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Stretch {
    pub text: String,
    /// From 1.
    pub element: Option<u32>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ElementRow {
    /// From 0.
    pub element: u32,
    pub wanted: Safe,
    pub said: bool,
    pub overruled: bool,
    /// Not said: the deciding words that were not heard.
    pub missing: Vec<String>,
    /// Words were heard that do not count, and why.
    pub doubt: Option<String>,
}

impl ToldPage {
    pub(super) fn sample(graded: Graded) -> ToldPage {
        let spoken = graded.asked.kind == Kind::Recall;
        let stretch = |text: &str, element| Stretch {
            text: text.into(),
            element,
        };
        let elements = (0..).zip(&graded.parts).filter(|_| spoken);
        let elements = elements.map(|(element, part)| ElementRow {
            element,
            wanted: part.wanted.clone(),
            said: part.found || element == 3,
            overruled: element == 3,
            missing: if part.found {
                vec![]
            } else {
                vec!["治理有效".into()]
            },
            doubt: (element == 4).then(|| "意思说反了".into()),
        });
        let verdict = graded.verdict.unwrap_or(Verdict::Unanswered);
        ToldPage {
            verdict,
            word: "没答全".into(),
            stretches: if spoken {
                vec![
                    stretch("产业兴旺", Some(1)),
                    stretch("，还有就是", None),
                    stretch("生态宜居", Some(2)),
                ]
            } else {
                vec![]
            },
            elements: elements.collect(),
            others: (verdict == Verdict::Wrong).then(|| "约三成".into()),
            graded,
        }
    }
}
