//! Feedback: right or wrong, the key, why, the clause; of a spoken answer what was taken for each element, in place.

use crate::{
    app::coach::ToldAnswer,
    attempt::answer::Answer,
    bank::question::Question,
    contest::spot_check::sheet::part_texts,
    grading::{Found, Verdict, recall},
    paper::PaperQuestion,
    practice::unit::Tenths,
    web::{
        outcome::{doubt_words, graded_question},
        pages::practice::told::{ElementRow, Stretch, ToldPage},
    },
};

pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "答对了",
        Verdict::Partial => "没答全",
        Verdict::Wrong => "答错了",
        Verdict::Unanswered => "没有作答",
    }
}

pub(super) fn told_page(
    asked: &PaperQuestion,
    question: &Question,
    told: &ToldAnswer,
    others: Option<Tenths>,
) -> ToldPage {
    let graded = graded_question(asked, question, told.answer.as_ref(), Some(&told.grade));
    let stretches = match &told.answer {
        Some(Answer::Said(text)) => stretches(text, told),
        _ => vec![],
    };
    let heard = match &told.answer {
        Some(Answer::Said(text)) => recall::hear(question, text),
        // Checked by the person where nothing could listen.
        _ if !told.overruled.is_empty() => recall::hear(question, ""),
        _ => vec![],
    };
    let whole = part_texts(question);
    let elements = (0..).zip(graded.parts.iter().zip(heard).zip(whole));
    let elements = elements.map(|(element, ((part, heard), whole))| ElementRow {
        element,
        wanted: part.wanted.clone(),
        said: part.found,
        overruled: told.overruled.contains(&element),
        // That all of it is missing says nothing that the line does not.
        missing: if told.answer.is_none() || heard.missing == [whole] {
            vec![]
        } else {
            heard.missing
        },
        doubt: heard.doubt.map(|doubt| doubt_words(doubt).into()),
    });
    ToldPage {
        verdict: told.grade.verdict,
        word: verdict_word(told.grade.verdict).into(),
        stretches,
        elements: elements.collect(),
        others: others.map(Tenths::chinese),
        graded,
    }
}

/// The answer cut where words were taken for an element; each cut says for which, from 1.
fn stretches(text: &str, told: &ToldAnswer) -> Vec<Stretch> {
    let mut taken: Vec<(usize, usize, u32)> = (1..)
        .zip(&told.grade.parts)
        .filter(|(_, part)| part.found == Found::Yes)
        .filter_map(|(element, part)| part.taken.map(|(from, to)| (from, to, element)))
        .collect();
    taken.sort_unstable();
    let mut stretches = vec![];
    let mut at = 0;
    let mut push = |from: usize, to: usize, element| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            stretches.push(Stretch {
                text: text.into(),
                element,
            });
        }
    };
    for (from, to, element) in taken {
        // Elements may be said in one another's words; what is marked already stays with the first.
        let from = from.max(at);
        if from < to {
            push(at, from, None);
            push(from, to, Some(element));
            at = to;
        }
    }
    push(at, text.len(), None);
    stretches
}
