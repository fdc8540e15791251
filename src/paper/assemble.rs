//! 组卷: draws papers by a blueprint, each from its own seed, all equally hard, and no question used much more than another.
//!
//! `Assembler` holds what is the same for every paper of a blueprint; drawing one is then a pure function of the seed
//! and the history handed in. The order of everything that consumes chance is part of `ASSEMBLY_VERSION`.

mod capacity;
mod chance;
mod pool;
mod profile;
mod reorder;
mod rotation;
mod shortage;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

pub use self::{
    capacity::{Capacity, CellCapacity},
    reorder::reorder,
    shortage::Shortage,
};
pub(in crate::paper) use self::{chance::Chance, pool::Pool, profile::Profile};

use crate::{
    bank::{
        blueprint::{Asks, Blueprint, Scoring},
        points::Points,
        question::{Kind, Question, QuestionId},
    },
    paper::{
        Paper, PaperQuestion,
        assemble::pool::{Class, Fact, split},
    },
};

/// Raised whenever the same inputs would draw another paper.
pub const ASSEMBLY_VERSION: u32 = 1;

/// What the papers are for: 比武 and 通用 questions, or 练习 and 通用.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    Contest,
    Practice,
}

/// What came before this paper.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// What this person has been asked in earlier attempts: drawn only when nothing else is left.
    pub seen: HashSet<QuestionId>,
    /// How often each question stands on papers already drawn here: less used ones first.
    pub used: HashMap<QuestionId, u32>,
}

/// A history by the pool's indexes: what `draw` wants, made once or kept up paper by paper.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Per bundle; seen weighs more than any use.
    ranks: Vec<u32>,
    /// Per cell and class, how many bundles the person has not seen; empty when nothing was.
    unseen: Vec<Vec<u32>>,
}

/// The part of the tolerance that material groups may use up between papers; single questions use none.
const SLACK: f64 = 0.2;

const SEEN: u32 = 1 << 31;

/// Draws papers of one blueprint from one bank. Cheap to keep, shareable, and free of the bank it was made from.
#[derive(Debug, Clone)]
pub struct Assembler {
    blueprint: String,
    total: Points,
    target: f64,
    /// Per column of the blueprint.
    columns: Vec<(Asks, Scoring)>,
    pub(in crate::paper) pool: Pool,
    pub(in crate::paper) profiles: Vec<Profile>,
}

impl Assembler {
    /// Sorts the bank into the blueprint's cells and fixes how many questions of each level they get.
    ///
    /// `post`: whose paper it is; without one, questions must fit every post the blueprint names, and be for everybody
    /// where it names none. `day` judges what is in force. Fails with everything that is short, so that a round is refused when it is set up.
    pub fn new(
        questions: &[impl std::borrow::Borrow<Question>],
        blueprint: &Blueprint,
        post: Option<&str>,
        day: NaiveDate,
        purposes: Use,
    ) -> Result<Assembler, Vec<Shortage>> {
        let pool = Pool::new(questions, blueprint, post, day, purposes);
        let total = blueprint.total();
        if pool.cells.is_empty() || total <= Points::ZERO {
            return Err(vec![Shortage::Empty]);
        }
        let short = short_cells(&pool);
        if !short.is_empty() {
            return Err(short);
        }
        let profiles = profiles(&pool, blueprint, total)?;
        Ok(Assembler {
            blueprint: blueprint.name.clone(),
            total,
            target: blueprint.difficulty,
            columns: blueprint
                .columns
                .iter()
                .map(|column| (column.asks, column.scoring))
                .collect(),
            pool,
            profiles,
        })
    }

    /// The paper of this seed and history: the same inputs give the same paper, on any machine.
    pub fn assemble(&self, seed: &[u8; 32], history: &History) -> Paper {
        self.draw(seed, &self.tally(history))
    }

    /// A history by indexes, for drawing many papers in a row.
    pub fn tally(&self, history: &History) -> Tally {
        let mut ranks = vec![0; self.pool.bundles.len()];
        let bundle = |id: &QuestionId| {
            let fact = *self.pool.index.get(id)?;
            Some(self.pool.bundle_of[fact as usize] as usize)
        };
        for (id, used) in &history.used {
            if let Some(bundle) = bundle(id) {
                ranks[bundle] = u32::max(ranks[bundle], *used).min(SEEN - 1);
            }
        }
        for bundle in history.seen.iter().filter_map(bundle) {
            ranks[bundle] |= SEEN;
        }
        let unseen = if ranks.iter().any(|rank| rank & SEEN != 0) {
            self.unseen(&ranks)
        } else {
            vec![]
        };
        Tally { ranks, unseen }
    }

