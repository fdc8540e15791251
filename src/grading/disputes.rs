//! 争议要点: elements of a spoken answer that did not count although much of them was heard, for a person to look at.

use crate::{
    bank::question::Element,
    grading::recall::{Doubt, Heard},
};

/// Why a person should look; what speaks loudest for it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispute {
    /// Its words were heard, and something kept them from counting.
    Doubted(Doubt),
    /// At least half of the decisive words of one way to say it were heard, but not all.
    Nearly,
}

/// None where it was heard, or hardly any of it was.
pub fn of(element: &Element, heard: &Heard) -> Option<Dispute> {
    match (heard.said, heard.doubt) {
        (true, _) => None,
        (false, Some(doubt)) => Some(Dispute::Doubted(doubt)),
        (false, None) => is_nearly_said(element, heard).then_some(Dispute::Nearly),
    }
}

/// What is missing tells of which saying: one that has all of it among its decisive words.
fn is_nearly_said(element: &Element, heard: &Heard) -> bool {
    let (missing, sayings) = (&heard.missing, &element.sayings);
    !missing.is_empty()
        && sayings.iter().any(|saying| {
            missing.iter().all(|word| saying.decisive.contains(word))
                && missing.len() * 2 <= saying.decisive.len()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::{html::Html, question::Saying};

    fn element(sayings: &[&[&str]]) -> Element {
        let saying = |words: &&[&str]| Saying {
            text: words.join(""),
            decisive: words.iter().map(ToString::to_string).collect(),
        };
        Element {
            html: Html::escaped("x"),
            sayings: sayings.iter().map(saying).collect(),
        }
    }

    fn missed(missing: &[&str]) -> Heard {
        Heard {
            said: false,
            spans: vec![],
            missing: missing.iter().map(ToString::to_string).collect(),
            doubt: None,
        }
    }

    #[test]
    fn half_of_the_words_make_a_dispute_and_less_does_not() {
        let three = element(&[&["早查", "勤修", "细记"]]);
        assert_eq!(of(&three, &missed(&["细记"])), Some(Dispute::Nearly));
        assert_eq!(of(&three, &missed(&["勤修", "细记"])), None);
        let two = element(&[&["早查", "渡口"], &["看渡口"]]);
        assert_eq!(of(&two, &missed(&["早查"])), Some(Dispute::Nearly));
        assert_eq!(of(&two, &missed(&["看渡口"])), None, "nothing of it");
        assert_eq!(of(&two, &missed(&[])), None);
    }

    #[test]
    fn a_doubt_is_one_whatever_was_heard_and_what_counts_is_none() {
        let one = element(&[&["不得收费"]]);
        let mut heard = missed(&[]);
        heard.doubt = Some(Doubt::Opposite);
        assert_eq!(of(&one, &heard), Some(Dispute::Doubted(Doubt::Opposite)));
        (heard.said, heard.doubt) = (true, None);
        assert_eq!(of(&one, &heard), None);
    }
}
