//! How well the ear hears: utterances labelled by people, element by element, against what was credited.

use std::{borrow::Borrow, collections::BTreeMap};

use crate::{bank::question::Question, grading::recall::Ear};

/// One labelled utterance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Line of its file, from 1.
    pub line: usize,
    pub question: String,
    /// What it is an example of: well, misheard, soup….
    pub class: String,
    /// Per element, in the question's order: whether a listener takes it as said.
    pub labels: Vec<bool>,
    pub text: String,
}

/// Reads `question<TAB>class<TAB>0101<TAB>text`, an utterance a line; empty lines and lines from `#` on say nothing.
/// A line that is none is given back by its number.
pub fn read(source: &str) -> Result<Vec<Utterance>, usize> {
    let lines = source.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(at, line)| {
            let fields: Vec<&str> = line.splitn(4, '\t').collect();
            let [question, class, labels, text] = fields[..] else {
                return Err(at + 1);
            };
            let labels: Option<Vec<bool>> = labels.chars().map(label).collect();
            Ok(Utterance {
                line: at + 1,
                question: question.to_owned(),
                class: class.to_owned(),
                labels: labels.filter(|labels| !labels.is_empty()).ok_or(at + 1)?,
                text: text.to_owned(),
            })
        })
        .collect()
}

fn label(c: char) -> Option<bool> {
    match c {
        '1' => Some(true),
        '0' => Some(false),
        _ => None,
    }
}

/// Elements counted by what was said and what was credited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub utterances: usize,
    pub said: usize,
    pub said_credited: usize,
    pub unsaid: usize,
    pub unsaid_credited: usize,
}

/// An element judged otherwise than its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    pub utterance: Utterance,
    /// From 0.
    pub element: usize,
    /// What the ear judged.
    pub credited: bool,
    /// Credited: the text taken. Not credited: the words not heard.
    pub about: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    pub classes: BTreeMap<String, Count>,
    pub misses: Vec<Miss>,
    /// Utterances whose question is not in the bank or has another number of elements.
    pub unfit: Vec<Utterance>,
}

impl Trial {
    pub fn total(&self) -> Count {
        let classes = self.classes.values();
        classes.fold(Count::default(), |sum, each| Count {
            utterances: sum.utterances + each.utterances,
            said: sum.said + each.said,
            said_credited: sum.said_credited + each.said_credited,
            unsaid: sum.unsaid + each.unsaid,
            unsaid_credited: sum.unsaid_credited + each.unsaid_credited,
        })
    }
}

pub fn run(questions: &[impl Borrow<Question>], utterances: &[Utterance]) -> Trial {
    let mut trial = Trial::default();
    let ears: BTreeMap<&str, Ear> = questions
        .iter()
        .map(Borrow::borrow)
        .filter_map(|question| Some((question.id.0.as_str(), Ear::of(question)?)))
        .collect();
    for utterance in utterances {
        let ear = ears.get(utterance.question.as_str());
        let heard = ear.map(|ear| ear.hear(&utterance.text)).unwrap_or_default();
        if heard.len() != utterance.labels.len() {
            trial.unfit.push(utterance.clone());
            continue;
        }
        let count = trial.classes.entry(utterance.class.clone()).or_default();
        count.utterances += 1;
        for (element, (label, heard)) in utterance.labels.iter().zip(heard).enumerate() {
            let credited = usize::from(heard.said);
            if *label {
                count.said += 1;
                count.said_credited += credited;
            } else {
                count.unsaid += 1;
                count.unsaid_credited += credited;
            }
            if *label != heard.said {
                let spans = heard.spans.into_iter();
                let taken = spans.map(|span| utterance.text[span].to_owned());
                trial.misses.push(Miss {
                    utterance: utterance.clone(),
                    element,
                    credited: heard.said,
                    about: taken.chain(heard.missing).collect(),
                });
            }
        }
    }
    trial
}