    fn unseen(&self, ranks: &[u32]) -> Vec<Vec<u32>> {
        let fresh = |bundle: &&u32| ranks[**bundle as usize] & SEEN == 0;
        let class = |class: &Class| class.bundles.iter().filter(fresh).count() as u32;
        let cells = self.pool.cells.iter();
        cells
            .map(|cell| cell.classes.iter().map(class).collect())
            .collect()
    }

    /// As `assemble`, with the history already by indexes.
    pub fn draw(&self, seed: &[u8; 32], tally: &Tally) -> Paper {
        let mut chance = Chance::from_seed(seed);
        let picks = self.pick(&mut chance, tally);
        self.lay_out(&mut chance, picks)
    }

    /// Mean difficulty of this blueprint's papers, weighted by points.
    pub fn difficulty(&self) -> f64 {
        self.profiles[0].weight(&self.pool.cells) as f64 / self.total.0 as f64
    }

    /// What the blueprint asks for: 难度.
    pub fn target(&self) -> f64 {
        self.target
    }

    pub fn blueprint(&self) -> &str {
        &self.blueprint
    }

    /// Full points of every paper.
    pub fn total(&self) -> Points {
        self.total
    }

    /// How many questions a paper has, the fewest and the most: material groups differ in size.
    pub fn sizes(&self) -> (u32, u32) {
        let size = |bundle: &u32| self.pool.bundles[*bundle as usize].len() as u32;
        let cells = self.pool.cells.iter().map(|cell| {
            let sizes = || {
                cell.classes
                    .iter()
                    .flat_map(|class| &class.bundles)
                    .map(size)
            };
            let (fewest, most) = (sizes().min(), sizes().max());
            (
                cell.wanted * fewest.unwrap_or(0),
                cell.wanted * most.unwrap_or(0),
            )
        });
        cells.fold((0, 0), |sum, cell| (sum.0 + cell.0, sum.1 + cell.1))
    }

    /// The questions it may draw, each with its difficulty.
    pub fn questions(&self) -> impl Iterator<Item = (&QuestionId, u8)> {
        self.pool
            .facts
            .iter()
            .map(|fact| (&fact.id, fact.difficulty))
    }

    /// Per cell the drawn bundles. Inside a class the least used come first, and chance decides only between equals.
    pub(in crate::paper) fn pick(&self, chance: &mut Chance, tally: &Tally) -> Vec<Vec<u32>> {
        let profile = self.profile(chance, tally);
        let mut spare = vec![];
        let cells = self.pool.cells.iter().zip(&profile.counts);
        cells
            .map(|(cell, counts)| {
                let mut picked = Vec::with_capacity(cell.wanted as usize);
                for (class, &wanted) in cell.classes.iter().zip(counts) {
                    spare.clear();
                    spare.extend_from_slice(&class.bundles);
                    least_used(&mut spare, wanted as usize, tally, chance, &mut picked);
                }
                picked
            })
            .collect()
    }

    /// One of the profiles by lot, among those that ask this person for the fewest questions again.
    fn profile(&self, chance: &mut Chance, tally: &Tally) -> &Profile {
        let mut fewest: Vec<&Profile> = self.profiles.iter().collect();
        if !tally.unseen.is_empty() {
            let again = |profile: &&Profile| profile.again(&tally.unseen);
            let least = fewest.iter().map(again).min();
            fewest.retain(|profile| Some(again(profile)) == least);
        }
        match fewest.len() {
            1 => fewest[0],
            many => fewest[chance.below(many as u32) as usize],
        }
    }

    /// Sections in the columns' order, each shuffled; material groups whole, after everything else.
    fn lay_out(&self, chance: &mut Chance, picks: Vec<Vec<u32>>) -> Paper {
        let mut sections: Vec<Vec<(u32, Points)>> = vec![vec![]; self.columns.len()];
        for (cell, picked) in self.pool.cells.iter().zip(picks) {
            sections[cell.column].extend(picked.into_iter().map(|bundle| (bundle, cell.points)));
        }
        let mut questions = Vec::with_capacity(64);
        let single = |asks: Asks| asks != Asks::Material;
        let order = (0..self.columns.len())
            .filter(|&column| single(self.columns[column].0))
            .chain((0..self.columns.len()).filter(|&column| !single(self.columns[column].0)));
        for column in order {
            chance.shuffle(&mut sections[column]);
            for &(bundle, points) in &sections[column] {
                let facts = &self.pool.bundles[bundle as usize];
                for (&fact, points) in facts.iter().zip(split(points, facts.len())) {
                    let fact = &self.pool.facts[fact as usize];
                    let scoring = scoring_for(self.columns[column].1, fact.kind);
                    questions.push(ask(
                        fact,
                        questions.len() as u32 + 1,
                        points,
                        scoring,
                        chance,
                    ));
                }
            }
        }
        Paper {
            blueprint: self.blueprint.clone(),
            assembly_version: ASSEMBLY_VERSION,
            total: self.total,
            questions,
        }
    }
}

