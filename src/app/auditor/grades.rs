//! The grades of an exported round, given again: by the answers, by this program's version of the grading, and with what
//! organizers ruled.

use std::collections::BTreeMap;

use crate::{
    app::auditor::{Findings, Holds, attempts::Desk},
    attempt::steps::standing,
    bank::{points::Points, question::Body},
    contest::board::Graded,
    exchange::round_file::FiledAttempt,
    grading::{
        GRADING_VERSION, Outcome, grade_paper, missing,
        rulings::{Ruled, Ruling, digest, newest, on_standing_words},
        total_of,
    },
};

impl Desk<'_> {
    /// Person → what the answers in the file are worth, void attempts left out.
    pub(super) fn graded(&self) -> BTreeMap<String, Vec<Graded>> {
        let mut graded: BTreeMap<String, Vec<Graded>> = BTreeMap::new();
        for attempt in self
            .file
            .attempts
            .iter()
            .filter(|each| each.state != "void")
        {
            if let (Some(points), Some(finished_at_ms)) =
                (self.points(attempt), attempt.finished_at_ms)
            {
                graded
                    .entry(attempt.person.clone())
                    .or_default()
                    .push(Graded {
                        number: attempt.number,
                        points,
                        started_at_ms: attempt.started_at_ms,
                        finished_at_ms,
                        paused_ms: attempt.paused_ms,
                        ruled: Ruled::of(on_standing_words(
                            &attempt.rulings,
                            &attempt.counting(None),
                        )),
                    });
            }
        }
        graded
    }

    /// What is ranked: an outcome of another version of the grading is what it was, others are given again.
    fn points(&self, attempt: &FiledAttempt) -> Option<Points> {
        match &attempt.outcome {
            Some(filed) if filed.grading_version != GRADING_VERSION => Some(filed.points),
            _ => self.outcome(attempt).map(|outcome| outcome.points),
        }
    }

    /// A ruling must be about something that was said and answered for in the outcome. That it was right to rule so
    /// nothing in the file can tell.
    pub(super) fn check_rulings(&self) -> Findings {
        let mut found = Findings::new("口答裁定");
        for attempt in &self.file.attempts {
            let name = || self.name(attempt);
            for ruling in &attempt.rulings {
                found.leave("有口答要点由主办单位裁定，裁定的理由请向主办单位核对");
                found.expect(self.is_about_words(attempt, ruling).into(), || {
                    let (number, element) = (ruling.number, ruling.element);
                    format!(
                        "{}：第 {number} 题要点 {element} 的裁定没有对应的作答",
                        name()
                    )
                });
            }
            if let Some(outcome) = &attempt.outcome {
                let same = outcome.rulings == digest(&attempt.rulings);
                found.expect(same.into(), || {
                    format!("{}：裁定有增减或改动，和成绩里记下的对不上", name())
                });
            }
        }
        found
    }

    fn is_about_words(&self, attempt: &FiledAttempt, ruling: &Ruling) -> bool {
        let mut asked = attempt.paper.questions.iter();
        let asked = asked.find(|asked| asked.number == ruling.number);
        let question = asked.and_then(|asked| self.questions.get(&asked.revision));
        let elements = question.map_or(0, |question| match &question.body {
            Body::Recall(recall) => recall.elements.len(),
            _ => 0,
        });
        let mut steps = attempt.steps.iter().map(|filed| &filed.step);
        let said = steps.any(|step| step.seq == ruling.seq && step.number == ruling.number);
        said && (1..=elements).contains(&(ruling.element as usize))
    }

    pub(super) fn check_outcomes(&self) -> Findings {
        let mut found = Findings::new("重新阅卷");
        for attempt in &self.file.attempts {
            if attempt.state == "void" {
                found.leave("有作答被作废，作废的理由请向主办单位核对");
            }
            let Some(filed) = &attempt.outcome else {
                found.expect((attempt.state == "void").into(), || {
                    format!("{}：没有成绩", self.name(attempt))
                });
                continue;
            };
            let graded = self.outcome(attempt);
            let differs = || match &graded {
                None => format!("{}：卷子上的题不在文件的题库里", self.name(attempt)),
                Some(graded) => format!(
                    "{}：文件里 {} 分，重新阅卷 {} 分{}",
                    self.name(attempt),
                    filed.points,
                    graded.points,
                    differing(filed, graded)
                ),
            };
            if filed.grading_version == GRADING_VERSION || graded.is_none() {
                found.expect(Holds::from(graded.as_ref() == Some(filed)), differs);
                continue;
            }
            found.expect(self.agrees_with_itself(attempt, filed).into(), || {
                let points = filed.points;
                format!(
                    "{}：文件里的 {points} 分和它自己每题的得分、裁定合不上",
                    self.name(attempt)
                )
            });
            let same = graded.as_ref().is_some_and(|graded| {
                (graded.points, graded.total, &graded.grades)
                    == (filed.points, filed.total, &filed.grades)
            });
            if !same {
                found.leave_open(differs());
            }
        }
        found
    }

    /// What holds whatever version graded it: a grade a question, none above its points, their sum, and what was ruled.
    fn agrees_with_itself(&self, attempt: &FiledAttempt, filed: &Outcome) -> bool {
        let (paper, steps) = (&attempt.paper, attempt.counting(None));
        let grades = filed
            .grades
            .iter()
            .map(|grade| (grade.number, grade.points));
        let asked = paper
            .questions
            .iter()
            .map(|asked| (asked.number, asked.points));
        let sound = grades.len() == asked.len()
            && grades
                .zip(asked)
                .all(|((number, points), (of, full))| number == of && points <= full);
        let ruled = newest(on_standing_words(&attempt.rulings, &steps));
        let ruled_so = ruled.iter().all(|((number, element), stands)| {
            let grade = filed.grades.iter().find(|grade| grade.number == *number);
            let place = (*element as usize).checked_sub(1);
            let part = grade
                .zip(place)
                .and_then(|(grade, place)| grade.parts.get(place));
            part.is_some_and(|part| part.found == stands.newest.after)
        });
        let sum = total_of(paper, &self.questions, &filed.grades);
        sound && ruled_so && filed.points == sum && filed.total == paper.total
    }

    /// By this program's version of the grading, with the file's rulings.
    fn outcome(&self, attempt: &FiledAttempt) -> Option<Outcome> {
        if !missing(&attempt.paper, &self.questions).is_empty() {
            return None;
        }
        let steps = attempt.counting(None);
        let outcome = grade_paper(&attempt.paper, &self.questions, &standing(&steps));
        Some(outcome.ruled(&attempt.paper, &self.questions, &attempt.rulings, &steps))
    }
}

fn differing(filed: &Outcome, graded: &Outcome) -> String {
    let numbers: Vec<String> = graded
        .grades
        .iter()
        .zip(&filed.grades)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| one.number.to_string())
        .collect();
    if numbers.is_empty() {
        String::new()
    } else {
        format!("，第 {} 题不同", numbers.join("、"))
    }
}
