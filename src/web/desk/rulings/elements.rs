//! One element of a spoken answer as the desk shows it: heard, missing, in doubt, ruled.

use crate::{
    app::{monitor::evidence::Evidence, rulings::disputes::Disputed},
    attempt::answer::Answer,
    bank::question::{Body, Question},
    grading::{
        Found,
        disputes::{self, Dispute},
        recall::{self, Heard},
        rulings::Ruling,
    },
    web::{
        outcome::doubt_words,
        pages::{
            result::Graded,
            rulings::{Context, ElementRow, RulingRow},
        },
    },
};

pub(super) fn disputed_row(row: &Disputed, actor: &str) -> ElementRow {
    let told = Told::of(
        &row.said,
        &row.heard,
        row.dispute,
        row.found,
        row.ruling.is_some(),
    );
    let ruling = row.ruling.iter();
    ElementRow {
        attempt: row.attempt.clone(),
        number: row.number,
        element: row.element,
        wanted: (&row.wanted).into(),
        found: row.found == Found::Yes,
        heard: told.heard,
        missing: told.missing,
        doubt: told.doubt,
        open: row.ruling.is_none(),
        rulings: ruling
            .map(|ruling| ruling_row(ruling, "", Some(ruling)))
            .collect(),
        form: row.entrant.person_id != actor,
        typed: String::new(),
        context: Some(Context {
            name: row.entrant.name.clone(),
            unit: row.entrant.unit_name.clone(),
            stem: (&row.stem).into(),
            said: row.said.clone(),
        }),
    }
}

/// The elements of one spoken answer whose key may be seen; none of any other question, or where nothing was said.
pub(in crate::web::desk) fn spoken_rows(
    evidence: &Evidence,
    question: &Question,
    graded: &Graded,
) -> Vec<ElementRow> {
    let number = graded.asked.number;
    let given = evidence.view.given.get(&number);
    let (Body::Recall(recall), Some(Answer::Said(said))) = (&question.body, given) else {
        return vec![];
    };
    let heard = recall::hear(question, said);
    let elements = (1..).zip(recall.elements.iter().zip(heard).zip(&graded.parts));
    elements
        .map(|(element, ((key, heard), part))| {
            let found = if part.found { Found::Yes } else { Found::No };
            let standing = evidence.view.rulings.get(&(number, element));
            let dispute = disputes::of(key, &heard);
            let told = Told::of(said, &heard, dispute, found, standing.is_some());
            let about = |(ruling, _): &&(Ruling, String)| {
                (ruling.number, ruling.element) == (number, element)
            };
            let rulings = evidence.rulings.iter().filter(about);
            ElementRow {
                attempt: evidence.view.attempt.id.clone(),
                number,
                element,
                wanted: part.wanted.clone(),
                found: part.found,
                heard: told.heard,
                missing: told.missing,
                doubt: told.doubt,
                open: standing.is_none() && dispute.is_some() && !part.found,
                rulings: rulings
                    .map(|(ruling, by)| ruling_row(ruling, by, standing))
                    .collect(),
                form: evidence.no_ruling.is_none(),
                typed: String::new(),
                context: None,
            }
        })
        .collect()
}

/// What the program has to say of an element.
struct Told {
    heard: Option<String>,
    missing: Vec<String>,
    doubt: Option<String>,
}

impl Told {
    /// What counts, and nobody ruled so, needs no excuse: it was graded so, whatever is heard by now.
    fn of(
        said: &str,
        heard: &Heard,
        dispute: Option<Dispute>,
        found: Found,
        is_ruled: bool,
    ) -> Told {
        let words = heard.spans.iter().filter_map(|span| said.get(span.clone()));
        let words: Vec<&str> = words.collect();
        let lacks = found == Found::No || is_ruled;
        Told {
            heard: (!words.is_empty()).then(|| words.join("…")),
            missing: heard.missing.iter().filter(|_| lacks).cloned().collect(),
            doubt: match dispute {
                Some(Dispute::Doubted(doubt)) if lacks => Some(doubt_words(doubt).into()),
                _ => None,
            },
        }
    }
}

fn ruling_row(ruling: &Ruling, by: &str, standing: Option<&Ruling>) -> RulingRow {
    RulingRow {
        at_ms: ruling.at_ms,
        by: by.to_owned(),
        counts: ruling.after == Found::Yes,
        reason: ruling.reason.clone(),
        correction: ruling.correction,
        stale: standing.is_none_or(|standing| standing.seq != ruling.seq),
    }
}