impl Tally {
    /// Counts a drawn paper in, so that the next one prefers other questions.
    pub(in crate::paper) fn count(&mut self, picks: &[Vec<u32>]) {
        for &bundle in picks.iter().flatten() {
            let rank = &mut self.ranks[bundle as usize];
            *rank = (*rank & SEEN) | ((*rank & !SEEN) + 1).min(SEEN - 1);
        }
    }
}

/// Moves the `wanted` lowest-ranked of `spare` to `picked`; those at the edge, equal in rank, are drawn by lot.
fn least_used(
    spare: &mut [u32],
    wanted: usize,
    tally: &Tally,
    chance: &mut Chance,
    picked: &mut Vec<u32>,
) {
    let rank = |bundle: &u32| tally.ranks[*bundle as usize];
    if wanted == 0 {
        return;
    }
    let first = rank(&spare[0]);
    let all_equal = spare.iter().all(|bundle| rank(bundle) == first);
    if all_equal {
        chance.draw(spare, wanted);
        picked.extend_from_slice(&spare[..wanted]);
        return;
    }
    // By rank, then index: a total order, so the outcome does not hang on how the sort works.
    spare.sort_unstable_by_key(|bundle| (rank(bundle), *bundle));
    let edge = rank(&spare[wanted - 1]);
    let below = spare.partition_point(|bundle| rank(bundle) < edge);
    let level = spare.partition_point(|bundle| rank(bundle) <= edge);
    chance.draw(&mut spare[below..level], wanted - below);
    picked.extend_from_slice(&spare[..wanted]);
}

/// The profiles that take turns, all of one weight, or what the target difficulty lacks.
fn profiles(
    pool: &Pool,
    blueprint: &Blueprint,
    total: Points,
) -> Result<Vec<Profile>, Vec<Shortage>> {
    let aim = profile::Aim {
        target: blueprint.difficulty * total.0 as f64,
        tolerance: blueprint.tolerance * total.0 as f64,
    };
    let base = profile::search(&pool.cells, aim);
    let weight = base.weight(&pool.cells) as f64;
    let tilt = profile::tilt(&pool.cells, weight);
    let slack = (aim.tolerance * SLACK) as i64;
    let profiles = rotation::rotate(&pool.cells, base, tilt, slack);
    let off = |profile: &Profile| {
        let weight = profile.weight(&pool.cells) as f64;
        (weight - aim.target).abs() + profile.spread(&pool.cells) as f64
    };
    if profiles
        .iter()
        .any(|profile| off(profile) > aim.tolerance + 1e-6)
    {
        return Err(vec![Shortage::Equivalence {
            target: blueprint.difficulty,
            tolerance: blueprint.tolerance,
            nearest: weight / total.0 as f64,
        }]);
    }
    Ok(profiles)
}

fn short_cells(pool: &Pool) -> Vec<Shortage> {
    pool.cells
        .iter()
        .filter(|cell| cell.available() < cell.wanted)
        .map(|cell| Shortage::Cell {
            row: cell.row.clone(),
            asks: cell.asks,
            wanted: cell.wanted,
            available: cell.available(),
        })
        .collect()
}

/// A column's rule where it speaks of this kind, else the kind's own default: a 材料 column holds several kinds.
fn scoring_for(column: Scoring, kind: Kind) -> Scoring {
    let speaks = match column {
        Scoring::AllOrNothing => matches!(kind, Kind::Single | Kind::Multiple | Kind::Judgement),
        Scoring::PartialProportional
        | Scoring::PartialHalf
        | Scoring::PartialEach(_)
        | Scoring::PartialFixed(_) => kind == Kind::Multiple,
        Scoring::WrongDeducts(_) => kind == Kind::Judgement,
        Scoring::PerBlank | Scoring::AllBlanks => kind == Kind::Blanks,
        Scoring::PerElement => kind == Kind::Recall,
    };
    if speaks {
        column
    } else {
        Scoring::default_of(Asks::Kind(kind))
    }
}

fn ask(
    fact: &Fact,
    number: u32,
    points: Points,
    scoring: Scoring,
    chance: &mut Chance,
) -> PaperQuestion {
    let mut order: Vec<usize> = (0..fact.choices).collect();
    if fact.shuffled {
        chance.shuffle(&mut order);
    }
    PaperQuestion {
        number,
        id: fact.id.clone(),
        revision: fact.revision.clone(),
        points,
        scoring,
        order,
    }
}
