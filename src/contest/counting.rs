//! Which of a person's attempts counts: the best, the last, the first, or the mean of all.

use serde::{Deserialize, Serialize};

use crate::{bank::points::Points, grading::rulings::Ruled};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    #[default]
    Best,
    Last,
    First,
    /// Points and time used are means, rounded down; the total must be the same in all attempts.
    Mean,
}

impl Counts {
    /// As forms and flags say it.
    pub fn parse(text: &str) -> Option<Counts> {
        match text {
            "best" => Some(Counts::Best),
            "last" => Some(Counts::Last),
            "first" => Some(Counts::First),
            "mean" => Some(Counts::Mean),
            _ => None,
        }
    }
}

/// One graded attempt of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptResult {
    /// From 1, in the order the attempts were begun.
    pub number: u32,
    pub points: Points,
    /// The paper's full points.
    pub total: Points,
    pub time_used_ms: i64,
    pub finished_at_ms: i64,
    pub ruled: Ruled,
}

/// What counts of these attempts; none without any. Best: most points, then least time, then the earlier one.
pub fn counted(attempts: &[AttemptResult], counts: Counts) -> Option<AttemptResult> {
    match counts {
        Counts::Best => attempts
            .iter()
            .min_by_key(|each| (-each.points.0, each.time_used_ms, each.number))
            .cloned(),
        Counts::Last => attempts.iter().max_by_key(|each| each.number).cloned(),
        Counts::First => attempts.iter().min_by_key(|each| each.number).cloned(),
        Counts::Mean => mean(attempts),
    }
}

fn mean(attempts: &[AttemptResult]) -> Option<AttemptResult> {
    let last = attempts.iter().max_by_key(|each| each.number)?;
    let many = attempts.len() as i64;
    let points: Points = attempts.iter().map(|each| each.points).sum();
    let time: i64 = attempts.iter().map(|each| each.time_used_ms).sum();
    let ruled = attempts.iter().map(|each| each.ruled);
    Some(AttemptResult {
        points: Points(points.0.div_euclid(many)),
        time_used_ms: time.div_euclid(many),
        ruled: ruled.fold(Ruled::default(), |all, each| all + each),
        ..last.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(number: u32, points: i64, time_used_ms: i64) -> AttemptResult {
        AttemptResult {
            number,
            points: Points(points),
            total: Points::whole(100),
            time_used_ms,
            finished_at_ms: i64::from(number) * 1_000,
            ruled: Ruled {
                counted: number,
                left_out: 0,
            },
        }
    }

    #[test]
    fn each_preset_takes_its_own() {
        let attempts = [
            attempt(2, 8_000, 50),
            attempt(1, 6_000, 10),
            attempt(3, 7_001, 30),
        ];
        let points = |counts| counted(&attempts, counts).expect("there are three").points;
        assert_eq!(points(Counts::Best), Points(8_000));
        assert_eq!(points(Counts::First), Points(6_000));
        assert_eq!(points(Counts::Last), Points(7_001));
        // 21001 ÷ 3 = 7000.33…
        assert_eq!(points(Counts::Mean), Points(7_000));
        assert_eq!(counted(&[], Counts::Best), None);
        // Rulings come with the attempts that count.
        let ruled = |counts| counted(&attempts, counts).expect("there are three").ruled;
        assert_eq!(ruled(Counts::Best).counted, 2);
        assert_eq!(ruled(Counts::Mean).counted, 6);
    }

    #[test]
    fn of_equally_good_attempts_the_quicker_then_the_earlier_counts() {
        let attempts = [
            attempt(1, 9_000, 50),
            attempt(2, 9_000, 40),
            attempt(3, 9_000, 40),
        ];
        assert_eq!(counted(&attempts, Counts::Best).map(|a| a.number), Some(2));
    }
}
