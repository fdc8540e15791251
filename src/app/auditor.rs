//! The auditor: checks an exported round as a stranger can, with the file alone. Draws every paper again, grades every
//! answer again, ranks everybody again, and says where the file disagrees.

mod attempts;
mod grades;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use crate::{
    app::auditor::attempts::Desk,
    clock::{hex, rfc3339},
    contest::{
        board::{self, Board},
        round::Rules,
    },
    exchange::round_file::{People, RoundFile},
    paper::{
        assemble::ASSEMBLY_VERSION,
        seal::{Secret, published_hash},
    },
    store::banks,
};

/// One line of the table: what was checked, how often, and how often it was off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub checked: usize,
    pub off: usize,
    /// How often it differs in a way that another version of the grading may explain.
    pub unsettled: usize,
    /// Why some or all of it could not be checked.
    pub unchecked: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Audit {
    pub checks: Vec<Check>,
    /// Each in Chinese, with whose and where.
    pub deviations: Vec<String>,
    /// Grades that come out otherwise, and came from another version of the grading than this program's: no proof that
    /// anything is false.
    pub unsettled: Vec<String>,
    /// The versions of the grading that the file's outcomes came from.
    pub grading_versions: BTreeSet<u32>,
}

/// What an audit comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything that can be checked agrees.
    Holds,
    /// What differs may come from another version of the grading; that version can tell.
    Unsettled,
    /// The file disagrees with itself.
    Disagrees,
}

impl Audit {
    pub fn verdict(&self) -> Verdict {
        match (self.deviations.is_empty(), self.unsettled.is_empty()) {
            (false, _) => Verdict::Disagrees,
            (true, false) => Verdict::Unsettled,
            (true, true) => Verdict::Holds,
        }
    }

    pub fn holds(&self) -> bool {
        self.verdict() == Verdict::Holds
    }
}

/// What one kind of check found.
#[derive(Debug)]
pub(in crate::app) struct Findings {
    check: Check,
    deviations: Vec<String>,
    unsettled: Vec<String>,
}

impl Findings {
    fn new(name: &'static str) -> Findings {
        Findings {
            check: Check {
                name,
                ..Check::default()
            },
            deviations: vec![],
            unsettled: vec![],
        }
    }

    /// Counts one thing checked, and what is off about it.
    fn expect(&mut self, holds: Holds, deviation: impl FnOnce() -> String) {
        self.check.checked += 1;
        if holds == Holds::No {
            self.check.off += 1;
            self.deviations.push(deviation());
        }
    }

    /// Of one thing checked already: it differs, and another version of the grading may be why.
    fn leave_open(&mut self, difference: String) {
        self.check.unsettled += 1;
        self.unsettled.push(difference);
    }

