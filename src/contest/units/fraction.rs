//! Exact fractions, compared without rounding and without overflow.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// numerator ÷ denominator in lowest terms, the denominator above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    pub numerator: i128,
    pub denominator: i128,
}

impl Fraction {
    pub fn new(numerator: i128, denominator: i128) -> Fraction {
        let divisor = common_divisor(numerator, denominator).max(1);
        Fraction {
            numerator: numerator / divisor,
            denominator: (denominator / divisor).max(1),
        }
    }

    /// By cross-multiplication; where that would overflow, by the whole parts and then the reciprocals of the rest.
    pub fn compare(self, other: Fraction) -> Ordering {
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        if let (Some(left), Some(right)) = (left, right) {
            return left.cmp(&right);
        }
        let whole = |f: Fraction| f.numerator.div_euclid(f.denominator);
        whole(self).cmp(&whole(other)).then_with(|| {
            let (mine, theirs) = (self.rest(), other.rest());
            match (mine.numerator, theirs.numerator) {
                (0, 0) => Ordering::Equal,
                (0, _) => Ordering::Less,
                (_, 0) => Ordering::Greater,
                _ => theirs.flipped().compare(mine.flipped()),
            }
        })
    }

    pub fn minus(self, other: Fraction) -> Fraction {
        let common = common_multiple(&[self.denominator, other.denominator]);
        Fraction::new(
            self.numerator * (common / self.denominator)
                - other.numerator * (common / other.denominator),
            common,
        )
    }

    /// For people: times `factor`, rounded half up to two decimals, without trailing zeros.
    pub fn decimal(self, factor: i128) -> String {
        let scaled = self.numerator * factor * 200 + self.denominator;
        let hundredths = scaled.div_euclid(self.denominator * 2);
        crate::bank::points::Points(hundredths as i64).to_string()
    }

    fn rest(self) -> Fraction {
        Fraction {
            numerator: self.numerator.rem_euclid(self.denominator),
            denominator: self.denominator,
        }
    }

    fn flipped(self) -> Fraction {
        Fraction {
            numerator: self.denominator,
            denominator: self.numerator,
        }
    }
}

/// Sums and differences of fractions stay exact up to this denominator. Totals of papers are few and round, so real boards
/// stay far below it; beyond it a number is left out, and terms of that total are rounded down to this grain.
const LARGEST: i128 = 10_i128.pow(24);

/// The least common multiple.
pub(super) fn common_multiple(numbers: &[i128]) -> i128 {
    numbers.iter().fold(1, |multiple, number| {
        let rest = number / common_divisor(multiple, *number).max(1);
        multiple
            .checked_mul(rest.max(1))
            .filter(|grown| *grown <= LARGEST)
            .unwrap_or(multiple)
    })
}

fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
