//! Each attempt of an exported round, drawn and graded again.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    app::auditor::{Findings, called, seed_bytes, seed_text},
    attempt::{receipt::receipt, steps::standing},
    bank::question::QuestionId,
    clock::{civil, id_time_ms},
    contest::round::Papers,
    exchange::round_file::{FiledAttempt, FiledStep, People, RoundFile},
    paper::{
        Paper, Questions,
        assemble::{ASSEMBLY_VERSION, Assembler, History, Use, reorder},
        seal::{Secret, division_seed, person_seed},
    },
};

pub(super) struct Desk<'f> {
    pub(super) file: &'f RoundFile,
    secret: Option<Secret>,
    pub(super) questions: Questions,
    posts: HashMap<&'f str, (&'f str, &'f str)>,
    /// How often each question stands on a paper of the round.
    drawn: HashMap<&'f QuestionId, u32>,
    /// Post → its assembler, or why there is none.
    assemblers: RefCell<HashMap<String, Option<Arc<Assembler>>>>,
}

impl<'f> Desk<'f> {
    pub(super) fn new(file: &'f RoundFile, secret: Option<Secret>) -> Desk<'f> {
        let mut drawn = HashMap::new();
        for question in file.attempts.iter().flat_map(|each| &each.paper.questions) {
            *drawn.entry(&question.id).or_insert(0) += 1;
        }
        Desk {
            file,
            secret,
            questions: file
                .bank
                .questions
                .iter()
                .map(|question| (question.revision.clone(), question.clone()))
                .collect(),
            posts: file
                .entrants
                .iter()
                .map(|each| {
                    let place = (each.post.as_str(), each.division.as_str());
                    (each.person_id.as_str(), place)
                })
                .collect(),
            drawn,
            assemblers: RefCell::default(),
        }
    }

    pub(super) fn check(&self) -> Vec<Findings> {
        vec![
            self.check_seeds(),
            self.check_histories(),
            self.check_papers(),
            self.check_steps(),
            self.check_receipts(),
            self.check_rulings(),
            self.check_outcomes(),
        ]
    }

    pub(super) fn name(&self, attempt: &FiledAttempt) -> String {
        called(self.file, &attempt.person, attempt.number)
    }

    fn check_seeds(&self) -> Findings {
        let mut found = Findings::new("抽题种子由密钥算出");
        let Some(secret) = &self.secret else {
            found.leave("密钥还没有公布，只能照文件里的种子重抽");
            return found;
        };
        if self.file.people == People::Masked {
            found.leave("人员编号已隐去，个人的种子不能从密钥重算，只能照文件里的种子重抽");
            return found;
        }
        for attempt in &self.file.attempts {
            let seed = seed_text(&person_seed(secret, &attempt.person, attempt.number));
            found.expect((seed == attempt.seed).into(), || {
                format!("{}：抽题种子不是由密钥算出的", self.name(attempt))
            });
        }
        found
    }

    /// The history a paper was drawn with must be what the other attempts show, or papers could be steered by it.
    fn check_histories(&self) -> Findings {
        let mut found = Findings::new("抽题依据（做过的题、用过的次数）");
        for attempt in &self.file.attempts {
            let seen: BTreeSet<&str> = match self.file.round.rules.papers {
                Papers::Each => self
                    .file
                    .attempts
                    .iter()
                    .filter(|each| each.person == attempt.person && each.number < attempt.number)
                    .flat_map(|each| &each.paper.questions)
                    .map(|question| question.id.0.as_str())
                    .collect(),
                Papers::Same => BTreeSet::new(),
            };
            let history = &attempt.drawn_with;
            let same = history.seen.iter().map(String::as_str).eq(seen);
            // A copy of the program knows the papers that were drawn when it drew, never more than there are.
            let possible = history.used.iter().all(|(id, used)| {
                let drawn = self.drawn.get(&QuestionId(id.clone()));
                *used <= drawn.copied().unwrap_or(0)
            });
            found.expect((same && possible).into(), || {
                format!("{}：抽题依据和其他作答对不上", self.name(attempt))
            });
        }
        found
    }

    fn check_papers(&self) -> Findings {
        let mut found = Findings::new("试卷重抽");
        let rules = &self.file.round.rules;
        if rules.papers == Papers::Same && self.secret.is_none() {
            found.leave("密钥还没有公布，同卷异序的卷子不能重抽");
            return found;
        }
        for attempt in &self.file.attempts {
            if attempt.paper.assembly_version != ASSEMBLY_VERSION {
                found.leave("组卷算法版本和本程序的不同，请用当时版本的程序核对");
            }
            let redrawn = self.redraw(attempt);
            found.expect(
                (redrawn.as_ref() == Some(&attempt.paper)).into(),
                || match redrawn {
                    None => format!("{}：照文件里的题库抽不出卷子", self.name(attempt)),
                    Some(paper) => format!(
                        "{}：重抽的卷子和文件里的不一样，{}",
                        self.name(attempt),
                        difference(&paper, &attempt.paper)
                    ),
                },
            );
        }
        found
    }

    fn redraw(&self, attempt: &FiledAttempt) -> Option<Paper> {
        let (post, division) = self.posts.get(attempt.person.as_str())?;
        let assembler = self.assembler(post)?;
        let own_seed = seed_bytes(&attempt.seed)?;
        match self.file.round.rules.papers {
            Papers::Each => {
                let id = |id: &String| QuestionId(id.clone());
                let history = History {
                    seen: attempt.drawn_with.seen.iter().map(id).collect(),
                    used: attempt
                        .drawn_with
                        .used
                        .iter()
                        .map(|(text, used)| (id(text), *used))
                        .collect(),
                };
                Some(assembler.assemble(&own_seed, &history))
            }
            Papers::Same => {
                let seed = division_seed(self.secret.as_ref()?, division);
                let common = assembler.assemble(&seed, &History::default());
                Some(reorder(&common, &self.questions, &own_seed))
            }
        }
    }

    fn assembler(&self, post: &str) -> Option<Arc<Assembler>> {
        if let Some(known) = self.assemblers.borrow().get(post) {
            return known.clone();
        }
        let name = self.file.round.rules.blueprint_for(post);
        let bank = &self.file.bank;
        let day = civil(self.file.round.opens_at_ms).date_naive();
        let held = (!post.is_empty()).then_some(post);
        let blueprint = bank.blueprints.iter().find(|each| each.name == name);
        let made = blueprint.and_then(|blueprint| {
            Assembler::new(&bank.questions, blueprint, held, day, Use::Contest).ok()
        });
        let made = made.map(Arc::new);
        self.assemblers
            .borrow_mut()
            .insert(post.to_owned(), made.clone());
        made
    }

    fn check_steps(&self) -> Findings {
        let mut found = Findings::new("作答步骤");
        for attempt in &self.file.attempts {
            let mut numbers = HashSet::new();
            let once = attempt
                .steps
                .iter()
                .all(|each| numbers.insert(each.step.seq));
            found.expect(once.into(), || {
                format!("{}：有两步编号相同", self.name(attempt))
            });
            if attempt
                .steps
                .iter()
                .any(|each| each.accepted_at_ms.is_some())
            {
                found.leave("有迟到的答案被采纳，采纳的理由请向主办单位核对");
            }
            let punctual = |each: &FiledStep| each.step.late || each.accepted_at_ms.is_none();
            found.expect(attempt.steps.iter().all(punctual).into(), || {
                format!("{}：没有迟到的步骤却写着被采纳", self.name(attempt))
            });
            // An attempt's id carries the moment it was begun, and the receipt carries the id.
            let begun = id_time_ms(&attempt.id) == Some(attempt.started_at_ms);
            found.expect(begun.into(), || {
                format!("{}：开始时间和作答编号对不上", self.name(attempt))
            });
        }
        found
    }

    fn check_receipts(&self) -> Findings {
        let mut found = Findings::new("交卷凭证重算");
        for attempt in self
            .file
            .attempts
            .iter()
            .filter(|each| each.state != "void")
        {
            // Late steps that were accepted afterwards change the outcome, never what the receipt said.
            let steps = attempt.counting(attempt.finished_at_ms);
            let answers = standing(&steps);
            let recomputed = attempt
                .finished_at_ms
                .map(|at_ms| receipt(&attempt.id, &attempt.paper, &answers, at_ms));
            let same = recomputed.is_some() && recomputed == attempt.receipt;
            found.expect(same.into(), || {
                format!(
                    "{}：交卷凭证对不上（卷子、作答、交卷时间里有改动）：文件里 {}，重算 {}",
                    self.name(attempt),
                    attempt.receipt.as_deref().unwrap_or("没有"),
                    recomputed.as_deref().unwrap_or("算不出"),
                )
            });
        }
        found
    }
}

/// The first place where two papers part.
fn difference(redrawn: &Paper, filed: &Paper) -> String {
    let parted = redrawn
        .questions
        .iter()
        .zip(&filed.questions)
        .find(|(one, other)| one != other);
    match parted {
        Some((one, other)) if one.id == other.id => {
            format!(
                "第 {} 题（{}）的分值、评分或选项顺序不同",
                one.number, one.id.0
            )
        }
        Some((one, other)) => format!(
            "第 {} 题应是 {}，文件里是 {}",
            one.number, one.id.0, other.id.0
        ),
        None => "题数、总分或方案不同".into(),
    }
}