    fn leave(&mut self, why: &'static str) {
        self.check.unchecked = Some(why);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Yes,
    No,
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Holds {
        if holds { Holds::Yes } else { Holds::No }
    }
}

/// Checks everything that can be checked without a database. Never fails: what is off is data.
pub fn verify(file: &RoundFile) -> Audit {
    let secret = file.seal.secret.as_deref().and_then(Secret::from_hex);
    let desk = Desk::new(file, secret.clone());
    let mut findings = vec![
        check_secret(file, secret.as_ref()),
        check_proof(file),
        check_bank(file),
        check_entrants(file),
    ];
    findings.extend(desk.check());
    let board = board_from(file, &desk);
    findings.push(check_board(file, &board));
    let outcomes = file
        .attempts
        .iter()
        .filter_map(|each| each.outcome.as_ref());
    let mut audit = Audit {
        checks: vec![],
        deviations: vec![],
        unsettled: vec![],
        grading_versions: outcomes.map(|outcome| outcome.grading_version).collect(),
    };
    for found in findings {
        audit.checks.push(found.check);
        audit.deviations.extend(found.deviations);
        audit.unsettled.extend(found.unsettled);
    }
    audit
}

/// The board as it comes out of the file's own answers.
pub fn board_again(file: &RoundFile) -> Board {
    board_from(file, &Desk::new(file, None))
}

fn board_from(file: &RoundFile, desk: &Desk<'_>) -> Board {
    let rows = board::rows(
        file.entrants.iter(),
        &file.round.rules,
        &file.bank.blueprints,
        &desk.graded(),
    );
    board::board(&rows, &file.round.rules)
}

fn check_secret(file: &RoundFile, secret: Option<&Secret>) -> Findings {
    let mut found = Findings::new("密钥与封卷时公布的指纹");
    match (&file.seal.secret, secret) {
        (None, _) => found.leave("密钥还没有公布"),
        (Some(_), None) => found.expect(Holds::No, || "密钥不是 64 位十六进制数".into()),
        (Some(_), Some(secret)) => {
            let hash = published_hash(secret);
            found.expect((hash == file.seal.secret_hash).into(), || {
                format!(
                    "密钥的指纹是 {hash}，不是封卷时公布的 {}",
                    file.seal.secret_hash
                )
            });
        }
    }
    found
}

/// What was written down at sealing against what the file says now.
fn check_proof(file: &RoundFile) -> Findings {
    let mut found = Findings::new("封卷证明与文件一致");
    let (proof, round) = (&file.seal.proof, &file.round);
    let sealed = file.entrants.iter().filter(|entrant| !entrant.late).count();
    let facts: [(&str, &str, Value); 8] = [
        ("round", "场次编号", round.id.clone().into()),
        ("name", "场次名称", round.name.clone().into()),
        ("opens", "开始时间", rfc3339(round.opens_at_ms).into()),
        ("limit_seconds", "作答时长", (round.limit_ms / 1000).into()),
        ("publication", "题库", file.seal.publication.clone().into()),
        ("entrants", "参赛人数", sealed.into()),
        ("assembly_version", "组卷算法版本", ASSEMBLY_VERSION.into()),
        (
            "secret_hash",
            "密钥指纹",
            file.seal.secret_hash.clone().into(),
        ),
    ];
    for (key, label, now) in facts {
        found.expect((proof[key] == now).into(), || {
            format!("{label}：封卷时是 {}，文件里是 {now}", proof[key])
        });
    }
    let rules = serde_json::from_value::<Rules>(proof["rules"].clone());
    let same = rules.is_ok_and(|rules| rules == round.rules);
    found.expect(same.into(), || "比赛规则和封卷时的不一样".into());
    found
}

fn check_bank(file: &RoundFile) -> Findings {
    let mut found = Findings::new("题库就是封卷时冻结的那一版");
    let bank = file.bank.to_bank();
    let publication = banks::publication_id(&bank);
    found.expect((publication == file.seal.publication).into(), || {
        format!(
            "文件里的题库算出来是 {publication}，封卷时冻结的是 {}",
            file.seal.publication
        )
    });
    let revision = bank.revision().0;
    let sealed = &file.seal.proof["bank_revision"];
    found.expect((*sealed == revision.as_str()).into(), || {
        format!("题库版本算出来是 {revision}，封卷证明上是 {sealed}")
    });
    found
}

fn check_entrants(file: &RoundFile) -> Findings {
    let mut found = Findings::new("参赛人和作答次数");
    let mut known = HashSet::new();
    for entrant in &file.entrants {
        let fresh = known.insert(entrant.person_id.as_str());
        found.expect(fresh.into(), || format!("参赛人 {} 列了两次", entrant.name));
    }
    let mut taken: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for attempt in &file.attempts {
        let entered = known.contains(attempt.person.as_str());
        found.expect(entered.into(), || {
            format!("作答 {} 的人不在参赛名单里", attempt.id)
        });
        taken
            .entry(&attempt.person)
            .or_default()
            .push(attempt.number);
        // A void one takes no chance away.
        *counted.entry(&attempt.person).or_default() += usize::from(attempt.state != "void");
    }
    for (person, mut numbers) in taken {
        numbers.sort_unstable();
        let wanted: Vec<u32> = (1..=numbers.len() as u32).collect();
        let allowed = counted[person] <= file.round.rules.attempts as usize;
        found.expect((numbers == wanted && allowed).into(), || {
            format!(
                "参赛人 {person} 的作答次数不对：第 {numbers:?} 次，规则是最多 {} 次",
                file.round.rules.attempts
            )
        });
    }
    found
}

fn check_board(file: &RoundFile, board: &Board) -> Findings {
    let mut found = Findings::new("成绩榜重算");
    let filed: HashMap<&str, _> = file
        .board
        .people
        .values()
        .flatten()
        .map(|standing| (standing.row.person.as_str(), standing))
        .collect();
    for standing in board.people.values().flatten() {
        let there = filed.get(standing.row.person.as_str());
        found.expect((there == Some(&standing)).into(), || {
            let place = |rank: Option<u32>| {
                rank.map_or("没有名次".into(), |rank| format!("第 {rank} 名"))
            };
            let there = there.map_or("没有这一行".into(), |there| place(there.rank));
            format!(
                "{}：榜上{there}，算出来{}",
                standing.row.name,
                place(standing.rank)
            )
        });
    }
    for unit in &board.units {
        let there = file
            .board
            .units
            .iter()
            .find(|there| there.unit == unit.unit);
        found.expect((there == Some(unit)).into(), || {
            format!(
                "单位 {}：榜上和算出来的不一样（算出来 {}）",
                unit.unit, unit.shown
            )
        });
    }
    // Also what the rows alone do not show: their order, and rows too many.
    found.expect((file.board == *board).into(), || {
        "成绩榜和重算的不一样".into()
    });
    found
}

/// How an attempt is called in a deviation.
fn called(file: &RoundFile, person: &str, number: u32) -> String {
    let entrant = file.entrants.iter().find(|each| each.person_id == person);
    match entrant {
        Some(entrant) if file.people == People::Named => {
            format!("{}（{}）第 {number} 次", entrant.name, entrant.unit_name)
        }
        Some(entrant) => format!("{} 第 {number} 次", entrant.name),
        None => format!("{person} 第 {number} 次"),
    }
}

/// 64 hex digits → bytes.
fn seed_bytes(text: &str) -> Option<[u8; 32]> {
    Secret::from_hex(text).map(|Secret(bytes)| bytes)
}

fn seed_text(seed: &[u8; 32]) -> String {
    hex(seed)
}
